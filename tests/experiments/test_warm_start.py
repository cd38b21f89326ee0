"""Empezar cerca: los destinos son los de las celdas, y la regresión es la de mínimos cuadrados."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from course_lib.data.scenes import Scene, Thing, make_scenes
from course_lib.experiments.warm_start import targets, warm_start
from course_lib.multimodal import MLPProjector, VisionLanguageModel
from tests.multimodal.conftest import tiny_vlm

RED = Thing("círculo", "rojo", "pequeño", 0.25, 0.25)
BLUE = Thing("cruz", "azul", "pequeño", 0.75, 0.25)


def word(lm, text):
    ids = torch.tensor(lm.encode(f" {text}", add_bos=False))
    return lm.model.get_input_embeddings()(ids).mean(0)


def test_targets_are_what_the_cell_holds():
    lm = tiny_vlm().lm
    goal, filled = targets(lm, Scene((RED, BLUE)), 2)
    assert filled.tolist() == [1, 1, 0, 0]
    for cell, thing in enumerate((RED, BLUE)):
        parts = [word(lm, text) for text in (thing.shape, thing.color, thing.size)]
        torch.testing.assert_close(goal[cell], sum(parts) / 3**0.5)
    torch.testing.assert_close(goal[2], word(lm, "fondo"))


def test_a_cell_touched_by_a_thing_of_another_does_not_count():
    """El cuadrado está en la celda 0 y asoma en la 1; a las de abajo no llega."""
    large = Thing("cuadrado", "rojo", "grande", 0.4, 0.2)
    _, filled = targets(tiny_vlm().lm, Scene((large,)), 2)
    assert filled[0] == 1 and filled[1].isnan() and filled[2:].tolist() == [0, 0]


def test_one_cell_averages_its_things():
    lm = tiny_vlm().lm
    goal, filled = targets(lm, Scene((RED, BLUE)), 1)
    apart = [targets(lm, Scene((thing,)), 1)[0] for thing in (RED, BLUE)]
    torch.testing.assert_close(goal, sum(apart) / 2)
    assert filled.tolist() == [1]


def test_the_weights_are_those_of_least_squares():
    """La misma solución que `lstsq` de NumPy con la penalización escrita como filas de más."""
    vlm, scenes = tiny_vlm(), make_scenes(30, seed=3)
    warm_start(vlm, scenes)
    features = vlm.encoder([scene.draw() for scene in scenes]).flatten(0, 1)
    pairs = [targets(vlm.lm, scene, 2) for scene in scenes]
    goal, filled = (torch.cat([pair[i] for pair in pairs]) for i in (0, 1))
    kept = filled.isfinite()
    x, y, full = features[kept].numpy(), goal[kept].detach().numpy(), filled[kept].bool().numpy()
    weight = np.where(full, 1 / full.sum(), 1 / max((~full).sum(), 1))
    weight = np.sqrt(weight / weight.mean())[:, None]
    ones = np.ones((len(x), 1))
    design = np.vstack(
        [weight * np.hstack([x, ones]), np.hstack([np.sqrt(10.0) * np.eye(3), np.zeros((3, 1))])]
    )
    found = np.linalg.lstsq(design, np.vstack([weight * y, np.zeros((3, y.shape[1]))]), rcond=None)[
        0
    ]
    layer = vlm.projector.layers
    np.testing.assert_allclose(layer.weight.detach().numpy().T, found[:3], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(layer.bias.detach().numpy(), found[3], rtol=1e-6, atol=1e-8)


def test_it_brings_the_tokens_near():
    vlm, scenes = tiny_vlm(), make_scenes(40, seed=3)

    def distance():
        return sum(
            (vlm.encode([scene.draw()])[0] - targets(vlm.lm, scene, 2)[0]).square().mean().item()
            for scene in make_scenes(10, seed=9)
        )

    before = distance()
    warm_start(vlm, scenes)
    assert distance() < 0.8 * before


def test_with_two_layers_only_the_last_changes():
    vlm = tiny_vlm()
    two = VisionLanguageModel(vlm.encoder, MLPProjector(3, vlm.lm.hidden_size).double(), vlm.lm)
    first, _, second = two.projector.layers
    before = first.weight.clone(), second.weight.clone()
    warm_start(two, make_scenes(20))
    assert torch.equal(first.weight, before[0]) and not torch.equal(second.weight, before[1])


def test_shuffled_is_another_regression():
    one, other, scenes = tiny_vlm(), tiny_vlm(), make_scenes(20)
    warm_start(one, scenes)
    warm_start(other, scenes, shuffled=True)
    assert not torch.allclose(one.projector.layers.weight, other.projector.layers.weight)


def test_without_a_linear_layer_there_is_nothing_to_fit():
    vlm = tiny_vlm()
    vlm.projector = nn.Identity()
    with pytest.raises(ValueError, match="ninguna capa lineal"):
        warm_start(vlm, make_scenes(3))
