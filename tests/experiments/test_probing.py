"""La sonda: toma la celda de cada figura y ajusta lo que ajustaría otra biblioteca."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from course_lib.data.scenes import COLORS, SHAPES, make_scenes
from course_lib.experiments.probing import linear_probe, things_of


class Colors(nn.Module):
    """Un codificador que da el color medio de cada celda."""

    grid = 7

    def forward(self, images):
        pixels = torch.stack([torch.from_numpy(np.array(image)) for image in images]).double()
        cells = pixels.unflatten(1, (7, 32)).unflatten(3, (7, 32)).mean(dim=(2, 4))
        return cells.flatten(1, 2)


def test_it_looks_where_the_thing_is():
    """Con el color de su celda basta para saber el color de una figura grande."""
    scenes = make_scenes(60, seed=1)
    found = things_of(Colors(), scenes)
    things = [thing for scene in scenes for thing in scene.things]
    assert found.features.shape == (len(things), 3)
    assert [SHAPES[i] for i in found.shapes] == [thing.shape for thing in things]
    assert [list(COLORS)[i] for i in found.colors] == [thing.color for thing in things]
    palette = torch.tensor([list(bytes.fromhex(color[1:])) for color in COLORS.values()])
    nearest = torch.cdist(found.features, palette.double()).argmin(dim=1)
    large = torch.tensor([thing.size == "grande" for thing in things])
    assert (nearest == found.colors)[large].double().mean() > 0.8


def test_some_channels():
    found = things_of(Colors(), make_scenes(5))
    assert torch.equal(found.of(slice(1, 3)).features, found.features[:, 1:3])


def test_the_probe_is_ridge_regression():
    """Los mismos pesos que minimizando la suma por descenso: el gradiente en la solución es cero."""
    draw = torch.Generator().manual_seed(0)
    x, labels = (
        torch.randn(80, 5, generator=draw),
        torch.randint(0, 3, (80,), generator=draw),
    )
    new = torch.randn(200, 5, generator=draw)
    standard = (x - x.mean(0)) / (x.std(0) + 1e-6)
    design = np.vstack([standard.numpy(), np.sqrt(10.0) * np.eye(5)])
    targets = np.eye(3)[labels.numpy()]
    middle = targets.mean(0)
    weights = np.linalg.lstsq(design, np.vstack([targets - middle, np.zeros((5, 3))]), rcond=None)[
        0
    ]
    expected = (((new - x.mean(0)) / (x.std(0) + 1e-6)).numpy() @ weights + middle).argmax(1)
    assert (linear_probe(x, labels, new).numpy() == expected).mean() > 0.99


def test_it_cannot_find_what_is_not_there():
    draw = torch.Generator().manual_seed(1)
    x, labels = torch.randn(300, 4, generator=draw), torch.randint(0, 4, (300,), generator=draw)
    right = linear_probe(x[:150], labels[:150], x[150:]) == labels[150:]
    assert right.double().mean() < 0.4
