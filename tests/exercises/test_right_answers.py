"""Ningún corrector rechaza una respuesta correcta por su estilo."""

from importlib import import_module

import pytest

from course_lib.exercises import CHAPTERS, chapter_exercises
from tests.exercises.seeds import with_seeds

pytestmark = pytest.mark.usefixtures("each_draw_once")

TOPICS = (
    "introduction",
    "transformers",
    "sizes",
    "pretraining",
    "abilities",
    "prompting",
    "instruction",
    "multimodal",
    "generation",
)
EXERCISES = {e.key: e for chapter in CHAPTERS for e in chapter_exercises(chapter)}
RIGHT = [case for topic in TOPICS for case in import_module(f"tests.exercises.right_{topic}").RIGHT]


@pytest.mark.parametrize(
    ("key", "function", "seeds"), with_seeds((f"{key}-{f.__name__}", key, f) for key, f in RIGHT)
)
def test_right_answer_is_accepted(key, function, seeds):
    for seed in seeds:
        result = EXERCISES[key].comprobar(function, seed=seed)
        assert result.ok, (seed, result)
