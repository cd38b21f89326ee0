"""Figuras con imágenes: varias juntas, y una con valores pintados sobre sus celdas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .images import square
from .palette import GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

__all__ = ["cells", "gallery"]

_SIDE = 112  # píxeles de lado de cada imagen


def gallery(images: Sequence[Any], titles: Sequence[str] = (), *, columns: int = 4) -> Figure:
    """Devuelve una figura con las imágenes en `columns` columnas y, sobre cada una, su título (`titles`), si se da.

    Cada una se ve cuadrada y entera, como la ve el codificador; vale lo que acepta `images.square`.

    Raises:
        ValueError: no hay imágenes, o hay títulos y no son tantos como ellas.
    """
    import matplotlib.pyplot as plt

    if not images or len(titles) not in (0, len(images)):
        raise ValueError(
            f"Hay {len(images)} imágenes y {len(titles)} títulos: hace falta una imagen, y un título para cada una."
        )
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.8 * columns, 2.1 * rows), squeeze=False, layout="constrained"
    )
    for place, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if place < len(images):
            ax.imshow(square(images[place], _SIDE))
            if titles:
                ax.set_title(titles[place], fontsize=8, wrap=True)
    return figure


def cells(image: Any, values: Tensor, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Devuelve unos ejes con la imagen y, sobre cada celda de la cuadrícula, más naranja cuanto mayor su valor.

    `values`: (lado, lado), de arriba abajo y de izquierda a derecha. La imagen se ve cuadrada, como la ve el
    codificador.
    """
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.colors import to_rgb

    ax = ax if ax is not None else plt.subplots(figsize=(2.4, 2.4))[1]
    grid = np.asarray(values, dtype=float)
    low, high = grid.min(), grid.max()
    shade = np.zeros((*grid.shape, 4))
    shade[..., :3] = to_rgb(ORANGE)
    shade[..., 3] = 0.75 * (grid - low) / (high - low) if high > low else 0
    side = grid.shape[0]
    extent = (0, side, side, 0)
    ax.imshow(square(image, 2 * _SIDE), extent=extent)
    ax.imshow(shade, extent=extent)
    for line in range(1, side):
        ax.axhline(line, color=GREY, lw=0.4)
        ax.axvline(line, color=GREY, lw=0.4)
    ax.set_axis_off()
    ax.set_title(title, fontsize=8)
    return ax
