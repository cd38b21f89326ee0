"""Cada página lleva solo lo que usa; lo que pesa lo mira `checks.weight` en cada visita."""

import re


def test_mathjax_is_only_where_there_are_equations(site):
    wrong = []
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        equations = bool(re.search(r'<(?:span|div) class="(?:amsmath )?math ', html))
        if equations != ("tex-chtml.js" in html):
            wrong.append(path.relative_to(site))
    assert wrong == []


def test_figures_wait_in_their_place(site):
    for path in site.rglob("*.html"):
        for figure in re.findall(
            r'<img [^>]*src="[^"]*_images/[^"]*\.png"[^>]*>', path.read_text("utf-8")
        ):
            assert 'loading="lazy"' in figure and re.search(r' width="\d+" height="\d+"', figure)
