"""Preentrenar: predecir el token siguiente de miles de cuentos, una y otra vez.

El bucle es el de accelerate, que reparte el mismo código entre los procesadores que haya. Cada fila
del lote es un cuento entero; los lotes juntan cuentos de largo parecido para no calcular relleno. El orden
de los lotes sale de la semilla, y por eso un entrenamiento cortado sigue exactamente donde iba.

Ref.: Radford et al. 2018 (GPT); Loshchilov y Hutter 2019, arXiv:1711.05101 (AdamW y coseno).
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from ...transformer.model import Transformer
from ..training import learning_rate

__all__ = ["Plan", "Point", "batch_order", "collate", "mean_loss", "points_of", "train"]

IGNORE = -100  # la etiqueta que la entropía cruzada no cuenta: el relleno


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Todo lo que decide un entrenamiento, aparte de los datos y del modelo.

    Raises:
        ValueError: algún número que no puede ser (pasos, lote o paso de aprendizaje menores que 1 o 0).
    """

    steps: int
    batch_size: int = 16
    peak: float = (
        2e-3  # el paso de aprendizaje más alto: sube en el primer 5 % y baja como un coseno
    )
    weight_decay: float = 0.1
    clip: float = 1.0  # largo máximo del gradiente
    seed: int = 0  # el orden de los cuentos
    points: int = 20  # cuántas veces se mide, además de al empezar

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "points"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"Llegó {name}={getattr(self, name)}: para entrenar hace falta al menos 1."
                )
        for name in ("peak", "clip"):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"Llegó {name}={getattr(self, name)}: con 0 o menos el modelo no cambiaría."
                )


@dataclass(frozen=True)
class Point:
    """Una medida en la curva: pérdidas en nats por token y un texto que el modelo escribe entonces."""

    step: int
    tokens: int  # tokens predichos hasta aquí
    train_loss: float | None  # media desde el punto anterior
    heldout_loss: float
    sample: str = ""


def points_of(plan: Plan) -> list[int]:
    """Devuelve en qué pasos se mide: pocos al final y muchos al principio, donde todo cambia.

    >>> points_of(Plan(steps=1000, points=5))
    [0, 5, 19, 71, 266, 1000]
    """
    first = max(1.0, plan.steps / 200)
    ratio = (plan.steps / first) ** (1 / max(1, plan.points - 1))
    found = {round(first * ratio**i) for i in range(plan.points)}
    return sorted({0, *(step for step in found if step <= plan.steps), plan.steps})


def batch_order(lengths: Sequence[int], plan: Plan) -> list[list[int]]:
    """Devuelve qué cuentos forman cada lote, de principio a fin del entrenamiento.

    Cada vuelta al corpus se baraja; después se ordena por largo dentro de grupos de 32 lotes, y los
    lotes de cada grupo se barajan otra vez.

    >>> batch_order([3, 1, 2, 4], Plan(steps=3, batch_size=2, seed=1)) == batch_order(
    ...     [3, 1, 2, 4], Plan(steps=3, batch_size=2, seed=1))
    True
    """
    rng, size = random.Random(plan.seed), plan.batch_size
    batches: list[list[int]] = []
    while len(batches) < plan.steps:
        order = rng.sample(range(len(lengths)), len(lengths))
        for start in range(0, len(order), 32 * size):
            group = sorted(order[start : start + 32 * size], key=lengths.__getitem__)
            parts = [group[i : i + size] for i in range(0, len(group), size)]
            batches += rng.sample(parts, len(parts))
    return batches[: plan.steps]


