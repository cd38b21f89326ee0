"""El modelo que ve: codificador → proyector → modelo de lenguaje, que lee los tokens visuales como si fueran palabras.

    <bos> [token visual]×N «\\n¿De qué color es el círculo?\\nRespuesta:» → « rojo<eos>»

Ref.: Liu et al. 2023, arXiv:2304.08485 (LLaVA).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..decoding import Generation, generate
from ..models import HuggingFaceLM
from .image_encoder import ImageEncoder

__all__ = ["MASKED", "TEMPLATE", "VisionLanguageModel"]

TEMPLATE = "\n{question}\nRespuesta:"
MASKED = -100  # la etiqueta de lo que no se aprende, como en transformers


class VisionLanguageModel:
    """Las tres piezas, en orden: `encoder` (quieto), `projector` (lo que se entrena) y `lm` (quieto).

    Lanza `ValueError` si no encajan: si el proyector no recibe o no da los anchos de sus vecinos.
    """

    def __init__(self, encoder: ImageEncoder, projector: nn.Module, lm: HuggingFaceLM) -> None:
        like = next(projector.parameters(), torch.zeros(0))
        try:
            shape = projector(like.new_zeros(1, encoder.num_tokens, encoder.width)).shape
        except RuntimeError as error:
            raise ValueError(f"El proyector no recibe rasgos de ancho {encoder.width}.") from error
        if shape != (1, encoder.num_tokens, lm.hidden_size):
            raise ValueError(
                f"El proyector da {tuple(shape)} y {lm.name} lee vectores de ancho {lm.hidden_size}."
            )
        self.encoder, self.projector, self.lm = encoder, projector, lm

    @torch.no_grad()
    def encode(self, images: Sequence[Any]) -> Tensor:
        """Devuelve los tokens visuales de las imágenes, (B, N, D)."""
        tokens: Tensor = self.projector(self.encoder(images))
        return tokens

    @torch.no_grad()
    def prompt(self, image: Any, question: str) -> Tensor:
        """Devuelve lo que el modelo lee, (T, D): la imagen, si la hay, entre el comienzo y la pregunta.

        Con `image=None` es texto solo, y el modelo de lenguaje hace lo mismo que sin ojos. Una pregunta vacía es un
        `ValueError`.
        """
        if not question.strip():
            raise ValueError("La pregunta está vacía: escribe qué quieres saber de la imagen.")
        start, text = self._embed([self.lm.start_token_id]), self._embed(self.ids(question))
        if image is None:
            return torch.cat([start, text])
        return torch.cat([start, self.encode([image])[0].to(start), text])

    def generate(self, image: Any, question: str, *how: Any, **options: Any) -> Generation:
        """Devuelve lo que el modelo contesta de la imagen: lo escribe `decoding.generate`, con su estrategia y opciones.

        `how` y `options` se le pasan tal cual. Lanza los mismos errores que `prompt`, y si no cabe, `ValueError`.
        """
        made: Generation = generate(self.lm, self.prompt(image, question), *how, **options)
        return made

    def ids(self, question: str, answer: str | None = None) -> list[int]:
        """Devuelve los ids de la pregunta con su plantilla y, si se da `answer`, los de ella y el de cierre."""
        ids = self.lm.encode(TEMPLATE.format(question=question), add_bos=False)
        if answer is not None:
            ids += [*self.lm.encode(f" {answer}", add_bos=False), self.lm.eos_token_ids[0]]
        return ids

    def loss(self, features: Tensor, input_ids: Tensor, labels: Tensor) -> Tensor:
        """Devuelve la entropía cruzada media de los tokens con etiqueta, en nats.

        features (B, N, C), rasgos del codificador; input_ids y labels (B, Q, T), las Q preguntas de cada imagen,
        rellenas por la derecha; donde `labels` es -100 no se aprende. La imagen se lee una vez, y de ahí siguen sus
        preguntas. Los logits se calculan solo donde hay etiqueta.
        """
        from transformers import DynamicCache

        reader = self.lm.model.get_decoder()
        cache = DynamicCache(config=self.lm.model.config)
        start = self._embed([self.lm.start_token_id]).expand(len(features), 1, -1)
        image = torch.cat([start, self.projector(features).to(start.dtype)], dim=1)  # (B, 1 + N, D)
        reader(inputs_embeds=image, past_key_values=cache, use_cache=True)
        cache.batch_repeat_interleave(input_ids.shape[1])
        ids, targets = input_ids.flatten(0, 1), labels.flatten(0, 1)[:, 1:]  # (BQ, T) y (BQ, T - 1)
        hidden = reader(input_ids=ids, past_key_values=cache, use_cache=True).last_hidden_state
        learned = targets != MASKED  # la posición t predice el token t + 1
        logits = self.lm.model.get_output_embeddings()(hidden[:, :-1][learned])  # (etiquetas, V)
        return F.cross_entropy(logits.float(), targets[learned])

    def _embed(self, ids: Sequence[int]) -> Tensor:
        table = self.lm.model.get_input_embeddings()  # (V, D), y en Gemma los multiplica por √D
        embedded: Tensor = table(torch.tensor(ids, device=self.lm.device))
        return embedded
