"""Cuentos, tokenizador y modelo diminuto que comparten las pruebas."""

from __future__ import annotations

import random

import pytest

from course_lib.experiments.stories.corpus import grammar_of, tell_many
from course_lib.experiments.stories.model import make_model
from course_lib.experiments.stories.tokenizer import encode_stories, train_tokenizer
from course_lib.transformer import TransformerConfig


@pytest.fixture(scope="session")
def tellings():
    """Cuentos de la gramática tal como salen, sin descartar ninguno por su largo."""
    rng = random.Random(12)
    return [grammar_of("entrenamiento").tell(rng) for _ in range(1500)]


@pytest.fixture(scope="session")
def training_tellings():
    return tell_many(600, "entrenamiento", 3)


@pytest.fixture(scope="session")
def tokenizer(training_tellings):
    return train_tokenizer([telling.text for telling in training_tellings], vocab_size=600)


@pytest.fixture(scope="session")
def rows(tokenizer, training_tellings):
    return encode_stories(tokenizer, [telling.text for telling in training_tellings[:48]])


@pytest.fixture
def tiny_model():
    return make_model(
        0,
        TransformerConfig(
            vocab_size=600,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
            intermediate_size=32,
            max_position_embeddings=400,
        ),
    )
