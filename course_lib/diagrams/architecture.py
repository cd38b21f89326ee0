"""Un decodificador, caja dentro de caja: el modelo, un bloque, y lo que hay en él, con sus parámetros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["architecture"]

_PANEL = (
    "flex:1 1 9.5rem;min-width:min(100%,9.5rem);border:1px solid rgba(128,128,128,.5);border-radius:.6rem;"
    "padding:.5rem .6rem;box-sizing:border-box"
)
_BOX = "border:.1rem solid {color};background:{fill};border-radius:.4rem;padding:.2rem .4rem;text-align:center"
_ARROW = '<div aria-hidden="true" style="text-align:center;line-height:1.1">↓</div>'
_TIED = "la tabla de entrada, otra vez"
_BESIDE = '<div style="height:.25rem"></div>'


@dataclass(frozen=True)
class _Part:
    """Una caja: su nombre, el comienzo del nombre de sus pesos, y en qué recuadro se abre."""

    name: str
    weights: str = ""
    opens: str = ""
    role: str = "pasos"  # el de lo que no tiene pesos
    beside: bool = False  # se calcula a la vez que la anterior, no después


_PANELS = {
    "El modelo": (
        _Part("tokens", role="entrada"),
        _Part("vectores de entrada", "embed"),
        _Part("bloque, {layers} veces", "blocks.0", "Un bloque"),
        _Part("normalización final", "norm"),
        _Part("salida", "head"),
        _Part("un logit por token", role="respuesta"),
    ),
    "Un bloque": (
        _Part("flujo residual x"),
        _Part("normalización", "blocks.0.attn_norm"),
        _Part("atención", "blocks.0.attn", "La atención"),
        _Part("⊕ se suma a x"),
        _Part("normalización", "blocks.0.mlp_norm"),
        _Part("red densa por posición", "blocks.0.mlp", "La red densa"),
        _Part("⊕ se suma a x"),
    ),
    "La atención": (
        _Part("Wq: consultas", "blocks.0.attn.q_proj"),
        _Part("Wk: claves", "blocks.0.attn.k_proj", beside=True),
        _Part("Wv: valores", "blocks.0.attn.v_proj", beside=True),
        _Part("giro de q y k según la posición"),
        _Part("puntajes, máscara, softmax"),
        _Part("mezcla de valores"),
        _Part("Wₒ: junta las cabezas", "blocks.0.attn.o_proj"),
    ),
    "La red densa": (
        _Part("W₁: la compuerta", "blocks.0.mlp.gate_proj"),
        _Part("W₂: lo que pasa", "blocks.0.mlp.up_proj", beside=True),
        _Part("silu(compuerta) × lo que pasa"),
        _Part("W₃: de vuelta al ancho", "blocks.0.mlp.down_proj"),
    ),
}


def architecture(parameters: Mapping[str, int], *, title: str) -> Diagram:
    """Devuelve los recuadros de un decodificador como el del curso, con sus parámetros; `title`, al pie.

    `parameters` es {nombre de un peso en `transformer.Transformer`: cuántos números tiene}; de ahí salen las capas y
    los totales. Una salida sin pesos propios usa la tabla de entrada. Si falta una pieza, `ValueError`.
    """
    layers = len({name.split(".")[1] for name in parameters if name.startswith("blocks.")})
    parts = [part for panel in _PANELS.values() for part in panel]
    counts = {part.weights: _count(parameters, part.weights) for part in parts if part.weights}
    missing = [p for p, count in counts.items() if p != "head" and not count]
    if missing:
        raise ValueError(f"Faltan pesos en `parameters`: {', '.join(missing)}.")
    drawn = "".join(_panel(name, counts, layers) for name in _PANELS)
    total = sum(parameters.values())
    said = " ".join(
        f"{name}: {', '.join(_said(part, counts, layers) for part in panel)}."
        for name, panel in _PANELS.items()
    )
    drawing = frame(
        f'<div style="display:flex;flex-wrap:wrap;gap:.5rem;align-items:flex-start">{drawn}</div>',
        title=f"{title}. En rosa, lo que se entrena, con sus parámetros ({_number(total)} en total); en verde "
        "azulado, lo que se calcula; el borde grueso se abre en otro recuadro",
        alt=said,
    )
    return Diagram(drawing.html, f"{title}. {said}")


def _number(count: int) -> str:
    """Devuelve un número de parámetros con unidades que se leen: «3.5 millones», «885 mil», «576».

    >>> _number(3540096), _number(331776), _number(576)
    ('3.54 millones', '332 mil', '576')
    """
    if count >= 1_000_000:
        return f"{count / 1e6:.3g} millones"
    return f"{count / 1e3:.0f} mil" if count >= 10_000 else str(count)


def _count(parameters: Mapping[str, int], prefix: str) -> int:
    return sum(n for name, n in parameters.items() if name.startswith(prefix + "."))


def _panel(name: str, counts: Mapping[str, int], layers: int) -> str:
    drawn = ""
    for i, part in enumerate(_PANELS[name]):
        drawn += (_BESIDE if part.beside else _ARROW if i else "") + _box(part, counts, layers)
    return f'<div style="{_PANEL}"><div style="margin-bottom:.3rem"><strong>{escape(name)}</strong></div>{drawn}</div>'


def _box(part: _Part, counts: Mapping[str, int], layers: int) -> str:
    role = "entrenado" if part.weights else part.role
    style = _BOX.format(color=color(role), fill=fill(role, 0.1))
    if part.opens:
        style += ";border-width:.22rem"
    notes = [_number(counts[part.weights])] if counts.get(part.weights) else []
    notes += [_TIED] if _tied(part, counts) else []
    notes += [f"se abre en «{part.opens}»"] if part.opens else []
    note = "".join(f"<br><small>{escape(text)}</small>" for text in notes)
    return f'<div style="{style}">{escape(part.name.format(layers=layers))}{note}</div>'


def _said(part: _Part, counts: Mapping[str, int], layers: int) -> str:
    count = counts.get(part.weights, 0)
    unit = "de parámetros" if count >= 1_000_000 else "parámetros"
    note = _TIED if _tied(part, counts) else f"{_number(count)} {unit}" if count else ""
    return part.name.format(layers=layers) + (f" ({note})" if note else "")


def _tied(part: _Part, counts: Mapping[str, int]) -> bool:
    """La salida sin pesos propios usa los de la entrada."""
    return part.weights == "head" and not counts["head"]
