"""Las barras comparten escala, y lo que falta para 1 se ve."""

from __future__ import annotations

import re

import pytest

from course_lib.diagrams import bar_panels

PANELS = {"τ = 1": [0.5, 0.2], "τ = 2": [0.25, 0.0001]}


def widths(drawing):
    return [float(w) for w in re.findall(r"width:([\d.]+)%;height", drawing.html)]


def test_every_bar_is_drawn_to_one_scale():
    # el mayor de todos, 0.7499, es «el resto» del segundo panel
    wanted = [0.5, 0.2, 0.3, 0.25, 0.0001, 0.7499]
    assert widths(bar_panels(["a", "b"], PANELS, title="T")) == pytest.approx(
        [100 * w / 0.7499 for w in wanted], abs=0.06
    )


def test_the_alternative_says_every_number():
    said = repr(bar_panels([" <a>", " b"], PANELS, title="T"))
    assert said == (
        "T. τ = 1: «<a>» 0.500, «b» 0.200, el resto 0.300. "
        "τ = 2: «<a>» 0.250, «b» <0.001, el resto 0.750."
    )
    assert "«&lt;a&gt;»" in bar_panels([" <a>", " b"], PANELS, title="T").html


def test_what_is_not_a_panel_is_not_drawn():
    with pytest.raises(ValueError, match="una probabilidad por token"):
        bar_panels(["a"], PANELS, title="T")
    with pytest.raises(ValueError, match="una probabilidad por token"):
        bar_panels(["a"], {}, title="T")
