"""Los momentos van en orden y dicen su año."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Event, timeline

EVENTS = [Event(1951, "Adivinar", "Con personas."), Event(2025, "<Hoy>", "Aquí.", here=True)]


def test_every_event_is_drawn_with_its_year():
    drawn = timeline(EVENTS, title="Fechas")
    page = BeautifulSoup(drawn._repr_html_(), "html.parser")
    assert [strong.text for strong in page.find_all("strong")] == [
        "1951",
        "Adivinar",
        "2025",
        "<Hoy>",
    ]
    assert [em.text for em in page.find_all("em")] == ["(en este capítulo)"]
    assert repr(drawn) == "Fechas. 1951, Adivinar: Con personas. 2025, <Hoy>: Aquí."


@pytest.mark.parametrize("events", [[], EVENTS[::-1]])
def test_disorder_is_explained(events):
    with pytest.raises(ValueError, match="en orden"):
        timeline(events, title="Fechas")
