"""Ejercicio: posiciones rotatorias."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def _angles(positions: torch.Tensor, width: int, theta: float) -> torch.Tensor:
    exponents = torch.arange(0, width, 2) / width
    return positions[:, None] * theta**-exponents


def _turn(
    first: torch.Tensor, second: torch.Tensor, angles: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    cos, sin = angles.cos(), angles.sin()
    return first * cos - second * sin, second * cos + first * sin


def _rotate(x: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
    first, second = x.chunk(2, dim=-1)
    return torch.cat(_turn(first, second, angles), dim=-1)


def reference(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    """Gira el par (i, i + K/2) un ángulo p · theta ** (-2i / K)."""
    return _rotate(x, _angles(positions, x.shape[-1], theta))


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor, float]]:
    """Un solo par, un mismo vector en posiciones seguidas y vectores al azar.

    Las posiciones van seguidas o no, sin orden o repetidas, y cada ejemplo tiene su theta. Las muy
    altas llevan frecuencias 1 o muy bajas, para que el redondeo del ángulo no decida.
    """

    def draw(heads: int, tokens: int, width: int) -> torch.Tensor:
        return torch.randn(heads, tokens, width, generator=generator)

    def upto(high: int, tokens: int) -> torch.Tensor:
        return torch.randperm(high, generator=generator)[:tokens]

    start, again = torch.randint(1, 5, (2,), generator=generator).tolist()
    theta = 5 + 40 * torch.rand(1, generator=generator).item()
    return [
        (torch.tensor([[[1.0, 0.0]]]), torch.tensor([1]), 100.0),
        (torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]).repeat(1, 3, 1), torch.arange(3), 100.0),
        (draw(1, 2, 4), torch.arange(start, start + 2), 50.0),
        (draw(2, 3, 4), torch.tensor([start + 6, again, start + 6]), 10.0),
        (draw(3, 2, 8), torch.tensor([again + 4, again]), 10_000.0),
        (draw(2, 5, 6), upto(20, 5), theta),
        (draw(3, 1, 2), upto(400, 1) + 40, 1000.0),
        (draw(3, 2, 4), upto(200, 2) + 40, 10_000.0),
        (draw(2, 1, 6).repeat(1, 4, 1), torch.arange(4), 20.0),
    ]


def length_is_kept(
    out: torch.Tensor, x: torch.Tensor, positions: torch.Tensor, theta: float
) -> str | None:
    """Girar no cambia el largo de un vector."""
    before, after = x.norm(dim=-1).flatten(), out.norm(dim=-1).flatten()
    worst = int((before - after).abs().argmax())
    if abs(before[worst] - after[worst]) < 1e-3:
        return None
    return f"Un vector de largo {before[worst]:.3g} pasó a tener {after[worst]:.3g}."


def position_zero_is_still(
    out: torch.Tensor, x: torch.Tensor, positions: torch.Tensor, theta: float
) -> str | None:
    """En la posición 0 el ángulo es 0."""
    if (out - x)[:, positions == 0].abs().sum() > 1e-4:
        return "El token de la posición 0 cambió: su ángulo es 0 y debía quedar igual."
    return None


def only_distance_matters(
    out: torch.Tensor, x: torch.Tensor, positions: torch.Tensor, theta: float
) -> str | None:
    """Con un mismo vector en posiciones seguidas, el producto punto depende de la distancia."""
    if len(positions) < 3 or (positions.diff() != 1).any() or not torch.equal(x, x[:, :1] + 0 * x):
        return None
    products = out @ out.transpose(1, 2)  # (H, T, T)
    if (products[:, 1:, 1:] - products[:, :-1, :-1]).abs().max() < 1e-2:
        return None
    return "El mismo par de vectores, a la misma distancia, dio productos punto distintos."


def each_pair_turns_its_angle(
    out: torch.Tensor, x: torch.Tensor, positions: torch.Tensor, theta: float
) -> str | None:
    """Si cada par giró de verdad, compara cuánto con lo que le toca."""
    before, after = (torch.complex(*z.double().chunk(2, dim=-1)) for z in (x, out))
    if (before.abs() - after.abs()).abs().max() > 1e-3:
        return None
    angles = _angles(positions, x.shape[-1], theta).double().expand(before.shape)
    missing = (after / before / torch.polar(torch.ones_like(angles), angles)).angle()
    wrong = (missing.abs() > 1e-2) & (before.abs() > 0.1)
    if not wrong.any():
        return None
    head, token, pair = wrong.nonzero()[0].tolist()
    found = (after / before)[head, token, pair].angle()
    right = torch.polar(torch.tensor(1.0), angles[head, token, pair].float()).angle()
    return (
        f"En la posición {positions[token]}, el par ({pair}, {pair + before.shape[-1]}) giró "
        f"{found:.3g} radianes y debía girar {right:.3g} (sin contar vueltas enteras)."
    )


def _neighbours(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    angles = _angles(positions, x.shape[-1], theta)
    return torch.stack(_turn(x[..., 0::2], x[..., 1::2], angles), dim=-1).flatten(-2)


def _slow_frequencies(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    half = x.shape[-1] // 2
    return _rotate(x, positions[:, None] * theta ** -(torch.arange(half) / (2 * half)))


def _consecutive(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    return reference(x, positions[0] + torch.arange(len(positions)), theta)


def _overwritten_half(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    first, second = x.chunk(2, dim=-1)
    angles = _angles(positions, x.shape[-1], theta)
    first = first * angles.cos() - second * angles.sin()
    return torch.cat([first, second * angles.cos() + first * angles.sin()], dim=-1)


MISCONCEPTIONS = (
    Misconception(
        "Pares vecinos",
        "Giraste las coordenadas (0, 1), (2, 3)… Es otra convención, igual de válida, pero no la de "
        "Llama ni la de transformers: ahí la coordenada i va con la i + K/2, una de cada mitad. Un "
        "modelo necesita la misma con que se entrenó; con la otra, ningún error avisa.",
        _neighbours,
    ),
    Misconception(
        "Giraste al revés",
        "El signo menos va en la primera mitad: `first * cos - second * sin`.",
        lambda x, positions, theta: _rotate(x, -_angles(positions, x.shape[-1], theta)),
    ),
    Misconception(
        "Todos los pares giran igual",
        "Falta la frecuencia de cada par, theta ** (−2i / K): el primero gira rápido y el último, "
        "muy lento.",
        lambda x, positions, theta: _rotate(x, positions[:, None].float()),
    ),
    Misconception(
        "Exponente a la mitad",
        "El exponente es −2i / K, con i desde 0 hasta K/2 − 1. `torch.arange(0, K, 2) / K` ya trae "
        "el 2.",
        _slow_frequencies,
    ),
    Misconception(
        "Frecuencias que crecen",
        "El exponente es negativo: los pares giran cada vez más lento, no más rápido.",
        lambda x, positions, theta: _rotate(x, _angles(positions, x.shape[-1], 1 / theta)),
    ),
    Misconception(
        "Contaste las posiciones desde 0",
        "Las posiciones vienen en `positions` y no siempre empiezan en 0: al generar, el token nuevo "
        "sigue a todos los anteriores.",
        lambda x, positions, theta: reference(x, torch.arange(len(positions)), theta),
    ),
    Misconception(
        "Supusiste posiciones seguidas",
        "Usaste solo la primera posición y contaste desde ahí. Cada token tiene la suya en "
        "`positions`: pueden saltarse números y venir en cualquier orden.",
        _consecutive,
    ),
    Misconception(
        "No usaste theta",
        "Dejaste escrito 10 000. La constante llega en `theta`, y no todos los modelos usan la misma.",
        lambda x, positions, theta: reference(x, positions, 10_000.0),
    ),
    Misconception(
        "Perdiste la primera mitad",
        "Guardaste la primera mitad ya girada en la misma variable y la segunda la usó, pero las dos "
        "fórmulas necesitan los números de antes de girar. Usa nombres nuevos.",
        _overwritten_half,
    ),
)

EXERCISE = Exercise(
    key="rotary",
    chapter="02_transformers",
    title="Posiciones rotatorias",
    objective="Escribir la posición de un token girando su consulta o su clave.",
    difficulty=2,
    minutes=30,
    section="Posiciones",
    hints=(
        "Ve por partes: ¿qué forma tiene la tabla de ángulos, con una fila por posición y una columna "
        "por par? Después, cada par (a, b) gira como un punto del plano: ¿cuáles son sus nuevas "
        "coordenadas?",
        "La tabla de ángulos es un producto de una columna, las posiciones, por una fila, las K/2 "
        "frecuencias: `positions[:, None]` la pone en columna. Con las dos mitades de x "
        "(`x.chunk(2, dim=-1)`) y el coseno y el seno de la tabla, la fórmula del enunciado se escribe tal "
        "cual. ¿En qué orden se vuelven a unir las mitades?",
    ),
    cases=cases,
    reference=reference,
    idea="El par (i, i + K/2) gira p · theta ** (−2i / K) radianes, con p la posición del token.",
    properties=(
        Property(
            "El largo no cambia",
            "Un giro mueve el vector sin estirarlo: la posición no altera cuánto pesa un token.",
            length_is_kept,
        ),
        Property(
            "La posición 0 queda igual",
            "Su ángulo es 0, y un giro de 0 radianes no mueve nada.",
            position_zero_is_still,
        ),
        Property(
            "Solo importa la distancia",
            "Si ambos vectores giran, el producto punto depende de la diferencia de sus ángulos.",
            only_distance_matters,
        ),
        Property(
            "Cada par gira lo suyo",
            "El par (i, i + K/2) gira p · theta ** (−2i / K) radianes: mira la posición, theta y el "
            "exponente.",
            each_pair_turns_its_angle,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
