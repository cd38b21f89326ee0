"""Un color es el mismo en todas partes: lo que se escribe en las hojas de estilo y en los dibujos sale de palette.py."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

import pytest

from course_lib import palette, plots
from course_lib.palette import ON_DARK, ON_LIGHT, ROLES

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "book" / "_static"
PICTURES = sorted((STATIC / "pictures").glob("*.svg"))
COLORS = {
    name.lower(): value
    for name, value in vars(palette).items()
    if name.isupper() and isinstance(value, str)
}
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
PAGES = [(ON_LIGHT, "#ffffff"), (ON_DARK, "#121212")]


def channels(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(color)]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    """El contraste de WCAG 2: de 1 a 21; una letra pide 4.5."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(color: str, page: str, share: float) -> str:
    """`color` sobre `page` con esa opacidad."""
    parts = zip(channels(color), channels(page), strict=True)
    return "#" + "".join(f"{round(255 * (share * a + (1 - share) * b)):02x}" for a, b in parts)


def variables(css: str, opening: str) -> dict[str, str]:
    """Los colores que define el primer bloque que empieza con `opening`: {«--nombre»: «#rrggbb»}."""
    block = css.split(opening, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block))


def test_contrast_is_the_one_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_color_has_a_tone_to_write_with():
    assert set(COLORS.values()) == set(ON_LIGHT) == set(ON_DARK) >= set(ROLES.values())


@pytest.mark.parametrize(("tones", "page"), PAGES)
def test_what_is_written_with_a_color_can_be_read(tones, page):
    """También sobre un fondo teñido al 20 % con cualquiera de los otros, como los de los laboratorios."""
    papers = [page, *(mixed(tint, page, 0.2) for tint in tones.values())]
    faint = {
        (color, paper): round(contrast(tone, paper), 2)
        for color, tone in tones.items()
        for paper in papers
        if contrast(tone, paper) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("tones", [ON_LIGHT, ON_DARK])
def test_a_tone_keeps_the_hue_of_its_color(tones):
    for color, tone in tones.items():
        one, other = (colorsys.rgb_to_hls(*channels(c)) for c in (color, tone))
        turn = abs(one[0] - other[0])
        assert one[2] < 0.02 or min(turn, 1 - turn) < 8 / 360, (color, tone)


def test_plots_write_no_color_of_their_own():
    """Que el ciclo de la hoja sea el de la paleta lo comprueba test_plots.py."""
    sheet = plots.STYLE.read_text(encoding="utf-8")
    axes = set(re.findall(r"^[xy]tick\.color: (\w+)|^axes\.edgecolor: (\w+)", sheet, re.MULTILINE))
    assert {f"#{value}" for pair in axes for value in pair if value} == {palette.GREY}
    for name in ("plots", "image_plots"):
        source = (ROOT / "course_lib" / f"{name}.py").read_text(encoding="utf-8")
        assert HEX.findall(source) == [], name


def test_the_site_writes_each_color_in_its_two_tones():
    css = (STATIC / "css" / "palette.css").read_text(encoding="utf-8")
    for opening, tones in (('html[data-theme="light"] {', ON_LIGHT), ('"dark"] {', ON_DARK)):
        expected = {f"--course-{name}": tones[color] for name, color in COLORS.items()}
        assert variables(css, opening) == expected


@pytest.mark.parametrize("name", ["course", "content", "face"])
def test_the_other_sheets_of_the_site_name_no_color(name):
    css = (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")
    assert HEX.findall(css) == []


def test_labs_use_the_tones_of_the_palette():
    css = (ROOT / "course_lib" / "widgets" / "common.css").read_text(encoding="utf-8")
    light, dark = variables(css, ".lm-lab {"), variables(css, 'html[theme="dark"] .lm-lab {')
    names = {name for name in dark if name != "--lm-on-main"}
    assert len(names) >= 7 and names <= set(light)
    color_of = {tone: color for color, tone in ON_LIGHT.items()}
    for name in names:
        assert dark[name] == ON_DARK[color_of[light[name]]], name


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_drawn_with_the_palette(path):
    text = path.read_text(encoding="utf-8")
    used = dict(re.findall(r"var\(--course-(\w+),(#\w+)\)", text))
    assert used and used == {name: COLORS[name] for name in used}
    assert set(HEX.findall(text)) == set(used.values())


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_light_and_goes_inside_a_page(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= 30_000
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120"')
    # Nada que se repita en una página con varios dibujos, que se lea o que pida otro archivo.
    assert re.findall(r"\bid=|<text|<style|<script|href=|url\(|<image", text) == []


def test_the_mark_wears_the_colors_of_the_course():
    text = (STATIC / "favicon.svg").read_text(encoding="utf-8")
    assert set(HEX.findall(text)) == {ON_LIGHT[palette.BLUE], ON_DARK[palette.ORANGE], "#fff"}
