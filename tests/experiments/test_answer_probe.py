"""La sonda lee donde el prompt va a responder, y ajusta la misma regresión que la del capítulo 7."""

from __future__ import annotations

import pytest
import torch

from course_lib.experiments.answer_probe import LAYERS, RIDGES, answer_states, choose, fit
from course_lib.experiments.probing import linear_probe
from course_lib.prompting import Template
from tests.prompting.conftest import make_lm

SLIDE = Template("[X]. En general la película me pareció [Z].")


def test_the_last_state_gives_the_logits_of_the_answer():
    """El vector que se lee es el que la matriz de salida convierte en la probabilidad de [Z]."""
    lm = make_lm()
    states = answer_states(lm, [SLIDE.fill("Amé esa película"), SLIDE.fill("Vi")])
    layers = lm.model.config.num_hidden_layers
    assert states.shape == (2, layers + 1, lm.hidden_size)
    before = "Amé esa película. En general la película me pareció"
    logits = lm.prefill(torch.tensor([lm.encode(before)])).logits[0]
    rows = lm.model.get_output_embeddings().weight
    torch.testing.assert_close((rows @ states[0, -1]).float(), logits.float(), rtol=1e-4, atol=1e-4)


def test_a_template_that_starts_with_the_answer_teaches():
    with pytest.raises(ValueError, match=r"no hay nada delante de \[Z\]"):
        answer_states(make_lm(), [Template("[Z]: [X]").fill("Vi")])


def test_it_is_the_regression_of_the_other_probe():
    draw = torch.Generator().manual_seed(0)
    x, new = torch.randn(40, 6, generator=draw), torch.randn(300, 6, generator=draw)
    labels = (x[:, 0] + torch.randn(40, generator=draw) > 0).long()
    probe = fit(x, labels, ridge=3.0)
    assert torch.equal((probe(new) > 0).long(), linear_probe(x, labels, new, ridge=3.0))


def test_it_is_chosen_where_the_label_is():
    """La etiqueta está solo en una capa; las demás son ruido."""
    draw = torch.Generator().manual_seed(1)
    states = torch.randn(60, max(LAYERS) + 1, 8, generator=draw)
    labels = torch.tensor([0, 1] * 30)
    states[:, 12, 0] += 4.0 * labels
    layer, ridge, accuracy = choose(states, labels)
    assert layer == 12 and ridge in RIDGES and accuracy > 0.8
    noise = choose(torch.randn(60, max(LAYERS) + 1, 8, generator=draw), labels)
    assert noise[2] < accuracy
