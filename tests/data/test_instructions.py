"""El conjunto de instrucciones: respuestas comprobadas, sin repetidos y sin fugas entre partes."""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from importlib.resources import files

import pytest

from course_lib.instruction import SPLITS, load_examples
from tools.instructions import KINDS
from tools.instructions.__main__ import PATH, generated
from tools.instructions.checks import CHECKS, fault
from tools.instructions.numerals import from_words, in_words

EXAMPLES = load_examples()
BY_KIND = defaultdict(list)
for _example in EXAMPLES:
    BY_KIND[_example.kind].append(_example)
DATA = files("course_lib.data")
CURATED = {e.kind for e in EXAMPLES if e.curated}


def words(text):
    plain = unicodedata.normalize("NFD", text.casefold())
    return re.findall(r"\w+|[+-]", "".join(c for c in plain if not unicodedata.combining(c)))


def key(text):
    return " ".join(words(text))


def grams(*texts, size=6):
    found = set()
    for text in texts:
        tokens = words(text)
        found |= {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}
    return found


def repeated(items):
    return [item for item, count in Counter(items).items() if count > 1]


def test_there_is_what_was_promised():
    assert len(EXAMPLES) >= 1000
    assert len(BY_KIND) >= 34
    assert sum(e.curated for e in EXAMPLES) >= 200
    assert {e.kind for e in EXAMPLES} == set(CHECKS)


def test_eight_kinds_are_never_trained_on():
    kinds = {split: {e.kind for e in load_examples(split)} for split in SPLITS}
    assert len(kinds["choose"]) == len(kinds["final"]) == 4
    assert not kinds["train"] & (kinds["choose"] | kinds["final"])
    assert not kinds["choose"] & kinds["final"]
    assert all(len(BY_KIND[kind]) >= 25 for kind in kinds["choose"] | kinds["final"])
    assert sum(len(load_examples(split)) for split in SPLITS) == len(EXAMPLES)


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_answer_is_right(kind):
    assert {e.id: fault(e) for e in BY_KIND[kind] if fault(e)} == {}


FREE = CURATED - {"pasos", "título", "resumen"}  # de estas solo se comprueba la forma
# otra salida del mismo tipo puede servir por azar (otra lista de tres frutas, la misma etiqueta)
LOOSE = {"emoción", "intención", "título", "resumen", "pasos", "futuro", "de yo a nosotros"}


@pytest.mark.parametrize("kind", sorted(set(BY_KIND) - FREE - LOOSE))
def test_the_check_rejects_the_answer_to_another_example(kind):
    mine = BY_KIND[kind]
    for i, example in enumerate(mine):
        other = next(e for e in mine[i + 1 :] + mine[:i] if e.output != example.output)
        wrong = replace(example, output=other.output)
        assert fault(wrong) or kind in {"rima", "intruso", "mayor o menor"}, (example, other.output)


@pytest.mark.parametrize("kind", sorted(set(BY_KIND) - CURATED))
def test_the_check_rejects_nonsense(kind):
    for example in BY_KIND[kind]:
        assert fault(replace(example, output="xyz 12 xyz. No, sin final " * 4 + "."))
        assert fault(replace(example, output=example.output + " zzz"))


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("rima", "mesa"),
        ("intruso", "nada"),
        ("mayor o menor", "1000000"),
        ("futuro", "Canta en el coro."),
        ("de yo a nosotros", "Nosotros leer el diario."),
        ("emoción", "sorpresa"),
        ("intención", "saludo"),
        ("título", "Un título."),
        ("pasos", "1. Uno.\n3. Tres.\n2. Dos."),
        ("lista con guiones", "- perro\n- perro\n- perro"),
        ("json", '{"a": 1}'),
        (
            "resumen",
            "El sábado llovió tanto que el arroyo se salió de su cauce. El agua entró " * 2,
        ),
        ("consejo", "sin mayúscula ni punto"),
        ("tildes", "Mi mama compro un sillon."),
    ],
)
def test_the_check_rejects_what_it_should(kind, wrong):
    assert fault(replace(BY_KIND[kind][0], output=wrong))


def test_the_general_checks_reject_what_they_should():
    good = BY_KIND["consejo"][0]
    assert fault(good) is None
    assert "demasiado larga" in fault(replace(good, output="Sí. " + "y " * 80 + "no."))
    assert "sin pareja" in fault(replace(good, output="¿Sí."))
    assert "espacios" in fault(replace(good, instruction="Dame  un consejo."))
    assert "nadie comprueba" in fault(replace(good, kind="otro"))


def test_numerals_come_back():
    assert all(from_words(in_words(n)) == n for n in range(1001))


