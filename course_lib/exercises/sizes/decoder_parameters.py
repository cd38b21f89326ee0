"""Ejercicio: contar los parámetros de un decodificador."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def _count(
    V: int,
    D: int,
    L: int,
    F: int,
    H: int,
    G: int,
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
    width = G * (D // H) if groups_width is None else groups_width
    layer = square * D * D + key_value * D * width + matrices * D * F + norms * D
    return tables * V * D + L * layer + last_norm * D


def reference(
    vocab_size: int,
    hidden_size: int,
    num_layers: int,
    intermediate_size: int,
    num_heads: int,
    num_kv_heads: int,
) -> int:
    """V·D + L·(2·D² + 2·D·G·K + 3·D·F + 2·D) + D."""
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
    """La tabla de embeddings ya tiene V·D."""
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
    V, D, L, F, H, G = shape
    kv = D * G * (D // H)
    parts = {
        "la tabla de embeddings, V·D": V * D,
        "la norma final, D": D,
        "una norma por capa, L·D": L * D,
        "las dos normas de cada capa, 2·L·D": 2 * L * D,
        "una matriz D × D por capa": L * D * D,
        "las dos matrices D × D de cada capa": 2 * L * D * D,
        "una matriz D × GK por capa": L * kv,
        "las dos matrices D × GK de cada capa": 2 * L * kv,
        "una matriz D × F por capa": L * D * F,
        "dos matrices D × F por capa": 2 * L * D * F,
        "las tres matrices D × F de cada capa": 3 * L * D * F,
    }
    named = [name for name, size in parts.items() if size == abs(gap)]
    if len(named) != 1:
        return f"{verb} {abs(gap):g} parámetros."
    return f"{verb} {abs(gap):g} parámetros, justo lo que mide esto: {named[0]}."


MISCONCEPTIONS = (
    Misconception(
        "Contaste dos veces el vocabulario",
        "La salida reutiliza la tabla de embeddings: esa matriz de V·D se cuenta una sola vez.",
        lambda *shape: _count(*shape, tables=2),
    ),
    Misconception(
        "Olvidaste el vocabulario",
        "Falta la tabla de embeddings, V·D, que en un modelo pequeño puede ser la mayor parte.",
        lambda *shape: _count(*shape, tables=0),
    ),
    Misconception(
        "Como si cada cabeza tuviera sus claves",
        "Las matrices de claves y de valores son de D × G·K: con claves compartidas hay menos cabezas de "
        "clave (G) que de consulta (H).",
        lambda V, D, L, F, H, G: _count(V, D, L, F, H, H),
    ),
    Misconception(
        "Olvidaste el ancho de la cabeza",
        "Las matrices de claves y de valores son de D × G·K: cada una de las G cabezas mide K = D // H.",
        lambda V, D, L, F, H, G: _count(V, D, L, F, H, G, groups_width=G),
    ),
    Misconception(
        "Contaste una sola cabeza de clave",
        "Las matrices de claves y de valores son de D × G·K: hay G cabezas, cada una de ancho K.",
        lambda V, D, L, F, H, G: _count(V, D, L, F, H, G, groups_width=D // H),
    ),
    Misconception(
        "Dividiste el ancho por G",
        "El ancho de cada cabeza es K = D // H, con H las cabezas de consulta; las de clave miden igual.",
        lambda V, D, L, F, H, G: _count(V, D, L, F, H, G, groups_width=D // G),
    ),
    Misconception(
        "Contaste las claves y no los valores",
        "Cada capa tiene una matriz de D × G·K para las claves y otra para los valores.",
        lambda *shape: _count(*shape, key_value=1),
    ),
    Misconception(
        "Olvidaste las claves y los valores",
        "Cada capa tiene cuatro matrices de atención: consultas, claves, valores y salida.",
        lambda *shape: _count(*shape, key_value=0),
    ),
    Misconception(
        "Tres matrices en la atención",
        "Después de mezclar, las cabezas se juntan con otra matriz de D × D, la de salida.",
        lambda *shape: _count(*shape, square=1),
    ),
    Misconception(
        "Dos matrices en la red densa",
        "La red densa con compuerta (SwiGLU) tiene tres matrices de D × F: compuerta, subida y bajada.",
        lambda *shape: _count(*shape, matrices=2),
    ),
    Misconception(
        "Olvidaste las normas",
        "Cada norma tiene D ganancias: dos por capa y una final.",
        lambda *shape: _count(*shape, norms=0, last_norm=0),
    ),
    Misconception(
        "Olvidaste las normas de las capas",
        "Contaste la norma final, pero cada capa tiene otras dos, con D ganancias cada una.",
        lambda *shape: _count(*shape, norms=0),
    ),
    Misconception(
        "Olvidaste la norma final",
        "Después de la última capa queda una norma más, con D ganancias.",
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
        lambda V, D, L, F, H, G: _count(V, D, 1, F, H, G),
    ),
    Misconception(
        "Repetiste lo que está fuera de las capas",
        "La tabla de embeddings y la norma final están una sola vez: L multiplica solo lo de una capa.",
        lambda V, D, L, F, H, G: L * _count(V, D, 1, F, H, G),
    ),
    Misconception(
        "Supusiste F = 4·D",
        "El ancho interior llega en `intermediate_size`: no siempre es cuatro veces D.",
        lambda V, D, L, F, H, G: _count(V, D, L, 4 * D, H, G),
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
        "Con K = D // H: consultas y salida, D·D cada una; claves y valores, D·(G·K) cada una; red densa, "
        "3·D·F; dos normas, 2·D. Multiplica por L y suma V·D y la norma final, D.",
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
