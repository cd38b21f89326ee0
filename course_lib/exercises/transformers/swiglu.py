"""Ejercicio: la red densa por posición, con compuerta."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def _silu(x: torch.Tensor) -> torch.Tensor:
    return x * torch.sigmoid(x)


def reference(
    x: torch.Tensor, w_gate: torch.Tensor, w_up: torch.Tensor, w_down: torch.Tensor
) -> torch.Tensor:
    """(silu(x W_gate) ⊙ x W_up) W_down."""
    return (_silu(x @ w_gate) * (x @ w_up)) @ w_down


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, ...]]:
    """Un token nulo, una compuerta muy abierta y otra muy cerrada, y varios anchos."""
    one = torch.ones(1, 1)
    fixed: list[tuple[torch.Tensor, ...]] = [
        (one, one, 2 * one, one),
        (torch.tensor([[0.0], [-3.0]]), one, one, one),
        (torch.tensor([[1.0], [-1.0]]), -20 * one, 2 * one, one),
        (torch.tensor([[1.0], [-1.0]]), 1000 * one, 2 * one, 0.1 * one),
    ]
    random = []
    for tokens, width, inner in [(1, 2, 3), (2, 3, 1), (3, 2, 5), (4, 3, 6), (5, 4, 3)]:
        x = torch.randn(tokens, width, generator=generator)
        gate, up = torch.randn(2, width, inner, generator=generator)
        random.append((x, gate, up, torch.randn(inner, width, generator=generator)))
    return fixed + random


def closed_gate_lets_nothing_through(
    out: torch.Tensor,
    x: torch.Tensor,
    w_gate: torch.Tensor,
    w_up: torch.Tensor,
    w_down: torch.Tensor,
) -> str | None:
    """Con la compuerta muy negativa, el resultado es casi 0."""
    closed = (x @ w_gate < -15).all(dim=-1)
    if closed.any() and out[closed].abs().max() > 1e-3:
        return f"Con la compuerta cerrada salió {out[closed].flatten()[0]:.3g}; debía ser casi 0."
    return None


def zero_stays_zero(
    out: torch.Tensor,
    x: torch.Tensor,
    w_gate: torch.Tensor,
    w_up: torch.Tensor,
    w_down: torch.Tensor,
) -> str | None:
    """Sin sesgos, un token nulo da un resultado nulo."""
    zero = ~x.any(dim=-1)
    if zero.any() and out[zero].abs().max() > 1e-6:
        return f"Un token nulo dio {out[zero].flatten()[0]:.3g}; debía dar 0."
    return None


def activation_is_silu(
    out: torch.Tensor,
    x: torch.Tensor,
    w_gate: torch.Tensor,
    w_up: torch.Tensor,
    w_down: torch.Tensor,
) -> str | None:
    """Con anchos 1 se puede despejar cuánto dejó pasar la compuerta."""
    if w_gate.numel() > 1 or not x.all():
        return None
    gate, passed = (x @ w_gate).flatten(), (out / (x * w_up * w_down)).flatten()
    wrong = (passed - _silu(gate)).abs() > 1e-3 * (1 + gate.abs())
    if not wrong.any():
        return None
    i = int(wrong.nonzero()[0])
    return (
        f"Con la compuerta en {gate[i]:.4g}, tu función dejó pasar {passed[i]:.4g} veces la otra "
        f"proyección; silu({gate[i]:.4g}) = {_silu(gate)[i]:.4g}."
    )


def _with(
    activation: Callable[[torch.Tensor], torch.Tensor],
) -> Callable[..., torch.Tensor]:
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
    Misconception(
        "Activaste las dos proyecciones",
        "La silu va solo en la compuerta, x @ w_gate. La otra, x @ w_up, queda tal cual.",
        lambda x, gate, up, down: (_silu(x @ gate) * _silu(x @ up)) @ down,
    ),
    Misconception(
        "Activaste la entrada",
        "La silu se aplica después de proyectar, a x @ w_gate, no a x.",
        lambda x, gate, up, down: ((_silu(x) @ gate) * (x @ up)) @ down,
    ),
    Misconception(
        "Usaste GELU",
        "GELU y silu se parecen, pero no son iguales: silu(z) = z · sigmoide(z).",
        _with(torch.nn.functional.gelu),
    ),
    Misconception(
        "La exponencial se desborda",
        "e^z / (1 + e^z) es ∞/∞ si z es grande, y eso es NaN. Con 1 / (1 + e^(−z)), o con "
        "`torch.sigmoid`, no pasa.",
        _with(lambda z: z * z.exp() / (1 + z.exp())),
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
        "La sigmoide no multiplica a la otra proyección, sino a la compuerta misma: eso es la silu, y tiene "
        "forma (T, F). Solo después se juntan las dos proyecciones, coordenada por coordenada, y el "
        "resultado vuelve al ancho D. ¿Cuántos `@` debería haber en total?",
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
        Property(
            "La compuerta deja pasar silu(z)",
            "silu(z) = z · sigmoide(z), con z = x @ w_gate.",
            activation_is_silu,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
