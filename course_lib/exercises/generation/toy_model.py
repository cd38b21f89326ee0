"""Modelos de juguete: miran todo el contexto y responden al instante."""

from __future__ import annotations

from collections.abc import Iterable

import torch

__all__ = ["ToyModel"]


class ToyModel:
    """Función de ids a un vector (V,), distinta para cada contexto y siempre la misma.

    Cambiar, agregar o quitar un token del contexto cambia la respuesta.
    """

    def __init__(self, table: torch.Tensor):
        self.table = table  # (S, V): una fila por cada clase de contexto

    @property
    def vocab_size(self) -> int:
        """Cuántos tokens conoce."""
        return self.table.shape[1]

    def __call__(self, input_ids: Iterable[int]) -> torch.Tensor:
        """Vector (V,) para el token que sigue a `input_ids`, una lista de enteros."""
        ids = [int(token) for token in input_ids]
        if not ids:
            raise ValueError(
                "El modelo recibió una lista vacía: pásale todos los tokens anteriores."
            )
        if not all(0 <= token < self.vocab_size for token in ids):
            raise ValueError(f"El modelo solo conoce los tokens 0 a {self.vocab_size - 1}.")
        key = 0
        for token in ids:
            key = (key * 31 + token + 1) % 1009
        return self.table[key % len(self.table)].clone()

    def __repr__(self) -> str:
        return f"modelo de juguete de {self.vocab_size} tokens"

    @classmethod
    def random(
        cls, generator: torch.Generator, vocab_size: int, contexts: int = 97, shift: float = 0.0
    ) -> ToyModel:
        """Modelo con logits al azar en torno a `shift`, y `contexts` clases de contexto."""
        return cls(2 * torch.randn(contexts, vocab_size, generator=generator) + shift)

    def log_probs(self) -> ToyModel:
        """El mismo modelo, normalizado: responde log-probabilidades."""
        return ToyModel(torch.log_softmax(self.table, dim=-1))
