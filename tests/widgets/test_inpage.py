"""El modelo de la página: lo que contesta a cada laboratorio es lo que contestaría Python con el mismo modelo.

Quien calcula aquí es el modelo de los cuentos, que también existe en los dos lenguajes, tras la misma puerta que wllama.
"""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest
import torch

from course_lib.decoding import Greedy, Sampling, generate
from course_lib.experiments.stories.export import export
from course_lib.prompting import Template
from course_lib.widgets import beam_data, temperature_data
from course_lib.widgets.base import HERE
from course_lib.widgets.prompt import prompt_data
from course_lib.widgets.story_model import read_story_model
from course_lib.widgets.temperature import GRID, SAVED, _distribution
from tests.widgets.node import run
from tests.widgets.samples import RandomLogits, storyteller
from tools.inpage import program

STORY = (HERE / "story_engine.js").read_text(encoding="utf-8")
PROGRAM = SimpleNamespace(_esm=program())
BOTH = SimpleNamespace(_esm=f"{program()}\n{STORY}")
NEAR = 1e-4  # lo que separa a los dos motores, como en test_story_engine

# Un wllama de mentira: recuerda lo leído y dice las probabilidades, de mayor a menor y en float32.
LLAMA = """
const file = readFileSync(data.path);
const model = readModel(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const [tokenizer, network] = [makeTokenizer(model.tokenizer), makeNetwork(model)];
const raw = (id) => Array.from(model.tokenizer.tokens[id], (letter) => BYTE_OF.get(letter));
const past = [];
const calls = [];
const llama = {
  getLoadedContextInfo: () => ({ n_vocab: network.size, token_bos: tokenizer.bos, list_tokens_eog: [tokenizer.eos] }),
  mustAddBosToken: () => true,
  tokenize: async (text) => tokenizer.encode(text).slice(1),
  detokenize: async (ids) => Uint8Array.from(ids.flatMap(raw)),
  decode: async (ids) => { calls.push(ids.length); past.push(...ids); },
  kvClear: async () => { past.length = 0; },
  kvRemove: async (n) => { past.length = n; },
  lookupToken: async () => -1,
  getLogits: async (k) => {
    const logits = Array.from(network.read(past.slice()));
    const best = Math.max(...logits);
    const mass = logits.reduce((total, l) => total + Math.exp(l - best), 0);
    const all = logits.map((l, token) => ({ token, p: Math.fround(Math.exp(l - best) / mass) }));
    all.sort((a, b) => b.p - a.p || a.token - b.token);
    return k < 0 ? all : all.slice(0, k);
  },
  exit: async () => {},
};
const engine = makeEngine(llama, (work) => work, "cuentos");
const last = async (steps) => { let entry; for await (const step of steps) entry = step.entry ?? entry; return entry; };
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return export(storyteller(), tmp_path_factory.mktemp("modelo") / "cuentos.bin")


@pytest.fixture(scope="module")
def lm(path):
    return read_story_model(path)


def answer(tmp_path, path, kind: str, text: str, data: dict, **tools) -> dict:
    """Lo que el modelo de la página contesta a un laboratorio de esa clase."""
    body = LLAMA + (
        "const get = (trait) => data.traits[trait];\n"
        "const result = await last(ANSWERS[data.kind](engine, data.text, { data: data.lab, get, pattern: data.pattern }));"
    )
    asked = {"path": str(path), "kind": kind, "text": text, "lab": data, "traits": {"template": 0}}
    return run(tmp_path, BOTH, body, asked | {"pattern": ""} | tools)


def near(values) -> object:
    return pytest.approx(values, abs=NEAR)


def test_the_distribution_is_that_of_python(tmp_path):
    """Lo guardado uno a uno y lo que suman los demás, en toda la rejilla y con vocabularios de varios tamaños."""
    models = [
        RandomLogits(size, spread, seed)
        for seed, (size, spread) in enumerate(
            [(40, 2.0), (SAVED, 3.0), (SAVED + 1, 1.0), (6000, 0.5), (30000, 3.0)]
        )
    ]
    expected = [_distribution(model, "x") for model in models]
    sorted_ones = [
        model.logits[0].double().log_softmax(-1).sort(descending=True) for model in models
    ]
    cases = [{"ids": s.indices.tolist(), "logprobs": s.values.tolist()} for s in sorted_ones]
    body = "const result = await Promise.all(data.cases.map((found) => distribution(found, data.grid)));"
    found = run(tmp_path, PROGRAM, body, {"cases": cases, "grid": GRID})
    same = different = 0
    for python, browser in zip(expected, found, strict=True):
        assert browser["ids"] == python["ids"]
        for name in ("logits", "rest"):
            compare_tails(browser[name], python[name])
        for name in ("top_p", "min_p"):
            for mine, its in zip(browser[name], python[name], strict=True):
                for at in range(0, min(len(mine), len(its)), 3):
                    # en float32 y sumando de a uno, Python puede poner el borde de la cola en otro token
                    assert mine[at] == pytest.approx(its[at], abs=1, rel=1e-3)
                    different += mine[at] != its[at]
                    same += mine[at : at + 3] == pytest.approx(its[at : at + 3], abs=1e-4)
                assert abs(len(mine) - len(its)) <= 3
    assert same > 1000 and different < same / 10


def compare_tails(mine, python) -> None:
    """Los logits, salvo una constante; o, por cada temperatura, lo que suma la cola."""
    if isinstance(python, dict):
        assert mine == {name: near(values) for name, values in python.items()}
    else:
        gaps = [value - python[0] for value in python]
        assert [value - mine[0] for value in mine] == pytest.approx(gaps, abs=1e-5)


def test_temperature(path, lm, tmp_path):
    text = "Había una vez una niña"
    options = {"temperatures": (0.2, 1.5), "num_texts": 2, "max_new_tokens": 5}
    data = temperature_data(lm, [text], **options)
    found = answer(tmp_path, path, "temperature", text, data)
    (expected,) = data["prompts"]
    assert found["text"] == text and found["ids"][:20] == expected["ids"][:20]
    assert found["tokens"][:20] == expected["tokens"][:20]
    gaps = [value - expected["logits"][0] for value in expected["logits"]]
    assert [value - found["logits"][0] for value in found["logits"]] == near(gaps)
    assert [len(texts) for texts in found["continuations"]] == [2, 2]
    assert all(text for texts in found["continuations"] for text in texts)
    assert found["data"] == {
        "model": "cuentos",
        "vocab_size": lm.vocab_size,
        "writer": "esta página",
    }


def test_continuations_follow_the_temperature(path, lm, tmp_path):
    """Con una temperatura mínima, las dos continuaciones son la voraz."""
    text = "La niña pensó"
    data = temperature_data(lm, [text], temperatures=(1e-4,), num_texts=2, max_new_tokens=8)
    found = answer(tmp_path, path, "temperature", text, data)
    greedy = generate(lm, text, Greedy(), max_new_tokens=8, trace=None).text
    assert found["continuations"] == [[greedy, greedy]]


@pytest.mark.parametrize("stop", [None, "."])
def test_beams(path, lm, tmp_path, stop):
    """El mismo árbol, nodo por nodo, aunque aquí se recorra en otro orden."""
    text = "La niña pensó"
    data = beam_data(lm, [text], stop=stop, max_steps=5)
    for model in ("cuentos", "otro"):  # con otro modelo, los tokens finales son los suyos
        found = answer(tmp_path, path, "beam", text, data | {"model": model})
        (expected,) = data["prompts"]
        assert found["data"]["eos"] == data["eos"]
        assert len(found["nodes"]) == len(expected["nodes"]) > 20
        ids = [[found["ids"][c[0]] for c in node] for node in found["nodes"]]
        assert ids == [[data["ids"][c[0]] for c in node] for node in expected["nodes"]]
        for mine, python in zip(found["nodes"], expected["nodes"], strict=True):
            assert [c[2:] for c in mine] == [c[2:] for c in python]
            assert [c[1] for c in mine] == near([c[1] for c in python])
        assert found["tokens"] == lm.token_strings(found["ids"])


VERBALIZERS = {"uno": {"sí": ["niña", "flor roja"], "no": ["ñandú"]}}
PATTERNS = [
    "[X]. La [Z] pensó.",
    "[X]\nEra una [Z]",
    "«[Z]», dijo [X].",
    "[Z]: [X]",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_prompting(path, lm, tmp_path, pattern):
    """Los mismos tokens, sus log-probabilidades y cuáles son de la respuesta; y lo que dice sin entrada."""
    text = "Había una vez."
    data = prompt_data(lm, [text], [pattern], VERBALIZERS)
    found = answer(tmp_path, path, "prompting", text, data)
    (expected,), (base,) = data["prompts"][0]["cells"], data["templates"]
    (cell,) = found["cells"]
    assert cell["parts"] == expected["parts"]
    assert found["base"]["prior"] == near(base["prior"])
    assert found["base"]["pattern"] == pattern
    assert found["base"]["free_units"] == base["free_units"]
    for mine, python in zip(found["base"]["content_free"], base["content_free"], strict=True):
        assert mine == near(python)
    for mine, python in zip(cell["answers"], expected["answers"], strict=True):
        assert mine["logprobs"] == near(python["logprobs"])
        assert [mine[key] for key in ("tokens", "own", "units")] == [
            python[key] for key in ("tokens", "own", "units")
        ]


def test_a_pattern_of_ones_own(path, lm, tmp_path):
    data = prompt_data(lm, ["Hola"], PATTERNS[:1], VERBALIZERS)
    found = answer(tmp_path, path, "prompting", "Hola", data, pattern=PATTERNS[1])
    assert found["base"]["pattern"] == PATTERNS[1]


INPUTS = ["", "bien", "bien.", "¡bien!", "¿bien?", "bien,", "bien…", "bien...", " bien; "]
FILLED = [*PATTERNS, "[X], [Z]!", "[X] [Z]", "[X]? Fue [Z]; sí", "Es [Z]… [X]"]


def test_templates_are_filled_as_in_python(tmp_path):
    cases = list(itertools.product(FILLED, INPUTS, [None, "buena", "buena.", "mala!"]))
    body = "const result = data.map(([pattern, x, z]) => fill(pattern.split(/(\\[[XZ]\\])/).filter(Boolean), x, z));"
    found = run(tmp_path, PROGRAM, body, cases)
    for (pattern, x, z), mine in zip(cases, found, strict=True):
        expected = [[part.text, part.source] for part in Template(pattern).fill(x, z).parts]
        assert mine == expected, (pattern, x, z)


@pytest.mark.parametrize(
    ("kind", "text", "pattern", "told"),
    [
        ("temperature", "  ", "", "está vacío"),
        ("beam", "ñandú " * 300, "", "aquí caben 256"),
        ("prompting", "Hola", "[X] es [Y] [Z]", "casillero [Y]"),
        ("prompting", "Hola", "[X] es", "casillero [Z]"),
        ("prompting", "Hola", "[X] es[Z]", "está pegado"),
        ("prompting", "Hola", "[X][Z]", "está pegado"),
    ],
)
def test_what_cannot_be_computed_is_told(path, lm, tmp_path, kind, text, pattern, told):
    body = LLAMA + (
        "let result = 'nada';\n"
        "try { await last(ANSWERS[data.kind](engine, data.text, { data: data.lab, get: () => 0, pattern: data.pattern })); }\n"
        "catch (error) { result = error.message; }"
    )
    lab = {
        "templates": [{"pattern": "[X] [Z]"}],
        "answers": ["a"],
        "temperatures": [],
        "max_steps": 1,
    }
    asked = {"path": str(path), "kind": kind, "text": text, "lab": lab, "pattern": pattern}
    assert told in run(tmp_path, BOTH, body, asked)


WRITE = (
    LLAMA
    + """
