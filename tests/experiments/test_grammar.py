"""La gramática de la familia: sus textos siguen las reglas y su entropía es la que se dice."""

import pytest
import torch

from course_lib.experiments.grammar import PairGrammar


@pytest.fixture(scope="module")
def grammar():
    return PairGrammar(num_symbols=6, sharpness=1.5, zipf=1.0, seed=3)


def test_rules_are_probabilities(grammar):
    assert torch.allclose(grammar.rules.sum(-1), torch.ones(6, 6, dtype=torch.float64))
    assert torch.allclose(grammar.pair_probabilities.sum(), torch.ones((), dtype=torch.float64))


def test_pair_frequencies_do_not_change_after_one_more_symbol(grammar):
    pairs = grammar.pair_probabilities
    following = torch.einsum("ab,abc->bc", pairs, grammar.rules)
    assert torch.allclose(following, pairs, atol=1e-12)


def test_texts_follow_the_rules(grammar):
    texts = grammar.sample(4000, 50, seed=1)
    counts = torch.zeros(6, 6, 6, dtype=torch.float64)
    a, b, c = texts[:, :-2].flatten(), texts[:, 1:-1].flatten(), texts[:, 2:].flatten()
    counts.index_put_((a, b, c), torch.ones(len(a), dtype=torch.float64), accumulate=True)
    pairs = counts.sum(-1)
    assert (pairs / pairs.sum() - grammar.pair_probabilities).abs().max() < 0.005
    often = pairs > 2000
    seen = counts[often] / pairs[often][:, None]
    assert (seen - grammar.rules[often]).abs().max() < 0.05


def test_entropy_is_what_a_long_text_costs(grammar):
    texts = grammar.sample(4000, 102, seed=2)
    assert grammar.loss_of_the_rules(texts) == pytest.approx(grammar.entropy, abs=0.01)


def test_entropy_by_hand():
    """Con reglas planas la entropía es log V, se mire lo que se mire."""
    flat = PairGrammar(num_symbols=5, sharpness=0.0, zipf=0.0)
    for previous in (0, 1, 2):
        assert flat.entropy_knowing(previous) == pytest.approx(torch.log(torch.tensor(5.0)).item())


def test_nobody_beats_the_rules(grammar):
    """Cualquier otra regla, por ejemplo mirar un solo símbolo, pierde más."""
    texts = grammar.sample(2000, 52, seed=4)
    joint = torch.einsum("ab,abc->bc", grammar.pair_probabilities, grammar.rules)
    one_back = joint / joint.sum(-1, keepdim=True)
    loss = -one_back[texts[:, 1:-1], texts[:, 2:]].log().mean().item()
    assert loss > grammar.loss_of_the_rules(texts) + 0.05
    assert loss == pytest.approx(grammar.entropy_knowing(1), abs=0.02)


def test_same_seed_same_texts(grammar):
    again = PairGrammar(num_symbols=6, sharpness=1.5, zipf=1.0, seed=3)
    assert torch.equal(grammar.sample(5, 20, seed=9), again.sample(5, 20, seed=9))
    assert not torch.equal(grammar.sample(5, 20, seed=9), grammar.sample(5, 20, seed=8))


def test_how_far_back_is_checked(grammar):
    with pytest.raises(ValueError, match="0, 1 o 2"):
        grammar.entropy_knowing(3)
