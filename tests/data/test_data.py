"""Los datos del curso están balanceados, sin duplicados y con una ficha que dice la verdad."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import FrozenInstanceError
from importlib.resources import files
from itertools import combinations, product

import pytest

from course_lib.data import SPLITS, load_headlines, load_pairs, load_reviews, load_texts

LABELS = ("positivo", "negativo")
TOPICS = ("deportes", "economía", "ciencia", "cultura")
REGISTERS = {"coloquial", "formal", "prensa", "redes", "infantil", "irónico"}
COUNTRIES = {
    *("Argentina", "Chile", "Colombia", "España", "México", "Perú", "Uruguay", "Venezuela"),
    "neutro",
}
PER_CELL = {  # reseñas por mitad y etiqueta
    "directa": 28,
    "negación": 9,
    "mixta": 9,
    "implícita": 9,
    "comparación": 7,
    "ironía": 6,
}
GIVEAWAY = re.compile(
    r"\b(buen[oa]?s?|buenísim\w+|mal|mal[oa]s?|malísim\w+|bacán|bacanes|terribles?|horribles?"
    r"|excelentes?|genial\w*|pésim\w+)\b",
    re.IGNORECASE,
)
LOADERS = {"resenas": load_reviews, "titulares": load_headlines, "textos": load_texts}


def words(text):
    return re.findall(r"\w+", text.lower())


def shared_ngrams(items, size=5):
    """Pares de ids que comparten `size` palabras seguidas, y cuáles son."""
    grams = {}
    for item in items:
        tokens = words(item.text)
        grams[item.id] = {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}
    pairs = combinations(grams, 2)
    return [(a, b, grams[a] & grams[b]) for a, b in pairs if grams[a] & grams[b]]


def test_near_duplicates_are_detected():
    first, second, *_ = load_reviews()
    longer = type(first)(**{**vars(first), "id": "otra", "text": first.text + " Y ya está."})
    assert [pair[:2] for pair in shared_ngrams([first, second, longer])] == [(first.id, "otra")]


@pytest.mark.parametrize("name", LOADERS)
def test_ids_and_texts_are_unique_and_clean(name):
    items = LOADERS[name]()
    assert len({item.id for item in items}) == len(items)
    assert len({" ".join(words(item.text)) for item in items}) == len(items)
    for item in items:
        assert item.text == item.text.strip()
        assert "  " not in item.text
        assert item.text.count("«") == item.text.count("»"), item.id
        assert item.text.count("¿") == item.text.count("?"), item.id
        assert item.text.count("¡") == item.text.count("!"), item.id


@pytest.mark.parametrize("name", ["resenas", "titulares"])
def test_no_near_duplicates(name):
    assert shared_ngrams(LOADERS[name]()) == []


@pytest.mark.parametrize("name", ["resenas", "titulares"])
def test_splits_are_disjoint_and_cover_everything(name):
    load = LOADERS[name]
    development, test = (load(split) for split in SPLITS)
    assert not {item.id for item in development} & {item.id for item in test}
    assert len(development) == len(test)
    assert sorted(development + test, key=lambda item: item.id) == load()


@pytest.mark.parametrize(("split", "label"), list(product(SPLITS, LABELS)))
def test_reviews_are_balanced_in_label_and_difficulty(split, label):
    cell = [review for review in load_reviews(split) if review.label == label]
    assert Counter(review.difficulty for review in cell) == PER_CELL


def test_labels_are_balanced_within_each_register_and_country():
    for split in SPLITS:
        by_label = {
            label: Counter((r.register, r.country) for r in load_reviews(split) if r.label == label)
            for label in LABELS
        }
        assert by_label["positivo"] == by_label["negativo"]


def test_review_fields_are_valid():
    reviews = load_reviews()
    assert len(reviews) >= 220
    assert {review.label for review in reviews} == set(LABELS)
    assert {review.register for review in reviews} == REGISTERS
    assert {review.country for review in reviews} == COUNTRIES
    assert all(8 <= len(review.text.split()) <= 45 for review in reviews)


def test_review_length_does_not_give_the_label_away():
    totals = Counter()
    for review in load_reviews():
        totals[review.label] += len(review.text)
    assert 0.9 < totals["positivo"] / totals["negativo"] < 1.1


def test_answer_words_do_not_give_the_label_away():
    reviews = load_reviews()
    with_giveaway = [review for review in reviews if GIVEAWAY.search(review.text)]
    assert len(with_giveaway) / len(reviews) < 0.08


@pytest.mark.parametrize(("split", "topic"), list(product(SPLITS, TOPICS)))
def test_headlines_are_balanced(split, topic):
    cell = [headline for headline in load_headlines(split) if headline.label == topic]
    assert Counter(headline.difficulty for headline in cell) == {"directa": 12, "cruzada": 4}


def test_headlines_have_only_the_four_topics_and_are_one_line():
    headlines = load_headlines()
    assert {headline.label for headline in headlines} == set(TOPICS)
    assert all("\n" not in h.text and 5 <= len(h.text.split()) <= 20 for h in headlines)


def test_texts_have_three_of_each_register_and_the_right_length():
    texts = load_texts()
    counts = Counter(text.register for text in texts)
    assert len(counts) >= 6
    assert set(counts.values()) == {3}
    assert all(120 <= len(text.text.split()) <= 180 for text in texts)
    for register in counts:
        assert shared_ngrams(load_texts(register)) == []


def test_pairs_are_balanced_and_neither_language_is_longer():
    pairs = load_pairs()
    cells = Counter((pair.topic, pair.source) for pair in pairs)
    assert set(cells.values()) == {2} and len(cells) == 12
    assert len({pair.id for pair in pairs}) == len({pair.es for pair in pairs}) == len(pairs)
    for pair in pairs:
        for sentence in (pair.es, pair.en):
            assert sentence == sentence.strip() and "  " not in sentence
            assert 11 <= len(sentence.split()) <= 19
        assert pair.es.count("¿") == pair.es.count("?") == pair.en.count("?")
    for size in (len, lambda sentence: len(sentence.split())):
        ratio = sum(size(pair.es) for pair in pairs) / sum(size(pair.en) for pair in pairs)
        assert 1 / 1.15 < ratio < 1.15


def test_pairs_card_tells_the_truth():
    card = (files("course_lib.data") / "paralelos.md").read_text(encoding="utf-8")
    pairs = load_pairs()
    lengths = [len(sentence.split()) for pair in pairs for sentence in (pair.es, pair.en)]
    flat = " ".join(card.split())
    assert f"{len(pairs)} pares" in card and "es 12, en 12" in flat
    assert f"de {min(lengths)} a {max(lengths)} palabras" in flat
    for stated in ("con ayuda de un modelo de lenguaje", "## Límites", "CC BY 4.0"):
        assert stated in flat


@pytest.mark.parametrize("name", LOADERS)
def test_card_states_origin_limits_licence_and_true_counts(name):
    card = (files("course_lib.data") / f"{name}.md").read_text(encoding="utf-8")
    flat = " ".join(card.split())
    assert "con ayuda de un modelo de lenguaje" in flat
    assert "## Límites" in card
    assert "CC BY 4.0" in card
    items = LOADERS[name]()
    assert re.search(rf"^{len(items)} ", card, re.MULTILINE)
    lengths = [len(item.text.split()) for item in items]
    if name != "titulares":
        assert f"de {min(lengths)} a {max(lengths)} palabras" in flat
        return
    assert "directa 96, cruzada 32" in flat


def test_review_card_gives_the_true_difficulty_counts():
    card = (files("course_lib.data") / "resenas.md").read_text(encoding="utf-8")
    for difficulty, count in Counter(review.difficulty for review in load_reviews()).items():
        assert f"{difficulty} {count}" in card


@pytest.mark.parametrize(
    ("name", "correct"), [("resenas", "0,51 (69 de 136"), ("titulares", "0,44 (28 de 64")]
)
def test_bag_of_words_baseline_is_the_one_in_the_card(name, correct):
    text = pytest.importorskip("sklearn.feature_extraction.text")
    linear = pytest.importorskip("sklearn.linear_model")
    train, test = (LOADERS[name](split) for split in SPLITS)
    vectorizer = text.CountVectorizer()
    model = linear.LogisticRegression(max_iter=1000)
    model.fit(vectorizer.fit_transform([i.text for i in train]), [i.label for i in train])
    predicted = model.predict(vectorizer.transform([i.text for i in test]))
    hits = sum(label == item.label for label, item in zip(predicted, test, strict=True))
    card = (files("course_lib.data") / f"{name}.md").read_text(encoding="utf-8")
    assert correct in card
    assert correct == f"{hits / len(test):.2f} ({hits} de {len(test)}".replace(".", ",")


@pytest.mark.parametrize("load", [load_reviews, load_headlines])
@pytest.mark.parametrize("split", ["test", "", "Prueba"])
def test_unknown_split_teaches(load, split):
    with pytest.raises(ValueError, match="desarrollo") as error:
        load(split)
    assert repr(split) in str(error.value)
    assert "prueba" in str(error.value)


def test_unknown_register_lists_the_known_ones():
    with pytest.raises(ValueError, match="narrativa") as error:
        load_texts("ensayo")
    assert "'ensayo'" in str(error.value)


def test_items_are_frozen():
    with pytest.raises(FrozenInstanceError):
        load_reviews()[0].label = "positivo"


def test_import_is_light():
    code = (
        "import sys, course_lib.data as d; d.load_reviews(); "
        "print([m for m in ('torch','transformers','ipywidgets','matplotlib') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
