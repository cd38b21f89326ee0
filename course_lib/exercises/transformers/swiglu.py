"""Ejercicio: la red densa por posición, con compuerta."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _silu(x):
    return x * torch.sigmoid(x)


def reference(x, w_gate, w_up, w_down):
    """(silu(x W_gate) ⊙ x W_up) W_down."""
    return (_silu(x @ w_gate) * (x @ w_up)) @ w_down


def cases(generator):
    """Un token nulo, una compuerta muy abierta y otra muy cerrada, y varios anchos."""
    one = torch.ones(1, 1)
    fixed = [
        (one, one, 2 * one, one),
        (torch.tensor([[0.0], [-3.0]]), one, one, one),
        (torch.tensor([[1.0], [-1.0]]), -20 * one, 2 * one, one),
    ]
    random = []
    for tokens, width, inner in [(1, 2, 3), (2, 3, 2), (3, 2, 5), (4, 3, 6)]:
        x = torch.randn(tokens, width, generator=generator)
        gate, up = torch.randn(2, width, inner, generator=generator)
        random.append((x, gate, up, torch.randn(inner, width, generator=generator)))
    return fixed + random


def closed_gate_lets_nothing_through(out, x, w_gate, w_up, w_down):
    """Con la compuerta muy negativa, el resultado es casi 0."""
    closed = (x @ w_gate < -15).all(dim=-1)
    if closed.any() and out[closed].abs().max() > 1e-3:
        return f"Con la compuerta cerrada salió {out[closed].flatten()[0]:.3g}; debía ser casi 0."
    return None


def zero_stays_zero(out, x, w_gate, w_up, w_down):
    """Sin sesgos, un token nulo da un resultado nulo."""
    zero = ~x.any(dim=-1)
    if zero.any() and out[zero].abs().max() > 1e-6:
        return f"Un token nulo dio {out[zero].flatten()[0]:.3g}; debía dar 0."
    return None


def _with(activation):
    return lambda x, w_gate, w_up, w_down: (activation(x @ w_gate) * (x @ w_up)) @ w_down


MISCONCEPTIONS = (
    Misconception(
        "Solo la sigmoide",
        "silu(z) = z · sigmoide(z): te faltó multiplicar por z. Con la sigmoide sola es la GLU "
        "original.",
        _with(torch.sigmoid),
    ),
    Misconception(
        "Usaste ReLU",
        "ReLU corta en seco los negativos; silu es su versión suave y deja pasar un poco.",
        _with(torch.relu),
    ),
    Misconception(
        "Sin activación",
        "Multiplicaste las dos proyecciones tal cual. Falta la silu en la compuerta.",
        _with(lambda z: z),
    ),
    Misconception(
        "La compuerta es la otra",
        "La silu va en x @ w_gate; x @ w_up queda tal cual.",
        lambda x, w_gate, w_up, w_down: reference(x, w_up, w_gate, w_down),
    ),
    Misconception(
        "Sumaste",
        "La compuerta *multiplica*, coordenada por coordenada: así puede cerrar el paso.",
        lambda x, gate, up, down: (_silu(x @ gate) + x @ up) @ down,
    ),
    Misconception(
        "Activaste el producto",
        "La silu se aplica a la compuerta, antes de multiplicar, no al producto.",
        lambda x, gate, up, down: _silu((x @ gate) * (x @ up)) @ down,
    ),
    Misconception(
        "Una red sin compuerta",
        "Esa es la red de dos capas clásica: falta x @ w_up, que la compuerta deja pasar o no.",
        lambda x, gate, up, down: _silu(x @ gate) @ down,
    ),
)

EXERCISE = Exercise(
    key="swiglu",
    chapter="02_transformers",
    title="La red densa con compuerta",
    objective="Escribir la red que transforma cada token después de la atención.",
    difficulty=1,
    minutes=15,
    section="El modelo completo",
    hints=(
        "Son dos proyecciones del mismo x. Una decide cuánto pasa; la otra es lo que pasa. ¿Con qué "
        "operación se juntan para que un 0 en la primera cierre el paso?",
        "`gate = x @ w_gate`; `silu = gate * torch.sigmoid(gate)`. Multiplica `silu` por `x @ w_up`, "
        "coordenada por coordenada, y proyecta el resultado con `w_down`.",
    ),
    cases=cases,
    reference=reference,
    idea="(silu(x W_gate) ⊙ x W_up) W_down, con silu(z) = z · sigmoide(z).",
    properties=(
        Property(
            "La compuerta cierra el paso",
            "Si la compuerta es muy negativa, su silu es casi 0 y nada de x @ w_up sale.",
            closed_gate_lets_nothing_through,
        ),
        Property(
            "De nada no sale nada",
            "No hay sesgos: si x es 0, todas las proyecciones son 0.",
            zero_stays_zero,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
