"""Un clasificador hecho de un modelo de lenguaje, una plantilla y un verbalizador.

    texto ──plantilla──► prompt ──búsqueda──► puntajes ──mapeo──► etiquetas ──calibración──► etiqueta

No se entrena nada: lo que en el NLP supervisado aprendería θ, aquí lo elige quien escribe el prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from ..models import LanguageModel
from .answer_search import AnswerSearch, measure
from .calibration import CONTENT_FREE, Calibration
from .evaluation import Evaluation, Prediction
from .scores import score_rule
from .template import Prompt, Template
from .tokens import fit
from .verbalizer import AGGREGATES, Verbalizer

__all__ = ["PromptClassifier"]

_BLOCK = 32  # textos por tanda: acota la memoria y deja ver el avance


class PromptClassifier:
    """Clasifica textos preguntándole a un modelo de lenguaje.

    `shots`: pares (texto, etiqueta) que se escriben resueltos antes de la entrada. `score`: «sum»,
    «token», «char», «byte» o «pmi». `aggregate`: «sum», «mean» o «max». `calibrate`: si se descuenta
    la respuesta a entradas sin contenido.

    >>> classifier = PromptClassifier(lm, template, verbalizer)  # doctest: +SKIP
    >>> classifier.predict("Amé esa película").label  # doctest: +SKIP
    'positivo'
    """

    def __init__(
        self,
        lm: LanguageModel,
        template: Template | str,
        verbalizer: Verbalizer | dict,
        *,
        shots: Sequence[tuple[str, str]] = (),
        score="sum",
        aggregate: str = "sum",
        calibrate: bool = False,
    ):
        self.lm = lm
        self.template = Template(template) if isinstance(template, str) else template
        self.verbalizer = (
            verbalizer if isinstance(verbalizer, Verbalizer) else Verbalizer(verbalizer)
        )
        self.rule = score_rule(score)
        if aggregate not in AGGREGATES:
            raise ValueError(
                f"No existe aggregate={aggregate!r}. Elige uno: {', '.join(AGGREGATES)}."
            )
        self.aggregate, self.calibrate = aggregate, calibrate
        self.shots = tuple(_pair(shot) for shot in shots)
        self._examples = tuple(
            self.template.fill(text, self.verbalizer.first_answer(label))
            for text, label in self.shots
        )

    def prompt(self, text: str) -> Prompt:
        """Devuelve el prompt de un texto: los ejemplos, la plantilla y el hueco de la respuesta."""
        filled = self.template.fill(text)
        prompt = Prompt(self.template, filled.x, shots=self._examples)
        return fit(self.lm, prompt, self.verbalizer.answers)

    @cached_property
    def calibration(self) -> Calibration:
        """La preferencia del modelo por cada etiqueta ante entradas sin contenido."""
        searches = self._search(CONTENT_FREE)
        return Calibration.from_probs(self._label_probs(found) for found in searches)

    def predict(self, text: str) -> Prediction:
        """Devuelve la predicción para un texto."""
        return self.predict_many([text])[0]

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Devuelve la predicción de cada texto; lo que comparten se calcula una sola vez."""
        texts = list(texts)
        if any(not isinstance(text, str) for text in texts):
            raise TypeError(
                "predict_many recibe textos. Si tienes ejemplos con etiqueta, usa evaluate."
            )
        return [self._predict(found) for found in self._search(texts)]

    def evaluate(self, examples: Iterable) -> Evaluation:
        """Devuelve la evaluación sobre ejemplos: pares (texto, etiqueta) u objetos con `text` y `label`.

        Raises:
            ValueError: no hay ejemplos, una etiqueta no está en el verbalizador, o un ejemplo es
                también uno de los `shots`.
        """
        pairs = [_pair(example) for example in examples]
        if not pairs:
            raise ValueError("No hay ejemplos que evaluar: pasa al menos uno con su etiqueta.")
        for text, label in pairs:
            self.verbalizer.first_answer(label)  # explica qué etiquetas hay
            if any(text == shown for shown, _ in self.shots):
                raise ValueError(
                    f"«{text[:60]}» está entre los ejemplos del prompt: el modelo ya vio su respuesta. Evalúa con "
                    "textos que no estén en shots."
                )
        texts, truth = zip(*pairs, strict=True)
        predictions = self.predict_many(texts)
        return Evaluation(self.verbalizer.labels, texts, truth, tuple(predictions))

    def _search(self, texts: Sequence[str]) -> list[AnswerSearch]:
        prompts = [self.prompt(text) for text in texts]
        found = []
        for start in _progress(range(0, len(prompts), _BLOCK)):
            block = prompts[start : start + _BLOCK]
            rows = measure(self.lm, block, self.verbalizer.answers, prior=self.rule.needs_prior)
            found += [
                AnswerSearch(p, tuple(row), self.rule) for p, row in zip(block, rows, strict=True)
            ]
        return found

    def _label_probs(self, found: AnswerSearch) -> dict[str, float]:
        return self.verbalizer.label_probs(found.probs, self.aggregate)

    def _predict(self, found: AnswerSearch) -> Prediction:
        probs = self._label_probs(found)
        if self.calibrate:
            probs = self.calibration(probs)
        return Prediction(max(probs, key=probs.get), found.best, probs, found.scores, found.prompt)

    def __repr__(self) -> str:
        extras = f", {len(self.shots)} ejemplos" if self.shots else ""
        extras += ", calibrado" if self.calibrate else ""
        return (
            f"PromptClassifier(«{self.template}», {self.verbalizer!r}, score={self.rule.name}, "
            f"aggregate={self.aggregate}{extras})"
        )


def _pair(example) -> tuple[str, str]:
    if isinstance(example, tuple) and len(example) == 2:
        return example
    if hasattr(example, "text") and hasattr(example, "label"):
        return example.text, example.label
    raise TypeError(
        f"Un ejemplo es un par (texto, etiqueta) o tiene .text y .label; llegó {example!r:.60}."
    )


def _progress(blocks: range):
    """La barra de avance, solo en una terminal: en un cuaderno quedaría guardada."""
    from tqdm import tqdm

    return tqdm(blocks, desc="clasificando", disable=None if len(blocks) > 1 else True, leave=False)
