"""La plantilla llena sus casilleros sin tocar nada más y enseña lo que está mal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.prompting import Template

SLIDE = Template("[X]. En general la película me pareció [Z].")


def test_running_example_of_the_slides():
    assert SLIDE.fill("Amé esa película").text == (
        "Amé esa película. En general la película me pareció [Z]."
    )
    assert SLIDE.fill("Amé esa película", "bacán").text == (
        "Amé esa película. En general la película me pareció bacán."
    )


@pytest.mark.parametrize(
    ("x", "pattern", "expected"),
    [
        ("Bien.", "[X]. Es [Z].", "Bien. Es mala."),
        ("Bien...", "[X]. Es [Z].", "Bien... Es mala."),
        ("Bien…", "[X]. Es [Z].", "Bien… Es mala."),
        ("¡Bien!", "[X]. Es [Z].", "¡Bien! Es mala."),
        ("¿Bien?", "[X]. Es [Z].", "¿Bien? Es mala."),
        ("Bien,", "[X]. Es [Z].", "Bien. Es mala."),
        ("Bien.", "[X], o sea, [Z]", "Bien, o sea, mala"),
        ("¡Bien!", "[X], o sea, [Z]", "¡Bien!, o sea, mala"),
        ("Bien...", "[X], o sea, [Z]", "Bien..., o sea, mala"),
        ("¡Bien!", "[X]! Es [Z].", "¡Bien! Es mala."),
        ("  Bien. \n", "[X]. Es [Z].", "Bien. Es mala."),
        ("Bien", "Reseña: [X]\nEs [Z]", "Reseña: Bien\nEs mala"),
        ("", "[X]. Es [Z].", "Es mala."),
        ("", "Reseña: [X]\nEs [Z]", "Reseña:\nEs mala"),
        ("Vi «Luz».", "Una película [Z]: [X]", "Una película mala: Vi «Luz»."),
    ],
)
def test_punctuation_is_agreed_once(x, pattern, expected):
    assert Template(pattern).fill(x, "mala").text == expected


def test_answer_with_its_own_mark_does_not_double_it():
    assert SLIDE.fill("Bien", "muy buena.").text.endswith("pareció muy buena.")
    assert SLIDE.fill("Bien", "¡buena!").text.endswith("pareció ¡buena!")


@given(
    st.text("aé", min_size=1, max_size=5),
    st.sampled_from(["", ".", "...", "…", "!", "?", ",", ";", ":", " ."]),
    st.sampled_from([".", ",", ";", ":", "!", "?"]),
)
def test_no_mark_is_doubled_at_the_seam(word, own, mark):
    """Donde se juntan la entrada y la plantilla queda un signo, o «!», «?» o «…» y una coma."""
    filled = Template(f"[X]{mark} Es [Z]").fill(word + own).text
    seam = filled.removesuffix(" Es [Z]").removeprefix(word).replace("...", "…").strip()
    assert len(seam) == 1 or (seam[0] in "!?…" and seam[1:] in ",;:!?" and seam[0] != seam[1:])
    if own in ("...", "…", "!", "?"):
        assert filled.startswith(word + own)  # lo expresivo no se toca


@given(st.text(max_size=30), st.text("abñ ", max_size=8))
def test_parts_are_the_whole_text(x, z):
    prompt = SLIDE.fill(x) if not z.strip() else SLIDE.fill(x, z)
    assert "".join(part.text for part in prompt.parts) == prompt.text
    assert {part.source for part in prompt.parts} <= {"plantilla", "entrada", "respuesta"}


def test_a_slot_inside_the_input_is_plain_text():
    prompt = SLIDE.fill("Dijo [Z] y [X]", "buena")
    assert prompt.text == "Dijo [Z] y [X]. En general la película me pareció buena."
    assert [p.source for p in prompt.parts] == ["entrada", "plantilla", "respuesta", "plantilla"]


def test_shots_come_first_separated_by_a_blank_line():
    shot = SLIDE.fill("Odié todo", "mala")
    from dataclasses import replace

    prompt = replace(SLIDE.fill("Amé todo"), shots=(shot,))
    assert prompt.text == f"{shot.text}\n\n{SLIDE.fill('Amé todo').text}"
    assert prompt.parts[0].source == "ejemplo"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[X] es [Y] y [Z]", r"casillero \[Y\], que no existe"),
        ("[x] es [Z]", r"casillero \[x\], que no existe.*mayúscula"),
        ("Es [Z]", r"no tiene el casillero \[X\].*texto de entrada"),
        ("[X] es", r"no tiene el casillero \[Z\].*la respuesta"),
        ("[X] y [X] es [Z]", r"repite 2 veces el casillero \[X\]"),
        ("[X] es [Z] o [Z]", r"repite 2 veces el casillero \[Z\]"),
        ("[X] es muy[Z]", r"\[Z\] está pegado"),
        ("[X][Z]", r"\[Z\] está pegado"),
        ("[X] es [z]", r"casillero \[z\], que no existe.*mayúscula"),
        ("[X] es [ Z ]", r"no tiene el casillero \[Z\]"),
        ("[X] es {Z}", r"no tiene el casillero \[Z\]"),
        ("[X] es [MASK]", r"casillero \[MASK\], que no existe"),
        ("", r"no tiene el casillero \[X\]"),
    ],
)
def test_wrong_templates_teach(pattern, message):
    with pytest.raises(ValueError, match=message):
        Template(pattern)


def test_wrong_types_teach():
    with pytest.raises(TypeError, match="llegó int"):
        Template(3)
    with pytest.raises(TypeError, match=r"\[X\] va un texto; llegó NoneType"):
        SLIDE.fill(None)
    with pytest.raises(ValueError, match="respuesta está vacía"):
        SLIDE.fill("Bien", "  ")
