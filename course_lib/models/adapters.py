"""Los modelos que el curso ajustó: un modelo del catálogo más un adaptador LoRA que viaja con el paquete."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..records import ARTIFACTS, file_hash
from .catalogue import ModelCard, card
from .fetch import FetchError

if TYPE_CHECKING:
    from .huggingface import HuggingFaceLM

__all__ = ["ADAPTERS", "WEIGHTS", "Adapter"]

WEIGHTS = "adapter_model.safetensors"


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """De qué modelo sale, dónde están sus matrices y qué token cierra sus respuestas."""

    name: str
    title: str
    base: str  # nombre del catálogo
    folder: Path
    sha256: str  # de sus matrices
    closing: str

    @property
    def card(self) -> ModelCard:
        """La ficha del modelo base, con el nombre del ajustado."""
        return replace(card(self.base), name=self.name, title=self.title)

    def on(self, lm: HuggingFaceLM) -> HuggingFaceLM:
        """Devuelve `lm`, el modelo base, con las matrices sumadas a sus pesos y la plantilla en su tokenizador.

        Lanza `FetchError` si el archivo falta o no es el que se publicó.
        """
        weights = self.folder / WEIGHTS
        if not weights.exists() or file_hash(weights) != self.sha256:
            raise FetchError(
                f"El adaptador de {self.name} falta o no es el publicado ({WEIGHTS}): vuelve a instalar course_lib."
            )
        from peft import PeftModel

        from ..trainer import quiet
        from .huggingface import HuggingFaceLM

        with quiet():
            tuned: Any = PeftModel.from_pretrained(lm.model, str(self.folder)).merge_and_unload()
        template = (self.folder / "chat_template.jinja").read_text(encoding="utf-8")
        lm.tokenizer.chat_template = template
        closing = lm.tokenizer.convert_tokens_to_ids(self.closing)
        tuned.generation_config.eos_token_id = sorted({*lm.eos_token_ids, closing})
        return HuggingFaceLM(tuned, lm.tokenizer, self.card)


_ADAPTERS = (
    Adapter(
        name="gemma-270m-instruct-es",
        title="Gemma 3 270M, ajustado en este curso con instrucciones en español",
        base="gemma-270m",
        folder=ARTIFACTS / "gemma" / "instruct-es",
        sha256="9659c1015d4fc34aaf54faa12a8aa8468c73e1cf7813042ce7da09ea4d7a3e07",
        closing="<end_of_turn>",
    ),
)

#: Los modelos ajustados del curso, por nombre.
ADAPTERS: dict[str, Adapter] = {a.name: a for a in _ADAPTERS}
