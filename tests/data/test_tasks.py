"""Las tareas están balanceadas, `items` y `pool` no se tocan y lo que sigue una regla la sigue."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import FrozenInstanceError
from importlib.resources import files
from itertools import combinations, pairwise

import pytest

from course_lib.data import TASK_NAMES, load_task_rows
from course_lib.metrics import wilson_interval

CLOSED = {"sentimiento": 2, "categoría": 4}
SHORT = tuple(name for name in TASK_NAMES if name != "lectura")
KINDS = ("lugar", "persona", "orden")
VOWELS = "aeiouáéíóúü"


def rows(name):
    task = load_task_rows(name)
    return [*task.items, *task.pool]


def words(text):
    return re.findall(r"\w+", text.lower())


def pairs(name):
    return [(row.question, row.accepted) for row in rows(name)]


def listed(text):
    """El diccionario de una lista escrita «palabra otra, palabra otra»."""
    return dict(pair.split() for pair in text.split(","))


def plain(word):
    """`word` sin tildes; conserva la ñ y la ü."""
    return word.translate(str.maketrans("áéíóú", "aeiou"))


# --- lo que vale para todas -----------------------------------------------------------------


@pytest.mark.parametrize("name", TASK_NAMES)
def test_a_task_is_large_enough_and_says_what_it_wants(name):
    task = load_task_rows(name)
    if name == "lectura":
        assert len(task.items) >= 40 and len(task.pool) >= 8
    else:
        assert len(task.items) >= 50 and len(task.pool) >= 16
    assert task.instruction.endswith(".") and task.title and task.name == name
    assert task.question_label != task.answer_label
    assert {row.task for row in rows(name)} == {name}
    assert {row.split for row in task.items} == {"items"}
    assert {row.split for row in task.pool} == {"pool"}


@pytest.mark.parametrize("name", TASK_NAMES)
def test_no_question_twice_and_none_in_both_groups(name):
    everything = rows(name)
    assert len({row.id for row in everything}) == len(everything)
    assert len({" ".join(words(row.question)) for row in everything}) == len(everything)


@pytest.mark.parametrize("name", TASK_NAMES)
def test_text_is_clean_and_composed(name):
    for row in rows(name):
        for text in (row.question, *row.accepted, *row.options, row.steps):
            assert text == text.strip() == unicodedata.normalize("NFC", text)
            assert "  " not in text and "\n" not in text
            assert text.count("¿") == text.count("?") and text.count("¡") == text.count("!")
        assert row.question and row.answer
        assert len(set(row.accepted)) == len(row.accepted), row.id


@pytest.mark.parametrize("name", TASK_NAMES)
def test_closed_tasks_are_balanced_in_both_groups(name):
    task = load_task_rows(name)
    assert len(task.labels) == CLOSED.get(name, 0)
    for group in (task.items, task.pool):
        if task.labels:
            counts = Counter(row.answer for row in group)
            assert set(counts) == set(task.labels)
            assert len(set(counts.values())) == 1
            assert all(row.accepted == (row.answer,) for row in group)
            assert all(label in task.instruction for label in task.labels)


@pytest.mark.parametrize("name", CLOSED)
def test_the_order_does_not_give_the_label_away(name):
    answers = [row.answer for row in load_task_rows(name).items]
    same = sum(a == b for a, b in pairwise(answers)) / (len(answers) - 1)
    assert abs(same - 1 / CLOSED[name]) < 0.2


@pytest.mark.parametrize("name", ["capital", "inglés", "femenino", "plural"])
def test_one_question_per_answer(name):
    """Si dos preguntas aceptan lo mismo, la respuesta deja de decir cuál se leyó."""
    accepted = Counter(answer for row in rows(name) for answer in row.accepted)
    assert [answer for answer, times in accepted.items() if times > 1] == []


def test_unknown_task_lists_the_known_ones():
    with pytest.raises(ValueError, match="capital") as error:
        load_task_rows("capitales")
    assert "'capitales'" in str(error.value)


def test_rows_are_frozen():
    with pytest.raises(FrozenInstanceError):
        load_task_rows("capital").items[0].answer = "Roma"


# --- sentimiento y categoría ----------------------------------------------------------------


def test_sentences_are_short_and_equally_long_on_both_sides():
    lengths = {"positivo": [], "negativo": []}
    for row in rows("sentimiento"):
        assert 4 <= len(words(row.question)) <= 12, row.id
        lengths[row.answer].append(len(row.question))
    ratio = sum(lengths["positivo"]) / sum(lengths["negativo"])
    assert 0.9 < ratio < 1.1


def test_sentences_do_not_name_a_label_nor_copy_each_other():
    grams = {}
    for row in rows("sentimiento"):
        tokens = words(row.question)
        assert not {"positivo", "negativo", "positiva", "negativa"} & set(tokens)
        grams[row.id] = {tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3)}
    assert [(a, b) for a, b in combinations(grams, 2) if grams[a] & grams[b]] == []


def test_capitals_cannot_be_copied_from_the_country():
    for row in rows("capital"):
        assert not set(words(row.question)) & set(words(row.answer)), row.id


# --- lo que sigue una regla -----------------------------------------------------------------


def plural(word):
    """Los plurales de `word` según la regla general: uno, o dos si acaba en -í o -ú."""
    if word[-1] in "íú":
        return {word + "es", word + "s"}
    if word[-1] in VOWELS:
        return {word + "s"}
    if word[-1] == "z":
        return {word[:-1] + "ces"}
    syllables = re.findall(f"[{VOWELS}]+", word)
    last = syllables[-1]
    if word[-1] in "ns" and re.search("[áéíóú]", last):  # aguda: pierde la tilde, salvo en hiato
        hiatus = len(last) > 1 and last[-1] in "íú"
        return {(word if hiatus else plain(word)) + "es"}
    if word[-1] == "s" and len(syllables) > 1:
        return {word}
    if word[-1] == "n" and len(syllables) > 1:  # llana: pasa a esdrújula y gana tilde
        start = [m.start() for m in re.finditer(f"[{VOWELS}]+", word)][-2]
        accented = word[start].translate(str.maketrans("aeiou", "áéíóú"))
        return {word[:start] + accented + word[start + 1 :] + "es"}
    return {word + "es"}


@pytest.mark.parametrize(("singular", "accepted"), pairs("plural"))
def test_plurals_follow_the_rule(singular, accepted):
    assert set(accepted) == plural(singular)


def test_the_plural_rule_covers_what_the_card_says():
    table = dict(pairs("plural"))
    assert table["luz"] == ("luces",)
    assert table["canción"] == ("canciones",)
    assert table["examen"] == ("exámenes",)
    assert table["país"] == ("países",)
    assert table["crisis"] == ("crisis",)
    assert table["rubí"] == ("rubíes", "rubís")


IRREGULAR_PRETERITES = listed("""
    tener tuve, estar estuve, andar anduve, poder pude, poner puse, saber supe, hacer hice,
    querer quise, venir vine, decir dije, traer traje, conducir conduje, traducir traduje,
    producir produje, ir fui, ser fui, dar di, ver vi, caber cupe, mantener mantuve,
    proponer propuse
