"""Recorta la letra de iconos del tema (Font Awesome Free) a los que el sitio dibuja.

El tema trae un guion que cambia cada `<i class="fa-…">` por un dibujo y pesa más que un capítulo entero, y una letra
con todos los iconos, de 156 kB. El sitio no usa el guion (lo quita book/_ext/course_site/trimming.py) y prefiere esta
letra recortada, que viaja dentro de su hoja de estilo. Un icono que no esté en `ICONS` también se ve: el navegador
pide entonces la letra entera.
"""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
FONT = THEME / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.ttf"
STYLE = THEME / "styles" / "pydata-sphinx-theme.css"

# Los que llevan las plantillas del tema y los controles de ipywidgets. Los que escribe la hoja de estilo (los de los
# avisos y los enlaces) se leen de ella.
ICONS = (
    *("angle-left", "angle-right", "arrow-up", "bars", "chevron-down", "circle-half-stroke"),
    *("download", "expand", "file", "file-pdf", "lightbulb", "list", "magnifying-glass", "moon"),
    *("pencil-alt", "rocket", "sun"),
    *("check", "pause", "play", "retweet", "stop", "times", "trash", "upload"),
)


def write(target: Path) -> None:
    """Escribe en `target` la hoja de estilo con la letra recortada."""
    codes = codes_of(STYLE.read_text(encoding="utf-8"))
    with TTFont(FONT) as font:
        codes &= set(font.getBestCmap())
        options = Options(flavor="woff", layout_features=[], hinting=False)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.flavor = "woff"
        packed = io.BytesIO()
        font.save(packed)
    encoded = base64.b64encode(packed.getvalue()).decode("ascii")
    points = ", ".join(f"U+{code:X}" for code in sorted(codes))
    target.write_text(
        "/* Font Awesome Free, recortada: letra SIL OFL 1.1, https://fontawesome.com/license/free */\n"
        '@font-face {\n  font-family: "Font Awesome 6 Free";\n  font-weight: 900;\n'
        f"  unicode-range: {points};\n"
        f'  src: url("data:font/woff;base64,{encoded}") format("woff");\n}}\n',
        encoding="utf-8",
    )


def codes_of(style: str) -> set[int]:
    """Devuelve los códigos de `ICONS` y de los iconos que la hoja `style` escribe por su cuenta."""
    named = {
        name: int(code, 16)
        for names, code in re.findall(
            r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"', style
        )
        for name in re.findall(r"\.fa-([\w-]+):before", names)
    }
    missing = sorted(set(ICONS) - set(named))
    if missing:
        raise ValueError(f"el tema ya no trae estos iconos de tools/icons.py: {', '.join(missing)}")
    own = re.findall(r'--pst-icon-[\w-]+:"([\ue000-\uf8ff])"', style)
    return {named[name] for name in ICONS} | set(map(ord, own))
