"""Decodificar: de la distribución del siguiente token a un texto.

Orden de lectura: `filters` (qué tokens quedan), `strategies` (qué se puede pedir), `generate` (el
bucle), `beam` (varias hipótesis a la vez), `trace` y `result` (lo que se puede mirar después).
"""

from .filters import Filter, MinP, NoRepeatNgram, RepetitionPenalty, Temperature, TopK, TopP
from .generate import generate
from .measure import distinct_ngrams, repetition, repetition_onset, tail_mass
from .result import Generation, Sequence
from .strategies import BeamSearch, Greedy, Sampling, Strategy
from .trace import BeamStep, Candidate, Stage, Step

__all__ = [
    "BeamSearch",
    "BeamStep",
    "Candidate",
    "Filter",
    "Generation",
    "Greedy",
    "MinP",
    "NoRepeatNgram",
    "RepetitionPenalty",
    "Sampling",
    "Sequence",
    "Stage",
    "Step",
    "Strategy",
    "Temperature",
    "TopK",
    "TopP",
    "distinct_ngrams",
    "generate",
    "repetition",
    "repetition_onset",
    "tail_mass",
]
