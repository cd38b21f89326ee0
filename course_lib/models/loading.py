"""De un nombre a un modelo listo para usar."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from .catalogue import CATALOGUE, ModelCard, card
from .fetch import FetchError, ensure
from .hardware import check_memory, choose_device, choose_dtype
from .language_model import LanguageModel

__all__ = ["load"]

DEFAULT = "gemma-270m"


def load(name: str | None = None, device: str = "auto", dtype: str = "auto") -> LanguageModel:
    """Devuelve el modelo `name` listo para usar; si no está en la caché, lo trae primero.

    `name`: uno del catálogo (`gemma-270m` si se omite) o «organización/nombre» del Hub.
    `device`: «auto» elige la GPU si la hay. `dtype`: «auto» es bfloat16 en GPU; en CPU, float32
    (bfloat16 si el modelo es demasiado grande para eso, según su ficha).

    Raises:
        ValueError: nombre, dispositivo o tipo numérico desconocidos.
        TypeError: `name` no es un texto.
        FetchError: el modelo no se pudo descargar o convertir.
        MemoryError: no hay memoria suficiente.
    """
    name = name or DEFAULT
    if not isinstance(name, str):
        raise TypeError(
            f"models.load espera el nombre de un modelo y recibió {type(name).__name__}. Para envolver "
            "un modelo ya cargado usa LanguageModel(model, tokenizer)."
        )
    model = None if "/" in name else card(name)
    where = choose_device(device)
    kind = choose_dtype(dtype, where, model)
    if model is None:
        return _load_pretrained(name, None, where, kind)
    check_memory(model, kind, where)
    return _load_pretrained(ensure(name), model, where, kind)


def _load_pretrained(
    source: str | Path, model_card: ModelCard | None, where, kind
) -> LanguageModel:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    local = model_card is not None
    options = {"local_files_only": True} if local else {}
    try:
        with _progress_bars(shown=not local):
            tokenizer = AutoTokenizer.from_pretrained(source, **options)
            model = AutoModelForCausalLM.from_pretrained(
                source, dtype=kind, use_safetensors=True, **options
            )
    except OSError as error:
        if local:
            raise
        raise FetchError(
            f"No se pudo cargar «{source}» del Hub: hace falta red, y que el modelo exista y sea público. "
            f"Sin red usa uno del catálogo: {', '.join(CATALOGUE)}."
        ) from error
    return LanguageModel(model.to(where), tokenizer, model_card)


@contextmanager
def _progress_bars(shown: bool):
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