""")
SPELLING = {"car": "qué", "gar": "gué", "zar": "cé", "guar": "güé"}


def preterite(infinitive):
    """La primera persona regular, con los cambios de letra y las tildes del hiato."""
    for ending in sorted(SPELLING, key=len, reverse=True):
        if infinitive.endswith(ending):
            return infinitive.removesuffix(ending) + SPELLING[ending]
    stem = plain(infinitive[:-2])
    return stem + ("é" if infinitive.endswith("ar") else "í")


@pytest.mark.parametrize(("infinitive", "accepted"), pairs("pretérito"))
def test_preterites_follow_the_rule_or_the_list(infinitive, accepted):
    expected = IRREGULAR_PRETERITES.get(infinitive) or preterite(infinitive)
    assert accepted == (expected,)


def test_the_card_counts_the_preterites():
    verbs = [infinitive for infinitive, _ in pairs("pretérito")]
    irregular = sum(verb in IRREGULAR_PRETERITES for verb in verbs)
    regular = [verb for verb in verbs if verb not in IRREGULAR_PRETERITES]
    changed = sum(verb.endswith((*SPELLING, "eer", "aer", "oír", "uir")) for verb in regular)
    assert f"Pretéritos: {len(regular) - changed} de conjugación regular" in card("tareas")
    assert f"{changed} con cambio de letra" in card("tareas")
    assert f"{irregular} irregulares" in card("tareas")


OTHER_ROOT = listed("""
    hombre mujer, padre madre, toro vaca, caballo yegua, yerno nuera, padrino madrina,
    carnero oveja, rey reina, actor actriz, gallo gallina, príncipe princesa,
    emperador emperatriz, héroe heroína, alcalde alcaldesa, duque duquesa, conde condesa,
    barón baronesa, tigre tigresa, abad abadesa, sacerdote sacerdotisa, zar zarina,
    monje monja, jefe jefa, presidente presidenta, dependiente dependienta
