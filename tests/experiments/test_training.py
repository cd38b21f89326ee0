"""El bucle de entrenamiento, las leyes de escala y las tareas de memoria."""

from itertools import islice

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_lib.experiments import family, recall
from course_lib.experiments.grammar import PairGrammar
from course_lib.experiments.reading_times import MODES, reading_times
from course_lib.experiments.scaling import PowerLaw, fit_exponent, fit_power_law
from course_lib.experiments.training import Run, evaluate, learning_rate, num_weights, train
from course_lib.transformer import Transformer


class Guess(nn.Module):
    """Responde siempre lo mismo: un logit por símbolo, que se aprende."""

    def __init__(self, vocab_size):
        super().__init__()
        self.scores = nn.Parameter(torch.zeros(vocab_size))

    def forward(self, input_ids):
        return self.scores.expand(*input_ids.shape, -1)


def test_train_reaches_the_best_constant_guess():
    texts = torch.multinomial(
        torch.tensor([0.7, 0.2, 0.1]),
        64 * 300 * 9,
        replacement=True,
        generator=torch.Generator().manual_seed(0),
    ).view(-1, 9)
    model = Guess(3)
    run = train(model, texts.split(64), steps=300, peak=0.05)
    best = -sum(p * np.log(p) for p in (0.7, 0.2, 0.1))
    assert evaluate(model, texts) == pytest.approx(best, abs=0.005)
    assert run.curve[0][1] > run.curve[-1][1]
    assert run.tokens == 300 * 64 * 7
    assert [step for step, _ in run.curve] == list(range(15, 301, 15))


def test_only_the_asked_positions_count():
    """Con `first`, lo que está antes no entra en la pérdida: aquí es imposible de predecir."""
    noise = torch.randint(0, 4, (512, 5), generator=torch.Generator().manual_seed(0))
    texts = torch.cat([noise, torch.full((512, 3), 2)], dim=1)
    model = Guess(4)
    train(model, [texts] * 60, steps=60, peak=0.5, first=4)
    assert evaluate(model, texts, first=4) < 0.01
    assert evaluate(model, texts, first=0) > 1.0


def test_evaluate_does_not_depend_on_the_batch():
    model, texts = Guess(4), torch.randint(0, 4, (130, 6))
    whole = evaluate(model, texts, batch_size=130)
    assert evaluate(model, texts, batch_size=64) == pytest.approx(whole, rel=1e-6)


def test_learning_rate_rises_and_falls():
    rates = [learning_rate(step, 100, peak=1.0) for step in range(1, 101)]
    assert max(rates) == rates[4] == 1.0
    assert rates[:5] == sorted(rates[:5]) and rates[4:] == sorted(rates[4:], reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-12)


def test_num_weights_leaves_out_embeddings():
    from course_lib.sizes import Architecture, count_parameters
    from course_lib.transformer import Transformer

    config = family.member(20)
    arch = Architecture(
        name="",
        kind="",
        year=0,
        vocab_size=config.vocab_size,
        hidden_size=20,
        num_layers=2,
        num_heads=2,
        intermediate_size=config.intermediate_size,
        gated_mlp=True,
    )
    parts = count_parameters(arch)
    assert num_weights(Transformer(config)) == parts["total"] - parts["embeddings"]


@pytest.mark.parametrize("floor", [0.0, 0.5, 1.5])
@pytest.mark.parametrize("exponent", [0.3, 0.55, 1.0])
def test_power_law_recovers_what_made_the_points(floor, exponent):
    law = PowerLaw(floor, 30.0, exponent)
    sizes = np.array([1500, 3500, 9500, 24000, 65000, 150000])
    found = fit_power_law(sizes, law(sizes))
    assert found.floor == pytest.approx(floor, abs=1e-3)
    assert found.exponent == pytest.approx(exponent, abs=1e-3)


def test_power_law_needs_enough_points():
    with pytest.raises(ValueError, match="al menos cuatro"):
        fit_power_law([1, 2, 3], [3, 2, 1])
    with pytest.raises(ValueError, match="4 tamaños y 3"):
        fit_power_law([1, 2, 3, 4], [3, 2, 1])


def test_exponent():
    assert fit_exponent([10, 100, 1000], [5, 50, 500]) == pytest.approx(1.0)


def test_family_spans_two_orders_of_magnitude():
    sizes = [num_weights(Transformer(family.member(width))) for width in family.WIDTHS]
    assert len(sizes) >= 5 and sizes == sorted(sizes) and sizes[-1] / sizes[0] > 100
    assert family.WIDTHS[-1] < family.NEXT_WIDTH


