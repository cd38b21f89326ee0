"""Entrenar: los lotes, la pérdida, el corte y la vuelta exacta, y lo que se rechaza."""

from __future__ import annotations

import copy
import json
import math
from collections import Counter

import pytest
import torch

from course_lib.experiments.stories.training import (
    IGNORE,
    Plan,
    batch_order,
    collate,
    mean_loss,
    points_of,
    train,
)

PLAN = Plan(steps=12, batch_size=4, peak=1e-2, points=4, seed=3)


def test_every_story_is_seen_once_per_round():
    lengths = [7 + (i * 13) % 50 for i in range(100)]
    order = batch_order(lengths, Plan(steps=25, batch_size=4))
    assert Counter(i for batch in order for i in batch) == Counter(range(100))
    twice = batch_order(lengths, Plan(steps=50, batch_size=4))
    assert twice[:25] == order and twice[25:] != order


def test_batches_hold_stories_of_similar_length():
    lengths = [7 + (i * 13) % 50 for i in range(128)]
    order = batch_order(lengths, Plan(steps=32, batch_size=4, seed=1))
    spread = [max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in order]
    assert max(spread) <= 4
    assert order != batch_order(lengths, Plan(steps=32, batch_size=4, seed=2))


def test_targets_are_the_inputs_shifted_by_one():
    inputs, labels = collate([[0, 5, 6, 7, 1], [0, 9, 1]])
    assert inputs.tolist() == [[0, 5, 6, 7], [0, 9, 0, 0]]
    assert labels.tolist() == [[5, 6, 7, 1], [9, 1, IGNORE, IGNORE]]


def test_loss_does_not_count_padding_and_does_not_depend_on_the_batch(tiny_model, rows):
    model = tiny_model
    together = mean_loss(model, rows[:6])
    alone = [mean_loss(model, [row]) * (len(row) - 1) for row in rows[:6]]
    assert together == pytest.approx(sum(alone) / sum(len(r) - 1 for r in rows[:6]), rel=1e-6)
    assert mean_loss(model, rows[:6], batch_size=2) == pytest.approx(together, rel=1e-6)


def test_an_untrained_model_pays_about_the_logarithm_of_the_vocabulary(tiny_model, rows):
    assert mean_loss(tiny_model, rows[:8]) == pytest.approx(math.log(600), abs=0.5)


def test_training_lowers_both_losses_and_records_the_curve(tiny_model, rows):
    points = train(tiny_model, rows[8:], rows[:8], PLAN, progress=False, write=lambda m: "texto")
    assert [point.step for point in points] == points_of(PLAN)
    assert points[0].train_loss is None and points[0].tokens == 0
    assert points[-1].heldout_loss < points[0].heldout_loss - 0.3
    assert points[-1].train_loss < points[0].heldout_loss
    assert all(point.sample == "texto" for point in points)
    predicted = sum(
        len(rows[8:][i]) - 1 for b in batch_order([len(r) for r in rows[8:]], PLAN) for i in b
    )
    assert points[-1].tokens == predicted
    assert not tiny_model.training


def test_a_cut_training_resumes_exactly(tiny_model, rows, tmp_path):
    whole, cut = copy.deepcopy(tiny_model), copy.deepcopy(tiny_model)
    options = {"progress": False, "save_every": 3}
    expected = train(whole, rows[8:], rows[:8], PLAN, **options)
    train(cut, rows[8:], rows[:8], PLAN, folder=tmp_path, stop_at=7, **options)
    assert [p.name for p in tmp_path.glob("*")] == ["paso-000006"]  # el 7 no llegó a guardarse
    fresh = copy.deepcopy(tiny_model)
    points = train(fresh, rows[8:], rows[:8], PLAN, folder=tmp_path, **options)
    assert points == expected
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, fresh.state_dict()[name]), name


def test_a_finished_training_is_not_repeated(tiny_model, rows, tmp_path):
    first = train(tiny_model, rows[8:], rows[:8], PLAN, folder=tmp_path, progress=False)
    seen = []
    again = train(
        tiny_model, rows[8:], rows[:8], PLAN, folder=tmp_path, progress=False, write=seen.append
    )
    assert again == first and seen == []


def test_half_written_checkpoints_are_ignored(tiny_model, rows, tmp_path):
    train(
        tiny_model,
        rows[8:],
        rows[:8],
        PLAN,
        folder=tmp_path,
        stop_at=6,
        save_every=3,
        progress=False,
    )
    (tmp_path / "paso-000009.parcial").mkdir()
    points = train(
        tiny_model, rows[8:], rows[:8], PLAN, folder=tmp_path, save_every=3, progress=False
    )
    assert points[-1].step == PLAN.steps
    state = json.loads((tmp_path / "paso-000012" / "curva.json").read_text(encoding="utf-8"))
    assert state["step"] == 12
    assert any((tmp_path / "paso-000012").glob("*.safetensors"))


def test_another_plan_does_not_continue_this_one(tiny_model, rows, tmp_path):
    train(tiny_model, rows[8:], rows[:8], PLAN, folder=tmp_path, progress=False)
    other = Plan(steps=20, batch_size=4, peak=1e-2, points=4, seed=3)
    with pytest.raises(ValueError, match=r"otro plan.*steps"):
        train(tiny_model, rows[8:], rows[:8], other, folder=tmp_path, progress=False)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"batch_size": 0}, {"points": -1}, {"steps": -3}])
def test_counts_below_one_teach(wrong):
    with pytest.raises(ValueError, match="al menos 1"):
        Plan(**{"steps": 5, **wrong})


@pytest.mark.parametrize("wrong", [{"peak": 0.0}, {"clip": -1.0}, {"peak": float("nan")}])
def test_impossible_rates_teach(wrong):
    with pytest.raises(ValueError, match="no cambiaría"):
        Plan(steps=5, **wrong)


def test_empty_or_too_long_data_teach(tiny_model, rows):
    with pytest.raises(ValueError, match="al menos uno"):
        train(tiny_model, [], rows, PLAN, progress=False)
    with pytest.raises(ValueError, match="al menos uno"):
        train(tiny_model, rows, [], PLAN, progress=False)
    with pytest.raises(ValueError, match="no cabe"):
        train(tiny_model, [[0] * 500], rows, PLAN, progress=False)
    with pytest.raises(ValueError, match="dos tokens"):
        train(tiny_model, [[0], *rows], rows, PLAN, progress=False)
