"""Hipótesis de una búsqueda en haz: extenderlas, podarlas y decir qué cumple la respuesta."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import torch

__all__ = [
    "Beam",
    "Model",
    "extended",
    "one_beam_is_greedy",
    "score_adds_up",
    "search",
    "survives_every_step",
    "wide_is_exhaustive",
]

Model = Callable[[list[int]], torch.Tensor]
Beam = tuple[list[int], float]


def extended(next_log_probs: Model, prompt: list[int], beams: list[Beam]) -> list[Beam]:
    """Todas las extensiones de unas hipótesis, de mayor a menor suma."""
    candidates = [
        ([*tokens, token], total + last)
        for tokens, total in beams
        for token, last in enumerate(next_log_probs([*prompt, *tokens]).tolist())
    ]
    return sorted(candidates, key=lambda beam: -beam[1])


def search(
    next_log_probs: Model,
    prompt: list[int],
    num_beams: int,
    steps: int,
    prune: Callable[[list[Beam], int], list[Beam]] = lambda beams, num_beams: beams[:num_beams],
) -> list[Beam]:
    """Búsqueda en haz, con listas; `prune` decide quién sobrevive a cada paso."""
    beams: list[Beam] = [([], 0.0)]
    for _ in range(steps):
        beams = prune(extended(next_log_probs, prompt, beams), num_beams)
    return beams


def score_adds_up(
    output: Beam, next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> str | None:
    """La suma devuelta es la de los tokens devueltos."""
    tokens, total = output
    if len(tokens) != max_new_tokens:
        return f"Devolviste {len(tokens)} tokens nuevos y se pedían {max_new_tokens}."
    if not all(0 <= token < len(next_log_probs(input_ids)) for token in tokens):
        return "Devolviste un token que no existe en el vocabulario."
    right = _chain(next_log_probs, input_ids, tokens)
    if total == right or abs(total - right) < 1e-3:  # las dos pueden ser −∞
        return None
    return f"Los tokens {tokens} suman {right:.4g} y devolviste {total:.4g}."


def one_beam_is_greedy(
    output: Beam, next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> str | None:
    """Con una hipótesis, la búsqueda en haz es la voraz."""
    if num_beams != 1:
        return None
    tokens = search(next_log_probs, input_ids, 1, max_new_tokens)[0][0]
    if output[0] == tokens:
        return None
    return f"Con una sola hipótesis debe salir lo mismo que con búsqueda voraz, {tokens}."


def survives_every_step(
    output: Beam, next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> str | None:
    """La hipótesis devuelta está entre las mejores de cada paso, y es la mejor del último."""
    tokens = output[0]
    beams: list[Beam] = [([], 0.0)]
    if len(tokens) != max_new_tokens or num_beams == 1:
        return None
    for step in range(1, max_new_tokens + 1):
        beams = extended(next_log_probs, input_ids, beams)[:num_beams]
        kept = [beam for beam, _ in beams]
        if tokens[:step] not in kept:
            return (
                f"Devolviste {tokens}, y las {len(kept)} mejores del paso {step} son "
                f"{', '.join(map(str, kept))}: la tuya ya no estaba."
            )
    if tokens == kept[0]:
        return None
    return f"Al final, {kept[0]} suma {beams[0][1]:.4g}, más que {tokens}."


def wide_is_exhaustive(
    output: Beam, next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> str | None:
    """Con suficientes hipótesis, encuentra la mejor de todas las secuencias."""
    vocab_size = len(next_log_probs(input_ids))
    if num_beams < vocab_size ** (max_new_tokens - 1):
        return None
    every = product(range(vocab_size), repeat=max_new_tokens)
    best = max(_chain(next_log_probs, input_ids, list(tokens)) for tokens in every)
    if output[1] >= best - 1e-3:
        return None
    return (
        f"Con {num_beams} hipótesis no se pierde ninguna secuencia, y hay una de puntaje {best:.4g}, "
        f"mejor que {output[1]:.4g}."
    )


def _chain(next_log_probs: Model, prompt: list[int], tokens: list[int]) -> float:
    return sum(
        next_log_probs([*prompt, *tokens[:i]])[token].item() for i, token in enumerate(tokens)
    )
