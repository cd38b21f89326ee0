"""El marco común: un papel tiene un color y un dibujo dice lo que muestra."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import color, fill, picture
from course_lib.palette import ROLES, rgb


def test_a_role_has_one_color():
    for role, value in ROLES.items():
        assert color(role) == f"rgb({rgb(value)})"
        assert fill(role, 0.5) == f"rgba({rgb(value)}, 0.5)"
    with pytest.raises(ValueError, match="no es un papel"):
        color("sorpresa")
    with pytest.raises(ValueError, match="#rrggbb"):
        rgb("azul")


@pytest.mark.parametrize(("width", "slides"), [(400, False), (640, True)])
def test_a_picture_names_what_it_shows(width, slides):
    drawn = picture("<path d='M0 0'/>", width=width, height=90, title='Un "<punto>"', alt="Es él.")
    page = BeautifulSoup(drawn._repr_html_(), "html.parser")
    assert page.svg["aria-label"] == 'Un "<punto>". Es él.' == repr(drawn)
    assert page.figcaption.text == 'Un "<punto>".'
    assert ("min-width" in page.svg["style"]) == slides
