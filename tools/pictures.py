"""Las figuras guardadas en un cuaderno, con menos bytes y el mismo aspecto."""

from __future__ import annotations

import base64
import io

import numpy as np
from nbformat import NotebookNode
from PIL import Image

__all__ = ["lighten", "lighten_pictures"]

COLORS = 256
MEAN_ERROR = (
    0.1  # de 255 por canal: una gráfica pierde menos; una foto perdería más y se deja como está
)


def lighten(png: bytes) -> bytes:
    """Devuelve el PNG con una paleta de 256 colores si a la vista es el mismo; si no, los mismos bytes."""
    image = Image.open(io.BytesIO(png))
    if image.mode == "P":
        return png  # ya la tiene
    pixels = np.asarray(image.convert("RGBA")).astype(int)
    if (pixels[..., 3] < 255).any():
        return png
    method = Image.Quantize.MEDIANCUT
    few = image.convert("RGB").quantize(COLORS, method=method, kmeans=2, dither=Image.Dither.NONE)
    if np.abs(np.asarray(few.convert("RGB")) - pixels[..., :3]).mean() > MEAN_ERROR:
        return png
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return min(written.getvalue(), png, key=len)


def lighten_pictures(notebook: NotebookNode) -> bool:
    """Aligera las figuras de un cuaderno; devuelve si alguna cambió."""
    changed = False
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if text := data.get("image/png"):
                png = base64.b64decode(text)
                light = lighten(png)
                if light != png:
                    data["image/png"], changed = base64.b64encode(light).decode(), True
    return changed