def test_the_file_is_what_the_generator_writes():
    assert PATH.read_text(encoding="utf-8") == generated()


def test_no_example_is_repeated():
    assert repeated(e.id for e in EXAMPLES) == []
    assert repeated(key(e.prompt) for e in EXAMPLES) == []
    assert repeated((e.kind, key(e.input)) for e in EXAMPLES if e.input) == []
    long = [key(e.output) for e in EXAMPLES if len(e.output.split()) > 3]
    assert repeated(long) == []


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_no_case_is_used_twice(kind):
    """Con otra manera de pedirlo seguiría siendo el mismo ejemplo."""
    cases = [(key(case.input), str(case.slots), case.output) for case in kind.cases]
    assert repeated(cases) == []


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_each_kind_is_asked_for_in_many_ways(kind):
    assert len(set(kind.wordings)) >= 6
    patterns = [re.escape(re.sub(r"\{\w+\}", "\0", w)).replace("\0", ".+") for w in kind.wordings]
    for example in BY_KIND[kind.name]:
        assert any(re.fullmatch(p, example.instruction, re.DOTALL) for p in patterns)
    for pattern in patterns:
        assert any(re.fullmatch(pattern, e.instruction) for e in BY_KIND[kind.name]), pattern


@pytest.mark.parametrize("kind", sorted(CURATED))
def test_curated_kinds_are_asked_for_in_many_ways(kind):
    mine = BY_KIND[kind]
    assert all(e.curated for e in mine)
    assert len({" ".join(words(e.instruction)[:2]) for e in mine}) >= 6


def test_nothing_leaks_between_splits():
    seen = {}
    for split in SPLITS:
        for example in load_examples(split):
            for gram in grams(example.input or example.instruction, example.output):
                assert seen.setdefault(gram, split) == split, (example.id, gram)


def test_nothing_is_in_another_data_set_of_the_course():
    mine = {g for e in EXAMPLES for g in grams(e.instruction, e.input, e.output)}
    others = [f for f in DATA.iterdir() if f.name.endswith(".jsonl") and "instruc" not in f.name]
    assert len(others) >= 4
    for file in others:
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            shared = grams(*(v for v in row.values() if isinstance(v, str))) & mine
            assert shared == set(), (file.name, row)


def test_a_shared_phrase_would_be_seen():
    one = BY_KIND["resumen"][0].input
    assert grams(one) & grams("Y entonces " + one.upper())
    assert not grams(one) & grams(BY_KIND["resumen"][1].input)


def test_answers_are_short():
    lengths = [len(e.output.split()) for e in EXAMPLES]
    assert statistics.median(lengths) < 25
    assert max(lengths) <= 80


@pytest.mark.parametrize("kind", ["emoción", "intención"])
def test_labels_are_balanced(kind):
    assert set(Counter(e.output for e in BY_KIND[kind]).values()) == {8}


@pytest.mark.parametrize("kind", ["emoción", "intención", "sí o no"])
def test_the_wording_does_not_give_the_label_away(kind):
    """Ninguna manera de pedirlo va siempre con la misma etiqueta."""
    labels = defaultdict(set)
    for i, example in enumerate(BY_KIND[kind]):
        wordings = next(k for k in KINDS if k.name == kind).wordings
        labels[(i + i // len(wordings)) % len(wordings)].add(example.output)
    assert all(len(found) > 1 for found in labels.values())


def test_files_are_small():
    names = ("instrucciones_curadas.jsonl", "instrucciones_generadas.jsonl")
    assert sum(len((DATA / name).read_bytes()) for name in names) <= 400_000


def test_card_tells_the_truth():
    card = (DATA / "instrucciones.md").read_text(encoding="utf-8")
    flat = " ".join(card.split())
    for kind, examples in BY_KIND.items():
        assert re.search(rf"\b{kind} {len(examples)}\b", flat), (kind, len(examples))
    assert f"{len(EXAMPLES)} ejemplos" in flat and f"{len(BY_KIND)} tipos" in flat
    for split in SPLITS:
        assert f"{len(load_examples(split))} en «{split}»" in flat
    assert f"{sum(e.curated for e in EXAMPLES)} curados" in flat
    lengths = [len(e.output.split()) for e in EXAMPLES]
    assert f"mediana {statistics.median(lengths):.0f} y máximo {max(lengths)} palabras" in flat
    for stated in ("con ayuda de un modelo de lenguaje", "## Límites", "CC BY 4.0"):
        assert stated in flat


@pytest.mark.parametrize("split", ["prueba", "", "Train"])
def test_unknown_split_teaches(split):
    with pytest.raises(ValueError, match="«final», para medir una vez") as error:
        load_examples(split)
    assert repr(split) in str(error.value)