@pytest.mark.parametrize("width", [8, 80])
def test_flops_of_the_family_are_those_that_torch_counts(width):
    config = family.member(width)
    ids = torch.zeros(1, config.max_position_embeddings - 1, dtype=torch.long)
    with FlopCounterMode(display=False) as counter:
        Transformer(config)(ids).sum().backward()
    assert family.training_flops(width, ids.numel()) == counter.get_total_flops()


def test_member_learns_a_small_grammar(monkeypatch):
    """En poco tiempo un modelo mínimo ya predice mejor que quien mira un solo símbolo atrás."""
    grammar = PairGrammar(num_symbols=6, sharpness=2.5, zipf=0.5, seed=1)
    monkeypatch.setattr(family, "GRAMMAR", grammar)
    monkeypatch.setattr(family.member, "__defaults__", (grammar,))
    row = family.train_member(16, steps=150)
    assert grammar.entropy < row["loss"] < grammar.entropy_knowing(1)
    assert row["curve"][-1][0] == 150


def test_distinct_texts_are_read_again_in_the_same_order(monkeypatch):
    """`distinct` lotes bastan para todos los pasos: al acabarlos se vuelve al primero."""
    seen, peaks = [], []

    def read(model, batches, *, steps, peak, **_):
        seen.append(list(islice(batches, steps)))
        peaks.append(peak)
        return Run(((steps, 0.0),), 0)

    monkeypatch.setattr(family, "train", read)
    monkeypatch.setattr(family, "TEST_TEXTS", 8)
    rows = [family.train_member(8, steps=4, distinct=2), family.train_member(8, steps=2)]
    rows.append(family.train_member(8, steps=2, rate_factor=2.0))
    repeated, once, _ = seen
    assert torch.equal(repeated[0], repeated[2]) and torch.equal(repeated[1], repeated[3])
    assert not torch.equal(repeated[0], repeated[1])
    assert all(torch.equal(a, b) for a, b in zip(repeated[:2], once, strict=True))
    assert [(r["steps"], r["distinct"], r["rate_factor"]) for r in rows] == [
        (4, 2, 1.0),
        (2, 2, 1.0),
        (2, 2, 2.0),
    ]
    assert peaks[2] == 2 * peaks[1] == 2 * family.RATE / 8
    assert torch.equal(family.read_texts(2, 0, 4), torch.cat(repeated))
    assert torch.equal(family.read_texts(2, 1, 3), torch.cat(repeated[1:3]))


def test_training_is_repeatable():
    first, again = (family.train_member(8, seed=5, steps=3) for _ in range(2))
    assert first == again
    assert family.train_member(8, seed=6, steps=3)["loss"] != first["loss"]


def test_recall_models_have_the_same_size():
    sizes = [
        sum(p.numel() for p in recall.make_model(kind, 0).parameters())
        for kind in ("gru", "transformer")
    ]
    assert max(sizes) / min(sizes) < 1.02


@pytest.mark.parametrize(("items", "distance"), [(1, 2), (1, 9), (4, 5), (4, 9)])
def test_answers_are_exactly_that_far_back(items, distance):
    texts = recall.make_texts(items, distance, 50, torch.Generator().manual_seed(0))
    assert texts.shape == (50, distance + items)
    answers = texts[:, distance:]
    assert torch.equal(answers, texts[:, :-distance])
    assert answers.max() < recall.KEYS
    assert (texts[:, distance - 1] == recall.QUERY).all()


def test_filler_cannot_be_taken_for_what_is_asked():
    texts = recall.make_texts(2, 8, 200, torch.Generator().manual_seed(0))
    filler = texts[:, 2:7]
    assert filler.min() >= recall.KEYS and filler.max() < recall.QUERY


def test_transformer_recalls_quickly():
    row = recall.train_recall("transformer", 4, 6, peak=0.005, steps=150)
    assert row["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("kind", "items", "said"),
    [("lstm", 2, "Usa «"), ("gru", 4, "menor que distance"), ("gru", 0, "al menos 1")],
)
def test_what_cannot_be_trained_is_explained(kind, items, said):
    with pytest.raises(ValueError, match=said):
        recall.train_recall(kind, items, 4, peak=0.01, steps=1)


def test_reading_times_rows():
    rows = reading_times([2, 3], width=64, repeats=1)
    assert [(row["mode"], row["length"]) for row in rows] == [(m, n) for n in (2, 3) for m in MODES]
    assert all(row["seconds"] > 0 for row in rows)


def test_reading_times_are_the_best_try_by_the_given_clock():
    """Un reloj de mentira avanza 1 s por mirada: cada intento dura exactamente 1 s."""
    ticks = iter(range(1000))
    rows = reading_times([2], width=64, repeats=2, clock=lambda: next(ticks))
    assert [row["seconds"] for row in rows] == [1, 1, 1]
    assert next(ticks) == 3 * 2 * 2
