"""Convertir una sola vez lo descargado: un GGUF a safetensors y tokenizer; el .pth del codificador, a safetensors.

En float32 el resultado es la des-cuantización exacta, bit a bit, de los bloques del GGUF.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from .catalogue import ModelCard
from .child import run_module
from .disk import FetchError, no_space
from .encoder_weights import convert_encoder
from .memory import free_memory

__all__ = ["convert", "convert_here"]

_NO_MEMORY_WORDS = ("MemoryError", "bad_alloc", "allocate memory")


def convert(model: ModelCard, gguf: Path, target: Path, progress: bool) -> None:
    """Escribe en `target` el modelo convertido, en otro proceso que devuelve su memoria al terminar.

    Raises:
        MemoryError: no hay memoria libre suficiente, o el sistema detuvo la conversión.
        FetchError: el disco se llenó o transformers no pudo leer el archivo.
    """
    from tqdm.auto import tqdm

    _check_memory(model)
    with (
        tempfile.TemporaryDirectory(prefix=".gguf-", dir=target.parent) as alone,
        tqdm(
            desc=f"{model.name}: conversión, una sola vez",
            bar_format="{desc} ({elapsed})",
            leave=False,
            disable=not progress,
        ) as bar,
    ):
        _place(gguf, Path(alone, gguf.name))  # sin vecinos: no se lee la configuración de otro
        command = ["course_lib.models.convert", str(Path(alone, gguf.name)), str(target)]
        code, log = run_module(
            [*command, model.cache_dtype],
            Path(alone, "log.txt"),
            bar.refresh,
            {**os.environ, "HF_HUB_OFFLINE": "1"},
        )
    if code != 0:
        raise _explain(model, code, log)


def _place(gguf: Path, link: Path) -> None:
    try:
        link.symlink_to(gguf)
    except OSError:  # donde no hay enlaces simbólicos
        shutil.copyfile(gguf, link)


def _check_memory(model: ModelCard) -> None:
    needed, free = model.conversion_memory, free_memory()
    if free < needed:
        raise MemoryError(
            f"Convertir {model.name} ocupa unos {needed / 1e9:.1f} GB de memoria, una sola vez, y "
            f"quedan {free / 1e9:.1f} GB. Cierra otros cuadernos y vuelve a intentarlo."
        )


def _explain(model: ModelCard, code: int, log: str) -> Exception:
    if code in (-9, 137) or any(words in log for words in _NO_MEMORY_WORDS):
        return MemoryError(
            f"La conversión de {model.name} se detuvo, casi siempre por falta de memoria. Cierra "
            "otros cuadernos y vuelve a intentarlo: lo descargado se conserva."
        )
    tail = log.strip().splitlines()[-1] if log.strip() else "sin detalle"
    return FetchError(
        no_space(log)
        or f"No se pudo convertir {model.name}; lo descargado se conserva. Si se repite, actualiza "
        f"transformers y gguf. Último mensaje: {tail}"
    )


def convert_here(gguf: Path, target: Path, dtype: str) -> None:
    """Escribe en `target` los pesos de `gguf` en `dtype` y su tokenizer, en este proceso."""
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options = {"gguf_file": gguf.name, "dtype": getattr(torch, dtype)}
    if hasattr(transformers, "GgufConfig"):  # las versiones que dejarían los pesos empaquetados
        options["quantization_config"] = transformers.GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, **options)
    model = model.to(getattr(torch, dtype))
    for config in (model.config, getattr(model.config, "text_config", None)):
        if config is not None and hasattr(config, "quantization_config"):
            del config.quantization_config  # con ella, save_pretrained se niega a guardar
    model.hf_quantizer, model.is_quantized = None, False
    model.config._name_or_path = model.generation_config._from_model_config = ""
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


if __name__ == "__main__":
    source, folder, kind = sys.argv[1:]
    if source.endswith(".pth"):
        convert_encoder(Path(source), Path(folder))
    else:
        convert_here(Path(source), Path(folder), kind)
