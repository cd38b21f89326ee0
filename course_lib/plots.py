"""Figuras del curso. Cada función toma `ax=None`, dibuja y devuelve los ejes.

Cómo se ven todas (tamaño, colores, bordes, leyenda) está en un solo lugar, `course.mplstyle`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, ParamSpec

from .palette import BLUE, GREEN, GREY, ON_LIGHT, ORANGE, PINK, PURPLE, TEAL

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = [
    "STYLE",
    "attention",
    "histograms",
    "intervals",
    "lines",
    "next_tokens",
    "scaling",
    "seeds",
    "shares",
]

STYLE = Path(__file__).with_name("course.mplstyle")
_SEEDS = ((BLUE, "o"), (ORANGE, "D"))  # el color y la forma de los puntos de cada grupo

P = ParamSpec("P")


def _styled(draw: Callable[P, Axes]) -> Callable[P, Axes]:
    """Dibuja con la hoja de estilo del curso sin cambiar la de quien llama.

    Solo se restaura lo que la hoja dice. `plt.style.context` lo restauraría todo, también el modo
    interactivo que un cuaderno activa con su primera figura, y las siguientes no se verían.
    """

    @functools.wraps(draw)
    def with_style(*args: P.args, **kwargs: P.kwargs) -> Axes:
        import matplotlib as mpl

        sheet = mpl.rc_params_from_file(STYLE, use_default_template=False)
        before = {name: mpl.rcParams[name] for name in sheet}
        mpl.rcParams.update(sheet)
        try:
            return draw(*args, **kwargs)
        finally:
            mpl.rcParams.update(before)

    return with_style


def _axes(ax: Axes | None, height: float = 3.2) -> Axes:
    """Los ejes dados o unos nuevos de ese alto en pulgadas, sin los bordes de arriba y la derecha."""
    import matplotlib.pyplot as plt

    ax = ax if ax is not None else plt.subplots(figsize=(6.4, height))[1]
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _rows(ax: Axes, names: Sequence[str]) -> None:
    """Una fila por nombre, de arriba abajo."""
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()


@_styled
def next_tokens(
    tokens: Sequence[str], probs: Sequence[float], *, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Devuelve unos ejes con una barra horizontal por token, del más al menos probable."""
    ax = _axes(ax, 0.34 * len(tokens) + 0.9)
    ax.barh(range(len(tokens)), probs, color=BLUE)
    _rows(ax, [f"«{t}»".replace("\n", "↵") for t in tokens])
    ax.set_xlabel("probabilidad del siguiente token")
    ax.set_title(title)
    return ax


@_styled
def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    marks: Mapping[str, float] | None = None,
) -> Axes:
    """Devuelve unos ejes con una línea por serie; `marks` dibuja referencias horizontales."""
    ax = _axes(ax)
    styles = [("-", "o"), ("--", "s"), (":", "^"), ("-.", "D")]
    colors = [BLUE, ORANGE, GREY, GREEN]
    for i, (name, y) in enumerate(series.items()):
        style, marker = styles[i % 4]
        ax.plot(x, y, style, marker=marker, color=colors[i % 4], label=name)
    for name, level in (marks or {}).items():
        _mark(ax, name, level, x[-1], "right")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(series) > 1:
        ax.legend()
    return ax


def _mark(ax: Axes, name: str, level: float, x: float, side: Literal["left", "right"]) -> None:
    """Una referencia horizontal con su nombre escrito encima."""
    ax.axhline(level, color=GREY, linewidth=1, linestyle=(0, (2, 3)))
    ax.annotate(name, (x, level), fontsize=9, va="bottom", ha=side, color=ON_LIGHT[GREY])


@_styled
def histograms(
    groups: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    marks: Mapping[str, float],
    ax: Axes | None = None,
) -> Axes:
    """Devuelve unos ejes con un histograma de probabilidades por grupo, superpuestos.

    `groups` es {nombre: valores entre 0 y 1}; `marks` dibuja referencias verticales.
    """
    ax = _axes(ax)
    bins = [i / 25 for i in range(26)]
    for (name, values), color in zip(groups.items(), (BLUE, ORANGE), strict=False):
        ax.hist(values, bins, color=color, alpha=0.55, label=name)
    for (name, x), style in zip(marks.items(), (":", "--"), strict=False):
        ax.axvline(x, color="black", linestyle=style, linewidth=1.3, label=name)
    ax.set(xlim=(0, 1), xlabel=xlabel, ylabel="casos")
    ax.legend(loc="upper left")
    return ax