def collate(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Devuelve entradas y etiquetas (B, T): las mismas filas, corridas un lugar y con relleno.

    >>> inputs, labels = collate([[0, 5, 6, 1], [0, 7, 1]])
    >>> inputs.tolist(), labels.tolist()
    ([[0, 5, 6], [0, 7, 0]], [[5, 6, 1], [7, 1, -100]])
    """
    longest = max(len(row) for row in rows)
    inputs = torch.zeros(len(rows), longest - 1, dtype=torch.long)
    labels = torch.full((len(rows), longest - 1), IGNORE)
    for i, row in enumerate(rows):
        inputs[i, : len(row) - 1] = torch.tensor(row[:-1])
        labels[i, : len(row) - 1] = torch.tensor(row[1:])
    return inputs, labels


@torch.no_grad()
def mean_loss(model: nn.Module, rows: Sequence[Sequence[int]], *, batch_size: int = 32) -> float:
    """Devuelve la entropía cruzada media, en nats por token, de predecir esas filas.

    `batch_size`: filas por lote; no cambia el resultado, solo la memoria que se usa.
    """
    device, was_training = next(model.parameters()).device, model.training
    model.eval()
    total, count = 0.0, 0
    ordered = sorted(rows, key=len)
    for start in range(0, len(ordered), batch_size):
        inputs, labels = collate(ordered[start : start + batch_size])
        total += float(_loss(model, inputs.to(device), labels.to(device), reduction="sum"))
        count += int((labels != IGNORE).sum())
    model.train(was_training)
    return total / count


def train(
    model: Transformer,
    rows: Sequence[Sequence[int]],
    heldout: Sequence[Sequence[int]],
    plan: Plan,
    *,
    folder: str | Path | None = None,
    write: Callable[[Transformer], str] = lambda model: "",
    save_every: int = 100,
    stop_at: int | None = None,
    progress: bool = True,
) -> list[Point]:
    """Entrena `model` en su sitio con las filas de ids `rows` y devuelve la curva.

    `heldout`: filas que nunca se entrenan, para medir; `write(modelo)`: un texto que se guarda en cada
    punto. Con `folder`, cada `save_every` pasos se guarda un punto de control (pesos en safetensors, optimizador
    y azar), y la próxima llamada con el mismo plan sigue desde él; `stop_at` corta antes, como lo haría un apagón.
    `progress`: si se muestra la barra.

    Raises:
        ValueError: no hay cuentos, alguno no cabe en el contexto, o el punto de control es de otro plan.
    """
    _check(model, rows, heldout)
    run = _Run(model, rows, plan, folder, lambda model: (mean_loss(model, heldout), write(model)))
    run.resume()
    batches = run.batches(min(plan.steps, stop_at or plan.steps))
    bar = tqdm(batches, total=plan.steps, initial=run.step, unit="paso", disable=not progress)
    for inputs, labels in bar:
        run.update(inputs, labels)
        bar.set_postfix_str(f"pérdida {run.points[-1].heldout_loss:.3f}", refresh=False)
        if run.step % save_every == 0 or run.step == plan.steps:
            run.save()
    model.eval()
    return run.points


class _Run:
    """Un entrenamiento en marcha: qué se actualiza en cada paso, por dónde va y cómo se retoma."""

    def __init__(
        self,
        model: Transformer,
        rows: Sequence[Sequence[int]],
        plan: Plan,
        folder: str | Path | None,
        look: Callable[[Transformer], tuple[float, str]],
    ) -> None:
        set_seed(plan.seed)
        self.accelerator = Accelerator()
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=plan.peak, betas=(0.9, 0.95), weight_decay=plan.weight_decay
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda done: learning_rate(done + 1, plan.steps, 1.0)
        )
        data: Any = rows
        order = batch_order([len(row) for row in rows], plan)
        loader = DataLoader[Any](data, batch_sampler=order, collate_fn=collate)
        prepared = self.accelerator.prepare(model, optimizer, loader, schedule)
        self.model, self.optimizer, self.loader, self.schedule = prepared
        self.plan, self.at, self.look = plan, set(points_of(plan)), look
        self.folder = None if folder is None else Path(folder)
        self.step = self.tokens = 0
        self.recent: list[float] = []
        self.points: list[Point] = []

    def batches(self, last: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Los lotes que faltan hasta el paso `last`."""
        left = self.accelerator.skip_first_batches(self.loader, self.step)
        return islice(left, max(0, last - self.step))

    def update(self, inputs: Tensor, labels: Tensor) -> None:
        """Un paso: pérdida, gradiente recortado, pesos nuevos; y una medida, si toca."""
        loss = _loss(self.model, inputs, labels)
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.model.parameters(), self.plan.clip)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad()
        self.step, self.tokens = self.step + 1, self.tokens + int((labels != IGNORE).sum())
        self.recent.append(loss.item())
        if self.step in self.at:
            self.measure()

    def measure(self) -> None:
        train_loss = sum(self.recent) / len(self.recent) if self.recent else None
        self.points.append(Point(self.step, self.tokens, train_loss, *self.look(self.model)))
        self.recent = []

    def save(self) -> None:
        """Guarda todo en una carpeta nueva y solo entonces borra la anterior."""
        if self.folder is None or not self.accelerator.is_main_process:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f"paso-{self.step:06d}"
        partial = fresh.with_suffix(".parcial")
        shutil.rmtree(partial, ignore_errors=True)
        self.accelerator.save_state(str(partial), safe_serialization=True)
        state: dict[str, Any] = {"plan": asdict(self.plan), "step": self.step}
        state |= {"tokens": self.tokens, "recent": self.recent}
        state["points"] = [asdict(point) for point in self.points]
        (partial / "curva.json").write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        os.replace(partial, fresh)
        for old in self.folder.glob("paso-*"):
            if old != fresh:
                shutil.rmtree(old)

    def resume(self) -> None:
        """Sigue desde el último punto de control o, si no hay ninguno, mide el modelo sin entrenar."""
        self.model.train()
        saved = [] if self.folder is None else sorted(self.folder.glob("paso-??????"))
        if not saved:
            self.measure()
            return
        state = json.loads((saved[-1] / "curva.json").read_text(encoding="utf-8"))
        if state["plan"] != asdict(self.plan):
            changed = [k for k, v in asdict(self.plan).items() if state["plan"].get(k) != v]
            raise ValueError(
                f"En {saved[-1].parent.name} hay un entrenamiento a medias con otro plan (cambia: "
                f"{', '.join(changed)}). Borra esa carpeta para empezar de nuevo, o vuelve al plan anterior."
            )
        self.accelerator.load_state(str(saved[-1]))
        self.step, self.tokens, self.recent = state["step"], state["tokens"], state["recent"]
        self.points = [Point(**point) for point in state["points"]]


def _loss(model: nn.Module, inputs: Tensor, labels: Tensor, reduction: str = "mean") -> Tensor:
    logits = model(inputs)  # (B, T, V)
    return F.cross_entropy(
        logits.flatten(0, 1).float(), labels.flatten(), ignore_index=IGNORE, reduction=reduction
    )


def _check(
    model: Transformer, rows: Sequence[Sequence[int]], heldout: Sequence[Sequence[int]]
) -> None:
    if not rows or not heldout:
        raise ValueError(
            f"Llegaron {len(rows)} cuentos para entrenar y {len(heldout)} para medir: hace falta al menos "
            "uno de cada."
        )
    limit = model.config.max_position_embeddings
    longest = max(max(len(row) for row in rows), max(len(row) for row in heldout))
    if longest - 1 > limit:
        raise ValueError(
            f"Hay un cuento de {longest} tokens y el contexto del modelo es de {limit}: no cabe. Acorta los "
            "cuentos o agranda max_position_embeddings."
        )
    if min(len(row) for row in rows) < 2:
        raise ValueError("Hay una fila de menos de dos tokens: no tiene nada que predecir.")
