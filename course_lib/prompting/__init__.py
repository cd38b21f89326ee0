"""Prompting: plantilla, búsqueda de la respuesta, mapeo a etiquetas y calibración.

Se lee en el orden de la clase: `template` (adición del prompt), `tokens`, `scores` y `answer_search`
(búsqueda de la respuesta), `verbalizer` (mapeo), `calibration`, y `classifier` y `evaluation`, que los juntan.
"""

from .answer_search import AnswerSearch, measure, search
from .calibration import CONTENT_FREE, Calibration
from .classifier import PromptClassifier
from .evaluation import Evaluation, Prediction
from .scores import SCORES, Measure
from .template import Part, Prompt, Template
from .tokens import encode_prompt
from .verbalizer import Collision, Verbalizer

__all__ = [
    "CONTENT_FREE",
    "SCORES",
    "AnswerSearch",
    "Calibration",
    "Collision",
    "Evaluation",
    "Measure",
    "Part",
    "Prediction",
    "Prompt",
    "PromptClassifier",
    "Template",
    "Verbalizer",
    "encode_prompt",
    "measure",
    "search",
]
