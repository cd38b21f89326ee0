"""La calculadora de tamaños: el navegador calcula lo mismo que `course_lib.sizes`."""

from __future__ import annotations

import json
import random

import pytest

from course_lib import sizes
from course_lib.sizes import ARCHITECTURES, HARDWARE
from course_lib.widgets import size_data, size_lab
from course_lib.widgets.base import compact
from course_lib.widgets.size import (
    CONTEXTS,
    CUSTOM,
    DEVICES,
    TRAINING,
    SizeView,
    custom_architecture,
)
from tests.widgets.node import run
from tests.widgets.stored import stored_labs

COMPUTE = "\nconst result = data.cases.map((s) => compute(data.lab, s));\n"


def settings(rng: random.Random) -> dict:
    """Una posición de los controles: en las listas, su lugar."""
    return {
        "architecture": rng.randrange(len(ARCHITECTURES) + 1),
        "num_layers": rng.randint(1, 128),
        "hidden_size": 64 * rng.randint(1, 256),
        "dtype": rng.randrange(len(sizes.BYTES)),
        "context": rng.randrange(len(CONTEXTS)),
        "batch": rng.randint(1, 64),
        "training": rng.randrange(len(TRAINING)),
        "hardware": rng.randrange(len(HARDWARE)),
        "devices": rng.randrange(len(DEVICES)),
        "utilization": rng.choice((0.1, 0.25, 0.4, 0.6)),
    }


def expected(s: dict) -> dict:
    """Lo mismo, con `course_lib.sizes`."""
    shaped = custom_architecture(s["num_layers"], s["hidden_size"])
    arch = (*ARCHITECTURES, shaped)[s["architecture"]]
    dtype, context = list(sizes.BYTES)[s["dtype"]], CONTEXTS[s["context"]]
    parts = sizes.count_parameters(arch)
    total = parts.pop("total")
    _, tokens, ratio = TRAINING[s["training"]]
    tokens = tokens or ratio * total
    training = sizes.training_flops(total, tokens)
    cache = sizes.kv_cache_bytes(arch, context, s["batch"], dtype)
    return {
        "parts": parts,
        "total": total,
        "weights": sizes.memory_bytes(total, dtype),
        "cache": cache if arch.kind == "decodificador" else 0,
        "flops": sizes.flops_per_token(arch, context),
        "training_tokens": tokens,
        "training": training,
        "training_bytes": sizes.training_bytes(total),
        "seconds": sizes.training_seconds(
            training, HARDWARE[s["hardware"]], DEVICES[s["devices"]], s["utilization"]
        ),
    }


def test_javascript_equals_python(tmp_path):
    """600 posiciones al azar de los controles, con todas las arquitecturas: 1e-9 relativo."""
    rng = random.Random(0)
    cases = [settings(rng) for _ in range(600)]
    assert len({s["architecture"] for s in cases}) == len(ARCHITECTURES) + 1
    results = run(tmp_path, SizeView, COMPUTE, {"lab": size_data(), "cases": cases})
    for s, got in zip(cases, results, strict=True):
        for name, value in expected(s).items():
            assert got[name] == pytest.approx(value, rel=1e-9), (s, name)


def test_quantities_are_written_in_spanish(tmp_path):
    """Mil millones, no billones; en el borde de una unidad, la que corresponde tras redondear."""
    body = "const result = [[335141888, 1e9, 999.6e6, 2e12, 0].map(count), [350e9, 2 ** 31].map(memory),"
    body += " [90, 97.2 * 86400, 3e9].map(time), [3.15e23, 9.996e9].map(power)];\n"
    counts, memories, times, powers = run(tmp_path, SizeView, body, {})
    assert counts == [
        "335 millones",
        "1.00 mil millones",
        "1.00 mil millones",
        "2.00 billones",
        "0",
    ]
    assert memories == ["350 GB", "2.15 GB"]
    assert times == ["1.50 minutos", "97.2 días", "95.1 años"]
    assert powers == ["3.15·10²³", "1.00·10¹⁰"]


def test_data_is_plain_small_and_ends_with_the_custom_shape():
    data = size_data()
    assert json.loads(compact(data)) == data and len(compact(data)) < 20_000
    assert [a["name"] for a in data["architectures"]] == [*(a.name for a in ARCHITECTURES), CUSTOM]


def test_the_chapter_carries_todays_data():
    stored = [lab for lab in stored_labs() if lab.kind == "size"]
    assert [lab.page for lab in stored] == ["book/03_tamanos"]
    assert stored[0].data == size_data()


def test_custom_shape_is_close_to_llama_2():
    ours = sizes.count_parameters(custom_architecture(32, 4096))["total"]
    theirs = sizes.count_parameters(sizes.architecture("Llama 2 7B"))["total"]
    assert ours == pytest.approx(theirs, rel=0.01)


def test_repr_links_and_fallback():
    """Cada control parte donde su rasgo; sin JavaScript se lee una tabla con las arquitecturas."""
    lab = size_lab()
    assert repr(lab) == repr(size_lab()) == "Calculadora de tamaños (14 arquitecturas)"
    for trait, control in lab.controls.items():
        start = control.index if hasattr(control, "index") else control.value
        assert control.description and getattr(lab.view, trait) == start
    bundle, _ = lab._repr_mimebundle_()
    assert bundle["text/html"].count("<tr") == len(ARCHITECTURES) + 1
    assert "GPT-3 175B" in bundle["text/html"]
