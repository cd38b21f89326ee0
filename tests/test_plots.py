"""Las figuras se dibujan con una sola hoja de estilo, sin tocar la de quien las pide."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

from course_lib import plots

DRAWINGS = {
    "next_tokens": lambda **ax: plots.next_tokens([" sal", "\n"], [0.7, 0.2], **ax),
    "lines": lambda **ax: plots.lines(
        [1, 2], {"a": [1, 2], "b": [2, 1]}, xlabel="x", ylabel="y", marks={"azar": 0.5}, **ax
    ),
    "histograms": lambda **ax: plots.histograms(
        {"a": [0.1], "b": [0.9]}, xlabel="p", marks={"medio": 0.5}, **ax
    ),
    "intervals": lambda **ax: plots.intervals(
        ["uno"], [0.5], [0.4], [0.6], xlabel="exactitud", reference=("azar", 0.5), **ax
    ),
    "shares": lambda **ax: plots.shares(["uno"], {"a": [0.4], "b": [0.6]}, xlabel="parte", **ax),
    "scaling": lambda **ax: plots.scaling(
        {"a": ([10, 100], [2, 1])},
        lambda n: 10 / n,
        xlabel="N",
        ylabel="pérdida",
        marks={"piso": 1},
        **ax,
    ),
    "seeds": lambda **ax: plots.seeds(
        {"directa": ([10, 10, 99], [0.1, 0.9, 1.0])}, xlabel="parámetros", ylabel="exactitud", **ax
    ),
    "attention": lambda **ax: plots.attention([[1.0, 0.0], [0.3, 0.7]], ["a", "b"], **ax),
}


@pytest.fixture(autouse=True)
def close():
    """Cada prueba cierra sus figuras y deja la configuración como estaba."""
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def test_every_plot_is_here():
    assert sorted(DRAWINGS) == sorted(name for name in plots.__all__ if name != "STYLE")


@pytest.mark.parametrize("name", DRAWINGS)
def test_new_axes_have_the_style(name):
    ax = DRAWINGS[name]()
    ax.figure.canvas.draw()
    assert ax.figure.dpi == 80 and ax.figure.get_layout_engine() is not None
    assert not ax.spines["top"].get_visible() and ax.spines["left"].get_visible()
    legend = ax.get_legend()
    assert legend is None or not legend.get_frame_on()
    assert ax.get_xlabel()


@pytest.mark.parametrize("name", DRAWINGS)
def test_given_axes_are_used(name):
    ax = plt.figure().add_subplot()
    assert DRAWINGS[name](ax=ax) is ax
    assert not ax.spines["right"].get_visible() and ax.has_data()


def test_what_the_first_figure_turns_on_stays_on(monkeypatch):
    """En un cuaderno, la primera figura activa el modo interactivo: sin él no se ve ninguna otra."""
    original = plots._axes

    def waking(ax, height=3.2):
        mpl.interactive(True)
        return original(ax, height)

    monkeypatch.setattr(plots, "_axes", waking)
    assert not mpl.is_interactive()
    DRAWINGS["lines"]()
    assert mpl.is_interactive()
    mpl.interactive(False)


def test_named_colors_are_those_of_the_sheet():
    sheet = mpl.rc_params_from_file(plots.STYLE, use_default_template=False)
    named = ("BLUE", "ORANGE", "GREY", "GREEN", "PINK", "TEAL", "PURPLE")
    found = sheet["axes.prop_cycle"].by_key()["color"]
    assert found == [getattr(plots, name) for name in named]


def test_lines_show_their_data():
    ax = DRAWINGS["lines"]()
    series = {line.get_label(): line.get_ydata() for line in ax.get_lines()}
    assert np.array_equal(series["a"], [1, 2]) and np.array_equal(series["b"], [2, 1])
    assert [text.get_text() for text in ax.texts] == ["azar"]


def test_tokens_are_shown_with_their_spaces():
    ax = DRAWINGS["next_tokens"]()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["« sal»", "«↵»"]


def offsets(ax):
    return np.concatenate([c.get_offsets() for c in ax.collections])


def test_every_seed_is_a_point_around_its_size_and_the_line_is_their_mean():
    ax = plots.seeds({"a": ([10, 10, 10, 99], [0.1, 0.5, 0.3, 1.0])}, xlabel="x", ylabel="y")
    points = offsets(ax)
    assert sorted(points[:, 1]) == [0.1, 0.3, 0.5, 1.0]
    same = points[points[:, 1] < 1, 0]
    assert same.mean() == pytest.approx(10) and len(set(same)) == 3
    assert points[points[:, 1] == 1, 0] == pytest.approx(99)
    assert ax.lines[0].get_ydata().tolist() == pytest.approx([0.3, 1.0])


def test_what_is_not_a_size_stays_where_it_is():
    ax = plots.seeds({"a": ([0.5, 0.2], [0.1, 0.9])}, xlabel="x", ylabel="y", sizes=False)
    assert offsets(ax).tolist() == [[0.5, 0.1], [0.2, 0.9]] and not ax.lines
