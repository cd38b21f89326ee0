"""La receta: con qué se entrena el modelo de los cuentos y cuánto. Cambiarla es cambiar el modelo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenizers import Tokenizer

from ...decoding import Sampling, generate
from ...transformer.model import Transformer
from .corpus import generate as generate_stories
from .model import as_language_model
from .tokenizer import encode_stories, load_tokenizer, train_tokenizer
from .training import Plan

__all__ = ["OPENING", "PLAN", "UNMASKED_PLAN", "Ingredients", "write_story"]

NUM_STORIES, NUM_HELDOUT, CORPUS_SEED = 8000, 100, 1
PLAN = Plan(steps=4000, batch_size=8, peak=3e-3, points=24, seed=0)
UNMASKED_PLAN = Plan(steps=600, batch_size=8, peak=3e-3, seed=0, points=12)
OPENING = "Había una vez"


@dataclass(frozen=True)
class Ingredients:
    """El corpus y su tokenizador: lo que hace falta antes de entrenar.

    `num_stories` y `num_heldout`: cuántos cuentos se entrenan y con cuántos se mide; `seed`, la del corpus.
    """

    num_stories: int = NUM_STORIES
    num_heldout: int = NUM_HELDOUT
    seed: int = CORPUS_SEED

    @cached_property
    def stories(self) -> list[str]:
        """Los cuentos que se entrenan."""
        return generate_stories(self.num_stories, "entrenamiento", self.seed)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """El tokenizador, aprendido de esos mismos cuentos y de ningún otro."""
        return train_tokenizer(self.stories)

    @cached_property
    def rows(self) -> list[list[int]]:
        """Los cuentos que se entrenan, como ids."""
        return encode_stories(self.tokenizer, self.stories)

    @cached_property
    def heldout(self) -> list[list[int]]:
        """Los cuentos con que se mide mientras se entrena: de la parte «desarrollo», como ids."""
        texts = generate_stories(self.num_heldout, "desarrollo", self.seed)
        return encode_stories(self.tokenizer, texts)


def write_story(
    model: Transformer,
    tokenizer: Tokenizer,
    *,
    opening: str = OPENING,
    temperature: float = 0.8,
    max_new_tokens: int = 200,
    seed: int = 0,
) -> str:
    """Devuelve lo que el modelo escribe después de `opening`, con ese comienzo incluido.

    `temperature` es la del muestreo y `max_new_tokens`, lo más que puede escribir. El modelo vuelve
    al modo en que estaba (entrenamiento o no).
    """
    was_training = model.training
    lm = as_language_model(model, load_tokenizer(tokenizer))
    strategy = Sampling(temperature=temperature)
    written = generate(lm, opening, strategy, max_new_tokens=max_new_tokens, seed=seed, trace=None)
    model.train(was_training)
    return f"{opening}{written.text}"
