"""Los cuentos están bien escritos y sus probabilidades son las que se dicen."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from itertools import pairwise

import pytest

from course_lib.experiments.stories.agreement import agreement_checks
from course_lib.experiments.stories.corpus import grammar_of
from course_lib.experiments.stories.grammar import Grammar
from course_lib.experiments.stories.lexicon import Lexicon, read_table
from course_lib.experiments.stories.templates import Call, Choice, Slot, parse_option, read_plots

MISTAKES = {
    "espacio doble": r"  |\n\n|\n | \n",
    "signos repetidos": r",,|\.\.|,\.|\.,|;;|::",
    "espacio antes de un signo": r" [,.;:!?»]",
    "sin contraer": r"\b(a|de) el\b",
    "palabra repetida": r"\b(\w+) \1\b",
    "y ante i": r"\b[yY] (?i:i|í|hi(?!e))",
    "o ante o": r"\bo (o|ho)",
    "minúscula tras punto": r"(?<=[.?!] )[a-záéíóúñ]",
    "marca sin sustituir": r"[{}<>\[\]|¶*#_]",
    "raya suelta": r"— ",
}


@pytest.mark.parametrize(("name", "pattern"), MISTAKES.items(), ids=MISTAKES)
def test_no_story_has_this_mistake(name, pattern, tellings):
    for telling in tellings:
        assert not re.search(pattern, telling.text), telling.text


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("espacio doble", "Un  zorro."),
        ("signos repetidos", "Un día,, salió."),
        ("espacio antes de un signo", "Un zorro ."),
        ("sin contraer", "Vio a el zorro."),
        ("palabra repetida", "Dijo que que no."),
        ("y ante i", "Bruno y Inés."),
        ("o ante o", "Siete o ocho."),
        ("minúscula tras punto", "Salió. el zorro."),
        ("marca sin sustituir", "Salió {h}."),
        ("raya suelta", "— Hola."),
    ],
)
def test_mistakes_are_detected(name, wrong):
    assert re.search(MISTAKES[name], wrong)
    assert len(MISTAKES) == 10


def test_punctuation_is_balanced_and_everything_is_closed(tellings):
    for telling in tellings:
        for opening, closing in ("«»", "¿?", "¡!"):
            assert telling.text.count(opening) == telling.text.count(closing), telling.text
        for paragraph in telling.text.split("\n"):
            assert re.match(r"[—«¿¡]*[A-ZÁÉÍÓÚÑ]", paragraph), paragraph
            assert paragraph[-1] in ".!?»", paragraph


def test_dialogue_has_its_own_paragraph(tellings):
    for telling in tellings:
        assert not re.search(r"[.!?»] —[¿¡A-ZÁÉÍÓÚ]", telling.text), telling.text


def test_articles_adjectives_and_names_agree(tellings):
    checks = [check for telling in tellings for check in agreement_checks(telling.text)]
    assert len(checks) > 10 * len(tellings)
    assert [check for check in checks if not check.agrees] == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("Había una vez un tortuga valiente.", "un tortuga"),
        ("Vivía en el selva.", "el selva"),
        ("Una tortuga valiente y curioso. La zorro tímida.", "La zorro"),
        ("Perdió sus botas rojo. Las botas azules.", "botas rojo"),
        ("Era la águila de siempre.", "la águila"),
        ("Nina, un oso, salió.", "Nina, un oso"),
        ("Apareció una oso llamada Clara.", "una oso"),
        ("Apareció un oso llamado Clara.", "oso Clara"),
    ],
)
def test_disagreement_is_found(wrong, found):
    assert found in [check.words for check in agreement_checks(wrong) if not check.agrees]


def test_all_that_is_told_is_read_with_at_least_its_probability(tellings):
    grammar = grammar_of("entrenamiento")
    for telling in tellings[:60]:
        reading = grammar.read(telling.text)
        assert reading is not None, telling.text
        assert reading.logprob >= telling.logprob - 1e-9
        told = {variable: entry.text for variable, entry in telling.choices.items()}
        assert {v: e.text for v, e in reading.choices.items()} == told


@pytest.mark.parametrize("change", ["una vez", "Fin.", "\n", " "])
def test_what_the_grammar_cannot_write_is_not_read(change, tellings):
    grammar = grammar_of("entrenamiento")
    assert grammar.read(tellings[0].text + change) is None
    assert grammar.read("") is None


def test_probabilities_are_those_of_the_frequencies():
    """Una gramática de juguete en la que todo se puede enumerar."""
    grammar = Grammar(Lexicon())
    grammar.__dict__["steps"] = {
        "cuento": Choice(
            (
                parse_option("*3 Sí[*2 , claro|, señor|].<fin>"),
                parse_option("No.<fin>"),
                parse_option("Sí, claro.<fin>"),
            )
        ),
        "fin": Choice((parse_option(" Adiós."), parse_option(" ¡Adiós!"))),
    }
    rng = random.Random(0)
    counts = Counter(grammar.tell(rng).text for _ in range(20_000))
    total = 0.0
    for text, count in counts.items():
        p = math.exp(grammar.read(text).logprob)
        total += p
        assert abs(count / 20_000 - p) < 4 * math.sqrt(p * (1 - p) / 20_000), text
    assert len(counts) == 8 and total == pytest.approx(1.0, abs=1e-12)
    twice = grammar.read("Sí, claro. Adiós.")  # se puede escribir de dos maneras
    assert math.exp(twice.logprob) == pytest.approx((3 / 5 * 2 / 4 + 1 / 5) / 2, abs=1e-12)


def test_there_is_enough_variety():
    plots = read_plots()
    told = [o for step, options in plots.items() if step != "cuento" for o in options]
    entries = Lexicon().entries
    assert len(told) >= 400
    assert len(entries["h"]) >= 60 and len(entries["q"]) >= 40
    assert len(entries["w"]) + len(entries["s"]) + len(entries["t"]) >= 80
    tags = Counter(tag for entry in entries["h"] for tag in entry.tags)
    assert {"animal", "persona", "fantasía"} <= set(tags)


def test_every_step_is_defined_and_used():
    steps = grammar_of("entrenamiento").steps
    used = {"cuento"}

    def walk(options):
        for option in options:
            for node in option.nodes:
                if isinstance(node, Call):
                    used.add(node.step)
                elif isinstance(node, Choice):
                    walk(node.options)

    for choice in steps.values():
        walk(choice.options)
    assert used == set(steps)


def test_every_form_exists():
    """Ninguna plantilla pide una forma o una variable que el léxico no tenga."""
    grammar = grammar_of("entrenamiento")
    entries = grammar.lexicon.entries

    def slots(options):
        for option in options:
            for node in option.nodes:
                if isinstance(node, Choice):
                    yield from slots(node.options)
                elif isinstance(node, Slot):
                    yield node

    for name, choice in grammar.steps.items():
        for slot in slots(choice.options):
            for variable in slot.variables:
                assert variable in entries, (name, slot)
            if slot.by == "." and not slot.is_adjective:
                assert all(slot.form in e.forms for e in entries[slot.variables]), (name, slot)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Hola [a|b", "corchete"),
        ("Hola a|b] fin", "sobra"),
        ("Hola {h", "signos"),
        ("{h.}", "{h.}"),
    ],
)
def test_badly_written_templates_teach(line, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_option(line)


def test_unknown_way_of_reserving_teaches():
    with pytest.raises(ValueError, match="permitir"):
        Lexicon("nunca")


def test_lexicon_has_no_repeated_words():
    for name in ("personajes", "lugares", "caracteres", "habilidades", "viajes", "objetos"):
        keys = [re.split(r"[:;]", line)[0] for line in read_table(f"lexicon/{name}.txt")]
        assert len(keys) == len(set(keys)), name
    nouns = [entry.text for entry in Lexicon().entries["h"]]
    assert len(nouns) == len(set(nouns))


def test_opening_mentions_come_before_definite_ones(tellings):
    """Cada personaje se presenta con «un» o «una» antes de que se diga «el» o «la»."""
    for telling in tellings:
        for variable in "hf":
            if variable not in telling.choices:
                continue
            noun = telling.choices[variable].text
            first = re.search(rf"(?i:\b(un|una|el|la|al|del)) {noun}\b", telling.text)
            assert first[1].lower() in ("un", "una"), (noun, telling.text)


def test_pairs_of_draws_differ(tellings):
    assert all(a.text != b.text for a, b in pairwise(tellings))
