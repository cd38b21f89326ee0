"""El corpus: determinista, sin repetidos, con partes que no se mezclan y una entropía medible."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from course_lib.experiments.stories.corpus import (
    MAX_WORDS,
    MIN_WORDS,
    SPLITS,
    acceptance,
    costs,
    generate,
    grammar_of,
    tell_many,
)
from course_lib.experiments.stories.lexicon import (
    Lexicon,
    is_reserved_place,
    is_reserved_wish,
)


@pytest.mark.parametrize("split", SPLITS)
def test_same_seed_same_stories_and_no_story_twice(split):
    first = generate(60, split, seed=5)
    assert first == generate(60, split, seed=5)
    assert first[:20] == generate(20, split, seed=5)
    assert len(set(first)) == 60
    assert not set(first) & set(generate(20, split, seed=6))


def test_stories_have_the_stated_length(training_tellings):
    lengths = [len(telling.text.split()) for telling in training_tellings]
    assert min(lengths) >= MIN_WORDS and max(lengths) <= MAX_WORDS
    assert 100 < statistics.mean(lengths) < 120


def test_a_text_belongs_to_one_split_only():
    """Lo decide su huella: con cualquier semilla, ningún cuento de prueba puede entrenarse."""
    parts = {split: set(generate(150, split, seed=1)) for split in SPLITS[:3]}
    others = {split: set(generate(150, split, seed=99)) for split in SPLITS[:3]}
    for a in SPLITS[:3]:
        for b in SPLITS[:3]:
            if a != b:
                assert not parts[a] & others[b]


def reserved_pairs(telling) -> tuple[bool | None, bool | None]:
    """Si el deseo y el lugar del cuento son parejas reservadas; None, si no los tiene."""
    chosen = telling.choices
    wish = next((chosen[variable] for variable in "wst" if variable in chosen), None)
    return (
        None if wish is None else is_reserved_wish(chosen["h"], wish),
        is_reserved_place(chosen["w"], chosen["q"]) if {"w", "q"} <= set(chosen) else None,
    )


def test_reserved_pairs_are_never_trained(training_tellings):
    assert all(wish is not True for wish, _ in map(reserved_pairs, training_tellings))
    assert all(place is not True for _, place in map(reserved_pairs, training_tellings))


def test_the_reserved_split_has_only_reserved_wishes():
    pairs = [reserved_pairs(telling) for telling in tell_many(120, "reservadas", 4)]
    assert all(wish is True for wish, _ in pairs)
    assert all(place is not True for _, place in pairs)


def test_reserved_wishes_touch_every_kind_and_stay_few():
    entries = Lexicon().entries
    kinds = {entry.index: entry for entry in entries["h"]}
    for variable in "wst":
        wishes = entries[variable]
        free, forced = Lexicon(), Lexicon("exigir")
        for hero in kinds.values():
            allowed = free.domain(variable, {"h": hero})
            reserved = forced.domain(variable, {"h": hero})
            assert allowed and not {id(e) for e in allowed} & {id(e) for e in reserved}
            assert len(reserved) <= 0.2 * len(wishes)
    assert all(Lexicon("exigir").domain("w", {"h": hero}) for hero in kinds.values())


def test_no_dead_ends_in_training(tellings):
    assert all(telling is not None for telling in tellings)
    lexicon = grammar_of("entrenamiento").lexicon
    for place in lexicon.entries["p"]:
        heroes = lexicon.domain("h", {"p": place})
        assert heroes
        for hero in heroes:
            assert lexicon.domain("t", {"h": hero, "p": place})
    for thing in lexicon.entries["w"]:
        assert lexicon.domain("q", {"w": thing}) and lexicon.domain("c", {"w": thing})


def test_costs_are_those_of_the_choices_corrected_by_what_is_discarded(training_tellings):
    sample = training_tellings[:40]
    found = costs(sample, "entrenamiento")
    correction = math.log(acceptance("entrenamiento"))
    assert correction < 0
    for telling, cost in zip(sample, found, strict=True):
        # Leer suma todas las derivaciones: nunca cuesta más que la que se usó.
        assert cost <= correction - telling.logprob + 1e-9
    by_choices = statistics.mean(correction - telling.logprob for telling in sample)
    assert statistics.mean(found) == pytest.approx(by_choices, abs=0.05)
    assert 40 < by_choices < 70


def test_acceptance_is_high_and_reproducible():
    assert acceptance("prueba", 500) == acceptance("prueba", 500)
    assert acceptance("prueba", 500) > 0.8


def test_bad_input_teaches():
    with pytest.raises(ValueError, match="entrenamiento, desarrollo, prueba, reservadas"):
        generate(1, "test", 0)
    with pytest.raises(ValueError, match="al menos un cuento"):
        generate(0, "prueba", 0)
    tellings = tell_many(1, "prueba", 0)
    broken = [type(tellings[0])("Esto no es un cuento.", 0.0, {})]
    with pytest.raises(ValueError, match="no puede escribir"):
        costs(broken)


def test_global_randomness_is_untouched():
    random.seed(1)
    state = random.getstate()
    generate(3, "prueba", 0)
    assert random.getstate() == state
