"""Empezar cerca: antes de entrenar, una regresión acerca cada celda a los embeddings de lo que hay en ella.

    celda con el centro de una figura → (« círculo» + « rojo» + « grande») / √3      celda sin nada → « fondo»

No usa el modelo de lenguaje, solo su tabla de embeddings, y se calcula de una vez. Es un atajo que las escenas permiten,
porque se sabe qué hay en cada celda; LLaVA empieza de pesos al azar y ve cientos de miles de imágenes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..data.scenes import Scene
from ..models import LanguageModel
from ..multimodal.vision_language_model import VisionLanguageModel

__all__ = ["targets", "warm_start"]

_BATCH, _RIDGE = 50, 10.0


def warm_start(
    vlm: VisionLanguageModel, scenes: Sequence[Scene], *, shuffled: bool = False
) -> None:
    """Cambia la última capa lineal del proyector de `vlm` por la que mejor lleva los rasgos de `scenes` a `targets`.

    Son mínimos cuadrados con una penalización pequeña; las celdas con figuras pesan, en total, lo mismo que las vacías.
    `shuffled`: cada escena recibe los destinos de la siguiente, para las corridas de control. Si el proyector no
    termina en una capa lineal, `ValueError`.
    """
    last = [m for m in vlm.projector.modules() if isinstance(m, nn.Linear)][-1:]
    if not last:
        raise ValueError("El proyector no tiene ninguna capa lineal que ajustar.")
    wanted = [targets(vlm.lm, scene, math.isqrt(vlm.encoder.num_tokens)) for scene in scenes]
    if shuffled:
        wanted = wanted[1:] + wanted[:1]
    seen = _inputs(vlm, last[0], scenes).double().cpu()  # (celdas, ancho)
    goal = torch.cat([goal for goal, _ in wanted]).double().cpu()
    filled = torch.cat([filled for _, filled in wanted])
    kept = filled.isfinite()
    x, y, full = seen[kept], goal[kept], filled[kept].bool()
    share = torch.where(full, 1 / full.sum().clamp(min=1), 1 / (~full).sum().clamp(min=1)).double()
    weight = share / share.mean()
    x_mean = (weight[:, None] * x).mean(0)
    y_mean = (weight[:, None] * y).mean(0)
    left = (x - x_mean) * weight[:, None]
    penalty = _RIDGE * torch.eye(x.shape[1], dtype=torch.float64)
    matrix = torch.linalg.solve(left.T @ (x - x_mean) + penalty, left.T @ (y - y_mean))
    with torch.no_grad():
        last[0].weight.copy_(matrix.T)
        last[0].bias.copy_(y_mean - x_mean @ matrix)


@torch.no_grad()
def targets(lm: LanguageModel, scene: Scene, side: int) -> tuple[Tensor, Tensor]:
    """Devuelve a qué vector debe ir cada celda de una cuadrícula de `side`, (N, D), y qué hay en ella, (N,).

    Lo segundo es 1 si está el centro de alguna figura (si hay varias, su vector es el promedio), 0 si no la toca
    ninguna, y nan si toca una que tiene su centro en otra celda: esas no cuentan.
    """
    table = lm.model.get_input_embeddings()

    def word(text: str) -> Tensor:
        ids = lm.encode(f" {text}", add_bos=False)
        vectors: Tensor = table(torch.tensor(ids, device=lm.device)).mean(0)
        return vectors

    goal = word("fondo").repeat(side * side, 1)  # (N, D)
    filled = torch.zeros(side * side)
    for cell in range(side * side):
        x, y = (cell % side + 0.5) / side, (cell // side + 0.5) / side
        inside = [
            t
            for t in scene.things
            if (int(t.x * side), int(t.y * side)) == (cell % side, cell // side)
        ]
        reach = 0.5 / side
        touched = [t for t in scene.things if max(abs(x - t.x), abs(y - t.y)) < t.radius + reach]
        if inside:
            vectors = [word(text) for t in inside for text in (t.shape, t.color, t.size)]
            goal[cell] = torch.stack(vectors).sum(0) / (math.sqrt(3) * len(inside))
            filled[cell] = 1
        elif touched:
            filled[cell] = math.nan
    return goal, filled


@torch.no_grad()
def _inputs(vlm: VisionLanguageModel, layer: nn.Linear, scenes: Sequence[Scene]) -> Tensor:
    """Lo que entra a `layer` cuando el proyector lee las celdas de las escenas, (celdas, ancho)."""
    found = list[Tensor]()
    hook = layer.register_forward_pre_hook(lambda _, given: found.append(given[0].flatten(0, 1)))
    try:
        for start in range(0, len(scenes), _BATCH):
            vlm.encode([scene.draw() for scene in scenes[start : start + _BATCH]])
    finally:
        hook.remove()
    return torch.cat(found)
