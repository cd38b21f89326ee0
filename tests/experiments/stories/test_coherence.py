"""Quién entra en un cuento sin que lo presenten."""

from __future__ import annotations

import pytest

from course_lib.experiments.stories import generate
from course_lib.experiments.stories.coherence import characters, strangers


@pytest.mark.parametrize(
    ("text", "named", "unknown"),
    [
        ("Había un zorro que vivía solo. El zorro soñaba.", ["zorro"], []),
        ("Había un zorro. La rana le habló al zorro.", ["zorro", "rana"], ["rana"]),
        ("Vio al oso y huyó del lobo.", ["oso", "lobo"], ["oso", "lobo"]),
        ("Nina, una rana, cantaba. La rana calló.", ["rana"], []),
        ("La rana cantaba. Había una rana.", ["rana"], ["rana"]),
        ("No había nadie en el bosque.", [], []),
        ("El zorros no es un personaje, ni lo es «ranario».", [], []),
    ],
)
def test_who_enters_and_how(text, named, unknown):
    assert characters(text) == named
    assert strangers(text) == unknown


def test_the_grammar_introduces_its_characters():
    """En 200 cuentos solo «el caballo» del ajedrez, que no es un personaje, parece un desconocido."""
    stories = generate(200, "prueba", 2)
    named = [who for story in stories for who in characters(story)]
    unknown = [who for story in stories for who in strangers(story)]
    assert len(named) > 350
    assert set(unknown) <= {"caballo"}
    assert len(unknown) < 5
