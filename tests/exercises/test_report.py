"""Cómo se lee un resultado: en texto, en HTML, en claro y en oscuro."""

from __future__ import annotations

import re

from course_lib.exercises import generation as ej
from course_lib.exercises.core.result import Failure, Result

FAILED = Result(
    "Título <x>", "incorrecto", 2, 5,
    (
        Failure("Suma 1", "Suma `0.5` & no 1.\nOtra línea", "x = [1 < 2]", "Una idea.", "impreso"),
        Failure("Coincide", "No coincide."),
    ),
    section="«Temperatura»",
)  # fmt: skip


def test_text_has_everything_in_order():
    text = repr(FAILED)
    expected = [
        "✗ Título <x>: incorrecto (2 de 5 comprobaciones)",
        "Qué se observó: Suma `0.5` & no 1.",
        "El ejemplo más pequeño en que falla",
        "x = [1 < 2]",
        "Lo que imprimió",
        "La idea: Una idea.",
        "Vuelve a leer: «Temperatura»",
        "Tampoco se cumple: «Coincide»",
    ]
    positions = [text.index(piece) for piece in expected]
    assert positions == sorted(positions)


def test_html_is_escaped():
    html = FAILED._repr_html_()
    assert "Título &lt;x&gt;" in html and "[1 &lt; 2]" in html and "&amp; no 1" in html
    assert "<x>" not in html and "`" not in html


def test_html_inherits_the_text_color():
    """Sin colores de texto ni de fondo opacos, la caja sirve en claro y en oscuro."""
    pieces = [FAILED, ej.softmax_temperature, ej.softmax_temperature.pista(1)]
    for html in (piece._repr_html_() for piece in pieces):
        assert set(re.findall(r"(?<![-\w])color:([^;\"]+)", html)) == {"inherit"}
        assert set(re.findall(r"background:([^;\"]+)", html)) == {"rgba(128,128,128,.1)"}
        assert "<style" not in html and "<script" not in html and "http" not in html


def test_misconception_replaces_the_generic_idea():
    named = Result("T", "incorrecto", 0, 1, FAILED.failures, "Nombre", "Explicación.")
    assert "Error reconocido: Nombre. Explicación." in repr(named)
    assert "La idea" not in repr(named)


def test_card_hides_the_hints_until_asked():
    card = ej.top_p_filter
    assert card._repr_html_().count("<details") == 2
    assert card.hints[0] not in repr(card)


def test_the_card_says_exactly_what_to_type():
    assert "ej.top_p_filter.pista(1) orienta; ej.top_p_filter.pista(2) acerca más" in repr(
        ej.top_p_filter
    )


def test_advice_is_shown_with_and_without_failures():
    right = Result("T", "correcto", 3, 3, advice="El valor está bien; es una lista: `x`.")
    assert repr(right).endswith("\n  Consejo: El valor está bien; es una lista: `x`.")
    wrong = Result("T", "incorrecto", 1, 3, FAILED.failures, advice="Es una <lista>.")
    assert repr(wrong).index("La idea") < repr(wrong).index("Consejo: Es una <lista>.")
    assert "Es una &lt;lista&gt;." in wrong._repr_html_()


def test_how_to_try_the_example_again_is_shown_only_if_it_is_safe():
    def told(**changes):
        failure = Failure("Suma 1", "No.", "x = 1", arguments=(1,), **changes)
        return "Para repetirlo" in repr(Result("T", "incorrecto", 0, 1, (failure,), key="suma"))

    assert told() and not told(repeatable=False)


def test_the_example_is_a_copy_each_time():
    failure = Failure("Suma 1", "No.", "x = [1]", arguments=([1],))
    result = Result("T", "incorrecto", 0, 1, (failure,))
    result.ejemplo[0].append(2)
    assert result.ejemplo == ([1],)
    assert FAILED.ejemplo == () and Result("T", "correcto").ejemplo == ()
