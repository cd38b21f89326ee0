"""Ninguna entrada acepta candidatas con espacios al borde, repetidas o que dejan el mismo texto."""

from __future__ import annotations

import pytest

from course_lib.prompting import (
    PerByte,
    PerChar,
    PerToken,
    PromptClassifier,
    Template,
    Verbalizer,
    encode_prompt,
    measure,
    search,
)
from course_lib.widgets.prompt import prompt_data

SLIDE = Template("[X]. En general la película me pareció [Z].")
ENTRIES = {
    "search": lambda lm, answers: search(lm, SLIDE.fill("Vi"), answers),
    "measure": lambda lm, answers: measure(lm, [SLIDE.fill("Vi")], answers),
    "Verbalizer": lambda _lm, answers: Verbalizer({"+": answers, "-": ["horrible"]}),
    "candidates": lambda _lm, answers: Verbalizer({"+": ["buena"], "-": ["mala"]}, answers),
    "classifier": lambda lm, answers: PromptClassifier(
        lm, SLIDE, {"+": answers, "-": ["horrible"]}
    ),
    "lab": lambda lm, answers: prompt_data(
        lm, ["Vi"], [SLIDE.pattern], {"t": {"+": answers, "-": ["horrible"]}}
    ),
}
each_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


@each_entry
@pytest.mark.parametrize(
    "answers",
    [["buena ", "buena"], ["buena", " mala"], ["buena\n"], ["mala\t", "buena"], ["buena\u00a0"]],
)
def test_spaces_at_the_border_are_refused(lm, entry, answers):
    with pytest.raises(ValueError, match=r"espacios al borde.*escribe '(buena|mala)'"):
        entry(lm, answers)


@each_entry
@pytest.mark.parametrize("answers", [["buena", "buena"], ["bac\u00e1n", "baca\u0301n"]])
def test_the_same_word_twice_is_refused(lm, entry, answers):
    """También si una está escrita con la tilde aparte: se ven iguales."""
    with pytest.raises(ValueError, match=r"repetida|dos veces"):
        entry(lm, answers)


@each_entry
@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        ("buena", TypeError, "lista.*\\['buena'\\]"),
        ({"buena", "mala"}, TypeError, "conjunto, que no tiene orden"),
        ({"buena": 1}, TypeError, "llegó dict"),
        (None, TypeError, "llegó NoneType"),
        ([], ValueError, "No hay candidatas|ninguna respuesta"),
        (iter([]), ValueError, "No hay candidatas|ninguna respuesta"),
        (["buena", ""], ValueError, "vacía o que no es texto"),
        (["buena", "  "], ValueError, "vacía o que no es texto"),
        (["buena", None], ValueError, "vacía o que no es texto.*None"),
        ([1, 2], ValueError, "vacía o que no es texto.*1"),
    ],
)
def test_what_is_not_a_list_of_answers_teaches(lm, entry, answers, error, message):
    if answers is not None or entry is not ENTRIES["candidates"]:  # allí None es no darlas
        with pytest.raises(error, match=message):
            entry(lm, answers)


@pytest.mark.parametrize("name", ["search", "measure", "classifier", "lab"])
@pytest.mark.parametrize("answers", [["buena", "buena."], ["buena,", "mala", "buena"]])
def test_two_that_leave_the_same_text_are_refused(lm, name, answers):
    """«buena» y «buena.» son la misma respuesta cuando a [Z] la sigue un punto."""
    with pytest.raises(
        ValueError, match=r"dejan el mismo texto en la plantilla «\[X\]\. En general"
    ):
        ENTRIES[name](lm, answers)


def test_they_are_distinct_where_the_template_keeps_them_so(lm):
    found = search(lm, Template("[X] Es [Z]").fill("Vi"), ["buena", "buena."])
    assert len(set(found.scores.values())) == 2


def test_a_generator_is_read_once(lm):
    prompt = SLIDE.fill("Amé esa película")
    words = ["buena", "mala", "terrible"]
    assert search(lm, prompt, (z for z in words)).scores == search(lm, prompt, words).scores
    rows = measure(lm, (p for p in [prompt]), (z for z in words), prior=True)
    assert [m.answer for m in rows[0]] == words
    mapping = {"+": (z for z in ["buena", "bacán"]), "-": iter(["mala"])}
    verbalizer = Verbalizer(mapping, candidates=iter(["mala", "buena", "bacán"]))
    assert verbalizer.mapping == {"+": ("buena", "bacán"), "-": ("mala",)}
    assert verbalizer.first_answer("-") == "mala"
    classifier = PromptClassifier(lm, SLIDE, {"+": iter(["buena"]), "-": iter(["mala"])})
    assert classifier.verbalizer.answers == ("buena", "mala")


def test_units_count_the_answer_as_written(lm):
    """Una coma que la plantilla cambia por su punto no cuenta; los espacios de dentro, sí."""
    (row,) = measure(lm, [SLIDE.fill("Vi")], ["mala,", "muy buena", "bacán"])
    assert [(m.n_chars, m.n_bytes) for m in row] == [(5, 5), (10, 10), (6, 7)]  # y el punto
    (plain,) = measure(lm, [SLIDE.fill("Vi")], ["mala", "muy buena", "bacán"])
    for rule in (PerChar(), PerByte(), PerToken()):
        assert [rule(m) for m in row] == pytest.approx([rule(m) for m in plain])
    assert PerChar()(row[2]) == row[2].sum_logprob / 6
    assert PerByte()(row[2]) == row[2].sum_logprob / 7


def test_an_answer_that_the_template_erases_teaches(lm):
    with pytest.raises(ValueError, match="no queda ningún token"):
        search(lm, SLIDE.fill("Vi"), [","])


def test_wrong_prompts_teach(lm, short_lm):
    with pytest.raises(TypeError, match=r"Un prompt se hace con Template.*llegó 'Vi es \[Z\]'"):
        search(lm, "Vi es [Z]", ["buena"])
    with pytest.raises(TypeError, match="Prompts: va una lista"):
        measure(lm, "Vi es [Z]", ["buena"])
    long = SLIDE.fill("palabra " * 60)
    size = len(encode_prompt(short_lm, long.answered("mala")).ids)
    with pytest.raises(ValueError, match=f"ocupa {size} tokens y el modelo lee a lo sumo 40"):
        measure(short_lm, [long], ["mala"])
    assert search(short_lm, long, ["mala"]).prompt.cut > 0
    assert measure(lm, [], ["mala"]) == []
