"""El árbol une como uniría el tokenizador, y dice en qué orden."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from tokenizers import Tokenizer, pre_tokenizers, trainers
from tokenizers.models import BPE

from course_lib.diagrams import merge_tree

MERGES = [("a", "n"), ("n", "a"), ("m", "an"), ("na", "s")]


def test_the_oldest_merge_goes_first():
    """«na» también está en «manas», pero (a, n) se aprendió antes y se queda con la n."""
    drawn = merge_tree("manas", MERGES, title="«manas»")
    assert repr(drawn) == (
        "«manas». Piezas: m, a, n, a, s. Unión 1: a + n. Unión 3: m + an. Tokens: man, a, s."
    )


def test_a_repeated_pair_is_joined_from_the_left():
    drawn = repr(merge_tree("aaa", [("a", "a")], title="T"))
    assert drawn.endswith("Unión 1: a + a. Tokens: aa, a.")


def test_what_is_drawn_is_what_is_said():
    page = BeautifulSoup(merge_tree("manas", MERGES, title="T")._repr_html_(), "html.parser")
    assert [t.text for t in page.find_all("text")] == [*"manas", "an", "1", "man", "3"]
    assert sum(r["stroke-width"] == "3" for r in page.find_all("rect")) == 3  # los tres tokens
    assert len(page.find_all("path")) == 4  # dos por unión
    assert float(page.svg["viewbox"].split()[2]) <= 420


def test_it_ends_in_the_tokens_of_a_real_tokenizer():
    words = ["la casa cansada de la mañana", "una cama para la dama de la casa", "mañana y tarde"]
    bpe = Tokenizer(BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(
        words, trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    )
    merges = [tuple(pair) for pair in json.loads(bpe.to_str())["model"]["merges"]]
    for word in (" mañanas", " cansada", " dado"):
        pieces = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(word)[0][0]
        tokens = bpe.encode(word).tokens
        assert repr(merge_tree(pieces, merges, title="T")).endswith(f"Tokens: {', '.join(tokens)}.")


def test_pieces_are_written_as_asked():
    drawn = merge_tree(["Ġ", "d"], [("Ġ", "d")], label=lambda t: t.replace("Ġ", "␣"), title="T")
    assert repr(drawn) == "T. Piezas: ␣, d. Unión 1: ␣ + d. Tokens: ␣d."


def test_nothing_to_draw_is_explained():
    with pytest.raises(ValueError, match="al menos una pieza"):
        merge_tree([], MERGES, title="T")