@_styled
def intervals(
    names: Sequence[str],
    means: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    *,
    xlabel: str,
    ax: Axes | None = None,
    reference: tuple[str, float] | None = None,
) -> Axes:
    """Devuelve unos ejes con un punto y su intervalo por fila; `reference` es (nombre, valor)."""
    ax = _axes(ax, 0.36 * len(names) + 1.0)
    for i, (mean, low, high) in enumerate(zip(means, lows, highs, strict=True)):
        ax.plot([low, high], [i, i], color=BLUE, linewidth=2)
        ax.plot(mean, i, "o", color=BLUE, markersize=6)
    _rows(ax, names)
    if reference is not None:
        name, value = reference
        ax.axvline(value, color=ORANGE, linestyle="--", linewidth=1.3, label=name)
        ax.legend()
    ax.set_xlabel(xlabel)
    return ax


@_styled
def shares(
    names: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Devuelve unos ejes con una barra por nombre, repartida en partes que suman 1 (100 %)."""
    ax = _axes(ax, 0.32 * len(names) + 1.3)
    colors = [BLUE, PINK, ORANGE, TEAL, GREY, PURPLE]
    left = [0.0] * len(names)
    for (part, values), color in zip(parts.items(), colors, strict=False):
        ax.barh(range(len(names)), values, left=left, color=color, label=part, height=0.72)
        left = [a + b for a, b in zip(left, values, strict=True)]
    _rows(ax, names)
    ax.set(xlim=(0, 1), xlabel=xlabel)
    ax.legend(fontsize=9, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    return ax


@_styled
def scaling(
    groups: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    law: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    marks: Mapping[str, float] | None = None,
) -> Axes:
    """Devuelve unos ejes con N en escala logarítmica, cada grupo de puntos y la curva `law(N)`.

    `groups` es {nombre: (tamaños, pérdidas)}; `marks` dibuja referencias horizontales.
    """
    import numpy as np

    ax = _axes(ax, 3.6)
    every = [n for sizes, _ in groups.values() for n in sizes]
    smooth = np.geomspace(min(every) / 1.3, max(every) * 1.3, 100)
    ax.plot(smooth, law(smooth), color=GREY, linewidth=1.3, label="ley ajustada", zorder=1)
    for (name, (sizes, losses)), color, marker in zip(
        groups.items(), (BLUE, ORANGE), ("o", "D"), strict=False
    ):
        ax.scatter(sizes, losses, s=26, color=color, marker=marker, label=name, zorder=2)
    for name, level in (marks or {}).items():
        _mark(ax, name, level, smooth[0], "left")
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.margins(y=0.08)
    ax.legend()
    return ax


@_styled
def seeds(
    groups: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    sizes: bool = True,
) -> Axes:
    """Devuelve unos ejes con un punto por semilla y uno o dos grupos, {nombre: (x, y)}.

    Si x son tamaños (`sizes`), el eje es logarítmico, las semillas de un mismo tamaño se separan a sus
    dos lados para que se vean todas, y una línea une las medias.
    """
    ax = _axes(ax, 3.6)
    for (name, (x, y)), (color, marker) in zip(groups.items(), _SEEDS[: len(groups)], strict=True):
        at = {p: [b for a, b in zip(x, y, strict=True) if a == p] for p in sorted(set(x))}
        points = [
            (place * (1 + 0.02 * (j - (len(values) - 1) / 2)), value)
            for place, values in at.items()
            for j, value in enumerate(values)
        ]
        shown = points if sizes else list(zip(x, y, strict=True))
        across, up = zip(*shown, strict=True)
        ax.scatter(across, up, s=22, color=color, alpha=0.65, marker=marker, label=name)
        if sizes:
            ax.plot(list(at), [sum(v) / len(v) for v in at.values()], color=color)
    ax.set(xscale="log" if sizes else "linear", xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


@_styled
def attention(
    weights: Sequence[Sequence[float]] | NDArray[np.float64],
    tokens: Sequence[str],
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Devuelve unos ejes con los pesos de atención (T, T): quién mira, por filas, y a quién, por columnas."""
    ax = _axes(ax, 4.2)
    ax.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    ax.set_xticks(range(len(tokens)), tokens, fontsize=7)
    ax.set_yticks(range(len(tokens)), tokens, fontsize=7)
    ax.set(xlabel="a quién mira", ylabel="quién mira", title=title)
    return ax
