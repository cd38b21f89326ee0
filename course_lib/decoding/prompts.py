"""Lo que se le puede dar a `generate`: uno o muchos textos, ids o embeddings, revisados antes de leerlos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..models import LanguageModel

__all__ = ["is_many", "prompt_tensor", "room_for"]


def is_many(prompt: Any) -> bool:
    """Dice si `prompt` son varios: una lista de textos, de listas de ids o de tensores, o un tensor con lote.

    >>> is_many("Hola"), is_many([5, 6]), is_many(["Hola"]), is_many([[5, 6], [7]])
    (False, False, True, True)
    """
    if hasattr(prompt, "ndim"):
        return int(prompt.ndim) > (2 if _is_real(prompt) else 1)
    if isinstance(prompt, str) or not isinstance(prompt, Sequence):
        return False
    return any(isinstance(p, str | Sequence) or getattr(p, "ndim", 0) > 0 for p in prompt)


def prompt_tensor(lm: LanguageModel, prompt: Any) -> Tensor:
    """Devuelve un solo prompt como ids (1, P) enteros o como embeddings (1, T, D).

    Raises:
        TypeError: no es un texto, ids ni embeddings.
        ValueError: está vacío o tiene ids fuera del vocabulario.
    """
    if isinstance(prompt, str):
        return _ids(lm, lm.encode(prompt))
    if hasattr(prompt, "ndim") and not torch.is_tensor(prompt):
        prompt = torch.as_tensor(prompt)  # un arreglo de NumPy
    if torch.is_tensor(prompt) and prompt.is_floating_point():
        return _embeddings(lm, prompt)
    return _ids(lm, prompt)


def _ids(lm: LanguageModel, prompt: Any) -> Tensor:
    values = prompt.tolist() if torch.is_tensor(prompt) else prompt
    if not isinstance(values, Sequence) or not all(_is_id(value) for value in values):
        raise TypeError(
            f"El prompt debe ser un texto, una lista de ids enteros o un tensor de embeddings (T, D); llegó "
            f"{_brief(prompt)}."
        )
    ids = torch.tensor([int(value) for value in values], dtype=torch.long, device=lm.device)
    if len(ids) == 0:
        raise ValueError(
            "El prompt está vacío: el modelo necesita al menos un token para predecir el siguiente. "
            "Pasa un texto o, para empezar de cero, [lm.start_token_id]."
        )
    if ids.min() < 0 or ids.max() >= lm.vocab_size:
        raise ValueError(
            f"El prompt tiene ids fuera del vocabulario (0 a {lm.vocab_size - 1}): ¿vienen de otro tokenizer?"
        )
    return ids[None]


def _embeddings(lm: LanguageModel, prompt: Tensor) -> Tensor:
    if prompt.ndim != 2 or prompt.shape[1] != lm.hidden_size or not prompt.isfinite().all():
        raise ValueError(
            f"Llegó un tensor de números reales de forma {tuple(prompt.shape)}. Si son embeddings, deben ser "
            f"(T, {lm.hidden_size}) y finitos; si son ids, conviértelos a enteros: ids.long()."
        )
    return prompt[None]


def room_for(lm: LanguageModel, length: int, max_new_tokens: int) -> None:
    """Comprueba que el prompt y lo nuevo caben en el contexto del modelo; si no, `ValueError`."""
    if lm.max_length is not None and length + max_new_tokens > lm.max_length:
        raise ValueError(
            f"El prompt tiene {length} tokens y pides {max_new_tokens} más, pero el modelo lee a lo sumo "
            f"{lm.max_length}. Acorta el prompt o pide como máximo {max(0, lm.max_length - length)}."
        )


def _is_id(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _is_real(array: Any) -> bool:
    return bool(torch.as_tensor(array).is_floating_point())


def _brief(value: Any) -> str:
    kind = type(value).__name__
    if isinstance(value, Sequence) and len(value) > 0:
        wrong = next(v for v in value if not _is_id(v))
        return f"{kind} con un elemento {type(wrong).__name__}"
    return kind
