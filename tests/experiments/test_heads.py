"""Las medidas de cada cabeza: patrones hechos a mano, el azar y las del modelo real."""

from __future__ import annotations

import pytest
import torch

from course_lib.experiments.heads import PATTERNS, chance_scores, head_scores, pattern_scores
from course_lib.transformer import Transformer
from tests.transformer.llama_pairs import SHAPES, tiny_llama


def looking_at(targets: list[int]) -> torch.Tensor:
    """La atención (T, T) de una cabeza que pone todo su peso, en cada fila, en un solo token."""
    return torch.nn.functional.one_hot(torch.tensor(targets), len(targets)).double()


N = 5
BY_HAND = {
    "previous": [0, *range(2 * N - 1)],
    "first": [0] * (2 * N),
    # en la primera vuelta no hay nada que continuar: mira al primero
    "induction": [0] * N + [t - N + 1 for t in range(N, 2 * N)],
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_head_made_by_hand_scores_one(name):
    found = pattern_scores(looking_at(BY_HAND[name]))
    assert found[name] == 1
    others = {key: float(value) for key, value in found.items() if key != name}
    expected = dict.fromkeys(others, 0.0)
    if name == "induction":  # los tokens 2, 3 y 4, de los ocho que cuentan
        expected["first"] = 3 / 8
    assert others == pytest.approx(expected)


def test_looking_at_the_same_token_is_not_induction():
    """Mirar la aparición anterior del mismo token es otro patrón."""
    same = looking_at([0] * N + [t - N for t in range(N, 2 * N)])
    assert pattern_scores(same)["induction"] == 0


def test_chance_is_a_uniform_head():
    T = 2 * N
    expected = {
        "previous": sum(1 / (t + 1) for t in range(2, T)) / (T - 2),
        "first": sum(1 / (t + 1) for t in range(2, T)) / (T - 2),
        "induction": sum(1 / (t + 1) for t in range(N, T)) / N,
    }
    assert chance_scores(N) == pytest.approx(expected)


def test_leading_dimensions_stay():
    weights = torch.rand(2, 3, 2 * N, 2 * N)
    found = pattern_scores(weights)
    assert set(found) == set(PATTERNS)
    for name, scores in found.items():
        assert scores.shape == (2, 3)
        assert scores[1, 2] == pytest.approx(float(pattern_scores(weights[1, 2])[name]))


@pytest.mark.parametrize("shape", [(10,), (10, 8), (9, 9), (4, 4)])
def test_wrong_shapes_are_explained(shape):
    with pytest.raises(ValueError, match="se espera"):
        pattern_scores(torch.zeros(shape))


def test_head_scores_on_transformers_attention():
    """Las mismas medidas sobre la atención `eager` de transformers, con los mismos tokens."""
    name = "como-smollm2"
    heads, _, layers, *_ = SHAPES[name]
    hf = tiny_llama(name)
    rows = head_scores(Transformer.from_hf(hf), length=9, repeats=3, seed=4)
    generator = torch.Generator().manual_seed(4)
    once = torch.stack([torch.randperm(257, generator=generator)[:9] for _ in range(3)])
    with torch.no_grad():
        attentions = hf(torch.cat([once, once], 1), output_attentions=True).attentions
    expected = pattern_scores(torch.stack(attentions).mean(1))  # (L, H)
    assert [(r["layer"], r["head"]) for r in rows] == [
        (i, j) for i in range(layers) for j in range(heads)
    ]
    for pattern in PATTERNS:
        found = torch.tensor([r[pattern] for r in rows]).view(layers, heads)
        assert torch.allclose(found, expected[pattern].float(), atol=1e-5)
        assert ((found >= 0) & (found <= 1)).all()


def test_same_seed_same_scores():
    model = Transformer.from_hf(tiny_llama("agrupada"))
    assert head_scores(model, length=6, seed=1) == head_scores(model, length=6, seed=1)
    assert head_scores(model, length=6, seed=1) != head_scores(model, length=6, seed=2)


@pytest.mark.parametrize("length", [2, 258])
def test_impossible_lengths_are_explained(length):
    with pytest.raises(ValueError, match=f"length={length}: hacen falta entre 3 y 257"):
        head_scores(Transformer.from_hf(tiny_llama("agrupada")), length=length)


@pytest.mark.models
def test_smollm2_has_the_three_kinds(smollm):
    """La mejor cabeza de cada clase queda muy por encima del azar, y con otros tokens sigue siéndolo."""
    model = Transformer.from_hf(smollm)
    chance = chance_scores()
    best = {}
    for seed in (0, 1):
        rows = head_scores(model, seed=seed)
        assert len(rows) == 30 * 9
        for name in PATTERNS:
            top = max(rows, key=lambda row, name=name: row[name])
            print(f"{name}: capa {top['layer']}, cabeza {top['head']}: {top[name]:.3f}")
            assert top[name] > 0.7 > 10 * chance[name]
            best.setdefault(name, set()).add((top["layer"], top["head"]))
    assert all(len(heads) == 1 for heads in best.values()), best
