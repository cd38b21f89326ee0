"""Las medidas: n-gramas, copias, concordancia, parejas reservadas; cada una detecta lo que dice."""

from __future__ import annotations

import math

import pytest
import torch

from course_lib.experiments.stories.agreement import errors_per_hundred_words
from course_lib.experiments.stories.copies import CopyIndex, sentences, words
from course_lib.experiments.stories.corpus import tell_many
from course_lib.experiments.stories.measures import (
    copy_measures,
    describe_losses,
    grammar_measures,
    story_losses,
    wish_costs,
)
from course_lib.experiments.stories.model import as_language_model
from course_lib.experiments.stories.ngrams import fit_ngrams
from course_lib.experiments.stories.tokenizer import encode_stories, load_tokenizer
from course_lib.experiments.stories.training import mean_loss


def test_ngram_probabilities_sum_to_one(rows):
    model = fit_ngrams(rows[:30], rows[30:], order=3, vocab_size=600)
    assert sum(model.weights) == pytest.approx(1.0, abs=1e-12)
    row = rows[40]
    for position in (1, 2, 9):
        total = 0.0
        for token in range(600):
            changed = [*row[:position], token]
            parts = model.parts(changed, position)
            total += sum(w * p for w, p in zip(model.weights, parts, strict=True))
        seen = model.parts([*row[:position], row[position]], position)
        assert total <= 1 + 1e-9
        if all(seen):  # con todos los contextos vistos no se pierde probabilidad
            assert total == pytest.approx(1.0, abs=1e-9)


def test_longer_ngrams_predict_better_with_enough_text(tokenizer, training_tellings):
    rows = encode_stories(tokenizer, [telling.text for telling in training_tellings])
    train, development, test = rows[:500], rows[500:550], rows[550:]
    totals = [sum(fit_ngrams(train, development, order, 600).losses(test)) for order in (1, 2, 3)]
    assert totals[0] > totals[1] > totals[2]


def test_more_rounds_never_hurt_the_development_split(rows):
    losses = [
        sum(fit_ngrams(rows[:30], rows[30:], 3, 600, rounds=r).losses(rows[30:]))
        for r in (0, 1, 5, 20)
    ]
    assert losses == sorted(losses, reverse=True)


def test_ngram_bad_input_teaches(rows):
    for arguments in ((rows, rows, 0), ([], rows, 2), (rows, [], 2)):
        with pytest.raises(ValueError, match="order >= 1"):
            fit_ngrams(*arguments, 600)


def test_story_losses_add_up(tiny_model, rows):
    losses = story_losses(tiny_model, rows[:5])
    tokens = sum(len(row) - 1 for row in rows[:5])
    assert sum(losses) / tokens == pytest.approx(mean_loss(tiny_model, rows[:5]), rel=1e-6)
    described = describe_losses(losses, rows[:5], ["x" * 99] * 5)
    assert described["perplexity"] == pytest.approx(math.exp(sum(losses) / tokens))
    assert described["bits_per_character"] == pytest.approx(sum(losses) / math.log(2) / 500)
    assert described["n"] == 5 and described["se"] > 0


def test_copies_are_found_and_new_texts_are_not():
    index = CopyIndex(["Érase una vez un oso muy terco que vivía en una cueva. Un día salió."])
    copied = "Érase una vez un oso muy terco que vivía en una cueva."
    assert index.copied_sentences(copied) == (1, 1)
    assert index.copied_sentences(copied.replace("oso", "pato")) == (0, 1)
    assert index.copied_sentences("Un día salió.") == (0, 0)  # demasiado corta para contar
    assert index.longest_run(f"Otra cosa. {copied} Un día volvió.") == 14
    assert index.longest_run("Nada de esto se ha dicho antes en ningún lugar.") == 0
    assert index.is_copy(index.texts[0]) and not index.is_copy(copied)


def test_a_run_does_not_cross_from_one_story_to_another():
    index = CopyIndex(["uno dos tres cuatro cinco seis siete", "ocho nueve diez once doce trece"])
    assert index.longest_run("tres cuatro cinco seis siete ocho nueve") == 0
    assert index.longest_run("dos tres cuatro cinco seis siete ocho nueve") == 6


def test_sentences_keep_quotes_and_dialogue_together():
    text = "Pensó: «Yo también quiero». Y salió.\n—¿Sí? —preguntó el zorro—. ¡Ven!"
    assert sentences(text) == [
        "Pensó: «Yo también quiero».",
        "Y salió.",
        "—¿Sí? —preguntó el zorro—.",
        "¡Ven!",
    ]


def test_copy_measures_of_the_training_itself_are_total(training_tellings):
    texts = [telling.text for telling in training_tellings[:30]]
    measures = copy_measures(texts[:5], CopyIndex(texts))
    assert measures["copies"] == 5 and measures["sentences"] == 1.0
    assert measures["longest_run"] == max(len(words(text)) for text in texts[:5])


def test_grammar_stories_have_no_errors_and_can_be_read(training_tellings):
    texts = [telling.text for telling in training_tellings[:20]]
    assert errors_per_hundred_words(texts)["errors"] == 0
    measures = grammar_measures(texts)
    assert measures["readable"] == measures["n"] == 20
    broken = [text.replace("una ", "un ", 1) for text in texts]
    assert grammar_measures(broken)["readable"] < 20
    assert errors_per_hundred_words([texts[0].replace("un ", "una ")])["errors"] > 0


def test_reserved_stories_are_read_too():
    texts = [telling.text for telling in tell_many(15, "reservadas", 8)]
    assert grammar_measures(texts) == {"readable": 15, "n": 15}


def test_wish_costs_measure_only_the_mention(tiny_model, tokenizer, training_tellings):
    with_object = [t for t in training_tellings if "w" in t.choices][:3]
    others = [t for t in training_tellings if "w" not in t.choices][:3]
    model = tiny_model
    lm = as_language_model(model, load_tokenizer(tokenizer))
    costs = wish_costs(lm, [*with_object, *others])
    assert len(costs) == 3
    for telling, cost in zip(with_object, costs, strict=True):
        thing = telling.choices["w"].text
        start = telling.text.index(thing)
        before = tokenizer.encode(telling.text[: start - 1]).ids
        through = tokenizer.encode(telling.text[: start + len(thing)]).ids
        logprobs = model(torch.tensor([through])).log_softmax(-1)[0]
        expected = -sum(
            logprobs[i - 1, through[i]].item() for i in range(len(before), len(through))
        )
        assert cost == pytest.approx(expected, rel=1e-4)
