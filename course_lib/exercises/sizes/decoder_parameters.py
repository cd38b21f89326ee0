"""Ejercicio: contar los parámetros de un decodificador."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def _count(
    V: int,
    d: int,
    L: int,
    F: int,
    h: int,
    h_kv: int,
    *,
    tables: int = 1,
    square: int = 2,
    key_value: int = 2,
    groups_width: int | None = None,
    matrices: int = 3,
    norms: int = 2,
    last_norm: int = 1,
) -> int:
    """Cuántos parámetros hay; cambiar un argumento con nombre es contar mal una parte."""
    width = h_kv * (d // h) if groups_width is None else groups_width
    layer = square * d * d + key_value * d * width + matrices * d * F + norms * d
    return tables * V * d + L * layer + last_norm * d


def reference(
    vocab_size: int,
    hidden_size: int,
    num_layers: int,
    intermediate_size: int,
    num_heads: int,
    num_kv_heads: int,
) -> int:
    """V·d + L·(2·D² + 2·d·h_kv·d_h + 3·d·F + 2·d) + d."""
    return _count(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads)


def cases(generator: torch.Generator) -> list[tuple[int, ...]]:
    """Modelos minúsculos, al azar y de verdad (SmolLM2 135M, Llama 3.1 405B), con claves compartidas o no.

    En el primero ninguna parte mide lo mismo que otra: lo que falta o sobra dice cuál es.
    """
    fixed: list[tuple[int, ...]] = [
        (101, 60, 2, 70, 12, 3),
        (10, 4, 1, 8, 2, 1),
        (10, 4, 2, 8, 2, 2),
        (9, 6, 3, 5, 1, 1),
        (49152, 576, 30, 1536, 9, 3),
        (128256, 16384, 126, 53248, 128, 8),
    ]
    random = []
    for num_heads, num_kv_heads in [(2, 1), (4, 2), (6, 2), (8, 8), (12, 3)]:
        draw = torch.randint(2, 20, (5,), generator=generator).tolist()
        width = (2 + draw[4]) * num_heads
        sizes = (10 * draw[0], width, 1 + draw[1], width + 1 + 2 * draw[2])
        random.append((*sizes, num_heads, num_kv_heads))
    return fixed + random


def at_least_the_table(value: float, vocab_size: int, hidden_size: int, *rest: int) -> str | None:
    """La tabla de embeddings ya tiene V·d."""
    table = vocab_size * hidden_size
    if value > table:
        return None
    return f"Salieron {value} y solo la tabla de embeddings tiene {table}."


def every_part_once(value: float, *shape: int) -> str | None:
    """Si falta o sobra justo lo que mide una parte, y ninguna otra mide eso, dice cuál."""
    gap = reference(*shape) - value
    if not gap:
        return None
    verb = "Faltan" if gap > 0 else "Sobran"
    V, d, L, F, h, h_kv = shape
    kv = d * h_kv * (d // h)
    parts = {
        "la tabla de embeddings, V·d": V * d,
        "la norma final, d": d,
        "una norma por capa, L·d": L * d,
        "las dos normas de cada capa, 2·L·d": 2 * L * d,
        "una matriz d × d por capa": L * d * d,
        "las dos matrices d × d de cada capa": 2 * L * d * d,
        "una matriz d × (h_kv·d_h) por capa": L * kv,
        "las dos matrices d × (h_kv·d_h) de cada capa": 2 * L * kv,
        "una matriz d × F por capa": L * d * F,
        "dos matrices d × F por capa": 2 * L * d * F,
        "las tres matrices d × F de cada capa": 3 * L * d * F,
    }
    named = [name for name, size in parts.items() if size == abs(gap)]
    if len(named) != 1:
        return f"{verb} {abs(gap):g} parámetros."
    return f"{verb} {abs(gap):g} parámetros, justo lo que mide esto: {named[0]}."


MISCONCEPTIONS = (
    Misconception(
        "Contaste dos veces el vocabulario",
        "La salida reutiliza la tabla de embeddings: esa matriz de V·d se cuenta una sola vez.",
        lambda *shape: _count(*shape, tables=2),
    ),
    Misconception(
        "Olvidaste el vocabulario",
        "Falta la tabla de embeddings, V·d, que en un modelo pequeño puede ser la mayor parte.",
        lambda *shape: _count(*shape, tables=0),
    ),
    Misconception(
        "Como si cada cabeza tuviera sus claves",
        "Las matrices de claves y de valores son de d × h_kv·d_h: con claves compartidas hay menos cabezas de "
        "clave (h_kv) que de consulta (h).",
        lambda V, d, L, F, h, h_kv: _count(V, d, L, F, h, h),
    ),
    Misconception(
        "Olvidaste el ancho de la cabeza",
        "Las matrices de claves y de valores son de d × h_kv·d_h: cada una de las h_kv cabezas mide d_h = d // h.",
        lambda V, d, L, F, h, h_kv: _count(V, d, L, F, h, h_kv, groups_width=h_kv),
    ),
    Misconception(
        "Contaste una sola cabeza de clave",
        "Las matrices de claves y de valores son de d × h_kv·d_h: hay h_kv cabezas, cada una de ancho d_h.",
        lambda V, d, L, F, h, h_kv: _count(V, d, L, F, h, h_kv, groups_width=d // h),
    ),
    Misconception(
        "Dividiste el ancho por h_kv",
        "El ancho de cada cabeza es d_h = d // h, con h las cabezas de consulta; las de clave miden igual.",
        lambda V, d, L, F, h, h_kv: _count(V, d, L, F, h, h_kv, groups_width=d // h_kv),
    ),
    Misconception(
        "Contaste las claves y no los valores",
        "Cada capa tiene una matriz de d × h_kv·d_h para las claves y otra para los valores.",
        lambda *shape: _count(*shape, key_value=1),
    ),
    Misconception(
        "Olvidaste las claves y los valores",
        "Cada capa tiene cuatro matrices de atención: consultas, claves, valores y salida.",
        lambda *shape: _count(*shape, key_value=0),
    ),
    Misconception(
        "Tres matrices en la atención",
        "Después de mezclar, las cabezas se juntan con otra matriz de d × d, la de salida.",
        lambda *shape: _count(*shape, square=1),
    ),
    Misconception(
        "Dos matrices en la red densa",
        "La red densa con compuerta (SwiGLU) tiene tres matrices de d × F: compuerta, subida y bajada.",
        lambda *shape: _count(*shape, matrices=2),
    ),
    Misconception(
        "Olvidaste las normas",
        "Cada norma tiene d ganancias: dos por capa y una final.",
        lambda *shape: _count(*shape, norms=0, last_norm=0),
    ),
    Misconception(
        "Olvidaste las normas de las capas",
        "Contaste la norma final, pero cada capa tiene otras dos, con d ganancias cada una.",
        lambda *shape: _count(*shape, norms=0),
    ),
    Misconception(
        "Olvidaste la norma final",
        "Después de la última capa queda una norma más, con d ganancias.",
        lambda *shape: _count(*shape, last_norm=0),
    ),
    Misconception(
        "Contaste una norma por capa",
        "Cada capa tiene dos normas: una antes de la atención y otra antes de la red densa.",
        lambda *shape: _count(*shape, norms=1),
    ),
    Misconception(
        "Contaste una sola capa",
        "Las matrices y las normas de una capa se repiten en cada una de las L capas.",
        lambda V, d, L, F, h, h_kv: _count(V, d, 1, F, h, h_kv),
    ),
    Misconception(
        "Repetiste lo que está fuera de las capas",
        "La tabla de embeddings y la norma final están una sola vez: L multiplica solo lo de una capa.",
        lambda V, d, L, F, h, h_kv: L * _count(V, d, 1, F, h, h_kv),
    ),
    Misconception(
        "Supusiste F = 4·d",
        "El ancho interior llega en `intermediate_size`: no siempre es cuatro veces d.",
        lambda V, d, L, F, h, h_kv: _count(V, d, L, 4 * d, h, h_kv),
    ),
)

EXERCISE = Exercise(
    key="decoder_parameters",
    chapter="03_tamanos",
    title="Contar los parámetros",
    objective="Saber cuántos parámetros tiene un decodificador a partir de su arquitectura.",
    difficulty=2,
    minutes=20,
    section="¿Cuántos parámetros?",
    hints=(
        "Haz una lista de las matrices de una capa con sus filas y columnas. ¿Cuáles cambian de forma "
        "cuando las claves se comparten? ¿Qué hay fuera de las capas?",
        "Una capa tiene tres grupos: la atención (dos matrices cuadradas y dos más angostas), la red densa "
        "(tres matrices) y las normas (dos vectores). Escribe una línea por grupo, con `d_h = hidden_size // "
        "num_heads`; ¿qué de todo eso se repite L veces y qué está una sola vez?",
    ),
    cases=cases,
    reference=reference,
    idea="Tabla de embeddings, más L capas (cuatro matrices de atención, tres de la red densa, dos "
    "normas), más la norma final.",
    properties=(
        Property(
            "Hay más que la tabla de embeddings",
            "El vocabulario es solo una parte del modelo.",
            at_least_the_table,
        ),
        Property(
            "No falta ni sobra nada",
            "Haz la lista de las matrices de una capa con sus filas y columnas, multiplica por L y suma "
            "lo que está fuera de las capas.",
            every_part_once,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
