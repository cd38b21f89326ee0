"""Las tablas: tres cifras, el mismo texto en todas partes y un solo lugar que escribe HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from course_lib import show

ROWS = [{"token": " <b>", "p": 0.10812, "n": 7}, {"token": "sal\n", "p": float("nan"), "n": None}]


def test_text():
    assert repr(show.table(ROWS)) == "token   p      n\n« <b>»  0.108  7\n«sal↵»  —      —"


def test_html_is_that_same_table():
    shown = show.table(ROWS)._repr_html_()
    assert "<td>« &lt;b&gt;»</td>" in shown and "<b>" not in shown
    cells = [
        tuple(cell.text for cell in row.find_all(["th", "td"]))
        for row in BeautifulSoup(shown, "html.parser").find_all("tr")
    ]
    written = show.table(ROWS)
    assert cells == [written.columns, *written.rows]


def test_frames_and_rows_give_the_same_table():
    assert show.table(pd.DataFrame(ROWS[:1])) == show.table(ROWS[:1])


def test_long_cells_are_not_cut():
    long = "palabra " * 40 + "fin"
    assert long in show.table_html(pd.DataFrame({"texto": [long]}))


def test_title_and_note_are_text_too():
    shown = show.table_html(pd.DataFrame({"a": [1]}), title="<i>", note="a & b")
    assert shown.startswith("<p><strong>&lt;i&gt;</strong></p>")
    assert shown.endswith("<p><small>a &amp; b</small></p>")


@pytest.mark.parametrize("index", [True, False])
def test_index_only_when_asked(index):
    shown = show.table_html(pd.DataFrame({"a": [1]}, index=["fila"]), index=index)
    assert ("fila" in shown) is index


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.5, "−0.500"),
        (0.9996, "1.00"),
        (1e-7, "1.00·10^−7"),
        (float("inf"), "∞"),
        (True, "True"),
        (None, "—"),
        (123456, "123456"),
        (99.96, "100"),
    ],
)
def test_numbers(value, text):
    assert show.number(value) == text


def test_no_other_file_writes_a_table():
    package = Path(show.__file__).parent
    writers = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"\.to_html\(|<table\b", path.read_text(encoding="utf-8"))
    ]
    assert writers == ["show.py"]
