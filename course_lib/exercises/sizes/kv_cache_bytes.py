"""Ejercicio: memoria de la caché de claves y valores."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


FACTORS = (
    "las claves y los valores (2)",
    "`num_layers`",
    "`num_kv_heads`",
    "`head_dim`",
    "`tokens`",
    "`batch`",
    "`bytes_per_number`",
)


def reference(
    num_layers: int,
    num_kv_heads: int,
    head_dim: int,
    tokens: int,
    batch: int,
    bytes_per_number: int,
) -> int:
    """2·L·h_kv·d_h·n, por los textos y por los bytes de cada número."""
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cases(generator: torch.Generator) -> list[tuple[int, ...]]:
    """Cachés minúsculas, al azar, y la de Llama 2 7B con su contexto lleno.

    En la primera todos los factores son distintos: el que falta o sobra se reconoce.
    """
    fixed: list[tuple[int, ...]] = [
        (3, 5, 7, 11, 13, 4),
        (2, 3, 5, 7, 2, 4),
        (3, 1, 4, 9, 1, 2),
        (1, 2, 3, 1, 5, 1),
        (32, 32, 128, 4096, 1, 2),
    ]
    random = []
    for bytes_per_number in (1, 2, 4):
        draw = torch.randint(2, 12, (5,), generator=generator).tolist()
        random.append((draw[0], draw[1], 4 * draw[2], 3 + draw[3], draw[4], bytes_per_number))
    return fixed + random


def every_factor_once(value: float, *shape: int) -> str | None:
    """Si falta o sobra justo un factor, y ningún otro vale lo mismo, dice cuál."""
    right = reference(*shape)
    if value == right:
        return None
    if value <= 0:
        return f"Salieron {value} bytes."
    sizes = dict(zip(FACTORS, (2, *shape), strict=True))
    missing = [name for name, size in sizes.items() if size > 1 and value * size == right]
    repeated = [name for name, size in sizes.items() if size > 1 and value == right * size]
    if len(missing) == 1:
        return f"Al resultado le falta un factor: {missing[0]}."
    if len(repeated) == 1:
        return f"Un factor entra dos veces: {repeated[0]}."
    return f"Salieron {value} bytes y la caché ocupa {right}: {value / right:.4g} veces lo debido."


MISCONCEPTIONS = (
    Misconception(
        "Guardaste solo las claves",
        "La caché guarda, por token, una clave *y* un valor: falta un factor 2.",
        lambda *shape: reference(*shape) // 2,
    ),
    Misconception(
        "Contaste una sola capa",
        "Cada capa tiene sus propias claves y valores: multiplica por `num_layers`.",
        lambda L, *rest: reference(1, *rest),
    ),
    Misconception(
        "Contaste un solo texto",
        "Cada texto del lote guarda su propia caché: multiplica por `batch`.",
        lambda L, h_kv, d_h, n, batch, size: reference(L, h_kv, d_h, n, 1, size),
    ),
    Misconception(
        "Contaste números y no bytes",
        "Falta multiplicar por los bytes que ocupa cada número.",
        lambda L, h_kv, d_h, n, batch, size: reference(L, h_kv, d_h, n, batch, 1),
    ),
    Misconception(
        "Creciste con el cuadrado",
        "La caché crece en proporción a los tokens. Lo que crece con su cuadrado son los puntajes de la "
        "atención, que no se guardan.",
        lambda L, h_kv, d_h, n, batch, size: reference(L, h_kv, d_h, n * n, batch, size),
    ),
    Misconception(
        "Contaste una sola cabeza",
        "Hay `num_kv_heads` cabezas de clave, cada una de ancho `head_dim`.",
        lambda L, h_kv, *rest: reference(L, 1, *rest),
    ),
    Misconception(
        "En bits",
        "Se piden bytes: `bytes_per_number` ya viene en bytes.",
        lambda *shape: 8 * reference(*shape),
    ),
    Misconception(
        "Olvidaste el ancho de la cabeza",
        "Cada clave es un vector de `head_dim` números.",
        lambda L, h_kv, d_h, *rest: reference(L, h_kv, 1, *rest),
    ),
    Misconception(
        "Contaste un solo token",
        "La caché guarda todos los tokens anteriores: multiplica por `tokens`.",
        lambda L, h_kv, d_h, n, *rest: reference(L, h_kv, d_h, 1, *rest),
    ),
    Misconception(
        "Supusiste 2 bytes por número",
        "Con 16 bits son 2 bytes, pero no siempre: lo que ocupa cada número llega en `bytes_per_number`.",
        lambda L, h_kv, d_h, n, batch, size: reference(L, h_kv, d_h, n, batch, 2),
    ),
    Misconception(
        "En GiB",
        "Se piden bytes, un entero: no dividas por 2**30.",
        lambda *shape: reference(*shape) / 2**30,
    ),
)

EXERCISE = Exercise(
    key="kv_cache_bytes",
    chapter="03_tamanos",
    title="La memoria de la caché",
    objective="Estimar cuánta memoria pide escribir textos largos, o muchos a la vez.",
    difficulty=1,
    minutes=10,
    section="¿Cuánta memoria ocupa?",
    hints=(
        "¿Qué se guarda de *un* token en *una* capa? ¿Cuántos números son?",
        "Una clave mide lo que una cabeza por el número de cabezas de clave, y el valor mide lo mismo. Con eso "
        "tienes los números de un token en una capa; ¿por qué otros cuatro argumentos hay que multiplicar?",
    ),
    cases=cases,
    reference=reference,
    idea="Claves y valores (2), por capas, cabezas de clave, ancho, tokens, textos y bytes por número.",
    properties=(
        Property(
            "Cada factor una vez",
            "De cada token se guardan una clave y un valor en cada cabeza de clave de cada capa, para "
            "cada texto.",
            every_factor_once,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
