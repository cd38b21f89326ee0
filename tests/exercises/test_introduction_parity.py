"""Las referencias de `01_introduccion` coinciden con la biblioteca tokenizers y con `scoring`."""

import math
from collections import Counter

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from course_lib import data, scoring
from course_lib.exercises import introduction as ej


def learn(words, counts, num_merges):
    """BPE con las dos funciones del capítulo: los tokens nuevos, en orden."""
    learnt = []
    for _ in range(num_merges):
        pair = ej.most_frequent_pair.reference(words, counts)
        words = [ej.merge_pair.reference(word, pair) for word in words]
        learnt.append("".join(pair))
    return learnt


def test_two_functions_and_a_loop_are_bpe():
    """Las primeras uniones son las de tokenizers (mientras ninguna frecuencia empate)."""
    text = [review.text for review in data.load_reviews()]
    splitter = pre_tokenizers.Whitespace()
    found = Counter(word for t in text for word, _ in splitter.pre_tokenize_str(t))
    library = Tokenizer(models.BPE())
    library.pre_tokenizer = splitter
    letters = sorted(set("".join(found)))
    trainer = trainers.BpeTrainer(vocab_size=len(letters) + 30, show_progress=False)
    library.train_from_iterator(text, trainer)
    theirs = [library.id_to_token(len(letters) + i) for i in range(30)]
    ours = learn([list(word) for word in found], list(found.values()), 30)
    assert Counter(ours) == Counter(theirs)


def test_measures_are_those_of_a_score():
    for seed in range(10):
        for logprobs, text in ej.bits_per_character.cases(torch.Generator().manual_seed(seed)):
            values = tuple(logprobs.tolist())
            blank = ("",) * len(values)
            score = scoring.Score(sum(values), values, blank, (0,) * len(values), ())
            assert ej.perplexity.reference(logprobs) == pytest.approx(score.perplexity, rel=1e-4)
            bits = -score.sum_logprob / math.log(2) / len(text)
            assert ej.bits_per_character.reference(logprobs, text) == pytest.approx(bits, rel=1e-5)
