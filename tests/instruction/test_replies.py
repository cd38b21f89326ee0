"""Responder es generar tras la plantilla; juzgar, comparar con lo deseado. El puesto de un token es exacto."""

from __future__ import annotations

import pytest
import torch

from course_lib.decoding import generate
from course_lib.instruction import (
    Example,
    Llama2Template,
    PlainTemplate,
    Reply,
    finetune,
    reply,
    token_ranks,
)

EXAMPLE = Example("Escribe el antónimo.", "bajo", input="alto", also=("petiso",))


@pytest.mark.parametrize(
    ("output", "right", "first_line", "repeats"),
    [
        ("Bajo.", True, True, False),
        ("petiso", True, True, False),
        ("bajo\nY además, corto.", False, True, False),
        ("alto", False, False, False),
        ("", False, False, False),
        ("Escribe el antónimo. bajo", False, False, True),
    ],
)
def test_an_answer_is_judged(output, right, first_line, repeats):
    found = Reply(EXAMPLE, output, True)
    assert (found.right, found.first_line_right, found.repeats) == (right, first_line, repeats)


def test_it_writes_what_generate_writes_after_the_template(small, examples):
    template = Llama2Template()
    found = reply(small, examples[:5], template, max_new_tokens=6)
    for one, example in zip(found, examples[:5], strict=True):
        ids = list(template.encode(small.tokenizer, example.messages()[:1]).input_ids)
        alone = generate(small, ids, max_new_tokens=6)
        assert one.output == alone.text.strip()
        assert one.stopped == (alone.sequences[0].finish_reason == "eos")
    frame = found.to_frame()
    assert len(frame) == 5
    assert list(frame["respuesta"]) == [one.output for one in found]


def test_the_shots_go_before_as_turns(small, examples):
    template, shots = PlainTemplate(), examples[6:8]
    (found,) = reply(small, examples[:1], template, shots=shots, max_new_tokens=4)
    talk = [m for shot in shots for m in shot.messages()] + examples[0].messages()[:1]
    assert template.render(talk).count("Respuesta:") == 3
    text = generate(small, list(template.encode(small.tokenizer, talk).input_ids), max_new_tokens=4)
    assert found.output == text.text.split("\nInstrucción:")[0].strip()


def test_it_is_cut_where_another_question_begins(small, monkeypatch):
    from course_lib.instruction import replies

    def written(lm, prompts, **_):
        class Found:
            text = " bajo\n\nInstrucción: otra cosa"
            sequences = (type("S", (), {"finish_reason": "length"}),)

        return [Found() for _ in prompts]

    monkeypatch.setattr(replies, "generate", written)
    (plain,) = reply(small, [EXAMPLE], PlainTemplate())
    (marked,) = reply(small, [EXAMPLE], Llama2Template())
    assert (plain.output, plain.right, plain.stopped) == ("bajo", True, False)
    assert marked.output == "bajo\n\nInstrucción: otra cosa"


def test_a_model_that_learned_stops_by_itself(small, examples):
    few = examples[:2]
    made = finetune(
        small, few, PlainTemplate(), epochs=60, batch_size=2, learning_rate=0.02, rank=8
    )
    found = reply(made.lm, few, PlainTemplate(), max_new_tokens=24)
    assert all(one.right and one.stopped for one in found)
    assert not any(one.right for one in reply(small, few, PlainTemplate(), max_new_tokens=24))


def test_the_rank_counts_the_tokens_above(small):
    prompt, answer = [5, 9, 12, 7], [11, 3, 40]
    logits = small.model(input_ids=torch.tensor([prompt + answer])).logits[0]
    expected = [
        int((logits[len(prompt) - 1 + j] > logits[len(prompt) - 1 + j, token]).sum()) + 1
        for j, token in enumerate(answer)
    ]
    assert token_ranks(small, prompt, answer) == expected
    assert token_ranks(small, prompt, answer[:1]) == expected[:1]


def test_what_the_model_would_write_is_first(small):
    prompt = [5, 9, 12, 7]
    written = generate(small, prompt, max_new_tokens=5).token_ids
    assert token_ranks(small, prompt, written) == [1] * len(written)


@pytest.mark.parametrize(("prompt", "answer"), [([], [1]), ([1], [])])
def test_there_must_be_tokens(small, prompt, answer):
    with pytest.raises(ValueError, match="Faltan tokens"):
        token_ranks(small, prompt, answer)
