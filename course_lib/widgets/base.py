"""Lo común de los laboratorios: la vista (anywidget), sus controles y lo que se lee sin JavaScript."""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

__all__ = [
    "Lab",
    "View",
    "check_prompts",
    "compact",
    "dropdown",
    "rounded",
    "slider",
    "source",
    "table",
]

HERE = Path(__file__).parent
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
LONGEST_PROMPT = 256  # tokens: más no se lee en pantalla y en un portátil tarda


def source(view: str) -> str:
    """Devuelve el JavaScript de una vista: `common.js` seguido del suyo, un solo módulo."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("common.js", view))


class View(anywidget.AnyWidget):
    """La parte que dibuja y calcula en el navegador, a partir de `data` (JSON).

    Pregunta `ping` al nacer: solo si Python contesta aparece el cuadro para escribir un texto propio.
    `own` es el JSON de los datos de ese texto (vacío: se ve uno de los de `data`).
    """

    _css = (HERE / "common.css").read_text(encoding="utf-8")
    data = traitlets.Unicode("").tag(sync=True)
    own = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Int(0).tag(sync=True)

    def __init__(self, answer: Callable[[str], Iterator], **traits):
        """`answer(text)` da (hechos, total, datos del texto o None) a medida que los calcula."""
        super().__init__(**traits)
        self._answer = answer
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _receive(self, _widget, message, _buffers) -> None:
        if message.get("kind") == "ping":
            self.send({"kind": "pong"})
        elif message.get("kind") == "prompt":
            self._compute(str(message.get("text", "")))

    def _compute(self, text: str) -> None:
        try:
            for done, total, entry in self._answer(text):
                self.send({"kind": "progress", "done": done, "total": total})
                if entry is not None:
                    self.own = compact(entry)
            self.send({"kind": "done"})
        except (
            Exception
        ) as error:  # va a la pantalla de quien escribió, no al registro del servidor
            reason = str(error) if isinstance(error, ValueError) else repr(error)
            self.send({"kind": "error", "text": f"No se pudo calcular: {reason}"})


class Lab(ipywidgets.VBox):
    """Un laboratorio: los controles, enlazados en el navegador (`jslink`) con la vista.

    `controls`: {rasgo de la vista: control}. `fallback`: HTML que se lee sin JavaScript.
    """

    _ipython_display_ = None  # ipywidgets 7 mostraría la caja sin pasar por `_repr_mimebundle_`

    def __init__(self, view: View, controls: dict, fallback: str, summary: str):
        for trait, control in controls.items():
            value = "index" if isinstance(control, ipywidgets.Dropdown) else "value"
            ipywidgets.jslink((control, value), (view, trait))
        box = ipywidgets.Box(list(controls.values()))
        box.add_class("lm-controls")
        super().__init__([box, view])
        self.add_class("lm-lab")
        self.view, self.controls, self._fallback, self._summary = view, controls, fallback, summary

    def __repr__(self) -> str:
        return self._summary

    @property
    def data(self) -> dict:
        """Los datos que viajan con la página."""
        return json.loads(self.view.data)

    def _repr_mimebundle_(self, **_options):
        # El de anywidget lleva además lo que Colab necesita; aquí señala la caja entera.
        data, metadata = self.view._repr_mimebundle_()
        data[VIEW_MIME]["model_id"] = self.model_id
        data["text/plain"] = repr(self)
        if "google.colab" not in sys.modules:  # allí el HTML podría taparle el sitio a la vista
            data["text/html"] = self._fallback
        return data, metadata


def slider(name: str, value: float, low: float, high: float, step: float):
    """Devuelve un control deslizante con nombre, entero o decimal según `step`."""
    whole = isinstance(step, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    digits = {} if whole else {"readout_format": ".2f"}
    return kind(value=value, min=low, max=high, step=step, description=name, **digits)


def dropdown(name: str, options: Sequence[str], index: int = 0):
    """Devuelve una lista desplegable; se enlaza por `index`, lo único que guarda el navegador."""
    return ipywidgets.Dropdown(options=list(options), index=index, description=name)


def check_prompts(lm, prompts: Sequence[str]) -> list[str]:
    """Devuelve `prompts` como lista, o explica por qué alguno no sirve."""
    if isinstance(prompts, str):
        raise TypeError(f"`prompts` es una lista de textos; llegó uno solo. Escribe [{prompts!r}].")
    if not prompts:
        raise ValueError(
            "La lista `prompts` está vacía: el laboratorio necesita al menos un texto."
        )
    for text in prompts:
        if not text.strip():
            raise ValueError("El texto está vacío: escribe al menos una palabra.")
        length = len(lm.encode(text))
        if length > LONGEST_PROMPT:
            raise ValueError(
                f"El texto tiene {length} tokens y aquí caben {LONGEST_PROMPT}: usa uno más corto."
            )
    return list(prompts)


def rounded(values, digits: int) -> list[float]:
    """Devuelve los números con `digits` cifras significativas (9 conservan un float32 exacto)."""
    return [float(f"{float(v):.{digits}g}") for v in values]


def compact(data: dict) -> str:
    """Devuelve JSON sin espacios: en un cuaderno, una lista ocuparía una línea por número."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Devuelve una tabla HTML con todo el texto escapado."""

    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(c))}</{tag}>" for c in cells) + "</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead>{row(header, 'th')}</thead><tbody>{body}</tbody></table>"
    )
