"""Figuras del curso. Cada función toma `ax=None`, dibuja y devuelve los ejes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["histograms", "intervals", "lines", "next_tokens", "scaling", "shares"]

BLUE, ORANGE, GREY = "#1f6fb2", "#d1610a", "#7a7a7a"


def _axes(ax, size=(6.4, 3.2)):
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained", dpi=80)[1]


def next_tokens(tokens: Sequence[str], probs: Sequence[float], *, ax=None, title: str = ""):
    """Devuelve unos ejes con una barra horizontal por token, del más al menos probable."""
    ax = _axes(ax, (6.4, 0.34 * len(tokens) + 0.9))
    ax.barh(range(len(tokens)), probs, color=BLUE)
    ax.set_yticks(range(len(tokens)), [f"«{t}»".replace("\n", "↵") for t in tokens])
    ax.invert_yaxis()
    ax.set_xlabel("probabilidad del siguiente token")
    ax.set_title(title, loc="left", fontsize=10)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ylabel: str,
    ax=None,
    marks: Mapping[str, float] | None = None,
):
    """Devuelve unos ejes con una línea por serie; `marks` dibuja referencias horizontales."""
    ax = _axes(ax)
    styles = [("-", "o"), ("--", "s"), (":", "^"), ("-.", "D")]
    colors = [BLUE, ORANGE, GREY, "#2e8b57"]
    for i, (name, y) in enumerate(series.items()):
        style, marker = styles[i % 4]
        ax.plot(x, y, style, marker=marker, markersize=4, color=colors[i % 4], label=name)
    for name, y in (marks or {}).items():
        ax.axhline(y, color=GREY, linewidth=1, linestyle=(0, (2, 3)))
        ax.annotate(name, (x[-1], y), fontsize=8, va="bottom", ha="right", color="#555555")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(series) > 1:
        ax.legend(frameon=False, fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def histograms(
    groups: Mapping[str, Sequence[float]], *, xlabel: str, marks: Mapping[str, float], ax=None
):
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
    ax.legend(frameon=False, fontsize=9, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def intervals(
    names: Sequence[str],
    means: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    *,
    xlabel: str,
    ax=None,
    reference: tuple[str, float] | None = None,
):
    """Devuelve unos ejes con un punto y su intervalo por fila; `reference` es (nombre, valor)."""
    ax = _axes(ax, (6.4, 0.36 * len(names) + 1.0))
    for i, (mean, low, high) in enumerate(zip(means, lows, highs, strict=True)):
        ax.plot([low, high], [i, i], color=BLUE, linewidth=2)
        ax.plot(mean, i, "o", color=BLUE, markersize=6)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    if reference is not None:
        name, value = reference
        ax.axvline(value, color=ORANGE, linestyle="--", linewidth=1.3, label=name)
        ax.legend(frameon=False, fontsize=9)
    ax.set_xlabel(xlabel)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def shares(names: Sequence[str], parts: Mapping[str, Sequence[float]], *, xlabel: str, ax=None):
    """Devuelve unos ejes con una barra por nombre, repartida en partes que suman 1 (100 %)."""
    ax = _axes(ax, (6.4, 0.32 * len(names) + 1.3))
    colors = [BLUE, "#b0125f", ORANGE, "#0f8a7e", GREY, "#8a63d2"]
    left = [0.0] * len(names)
    for (part, values), color in zip(parts.items(), colors, strict=False):
        ax.barh(range(len(names)), values, left=left, color=color, label=part, height=0.72)
        left = [a + b for a, b in zip(left, values, strict=True)]
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel=xlabel)
    ax.legend(frameon=False, fontsize=8, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def scaling(
    groups: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    law,
    *,
    xlabel: str,
    ylabel: str,
    ax=None,
    marks: Mapping[str, float] | None = None,
):
    """Devuelve unos ejes con N en escala logarítmica, cada grupo de puntos y la curva `law(N)`.

    `groups` es {nombre: (tamaños, pérdidas)}; `marks` dibuja referencias horizontales.
    """
    import numpy as np

    ax = _axes(ax, (6.4, 3.6))
    every = [n for sizes, _ in groups.values() for n in sizes]
    smooth = np.geomspace(min(every) / 1.3, max(every) * 1.3, 100)
    ax.plot(smooth, law(smooth), color=GREY, linewidth=1.3, label="ley ajustada", zorder=1)
    for (name, (sizes, losses)), color, marker in zip(
        groups.items(), (BLUE, ORANGE), ("o", "D"), strict=False
    ):
        ax.scatter(sizes, losses, s=26, color=color, marker=marker, label=name, zorder=2)
    for name, y in (marks or {}).items():
        ax.axhline(y, color=GREY, linewidth=1, linestyle=(0, (2, 3)))
        ax.annotate(name, (smooth[0], y), fontsize=8, va="bottom", color="#555555")
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.margins(y=0.08)
    ax.legend(frameon=False, fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
