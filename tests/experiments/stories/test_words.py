"""La morfología de los cuentos: artículos, contracciones, concordancia y conjugación."""

import pytest

from course_lib.experiments.stories.words import (
    FEMININE,
    MASCULINE,
    Noun,
    and_,
    conjugate,
    inflect,
    plural,
)


@pytest.mark.parametrize(
    ("noun", "the", "a", "to_the", "of_the", "him", "one"),
    [
        (Noun("zorro", MASCULINE), "el zorro", "un zorro", "al zorro", "del zorro", "lo", "uno"),
        (Noun("rana", FEMININE), "la rana", "una rana", "a la rana", "de la rana", "la", "una"),
        (
            Noun("hada", FEMININE, stressed_a=True),
            *("el hada", "un hada", "al hada", "del hada", "la", "una"),
        ),
        (
            Noun("botas", FEMININE, is_plural=True),
            *("las botas", "unas botas", "a las botas", "de las botas", "las", "unas"),
        ),
        (
            Noun("guantes", MASCULINE, is_plural=True),
            *("los guantes", "unos guantes", "a los guantes", "de los guantes", "los", "unos"),
        ),
    ],
)
def test_articles_and_contractions(noun, the, a, to_the, of_the, him, one):
    assert (noun.the, noun.a, noun.to_the, noun.of_the) == (the, a, to_the, of_the)
    assert (noun.him, noun.one) == (him, one)


@pytest.mark.parametrize(
    ("adjective", "feminine"),
    [
        ("tímido", "tímida"),
        ("hablador", "habladora"),
        ("dormilón", "dormilona"),
        ("alegre", "alegre"),
        ("azul", "azul"),
        ("de lana", "de lana"),
    ],
)
def test_adjectives_agree(adjective, feminine):
    assert inflect(adjective, FEMININE) == feminine
    assert inflect(adjective, MASCULINE) == adjective


@pytest.mark.parametrize(
    ("word", "many"), [("rojo", "rojos"), ("azul", "azules"), ("feliz", "felices")]
)
def test_plurals(word, many):
    assert plural(word) == many
    assert inflect("rojo", FEMININE, True) == "rojas"
    assert inflect("de rayas", FEMININE, True) == "de rayas"


@pytest.mark.parametrize(
    ("word", "joined"),
    [
        ("Inés", "e Inés"),
        ("Íñigo", "e Íñigo"),
        ("Irene", "e Irene"),
        ("hielo", "y hielo"),
        ("hilo", "e hilo"),
        ("Ana", "y Ana"),
        ("el imán", "y el imán"),
    ],
)
def test_y_becomes_e_before_the_sound_i(word, joined):
    assert and_(word) == joined


@pytest.mark.parametrize(
    ("phrase", "present", "past", "gerund"),
    [
        ("nadar", "nada", "nadó", "nadando"),
        ("leer", "lee", "leyó", "leyendo"),
        ("hacer pan", "hace pan", "hizo pan", "haciendo pan"),
        ("contar cuentos", "cuenta cuentos", "contó cuentos", "contando cuentos"),
        ("escribir poemas", "escribe poemas", "escribió poemas", "escribiendo poemas"),
    ],
)
def test_conjugation(phrase, present, past, gerund):
    forms = conjugate(phrase)
    assert (forms["pres"], forms["pret"], forms["ger"]) == (present, past, gerund)


def test_what_is_not_an_infinitive_teaches():
    with pytest.raises(ValueError, match="infinitivo"):
        conjugate("zorro")
