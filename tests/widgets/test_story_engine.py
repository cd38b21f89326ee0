"""El modelo que corre en JavaScript, contra el Transformer de Python con los mismos pesos de 8 bits."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from course_lib.decoding import Greedy, Sampling, generate
from course_lib.experiments.stories.export import export
from course_lib.widgets.base import HERE
from course_lib.widgets.story import WORKER, worker_source
from course_lib.widgets.story_model import WEB_MODEL, read_story_model
from tests.widgets.node import run
from tests.widgets.samples import storyteller

ENGINE = SimpleNamespace(
    _esm="\n".join((HERE / name).read_text(encoding="utf-8") for name in WORKER)
)
READ = """
const file = readFileSync(data.path);
const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
"""
OPEN = f"""{READ}
const model = readModel(buffer);
const [tokenizer, network] = [makeTokenizer(model.tokenizer), makeNetwork(model)];
"""
WRITE = """
const told = [];
const attend = storyWorker((message) => told.push(message));
await attend({ kind: "load", buffer });
"""
ODD = [
    "",
    " ",
    "¿Había una vez?",
    "Ñandú, pingüino y camión.",
    "dos  espacios   y más    ",
    "línea\n\notra línea\t fin",
    "<fin> y <inicio> escritos",
    "it's we'll they've don't I'm you'd",
    "1234 y 5,6 y 7º ½",
    "日本語 el zorro 🦊👩‍👧 e\u0301",
    "espacio\u00a0duro y \u3000ancho y\u0085raro y \ufeff",
    "«¡Ay!», dijo… —¿tú?—",
]


def texts(lm) -> list[str]:
    """Cincuenta: los raros, y otros de tokens al azar hasta casi llenar el contexto."""
    rng = random.Random(5)
    longest = min(lm.max_length, 200) // 2
    made = [
        lm.decode([rng.randrange(2, lm.vocab_size) for _ in range(rng.randrange(1, longest))])
        for _ in range(50 - len(ODD))
    ]
    short = ["".join(text[:longest]) for text in made]
    return [*ODD, *short]


def cases() -> list:
    found = [
        pytest.param({}, id="diminuto"),
        pytest.param(
            {"num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 10, "hidden_size": 30},
            id="anchos que no son múltiplos de 4",
        ),
        pytest.param({"tie_word_embeddings": False, "rms_norm_eps": 1e-3}, id="salida propia"),
    ]
    shipped = pytest.mark.skipif(not WEB_MODEL.exists(), reason="los pesos aún no se publicaron")
    return [*found, pytest.param(None, marks=shipped, id="publicado")]


@pytest.fixture(scope="module", params=cases())
def path(request, tmp_path_factory) -> Path:
    """Un archivo de 8 bits: de un modelo al azar de cada forma, o el publicado."""
    if request.param is None:
        return WEB_MODEL
    lm = storyteller(**request.param)
    return export(lm, tmp_path_factory.mktemp("cuentos") / "modelo.bin")


@pytest.fixture(scope="module")
def lm(path):
    return read_story_model(path)


def test_tokens_are_those_of_python(path, lm, tmp_path):
    """Los mismos ids, y de vuelta el mismo texto, también con letras repartidas entre tokens."""
    asked = texts(lm)
    body = OPEN + (
        "const result = data.texts.map((text) => { const ids = tokenizer.encode(text); "
        "const decode = tokenizer.decoder(); return [ids, ids.map(decode)]; });"
    )
    found = run(tmp_path, ENGINE, body, {"path": str(path), "texts": asked})
    for text, (ids, pieces) in zip(asked, found, strict=True):
        assert ids == lm.encode(text), repr(text)
        assert "".join(pieces) == text
    zorro = found[ODD.index("日本語 el zorro 🦊👩‍👧 e\u0301")]
    assert "" in zorro[1][1:], "ninguna letra quedó repartida: la prueba no prueba nada"


def test_names_of_tokens(path, lm, tmp_path):
    """Cada token suelto se llama como en Python; los bytes de una letra partida, en hexadecimal."""
    body = (
        OPEN + "const result = Array.from({ length: network.size }, (_, id) => tokenizer.name(id));"
    )
    found = run(tmp_path, ENGINE, body, {"path": str(path)})
    for name, expected in zip(found, lm.token_strings(range(lm.vocab_size)), strict=True):
        if "\ufffd" in expected:
            assert name.startswith("<0x") and name.endswith(">")
        else:
            assert name == expected
    assert found[:2] == ["<inicio>", "<fin>"]


@torch.no_grad()
def test_logits_are_those_of_python(path, lm, tmp_path):
    """En 50 textos, a menos de 1e-4: leídos de una vez, y también al volver atrás en la caché."""
    rows = [lm.encode(text) for text in texts(lm)]
    body = OPEN + (
        "const once = data.rows.map((ids) => Array.from(network.read(ids)));\n"
        "const back = data.rows.map((ids) => { network.read(ids); network.read(ids.concat(5)); "
        "return Math.max(...network.read(ids).map((v, i) => v)) });\n"
        "const result = [once, back];"
    )
    once, back = run(tmp_path, ENGINE, body, {"path": str(path), "rows": rows})
    exact = [lm.model(torch.tensor([ids]))[0, -1].double().numpy() for ids in rows]
    assert max(np.abs(a - b).max() for a, b in zip(once, exact, strict=True)) < 1e-4
    assert back == [max(logits) for logits in once]
    assert np.std(exact) > 0.3, "logits casi iguales no distinguirían nada"


def test_greedy_text_is_that_of_python(path, lm, tmp_path):
    openings = ["Había una vez", "", "La niña pensó: «", "¿De qué color es el círculo?"]
    limit = min(60, lm.max_length // 2)
    jobs = [{"kind": "write", "run": i, "text": t} for i, t in enumerate(openings)]
    plain = {"settings": {"temperature": 0, "top_k": 0, "top_p": 1}, "seed": 0, "limit": limit}
    body = (
        OPEN
        + WRITE
        + (
            "for (const job of data.jobs) await attend({ ...job, ...data.plain, wait: 0 });\n"
            "const result = told.filter(({ kind }) => kind !== 'ready');"
        )
    )
    told = run(tmp_path, ENGINE, body, {"path": str(path), "jobs": jobs, "plain": plain})
    varied: set[int] = set()
    for i, text in enumerate(openings):
        mine = [message for message in told if message["run"] == i]
        tokens = [message for message in mine if message["kind"] == "token"]
        expected = generate(lm, text, Greedy(), max_new_tokens=limit).sequences[0]
        assert [t["id"] for t in tokens] == list(expected.token_ids)
        assert mine[0]["text"] == text
        varied |= {token["id"] for token in tokens}
        assert mine[-1]["reason"] == ("eos" if expected.finish_reason == "eos" else "limit")
        for token, step in zip(tokens, expected.steps, strict=True):
            assert token["p"] == pytest.approx(step.model_prob, abs=1e-5) and token["final"] == 1
            assert sum(p for _, _, p, _ in token["others"]) <= 1 + 1e-9
    assert len(varied) > 30, "un texto que repite un token no distingue nada"


SETTINGS = [
    (1.0, 0, 1.0),
    (0.5, 0, 1.0),
    (2.0, 0, 1.0),
    (1.0, 7, 1.0),
    (1.0, 0, 0.9),
    (0.8, 0, 0.35),
    (1.3, 40, 0.75),
    (0.05, 3, 0.05),
]


def test_filters_are_those_of_decoding(tmp_path):
    """Temperatura, top-k y top-p, en su orden: la misma distribución que `Sampling`."""
    generator = torch.Generator().manual_seed(3)
    rows = (3 * torch.randn(6, 300, generator=generator)).float()
    rows[0, 40:60] = rows[0, 40]  # empates
    settings = [dict(zip(("temperature", "top_k", "top_p"), s, strict=True)) for s in SETTINGS]
    body = """
    const chooser = makeChooser(300);
    const result = data.settings.map((s) => data.rows.map((logits) => {
      const id = chooser.choose(Float32Array.from(logits), s, 0.5);
      return [id, Array.from(chooser.model), Array.from(chooser.final), Array.from(chooser.order)]; }));
    """
    found = run(tmp_path, ENGINE, body, {"rows": rows.tolist(), "settings": settings})
    for values, answers in zip(settings, found, strict=True):
        scores = rows
        for f in Sampling(**values).filters():
            scores = f(torch.empty(len(rows), 0), scores)
        expected = scores.double().softmax(-1).numpy()
        for row, probs, (drawn, model, final, order) in zip(rows, expected, answers, strict=True):
            assert final == pytest.approx(probs, abs=1e-6), values
            assert model == pytest.approx(row.double().softmax(-1).numpy(), abs=1e-9)
            assert (np.diff(row.numpy()[order]) <= 0).all()
            assert (
                np.cumsum(final)[drawn]
                >= 0.5 - 1e-9
                > np.cumsum(final)[drawn] - final[drawn] - 2e-9
            )


def told_by(tmp_path, path, *steps: str) -> list:
    body = OPEN + WRITE + "\n".join(steps) + "\nconst result = told;"
    return run(tmp_path, ENGINE, body, {"path": str(path)})


JOB = (
    'const job = { kind: "write", run: 1, text: "Había una vez", seed: 3, limit: 12, wait: 0, '
    "settings: { temperature: 1.2, top_k: 0, top_p: 1 } };"
)


def ids_of(told, run_) -> list[int]:
    return [m["id"] for m in told if m["kind"] == "token" and m["run"] == run_]


def test_a_seed_repeats_the_story_and_another_changes_it(path, tmp_path):
    told = told_by(
        tmp_path,
        path,
        JOB,
        "await attend(job); await attend({ ...job, run: 2 }); await attend({ ...job, run: 3, seed: 4 });",
    )
    assert ids_of(told, 1) == ids_of(told, 2) != ids_of(told, 3)
    assert len(ids_of(told, 1)) == 12


def test_going_on_gives_what_one_run_gives(path, tmp_path):
    """Parar y seguir no cambia el cuento; elegir otro token, sí, y solo desde ahí."""
    told = told_by(
        tmp_path,
        path,
        JOB,
        "await attend({ ...job, limit: 5 });",
        "const given = told.find(({ kind }) => kind === 'given').ids;",
        "const first = told.filter(({ kind }) => kind === 'token').map(({ id }) => id);",
        "await attend({ ...job, text: undefined, ids: given.concat(first), given: given.length, run: 2, limit: 7 });",
        "await attend({ ...job, run: 3 });",
        "await attend({ ...job, text: undefined, ids: given.concat(first.slice(0, 2)), given: given.length, "
        "force: 77, run: 4, limit: 4 });",
    )
    assert ids_of(told, 1) + ids_of(told, 2) == ids_of(told, 3)
    forced = [m for m in told if m["kind"] == "token" and m["run"] == 4]
    assert [m["forced"] for m in forced] == [True, False, False, False]
    assert forced[0]["id"] == 77 and any(other[0] == 77 for other in forced[0]["others"])
    assert [m["run"] for m in told if m["kind"] == "given"] == [1, 3], "solo al empezar"


def test_stopping_and_the_limits(path, lm, tmp_path):
    told = told_by(
        tmp_path,
        path,
        JOB,
        "const writing = attend({ ...job, limit: 1000, wait: 1 });",
        "await attend({ kind: 'stop' }); await writing;",
        "const settings = { temperature: 1, top_k: 0, top_p: 1 };",
        "const full = Array.from({ length: network.context - 2 }, () => 9);",
        "await attend({ ...job, text: undefined, ids: [0].concat(full), given: 1, run: 2, force: 5 });",
        "await attend({ ...job, text: 'ñ'.repeat(3000), run: 3 });",
    )
    ends = {m["run"]: m for m in told if m["kind"] in ("done", "error")}
    assert ends[1]["reason"] == "stop" and len(ids_of(told, 1)) <= 2
    assert ends[2]["reason"] == "context" and len(ids_of(told, 2)) == 1
    assert f"le caben {lm.max_length}: acórtalo" in ends[3]["text"]


def test_a_damaged_file_is_told(tmp_path):
    body = (
        "const told = []; const attend = storyWorker((m) => told.push(m));\n"
        "await attend({ kind: 'load', buffer: new TextEncoder().encode('<!doctype html>').buffer });\n"
        "const result = told;"
    )
    (error,) = run(tmp_path, ENGINE, body, {})
    assert error["kind"] == "error" and "no empieza por «CLM1»" in error["text"]
    sixteen = export(storyteller(), tmp_path / "16.bin", bits=16)
    body = READ + WRITE + "const result = told;"
    (error,) = run(tmp_path, ENGINE, body, {"path": str(sixteen)})
    assert "expórtalo con bits=8" in error["text"]


def test_the_worker_is_a_plain_script():
    """Un worker clásico no admite `export` ni `import`."""
    assert "\nexport " not in worker_source() and "\nimport " not in worker_source()
