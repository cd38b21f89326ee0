"""Lo que calcula el JavaScript de los laboratorios es lo que calcula `course_lib.decoding`."""

from __future__ import annotations

import json
import math
import random
from collections import Counter

import pytest
import torch

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.widgets import beam_data
from course_lib.widgets.base import compact
from course_lib.widgets.beam import BeamView
from course_lib.widgets.temperature import GRID, SAVED, TemperatureView, _distribution
from tests.widgets.node import run
from tests.widgets.samples import RandomLogits, lettered

NEXT_TOKEN = """
const result = data.cases.map(([model, s]) => {
  const { prompt, vocab_size } = data.models[model];
  const r = nextToken(prompt, data.grid, vocab_size, s);
  return { ...r, removedBy: prompt.ids.map((_, i) => r.removedBy(i)) };
});
"""
BEAMS = """
const numbers = (node) => path(node).map((n) => n.id);
const result = data.cases.map(([model, prompt, s]) => {
  const d = data.models[model];
  const p = d.prompts[prompt];
  const r = beamSearch(d, p, s);
  return {
    finished: r.finished.map((h) => [numbers(h), h.sum, h.score]),
    levels: r.levels.map((level) => level.map((c) => [numbers(c), c.sum, c.status])),
    greedy: numbers(greedySearch(d, p, s.steps)),
  };
});
"""


def expected(logits, s) -> tuple[torch.Tensor, int, dict]:
    """(probabilidades finales, tokens que quedan, {filtro: (quedan, masa quitada)})."""
    scores = logits / s["temperature"] if s["temperature"] != 1 else logits
    start = scores.double().softmax(-1)[0]
    kept, report = torch.ones_like(start, dtype=torch.bool), {}
    sampling = Sampling(**s)
    for f in sampling.filters():
        scores = f(
            torch.zeros(1, 1, dtype=torch.long), logits if f.name == "temperature" else scores
        )
        if f.name != "temperature":
            now = scores[0] > -math.inf
            report[f.name] = (int(now.sum()), float(start[kept & ~now].sum()))
            kept = now
    return scores.softmax(-1)[0], int(kept.sum()), report


def settings(rng: random.Random) -> dict:
    return {
        "temperature": rng.choice(GRID["temperature"]),
        "top_k": rng.choice([0, 0, 0, 1, 2, 5, 20, 50, 100]),
        "top_p": rng.choice([1.0, 1.0, *GRID["top_p"]]),
        "min_p": rng.choice([0.0, 0.0, 0.01, 0.02, *GRID["min_p"]]),
    }


def test_next_token(tmp_path):
    """600 casos; la mitad con más tokens de los que viajan, y filtros que llegan más allá."""
    rng = random.Random(0)
    models = [
        RandomLogits(size, spread, seed)
        for seed, (size, spread) in enumerate(
            [(40, 2.0), (SAVED, 3.0), (SAVED + 1, 1.0), (6000, 0.5), (6000, 1.5), (30000, 3.0)]
        )
    ]
    entries = [{"prompt": _distribution(m, "x"), "vocab_size": m.vocab_size} for m in models]
    cases = [(rng.randrange(len(models)), settings(rng)) for _ in range(600)]
    data = {"models": entries, "grid": GRID, "cases": cases}
    beyond = 0
    for (model, s), got in zip(
        cases, run(tmp_path, TemperatureView, NEXT_TOKEN, data), strict=True
    ):
        probs, kept, report = expected(models[model].logits, s)
        ids = entries[model]["prompt"]["ids"]
        there = probs[ids]
        where = f"{models[model].vocab_size} tokens, {s}"
        assert torch.tensor(got["probs"]) == pytest.approx(there, abs=1e-6), where
        assert got["beyond"] == pytest.approx(1 - float(there.double().sum()), abs=2e-6), where
        assert got["kept"] == kept, where
        entropy = float(torch.special.entr(probs.double()).sum()) / math.log(2)
        assert got["entropy"] == pytest.approx(entropy, abs=1e-4), where
        assert {f["name"]: f["to"] for f in got["filters"]} == {
            n: k for n, (k, _) in report.items()
        }
        for f in got["filters"]:
            assert f["removed"] == pytest.approx(report[f["name"]][1], abs=2e-6), where
        beyond += got["kept"] > SAVED and bool(got["filters"])
    assert beyond >= 20, "casi ningún caso prueba los filtros que llegan más allá de lo guardado"