""")
SAME = ("ista", "estudiante", "cantante", "poeta")


def feminine(masculine):
    if masculine.endswith(SAME):
        return masculine
    if masculine.endswith("o"):
        return masculine[:-1] + "a"
    return plain(masculine) + "a" if masculine != "bailarín" else "bailarina"


@pytest.mark.parametrize(("masculine", "accepted"), pairs("femenino"))
def test_feminines_follow_the_rule_or_the_list(masculine, accepted):
    assert accepted[0] == (OTHER_ROOT.get(masculine) or feminine(masculine))


# --- lectura --------------------------------------------------------------------------------


def story(row):
    return row.question.split(" ¿")[0]


def mentions(row):
    """Las opciones en el orden en que la historia las nombra por primera vez."""
    text = story(row)
    places = {option: re.search(rf"\b{option}\b", text) for option in row.options}
    assert all(places.values()), (row.id, places)
    return sorted(row.options, key=lambda option: places[option].start())


def test_stories_offer_three_answers_in_balanced_places():
    task = load_task_rows("lectura")
    for group in (task.items, task.pool):
        places = Counter(row.options.index(row.answer) for row in group)
        assert set(places.values()) == {len(group) // 3}
        assert Counter(row.kind for row in group) == dict.fromkeys(KINDS, len(group) // 3)


def test_the_question_offers_the_options_in_that_order():
    for row in rows("lectura"):
        offered = row.question.split(": ")[-1]
        assert re.fullmatch(r".*\b{}, .*\b{} [ou] .*\b{}\?".format(*row.options), offered), row.id
        assert len(set(row.options)) == 3
        assert len(words(row.answer)) == 1
        *_, conjunction, last = re.split(r" ([ou]) ", offered)
        assert (conjunction == "u") == last.lower().startswith(("o", "ó", "ho")), row.id


def test_place_in_the_story_does_not_give_the_answer_away():
    items = load_task_rows("lectura").items
    first = Counter(mentions(row).index(row.answer) for row in items)
    last = Counter(
        max(row.options, key=lambda option: story(row).rfind(option)) == row.answer for row in items
    )
    assert max(first.values()) <= 0.4 * len(items)
    assert last[True] <= 0.4 * len(items)


def test_only_the_pool_carries_its_reasoning():
    task = load_task_rows("lectura")
    assert not any(row.steps for row in task.items)
    for row in task.pool:
        assert row.steps.endswith(f" Respuesta: {row.answer}")
        assert row.answer in row.steps.split(" Respuesta:")[0]


def test_stories_have_no_figures_and_are_not_copies():
    grams = {}
    for row in rows("lectura"):
        tokens = words(story(row))
        assert not re.search(r"\d", row.question)
        grams[row.id] = {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}
    assert [(a, b) for a, b in combinations(grams, 2) if grams[a] & grams[b]] == []


# --- las fichas -----------------------------------------------------------------------------


def card(name):
    return (files("course_lib.data") / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["tareas", "lectura"])
def test_cards_state_origin_limits_and_licence(name):
    flat = " ".join(card(name).split())
    for stated in ("con ayuda de un modelo de lenguaje", "## Límites", "CC BY 4.0"):
        assert stated in flat


def test_the_card_counts_the_rows():
    assert f"{sum(len(rows(name)) for name in SHORT)} preguntas" in card("tareas")
    for name in SHORT:
        task = load_task_rows(name)
        assert re.search(rf"^\| {name} \|.*\| {len(task.items)}\b", card("tareas"), re.MULTILINE)
        assert len(task.pool) == 20
    task = load_task_rows("lectura")
    assert f"{len(rows('lectura'))} historias" in card("lectura")
    assert f"Son {len(task.items)} `items`" in card("lectura")
    assert f"`pool` de {len(task.pool)} " in card("lectura")


@pytest.mark.parametrize(("name", "n", "width"), [("tareas", 65, "0,23"), ("lectura", 48, "0,27")])
def test_the_card_gives_the_true_width_of_an_interval(name, n, width):
    assert f"{wilson_interval(n // 2, n).width:.3f}"[:4].replace(".", ",") == width
    assert f"unos {width} de ancho" in card(name)
