"""La calculadora de tamaños en el sitio construido, sin Python detrás."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Locator

from course_lib import sizes
from course_lib.sizes import ARCHITECTURES, HARDWARE
from course_lib.widgets.size import CONTEXTS, CUSTOM, DEVICES, TRAINING, custom_architecture
from tests.site.test_labs import control, move, numbers

PAGE = "book/03_tamanos.html"
NAMES = [*(a.name for a in ARCHITECTURES), CUSTOM]
LISTS = {
    "arquitectura": NAMES,
    "precisión": list(sizes.BYTES),
    "contexto": [str(n) for n in CONTEXTS],
    "tokens": [name for name, *_ in TRAINING],
    "acelerador": [hardware.name for hardware in HARDWARE],
    "cuántos": [str(n) for n in DEVICES],
}
START = {"arquitectura": "GPT-3 175B", "precisión": "bfloat16", "contexto": "2048"}
START |= {"tokens": LISTS["tokens"][2], "acelerador": "NVIDIA V100", "cuántos": "1024"}
START |= {"capas L": 32, "ancho d": 4096, "textos": 1, "uso": 0.3}


def find(page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-size)")
    lab.locator(".lm-size[data-total]").wait_for()
    return lab


def settings() -> list[dict]:
    """Cada valor de cada lista, cada control deslizante en tres sitios, y mezclas al azar."""
    sliders = {"textos": (1, 17, 64), "uso": (0.1, 0.35, 0.6)}
    alone = [
        START | {name: value} for name, values in {**LISTS, **sliders}.items() for value in values
    ]
    shapes = [(1, 64), (12, 768), (128, 16384)]
    custom = [START | {"arquitectura": CUSTOM, "capas L": L, "ancho d": D} for L, D in shapes]
    rng = random.Random(0)
    mixed = [{name: rng.choice(values) for name, values in LISTS.items()} for _ in range(10)]
    return alone + custom + [START | chosen for chosen in mixed]


def expected(chosen: dict) -> dict:
    """Lo que calcula `course_lib.sizes` con esos controles."""
    custom = custom_architecture(chosen["capas L"], chosen["ancho d"])
    arch = (
        custom if chosen["arquitectura"] == CUSTOM else sizes.architecture(chosen["arquitectura"])
    )
    total = sizes.count_parameters(arch)["total"]
    context, dtype = int(chosen["contexto"]), chosen["precisión"]
    tokens, ratio = next((t, r) for name, t, r in TRAINING if name == chosen["tokens"])
    training = sizes.training_flops(total, tokens or ratio * total)
    machine = next(h for h in HARDWARE if h.name == chosen["acelerador"])
    cache = sizes.kv_cache_bytes(arch, context, chosen["textos"], dtype)
    return {
        "total": total,
        "weights": sizes.memory_bytes(total, dtype),
        "cache": cache if arch.kind == "decodificador" else 0,
        "flops": sizes.flops_per_token(arch, context),
        "training": training,
        "seconds": sizes.training_seconds(training, machine, int(chosen["cuántos"]), chosen["uso"]),
    }


def test_the_lab_shows_what_python_computes(home, visit):
    """Todos los controles, uno por uno y mezclados: seis cifras y las partes, a 1e-9 relativo."""
    lab = find(visit(home, PAGE).page)
    shown = dict(START)
    for chosen in settings():
        for name, value in chosen.items():
            hidden = name in ("capas L", "ancho d") and chosen["arquitectura"] != CUSTOM
            if value != shown[name] and not hidden:
                move(lab, name, value)
                shown[name] = value
        values = expected(shown)
        (found,) = numbers(lab, ".lm-size", *values)
        assert dict(zip(values, map(float, found), strict=True)) == pytest.approx(
            values, rel=1e-9
        ), shown
        parts = [float(n) for (n,) in numbers(lab, ".lm-parts li", "n")]
        assert sum(parts) == values["total"], shown


def test_layers_and_width_only_with_the_custom_shape(home, visit):
    lab = find(visit(home, PAGE).page)
    assert not control(lab, "capas L").is_visible() and not control(lab, "ancho d").is_visible()
    move(lab, "arquitectura", CUSTOM)
    assert control(lab, "capas L").is_visible() and control(lab, "ancho d").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_stands_alone_on_a_phone(home, visit, theme):
    """Con el teclado se cambia un control; nada falla, nada se pide fuera y nada se desborda."""
    opened = visit(home, PAGE, width=390, theme=theme)
    lab = find(opened.page)
    assert lab.locator(".lm-size").get_attribute("data-name") == "GPT-3 175B"
    select = control(lab, "precisión").locator("select")
    assert select.get_attribute("aria-label") == "precisión"
    before = lab.locator(".lm-size").get_attribute("data-weights")
    select.focus()
    select.press("ArrowDown")
    assert lab.locator(".lm-size").get_attribute("data-weights") != before
    lab.locator("[role=status].lm-hidden").filter(has_text="GPT-3").wait_for(state="attached")
    assert opened.failures == [] and opened.foreign == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.page.evaluate(overflow) <= 0


def test_without_javascript_there_is_a_table(home, visit):
    page = visit(home, PAGE, script=False).page
    tables = page.locator(".no-script table").all_inner_texts()
    table = next(text for text in tables if "GFLOP por token" in text)
    assert all(name in table for name in NAMES[:-1])
