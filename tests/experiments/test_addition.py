"""Sumar con pasos y sin ellos: los textos, las métricas, la prueba apartada y el entrenamiento."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import torch
from torch import nn

from course_lib.experiments import addition, sums
from course_lib.records import Record
from course_lib.transformer import Transformer
from tools.train_addition import is_split

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
        symbols = ["".join(sums.ALPHABET[i] for i in row) for row in ids.tolist()]
        self.text = [a + b for a, b in zip(self.text or [""] * len(ids), symbols, strict=True)]
        logits = torch.zeros(*ids.shape, len(sums.ALPHABET))
        for row, text in enumerate(self.text):
            a, b = map(int, text[:7].split("+"))
            whole = text[:8] + self.spoil(sums.solve(a, b, self.way)) + ";;"
            start = len(text) - ids.shape[1]
            for t in range(ids.shape[1]):
                logits[row, t, sums.ALPHABET.index(whole[start + t + 1])] = 20.0
        return logits[:, -1:] if only_last else logits


@pytest.mark.parametrize("pair", PAIRS)
def test_each_step_adds_a_column_and_what_was_carried(pair):
    *steps, answer, rest = sums.solve(*pair, "pasos").split(";")
    carry, digits = 0, ""
    for place, step in enumerate(steps):
        terms, total = step.split("=")
        x, y, carried = map(int, terms.split("+"))
        assert (x, y) == tuple(number // 10**place % 10 for number in pair)
        assert carried == carry and int(total) == x + y + carry
        carry, digits = int(total[0]), total[1] + digits
    assert int(f"{carry}{digits}") == int(answer) == sum(pair) and rest == ""


@pytest.mark.parametrize("way", sums.WAYS)
@pytest.mark.parametrize("pair", PAIRS)
def test_the_answer_is_found_in_what_is_written(way, pair):
    text = sums.solve(*pair, way)
    assert sums.extract(text, way) == str(sum(pair))
    assert sums.extract(text + ";;9", way) == str(sum(pair))
    assert set(text) <= set(sums.ALPHABET)


def test_an_answer_that_never_came_is_empty():
    assert sums.extract("5+8+0=13;4+7+1=12;3+6", "pasos") == ""
    assert sums.extract(";12", "directa") == ""


def test_wrong_requests_teach():
    with pytest.raises(ValueError, match="Usa «directa» o «pasos»"):
        sums.solve(345, 678, "rápida")
    with pytest.raises(ValueError, match=r"99 \+ 345: los dos sumandos tienen tres cifras"):
        sums.solve(99, 345, "directa")


def test_metrics_by_hand():
    answers = ["1023", "468", "1500", "300"]
    outputs = ["1024", "468", "", "1300"]
    # por cifra: 3 de 4, 4 de 4, ninguna y 3 de 4
    assert sums.digit_accuracy(outputs, answers) == 10 / 16
    assert sums.exact_match(outputs, answers) == 0.25
    assert sums.prefix_accuracy(outputs, answers) == [0.5, 0.5, 0.5, 0.25]
    assert sums.place_accuracy(outputs, answers) == [0.5, 0.75, 0.75, 0.5]


@pytest.mark.parametrize("output", ["", "10+3", "01023", "=023"])
def test_what_is_no_number_of_four_figures_earns_nothing(output):
    assert sums.digit_accuracy([output], ["1023"]) == 0


def test_chance_counts_every_pair():
    totals = Counter(a + b for a in range(100, 1000) for b in range(100, 1000))
    best = totals.most_common(1)[0][1] / 810_000
    assert sums.chance()["exact"] == pytest.approx(best)
    units = Counter()
    for total, count in totals.items():
        units[str(total).rjust(4)[0]] += count
    thousands = max(units.values()) / 810_000
    assert 0.1 < (sums.chance()["digits"] * 4 - thousands) / 3 < 0.15


@pytest.mark.parametrize("way", sums.WAYS)
def test_training_never_sees_the_test(way):
    held = {frozenset(pair) for pair in sums.held_out()}
    assert len(held) == sums.TEST_PAIRS
    batches = sums.batches(way, seed=0)
    seen = Counter()
    for _ in range(300):
        texts = next(batches)
        assert len(texts) == sums.BATCH
        for row in texts.tolist():
            text = "".join(sums.ALPHABET[i] for i in row)
            a, b = map(int, text[:7].split("+"))
            assert text[8:].rstrip(";") == sums.solve(a, b, way).rstrip(";")
            seen[frozenset((a, b))] += 1
    assert not held & seen.keys()
    assert len(seen) > 0.95 * seen.total()


def test_both_ways_see_the_same_sums():
    first, second = (next(sums.batches(way, seed=3)) for way in sums.WAYS)
    assert torch.equal(first[:, : sums.PROMPT], second[:, : sums.PROMPT])
    other = next(sums.batches("directa", seed=4))
    assert not torch.equal(first[:, : sums.PROMPT], other[:, : sums.PROMPT])


@pytest.mark.parametrize("way", sums.WAYS)
def test_who_knows_scores_one(way):
    measured, outputs = addition.measure(Oracle(way), PAIRS, way)
    assert [sums.extract(text, way) for text in outputs] == [str(a + b) for a, b in PAIRS]
    rights = {"exact", "digits", "token_accuracy", "answer_token_accuracy"}
    assert {name: measured[name] for name in rights} == dict.fromkeys(rights, 1.0)
    assert measured["without_answer"] == 0
    assert measured["loss"] < 1e-6 and measured["answer_loss"] < 1e-6


@pytest.mark.parametrize("way", sums.WAYS)
@pytest.mark.parametrize("pairs", [PAIRS, [(100, 100), (123, 456)]])
def test_one_wrong_symbol_in_the_answer(way, pairs):
    """El último símbolo antes del «;», cambiado: cada métrica pierde lo suyo, ni más ni menos."""

    def spoil(text):
        return text[:-2] + str((int(text[-2]) + 1) % 10) + ";"

    measured, _ = addition.measure(Oracle(way, spoil), pairs, way)
    answers = [f"{a + b};" for a, b in pairs]
    symbols = sum(map(len, answers))
    whole = sum(len(sums.solve(a, b, way)) for a, b in pairs)
    assert measured["exact"] == 0 and measured["digits"] == 0.75
    assert measured["answer_token_accuracy"] == pytest.approx(1 - len(pairs) / symbols)
    assert measured["token_accuracy"] == pytest.approx(1 - len(pairs) / whole)
    assert measured["answer_loss"] == pytest.approx(20 * len(pairs) / symbols, rel=1e-4)


def test_an_untrained_model_is_near_chance():
    torch.manual_seed(0)
    model = Transformer(addition.member(16)).eval()
    measured = addition.forced(model, sums.held_out()[:100], "directa")
    assert measured["loss"] == pytest.approx(math.log(len(sums.ALPHABET)), abs=0.5)
    assert measured["token_accuracy"] < 0.4


def test_writing_is_the_most_probable_symbol_each_time():
    """Con caché o releyendo todo cada vez, se escribe lo mismo."""
    torch.manual_seed(0)
    model = Transformer(addition.member(8)).eval()
    outputs = addition.complete(model, PAIRS, "directa")
    assert [len(text) for text in outputs] == [sums.ANSWER] * len(PAIRS)
    for (a, b), text in zip(PAIRS, outputs, strict=True):
        ids = sums.encode([f"{a}+{b}={text}"])
        with torch.no_grad():
            again = model(ids[:, :-1])[0, sums.PROMPT - 1 :].argmax(-1)
        assert torch.equal(again, ids[0, sums.PROMPT :])


def test_a_short_training_gives_a_row():
    calls = []
    model, row = addition.train_member(
        8, "directa", seed=1, steps=20, on_step=lambda: calls.append(1)
    )
    assert [point["step"] for point in row["curve"]] == list(range(2, 21, 2)) and len(calls) == 20
    assert row["curve"][-1]["loss"] < row["curve"][0]["loss"]
    assert len(row["answers"].split(" ")) == sums.TEST_PAIRS
    answers = [str(a + b) for a, b in sums.held_out()]
    assert sums.digit_accuracy(row["answers"].split(" "), answers) == row["digits"]
    assert {**row, **addition.measure(model, sums.held_out(), "directa")[0]} == row
    assert addition.train_member(8, "directa", seed=1, steps=20)[1] == row


def test_the_family_only_changes_its_width():
    sizes = [
        sum(p.numel() for p in Transformer(addition.member(width)).parameters())
        for width in addition.WIDTHS
    ]
    assert len(sizes) >= 6 and sizes == sorted(sizes) and sizes[-1] / sizes[0] > 10


# --- lo grabado ---


@pytest.fixture(scope="module")
def record():
    return Record.load("addition")


def cells(record):
    """Por ancho y manera, la exactitud de cada semilla."""
    found = {}
    for row in record.rows:
        found.setdefault((row["width"], row["way"]), []).append(row["exact"])
    return found


def test_recorded_numbers_come_from_the_recorded_answers(record):
    assert record.settings["pairs"] == [list(pair) for pair in sums.held_out()]
    answers = [str(a + b) for a, b in sums.held_out()]
    for row in record.rows:
        outputs = row["answers"].split(" ")
        assert sums.exact_match(outputs, answers) == pytest.approx(row["exact"])
        assert sums.digit_accuracy(outputs, answers) == pytest.approx(row["digits"])
        assert len(row["curve"]) == addition.MOMENTS
        whole = [sums.extract(text, row["way"]) for text in row["outputs"]]
        assert whole == outputs[: len(whole)]


def test_every_cell_has_its_seeds(record):
    found = cells(record)
    assert set(found) == {(width, way) for width in addition.WIDTHS for way in sums.WAYS}
    for exact in found.values():
        assert len(exact) == (10 if is_split(exact[:3]) else 3)


def test_with_steps_a_smaller_model_is_enough(record):
    """Con pasos, todas las semillas lo logran desde algún ancho; de una vez, en ninguno."""
    found = cells(record)
    always = {
        way: [width for width in addition.WIDTHS if min(found[width, way]) > 0.9]
        for way in sums.WAYS
    }
    assert len(always["pasos"]) >= 3 and always["pasos"][-1] == addition.WIDTHS[-1]
    assert not always["directa"]


@pytest.mark.parametrize("way", sums.WAYS)
def test_the_saved_models_write_what_was_recorded(record, way):
    row = record.one(width=addition.SAVED, way=way, seed=0)
    outputs = addition.complete(addition.load(way), sums.held_out(), way)
    found = [sums.extract(text, way) for text in outputs]
    same = sum(x == y for x, y in zip(found, row["answers"].split(" "), strict=True))
    assert same >= 0.98 * sums.TEST_PAIRS


def test_loading_another_way_is_explained():
    with pytest.raises(ValueError, match="Usa «directa» o «pasos»"):
        addition.load("rápida")
