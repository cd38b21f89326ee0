"""Ajustar un modelo base con ejemplos: LoRA, de peft, y el bucle de entrenamiento de transformers.

    ejemplo ──plantilla──▶ ids y etiquetas ──lote──▶ logits ──▶ pérdida de la respuesta ──▶ solo cambian A y B

Cada matriz W del modelo queda fija y se le suma B·A, de rango pequeño. Ref.: Hu et al. 2021, arXiv:2106.09685.
"""

from __future__ import annotations

import copy
import json
import math
import random
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ..data.instructions import Example
from ..models import LanguageModel
from .encoded import MASKED, Encoded, pad
from .templates import ChatTemplate
from .trainer import curve, trainer_for

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finetuned", "answer_loss", "finetune"]


@dataclass(frozen=True)
class Finetuned:
    """El modelo ajustado, `lm`, y su curva: (paso, pérdida media desde el punto anterior, en nats por token)."""

    lm: LanguageModel
    curve: tuple[tuple[int, float], ...]
    settings: Mapping[str, Any]
    adapter: Any = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con un renglón por punto de la curva."""
        import pandas as pd

        return pd.DataFrame(self.curve, columns=["paso", "pérdida (nats por token)"])

    def save(self, folder: str | Path) -> None:
        """Guarda en `folder` las matrices A y B, en el formato de peft; los pesos del modelo base, no."""
        self.adapter.save_pretrained(folder)


def finetune(
    lm: LanguageModel,
    examples: Sequence[Example],
    template: ChatTemplate,
    *,
    epochs: float = 3,
    batch_size: int = 8,
    learning_rate: float = 4e-4,
    rank: int = 16,
    prompt_loss_weight: float = 0.0,
    max_length: int = 256,
    seed: int = 0,
    checkpoints: str | Path | None = None,
) -> Finetuned:
    """Devuelve un modelo ajustado con `examples`, escritos con `template`; `lm` queda como estaba.

    `epochs`: cuántas veces se lee cada ejemplo. `rank`: filas de A y columnas de B. `prompt_loss_weight`: lo que
    pesa un token del prompt frente a uno de la respuesta (0: solo se aprende a responder). `checkpoints`: carpeta
    donde se anota el avance cuatro veces; si una corrida igual se interrumpió, sigue por donde iba. Se entrena en
    el dispositivo y con el tipo numérico de `lm`.

    Raises:
        ValueError: no hay ejemplos, uno no cabe en `max_length`, un parámetro es imposible, o en `checkpoints`
            hay una corrida distinta.
    """
    settings = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    settings |= {"rank": rank, "prompt_loss_weight": prompt_loss_weight, "seed": seed}
    _check(examples, settings)
    rows = [template.encode(lm.tokenizer, example.messages(), max_length) for example in examples]
    order = _order([len(row.input_ids) for row in rows], epochs, batch_size, seed)

    def collate(members: list[Encoded]) -> dict[str, Tensor]:
        batch = pad(members, lm.tokenizer)
        read, labels = batch["attention_mask"].float(), batch.pop("labels")
        return batch | {"weights": torch.where(labels == MASKED, prompt_loss_weight * read, read)}

    keep = checkpoints is not None
    with torch.random.fork_rng(), tempfile.TemporaryDirectory() as temporary:
        folder = Path(checkpoints or temporary)
        told = settings | {"template": repr(template), "examples": len(examples)}
        started = _started(folder, told)
        torch.manual_seed(seed)  # A empieza al azar
        adapter = _with_lora(lm, rank)
        trainer = trainer_for(
            lm,
            adapter,
            [rows[i] for i in order],
            collate,
            answer_loss,
            folder,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            keep=keep,
        )
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", FutureWarning
            )  # peft llama a algo que transformers renombró
            trainer.train(resume_from_checkpoint=started)
    adapter.merge_adapter()  # al escribir, W + B·A es una sola matriz
    tuned = adapter.get_base_model()
    closing = next(label for label in reversed(rows[0].labels) if label != MASKED)
    tuned.generation_config.eos_token_id = sorted({*lm.eos_token_ids, closing})
    return Finetuned(LanguageModel(tuned, lm.tokenizer), curve(trainer), settings, adapter)


def answer_loss(model: Any, batch: dict[str, Tensor]) -> Tensor:
    """Devuelve la pérdida media del lote, en nats: la entropía cruzada de cada token por su peso.

    `batch`: `input_ids` y `attention_mask`, (B, T) enteros, y `weights`, (B, T). Solo se calculan los logits de las
    posiciones que predicen algo que pesa: en un vocabulario grande son casi todo el trabajo.
    """
    given = {name: value for name, value in batch.items() if name != "weights"}
    weights, targets = batch["weights"][:, 1:], batch["input_ids"][:, 1:]  # el token que sigue
    kept = weights.gt(0).any(0).nonzero()[:, 0]  # (K,)
    logits = model(**given, logits_to_keep=kept).logits  # (B, K, V)
    losses = F.cross_entropy(logits.transpose(1, 2).float(), targets[:, kept], reduction="none")
    weights = weights[:, kept]
    return (losses * weights).sum() / weights.sum()


def _with_lora(lm: LanguageModel, rank: int) -> Any:
    """Una copia del modelo con A y B en cada capa lineal, que es lo único que se entrena; B empieza en 0."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(copy.deepcopy(lm.model), config)


def _order(lengths: Sequence[int], epochs: float, batch_size: int, seed: int) -> list[int]:
    """El orden de lectura: al azar, con los de largo parecido en el mismo lote para rellenar poco."""
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


def _started(folder: Path, told: Mapping[str, Any]) -> str | None:
    """El último avance anotado en `folder` de una corrida igual, o None; si es de otra, `ValueError`."""
    stamp, text = folder / "corrida.json", json.dumps(told, ensure_ascii=False, indent=1)
    if stamp.exists() and stamp.read_text(encoding="utf-8") != text:
        raise ValueError(
            f"En «{folder}» está el avance de otra corrida ({stamp.name} dice cuál): usa otra carpeta o bórrala."
        )
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(text, encoding="utf-8")
    saved = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    return str(saved[-1]) if saved else None


def _check(examples: Sequence[Example], settings: Mapping[str, Any]) -> None:
    if not examples:
        raise ValueError(
            'No hay ejemplos con que ajustar: dale al menos uno (load_examples("train")).'
        )
    for name in ("epochs", "batch_size", "learning_rate", "rank"):
        if not settings[name] > 0:
            raise ValueError(f"{name} debe ser mayor que 0 y llegó {settings[name]!r}.")
    if not 0 <= settings["prompt_loss_weight"] <= 1:
        weight = settings["prompt_loss_weight"]
        raise ValueError(f"prompt_loss_weight va de 0 a 1 y llegó {weight!r}.")
