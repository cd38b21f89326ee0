"""Ejercicio: contar los parámetros de un decodificador."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _count(V, D, L, F, H, G, *, tables=1, matrices=3, norms=True, layers=True):
    key_value = G * D // H
    layer = 2 * D * D + 2 * D * key_value + matrices * D * F + 2 * D * norms
    return tables * V * D + (L if layers else 1) * layer + D * norms


def reference(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads):
    """V·D + L·(2·D² + 2·D·G·K + 3·D·F + 2·D) + D."""
    return _count(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads)


def cases(generator):
    """Modelos minúsculos, al azar y de verdad (SmolLM2 135M), con claves compartidas o no."""
    fixed = [
        (10, 4, 1, 8, 2, 1),
        (10, 4, 2, 8, 2, 2),
        (49152, 576, 30, 1536, 9, 3),
    ]
    random = []
    for num_heads, num_kv_heads in [(2, 1), (4, 2), (6, 2), (8, 8)]:
        draw = torch.randint(2, 20, (4,), generator=generator).tolist()
        width = 4 * num_heads
        sizes = (10 * draw[0], width, 1 + draw[1], width + 2 * draw[2])
        random.append((*sizes, num_heads, num_kv_heads))
    return fixed + random


def at_least_the_table(value, vocab_size, hidden_size, *rest):
    """La tabla de embeddings ya tiene V·D."""
    table = vocab_size * hidden_size
    if value > table:
        return None
    return f"Salieron {value} y solo la tabla de embeddings tiene {table}."


def _four_by_d(V, D, L, F, H, G):
    return _count(V, D, L, 4 * D, H, G)


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
        "Dos matrices en la red densa",
        "La red densa con compuerta (SwiGLU) tiene tres matrices de D × F: compuerta, subida y bajada.",
        lambda *shape: _count(*shape, matrices=2),
    ),
    Misconception(
        "Olvidaste las normas",
        "Cada norma tiene D ganancias: dos por capa y una final.",
        lambda *shape: _count(*shape, norms=False),
    ),
    Misconception(
        "Contaste una sola capa",
        "Las matrices y las normas de una capa se repiten en cada una de las L capas.",
        lambda *shape: _count(*shape, layers=False),
    ),
    Misconception(
        "Supusiste F = 4·D",
        "El ancho interior llega en `intermediate_size`: no siempre es cuatro veces D.",
        _four_by_d,
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
    ),
    misconceptions=MISCONCEPTIONS,
)