def test_removed_tokens_name_their_filter(tmp_path):
    """Cada token quitado nombra el filtro que lo quitó, en el orden en que se aplican."""
    entry = _distribution(RandomLogits(40, 1.0, 3), "x")
    s = {"temperature": 1.5, "top_k": 20, "top_p": 0.8, "min_p": 0.45}
    data = {"models": [{"prompt": entry, "vocab_size": 40}], "grid": GRID, "cases": [(0, s)]}
    (got,) = run(tmp_path, TemperatureView, NEXT_TOKEN, data)
    ends = [f["to"] for f in got["filters"]]
    assert [f["name"] for f in got["filters"]] == ["top_k", "top_p", "min_p"]
    assert 40 > ends[0] > ends[1] > ends[2] > 0
    names = [None] * ends[2] + ["min_p"] * (ends[1] - ends[2]) + ["top_p"] * (ends[0] - ends[1])
    assert got["removedBy"] == names + ["top_k"] * (40 - ends[0])


def test_draws_follow_the_distribution(tmp_path):
    """El sorteo del navegador reparte según las probabilidades, y su semilla lo repite."""
    body = """
    const count = (seed) => {
      const next = random(seed);
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < 20000; i++) counts[draw(data, next())]++;
      return counts;
    };
    const result = [count(1), count(1), count(2)];
    """
    first, again, other = run(tmp_path, TemperatureView, body, [0.5, 0.3, 0.15])
    assert first == again != other
    assert [c / 20000 for c in first] == pytest.approx([0.5, 0.3, 0.15, 0.05], abs=0.015)


def frequent(lm, texts, n: int) -> tuple[int, ...]:
    """Los `n` tokens que más escribe el modelo con cuatro haces."""
    written = [
        token
        for text in texts
        for s in generate(lm, text, BeamSearch(num_return_sequences=4), trace=None).sequences
        for token in s.token_ids
    ]
    return tuple(token for token, _ in Counter(written).most_common(n))


def test_beam_search(tmp_path):
    """300 casos: las mismas hipótesis, puntajes, candidatas y suerte de cada una."""
    rng = random.Random(1)
    texts = ["a", "hola", "unpocomaslargo"]
    models = [lettered("llama", 0, eos=None), lettered("gpt2", 1), lettered("qwen2", 2, (3, 8))]
    # tokens finales frecuentes: si nada termina, ni length_penalty ni early_stopping se prueban
    for n, (architecture, seed) in enumerate([("llama", 4), ("gpt2", 5), ("gemma3", 6)], start=1):
        models.append(
            lettered(architecture, seed, frequent(lettered(architecture, seed), texts, n))
        )
    data = {"models": [beam_data(lm, texts) for lm in models]}
    data["cases"] = [
        (
            rng.randrange(len(models)),
            rng.randrange(len(texts)),
            {
                "num_beams": rng.randint(1, 6),
                "steps": rng.randint(1, 8),
                "length_penalty": rng.choice([-1.0, -0.5, 0.0, 0.75, 1.0, 2.0]),
                "early_stopping": rng.choice([False, True, "never"]),
            },
        )
        for _ in range(300)
    ]
    ended = 0
    for (model, prompt, s), got in zip(
        data["cases"], run(tmp_path, BeamView, BEAMS, data), strict=True
    ):
        lm, text, where = models[model], texts[prompt], f"modelo {model}, {texts[prompt]}, {s}"
        K = s["num_beams"]
        strategy = BeamSearch(
            num_beams=K,
            length_penalty=s["length_penalty"],
            early_stopping=s["early_stopping"],
            num_return_sequences=K,
        )
        result = generate(lm, text, strategy, max_new_tokens=s["steps"])
        assert [tuple(h[0]) for h in got["finished"]] == [x.token_ids for x in result.sequences], (
            where
        )
        scores = [(x.sum_logprob, x.score) for x in result.sequences]
        for (_, total, score), theirs in zip(got["finished"], scores, strict=True):
            assert (total, score) == pytest.approx(theirs, abs=1e-4), where
        greedy = generate(lm, text, Greedy(), max_new_tokens=s["steps"], trace=None)
        assert tuple(got["greedy"]) == greedy.token_ids, where
        if K > 1:
            assert len(got["levels"]) == len(result.steps), where
            for level, step in zip(got["levels"], result.steps, strict=True):
                theirs = [(c.ids, c.status) for c in step.candidates]
                assert [(tuple(c[0]), c[2]) for c in level] == theirs, where
                sums = [c.sum_logprob for c in step.candidates]
                assert [c[1] for c in level] == pytest.approx(sums, abs=1e-4), where
            ended += len(got["levels"]) < s["steps"]
    assert ended >= 10, "casi ningún caso se detiene antes del último paso"


def test_data_survives_json():
    """Los logits guardados son float32 exactos, y el JSON no tiene espacios ni infinitos."""
    entry = _distribution(RandomLogits(6000, 3.0, 5), "x")
    again = json.loads(compact(entry))
    assert again == entry
    logits = RandomLogits(6000, 3.0, 5).logits[0]
    assert torch.tensor(again["logits"]).equal(logits[entry["ids"]])
