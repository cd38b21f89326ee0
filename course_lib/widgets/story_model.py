"""El modelo del laboratorio de cuentos, leído del mismo archivo que lee el navegador."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from ..experiments.stories.export import read_export
from ..experiments.stories.model import as_language_model
from ..experiments.stories.shipped import WEB_MODEL
from ..experiments.stories.tokenizer import load_tokenizer
from ..transformer import TransformerLM

__all__ = ["WEB_MODEL", "file_data", "read_story_model"]

LARGEST = 2_000_000  # bytes: lo que una página puede pedir a un teléfono


def read_story_model(path: str | Path) -> TransformerLM:
    """Devuelve el modelo y el tokenizador de `path`, un archivo que escribió `export`, listos para escribir.

    Raises:
        FileNotFoundError: no está el archivo.
        ValueError: no es de ese formato.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"No está el modelo de los cuentos, {path.name}. Si lo entrenaste tú, escríbelo antes con "
            "course_lib.experiments.stories.export.export(lm, ruta)."
        )
    header, model = read_export(path)
    return as_language_model(model, load_tokenizer(_tokenizer(header["tokenizer"])))


def _tokenizer(header: dict[str, Any]) -> Tokenizer:
    tokens, bos = header["tokens"], header["bos"]
    vocab = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab, [tuple(pair) for pair in header["merges"]]))
    tokenizer.add_special_tokens([tokens[bos], tokens[header["eos"]]])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{tokens[bos]} $A", special_tokens=[(tokens[bos], bos)]
    )
    return tokenizer


def file_data(path: Path, lm: TransformerLM) -> dict[str, Any]:
    """Devuelve lo que el navegador debe saber del archivo antes de pedirlo.

    Raises:
        ValueError: pesa más de 2 MB, o el tokenizador no tiene un solo token que termine.
    """
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise ValueError(
            f"{path.name} pesa {len(content) / 1e6:.1f} MB y una página puede pedir {LARGEST / 1e6:.0f}: exporta con "
            "bits=8 o un modelo más chico."
        )
    (eos,) = lm.eos_token_ids
    return {
        "file": path.name,
        "bytes": len(content),
        "version": hashlib.sha256(content).hexdigest()[:12],
        "parameters": sum(p.numel() for p in lm.model.parameters()),
        "context": lm.max_length,
        "eos": eos,
    }
