"""Abrir una imagen, venga de donde venga, como un cuadrado RGB; lo que no sirve se dice en español."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MAX_PIXELS", "square"]

MAX_PIXELS = 50_000_000
_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}
_FILL = (124, 116, 104)  # el color medio de las fotografías de ImageNet


def square(image: Any, size: int) -> Image:
    """Devuelve la imagen RGB, de `size` píxeles de lado, entera: lo que falta para ser cuadrada se rellena.

    `image`: una imagen de Pillow, la ruta de un archivo, o un arreglo (H, W, 3) de enteros de 0 a 255. Las
    transparencias se ven sobre blanco.

    Raises:
        FileNotFoundError: no hay un archivo en esa ruta.
        TypeError: no es ninguna de esas tres cosas.
        ValueError: el archivo no es una imagen, está vacía, es enorme o sus píxeles no son de 8 bits.

    >>> from PIL import Image
    >>> square(Image.new("L", (30, 10)), 224).size
    (224, 224)
    """
    from PIL import Image

    opened = _checked(_opened(image), size)
    if opened.mode in ("LA", "PA", "RGBA", "P"):
        seen = opened.convert("RGBA")
        opened = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    width, height = opened.size
    scale = size / max(width, height)
    fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
    inside = opened.convert("RGB").resize(fitted, Image.Resampling.BICUBIC)
    whole = Image.new("RGB", (size, size), _FILL)
    whole.paste(inside, ((size - inside.width) // 2, (size - inside.height) // 2))
    return whole


def _checked(image: Image, size: int) -> Image:
    width, height = image.size
    if width == 0 or height == 0:
        raise ValueError(f"La imagen está vacía: mide {width}×{height} píxeles.")
    if width * height > MAX_PIXELS:
        raise ValueError(
            f"La imagen mide {width}×{height} píxeles, y el codificador la verá en {size}×{size}. Redúcela antes: "
            f"se aceptan hasta {MAX_PIXELS // 1_000_000} millones de píxeles."
        )
    if image.mode not in _MODES:
        raise ValueError(
            f"Los píxeles de la imagen son de la clase «{image.mode}», que no es de 8 bits por canal. "
            'Conviértela antes, con image.convert("RGB") y la escala que corresponda.'
        )
    return image


def _opened(image: Any) -> Image:
    from PIL import Image, UnidentifiedImageError

    if isinstance(image, Image.Image):
        return image
    if isinstance(image, str | Path):
        path = Path(image)
        if not path.is_file():
            raise FileNotFoundError(f"No hay una imagen en «{path}»: revisa la ruta.")
        try:
            with Image.open(path) as found:
                if found.width * found.height <= MAX_PIXELS:  # una enorme se rechaza sin leerla
                    found.load()
                return found
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            SyntaxError,
        ) as error:
            raise ValueError(
                f"«{path.name}» no se puede leer como imagen: está dañada, es demasiado grande o es otra cosa."
            ) from error
    if hasattr(image, "__array__"):
        return _from_array(image)
    raise TypeError(
        f"Se esperaba una imagen de Pillow, la ruta de un archivo o un arreglo (H, W, 3), y llegó {type(image).__name__}."
    )


def _from_array(image: Any) -> Image:
    import numpy as np
    from PIL import Image

    array = np.asarray(image)
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8:
        raise ValueError(
            f"El arreglo tiene forma {array.shape} y tipo {array.dtype}: se espera (alto, ancho, 3), de enteros de 0 "
            "a 255 (uint8). Si los canales van primero, pásalos al final; si va de 0 a 1, multiplica por 255."
        )
    if 0 in array.shape:
        raise ValueError(f"La imagen está vacía: mide {array.shape[1]}×{array.shape[0]} píxeles.")
    return Image.fromarray(array)
