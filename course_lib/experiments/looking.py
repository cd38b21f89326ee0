"""Mirar por dentro al modelo que ve: qué palabras se parecen a cada token visual y a qué celdas atiende la respuesta."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ..models import LanguageModel
from ..multimodal.vision_language_model import VisionLanguageModel

__all__ = ["attention_to_image", "nearest_words", "word_ids"]


def word_ids(lm: LanguageModel, words: Sequence[str]) -> dict[str, int]:
    """Devuelve el id de cada palabra que, con un espacio delante, es un solo token; las demás no están."""
    found = {word: lm.encode(f" {word}", add_bos=False) for word in words}
    return {word: ids[0] for word, ids in found.items() if len(ids) == 1}


@torch.no_grad()
def nearest_words(
    lm: LanguageModel, tokens: Tensor, ids: Sequence[int], k: int = 3
) -> list[list[tuple[int, float]]]:
    """Devuelve, por cada vector de `tokens` (N, D), los `k` tokens de `ids` más parecidos y su coseno."""
    embeddings = lm.model.get_input_embeddings()(torch.tensor(list(ids), device=lm.device))
    embeddings = embeddings.to(tokens)  # (W, D)
    cosines = F.normalize(tokens, dim=-1) @ F.normalize(embeddings, dim=-1).T  # (N, W)
    top = cosines.topk(min(k, len(ids)))
    rows = zip(top.indices.tolist(), top.values.tolist(), strict=True)
    return [[(ids[i], v) for i, v in zip(where, values, strict=True)] for where, values in rows]


@torch.no_grad()
def attention_to_image(
    vlm: VisionLanguageModel, image: Any, question: str, answer: str | Sequence[int]
) -> Tensor:
    """Devuelve cuánto atiende cada token de la respuesta a cada celda, (A, lado, lado).

    `answer`: su texto, al que se agrega el cierre, o sus ids tal como se generaron.
    Es la atención de la posición que predice ese token, promediada en todas las capas y cabezas; lo que falta para
    sumar 1 se lo llevan el comienzo y la pregunta.
    """
    model, before = vlm.lm.model, vlm.lm.model.config._attn_implementation
    prompt = vlm.prompt(image, question)  # (T, D)
    if isinstance(answer, str):
        extra = vlm.ids(question, answer)[len(vlm.ids(question)) :]
    else:
        extra = list(answer)
    embedded = model.get_input_embeddings()(torch.tensor(extra, device=vlm.lm.device))
    model.set_attn_implementation("eager")  # la única que devuelve los pesos
    try:
        whole = torch.cat([prompt, embedded])[None]
        layers = model.get_decoder()(inputs_embeds=whole, output_attentions=True).attentions
    finally:
        model.set_attn_implementation(before)
    mean = torch.stack(list(layers)).mean(dim=(0, 1, 2))  # (T + A, T + A)
    cells = vlm.encoder.num_tokens
    rows = mean[len(prompt) - 1 : len(prompt) - 1 + len(extra), 1 : 1 + cells]  # 0 es <bos>
    side = math.isqrt(cells)
    return rows.reshape(len(extra), side, side)
