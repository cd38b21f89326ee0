"""Prompting: plantilla, búsqueda de la respuesta, mapeo a etiquetas y calibración.

Se lee en el orden de la clase: `template` (adición del prompt), `candidates`, `tokens`, `scores` y
`answer_search` (búsqueda de la respuesta), `aggregates` y `verbalizer` (mapeo), `calibration`, y
`examples`, `classifier` y `evaluation`, que los juntan.
"""

from .aggregates import AGGREGATES, Aggregate, MaxOf, MeanOf, SumOf
from .answer_search import AnswerSearch, measure, search
from .calibration import CONTENT_FREE, Calibration
from .classifier import PromptClassifier
from .evaluation import Evaluation, Prediction
from .scores import SCORES, Measure, PerByte, PerChar, PerToken, Pmi, ScoreRule, Sum
from .template import Part, Prompt, Template
from .tokens import encode_prompt
from .verbalizer import Collision, Verbalizer

__all__ = [
    "AGGREGATES",
    "CONTENT_FREE",
    "SCORES",
    "Aggregate",
    "AnswerSearch",
    "Calibration",
    "Collision",
    "Evaluation",
    "MaxOf",
    "MeanOf",
    "Measure",
    "Part",
    "PerByte",
    "PerChar",
    "PerToken",
    "Pmi",
    "Prediction",
    "Prompt",
    "PromptClassifier",
    "ScoreRule",
    "Sum",
    "SumOf",
    "Template",
    "Verbalizer",
    "encode_prompt",
    "measure",
    "search",
]
