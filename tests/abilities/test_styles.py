"""Cada estilo escribe su prompt y hace sus llamadas; lo que el modelo lee es lo que se dice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course_lib.abilities import (
    Direct,
    Item,
    Prompt,
    RankLabels,
    TwoCalls,
    WorkedSteps,
    few_shot_prompt,
)
from course_lib.abilities.measures import joined
from course_lib.decoding import generate
from course_lib.scoring import loglikelihood

from .conftest import CHAT, make_lm

ITEM = Item("2 + 2", "4")


def test_the_direct_prompt_letter_by_letter(sums):
    a, b = sums.examples(2, seed=3)
    found = few_shot_prompt(sums, ITEM, 2, seed=3)
    assert found.prefix == (
        f"Resuelve el problema.\n\nProblema: {a.question}\nSolución: {a.answer}\n\n"
        f"Problema: {b.question}\nSolución: {b.answer}\n\n"
    )
    assert found.text == f"{found.prefix}Problema: 2 + 2\nSolución:"
    moved = next(order for order in range(1, 9) if sums.examples(2, 3, order) == (b, a))
    other = few_shot_prompt(sums, ITEM, 2, 3, moved).prefix
    assert other.index(b.question) < other.index(a.question)


def test_without_instruction_or_examples(sums):
    assert Direct().prompt(sums, ITEM, (), instruction=False).text == "Problema: 2 + 2\nSolución:"
    empty = replace(sums, instruction="")
    assert Direct().prompt(empty, ITEM, ()).text == "Problema: 2 + 2\nSolución:"


def test_the_prefix_is_the_same_for_all(reviews):
    shots = reviews.examples(4)
    assert len({Direct().prompt(reviews, item, shots).prefix for item in reviews.items}) == 1


def test_worked_steps_end_in_their_mark(sums):
    (shot,) = sums.examples(1)
    text = WorkedSteps().prompt(sums, ITEM, [shot]).text
    assert f"Solución: {shot.steps} Respuesta: {shot.answer}\n\nProblema: 2 + 2\nSolución:" in text
    with pytest.raises(ValueError, match=r"A «x» le falta el desarrollo: escríbelo en steps"):
        WorkedSteps().prompt(sums, ITEM, [Item("x", "y")])


def test_two_calls_begin_the_answer(sums):
    text = TwoCalls().prompt(sums, ITEM, ()).text
    assert text.endswith("Problema: 2 + 2\nSolución: Pensemos paso a paso.")


@pytest.mark.parametrize("style", [Direct(), RankLabels(), WorkedSteps(), TwoCalls()])
def test_an_item_inside_its_own_examples_teaches(sums, style):
    copy = Item(f" {sums.pool[0].question}.", "101")
    with pytest.raises(ValueError, match=r"es uno de sus propios ejemplos.*quítalo"):
        style.prompt(sums, copy, sums.pool[:3])


def test_joined():
    assert joined("a:", "b") == "a: b" and joined("a:\n", "b") == "a:\nb"
    assert joined("", "b") == "b" and joined("a", "") == "a"


@pytest.mark.parametrize("adds_bos", [True, False])
def test_the_chat_has_one_bos(adds_bos):
    """La plantilla escribe «<s>»; lo agregue o no el tokenizer, el modelo lee uno."""
    lm = make_lm(adds_bos)
    lm.tokenizer.chat_template = CHAT
    text = Prompt("Haz.\n\n", "Entrada: x\nSalida:", "Pensemos.").chat_text(lm)
    ids = lm.encode(text)
    assert ids[0] == 0 and ids.count(0) == 1
    plain = "<user>\nHaz.\n\nEntrada: x\nSalida:\n<assistant>\nPensemos."
    assert text == ("" if adds_bos else "<s>") + plain


def test_without_a_template_there_is_no_chat(lm):
    with pytest.raises(ValueError, match="no tiene plantilla de conversación: usa chat=False"):
        Prompt("", "Hola").chat_text(lm)


def test_rank_labels_is_the_most_likely_one_by_one(lm, reviews):
    prompts = [Direct().prompt(reviews, i, reviews.examples(2)).text for i in reviews.items]
    found = RankLabels().write(lm, reviews, prompts, lambda texts: pytest.fail("no se escribe"))
    for prompt, (label,) in zip(prompts, found, strict=True):
        one = {z: loglikelihood(lm, prompt, f" {z}").sum_logprob for z in reviews.labels}
        assert label == max(one, key=one.__getitem__)


def test_rank_labels_wants_labels(lm, sums):
    with pytest.raises(ValueError, match=r"«Sumas» no tiene etiquetas.*usa Direct\(\)"):
        RankLabels().write(lm, sums, ["x"], lambda texts: [])


def test_the_shared_prefix_is_read_once(lm, reviews, monkeypatch):
    read = []
    forward = lm.model.forward
    count = lambda *a, **k: read.append(k["input_ids"].numel()) or forward(*a, **k)  # noqa: E731
    monkeypatch.setattr(lm.model, "forward", count)
    prompts = [Direct().prompt(reviews, item, reviews.pool) for item in reviews.items]
    RankLabels().write(lm, reviews, [p.text for p in prompts], lambda texts: [])
    head = len(lm.encode(prompts[0].prefix))
    own = sum(len(lm.encode(p.own)) + 2 * len(lm.encode(" negativo")) for p in prompts)
    assert head < sum(read) <= head + own and head > own / 2


def test_the_second_call_reads_the_cut_thought(lm, sums):
    """El desarrollo se corta donde el modelo inventa otro problema, y todo queda en la salida."""
    prompts = ["Uno:", "Dos:"]
    thoughts = [(" Sumo. \n\nProblema: otro", " Cuento."), (" Pienso.", "")]
    mark = "\nPor lo tanto, la respuesta es"
    found = TwoCalls().write(lm, sums, prompts, lambda texts: thoughts)
    cut = [("Sumo.", "Cuento."), ("Pienso.", "")]
    for prompt, outputs, pair in zip(prompts, found, cut, strict=True):
        for output, thought in zip(outputs, pair, strict=True):
            end = generate(lm, joined(prompt, thought + mark), max_new_tokens=16).text
            assert output == thought + mark + end
