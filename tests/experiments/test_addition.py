"""Sumar con pasos y sin ellos: los textos, las métricas, la prueba apartada y el entrenamiento."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import torch
from torch import nn

from course_lib.experiments import addition
from course_lib.transformer import Transformer

PAIRS = [(345, 678), (100, 100), (999, 999), (123, 456)]


class Oracle(nn.Module):
    """Escribe lo que debe: lee la suma que tiene delante y pone en ella toda su confianza."""

    config = addition.member(8)

    def __init__(self, way, spoil=lambda text: text):
        super().__init__()
        self.way, self.spoil, self.cache, self.text = way, spoil, None, []

    def forward(self, ids, cache=None, only_last=False):
        if cache is None or cache is not self.cache:  # un texto nuevo
            self.cache, self.text = cache, []
        symbols = ["".join(addition.ALPHABET[i] for i in row) for row in ids.tolist()]
        self.text = [a + b for a, b in zip(self.text or [""] * len(ids), symbols, strict=True)]
        logits = torch.zeros(*ids.shape, len(addition.ALPHABET))
        for row, text in enumerate(self.text):
            a, b = map(int, text[:7].split("+"))
            whole = text[:8] + self.spoil(addition.solve(a, b, self.way)) + ";;"
            start = len(text) - ids.shape[1]
            for t in range(ids.shape[1]):
                logits[row, t, addition.ALPHABET.index(whole[start + t + 1])] = 20.0
        return logits[:, -1:] if only_last else logits


@pytest.mark.parametrize("pair", PAIRS)
def test_each_step_adds_a_column_and_what_was_carried(pair):
    *steps, answer, rest = addition.solve(*pair, "pasos").split(";")
    carry, digits = 0, ""
    for place, step in enumerate(steps):
        terms, total = step.split("=")
        x, y, carried = map(int, terms.split("+"))
        assert (x, y) == tuple(number // 10**place % 10 for number in pair)
        assert carried == carry and int(total) == x + y + carry
        carry, digits = int(total[0]), total[1] + digits
    assert int(f"{carry}{digits}") == int(answer) == sum(pair) and rest == ""


@pytest.mark.parametrize("way", addition.WAYS)
@pytest.mark.parametrize("pair", PAIRS)
def test_the_answer_is_found_in_what_is_written(way, pair):
    text = addition.solve(*pair, way)
    assert addition.extract(text, way) == str(sum(pair))
    assert addition.extract(text + ";;9", way) == str(sum(pair))
    assert set(text) <= set(addition.ALPHABET)


def test_an_answer_that_never_came_is_empty():
    assert addition.extract("5+8+0=13;4+7+1=12;3+6", "pasos") == ""
    assert addition.extract(";12", "directa") == ""


def test_wrong_requests_teach():
    with pytest.raises(ValueError, match="Usa «directa» o «pasos»"):
        addition.solve(345, 678, "rápida")
    with pytest.raises(ValueError, match=r"99 \+ 345: los dos sumandos tienen tres cifras"):
        addition.solve(99, 345, "directa")
    with pytest.raises(ValueError, match="last=5: se juzgan entre 1 y 4"):
        addition.exact_match(["1"], ["1"], last=5)


def test_metrics_by_hand():
    answers = ["1023", "468", "1500", "300"]
    outputs = ["1024", "468", "", "1300"]
    # por cifra: 3 de 4, 4 de 4, ninguna y 3 de 4
    assert addition.digit_accuracy(outputs, answers) == 10 / 16
    assert [addition.exact_match(outputs, answers, last) for last in (1, 2, 3, 4)] == [
        0.5,
        0.5,
        0.5,
        0.25,
    ]


@pytest.mark.parametrize("output", ["", "10+3", "01023", "=023"])
def test_what_is_no_number_of_four_figures_earns_nothing(output):
    assert addition.digit_accuracy([output], ["1023"]) == 0


def test_chance_counts_every_pair():
    totals = Counter(a + b for a in range(100, 1000) for b in range(100, 1000))
    best = totals.most_common(1)[0][1] / 810_000
    assert addition.chance()["exact"] == pytest.approx(best)
    units = Counter()
    for total, count in totals.items():
        units[str(total).rjust(4)[0]] += count
    thousands = max(units.values()) / 810_000
    assert 0.1 < (addition.chance()["digits"] * 4 - thousands) / 3 < 0.15


@pytest.mark.parametrize("way", addition.WAYS)
def test_training_never_sees_the_test(way):
    held = {frozenset(pair) for pair in addition.held_out()}
    assert len(held) == addition.TEST_PAIRS
    batches = addition._batches(way, seed=0)
    seen = Counter()
    for _ in range(300):
        texts = next(batches)
        assert len(texts) == addition.BATCH
        for row in texts.tolist():
            text = "".join(addition.ALPHABET[i] for i in row)
            a, b = map(int, text[:7].split("+"))
            assert text[8:].rstrip(";") == addition.solve(a, b, way).rstrip(";")
            seen[frozenset((a, b))] += 1
    assert not held & seen.keys()
    assert len(seen) > 0.95 * seen.total()


def test_both_ways_see_the_same_sums():
    first, second = (next(addition._batches(way, seed=3)) for way in addition.WAYS)
    assert torch.equal(first[:, : addition.PROMPT], second[:, : addition.PROMPT])
    other = next(addition._batches("directa", seed=4))
    assert not torch.equal(first[:, : addition.PROMPT], other[:, : addition.PROMPT])


@pytest.mark.parametrize("way", addition.WAYS)
def test_who_knows_scores_one(way):
    measured, outputs = addition.measure(Oracle(way), PAIRS, way)
    assert [addition.extract(text, way) for text in outputs] == [str(a + b) for a, b in PAIRS]
    rights = {"exact", "digits", "token_accuracy", "answer_token_accuracy"}
    assert {name: measured[name] for name in rights} == dict.fromkeys(rights, 1.0)
    assert measured["without_answer"] == 0
    assert measured["loss"] < 1e-6 and measured["answer_loss"] < 1e-6


@pytest.mark.parametrize("way", addition.WAYS)
@pytest.mark.parametrize("pairs", [PAIRS, [(100, 100), (123, 456)]])
def test_one_wrong_symbol_in_the_answer(way, pairs):
    """El último símbolo antes del «;», cambiado: cada métrica pierde lo suyo, ni más ni menos."""

    def spoil(text):
        return text[:-2] + str((int(text[-2]) + 1) % 10) + ";"

    measured, _ = addition.measure(Oracle(way, spoil), pairs, way)
    answers = [f"{a + b};" for a, b in pairs]
    symbols = sum(map(len, answers))
    whole = sum(len(addition.solve(a, b, way)) for a, b in pairs)
    assert measured["exact"] == 0 and measured["digits"] == 0.75
    assert measured["answer_token_accuracy"] == pytest.approx(1 - len(pairs) / symbols)
    assert measured["token_accuracy"] == pytest.approx(1 - len(pairs) / whole)
    assert measured["answer_loss"] == pytest.approx(20 * len(pairs) / symbols, rel=1e-4)


def test_an_untrained_model_is_near_chance():
    torch.manual_seed(0)
    model = Transformer(addition.member(16)).eval()
    measured = addition.forced(model, addition.held_out()[:100], "directa")
    assert measured["loss"] == pytest.approx(math.log(len(addition.ALPHABET)), abs=0.5)
    assert measured["token_accuracy"] < 0.4


def test_writing_is_the_most_probable_symbol_each_time():
    """Con caché o releyendo todo cada vez, se escribe lo mismo."""
    torch.manual_seed(0)
    model = Transformer(addition.member(8)).eval()
    outputs = addition.complete(model, PAIRS, "directa")
    assert [len(text) for text in outputs] == [addition.ANSWER] * len(PAIRS)
    for (a, b), text in zip(PAIRS, outputs, strict=True):
        ids = addition._encode([f"{a}+{b}={text}"])
        with torch.no_grad():
            again = model(ids[:, :-1])[0, addition.PROMPT - 1 :].argmax(-1)
        assert torch.equal(again, ids[0, addition.PROMPT :])


def test_a_short_training_gives_a_row():
    calls = []
    model, row = addition.train_member(
        8, "directa", seed=1, steps=20, on_step=lambda: calls.append(1)
    )
    assert [point["step"] for point in row["curve"]] == list(range(2, 21, 2)) and len(calls) == 20
    assert row["curve"][-1]["loss"] < row["curve"][0]["loss"]
    assert len(row["answers"].split(" ")) == addition.TEST_PAIRS
    answers = [str(a + b) for a, b in addition.held_out()]
    assert addition.digit_accuracy(row["answers"].split(" "), answers) == row["digits"]
    assert {**row, **addition.measure(model, addition.held_out(), "directa")[0]} == row
    assert addition.train_member(8, "directa", seed=1, steps=20)[1] == row


def test_the_family_only_changes_its_width():
    sizes = [
        sum(p.numel() for p in Transformer(addition.member(width)).parameters())
        for width in addition.WIDTHS
    ]
    assert len(sizes) >= 6 and sizes == sorted(sizes) and sizes[-1] / sizes[0] > 10
