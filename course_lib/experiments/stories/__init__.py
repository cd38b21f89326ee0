"""Los cuentos: un corpus que se genera y un modelo de lenguaje que se entrena con él desde cero.

Orden de lectura: words, lexicon, templates, grammar, corpus; tokenizer, model, training, recipe;
ngrams, copies, agreement, coherence, measures, swaps; shipped, export.
"""

from .corpus import SPLITS, generate
from .shipped import load_stories_model

__all__ = ["SPLITS", "generate", "load_stories_model"]
