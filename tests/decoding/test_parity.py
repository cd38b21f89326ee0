"""El decodificador del curso y `transformers.generate` escriben lo mismo. Ni una discrepancia."""

from __future__ import annotations

import itertools

import pytest

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from tests.decoding.hf import hf_generate
from tests.tiny import CONFIGS, prompt_ids, tiny

ARCHITECTURES = sorted(CONFIGS)
PROMPTS = [(11, 1), (12, 5), (13, 12)]  # (semilla, longitud); 12 supera la ventana de 8 de Gemma 3


# la rejilla entera, en dos mitades en que todo valor de cada opción toca con los de las demás
each_half = pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.slow)])


def compare(lm, ids, strategy, max_new_tokens, seed=None) -> list[str]:
    """Las discrepancias entre los dos, con ambos lados a la vista."""
    ours = generate(lm, ids, strategy, max_new_tokens=max_new_tokens, seed=seed, trace=None)
    rows, scores, logprobs = hf_generate(lm, ids, strategy, max_new_tokens, seed)
    mine = [list(s.token_ids) for s in ours.sequences]
    where = f"{strategy} prompt={ids} max_new_tokens={max_new_tokens} seed={seed}"
    if mine != rows:
        return [f"{where}\n  curso        {mine}\n  transformers {rows}"]
    problems = []
    if scores is not None and any(
        # con length_penalty < 0 el puntaje es la suma por n: su redondeo también se multiplica
        abs(s.score - t) > 1e-4 * max(1.0, len(s.token_ids) ** -strategy.length_penalty)
        for s, t in zip(ours.sequences, scores, strict=True)
    ):
        problems.append(f"{where}\n  puntajes {[s.score for s in ours.sequences]} ≠ {scores}")
    for s, theirs in zip(ours.sequences, logprobs, strict=True):
        gap = max(abs(a - b) for a, b in zip(s.token_logprobs, theirs, strict=True))
        if gap > 1e-4:
            problems.append(f"{where}\n  log-probabilidades: diferencia máxima {gap}")
    return problems


def check(lm, strategies, max_new_tokens=(1, 9), seeds=(None,)):
    problems, cases = [], 0
    grid = itertools.product(PROMPTS, strategies, max_new_tokens, seeds)
    for (prompt_seed, length), strategy, n, seed in grid:
        problems += compare(lm, prompt_ids(prompt_seed, length), strategy, n, seed)
        cases += 1
    assert not problems, f"{len(problems)} de {cases} casos difieren:\n" + "\n".join(problems[:5])
    return cases


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_greedy(architecture):
    strategies = [
        Greedy(repetition_penalty=r, no_repeat_ngram_size=n)
        for r, n in itertools.product([1.0, 1.4, 0.8], [0, 2, 3])
    ]
    assert check(tiny(architecture), strategies) == 54


@each_half
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_sampling(architecture, half):
    """Cada estrategia con cada prompt y una de las dos semillas; en la otra mitad, con la otra."""
    grid = itertools.product([0.7, 1.0, 1.6], [0, 10], [1.0, 0.8], [0.0, 0.05], [1.0, 1.3], [0, 2])
    strategies = [
        Sampling(
            temperature=t, top_k=k, top_p=p, min_p=m, repetition_penalty=r, no_repeat_ngram_size=n
        )
        for t, k, p, m, r, n in grid
    ]
    cases = 0
    for seed in (0, 1):  # por paridad de bits
        chosen = [s for i, s in enumerate(strategies) if (i.bit_count() + half) % 2 == seed]
        cases += check(tiny(architecture), chosen, max_new_tokens=(9,), seeds=(seed,))
    assert cases == 288


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_sampling_a_batch(architecture):
    strategies = [Sampling(temperature=t, num_return_sequences=5) for t in (0.5, 1.0, 2.0)]
    check(tiny(architecture), strategies, max_new_tokens=(12,), seeds=(3, 4, 5))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("early_stopping", [False, True, "never"])
@each_half
def test_beams(architecture, early_stopping, half):
    strategies = [
        BeamSearch(
            num_beams=k, length_penalty=lp, early_stopping=early_stopping, num_return_sequences=k
        )
        for k, lp in itertools.product([2, 3, 6], [-1.0, 0.0, 0.5, 1.0, 2.0])
    ]
    chosen = strategies[half::2]
    assert check(tiny(architecture), chosen, max_new_tokens=(1, 4, 12)) == 9 * len(chosen)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_beams_with_penalties(architecture):
    strategies = [
        BeamSearch(
            num_beams=3, repetition_penalty=r, no_repeat_ngram_size=n, num_return_sequences=3
        )
        for r, n in [(1.3, 0), (1.0, 2), (1.5, 2)]
    ]
    check(tiny(architecture), strategies, max_new_tokens=(6, 12))


def test_beams_with_two_eos():
    strategies = [
        BeamSearch(num_beams=k, length_penalty=lp, early_stopping=e, num_return_sequences=k)
        for k, lp, e in itertools.product([2, 4], [0.0, 1.0], [False, True, "never"])
    ]
    check(tiny("llama", eos=(3, 9)), strategies, max_new_tokens=(4, 12))


def test_some_beams_finish_before_the_limit():
    """La comparación no sirve de nada si ningún haz llega a terminar solo."""
    reasons = {
        s.finish_reason
        for architecture in ARCHITECTURES
        for seed, length in PROMPTS
        for s in generate(
            tiny(architecture),
            prompt_ids(seed, length),
            BeamSearch(num_beams=6, num_return_sequences=6),
            max_new_tokens=12,
        ).sequences
    }
    assert reasons == {"eos", "length"}


def test_embeddings_prompt_equals_ids_prompt():
    lm = tiny("llama")
    ids = prompt_ids(12, 5)
    import torch

    embeds = lm.model.get_input_embeddings()(torch.tensor(ids))
    for strategy in (Greedy(), BeamSearch(num_beams=3), Sampling(top_k=5)):
        a = generate(lm, ids, strategy, max_new_tokens=8, seed=1)
        b = generate(lm, embeds, strategy, max_new_tokens=8, seed=1)
        assert a.token_ids == b.token_ids


# --- y en el modelo real ---

REAL_PROMPTS = [
    "El gato se subió al árbol porque",
    pytest.param("La receta de la abuela lleva", marks=pytest.mark.slow),
    pytest.param("En el año 2050, las ciudades de América Latina", marks=pytest.mark.slow),
]
REAL_STRATEGIES = [
    (Greedy(), None),
    (Greedy(repetition_penalty=1.3, no_repeat_ngram_size=3), None),
    (Sampling(), 0),
    (Sampling(temperature=0.7, top_k=50, top_p=0.9, min_p=0.01, num_return_sequences=3), 1),
    (BeamSearch(num_beams=4, num_return_sequences=4), None),
    (
        BeamSearch(num_beams=3, length_penalty=2.0, early_stopping="never", num_return_sequences=3),
        None,
    ),
    (
        BeamSearch(num_beams=2, length_penalty=-1.0, early_stopping=True, num_return_sequences=2),
        None,
    ),
]


@pytest.mark.models
@pytest.mark.parametrize("text", REAL_PROMPTS)
def test_gemma(gemma, text):
    ids = gemma.encode(text)
    problems = [p for s, seed in REAL_STRATEGIES for p in compare(gemma, ids, s, 12, seed)]
    assert not problems, "\n".join(problems)
