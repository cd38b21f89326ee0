"""Ejercicio: posiciones rotatorias."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _angles(positions, width, theta):
    exponents = torch.arange(0, width, 2) / width
    return positions[:, None] * theta**-exponents


def _turn(first, second, angles):
    cos, sin = angles.cos(), angles.sin()
    return first * cos - second * sin, second * cos + first * sin


def _rotate(x, angles):
    return torch.cat(_turn(*x.chunk(2, dim=-1), angles), dim=-1)


def reference(x, positions, theta):
    """Gira el par (i, i + K/2) un ángulo p · theta ** (-2i / K)."""
    return _rotate(x, _angles(positions, x.shape[-1], theta))


def cases(generator):
    """Un solo par, un mismo vector en posiciones seguidas y vectores al azar, no desde 0."""
    fixed = [
        (torch.tensor([[[1.0, 0.0]]]), torch.tensor([1]), 100.0),
        (torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]).repeat(1, 3, 1), torch.arange(3), 100.0),
    ]
    random = []
    for heads, tokens, width, theta in [(1, 2, 4, 50.0), (2, 3, 4, 10.0), (2, 2, 8, 10_000.0)]:
        start = int(torch.randint(1, 5, (1,), generator=generator))
        x = torch.randn(heads, tokens, width, generator=generator)
        random.append((x, torch.arange(start, start + tokens), theta))
    same = torch.randn(2, 1, 6, generator=generator).repeat(1, 4, 1)
    return [*fixed, *random, (same, torch.arange(4), 20.0)]


def length_is_kept(out, x, positions, theta):
    """Girar no cambia el largo de un vector."""
    before, after = x.norm(dim=-1).flatten(), out.norm(dim=-1).flatten()
    worst = int((before - after).abs().argmax())
    if abs(before[worst] - after[worst]) < 1e-3:
        return None
    return f"Un vector de largo {before[worst]:.3g} pasó a tener {after[worst]:.3g}."


def position_zero_is_still(out, x, positions, theta):
    """En la posición 0 el ángulo es 0."""
    if (out - x)[:, positions == 0].abs().sum() > 1e-4:
        return "El token de la posición 0 cambió: su ángulo es 0 y debía quedar igual."
    return None


def only_distance_matters(out, x, positions, theta):
    """Con un mismo vector en posiciones seguidas, el producto punto depende de la distancia."""
    if len(positions) == 1 or not torch.equal(x, x[:, :1].expand_as(x)):
        return None
    products = out @ out.transpose(1, 2)  # (H, T, T)
    if (products[:, 1:, 1:] - products[:, :-1, :-1]).abs().max() < 1e-2:
        return None
    return "El mismo par de vectores, a la misma distancia, dio productos punto distintos."


def _neighbours(x, positions, theta):
    angles = _angles(positions, x.shape[-1], theta)
    return torch.stack(_turn(x[..., 0::2], x[..., 1::2], angles), dim=-1).flatten(-2)


def _slow_frequencies(x, positions, theta):
    half = x.shape[-1] // 2
    return _rotate(x, positions[:, None] * theta ** -(torch.arange(half) / (2 * half)))


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
        "`angles = positions[:, None] * theta ** (-torch.arange(0, K, 2) / K)`. Con "
        "`first, second = x.chunk(2, dim=-1)`, las mitades nuevas son `first * cos - second * sin` y "
        "`second * cos + first * sin`; únelas con `torch.cat`.",
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
    ),
    misconceptions=MISCONCEPTIONS,
)
