"""Los tokens de una conversación y sus etiquetas: qué se aprende a escribir y qué solo se lee.

    input_ids   <bos> <start_of_turn> user ⏎ ... model ⏎ │ Hola <end_of_turn> │ ⏎
    labels       -100            -100 -100  ...  -100    │ Hola <end_of_turn> │ -100

La pérdida ignora -100. Cada modelo desplaza las etiquetas por su cuenta: aquí van alineadas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

__all__ = ["MASKED", "Encoded", "pad"]

MASKED = -100  # la etiqueta que la entropía cruzada de torch ignora


@dataclass(frozen=True)
class Encoded:
    """Los ids de una conversación y la etiqueta de cada uno: el propio id, o -100 si no se entrena."""

    input_ids: tuple[int, ...]
    labels: tuple[int, ...]


def pad(rows: Sequence[Encoded], tokenizer: Any) -> dict[str, Tensor]:
    """Devuelve `input_ids`, `attention_mask` y `labels`, (B, T), rellenados por la derecha.

    Las etiquetas del relleno son -100 por su lugar y no por su id: en muchos modelos el token de
    relleno es también el que cierra la respuesta.

    Raises:
        ValueError: el lote está vacío o no entrena ningún token, o una fila tiene dos BOS seguidos.
    """
    if all(label == MASKED for row in rows for label in row.labels):
        raise ValueError(
            f"En este lote no se entrena ningún token (conversaciones: {len(rows)}): todas las etiquetas son -100 y la "
            "pérdida sería 0 o nan. ¿Terminan en una respuesta? ¿Se cortó al limitar el largo?"
        )
    bos, filler = tokenizer.bos_token_id, tokenizer.pad_token_id
    for i, row in enumerate(rows):
        if bos is not None and (bos, bos) in zip(row.input_ids, row.input_ids[1:], strict=False):
            raise ValueError(
                f"La conversación {i} tiene dos BOS seguidos: la plantilla escribió uno y el tokenizer agregó "
                "otro. Tokeniza el texto de una plantilla con add_special_tokens=False, o usa su `encode`."
            )
    length = max(len(row.input_ids) for row in rows)

    def column(values: Sequence[tuple[int, ...]], fill: int) -> Tensor:
        return torch.tensor([[*v, *[fill] * (length - len(v))] for v in values])  # (B, T)

    return {
        "input_ids": column([r.input_ids for r in rows], filler or 0),  # lo que no se lee da igual
        "attention_mask": column([(1,) * len(r.input_ids) for r in rows], 0),
        "labels": column([r.labels for r in rows], MASKED),
    }
