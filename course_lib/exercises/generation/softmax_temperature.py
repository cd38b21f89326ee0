"""Ejercicio: softmax con temperatura."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(logits, temperature):
    """softmax(logits / T) por fila."""
    return torch.softmax(logits / temperature, dim=-1)


def cases(generator):
    """Filas pequeñas, logits enormes que desbordan la exponencial, y lotes al azar."""
    fixed = [
        (torch.tensor([[1.0, 0.0]]), 1.0),
        (torch.tensor([[2.0, 0.0]]), 0.5),
        (torch.tensor([[500.0, 0.0]]), 1.0),
        (torch.tensor([[1000.0, 999.0], [-1000.0, -1001.0]]), 1.0),
    ]
    random = []
    for rows, width in [(1, 3), (2, 2), (3, 2), (2, 5), (4, 6)]:
        temperature = round(0.3 + 2.5 * torch.rand(1, generator=generator).item(), 2)
        random.append((3 * torch.randn(rows, width, generator=generator), temperature))
    return fixed + random


def rows_sum_to_one(probs, logits, temperature):
    """Cada fila es una distribución."""
    total = probs.sum(dim=-1)
    row = int((total - 1).abs().argmax())
    if probs.min() < 0:
        return "Hay probabilidades negativas."
    return None if abs(total[row] - 1) < 1e-4 else f"La fila {row} suma {total[row]:.3g}, no 1."


def ratio_follows_temperature(probs, logits, temperature):
    """log p_0 - log p_1 = (z_0 - z_1) / T."""
    if logits.abs().max() > 100:
        return None
    gap = (logits[0, 0] - logits[0, 1]) / temperature
    observed = probs[0, 0].log() - probs[0, 1].log()
    if abs(observed - gap) < 1e-2 or probs[0, :2].min() < 1e-6:
        return None
    return (
        f"log(p₀/p₁) de la primera fila es {observed:.3g}; con estos logits y esta temperatura "
        f"debe ser {gap:.3g}."
    )


def _without_shift(logits, temperature):
    exp = torch.exp(logits / temperature)
    return exp / exp.sum(dim=-1, keepdim=True)


def _global_shift(logits, temperature):
    exp = torch.exp((logits - logits.max()) / temperature)
    return exp / exp.sum(dim=-1, keepdim=True)


def _lowest_shift(logits, temperature):
    exp = torch.exp((logits - logits.min(dim=-1, keepdim=True).values) / temperature)
    return exp / exp.sum(dim=-1, keepdim=True)


def _whole_matrix(logits, temperature):
    return torch.softmax((logits / temperature).flatten(), dim=0).reshape(logits.shape)


MISCONCEPTIONS = (
    Misconception(
        "Olvidaste la temperatura",
        "Tu resultado es el softmax de los logits tal como llegan. Divide los logits por "
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
        "Temperatura después del softmax",
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
        _without_shift,
    ),
    Misconception(
        "Restaste el mínimo",
        "Así el mayor exponente puede seguir siendo enorme y desbordar. Resta el máximo: entonces "
        "el mayor exponente es 0.",
        _lowest_shift,
    ),
    Misconception(
        "Restaste el máximo de toda la matriz",
        "Una fila de logits muy bajos queda entonces en ceros y la división da NaN. Usa el máximo "
        "de cada fila: `logits.max(dim=-1, keepdim=True).values`.",
        _global_shift,
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
        "Con `scaled = logits / temperature`, resta `scaled.max(dim=-1, keepdim=True).values`, "
        "aplica `torch.exp` y divide por la suma de cada fila con `keepdim=True`.",
    ),
    cases=cases,
    reference=reference,
    idea="p = softmax(z / T), fila por fila: T divide los logits y cada fila se normaliza sola.",
    properties=(
        Property(
            "Cada fila suma 1",
            "Cada fila es una distribución sobre el vocabulario: números no negativos que suman 1.",
            rows_sum_to_one,
        ),
        Property(
            "La temperatura controla el contraste",
            "El cociente entre dos probabilidades es exp((z₀ − z₁)/T): bajar T agranda las "
            "diferencias entre logits.",
            ratio_follows_temperature,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
