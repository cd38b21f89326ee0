"""La probabilidad de cada token a lo largo de un texto, en uno o dos textos que se comparan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean

from .base import Diagram, color, fill, picture

__all__ = ["over_time"]

_WIDTH, _LEFT, _TOP, _HIGH = 420, 32, 26, 130
_LINES = (("respuesta", 'stroke-width="2"', "continuo"), ("quieto", 'stroke-width="1.6" stroke-dasharray="5 3"', "punteado"))  # fmt: skip


def over_time(
    series: Mapping[str, Sequence[float]], *, again: Sequence[bool] = (), title: str
) -> Diagram:
    """Devuelve el dibujo de una o dos `series` de probabilidades, una por token, con `title` al pie.

    `again` marca con una franja los tokens del primer texto que repiten algo ya escrito. Si las series no miden
    lo mismo, o son más de dos, `ValueError`.

    >>> over_time({"voraz": [0.2, 0.4, 0.9]}, again=[False, False, True], title="Un texto")
    Un texto. voraz: media 0.50; 0.30 donde no repite y 0.90 donde repite.
    """
    sizes = {len(probs) for probs in series.values()} | ({len(again)} if again else set())
    if not 1 <= len(series) <= len(_LINES) or len(sizes) != 1 or sizes == {0}:
        raise ValueError(
            "Hacen falta una o dos series del mismo largo, y tantas marcas como tokens."
        )
    (total,) = sizes
    step = (_WIDTH - _LEFT - 6) / max(total - 1, 1)
    lines = [
        _line([(_LEFT + step * i, _height(p)) for i, p in enumerate(probs)], role, look)
        for (role, look, _), probs in zip(_LINES, series.values(), strict=False)
    ]
    body = _axes(total, step) + _bands(again, step) + "".join(lines)
    looks = ". ".join(f"{_LINES[i][2].capitalize()}: {name}" for i, name in enumerate(series))
    shade = ". Franja: repite algo ya escrito" if any(again) else ""
    said = " ".join(
        _said(name, probs, again if i == 0 else ())
        for i, (name, probs) in enumerate(series.items())
    )
    drawing = picture(
        body, width=_WIDTH, height=_TOP + _HIGH + 42, title=f"{title}. {looks}{shade}", alt=said
    )
    return Diagram(drawing.html, f"{title}. {said}")


def _height(prob: float) -> float:
    return _TOP + _HIGH * (1 - prob)


def _axes(total: int, step: float) -> str:
    rows = "".join(
        f'<path d="M{_LEFT} {_height(p):g} H{_WIDTH}" stroke="currentColor" opacity="{0.5 if p == 0 else 0.15}"/>'
        f'<text x="{_LEFT - 5}" y="{_height(p) + 4:g}" text-anchor="end">{p:g}</text>'
        for p in (0, 0.5, 1)
    )
    ticks = "".join(
        f'<text x="{_LEFT + step * (i - 1):.1f}" y="{_TOP + _HIGH + 17}" text-anchor="middle">{i}</text>'
        for i in range(10, total + 1, 10)
    )
    names = (
        '<text x="0" y="13">probabilidad del token escrito</text>'
        f'<text x="{_WIDTH}" y="{_TOP + _HIGH + 34}" text-anchor="end">{escape("token →")}</text>'
    )
    return rows + ticks + names


def _bands(again: Sequence[bool], step: float) -> str:
    return "".join(
        f'<rect x="{_LEFT + step * (i - 0.5):.1f}" y="{_TOP}" width="{step:.1f}" height="{_HIGH}" '
        f'fill="{fill("respuesta", 0.16)}"/>'
        for i, marked in enumerate(again)
        if marked
    )


def _line(points: Sequence[tuple[float, float]], role: str, look: str) -> str:
    path = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{color(role)}" stroke-linejoin="round" {look}/>'


def _said(name: str, probs: Sequence[float], again: Sequence[bool]) -> str:
    text = f"{name}: media {fmean(probs):.2f}"
    inside = [p for p, marked in zip(probs, again, strict=False) if marked]
    outside = [p for p, marked in zip(probs, again, strict=False) if not marked]
    if inside and outside:
        text += f"; {fmean(outside):.2f} donde no repite y {fmean(inside):.2f} donde repite"
    return f"{text}."
