"""Los laboratorios en el sitio construido, sin Python detrás: lo que muestran es lo que Python calcula."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Locator, Page

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.models import HuggingFaceLM, LanguageModel
from tests.rounding import logprob_bound
from tests.site.trial import first_quick
from tests.widgets.stored import StoredLab, stored_labs

LABS = [lab for lab in stored_labs() if lab.kind in ("temperature", "beam")]
TEMPERATURE = [lab for lab in LABS if lab.kind == "temperature"]
BEAM = [lab for lab in LABS if lab.kind == "beam"]
EARLY = ("False", "True", '"never"')

each_temperature = pytest.mark.parametrize("stored", first_quick(TEMPERATURE), ids=str)
each_beam = pytest.mark.parametrize("stored", BEAM, ids=str)


class Ending(HuggingFaceLM):
    """El mismo modelo con otros tokens finales, como `stop` en el laboratorio."""

    eos_token_ids: tuple[int, ...] = ()

    def __init__(self, lm: LanguageModel, eos: list[int]):
        super().__init__(lm.model, lm.tokenizer, lm.card)
        self.eos_token_ids = tuple(eos)


def find(page: Page, kind: str) -> Locator:
    """El laboratorio de esa clase en la página (hay a lo sumo uno)."""
    lab = page.locator(f".lm-lab:has(.lm-{kind})")
    lab.locator(f".lm-{kind}[data-prompt]").wait_for()
    return lab


def control(lab: Locator, name: str) -> Locator:
    return lab.locator(f".lm-controls > *:has(.widget-label:text-is('{name}'))")


def move(lab: Locator, name: str, value) -> None:
    """Escribe un valor en el recuadro de un control deslizante, o elige en una lista."""
    here = control(lab, name)
    if here.locator("select").count():
        here.locator("select").select_option(value)
    else:
        here.locator(".widget-readout").fill(f"{value:g}")
        here.locator(".widget-readout").press("Enter")


def numbers(lab: Locator, selector: str, *names: str) -> list[list[str]]:
    """Los atributos `data-*` de cada elemento, tal como están."""
    return lab.locator(selector).evaluate_all(
        "(nodes, names) => nodes.map((n) => names.map((name) => n.dataset[name] ?? null))",
        list(names),
    )


def temperature_settings(prompts: list[str]) -> list[tuple]:
    """Cada control por separado, todos juntos, y filtros que llegan más allá de lo guardado."""
    first = prompts[0]
    alone = [
        *((first, t, 0, 1.0, 0.0) for t in (0.1, 0.35, 0.7, 1.3, 2.5)),
        *((first, 1.0, k, 1.0, 0.0) for k in (1, 7, 50, 100)),
        *((first, 1.0, 0, p, 0.0) for p in (0.05, 0.5, 0.9, 0.95)),
        *((first, 1.0, 0, 1.0, m) for m in (0.01, 0.05, 0.5)),
        *(
            (first, t, 0, p, m)
            for t, p, m in ((2.0, 0.9, 0.0), (2.5, 0.95, 0.01), (1.5, 0.8, 0.02))
        ),
    ]
    rng = random.Random(0)
    mixed = [
        (
            text,
            rng.choice((0.5, 0.8, 1.2, 1.7)),
            rng.choice((0, 20, 60)),
            rng.choice((0.6, 0.85, 1.0)),
            rng.choice((0.0, 0.03, 0.1)),
        )
        for text in prompts
        for _ in range(3)
    ]
    return alone + mixed


@each_temperature
@pytest.mark.models
def test_temperature_shows_what_decoding_computes(stored: StoredLab, home, visit, gemma):
    """Probabilidades, tokens que quedan, masa y entropía, moviendo cada control por una rejilla."""
    lab = find(visit(home, f"{stored.page}.html").page, "temperature")
    entries = {entry["text"]: entry for entry in stored.data["prompts"]}
    logits = {text: _logits(gemma, entry) for text, entry in entries.items()}
    for text, temperature, top_k, top_p, min_p in temperature_settings(list(entries)):
        values = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p}
        where = f"{text!r} {values}"
        move(lab, "texto", text)
        for name, value in zip(
            ("temperatura", "top-k", "top-p", "min-p"), values.values(), strict=True
        ):
            move(lab, name, value)
        start, probs, kept = _filtered(logits[text], Sampling(**values))
        view = lab.locator(".lm-temperature")
        assert view.get_attribute("data-prompt") == text
        shown = numbers(lab, ".lm-bars li:not([hidden])", "id", "p", "before")
        ids = [int(i) for i, _, _ in shown[:-1]]
        assert ids == entries[text]["ids"][:12], where
        expected = [float(probs[i]) for i in ids]
        assert [float(p) for _, p, _ in shown] == pytest.approx(
            [*expected, 1 - math.fsum(expected)], abs=2e-6
        ), where
        assert [float(b) for _, _, b in shown[:-1]] == pytest.approx(
            [float(start[i]) for i in ids], abs=1e-6
        ), where
        count = int(view.get_attribute("data-kept"))
        exact = kept.sum() <= len(entries[text]["ids"])  # más allá, otra máquina mueve el borde
        assert count == pytest.approx(int(kept.sum()), rel=0 if exact else 1e-3), where
        assert float(view.get_attribute("data-kept-mass")) == pytest.approx(
            float(start[kept].sum()), abs=2e-6
        ), where
        entropy = float(torch.special.entr(probs).sum()) / math.log(2)
        assert float(view.get_attribute("data-entropy")) == pytest.approx(entropy, abs=1e-3), where
        beyond = not exact and (top_p < 1 or min_p > 0)
        assert lab.locator(".lm-temperature > .lm-note").is_visible() == beyond, where


def _logits(lm, entry) -> torch.Tensor:
    """Los logits de hoy; en los guardados, los guardados: otra máquina cambia las últimas cifras."""
    logits = lm.prefill(torch.tensor([lm.encode(entry["text"])])).logits.clone()
    stored = torch.tensor(entry["logits"])
    assert (logits[0, entry["ids"]] - stored).abs().max() < 1e-3
    logits[0, entry["ids"]] = stored
    return logits


def _filtered(logits, sampling: Sampling):
    """(con temperatura y sin filtros, con todo, cuáles quedan), en doble precisión al sumar."""
    scores, start = logits, None
    for f in sampling.filters():
        if f.name != "temperature" and start is None:
            start = scores
        scores = f(torch.zeros(1, 1, dtype=torch.long), scores)
    start = scores if start is None else start
    return start[0].double().softmax(-1), scores[0].double().softmax(-1), scores[0] > -math.inf


@each_temperature
def test_sampling_in_the_page(stored: StoredLab, home, visit):
    """«Muestrear» cuenta lo que sortea, se acerca a las barras y se repite con su semilla."""
    lab = find(visit(home, f"{stored.page}.html").page, "temperature")

    def sample() -> list[int]:
        lab.locator("button:text-is('Borrar')").click()
        lab.locator("[data-draws='1000']").click()
        lab.locator(".lm-draws[data-total='1000']").wait_for()
        return [int(c) for (c,) in numbers(lab, ".lm-bars li", "count")]

    counts = sample()
    assert sum(counts) == 1000 and sample() == counts
    probs = [float(p) for (p,) in numbers(lab, ".lm-bars li", "p")]
    assert sum(abs(c / 1000 - p) for c, p in zip(counts, probs, strict=True)) / 2 < 0.08
    lab.locator(".lm-sampler input").fill("7")
    assert sample() != counts


@each_temperature
def test_texts_follow_the_temperature(stored: StoredLab, home, visit):
    """Se leen las continuaciones de la temperatura más cercana, o de la que se elija."""
    lab = find(visit(home, f"{stored.page}.html").page, "temperature")
    texts = lab.locator(".lm-texts li span:last-child")
    written = stored.data["prompts"][0]["continuations"]
    temperatures = stored.data["temperatures"]
    move(lab, "temperatura", 2.5)
    assert texts.all_text_contents() == written[-1]
    lab.locator(f".lm-choices input[value='{temperatures[0]:g}']").check(force=True)
    assert texts.all_text_contents() == written[0]


def beam_settings(data: dict) -> list[tuple]:
    """Cada valor de cada control al menos una vez, repartidos entre los textos."""
    rng = random.Random(3)
    texts = [entry["text"] for entry in data["prompts"]]
    steps = data["max_steps"]
    return [
        (
            texts[n % len(texts)],
            1 + n % 6,
            rng.choice((steps, steps, 1 + n % steps)),
            (-1.0, 0.0, 0.5, 1.0, 2.0)[n % 5],
            EARLY[n % 3],
        )
        for n in range(18)
    ]


@pytest.mark.parametrize("half", first_quick((0, 1)))
@each_beam
@pytest.mark.models
def test_beam_shows_what_decoding_computes(stored: StoredLab, half: int, home, visit, gemma):
    """Haces, candidatas, puntajes y camino voraz, moviendo cada control por una rejilla."""
    lab = find(visit(home, f"{stored.page}.html").page, "beam")
    lm = Ending(gemma, stored.data["eos"])
    for text, num_beams, steps, length_penalty, early in beam_settings(stored.data)[
        9 * half : 9 * half + 9
    ]:
        where = f"{text!r} {num_beams} haces, {steps} pasos, {length_penalty}, {early}"
        move(lab, "texto", text)
        move(lab, "num_beams", num_beams)
        move(lab, "pasos", steps)
        move(lab, "length_penalty", length_penalty)
        move(lab, "early_stopping", early)
        strategy = BeamSearch(
            num_beams=num_beams,
            length_penalty=length_penalty,
            num_return_sequences=num_beams,
            early_stopping={"False": False, "True": True}.get(early, "never"),
        )
        result = generate(lm, text, strategy, max_new_tokens=steps)
        rows = numbers(lab, ".lm-table tbody tr", "path", "sum", "score")
        assert [path for path, _, _ in rows] == [_path(s.token_ids) for s in result.sequences], (
            where
        )
        near = logprob_bound(steps)  # lo guardado se calculó en otro procesador
        assert [float(x) for row in rows for x in row[1:]] == pytest.approx(
            [x for s in result.sequences for x in (s.sum_logprob, s.score)], abs=near
        ), where
        assert lab.locator(".lm-iswin").get_attribute("data-path") == rows[0][0], where
        greedy = generate(lm, text, Greedy(), max_new_tokens=steps, trace=None)
        assert lab.locator(".lm-isgreedy").get_attribute("data-path") == _path(greedy.token_ids), (
            where
        )
        if num_beams == 1:
            continue
        nodes = numbers(lab, ".lm-nodes button", "path", "status", "logprob", "sum")
        candidates = [c for step in result.steps for c in step.candidates]
        assert [n[:2] for n in nodes] == [[_path(c.ids), c.status] for c in candidates], where
        assert [float(x) for n in nodes for x in n[2:]] == pytest.approx(
            [x for c in candidates for x in (c.logprob, c.sum_logprob)], abs=near
        ), where


def _path(ids) -> str:
    return ",".join(map(str, ids))


@each_beam
def test_focus_tells_the_token_and_the_sum(stored: StoredLab, home, visit):
    """Al llegar a un nodo, con el ratón o con flechas, se lee su log-probabilidad y la suma."""
    page = visit(home, f"{stored.page}.html").page
    lab = find(page, "beam")
    nodes, detail = lab.locator(".lm-nodes button"), lab.locator(".lm-pathbox")
    nodes.nth(4).hover()
    assert detail.get_attribute("data-sum") == nodes.nth(4).get_attribute("data-sum")
    nodes.first.focus()
    nodes.first.press("ArrowRight")
    focused = page.evaluate("({...document.activeElement.dataset})")
    assert focused["path"].startswith(nodes.first.get_attribute("data-path") + ",")
    assert detail.get_attribute("data-logprob") == focused["logprob"]
    assert f"{abs(float(focused['sum'])):.2f}" in detail.inner_text()


@pytest.mark.parametrize("stored", LABS, ids=str)
def test_the_page_stands_alone(stored: StoredLab, home, visit):
    """Sin Python no hay cuadro para un texto propio; nada falla y nadie más recibe una petición."""
    opened = visit(home, f"{stored.page}.html", width=390)
    lab = find(opened.page, stored.kind)
    assert lab.locator(".lm-own").count() == 1 and not lab.locator(".lm-own").is_visible()
    name = "temperatura" if stored.kind == "temperature" else "num_beams"
    handle = control(lab, name).locator(".noUi-handle")
    assert handle.get_attribute("aria-label") == name
    readout = control(lab, name).locator(".widget-readout")
    before = readout.inner_text()
    handle.press("ArrowLeft")
    assert float(readout.inner_text()) < float(before)
    live = lab.locator("[role=status].lm-hidden")
    live.filter(has_text=r"entropía" if stored.kind == "temperature" else "Gana").wait_for(
        state="attached"
    )
    assert opened.failures == [] and opened.foreign == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.page.evaluate(overflow) <= 0


@pytest.mark.parametrize("stored", LABS, ids=str)
def test_without_javascript_there_is_a_table(stored: StoredLab, home, visit: Callable):
    """Con JavaScript apagado se leen los datos iniciales de cada texto."""
    page = visit(home, f"{stored.page}.html", script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for entry in stored.data["prompts"]:
        assert any(f"«{entry['text']}»" in table for table in shown)
