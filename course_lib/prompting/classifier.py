"""Un clasificador hecho de un modelo de lenguaje, una plantilla y un verbalizador.

    texto ──plantilla──► prompt ──búsqueda──► puntajes ──mapeo──► etiquetas ──calibración──► etiqueta

No se entrena nada: lo que en el NLP supervisado aprendería θ, aquí lo elige quien escribe el prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from ..models import LanguageModel
from .aggregates import AGGREGATES, Aggregate, SumOf
from .answer_search import AnswerSearch, measure
from .calibration import CONTENT_FREE, Calibration
from .candidates import as_list, check_distinct
from .evaluation import Evaluation, Prediction
from .examples import Example, Label, as_pairs, text_key
from .rules import check_rule, shown
from .scores import SCORES, ScoreRule, Sum
from .template import Prompt, Template
from .tokens import fit
from .verbalizer import Verbalizer

__all__ = ["PromptClassifier"]

_BLOCK = 32  # textos por tanda: acota la memoria y deja ver el avance


class PromptClassifier:
    """Clasifica textos preguntándole a un modelo de lenguaje.

    `shots`: ejemplos que se escriben resueltos antes de la entrada, como pares (texto, etiqueta) u
    objetos con `text` y `label`. `score`: `Sum()`, `PerToken()`, `PerChar()`, `PerByte()`, `Pmi()` o
    una función de una `Measure`. `aggregate`: `SumOf()`, `MeanOf()`, `MaxOf()` o una función de una
    lista de probabilidades. `calibrate`: si se descuenta la respuesta a entradas sin contenido.

    Raises:
        TypeError: un argumento no es de su tipo.
        ValueError: la plantilla o el verbalizador están mal escritos, un ejemplo tiene una etiqueta
            que no existe, o dos respuestas dejan el mismo texto en la plantilla.

    >>> classifier = PromptClassifier(lm, template, verbalizer)  # doctest: +SKIP
    >>> classifier.predict("Amé esa película").label  # doctest: +SKIP
    'positivo'
    """

    def __init__(
        self,
        lm: LanguageModel,
        template: Template | str,
        verbalizer: Verbalizer | Mapping[Label, Iterable[str]],
        *,
        shots: Iterable[Example] = (),
        score: ScoreRule = Sum(),  # noqa: B008  (es un valor inmutable)
        aggregate: Aggregate = SumOf(),  # noqa: B008
        calibrate: bool = False,
    ):
        if not isinstance(calibrate, bool):
            raise TypeError(f"calibrate es True o False; llegó {calibrate!r:.60}.")
        self.lm = lm
        self.template = template if isinstance(template, Template) else Template(template)
        self.verbalizer = (
            verbalizer if isinstance(verbalizer, Verbalizer) else Verbalizer(verbalizer)
        )
        check_distinct(self.template, self.verbalizer.answers)
        check_rule(score, "score", SCORES)
        check_rule(aggregate, "aggregate", AGGREGATES)
        self.rule, self.aggregate, self.calibrate = score, aggregate, calibrate
        self.shots = as_pairs(shots, self.verbalizer.labels, "shots")
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
        """Devuelve la predicción para un texto; con uno vacío, lo que el modelo prefiere sin leer nada."""
        return self.predict_many([text])[0]

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Devuelve la predicción de cada texto; lo que comparten se calcula una sola vez."""
        found = as_list(texts, "predict_many")
        for text in found:
            if not isinstance(text, str):
                raise TypeError(
                    f"Se predice la etiqueta de un texto; llegó {text!r:.60}. Si tienes ejemplos con etiqueta, "
                    "usa evaluate."
                )
        return [self._predict(search) for search in self._search(found)]

    def evaluate(self, examples: Iterable[Example]) -> Evaluation:
        """Devuelve la evaluación sobre ejemplos: pares (texto, etiqueta) u objetos con `text` y `label`.

        Raises:
            ValueError: no hay ejemplos, una etiqueta no está en el verbalizador, un texto está vacío,
                o un ejemplo es también uno de los `shots`, aunque cambien mayúsculas o puntuación.
        """
        pairs = as_pairs(examples, self.verbalizer.labels, "evaluate")
        if not pairs:
            raise ValueError("No hay ejemplos que evaluar: pasa al menos uno con su etiqueta.")
        seen = {text_key(text) for text, _ in self.shots}
        for text, _ in pairs:
            if text_key(text) in seen:
                raise ValueError(
                    f"«{text[:60]}» está entre los ejemplos del prompt: el modelo ya vio su respuesta. Evalúa con "
                    "textos que no estén en shots."
                )
        texts = tuple(text for text, _ in pairs)
        truth = tuple(label for _, label in pairs)
        return Evaluation(self.verbalizer.labels, texts, truth, tuple(self.predict_many(texts)))

    def _search(self, texts: Sequence[str]) -> list[AnswerSearch]:
        prompts = [self.prompt(text) for text in texts]
        needs_prior = getattr(self.rule, "needs_prior", False)
        found: list[AnswerSearch] = []
        for start in _progress(range(0, len(prompts), _BLOCK)):
            block = prompts[start : start + _BLOCK]
            rows = measure(self.lm, block, self.verbalizer.answers, prior=needs_prior)
            found += [
                AnswerSearch(p, tuple(row), self.rule) for p, row in zip(block, rows, strict=True)
            ]
        return found

    def _label_probs(self, found: AnswerSearch) -> dict[Label, float]:
        return self.verbalizer.label_probs(found.probs, self.aggregate)

    def _predict(self, found: AnswerSearch) -> Prediction:
        probs = self._label_probs(found)
        if self.calibrate:
            probs = self.calibration(probs)
        label = max(probs, key=probs.__getitem__)
        return Prediction(label, found.best, probs, found.scores, found.prompt)

    def __repr__(self) -> str:
        extras = f", {len(self.shots)} ejemplos" if self.shots else ""
        extras += ", calibrado" if self.calibrate else ""
        return (
            f"PromptClassifier(«{self.template}», {self.verbalizer!r}, score={shown(self.rule)}, "
            f"aggregate={shown(self.aggregate)}{extras})"
        )


def _progress(blocks: range) -> Iterable[int]:
    """La barra de avance, solo en una terminal: en un cuaderno quedaría guardada."""
    from tqdm import tqdm

    quiet = None if len(blocks) > 1 else True  # None: se calla donde no hay terminal
    bar: Iterable[int] = tqdm(blocks, desc="clasificando", disable=quiet, leave=False)
    return bar
