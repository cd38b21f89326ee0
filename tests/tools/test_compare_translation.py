"""La tabla de traducciones: cuánto se parecen dos textos y qué lee el modelo."""

from __future__ import annotations

import pytest

from course_lib import data
from tools.compare_translation import EXAMPLES, prompt_of, sentences, word_overlap


@pytest.mark.parametrize(
    ("text", "reference", "overlap"),
    [
        ("The dog sleeps.", "the dog sleeps", 1.0),  # ni mayúsculas ni puntuación
        ("The dog sleeps.", "the dog slept", 2 / 3),
        ("dog dog dog", "dog", 0.5),  # una palabra de más cuesta
        ("", "the dog", 0.0),
        ("sí", "no", 0.0),
    ],
)
def test_overlap_is_the_harmonic_mean_of_the_shared_words(text, reference, overlap):
    assert word_overlap(text, reference) == pytest.approx(overlap)
    assert word_overlap(reference, text) == pytest.approx(overlap)


def test_the_prompt_never_holds_its_own_translation():
    pairs = sentences()
    assert len(pairs) == len(data.load_pairs()) - EXAMPLES
    for pair in pairs:
        prompt = prompt_of(pair)
        assert prompt.endswith(f"Español: {pair.es}\nInglés:")
        assert pair.en not in prompt and prompt.count("Inglés:") == EXAMPLES + 1
