"""Ejercicio: softmax con temperatura."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import logits as draw_logits
from .draws import real

__all__ = ["EXERCISE"]

SMALLEST = 1e-6  # bajo esta probabilidad, su logaritmo ya no dice cuál era el logit


def reference(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """softmax(logits / T) por fila."""
    return torch.softmax(logits / temperature, dim=-1)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, float]]:
    """Logits enormes o iguales; T minúscula y enorme; un solo token y lotes de toda forma."""
    fixed = [
        (torch.tensor([[3.0]]), 2.0),
        (torch.tensor([[1.0, 0.0]]), 1.0),
        (torch.tensor([[2.0, 0.0]]), 0.5),
        (torch.tensor([[500.0, 0.0]]), 1.0),
        (torch.tensor([[1000.0, 998.0]]), 0.5),  # divididos por T se alejan aún más de 0
        (torch.tensor([[1000.0, 0.0]]), 1000.0),  # tan lejos que p ** (1/T) ya no sirve
        (torch.tensor([[-1.0, -2.0]]), 0.0078125),
        (torch.tensor([[30.0, 0.0, -30.0]]), 100.0),
        (torch.tensor([[1000.0, -1000.0, -1000.0]]), 1.0),
        (torch.tensor([[1000.0, 999.0], [-1000.0, -1001.0]]), 1.0),
        (torch.tensor([[0.0, 0.0, 0.0, 0.0]]), 0.7),
    ]
    random = [
        (draw_logits(generator, rows, width, 3.0), real(generator, 0.3, 2.8))
        for rows, width in [(1, 3), (2, 2), (3, 2), (2, 5), (3, 3), (4, 6)]
    ]
    random.append((draw_logits(generator, 5, 3).t(), real(generator, 0.3, 0.9)))
    return fixed + random


def rows_sum_to_one(probs: torch.Tensor, logits: torch.Tensor, temperature: float) -> str | None:
    """Cada fila es una distribución."""
    if probs.min() < 0:
        row, token = (probs == probs.min()).nonzero()[0].tolist()
        return f"La probabilidad del token {token} (fila {row}) salió negativa: {probs.min():.4g}."
    total = probs.sum(dim=-1)
    row = int((total - 1).abs().argmax())
    return None if abs(total[row] - 1) < 1e-4 else f"La fila {row} suma {total[row]:.4g}, no 1."


def ratio_follows_temperature(
    probs: torch.Tensor, logits: torch.Tensor, temperature: float
) -> str | None:
    """log p_i - log p_j = (z_i - z_j) / T."""
    scaled = logits.double() / temperature
    for row in range(len(logits)):
        best = int(logits[row].argmax())
        for token in range(logits.shape[1]):
            gap = (scaled[row, best] - scaled[row, token]).item()
            pair = probs[row, [best, token]].double()
            if gap > 10 or pair.min() < SMALLEST:
                continue  # la menor es casi 0: su logaritmo no es fiable
            observed = (pair[0].log() - pair[1].log()).item()
            if abs(observed - gap) > 1e-2:
                return (
                    f"En la fila {row}, el logaritmo del cociente entre las probabilidades de los "
                    f"tokens {best} y {token} es {observed:.4g}; con estos logits y esta temperatura "
                    f"debe ser {gap:.4g}."
                )
    return None


def _normalized(
    shift: Callable[[torch.Tensor], torch.Tensor | float],
) -> Callable[[torch.Tensor, float], torch.Tensor]:
    """La softmax, restando antes de la exponencial lo que diga `shift`."""

    def wrong(logits: torch.Tensor, temperature: float) -> torch.Tensor:
        scaled = logits / temperature
        exp = torch.exp(scaled - shift(scaled))
        return exp / exp.sum(dim=-1, keepdim=True)

    return wrong


def _whole_matrix(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return torch.softmax((logits / temperature).flatten(), dim=0).reshape(logits.shape)


def _unscaled_shift(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    exp = torch.exp(logits / temperature - logits.max(dim=-1, keepdim=True).values)
    return exp / exp.sum(dim=-1, keepdim=True)


def _power(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    powered = torch.softmax(logits, dim=-1) ** (1 / temperature)
    return powered / powered.sum(dim=-1, keepdim=True)


MISCONCEPTIONS = (
    Misconception(
        "Olvidaste la temperatura",
        "Tu resultado es la softmax de los logits tal como llegan. Divide los logits por "
        "`temperature` antes de la exponencial.",
        lambda logits, temperature: torch.softmax(logits, dim=-1),
    ),
    Misconception(
        "Multiplicaste por la temperatura",
        "Una temperatura baja debe volver la distribución más marcada; al multiplicar ocurre lo "
        "contrario. Divide.",
        lambda logits, temperature: torch.softmax(logits * temperature, dim=-1),
    ),
    Misconception(
        "Temperatura después dla softmax",
        "Dividir las probabilidades por T solo las escala y dejan de sumar 1. La temperatura "
        "actúa sobre los logits, antes de la exponencial.",
        lambda logits, temperature: torch.softmax(logits, dim=-1) / temperature,
    ),
    Misconception(
        "Softmax sobre el eje equivocado",
        "Normalizaste las columnas. Cada fila es un contexto y el vocabulario está en el último "
        "eje: suma con `dim=-1`.",
        lambda logits, temperature: torch.softmax(logits / temperature, dim=0),
    ),
    Misconception(
        "Normalizaste la matriz completa",
        "Es la suma de toda la matriz la que vale 1, y debe serlo la de cada fila. Suma con "
        "`dim=-1, keepdim=True`.",
        _whole_matrix,
    ),
    Misconception(
        "Exponencial desbordada",
        "exp(1000) es infinito para la máquina, y exp(-1000) es cero: la división da NaN. Resta a "
        "cada fila su máximo antes de la exponencial; el resultado no cambia.",
        _normalized(lambda scaled: 0.0),
    ),
    Misconception(
        "Restaste el mínimo",
        "Así el mayor exponente puede seguir siendo enorme y desbordar. Resta el máximo: entonces "
        "el mayor exponente es 0.",
        _normalized(lambda scaled: scaled.min(dim=-1, keepdim=True).values),
    ),
    Misconception(
        "Restaste la media",
        "Si un logit está muy por encima de los demás, el mayor exponente sigue siendo enorme. Resta el "
        "máximo: entonces el mayor exponente es 0.",
        _normalized(lambda scaled: scaled.mean(dim=-1, keepdim=True)),
    ),
    Misconception(
        "Restaste el máximo de toda la matriz",
        "Una fila de logits muy bajos queda entonces en ceros y la división da NaN. Usa el máximo "
        "de cada fila: `logits.max(dim=-1, keepdim=True).values`.",
        _normalized(lambda scaled: scaled.max()),
    ),
    Misconception(
        "Restaste el máximo sin dividirlo por T",
        "Con T pequeña, z/T − max(z) todavía puede ser enorme y desbordar. Divide primero por T y "
        "después resta el máximo de lo dividido.",
        _unscaled_shift,
    ),
    Misconception(
        "Elevaste las probabilidades a 1/T",
        "En papel es lo mismo, pero una probabilidad muy pequeña ya es 0 para la máquina, y 0 elevado a "
        "1/T sigue siendo 0. Divide los logits por T antes de la exponencial.",
        _power,
    ),
    Misconception(
        "Devolviste logaritmos",
        "Tus números son log-probabilidades. Aquí se piden probabilidades.",
        lambda logits, temperature: torch.log_softmax(logits / temperature, dim=-1),
    ),
)

EXERCISE = Exercise(
    key="softmax_temperature",
    chapter="08_generacion",
    title="Softmax con temperatura",
    objective="Pasar de logits a probabilidades y controlar qué tan marcada es la distribución.",
    difficulty=1,
    minutes=10,
    section="Temperatura",
    hints=(
        "La temperatura divide los logits antes de la exponencial. ¿Qué ocurre con exp(1000)? "
        "¿Cambia el resultado si a todos los logits de una fila les restas el mismo número?",
        "Si a cada fila le restas su máximo, el mayor exponente es exp(0) y nada desborda. "
        "Para que la resta y la división vayan fila por fila, conserva el eje que reduces con "
        "`keepdim=True`.",
    ),
    cases=cases,
    reference=reference,
    idea="p = softmax(z / τ), fila por fila: τ divide los logits y cada fila se normaliza sola.",
    properties=(
        Property(
            "Cada fila suma 1",
            "Cada fila es una distribución sobre el vocabulario: números no negativos que suman 1.",
            rows_sum_to_one,
        ),
        Property(
            "La temperatura controla el contraste",
            "El cociente entre dos probabilidades es exp((zᵢ − zⱼ)/T): bajar T agranda las "
            "diferencias entre logits.",
            ratio_follows_temperature,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
