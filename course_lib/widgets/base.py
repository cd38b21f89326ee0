"""Lo común de los laboratorios: la vista (anywidget), sus controles y lo que se lee sin JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
import ipywidgets
import pandas as pd
import traitlets

from ..notebook import in_colab
from ..show import table_html

if TYPE_CHECKING:  # la calculadora de tamaños no necesita torch
    from ..models import LanguageModel

__all__ = [
    "Answer",
    "Lab",
    "Progress",
    "View",
    "check_count",
    "check_prompts",
    "compact",
    "dropdown",
    "last_entry",
    "rounded",
    "slider",
    "source",
    "table",
]

HERE = Path(__file__).parent
SHARED = {".js": ("common.js", "drawing.js"), ".css": ("common.css",)}
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
LONGEST_PROMPT = 256  # tokens: más no se lee en pantalla y en un portátil tarda


def source(*files: str) -> str:
    """Devuelve lo compartido y después `files`, todos .js o todos .css: un solo módulo o una sola hoja."""
    shared = SHARED[Path(files[0]).suffix]
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in (*shared, *files))


class Progress(NamedTuple):
    """Cuánto va de un texto propio y, cuando los hay, sus datos."""

    done: int
    total: int
    entry: dict[str, Any] | None = None


Answer = Callable[[str], Iterator[Progress]]


def last_entry(steps: Iterable[Progress]) -> dict[str, Any]:
    """Devuelve los datos completos de un texto, los del último paso."""
    entry = None
    for step in steps:
        entry = step.entry
    assert entry is not None
    return entry


class View(anywidget.AnyWidget):
    """La parte que dibuja y calcula en el navegador, a partir de `data` (JSON).

    Pregunta `ping` al nacer: solo si Python contesta aparece el cuadro para escribir un texto propio.
    `own` es el JSON de los datos de ese texto (vacío: se ve uno de los de `data`).
    """

    data = traitlets.Unicode("").tag(sync=True)
    own = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Int(0).tag(sync=True)

    def __init__(self, data: dict[str, Any], answer: Answer | None = None) -> None:
        """`answer(text)` da los `Progress` de un texto propio a medida que lo calcula."""
        super().__init__(data=compact(data))
        self._answer = answer
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _receive(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("kind") == "ping":
            self.send({"kind": "pong"})
        elif message.get("kind") == "prompt" and self._answer is not None:
            self._compute(self._answer, str(message.get("text", "")))

    def _compute(self, answer: Answer, text: str) -> None:
        try:
            for done, total, entry in answer(text):
                self.send({"kind": "progress", "done": done, "total": total})
                if entry is not None:
                    self.own = compact(entry)
            self.send({"kind": "done"})
        except Exception as error:  # va a la pantalla de quien escribió, no al registro
            reason = str(error) if isinstance(error, ValueError) else repr(error)
            self.send({"kind": "error", "text": f"No se pudo calcular: {reason}"})


class Lab(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets no trae tipos
    """Un laboratorio: los controles, enlazados en el navegador (`jslink`) con la vista.

    `controls`: {rasgo de la vista: control}; el rasgo empieza donde su control. `fallback`: HTML que se
    lee sin JavaScript. `summary`: lo que se lee sin HTML.
    """

    _ipython_display_ = None  # ipywidgets 7 mostraría la caja sin pasar por `_repr_mimebundle_`

    def __init__(
        self, view: View, controls: Mapping[str, ipywidgets.Widget], fallback: str, summary: str
    ) -> None:
        for trait, control in controls.items():
            value = "index" if isinstance(control, ipywidgets.Dropdown) else "value"
            setattr(view, trait, getattr(control, value))
            ipywidgets.jslink((control, value), (view, trait))
        box = ipywidgets.Box(list(controls.values()))
        box.add_class("lm-controls")
        super().__init__([box, view])
        self.add_class("lm-lab")
        self.view, self.controls, self._fallback, self._summary = view, controls, fallback, summary

    def __repr__(self) -> str:
        return self._summary

    @property
    def data(self) -> dict[str, Any]:
        """Los datos que viajan con la página."""
        data: dict[str, Any] = json.loads(self.view.data)
        return data

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # El de anywidget lleva además lo que Colab necesita; aquí señala la caja entera.
        bundle = self.view._repr_mimebundle_()
        assert bundle is not None  # anywidget solo da None si su vista no tiene plantilla
        data, metadata = bundle
        data[VIEW_MIME]["model_id"] = self.model_id
        data["text/plain"] = repr(self)
        if not in_colab():  # allí el HTML podría taparle el sitio a la vista
            data["text/html"] = self._fallback
        return data, metadata


def slider(name: str, value: float, low: float, high: float, step: float) -> ipywidgets.Widget:
    """Devuelve un control deslizante con nombre, entero o decimal según `step`."""
    whole = isinstance(step, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    digits = {} if whole else {"readout_format": ".2f"}
    return kind(value=value, min=low, max=high, step=step, description=name, **digits)


def dropdown(name: str, options: Sequence[str], index: int = 0) -> ipywidgets.Dropdown:
    """Devuelve una lista desplegable; se enlaza por `index`, lo único que guarda el navegador."""
    return ipywidgets.Dropdown(options=list(options), index=index, description=name)


def check_prompts(lm: LanguageModel, prompts: Sequence[str]) -> list[str]:
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


def check_count(name: str, value: int) -> None:
    """Comprueba que `value`, el parámetro `name` de un laboratorio, es un entero desde 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}={value!r} no vale: debe ser un entero desde 1.")


def rounded(values: Iterable[float], digits: int) -> list[float]:
    """Devuelve los números con `digits` cifras significativas (9 conservan un float32 exacto)."""
    return [float(f"{float(v):.{digits}g}") for v in values]


def compact(data: dict[str, Any]) -> str:
    """Devuelve JSON sin espacios: en un cuaderno, una lista ocuparía una línea por número."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Devuelve una tabla HTML con nombre y todo el texto escapado: lo que se lee sin JavaScript."""
    return table_html(pd.DataFrame(list(rows), columns=list(header)), caption=caption)
