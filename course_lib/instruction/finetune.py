"""Ajustar un modelo base con ejemplos: se escriben con la plantilla, y LoRA aprende a escribir las respuestas.

    ejemplo ──plantilla──▶ ids y etiquetas ──lote──▶ logits ──▶ pérdida de la respuesta ──▶ solo cambian A y B

Cada matriz W del modelo queda fija y se le suma B·A, de rango pequeño. Ref.: Hu et al. 2021, arXiv:2106.09685.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional as F

from .. import trainer
from ..data.instructions import Example
from ..models import HuggingFaceLM, LanguageModel
from .encoded import MASKED, Encoded, pad
from .templates import ChatTemplate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finetuned", "answer_loss", "finetune"]


@dataclass(frozen=True)
class Finetuned:
    """El modelo ajustado, `lm`, y su curva: (paso, pérdida media desde el punto anterior, en nats por token)."""

    lm: LanguageModel
    curve: trainer.Curve
    settings: Mapping[str, Any]
    adapter: Any = field(repr=False)  # el modelo de peft

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con un renglón por punto de la curva."""
        import pandas as pd

        return pd.DataFrame(self.curve, columns=["paso", "pérdida (nats por token)"])

    def save(self, folder: str | Path) -> None:
        """Guarda en `folder` las matrices A y B en bfloat16, en el formato de peft; del modelo base, nada."""
        from peft import get_peft_model_state_dict
        from safetensors.torch import save_file

        config = self.adapter.peft_config["default"]
        config.base_model_name_or_path = ""  # sin rutas de esta máquina
        config.target_modules = sorted(
            config.target_modules
        )  # un conjunto se escribe en otro orden cada vez
        config.save_pretrained(str(folder))
        tensors = get_peft_model_state_dict(self.adapter)
        halves = {name: tensor.bfloat16().contiguous() for name, tensor in tensors.items()}
        save_file(halves, Path(folder) / "adapter_model.safetensors")


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

    `epochs`: cuántas veces se lee cada ejemplo, de `batch_size` en `batch_size`. `learning_rate`: el mayor tamaño
    del paso. `rank`: filas de A y columnas de B. `prompt_loss_weight`: lo que pesa un token del prompt frente a uno
    de la respuesta (0: solo se aprende a responder). `seed`: el orden y los pesos iniciales de A. `checkpoints`:
    carpeta donde se anota el avance cuatro veces; si una corrida igual se interrumpió, sigue por donde iba. Se
    entrena en el dispositivo y con el tipo numérico de `lm`.

    Raises:
        ValueError: no hay ejemplos, uno no cabe en `max_length`, un parámetro es imposible, o en `checkpoints`
            hay una corrida distinta.
    """
    settings = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    settings |= {"rank": rank, "prompt_loss_weight": prompt_loss_weight, "seed": seed}
    _check(examples, settings)
    rows = [template.encode(lm.tokenizer, example.messages(), max_length) for example in examples]
    told = settings | {"template": repr(template), "examples": len(examples)}
    adapter, curve = _train(lm, rows, settings, checkpoints, told)
    adapter.merge_adapter()  # al escribir, W + B·A es una sola matriz
    tuned = adapter.get_base_model()
    closing = next(label for label in reversed(rows[0].labels) if label != MASKED)
    tuned.generation_config.eos_token_id = sorted({*lm.eos_token_ids, closing})
    card = lm.card and replace(lm.card, name=f"{lm.card.name} ajustado")
    return Finetuned(HuggingFaceLM(tuned, lm.tokenizer, card), curve, settings, adapter)


def _train(
    lm: LanguageModel,
    rows: Sequence[Encoded],
    settings: Mapping[str, Any],
    checkpoints: str | Path | None,
    told: Mapping[str, Any],
) -> tuple[Any, trainer.Curve]:
    """Una copia de `lm` con LoRA ya entrenada, y su curva."""
    weight, seed = settings["prompt_loss_weight"], settings["seed"]
    batch_size = settings["batch_size"]

    def collate(members: list[Encoded]) -> dict[str, Tensor]:
        batch = pad(members, lm.tokenizer)
        read, labels = batch["attention_mask"].float(), batch.pop("labels")
        return batch | {"weights": torch.where(labels == MASKED, weight * read, read)}

    lengths = [len(row.input_ids) for row in rows]
    order = trainer.reading_order(lengths, settings["epochs"], batch_size, seed)
    with torch.random.fork_rng(), trainer.quiet():
        torch.manual_seed(seed)  # A empieza al azar
        adapter = _with_lora(lm, settings["rank"])
        curve = trainer.train(
            adapter,
            [rows[i] for i in order],
            collate,
            answer_loss,
            batch_size=batch_size,
            learning_rate=settings["learning_rate"],
            seed=seed,
            checkpoints=checkpoints,
            told=told,
        )
    return adapter, curve


def answer_loss(model: Any, batch: Mapping[str, Tensor]) -> Tensor:
    """Devuelve la pérdida media del lote, en nats: la entropía cruzada de cada token por su peso.

    `batch`: `input_ids` y `attention_mask`, (B, T) enteros, y `weights`, (B, T). Solo se calculan los logits de las
    posiciones que predicen algo que pesa: en un vocabulario grande son casi todo el trabajo.
    """
    given = {name: value for name, value in batch.items() if name != "weights"}
    weights, targets = batch["weights"][:, 1:], batch["input_ids"][:, 1:]  # el token que sigue
    kept = weights.gt(0).any(0).nonzero()[:, 0]  # (K,)
    logits = model(**given, logits_to_keep=kept).logits  # (B, K, V)
    losses = F.cross_entropy(logits.transpose(1, 2).float(), targets[:, kept], reduction="none")
    return (losses * weights[:, kept]).sum() / weights.sum()


def _with_lora(lm: LanguageModel, rank: int) -> Any:
    """Una copia del modelo con A y B en cada capa lineal, que es lo único que se entrena; B empieza en 0."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear")
    return get_peft_model(copy.deepcopy(lm.model), config)


def _check(examples: Sequence[Example], settings: Mapping[str, Any]) -> None:
    if not examples:
        raise ValueError(
            'No hay ejemplos con que ajustar: dale al menos uno (load_examples("train")).'
        )
    for name in ("epochs", "batch_size", "learning_rate", "rank"):
        if not settings[name] > 0:
            raise ValueError(f"{name} debe ser mayor que 0 y llegó {settings[name]!r}.")
    if not 0 <= (weight := settings["prompt_loss_weight"]) <= 1:
        raise ValueError(f"prompt_loss_weight va de 0 a 1 y llegó {weight!r}.")
