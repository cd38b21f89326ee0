"""La Declaración está entera, limpia, y su ficha dice la verdad."""

from __future__ import annotations

from importlib.resources import files

from course_lib.data import load_declaration


def test_there_are_thirty_articles_in_order():
    assert [article.article for article in load_declaration()] == list(range(1, 31))


def test_texts_are_clean_and_in_their_language():
    for article in load_declaration():
        for text in (article.es, article.en):
            assert text == " ".join(text.split()) and text.endswith(".")
            assert not text[0].isdigit()  # sin el número del párrafo
        assert {"the", "of", "to"} & set(article.en.split())
        assert {"de", "la", "ni", "en", "ser"} & set(article.es.split())
        assert 0.6 < len(article.es.split()) / len(article.en.split()) < 1.5


def test_accents_are_composed_and_hyphens_plain():
    letters = {c for article in load_declaration() for c in article.es + article.en}
    assert {c for c in letters if ord(c) > 127} == set("áéíóúñ")


def test_card_tells_the_truth():
    card = (files("course_lib.data") / "declaracion.md").read_text(encoding="utf-8")
    articles = load_declaration()
    lengths = [len(text.split()) for a in articles for text in (a.es, a.en)]
    assert f"{len(articles)} artículos" in card
    assert f"de {min(lengths)} a {max(lengths)} palabras" in card
    for stated in ("217 A (III)", "## Límites", "Licencia"):
        assert stated in card
