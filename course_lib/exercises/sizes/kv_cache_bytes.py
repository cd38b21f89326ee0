"""Ejercicio: memoria de la caché de claves y valores."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    """2·L·G·K·T·B·b."""
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cases(generator):
    """Cachés minúsculas, al azar, y la de Llama 2 7B con su contexto lleno."""
    fixed = [(2, 3, 5, 7, 2, 4), (3, 1, 4, 9, 1, 2), (32, 32, 128, 4096, 1, 2)]
    random = []
    for bytes_per_number in (1, 2, 4):
        draw = torch.randint(2, 12, (5,), generator=generator).tolist()
        random.append((draw[0], draw[1], 4 * draw[2], 3 + draw[3], draw[4], bytes_per_number))
    return fixed + random


def grows_by_token(value, num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    """Cada token agrega lo mismo: el total es múltiplo del número de tokens y de textos."""
    if value > 0 and value % (tokens * batch) == 0:
        return None
    return f"{value} bytes no se reparten por igual entre {tokens} tokens de {batch} textos."


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
        lambda L, G, K, T, B, b: reference(L, G, K, T, 1, b),
    ),
    Misconception(
        "Contaste números y no bytes",
        "Falta multiplicar por los bytes que ocupa cada número.",
        lambda L, G, K, T, B, b: reference(L, G, K, T, B, 1),
    ),
    Misconception(
        "Creciste con el cuadrado",
        "La caché crece en proporción a los tokens. Lo que crece con su cuadrado son los puntajes de la "
        "atención, que no se guardan.",
        lambda L, G, K, T, B, b: reference(L, G, K, T * T, B, b),
    ),
    Misconception(
        "Contaste una sola cabeza",
        "Hay `num_kv_heads` cabezas de clave, cada una de ancho `head_dim`.",
        lambda L, G, *rest: reference(L, 1, *rest),
    ),
    Misconception(
        "En bits",
        "Se piden bytes: `bytes_per_number` ya viene en bytes.",
        lambda *shape: 8 * reference(*shape),
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
        "Por token y capa se guardan una clave y un valor de `num_kv_heads * head_dim` números cada uno. "
        "Multiplica por capas, tokens, textos y bytes por número.",
    ),
    cases=cases,
    reference=reference,
    idea="Claves y valores (2), por capas, cabezas de clave, ancho, tokens, textos y bytes por número.",
    properties=(
        Property(
            "Cada token cuesta lo mismo",
            "El token número mil guarda tantos números como el primero.",
            grows_by_token,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
