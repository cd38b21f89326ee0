"""Ejercicio: qué celdas mira la respuesta."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, int, int]

# (capas, cabezas, lado, posiciones de la pregunta)
SIZES = ((1, 1, 2, 1), (2, 1, 2, 2), (1, 3, 2, 3), (2, 3, 3, 2), (3, 2, 2, 6), (2, 2, 3, 4))


def _row(attention: Tensor, num_visual: int, query: int = -1) -> Tensor:
    """Lo que atiende una posición a la imagen, promediado."""
    return attention.mean(dim=(0, 1))[query, 1 : 1 + num_visual]


def reference(attention: Tensor, num_visual: int, side: int) -> Tensor:
    """La última fila, en las columnas de la imagen, promediada en capas y cabezas."""
    return _row(attention, num_visual).reshape(side, side)


def cases(generator: torch.Generator) -> list[Case]:
    """De una celda, una que se lee a simple vista, y al azar de varios tamaños; siempre causal."""
    one = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.7, 0.2, 0.1]])
    seen = torch.eye(6)
    seen[-1] = torch.tensor([0.5, 0.01, 0.02, 0.03, 0.04, 0.4])
    fixed = [(one[None, None], 1, 1), (seen[None, None], 4, 2)]
    return fixed + [_drawn(generator, *size) for size in SIZES]


def _drawn(generator: torch.Generator, layers: int, heads: int, side: int, text: int) -> Case:
    positions = 1 + side * side + text
    scores = 2 * torch.randn(layers, heads, positions, positions, generator=generator)
    future = torch.ones(positions, positions).triu(1).bool()
    return scores.masked_fill(future, float("-inf")).softmax(dim=-1), side * side, side


def is_a_part_of_one(found: Tensor, attention: Tensor, num_visual: int, side: int) -> str | None:
    """Lo que se atiende a la imagen es una parte del total, que es 1."""
    total, wanted = float(found.sum()), float(_row(attention, num_visual).sum())
    if abs(total - wanted) < 1e-3:
        return None
    return f"Tu mapa suma {total:.3g}, y lo que la última posición atiende a la imagen suma {wanted:.3g}."


def corner_is_the_first(found: Tensor, attention: Tensor, num_visual: int, side: int) -> str | None:
    """La esquina de arriba a la izquierda es la posición 1; la que la sigue a la derecha, la 2."""
    row = _row(attention, num_visual)
    for place in range(min(side, 2)):
        if abs(float(found[0, place] - row[place])) > 1e-4:
            return (
                f"La celda de la fila 0 y la columna {place} tiene {found[0, place]:.3g}, y la atención media a la "
                f"posición {1 + place} es {row[place]:.3g}."
            )
    return None


def _shifted(step: int, attention: Tensor, num_visual: int, side: int) -> Tensor:
    mean = attention.mean(dim=(0, 1))[-1]
    return mean[1 + step : 1 + step + num_visual].reshape(side, side)


def _column(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return reference(attention.transpose(-1, -2), num_visual, side)


def _renormalised(attention: Tensor, num_visual: int, side: int) -> Tensor:
    found = reference(attention, num_visual, side)
    return found / found.sum()


def _softmax(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return _row(attention, num_visual).softmax(dim=0).reshape(side, side)


def _every_query(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return attention.mean(dim=(0, 1, 2))[1 : 1 + num_visual].reshape(side, side)


def _last_positions(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return attention.mean(dim=(0, 1))[-1, -num_visual:].reshape(side, side)


def _last_visual(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return _row(attention, num_visual, num_visual).reshape(side, side)


def _next_to_last(attention: Tensor, num_visual: int, side: int) -> Tensor:
    return _row(attention, num_visual, -2).reshape(side, side)


MISCONCEPTIONS = (
    Misconception(
        "Olvidaste `<bos>`",
        "La posición 0 no es de la imagen: los tokens visuales empiezan en la 1. Además `<bos>` suele llevarse mucha "
        "atención, y el mapa engaña.",
        lambda *args: _shifted(-1, *args),
    ),
    Misconception(
        "Te saltaste una celda",
        "Los tokens visuales están en las posiciones 1 a `num_visual`: el trozo es `[1 : 1 + num_visual]`.",
        lambda *args: _shifted(1, *args),
    ),
    Misconception(
        "Filas por columnas",
        "La fila es quien atiende y la columna, lo atendido: hace falta la última *fila*. En la última columna casi todo es "
        "cero, porque nadie atiende a lo que viene después.",
        _column,
    ),
    Misconception(
        "La cuadrícula quedó traspuesta",
        "Las celdas se leen fila por fila: `reshape(side, side)` basta.",
        lambda *args: reference(*args).T,
    ),
    Misconception(
        "Falta la cuadrícula",
        "Se pide la forma (side, side), con cada celda en su lugar.",
        lambda attention, num_visual, side: _row(attention, num_visual),
    ),
    Misconception(
        "Reescalaste para que sume 1",
        "Sin reescalar, la suma dice cuánto se atiende a la imagen y cuánto al resto. Al dividir, ese dato se pierde.",
        _renormalised,
    ),
    Misconception(
        "Una softmax de más",
        "Los pesos de atención ya pasaron por la softmax.",
        _softmax,
    ),
    Misconception(
        "Sumaste capas y cabezas",
        "Se pide el promedio sobre las L capas y las H cabezas.",
        lambda attention, *sizes: reference(attention.sum(dim=(0, 1), keepdim=True), *sizes),
    ),
    Misconception(
        "Sumaste las capas",
        "Promediaste las cabezas, pero no las capas.",
        lambda attention, *sizes: reference(attention.sum(dim=0, keepdim=True), *sizes),
    ),
    Misconception(
        "Sumaste las cabezas",
        "Promediaste las capas, pero no las cabezas.",
        lambda attention, *sizes: reference(attention.sum(dim=1, keepdim=True), *sizes),
    ),
    Misconception(
        "Solo la última capa",
        "Se pide el promedio de todas las capas.",
        lambda attention, *sizes: reference(attention[-1:], *sizes),
    ),
    Misconception(
        "Solo la primera capa",
        "Se pide el promedio de todas las capas.",
        lambda attention, *sizes: reference(attention[:1], *sizes),
    ),
    Misconception(
        "Solo la primera cabeza",
        "Se pide el promedio de todas las cabezas.",
        lambda attention, *sizes: reference(attention[:, :1], *sizes),
    ),
    Misconception(
        "Tomaste el máximo",
        "Se pide el promedio de capas y cabezas, no la que más atiende.",
        lambda attention, *sizes: reference(attention.amax(dim=(0, 1), keepdim=True), *sizes),
    ),
    Misconception(
        "Promediaste también a quienes atienden",
        "Interesa una sola fila, la última: es la posición que va a escribir la respuesta.",
        _every_query,
    ),
    Misconception(
        "Tomaste las últimas posiciones",
        "Las últimas son de la pregunta. La imagen está en las posiciones 1 a `num_visual`.",
        _last_positions,
    ),
    Misconception(
        "Quien atiende es la última posición del texto",
        "Tomaste la fila del último token visual: la respuesta la escribe la última posición de todas, `-1`.",
        _last_visual,
    ),
    Misconception(
        "La penúltima posición",
        "Quien va a escribir la respuesta es la última posición, `-1`.",
        _next_to_last,
    ),
)

EXERCISE = Exercise(
    key="image_attention",
    chapter="07_multimodalidad",
    title="Qué celdas mira la respuesta",
    objective="Leer en los pesos de atención cuánto atiende la respuesta a cada parte de la imagen.",
    difficulty=2,
    minutes=15,
    section="Qué mira cuando contesta",
    hints=(
        "De los cuatro ejes, ¿cuáles se promedian? De los otros dos, ¿cuál es quien atiende? ¿En qué posición está el primer "
        "token visual?",
        "`attention.mean(dim=(0, 1))` es (T, T). De su última fila, `[-1]`, la imagen es el trozo `[1 : 1 + num_visual]`, y "
        "`reshape(side, side)` lo devuelve a su cuadrícula.",
    ),
    cases=cases,
    reference=reference,
    idea="La última fila de la atención media, en las columnas 1 a num_visual, como cuadrícula.",
    properties=(
        Property(
            "Suma lo que se atiende a la imagen",
            "La atención de una posición suma 1 entre todas; a la imagen le toca una parte.",
            is_a_part_of_one,
        ),
        Property(
            "La primera celda es la posición 1",
            "La posición 0 es `<bos>`; después viene la imagen, fila por fila.",
            corner_is_the_first,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
