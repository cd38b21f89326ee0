"""Las figuras aligeradas: mismo tamaño, mismo aspecto, menos bytes; lo que no se puede, queda igual."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tools.pictures import lighten


def png_of(pixels: np.ndarray) -> bytes:
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


def pixels_of(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.fixture
def plot() -> bytes:
    figure, ax = plt.subplots(dpi=120)
    for slope in range(5):
        ax.plot([0, 1], [0, slope], label=f"curva {slope}")
    ax.legend()
    written = io.BytesIO()
    figure.savefig(written, format="png")
    plt.close(figure)
    return written.getvalue()


def test_a_plot_weighs_less_and_looks_the_same(plot):
    light = lighten(plot)
    assert len(light) < 0.6 * len(plot)
    before, after = pixels_of(plot), pixels_of(light)
    assert before.shape == after.shape
    assert np.abs(before - after).mean() <= 0.1


def test_what_is_light_stays_as_it_is(plot):
    light = lighten(plot)
    assert lighten(light) == light


def test_a_photograph_is_not_touched():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert lighten(png_of(noise)) == png_of(noise)


def test_transparency_is_not_lost():
    glass = np.full((32, 32, 4), [30, 90, 200, 120], dtype=np.uint8)
    assert lighten(png_of(glass)) == png_of(glass)
