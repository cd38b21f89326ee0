"""Ejercicio: compartir claves y valores entre cabezas."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(kv: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Cada grupo se repite H / G veces seguidas."""
    return kv.repeat_interleave(num_heads // len(kv), dim=0)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, int]]:
    """Un grupo para todas las cabezas, uno por cabeza y los casos intermedios."""
    fixed = [
        (torch.tensor([[[1.0]], [[2.0]]]), 4),
        (torch.tensor([[[1.0, 2.0]]]), 3),
        (torch.tensor([[[1.0]], [[2.0]], [[3.0]]]), 3),
        (torch.tensor([[[1.0], [2.0]], [[3.0], [4.0]]]), 6),
    ]
    random = []
    for groups, heads, keys, width in [(2, 8, 3, 5), (3, 6, 1, 2), (2, 6, 5, 4), (1, 2, 3, 4)]:
        random.append((torch.randn(groups, keys, width, generator=generator), heads))
    return fixed + random


def neighbours_share(out: torch.Tensor, kv: torch.Tensor, num_heads: int) -> str | None:
    """La cabeza h usa las claves del grupo h // (H / G)."""
    per_group = num_heads // len(kv)
    for head in range(num_heads):
        if not torch.allclose(out[head], kv[head // per_group]):
            taken = [g for g in range(len(kv)) if torch.allclose(out[head], kv[g])]
            found = f"lleva el grupo {taken[0]}" if taken else "no lleva ningún grupo completo"
            return f"La cabeza {head} {found}; le toca el grupo {head // per_group}."
    return None


def _repeat_each_head_times(kv: torch.Tensor, num_heads: int) -> torch.Tensor:
    return kv.repeat_interleave(num_heads, dim=0)


def _repeated_tokens(kv: torch.Tensor, num_heads: int) -> torch.Tensor:
    return kv.repeat_interleave(num_heads // len(kv), dim=1).reshape(num_heads, *kv.shape[1:])


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
        "Repetiste los tokens",
        "La forma encaja, pero repetiste cada token y después releíste los números. El primer eje es "
        "el de los grupos: repite con `dim=0`.",
        _repeated_tokens,
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
        "Hay dos funciones parecidas: `repeat` copia la lista entera una y otra vez; `repeat_interleave` repite "
        "cada elemento antes de pasar al siguiente. ¿Cuántas veces se repite cada grupo, y sobre qué eje?",
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
