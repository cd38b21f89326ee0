"""El laboratorio de prompting en el sitio construido, sin Python detrás."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from playwright.sync_api import Locator

from course_lib.prompting import (
    AGGREGATES,
    SCORES,
    AnswerSearch,
    Calibration,
    Measure,
    Template,
    Verbalizer,
    measure,
)
from tests.rounding import logprob_bound
from tests.site.test_labs import control, find, numbers
from tests.widgets.stored import StoredLab, stored_labs

NAMES = ("texto", "plantilla", "puntaje", "verbalizador", "agregado", "calibración")
PROMPT = [lab for lab in stored_labs() if lab.kind == "prompting"]

each_prompt = pytest.mark.parametrize("stored", PROMPT, ids=str)


def test_the_chapter_has_the_lab():
    assert [lab.page for lab in PROMPT] == ["book/05_prompting"]


def settings(data: dict) -> list[tuple[int, ...]]:
    """El índice de cada control: uno por uno, y después mezclas al azar."""
    sizes = (
        len(data["prompts"]),
        len(data["templates"]),
        len(SCORES),
        len(data["verbalizers"]),
        len(AGGREGATES),
        2,
    )
    start = (0,) * len(sizes)
    alone = [
        (*start[:place], value, *start[place + 1 :])
        for place, size in enumerate(sizes)
        for value in range(size)
    ]
    every = list(itertools.product(*map(range, sizes)))
    return alone + random.Random(5).sample(every, 60)


def stored_measures(data: dict, text: int, template: int) -> list[Measure]:
    """Las medidas que viajan con la página."""
    cell, base = data["prompts"][text]["cells"][template], data["templates"][template]
    return [
        Measure(
            answer=answer,
            sum_logprob=math.fsum(found["logprobs"]),
            tokens=tuple(found["tokens"]),
            token_logprobs=tuple(found["logprobs"]),
            sources=(),
            n_tokens=found["units"]["token"],
            n_chars=found["units"]["char"],
            n_bytes=found["units"]["byte"],
            prior=prior,
        )
        for answer, found, prior in zip(
            data["answers"], cell["answers"], base["prior"], strict=True
        )
    ]


def classify(data: dict, chosen: tuple[int, ...]) -> tuple[AnswerSearch, dict, dict, dict]:
    """Lo que `course_lib.prompting` calcula con lo guardado: la búsqueda y, por etiqueta, su
    probabilidad sin calibrar, la de no tener nada que leer y la que se muestra."""
    text, template, score, table, aggregate, calibrate = chosen
    rule, join = list(SCORES.values())[score], list(AGGREGATES.values())[aggregate]
    verbalizer = Verbalizer(data["verbalizers"][table]["mapping"])
    measures = {m.answer: m for m in stored_measures(data, text, template)}
    prompt = Template(data["templates"][template]["pattern"]).fill(data["prompts"][text]["text"])

    def found(sums: dict[str, float], units: dict[str, dict[str, int]]) -> AnswerSearch:
        rows = [
            Measure(
                **{
                    **vars(measures[z]),
                    **{f"n_{unit}s": n for unit, n in units[z].items()},
                    "sum_logprob": sums[z],
                }
            )
            for z in verbalizer.answers
        ]
        return AnswerSearch(prompt, tuple(rows), rule)

    def by_answer(row: list) -> dict:
        return dict(zip(data["answers"], row, strict=True))

    def label_probs(search: AnswerSearch) -> dict[str, float]:
        return verbalizer.label_probs(search.probs, join)

    base = data["templates"][template]
    empty = zip(base["content_free"], base["free_units"], strict=True)
    rows = [label_probs(found(by_answer(sums), by_answer(units))) for sums, units in empty]
    calibration = Calibration.from_probs(rows)
    search = AnswerSearch(prompt, tuple(measures[z] for z in verbalizer.answers), rule)
    raw = label_probs(search)
    return search, raw, dict(calibration.content_free), calibration(raw) if calibrate else raw


@each_prompt
@pytest.mark.models
def test_the_lab_shows_what_prompting_computes(stored: StoredLab, home, visit, gemma):
    """Candidatas, puntajes y etiquetas, moviendo cada control por una rejilla."""
    data = stored.data
    lab = find(visit(home, f"{stored.page}.html").page, "prompting")
    view = lab.locator(".lm-prompting")
    selects = [control(lab, name).locator("select") for name in NAMES]
    live = live_sums(data, gemma)
    shown = [None] * len(NAMES)
    for chosen in settings(data):
        for place, (select, index) in enumerate(zip(selects, chosen, strict=True)):
            if shown[place] != index:
                select.select_option(index=index)
        shown = chosen
        where = dict(zip(NAMES, chosen, strict=True))
        search, raw, free, final = classify(data, chosen)
        assert lab.locator(".lm-filled").text_content() == search.prompt.text, where
        rows = numbers(lab, ".lm-answers tbody tr", "answer", "score", "p")
        assert [z for z, _, _ in rows] == search.ranked, where
        for z, score, p in rows:
            assert float(score) == pytest.approx(search.scores[z], abs=1e-6), where
            assert float(p) == pytest.approx(search.probs[z], rel=1e-6), where
            today = search.rule(live[chosen[0], chosen[1], z])
            assert float(score) == pytest.approx(today, abs=logprob_bound(8)), where
        labels = numbers(lab, ".lm-label", "label", "raw", "free", "p")
        assert [label for label, *_ in labels] == list(final), where
        for label, *values in labels:
            expected = [raw[label], free[label], final[label]]
            assert [float(v) for v in values] == pytest.approx(expected, rel=1e-6), where
        assert view.get_attribute("data-best") == search.best, where
        assert view.get_attribute("data-label") == max(final, key=final.get), where


def live_sums(data: dict, lm) -> dict[tuple[int, int, str], Measure]:
    """Las medidas de hoy: {(texto, plantilla, respuesta): medida}."""
    texts = [entry["text"] for entry in data["prompts"]]
    return {
        (i, t, m.answer): m
        for t, base in enumerate(data["templates"])
        for i, row in enumerate(
            measure(
                lm,
                [Template(base["pattern"]).fill(text) for text in texts],
                data["answers"],
                prior=True,
            )
        )
        for m in row
    }


@each_prompt
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_stands_alone_on_a_phone(stored: StoredLab, home, visit, theme):
    """Con el teclado se cambia el texto; sin Python no hay cuadros propios y nada pide ni falla."""
    opened = visit(home, f"{stored.page}.html", width=390, theme=theme)
    lab = find(opened.page, "prompting")
    assert lab.locator(".lm-own").count() == 2
    assert not any(box.is_visible() for box in lab.locator(".lm-own").all())
    view, select = lab.locator(".lm-prompting"), control(lab, "texto").locator("select")
    assert view.get_attribute("data-prompt") == stored.data["prompts"][0]["text"]
    select.focus()
    select.press("ArrowDown")
    assert view.get_attribute("data-prompt") == stored.data["prompts"][1]["text"]
    lab.locator("[role=status].lm-hidden").filter(has_text="Gana").wait_for(state="attached")
    assert opened.failures == [] and opened.foreign == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.page.evaluate(overflow) <= 0
    assert inside(lab, ".lm-filled, .lm-labels, .lm-note")


def inside(lab: Locator, selector: str) -> bool:
    """Si esas partes caben en el ancho del laboratorio."""
    edge = lab.bounding_box()
    boxes = [part.bounding_box() for part in lab.locator(selector).all()]
    return all(box["x"] + box["width"] <= edge["x"] + edge["width"] for box in boxes if box)


@each_prompt
def test_calibrating_marks_where_it_was(stored: StoredLab, home, visit):
    """Al calibrar aparece la marca de lo que daba antes, y la frase dice si cambió la etiqueta."""
    lab = find(visit(home, f"{stored.page}.html").page, "prompting")
    assert lab.locator(".lm-tick").count() == 0
    control(lab, "calibración").locator("select").select_option(index=1)
    assert lab.locator(".lm-tick").count() == len(classify(stored.data, (0,) * 6)[3])
    assert "calibrar no cambia" in lab.locator(".lm-note").last.inner_text()


@each_prompt
def test_without_javascript_there_is_a_table(stored: StoredLab, home, visit):
    page = visit(home, f"{stored.page}.html", script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    pattern = Template(stored.data["templates"][0]["pattern"])
    for entry in stored.data["prompts"]:
        table = next(t for t in shown if f"«{pattern.fill(entry['text']).text}»" in t)
        assert all(answer in table for answer in stored.data["answers"])