const told = [];
const writer = makeWriter(engine, (message) => told.push(message));
const write = (job) => writer.ask({ kind: "write", settings: data.plain, seed: 0, limit: 12, ...job });
"""
)
PLAIN = {"temperature": 0, "top_k": 0, "top_p": 1}


def test_it_writes_what_python_writes(path, lm, tmp_path):
    """Voraz, los mismos tokens y el mismo texto; parar y seguir no lo cambia; y se puede forzar otro token."""
    body = WRITE + (
        "await write({ run: 1, text: data.text });\n"
        "const { ids } = told[0];\n"
        "const first = told.filter(({ kind }) => kind === 'token').map(({ id }) => id).slice(0, 3);\n"
        "await write({ run: 2, ids: [...ids, ...first], given: ids.length, limit: 4 });\n"
        "await write({ run: 3, ids: [...ids, ...first], given: ids.length, limit: 2, force: 77 });\n"
        "const stopping = write({ run: 4, text: data.text }); writer.ask({ kind: 'stop' }); await stopping;\n"
        "await write({ run: 5, text: ' ' });\nconst result = told;"
    )
    text = "La niña pensó: «"
    told = run(tmp_path, BOTH, body, {"path": str(path), "text": text, "plain": PLAIN})
    expected = generate(lm, text, Greedy(), max_new_tokens=12).sequences[0]
    tokens = {n: [m for m in told if m["run"] == n and m["kind"] == "token"] for n in (1, 2, 3, 4)}
    assert [t["id"] for t in tokens[1]] == list(expected.token_ids)
    assert "".join(t["text"] for t in tokens[1]).rstrip("\ufffd") == expected.text.rstrip("\ufffd")
    for token, step in zip(tokens[1], expected.steps, strict=True):
        assert token["p"] == near(step.model_prob) and token["final"] == 1
        assert token["others"][0][0] == token["id"]
        assert len(token["others"]) == 8 and not token["forced"]
    assert [t["id"] for t in tokens[2]] == list(expected.token_ids[3:7])
    assert (tokens[3][0]["id"], tokens[3][0]["forced"]) == (77, True)
    assert any(other[0] == 77 for other in tokens[3][0]["others"])
    ends = {m["run"]: m for m in told if m["kind"] in ("done", "error")}
    assert ends[1]["reason"] == "limit" and ends[4]["reason"] == "stop" and len(tokens[4]) <= 1
    assert "está vacío" in ends[5]["text"]


def test_what_is_drawn_follows_decoding(tmp_path):
    """Temperatura, top-k y top-p, en su orden: la misma distribución que `Sampling`."""
    rows = (3 * torch.randn(4, 300, generator=torch.Generator().manual_seed(3))).double()
    rows = rows.log_softmax(-1).sort(descending=True).values
    rows[0, 40:60] = rows[0, 40]  # empates
    settings = [
        {"temperature": t, "top_k": k, "top_p": p}
        for t, k, p in (
            (1.0, 0, 1.0),
            (0.5, 7, 1.0),
            (2.0, 0, 0.9),
            (1.3, 45, 0.75),
            (0.05, 3, 0.05),
        )
    ]
    body = "const result = data.settings.map((s) => data.rows.map((row) => filtered(row, s)));"
    found = run(tmp_path, PROGRAM, body, {"rows": rows.tolist(), "settings": settings})
    for values, answers in zip(settings, found, strict=True):
        scores = rows.float()
        for f in Sampling(**values).filters():
            scores = f(torch.empty(len(rows), 0), scores)
        for python, mine in zip(scores.double().softmax(-1).tolist(), answers, strict=True):
            assert mine == pytest.approx(python[: len(mine)], abs=1e-6), values
            assert sum(python[len(mine) :]) == 0


def test_what_was_read_is_not_read_again(path, lm, tmp_path):
    """De un texto a otro solo se lee lo que cambió, y la respuesta es la misma que desde cero."""
    body = LLAMA + (
        "const texts = data.texts;\nconst first = [];\n"
        "for (const ids of texts) first.push(await engine.next(ids));\n"
        "const read = calls.slice();\nconst alone = [];\n"
        "for (const ids of texts) { await engine.next([9]); alone.push(await engine.next(ids)); }\n"
        "const both = await Promise.all(texts.map((ids) => engine.next(ids, 3)));\n"
        "const result = [first, read, alone, both];"
    )
    texts = [[0, 5, 6, 7], [0, 5, 6, 8, 9], [0, 5, 6, 8, 9], [0, 5], [4], [0, 5, 6, 7]]
    first, read, alone, both = run(tmp_path, BOTH, body, {"path": str(path), "texts": texts})
    assert read == [4, 2, 1, 1, 1, 4]
    assert first == alone
    assert [row["ids"] for row in both] == [row["ids"][:3] for row in first]


def test_spans_are_those_of_python(path, lm, tmp_path):
    """Las letras de cada token, también cuando una letra ocupa varios bytes y varios tokens."""
    texts = ["La niña pensó: «¿ñandú?»", "", "1234 y 5", "日本 🦊 e\u0301"]
    body = (
        LLAMA
        + "const result = [];\nfor (const t of data.texts) result.push(await engine.encodeSpans(t));"
    )
    found = run(tmp_path, BOTH, body, {"path": str(path), "texts": texts})
    for text, mine in zip(texts, found, strict=True):
        ids, spans = lm.encode_with_spans(text)
        assert mine["ids"] == ids
        if all(ord(letter) < 0x10000 for letter in text):  # JavaScript cuenta de a 16 bits
            assert [tuple(span) for span in mine["spans"]] == spans, text
