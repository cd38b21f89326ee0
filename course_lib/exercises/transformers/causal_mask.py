"""Ejercicio: la máscara causal."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(num_queries: int, num_keys: int) -> torch.Tensor:
    """Verdadero donde la clave no viene después de la consulta."""
    everything = torch.ones(num_queries, num_keys, dtype=torch.bool)
    return everything.tril(num_keys - num_queries)


def cases(generator: torch.Generator) -> list[tuple[int, int]]:
    """Textos leídos de una vez y tokens nuevos que siguen a otros guardados, pocos o muchos."""
    random = []
    for past in (0, 1, 2, 4, 17):
        queries, more = torch.randint(2, 6, (2,), generator=generator).tolist()
        random.append((queries, queries + past + (more if past > 4 else 0)))
    return [(1, 1), (2, 2), (1, 3), (2, 3), (1, 40), *random]


def sees_itself(mask: torch.Tensor, num_queries: int, num_keys: int) -> str | None:
    """Cada consulta ve su propia posición."""
    past = num_keys - num_queries
    blind = [i for i in range(num_queries) if not mask[i, past + i]]
    return f"La consulta {blind[0]} no ve su propia clave, la {past + blind[0]}." if blind else None


def sees_the_past(mask: torch.Tensor, num_queries: int, num_keys: int) -> str | None:
    """Cada consulta ve todas las claves anteriores."""
    past = num_keys - num_queries
    for i in range(num_queries):
        if not mask[i, : past + i].all():
            missing = int((~mask[i, : past + i]).nonzero()[0])
            return f"La consulta {i} no ve la clave {missing}, que es anterior."
    return None


def never_the_future(mask: torch.Tensor, num_queries: int, num_keys: int) -> str | None:
    """Ninguna consulta ve una clave posterior."""
    past = num_keys - num_queries
    for i in range(num_queries):
        if mask[i, past + i + 1 :].any():
            seen = past + i + 1 + int(mask[i, past + i + 1 :].nonzero()[0])
            return f"La consulta {i}, en la posición {past + i}, ve la clave {seen}."
    return None


def _everything(num_queries: int, num_keys: int) -> torch.Tensor:
    return torch.ones(num_queries, num_keys, dtype=torch.bool)


MISCONCEPTIONS = (
    Misconception(
        "Olvidaste los tokens guardados",
        "Si hay más claves que consultas, las primeras claves son del pasado y la consulta 0 no está "
        "en la posición 0, sino en num_keys − num_queries. Corre la diagonal esa cantidad.",
        lambda queries, keys: _everything(queries, keys).tril(),
    ),
    Misconception(
        "Marcaste lo prohibido",
        "Tu máscara es verdadera donde no se puede mirar. Aquí, verdadero significa permitido.",
        lambda queries, keys: ~reference(queries, keys),
    ),
    Misconception(
        "Un token no se ve a sí mismo",
        "La diagonal también se permite: lo que un token dice de sí mismo no es el futuro. Además, "
        "sin ella el primer token no tendría nada que mirar.",
        lambda queries, keys: _everything(queries, keys).tril(keys - queries - 1),
    ),
    Misconception(
        "Solo se ve el futuro",
        "Tomaste el triángulo de arriba (`triu`). La fila es quien mira y la columna, lo mirado: lo "
        "permitido está abajo y a la izquierda (`tril`).",
        lambda queries, keys: _everything(queries, keys).triu(),
    ),
    Misconception(
        "Se ve un token de más",
        "Cada consulta alcanza a ver el token siguiente, que es justo el que debe predecir.",
        lambda queries, keys: _everything(queries, keys).tril(keys - queries + 1),
    ),
    Misconception(
        "Todo permitido",
        "Así mira un codificador como BERT. Un decodificador predice lo que sigue y no puede verlo.",
        _everything,
    ),
)

EXERCISE = Exercise(
    key="causal_mask",
    chapter="02_transformers",
    title="La máscara causal",
    objective="Decidir qué posiciones puede mirar cada token sin hacer trampa.",
    difficulty=1,
    minutes=10,
    section="Máscara causal",
    hints=(
        "Dibuja la matriz para 3 consultas y 3 claves. ¿Qué triángulo queda permitido? ¿Y si delante "
        "hay además 2 claves de tokens anteriores?",
        "Todo permitido es `torch.ones(num_queries, num_keys, dtype=torch.bool)`, y `.tril(diagonal=d)` deja "
        "el triángulo de abajo, corrido d lugares a la derecha. ¿Cuánto vale d si no hay tokens anteriores? ¿Y si "
        "hay dos?",
    ),
    cases=cases,
    reference=reference,
    idea="La consulta i está en la posición num_keys − num_queries + i y ve hasta ahí, incluida.",
    properties=(
        Property(
            "Cada token se ve a sí mismo",
            "La consulta i está en la posición num_keys − num_queries + i, y esa clave es la suya.",
            sees_itself,
        ),
        Property(
            "Se ve todo el pasado",
            "La atención no olvida: cualquier token anterior está a la misma distancia, un paso.",
            sees_the_past,
        ),
        Property(
            "Nunca el futuro",
            "Al entrenar, el token siguiente es la respuesta: verlo sería copiar.",
            never_the_future,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
