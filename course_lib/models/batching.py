"""Qué se puede leer junto: textos de largo parecido, tantos como quepan en la memoria."""

from __future__ import annotations

from collections.abc import Sequence

from .language_model import LanguageModel

__all__ = ["ALIKE", "MEMORY", "batches", "common_prefix"]

MEMORY = 1 << 31  # bytes que puede ocupar un lote, además de los pesos
ALIKE = 0.75  # lo más corto de un lote, respecto de lo más largo: lo que falta se calcula en vano
_SHARED = 8  # desde cuántos tokens conviene leer aparte el principio que comparten los textos
_LOGITS_COPIES = 4  # los logits en float32, sus log-probabilidades y lo que usan los filtros


def batches(
    lm: LanguageModel,
    lengths: Sequence[int],
    *,
    rows: int = 1,
    new: int = 0,
    alike: float = ALIKE,
) -> list[list[int]]:
    """Devuelve los índices de `lengths` en lotes que caben en la memoria, del más largo al más corto.

    Cada texto ocupa `rows` filas (sus haces o sus muestras) y crece `new` tokens. Se cuentan las claves,
    los valores, las activaciones y los logits. El más corto de un lote mide al menos `alike` veces el más
    largo; si el modelo no sabe leer juntos largos distintos, todos miden lo mismo.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    room = _room()
    groups: list[list[int]] = []
    for i in order:
        group = groups[-1] if groups else []
        longest = lengths[group[0]] if group else 0
        per_text = rows * (
            lm.bytes_per_token * (longest + new) + 4 * lm.vocab_size * _LOGITS_COPIES
        )
        fits = (len(group) + 1) * per_text <= room
        close = lengths[i] >= longest * (alike if lm.mixes_lengths else 1)
        if group and fits and close:
            group.append(i)
        else:
            groups.append([i])
    return groups


def common_prefix(texts: Sequence[tuple[int, ...]]) -> int:
    """Devuelve cuántos tokens del principio comparten todos y conviene leer una vez; 0 si son pocos.

    Siempre deja al menos un token propio a cada texto. Un solo texto no comparte nada.

    >>> common_prefix([(*range(12), 5), (*range(12), 7, 8)]), common_prefix([(1, 2), (1, 3)])
    (12, 0)
    """
    if len(texts) < 2:
        return 0
    low, high = min(texts), max(texts)  # en orden lexicográfico, los extremos bastan
    shortest = min(map(len, texts)) - 1
    n = next((i for i in range(shortest) if low[i] != high[i]), shortest)
    return n if n > _SHARED else 0


def _room() -> int:
    import psutil

    return min(MEMORY, psutil.virtual_memory().available // 2)
