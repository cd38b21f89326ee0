"""Las figuras con imágenes muestran lo que se les da, en su sitio."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from course_lib import image_plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_gallery_has_every_image_and_title():
    images = [Image.new("RGB", (8, 8), (10 * i, 0, 0)) for i in range(5)]
    figure = image_plots.gallery(images, list("abcde"), columns=3)
    shown = [ax for ax in figure.axes if ax.images]
    assert len(figure.axes) == 6 and [ax.get_title() for ax in shown] == list("abcde")
    assert [int(np.asarray(ax.images[0].get_array())[0, 0, 0]) for ax in shown] == [
        0,
        10,
        20,
        30,
        40,
    ]


@pytest.mark.parametrize(("images", "titles"), [(0, 0), (2, 1)])
def test_a_gallery_that_does_not_match_is_explained(images, titles):
    with pytest.raises(ValueError, match=f"{images} imágenes y {titles} títulos"):
        image_plots.gallery([Image.new("RGB", (4, 4))] * images, ["x"] * titles)


def test_the_greatest_cell_is_the_most_painted():
    """La fila y la columna no se confunden: arriba a la derecha es la celda (0, 2)."""
    values = torch.zeros(3, 3)
    values[0, 2] = 5.0
    ax = image_plots.cells(Image.new("RGB", (9, 9)), values, title="atención")
    photo, shade = ax.images
    assert photo.get_extent() == shade.get_extent() == [0, 3, 3, 0]
    alpha = np.asarray(shade.get_array())[..., 3]
    assert np.unravel_index(alpha.argmax(), alpha.shape) == (0, 2)
    assert alpha.min() == 0 and ax.get_title() == "atención"


def test_equal_cells_are_not_painted():
    ax = image_plots.cells(Image.new("RGB", (9, 9)), torch.ones(2, 2))
    assert np.asarray(ax.images[1].get_array())[..., 3].max() == 0
