"""Ejercicio: compartir claves y valores entre cabezas."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(kv, num_heads):
    """Cada grupo se repite H / G veces seguidas."""
    return kv.repeat_interleave(num_heads // len(kv), dim=0)


def cases(generator):
    """Un grupo para todas las cabezas, uno por cabeza y los casos intermedios."""
    fixed = [
        (torch.tensor([[[1.0]], [[2.0]]]), 4),
        (torch.tensor([[[1.0, 2.0]]]), 3),
        (torch.tensor([[[1.0]], [[2.0]], [[3.0]]]), 3),
    ]
    random = []
    for groups, heads, keys, width in [(2, 4, 2, 3), (3, 6, 1, 2), (2, 6, 3, 2), (1, 2, 3, 2)]:
        random.append((torch.randn(groups, keys, width, generator=generator), heads))
    return fixed + random


def neighbours_share(out, kv, num_heads):
    """La cabeza h usa las claves del grupo h // (H / G)."""
    per_group = num_heads // len(kv)
    for head in range(num_heads):
        if not torch.equal(out[head], kv[head // per_group]):
            return f"La cabeza {head} debía usar el grupo {head // per_group} y no es así."
    return None


def _repeat_each_head_times(kv, num_heads):
    return kv.repeat_interleave(num_heads, dim=0)


MISCONCEPTIONS = (
    Misconception(
        "Los grupos quedaron alternados",
        "`repeat` copia la lista entera una y otra vez: 0, 1, 0, 1. Las cabezas vecinas comparten "
        "grupo: 0, 0, 1, 1. Eso hace `repeat_interleave`.",
        lambda kv, num_heads: kv.repeat(num_heads // len(kv), 1, 1),
    ),
    Misconception(
        "Repetiste H veces",
        "Cada grupo sirve a H / G cabezas: se repite esa cantidad, no H.",
        _repeat_each_head_times,
    ),
    Misconception(
        "Repetiste los tokens",
        "El primer eje es el de los grupos; en el segundo están los tokens. Usa `dim=0`.",
        lambda kv, num_heads: kv.repeat_interleave(num_heads // len(kv), dim=1),
    ),
    Misconception(
        "Un solo grupo para todas",
        "Repartiste el primer grupo entre todas las cabezas y los demás se perdieron.",
        lambda kv, num_heads: kv[:1].expand(num_heads, -1, -1).clone(),
    ),
)

EXERCISE = Exercise(
    key="repeat_kv",
    chapter="02_transformers",
    title="Compartir claves y valores",
    objective="Repartir G cabezas de clave y valor entre H cabezas de consulta.",
    difficulty=1,
    minutes=10,
    section="Varias cabezas",
    hints=(
        "Con 2 grupos y 4 cabezas hay dos repartos posibles: 0, 0, 1, 1 y 0, 1, 0, 1. ¿Cuál deja a "
        "las cabezas vecinas con las mismas claves?",
        "`kv.repeat_interleave(n, dim=0)` repite cada grupo n veces seguidas. Falta saber n a partir "
        "de `num_heads` y de `kv.shape[0]`.",
    ),
    cases=cases,
    reference=reference,
    idea="La cabeza h usa el grupo h // (H / G): cada grupo se repite H / G veces seguidas.",
    properties=(
        Property(
            "Las cabezas vecinas comparten grupo",
            "Los pesos se entrenaron con ese reparto; con otro, los logits cambian.",
            neighbours_share,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
