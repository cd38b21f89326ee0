"""Mostrar: tablas con tres cifras significativas y código del curso, iguales en cualquier máquina."""

from __future__ import annotations

import html
import inspect
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Markdown

__all__ = ["Table", "number", "source", "table", "table_html"]


def number(value: object, digits: int = 3) -> str:
    """Devuelve `value` con `digits` cifras significativas.

    Tres cifras bastan para leer, y son las que coinciden de un procesador a otro.

    >>> number(0.123456), number(1234.5), number(2.0), number(7)
    ('0.123', '1230', '2.00', '7')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "—" if value is None else str(value)
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "—"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    rounded = round(value, digits - 1 - magnitude)
    if abs(rounded) < 1e-4:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        return f"{mantissa}·10^{int(exponent)}".replace("-", "−")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{decimals}f}".replace("-", "−")


@dataclass(frozen=True)
class Table:
    """Una tabla ya escrita: columnas y celdas de texto. Se ve como HTML o como texto."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_frame(self) -> pd.DataFrame:
        """Devuelve la tabla como DataFrame de pandas, con celdas de texto."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        return "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        return table_html(self.to_frame())


def table(rows: Iterable[Mapping[str, Any]] | pd.DataFrame, *, digits: int = 3) -> Table:
    """Devuelve una `Table` de filas {columna: valor} (o de un DataFrame), con `digits` cifras.

    >>> table([{"token": " sal", "p": 0.10812}])
    token   p
    « sal»  0.108
    """
    found: list[Any] = rows.to_dict("records") if hasattr(rows, "to_dict") else list(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    cells = tuple(tuple(_cell(name, row.get(name), digits) for name in columns) for row in found)
    return Table(tuple(columns), cells)


def table_html(
    frame: pd.DataFrame,
    *,
    title: str = "",
    caption: str = "",
    note: str = "",
    index: bool = False,
) -> str:
    """Devuelve un DataFrame como tabla HTML: la única manera en que el curso escribe tablas.

    Todo lo que trae se muestra como texto (nada se interpreta como HTML) y ninguna celda se recorta.
    `title` va encima, en negrita; `caption` es el nombre de la tabla, lo que un lector de pantalla dice
    al llegar a ella; `note` va debajo, en letra pequeña; `index` muestra además el índice.

    >>> import pandas as pd
    >>> print(table_html(pd.DataFrame({"token": ["<s>"]})).splitlines()[8].strip())
    <td>&lt;s&gt;</td>
    """
    import pandas as pd

    with pd.option_context("display.max_colwidth", None):
        body = frame.to_html(index=index, escape=True, border=0)
    if caption:
        body = body.replace("<thead>", f"<caption>{html.escape(caption)}</caption>\n  <thead>", 1)
    above = f"<p><strong>{html.escape(title)}</strong></p>" if title else ""
    below = f"<p><small>{html.escape(note)}</small></p>" if note else ""
    return above + body + below


def _cell(column: str, value: Any, digits: int) -> str:
    if isinstance(value, str):
        # los espacios y saltos de línea de un token se ven entre comillas
        visible = value.replace("\n", "↵")
        return f"«{visible}»" if visible != visible.strip() or column == "token" else visible
    return number(value.item() if hasattr(value, "item") else value, digits)


def source(obj: Callable[..., Any] | type) -> Markdown:
    """Devuelve el código fuente de una función o clase del curso, listo para mostrarse en el cuaderno."""
    from IPython.display import Markdown

    return Markdown(f"```python\n{textwrap.dedent(inspect.getsource(obj)).rstrip()}\n```")
