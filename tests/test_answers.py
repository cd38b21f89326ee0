"""Extraer, comparar y votar: cada regla hace lo que dice y no adivina."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.answers import (
    AfterMark,
    FirstLine,
    FirstNumber,
    LastNumber,
    best_of_n,
    best_scored,
    majority_vote,
    most_voted,
    normalize,
)

LETTERS = st.characters(codec="utf-8", max_codepoint=0x17F)
TEXTS = st.text(alphabet=LETTERS, max_size=30)
ANSWERS = st.lists(st.sampled_from(["7", "9", "7.", "Lima", "lima", None]), max_size=9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", "1234"),
        ("1.234.567,50", "1234567,5"),
        ("12,0", "12"),
        ("12,50", "12,5"),
        ("1,234", "1,234"),  # en español la coma es decimal
        ("1.5", "1,5"),
        ("0.125", "0,125"),  # un cero no encabeza miles
        ("1.2345", "1,2345"),
        ("1234.567", "1234,567"),
        ("007", "7"),
        ("100", "100"),
        ("-0", "0"),
        ("−5.", "-5"),
        (" **42** ", "42"),
        ("12 manzanas", "12 manzanas"),
        ("¡Está  BIEN!\n", "está bien"),
        ("papa\u0301", "papá"),
        ("«París».", "parís"),
        ("...", ""),
    ],
)
def test_normal_form(text, expected):
    assert normalize(text) == expected


def test_accents_distinguish():
    assert normalize("papá") != normalize("papa")


@given(TEXTS)
def test_normalizing_twice_changes_nothing(text):
    assert normalize(normalize(text)) == normalize(text)


@given(st.integers(-(10**12), 10**12))
def test_thousands_are_the_same_number(n):
    assert normalize(f"{n:,}".replace(",", ".")) == normalize(str(n)) == str(n)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_first_and_last_number(a, b):
    text = f"Empiezo con {a} y termino con {b}. Eso es todo."
    assert (FirstNumber().extract(text), LastNumber().extract(text)) == (str(a), str(b))


def test_a_subtraction_is_not_a_negative_number():
    assert FirstNumber().extract("son 5-3") == "5" and LastNumber().extract("son 5-3") == "3"
    assert LastNumber().extract("da 1.234,5.") == "1.234,5"
    assert LastNumber().extract("ninguno") is None and FirstNumber().extract("") is None


def test_first_line_skips_what_says_nothing():
    assert FirstLine().extract("\n ... \n Lima \nOtra") == "Lima"
    assert FirstLine().extract(" \n¿?") is None


def test_after_the_last_mark():
    text = "Sumo. RESPUESTA: 3\nMejor: son 4. Respuesta: 4 manzanas\nEntrada: otra"
    assert AfterMark().extract(text) == "4 manzanas"
    assert AfterMark("respuesta:", FirstNumber()).extract(text) == "4"
    assert AfterMark().extract("Son 4") is None and AfterMark().extract("Respuesta: ") is None
    assert AfterMark("(a+b)").extract("(a+b) 5") == "5"  # la marca no es una expresión regular
    with pytest.raises(ValueError, match=r"mark está vacía.*«Respuesta:»"):
        AfterMark(" ")


@given(TEXTS, TEXTS)
def test_what_follows_the_mark_is_found(before, after):
    found = AfterMark("@@").extract(f"{before.replace('@', '')}@@{after.replace('@', '')}")
    assert found == FirstLine().extract(after.replace("@", ""))


@given(ANSWERS)
def test_the_winner_has_the_most_votes(answers):
    winner = majority_vote(answers)
    keys = [normalize(a) for a in answers if a is not None]
    assert (winner is None) == (not keys)
    if keys:
        assert winner in answers and keys.count(normalize(winner)) == max(map(keys.count, keys))


@given(ANSWERS, st.integers(0, 9))
def test_none_does_not_vote(answers, where):
    more = [*answers[:where], None, *answers[where:]]
    assert majority_vote(more) == majority_vote(answers)


@given(ANSWERS)
def test_the_most_voted_are_every_winner_once(answers):
    keys = [normalize(a) for a in answers if a is not None]
    most = max(map(keys.count, keys), default=0)
    winners = most_voted(answers)
    assert [normalize(w) for w in winners] == [
        k for k in dict.fromkeys(keys) if keys.count(k) == most
    ]
    assert winners[:1] == [w for w in [majority_vote(answers)] if w is not None]


@given(ANSWERS)
def test_the_best_scored_are_every_one_that_ties(answers):
    told = [a for a in answers if a is not None]
    assert best_scored(answers, lambda a: 0) == told
    best = best_scored(answers, len)
    assert best == [a for a in told if len(a) == max(map(len, told))]
    assert best[:1] == [b for b in [best_of_n(answers, len)] if b is not None]


def test_ties_go_to_the_first_to_appear():
    assert majority_vote(["a", "b", "b", "a"]) == "a"
    assert majority_vote(["a", "b"]) == "a"
    assert majority_vote([]) is None


def test_best_of_n():
    assert best_of_n(["3", None, "12", "8"], lambda a: int(a) % 4 == 0) == "12"
    assert best_of_n(["3", "5"], lambda a: 0) == "3"
    assert best_of_n([None], len) is None
