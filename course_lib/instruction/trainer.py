"""El `Trainer` de transformers con la pérdida del curso: reparte el trabajo, anota el avance y lo retoma."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from ..models import LanguageModel

__all__ = ["curve", "trainer_for"]

_POINTS, _SAVES = 20, 4  # puntos de la curva y veces que se anota el avance

Loss = Callable[[Any, dict[str, Tensor]], Tensor]


def trainer_for(
    lm: LanguageModel,
    model: Any,
    rows: Sequence[Any],
    collate: Callable[[list[Any]], dict[str, Tensor]],
    loss: Loss,
    folder: Path,
    *,
    batch_size: int,
    learning_rate: float,
    seed: int,
    keep: bool,
) -> Any:
    """Devuelve un `Trainer` que lee `rows` en el orden dado y minimiza `loss(model, lote)`.

    Con `keep`, el avance se anota en `folder`; `trainer.train(resume_from_checkpoint=True)` lo retoma.
    """
    from torch.utils.data import SequentialSampler
    from tqdm.auto import tqdm
    from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

    class CourseTrainer(Trainer):  # type: ignore[misc]
        def compute_loss(
            self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any
        ) -> Any:
            value = loss(model, inputs)
            return (value, {}) if return_outputs else value

        def _get_train_sampler(self, *_: Any) -> SequentialSampler:
            return SequentialSampler(rows)

    class Bar(TrainerCallback):  # type: ignore[misc]
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar = tqdm(total=state.max_steps, initial=state.global_step, unit="lote")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.update()

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.close()

    steps = math.ceil(len(rows) / batch_size)
    arguments = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=batch_size,
        num_train_epochs=1,  # `rows` ya trae cada ejemplo las veces que se lee
        learning_rate=learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=max(1, steps // 20),
        logging_steps=max(1, steps // _POINTS),
        save_strategy="steps" if keep else "no",
        save_steps=max(1, math.ceil(steps / _SAVES)),
        save_total_limit=1,
        seed=seed,
        use_cpu=lm.device.type == "cpu",
        bf16=lm.dtype.itemsize == 2 and "bfloat16" in str(lm.dtype),
        fp16=lm.dtype.itemsize == 2 and "bfloat16" not in str(lm.dtype),
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to=[],
    )
    trainer = CourseTrainer(
        model, arguments, data_collator=collate, train_dataset=list(rows), callbacks=[Bar()]
    )
    trainer.remove_callback(PrinterCallback)  # la curva se devuelve, no se escribe
    return trainer


def curve(trainer: Any) -> tuple[tuple[int, float], ...]:
    """Devuelve la curva de un entrenamiento: (paso, pérdida media desde el punto anterior)."""
    history = trainer.state.log_history
    return tuple((entry["step"], entry["loss"]) for entry in history if "loss" in entry)
