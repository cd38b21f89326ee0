"""El rival justo de un prompt: una sonda lineal en el vector donde el modelo va a escribir [Z].

Un prompt lee la respuesta de ese vector con una dirección que nadie entrenó para la tarea: la diferencia entre las
filas de dos palabras en la matriz de salida. La sonda aprende otra dirección con reseñas etiquetadas. Los dos
parten de lo mismo, lo que el modelo entendió al leer; lo que cambia es quién elige la dirección.

Ref.: Alain y Bengio 2016, arXiv:1610.01644.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..models import LanguageModel
from ..prompting import Prompt

__all__ = ["LAYERS", "RIDGES", "Direction", "answer_states", "choose", "fit"]

LAYERS = (3, 6, 9, 12, 15, 18)  # de las 19 salidas de Gemma 3 270M: los embeddings y 18 capas
RIDGES = (1e1, 1e2, 1e3, 1e4, 1e5, 1e6)
_FOLDS = 5


@dataclass(frozen=True)
class Direction:
    """Una sonda de dos clases: `weights` (d,) y `bias`. Un puntaje positivo es la clase 1."""

    weights: Tensor
    bias: float

    def __call__(self, states: Tensor) -> Tensor:
        """Devuelve el puntaje (B,) de unos vectores (B, d)."""
        return states.double() @ self.weights + self.bias


@torch.no_grad()
def answer_states(lm: LanguageModel, prompts: Sequence[Prompt]) -> Tensor:
    """Devuelve el vector de cada capa (B, L + 1, d) en el último token que precede a [Z].

    El primero de los L + 1 es el embedding de entrada; el último, el que se multiplica por la matriz de salida. Una
    plantilla sin nada delante de [Z] es un `ValueError`.
    """
    found = []
    for prompt in prompts:
        before = prompt.text[: prompt.text.rindex("[Z]")].rstrip(" ")
        if not before:
            raise ValueError(
                f"En «{prompt.template}» no hay nada delante de [Z]: ahí no hay qué leer. Usa una plantilla con [Z] "
                "al final."
            )
        ids = torch.tensor([lm.encode(before)], device=lm.device)
        states = lm.model(input_ids=ids, output_hidden_states=True, logits_to_keep=1).hidden_states
        found.append(torch.stack([layer[0, -1] for layer in states]))
    return torch.stack(found)


def fit(states: Tensor, labels: Tensor, *, ridge: float) -> Direction:
    """Devuelve la sonda ajustada por mínimos cuadrados a unos vectores (B, d) y sus clases (B,), 0 o 1.

    `ridge` penaliza los pesos grandes. Es la regresión de `probing.linear_probe`, en float64 y sin azar, escrita de
    modo que se vea su dirección.

    >>> probe = fit(torch.eye(2), torch.tensor([0, 1]), ridge=1.0)
    >>> (probe(torch.eye(2)) > 0).tolist()
    [False, True]
    """
    x, targets = states.double(), 2 * labels.double() - 1
    mean, scale = x.mean(0), x.std(0) + 1e-6
    x = (x - mean) / scale
    penalty = ridge * torch.eye(x.shape[1], dtype=torch.float64)
    weights = torch.linalg.solve(x.T @ x + penalty, x.T @ (targets - targets.mean())) / scale
    return Direction(weights, float(targets.mean() - mean @ weights))


def choose(states: Tensor, labels: Tensor) -> tuple[int, float, float]:
    """Devuelve la capa y la penalización que más aciertan en validación cruzada, y cuánto aciertan.

    `states` (B, L + 1, d) y `labels` (B,) son los de desarrollo: cinco partes, con igual número de cada clase, y de
    `LAYERS` y `RIDGES` se prueban todas las combinaciones. Si empatan, gana la primera.
    """
    part = torch.empty_like(labels)
    for label in (0, 1):
        own = (labels == label).nonzero()[:, 0]
        part[own] = torch.arange(len(own)) % _FOLDS
    found = [
        (layer, ridge, _cross_validated(states[:, layer], labels, part, ridge))
        for layer in LAYERS
        for ridge in RIDGES
    ]
    return max(found, key=lambda row: row[2])


def _cross_validated(states: Tensor, labels: Tensor, part: Tensor, ridge: float) -> float:
    hits = 0
    for fold in range(_FOLDS):
        rest = part != fold
        probe = fit(states[rest], labels[rest], ridge=ridge)
        hits += int(((probe(states[~rest]) > 0) == labels[~rest].bool()).sum())
    return hits / len(labels)
