"""Un modelo diminuto con tokenizador, sobre el que se ajusta en segundos."""

from __future__ import annotations

import pytest

from course_lib.instruction import load_examples
from tests.tiny import byte_lm


@pytest.fixture(scope="session")
def examples():
    """Los ejemplos más cortos de los que se entrenan."""
    rows = sorted(load_examples("train"), key=lambda e: len(e.prompt + e.output))
    return tuple(rows[:24])


@pytest.fixture(scope="session")
def small(examples):
    """Un Llama de dos capas; su tokenizador se formó con los mismos ejemplos."""
    corpus = [f"{e.prompt} {e.output}" for e in examples] * 4
    return byte_lm(corpus, 400, adds_bos=False, max_length=256)
