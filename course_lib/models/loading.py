"""De un nombre a un modelo listo para usar."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from .adapters import ADAPTERS
from .catalogue import CATALOGUE, ENCODERS, ModelCard, card
from .fetch import FetchError, ensure, is_cached
from .hardware import check_memory, choose_device, choose_dtype
from .huggingface import HuggingFaceLM
from .language_model import LanguageModel
from .manifest import forget

__all__ = ["load"]

DEFAULT = "gemma-270m"
# transformers cambia ajustes de todo el proceso mientras carga: dos hilos a la vez los mezclarían
_ONE_AT_A_TIME = threading.Lock()
_NO_MEMORY = re.compile("out of memory|allocate memory|bad_alloc", re.IGNORECASE)


def load(name: str | None = None, device: str = "auto", dtype: str = "auto") -> LanguageModel:
    """Devuelve el modelo `name` listo para usar; si no está en la caché, lo trae primero.

    `name`: uno del catálogo (`gemma-270m` si se omite), uno ajustado aquí (`gemma-270m-instruct-es`) u
    «organización/nombre» del Hub.
    `device`: «auto» elige la GPU si la hay. `dtype`: «auto» es bfloat16 en GPU (float32 en la de un
    Mac); en CPU, float32 (bfloat16 si el modelo es demasiado grande para eso, según su ficha).
    Varios hilos pueden llamarla: cargan por turnos.

    Raises:
        ValueError: nombre, dispositivo o tipo numérico desconocidos.
        TypeError: `name` no es un texto.
        FetchError: el modelo no se pudo descargar, convertir o cargar.
        MemoryError: no hay memoria suficiente.
    """
    name = name or DEFAULT
    if not isinstance(name, str):
        raise TypeError(
            f"models.load espera el nombre de un modelo y recibió {type(name).__name__}. Para envolver "
            "un modelo ya cargado usa LanguageModel(model, tokenizer)."
        )
    if name in ENCODERS:
        raise ValueError(
            f"«{name}» no escribe texto: es un codificador de imágenes. Se carga con multimodal.load_encoder()."
        )
    adapter = ADAPTERS.get(name)
    source = adapter.base if adapter else name
    model = None if "/" in source else card(source)
    where = choose_device(device)
    kind = choose_dtype(dtype, where, model)
    with _ONE_AT_A_TIME, _clear_memory_errors(name):
        if model is not None:
            check_memory(model, kind, where)
        lm = _load_pretrained(ensure(source) if model else source, model, where, kind)
        return adapter.on(lm) if adapter else lm


def _load_pretrained(
    source: str | Path, model_card: ModelCard | None, where: torch.device, kind: torch.dtype
) -> HuggingFaceLM:
    if model_card is None:
        tokenizer, model = _read_from_hub(str(source), kind)
    else:
        tokenizer, model = _read_cached(model_card, Path(source), kind)
    return HuggingFaceLM(model.to(where), tokenizer, model_card)


def _read_from_hub(name: str, kind: torch.dtype) -> tuple[Any, Any]:
    try:
        return _read(name, kind)
    except OSError as error:
        raise FetchError(
            f"No se pudo cargar «{name}» del Hub: hace falta red, y que el modelo exista y sea público. "
            f"Sin red usa uno del catálogo: {', '.join(CATALOGUE)}."
        ) from error


def _read_cached(card: ModelCard, folder: Path, kind: torch.dtype) -> tuple[Any, Any]:
    try:
        return _read(folder, kind, local_files_only=True)
    except (
        Exception
    ) as error:  # cada biblioteca lanza los suyos: OSError, SafetensorError, ValueError…
        if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):
            raise
        forget()
        if not is_cached(card.name):  # se dañó después de comprobarla: se prepara otra
            return _read(ensure(card.name), kind, local_files_only=True)
        raise FetchError(
            f"La copia de {card.name} está entera, pero transformers no la pudo cargar. Actualiza "
            f"transformers o borra «{folder}» para prepararla otra vez. Mensaje de transformers: "
            f"{' '.join(str(error).split())[:200]}"
        ) from error


def _read(source: str | Path, kind: torch.dtype, **options: bool) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with _progress_bars(shown=not options):
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        model = AutoModelForCausalLM.from_pretrained(
            source, dtype=kind, use_safetensors=True, **options
        )
    return tokenizer, model


@contextmanager
def _clear_memory_errors(name: str) -> Iterator[None]:
    """Dice en español que faltó memoria, también cuando lo dice torch con otra clase de error."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, FetchError) or not _NO_MEMORY.search(str(error)):
            raise
        raise MemoryError(
            f"No alcanzó la memoria para cargar {name}. Cierra otros cuadernos o elige un modelo más "
            "pequeño."
        ) from error


@contextmanager
def _progress_bars(shown: bool) -> Iterator[None]:
    """Muestra las barras de transformers solo si algo se descarga; al salir, todo queda como estaba."""
    from transformers.utils import logging

    were_shown = logging.is_progress_bar_enabled()
    if not shown:
        logging.disable_progress_bar()
    try:
        yield
    finally:
        if were_shown:
            logging.enable_progress_bar()
