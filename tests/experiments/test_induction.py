"""Continuar una repetición: los textos, las referencias y lo que se mide en el entrenamiento."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from course_lib.experiments import induction
from course_lib.transformer import Transformer


def texts(num_texts=200, **options):
    return induction.make_texts(num_texts, torch.Generator().manual_seed(0), **options)


def period_of(row: list[int]) -> int:
    return row.index(row[0], 1)


def test_each_text_repeats_its_own_period():
    found = set()
    for row in texts(400).tolist():
        period = period_of(row)
        found.add(period)
        assert len(set(row[:period])) == period
        assert row == [row[t % period] for t in range(induction.LENGTH)]
    assert found == set(induction.PERIODS)


def test_the_tested_period_was_never_trained():
    assert induction.PERIOD not in induction.PERIODS
    held = induction.held_out()
    assert held.shape == (induction.TEST_TEXTS, 2 * induction.PERIOD)
    assert {period_of(row) for row in held.tolist()} == {induction.PERIOD}
    assert torch.equal(held[:, : induction.PERIOD], held[:, induction.PERIOD :])


def test_symbols_are_spread_evenly():
    first = texts(6400)[:, 0].bincount(minlength=induction.VOCAB)
    assert first.min() > 0.5 * 100 and first.max() < 1.6 * 100


class Copier(nn.Module):
    """Sabe todo lo que se puede saber: no repite hasta que algo se repite, y entonces copia."""

    def forward(self, ids):
        logits = torch.zeros(*ids.shape, induction.VOCAB)
        for row, text in enumerate(ids.tolist()):
            for t, symbol in enumerate(text):
                if symbol in text[:t]:
                    logits[row, t, text[text.index(symbol) + 1]] = 30.0
                else:
                    logits[row, t, text[: t + 1]] = -30.0
        return logits


def test_references_are_what_the_best_reader_gets():
    found = induction.summary(induction.position_losses(Copier(), induction.held_out()[:64]))
    assert found["first"] == pytest.approx(induction.references()["first"], abs=1e-4)
    assert found["second"] == pytest.approx(0, abs=1e-4)
    early = math.log(induction.VOCAB - induction.EARLY)
    assert found["score"] == pytest.approx(-early, abs=1e-4)


def test_losses_are_of_the_position_they_say():
    class Blind(nn.Module):
        """Solo acierta el símbolo de la posición 5."""

        def forward(self, ids):
            logits = torch.zeros(*ids.shape, induction.VOCAB)
            logits[:, 4].scatter_(1, ids[:, 5:6], 30.0)
            return logits

    losses = induction.position_losses(Blind(), texts(16))
    assert losses.shape == (induction.LENGTH - 1,)
    uniform = math.log(induction.VOCAB)
    expected = [uniform] * (induction.LENGTH - 1)
    expected[5 - 1] = 0
    assert losses.tolist() == pytest.approx(expected, abs=1e-4)


def test_a_short_training_gives_a_row():
    calls = []
    model, row = induction.train_member(2, seed=1, steps=8, on_step=lambda: calls.append(1))
    assert [point["step"] for point in row["curve"]] == list(range(1, 9)) and len(calls) == 8
    assert len(row["losses"]) == 2 * induction.PERIOD - 1
    assert {**row, **induction.measure(model)} == row
    assert induction.summary(torch.tensor(row["losses"]))["second"] == pytest.approx(row["second"])
    for name in ("previous", "induction"):
        assert [len(layer) for layer in row[name]] == [4, 4]
        assert all(0 <= score <= 1 for layer in row[name] for score in layer)
    assert induction.train_member(2, seed=1, steps=8)[1] == row


def test_depth_is_the_only_difference():
    one, two = (induction.member(layers) for layers in (1, 2))
    assert {**vars(one), "num_hidden_layers": 2} == vars(two)


def test_other_depths_are_explained():
    with pytest.raises(ValueError, match=r"No hay un modelo de 3 capas. Usa 1 o 2"):
        induction.load(3)


@pytest.mark.parametrize("layers", [1, 2])
def test_the_saved_models_are_the_recorded_ones(layers):
    from course_lib.records import Record

    record = Record.load("induction")
    row = record.one(layers=layers, seed=0)
    model = induction.load(layers)
    assert isinstance(model, Transformer) and not model.training
    losses = induction.position_losses(model, induction.held_out())
    assert losses.tolist() == pytest.approx(row["losses"], abs=1e-3)


def test_two_layers_copy_and_one_cannot():
    """Lo que el capítulo afirma, en cada semilla grabada."""
    from course_lib.records import Record

    record = Record.load("induction")
    references = record.settings["references"]
    for row in record.rows:
        best = max(score for layer in row["induction"] for score in layer)
        if row["layers"] == 2:
            assert row["second"] < 0.1 * references["seen"] and best > 0.5
            assert max(row["previous"][0]) > 0.4, "en la primera capa, nadie mira al anterior"
        else:
            assert row["second"] > 0.5 * references["seen"] and best < 0.2
