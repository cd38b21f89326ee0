"""El `Trainer` de transformers con una pérdida propia: anota el avance, lo retoma y devuelve la curva.

Lo que se enseña (qué pérdida, sobre qué lotes) lo da quien llama; accelerate lleva el mismo bucle a varias GPU.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor

__all__ = ["Curve", "quiet", "reading_order", "train"]

Curve = tuple[tuple[int, float], ...]  # (paso, pérdida media desde el punto anterior)
_POINTS, _SAVES = 20, 4  # puntos de la curva y veces que se anota el avance


def train(
    model: Any,
    rows: Sequence[Any],
    collate: Callable[[list[Any]], dict[str, Tensor]],
    loss: Callable[[Any, dict[str, Tensor]], Tensor],
    *,
    batch_size: int,
    learning_rate: float,
    seed: int,
    checkpoints: str | Path | None = None,
    told: Mapping[str, Any] | None = None,
) -> Curve:
    """Entrena `model` en su sitio con los lotes de `rows`, en el orden dado, y devuelve la curva.

    `collate(filas)` hace un lote y `loss(model, lote)` da su pérdida. La tasa de aprendizaje sube en el primer 5 %
    hasta `learning_rate` y baja como un coseno. `checkpoints`: carpeta donde se anota el avance; si está el de una
    corrida igual (`told`, sus ajustes), sigue por ahí, y si es de otra lanza `ValueError`.
    """
    with tempfile.TemporaryDirectory() as temporary, quiet():
        folder = Path(checkpoints or temporary)
        started = _started(folder, told or {})
        settings = {
            "output_dir": str(folder),
            "per_device_train_batch_size": batch_size,
            "learning_rate": learning_rate,
            "seed": seed,
            "save_strategy": "no" if checkpoints is None else "steps",
        }
        trainer = _trainer(model, list(rows), collate, loss, settings)
        trainer.train(resume_from_checkpoint=started)
    return tuple((e["step"], e["loss"]) for e in trainer.state.log_history if "loss" in e)


@contextmanager
def quiet() -> Iterator[None]:
    """Calla los avisos de lo que vendrá: peft usa un nombre que transformers cambió."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def reading_order(lengths: Sequence[int], epochs: float, batch_size: int, seed: int) -> list[int]:
    """Devuelve en qué orden leer filas de esos largos: al azar, y las parecidas en el mismo lote para rellenar poco.

    Cada fila aparece `epochs` veces (si no es entero, la última vuelta queda a medias), y `seed` fija el sorteo.

    >>> reading_order([9, 9, 9, 9], 0.5, 2, 0)
    [2, 0]
    """
    shuffle, total = random.Random(seed), math.ceil(epochs * len(lengths))
    order = list[int]()
    while len(order) < total:
        turn = list(range(len(lengths)))
        shuffle.shuffle(turn)
        turn.sort(key=lambda i: lengths[i] // 8)
        groups = [turn[i : i + batch_size] for i in range(0, len(turn), batch_size)]
        short = [groups.pop()] if len(groups[-1]) < batch_size else []
        shuffle.shuffle(groups)
        order += [i for group in [*groups, *short] for i in group]
    return order[:total]


def _trainer(
    model: Any, rows: list[Any], collate: Any, loss: Any, settings: Mapping[str, Any]
) -> Any:
    from torch.utils.data import SequentialSampler
    from transformers import PrinterCallback, Trainer, TrainingArguments

    class CourseTrainer(Trainer):  # type: ignore[misc, unused-ignore]
        def compute_loss(self, model: Any, inputs: Any, *_: Any, **__: Any) -> Any:
            return loss(model, inputs)

        def _get_train_sampler(self, *_: Any) -> Any:
            return SequentialSampler(rows)

    steps = math.ceil(len(rows) / settings["per_device_train_batch_size"])
    kind = str(next(model.parameters()).dtype)
    arguments = TrainingArguments(
        **settings,
        num_train_epochs=1,  # `rows` ya trae cada ejemplo las veces que se lee
        lr_scheduler_type="cosine",
        warmup_steps=max(1, steps // 20),
        logging_steps=max(1, steps // _POINTS),
        save_steps=math.ceil(steps / _SAVES),
        save_total_limit=1,
        use_cpu=next(model.parameters()).device.type == "cpu",
        bf16=kind == "torch.bfloat16",
        fp16=kind == "torch.float16",
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to=[],
    )
    trainer = CourseTrainer(
        model, arguments, data_collator=collate, train_dataset=rows, callbacks=[_bar()]
    )
    trainer.remove_callback(PrinterCallback)  # la curva se devuelve, no se escribe
    return trainer


def _bar() -> Any:
    from tqdm.auto import tqdm
    from transformers import TrainerCallback

    class Bar(TrainerCallback):  # type: ignore[misc, unused-ignore]
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar = tqdm(total=state.max_steps, initial=state.global_step, unit="lote")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.update()

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.close()

    return Bar()


def _started(folder: Path, told: Mapping[str, Any]) -> str | None:
    """El último avance anotado en `folder` por una corrida igual, o None; si es de otra, `ValueError`."""
    stamp, text = folder / "corrida.json", json.dumps(told, ensure_ascii=False, indent=1)
    if stamp.exists() and stamp.read_text(encoding="utf-8") != text:
        raise ValueError(
            f"En «{folder}» está el avance de otra corrida ({stamp.name} dice cuál): usa otra carpeta o bórrala."
        )
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(text, encoding="utf-8")
    saved = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    return str(saved[-1]) if saved else None
