"""El laboratorio de atención: sus datos son la atención de transformers, y el navegador los lee bien."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
import torch

from course_lib.widgets import attention_data, attention_lab
from course_lib.widgets.attention import LEVELS, AttentionView, _named, _pack, _weights
from course_lib.widgets.base import compact
from tests.widgets.node import run
from tests.widgets.samples import lettered
from tests.widgets.stored import StoredLab, stored_labs

TEXTS = ["abcabc", "hola"]
SPANISH = [
    "El niño come pan y la niña come pan",
    "La casa azul. La casa roja. La casa azul.",
    "El perro persigue al gato porque tiene hambre",
]
STORED = [lab for lab in stored_labs() if lab.kind == "attention"]
ROUNDING = 0.5 / LEVELS + 1e-6
READ = """
const result = data.map(({ lab, entry, layer, head }) => {
  const rows = headWeights(lab, entry, layer, head);
  return { rows, best: rows.map(strongest) };
});
"""


def unpacked(data: dict, entry: dict) -> torch.Tensor:
    """Los pesos (L, H, T, T) de una oración: base 64 corriente, doce bits por peso."""
    letters = entry["weights"] + "A" * (-len(entry["weights"]) % 4)
    bits = np.unpackbits(np.frombuffer(base64.b64decode(letters), np.uint8))
    codes = bits[: 6 * len(entry["weights"])].reshape(-1, 12) @ (1 << np.arange(11, -1, -1))
    T = len(entry["tokens"])
    weights = torch.zeros(data["layers"], data["heads"], T, T, dtype=torch.float64)
    rows, columns = np.tril_indices(T)
    weights[:, :, rows, columns] = torch.tensor(codes / data["levels"]).view(
        data["layers"], data["heads"], -1
    )
    return weights


def eager(lm, text: str) -> torch.Tensor:
    """La atención (L, H, T, T) que calcula transformers."""
    before = lm.model.config._attn_implementation
    lm.model.set_attn_implementation("eager")
    with torch.no_grad():
        output = lm.model(torch.tensor([lm.encode(text)]), output_attentions=True)
    lm.model.set_attn_implementation(before)
    return torch.cat(output.attentions).double()


@pytest.fixture(scope="module")
def data():
    return attention_data(lettered(), TEXTS)


def test_data_is_transformers_attention(data):
    for entry in data["prompts"]:
        expected = eager(lettered(), entry["text"])
        assert (unpacked(data, entry) - expected).abs().max() <= ROUNDING
        assert entry["tokens"] == lettered().token_strings(lettered().encode(entry["text"]))


@pytest.mark.models
def test_real_model(smollm):
    """SmolLM2: los mismos pesos que transformers, lo que ocupan tres oraciones y las cabezas con nombre."""
    data = attention_data(smollm, SPANISH)
    size = len(compact(data).encode())
    print(f"tres oraciones de {[len(e['tokens']) for e in data['prompts']]} tokens: {size} bytes")
    assert size <= 300_000
    for entry in data["prompts"]:
        difference = (unpacked(data, entry) - eager(smollm, entry["text"])).abs().max().item()
        print(f"max_diff = {difference:.2e} (redondeo {0.5 / LEVELS:.2e})")
        assert difference <= 0.5 / LEVELS + 1e-4
    assert {name for name, _, _ in data["named"]} == {"previous", "first", "induction"}
    assert all(data["scores"][n][i * data["heads"] + j] > 0.5 for n, i, j in data["named"])
    (induction,) = [head for head in data["named"] if head[0] == "induction"][:1]
    weights = unpacked(data, data["prompts"][0])[induction[1], induction[2]]
    tokens = data["prompts"][0]["tokens"]
    assert tokens[weights[-1].argmax()] == " y", (
        "tras el segundo «pan», mira a lo que siguió al primero"
    )


def test_javascript_reads_what_python_wrote(tmp_path):
    """240 cabezas de tamaños al azar: los mismos números en los dos, y los exactos salvo el redondeo."""
    generator = torch.Generator().manual_seed(0)
    cases, exact = [], []
    for n in range(240):
        layers, heads, T = (int(torch.randint(1, m, (), generator=generator)) for m in (5, 7, 21))
        scores = 8 * torch.randn(layers, heads, T, T, generator=generator)
        future = torch.ones(T, T, dtype=torch.bool).triu(1)
        weights = scores.masked_fill(future, -torch.inf).softmax(-1)
        entry = {"tokens": ["x"] * T, "weights": _pack(weights)}
        lab = {"layers": layers, "heads": heads, "levels": LEVELS}
        layer, head = n % layers, n % heads
        cases.append({"lab": lab, "entry": entry, "layer": layer, "head": head})
        exact.append(weights[layer, head])
    results = run(tmp_path, AttentionView, READ, cases)
    assert len(results) == 240
    for case, weights, got in zip(cases, exact, results, strict=True):
        rows = _weights(case["lab"], case["entry"], case["layer"], case["head"])
        assert got["rows"] == rows
        assert got["best"] == [row.index(max(row)) for row in rows]
        for i, row in enumerate(rows):
            assert row == pytest.approx(weights[i, : i + 1].tolist(), abs=ROUNDING)


def test_only_clear_heads_have_a_name():
    """De cada patrón, como mucho tres, todas por encima de 0.5 y de mayor a menor."""
    scores = [0.2, 0.5, 0.51, 0.9, 0.6, 0.7]
    rows = [{"layer": i, "head": 2, "first": score} for i, score in enumerate(scores)]
    assert _named("first", rows) == [("first", 3, 2), ("first", 5, 2), ("first", 4, 2)]
    assert _named("first", rows[:2]) == []


def test_data_is_the_same_each_time(data):
    assert attention_data(lettered(), TEXTS) == data
    assert json.loads(compact(data)) == data


@pytest.mark.parametrize(
    ("prompts", "error", "reason"),
    [
        ("abc", TypeError, "es una lista"),
        ([], ValueError, "está vacía"),
        (["abc", " "], ValueError, "está vacío"),
        (["abc", "d" * 20], ValueError, "tiene 21 tokens y aquí caben 20"),
    ],
)
@pytest.mark.parametrize("make", [attention_data, attention_lab])
def test_bad_prompts_teach(make, prompts, error, reason):
    with pytest.raises(error, match=reason):
        make(lettered(), prompts)


@pytest.fixture
def lab():
    return attention_lab(lettered(), TEXTS)


def test_repr_bundle_and_links(lab):
    assert repr(lab) == "Laboratorio de atención (LlamaForCausalLM; oraciones: 2)"
    bundle, _ = lab._repr_mimebundle_()
    assert bundle["text/html"].count("<table") >= 2 and "«abcabc»" in bundle["text/html"]
    assert all(control.description for control in lab.controls.values())
    for trait, control in lab.controls.items():
        start = control.index if hasattr(control, "index") else control.value
        assert getattr(lab.view, trait) == start, f"{trait} no empieza donde su control"
    assert lab.controls["layer"].max == 1 and lab.controls["head"].max == 3


def test_it_starts_at_the_clearest_head(monkeypatch):
    rows = [
        {"layer": i // 4, "head": i % 4, "previous": 0.1 * i, "first": 0.1, "induction": 0.1}
        for i in range(8)
    ]
    monkeypatch.setattr("course_lib.widgets.attention.head_scores", lambda _model: rows)
    lab = attention_lab(lettered(), TEXTS)
    assert (lab.view.layer, lab.view.head) == (1, 3)
    assert "Capa 1, cabeza 3, en «abcabc»" in lab._fallback and "token anterior" in lab._fallback


def test_own_sentence(lab, data, monkeypatch):
    """Python contesta con los datos que la función pura da para esa oración."""
    sent = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    lab.view._receive(None, {"kind": "prompt", "text": "hola"}, [])
    assert sent[-1] == {"kind": "done"}
    assert json.loads(lab.view.own) == data["prompts"][1]


@pytest.mark.parametrize(
    ("text", "reason"), [("  ", "está vacío"), ("a" * 40, "tiene 41 tokens y aquí caben 20")]
)
def test_own_sentence_errors_reach_the_screen(lab, text, reason, monkeypatch):
    sent = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    lab.view._receive(None, {"kind": "prompt", "text": text}, [])
    assert sent[-1]["kind"] == "error" and reason in sent[-1]["text"]
    assert lab.view.own == ""


def test_fallback_escapes_and_tells_the_strongest():
    """Sin JavaScript se lee lo que más mira cada token; un token con HTML no se cuela."""
    from course_lib.widgets.attention import _fallback

    weights = torch.tensor([[[[1.0, 0.0], [0.75, 0.25]]]])
    entry = {"text": "<b>x</b>", "tokens": ["<img>", " b"], "weights": _pack(weights)}
    page = _fallback({"heads": 1, "levels": LEVELS, "named": [], "prompts": [entry]}, 0, 0)
    assert "<img" not in page and "<b>" not in page
    assert re.search(r"<td>b</td>\s*<td>&lt;img&gt;</td>\s*<td>0.75</td>", page)


def test_the_chapter_has_the_lab():
    assert "book/02_transformers" in {lab.page for lab in STORED}


@pytest.mark.parametrize("stored", STORED, ids=str)
@pytest.mark.models
def test_stored_data_is_what_python_computes_today(stored: StoredLab, smollm):
    """El estado guardado, contra la función pura; otra máquina cambia las últimas cifras."""
    old = stored.data
    today = attention_data(smollm, [entry["text"] for entry in old["prompts"]])
    for name, scores in today["scores"].items():
        assert old["scores"][name] == pytest.approx(scores, abs=2e-3)
    for before, now in zip(old["prompts"], today["prompts"], strict=True):
        assert before["tokens"] == now["tokens"]
        assert (unpacked(old, before) - unpacked(today, now)).abs().max() <= 1e-3
    fixed = set(today) - {"scores", "prompts"}
    assert {key: old[key] for key in fixed} == {key: today[key] for key in fixed}
