"""Las referencias de los ejercicios son las mismas reglas que usan el curso y PyTorch."""

import copy
import math
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.exercises import pretraining as ej


def drawn(exercise, seeds=20):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


def test_the_loss_of_torch():
    for logits, targets in drawn(ej.cross_entropy):
        theirs = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        assert torch.allclose(ej.cross_entropy.reference(logits, targets), theirs, rtol=1e-5)


def test_the_two_first_exercises_make_the_loss_of_transformers():
    """La pérdida con que se entrena un modelo causal: corre y promedia lo que no se ignora."""
    from transformers.loss.loss_utils import ForCausalLMLoss

    generator = torch.Generator().manual_seed(0)
    for rows, pad_id in drawn(ej.shift):
        vocab_size = int(rows.max()) + 1
        logits = torch.randn(*rows.shape, vocab_size, generator=generator)
        inputs, targets = ej.shift.reference(rows, pad_id)
        if bool((targets == -100).all()):
            continue
        theirs = ForCausalLMLoss(logits, rows.where(rows != pad_id, -100), vocab_size)
        assert inputs.shape == targets.shape == logits[:, :-1].shape[:2]
        ours = ej.cross_entropy.reference(logits[:, :-1], targets)
        assert torch.allclose(ours, theirs, rtol=1e-5)


def test_counting_is_what_the_gradient_would_find():
    """Sin suavizar, las frecuencias hacen mínima la entropía cruzada de una tabla de logits."""
    texts = [[0, 1, 2, 0, 1, 0, 2, 1], [2, 0, 1, 1, 0]]
    table = ej.bigram_probabilities.reference(texts, 3, 1e-9)
    pairs = torch.tensor([pair for ids in texts for pair in pairwise(ids)])
    logits = table.double().log().requires_grad_()
    F.cross_entropy(logits[pairs[:, 0]], pairs[:, 1]).backward()
    assert logits.grad.abs().max() < 1e-6


def test_an_even_table_costs_the_logarithm_of_the_vocabulary():
    table = ej.bigram_probabilities.reference([], 7, 1.0)
    loss = ej.cross_entropy.reference(table.log()[None], torch.arange(7)[None])
    assert math.isclose(loss.item(), math.log(7), rel_tol=1e-5)


def test_the_step_of_the_course():
    """El paso es el que repite `experiments.training.train`, con su recorte."""
    exercise = ej.training_step
    for model, underway, rows, max_norm in drawn(exercise, seeds=5):
        ours, theirs = copy.deepcopy(model), copy.deepcopy(model)
        loss = exercise.reference(ours, underway.resume(ours), rows, max_norm)
        optimizer = underway.resume(theirs)
        optimizer.zero_grad()
        expected = F.cross_entropy(theirs(rows)[:, :-1].transpose(1, 2), rows[:, 1:])
        expected.backward()
        nn.utils.clip_grad_norm_(theirs.parameters(), max_norm)
        optimizer.step()
        assert math.isclose(loss, expected.item(), rel_tol=1e-5)
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(one, other, rtol=1e-5, atol=1e-6)


def test_the_clip_is_tried_on_both_sides():
    """Entre los ejemplos hay normas mayores y menores que su tope."""
    sides = set()
    for model, underway, rows, max_norm in ej.training_step.cases(torch.Generator().manual_seed(0)):
        moving = copy.deepcopy(model)
        optimizer = underway.resume(moving)
        optimizer.zero_grad()
        F.cross_entropy(moving(rows)[:, :-1].transpose(1, 2), rows[:, 1:]).backward()
        norm = nn.utils.get_total_norm([p.grad for p in moving.parameters()])
        sides.add(bool(norm > max_norm))
    assert sides == {True, False}


def test_the_toy_model_is_causal():
    model, _, _, _ = ej.training_step.cases(torch.Generator().manual_seed(0))[-1]
    rows = torch.tensor([[0, 1, 2, 0, 1]])
    changed = rows.clone()
    changed[0, 3:] = 2
    assert torch.allclose(model(rows)[:, :3], model(changed)[:, :3])
    assert not torch.allclose(model(rows)[:, 3:], model(changed)[:, 3:])


def test_patience_without_an_end_keeps_the_lowest():
    for losses, _ in drawn(ej.early_stopping):
        best = losses.index(min(losses))
        answer = ej.early_stopping.reference(losses, len(losses))
        assert answer == (len(losses) - 1, best)
