"""Abrir imágenes: lo que se acepta queda cuadrado y en RGB; lo demás se explica."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from course_lib import images
from course_lib.images import square

RED = (200, 30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_usual_modes_become_a_square(mode):
    made = square(Image.new("RGB", (60, 20), RED).convert(mode), 30)
    assert (made.mode, made.size) == ("RGB", (30, 30))


def test_the_whole_image_is_seen():
    """Nada se recorta: la franja queda en el centro y lo que falta es relleno."""
    made = np.array(square(Image.new("RGB", (60, 20), RED), 30))
    assert (made[10:20] == RED).all()
    assert not (made[:9] == RED).all(axis=-1).any() and not (made[21:] == RED).all(axis=-1).any()


def test_transparent_is_white():
    assert square(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), 8).getpixel((4, 4)) == (255, 255, 255)


def test_files_and_arrays_are_the_same_image(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 24, 3), dtype=np.uint8)
    path = tmp_path / "imagen.png"
    Image.fromarray(pixels).save(path)
    made = [np.array(square(given, 50)) for given in (pixels, path, str(path), Image.open(path))]
    assert all((one == made[0]).all() for one in made)


def _text(folder):
    path = folder / "nota.png"
    path.write_text("no soy una imagen")
    return path


def _truncated(folder):
    path = folder / "mitad.png"
    Image.effect_noise((64, 64), 50).save(path)
    path.write_bytes(path.read_bytes()[:300])
    return path


@pytest.mark.parametrize(
    ("make", "error", "fragment"),
    [
        (lambda folder: folder / "falta.png", FileNotFoundError, "No hay una imagen"),
        (_text, ValueError, "no se puede leer como imagen"),
        (_truncated, ValueError, "no se puede leer como imagen"),
        (lambda _: 3, TypeError, "llegó int"),
        (lambda _: Image.new("RGB", (0, 5)), ValueError, "0×5"),
        (lambda _: Image.new("F", (5, 5)), ValueError, "«F»"),
        (lambda _: np.zeros((3, 5, 5), dtype=np.uint8), ValueError, "Si los canales van primero"),
        (lambda _: np.zeros((5, 5, 3)), ValueError, "multiplica por 255"),
        (lambda _: np.zeros((0, 5, 3), dtype=np.uint8), ValueError, "está vacía"),
    ],
)
def test_bad_images_are_explained(make, error, fragment, tmp_path):
    with pytest.raises(error, match=fragment):
        square(make(tmp_path), 32)


def test_a_huge_one_is_not_read(monkeypatch, tmp_path):
    path = tmp_path / "grande.png"
    Image.new("L", (300, 300)).save(path)
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    with pytest.raises(ValueError, match="300×300"):
        square(path, 32)
