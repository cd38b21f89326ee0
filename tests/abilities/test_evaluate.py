"""Evaluar: cada fila guarda lo que pasó, las cuentas salen de ellas y una regla que nada encuentra se dice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course_lib.abilities import (
    Direct,
    Item,
    RankLabels,
    Task,
    TwoCalls,
    WorkedSteps,
    evaluate,
    few_shot_prompt,
    grade,
    token_accuracy,
)
from course_lib.answers import FirstNumber, LastNumber
from course_lib.decoding import Sampling, generate
from course_lib.metrics import wilson_interval


def test_rows_are_what_generate_writes(lm, reviews):
    found = evaluate(lm, reviews, k=2, seed=5, max_new_tokens=6, strict=False)
    for row, item in zip(found.rows, reviews.items, strict=True):
        assert row.item is item and row.prompt == few_shot_prompt(reviews, item, 2, seed=5).text
        assert row.outputs == (generate(lm, row.prompt, max_new_tokens=6).text,)
    assert found.n == 6 and found.chance == 0.5
    assert found.settings["k"] == 2 and found.settings["seed"] == 5
    assert found.settings["max_new_tokens"] == 6 and found.settings["strategy"].num_beams == 1


def test_options_reach_the_prompt(lm, chat_lm, reviews):
    found = evaluate(lm, reviews, RankLabels(), 3, order=2, instruction=False)
    shots = reviews.examples(3, 0, 2)
    assert found.rows[0].prompt == Direct().prompt(reviews, reviews.items[0], shots, False).text
    chat = evaluate(chat_lm, reviews, RankLabels(), items=reviews.items[:2], chat=True)
    assert chat.n == 2 and chat.rows[0].prompt.endswith("Salida:\n<assistant>\n")
    with pytest.raises(ValueError, match="usa chat=False"):
        evaluate(lm, reviews, chat=True)


def test_ranking_counts_hits_by_label(lm, reviews):
    found = evaluate(lm, reviews, RankLabels(), k=4)
    right = [row.outputs[0] == row.item.answer for row in found.rows]
    assert [row.right for row in found.rows] == right and found.accuracy == sum(right) / 6
    assert found.interval == wilson_interval(sum(right), 6) and found.without_answer == 0


def test_samples_vote(sums):
    outputs = [[" 50", " 51", " 50."], [" x", " y", " z"], ["no sé", " 52", "?"], ["", "", ""]]
    found = grade(sums, ["p"] * 4, outputs, Direct(FirstNumber()))
    assert found.rows[0].answers == ("50", "51", "50") and found.rows[0].answer == "50"
    assert [row.right for row in found.rows] == [True, False, True, False]
    assert found.values == (1, 0, 1, 0) and found.without_answer == 8 / 12
    frame = found.to_frame()
    assert len(frame) == 12 and list(frame["salida"][:2]) == [" 50", " 51"]
    assert list(frame.columns) == [
        "id", "pregunta", "correcta", "respuesta", "acierto", "salida", "prompt",
    ]  # fmt: skip


def test_sampling_answers_several_times(lm, reviews):
    ways = Sampling(temperature=2.0, num_return_sequences=3)
    found = evaluate(lm, reviews, strategy=ways, seed=1, strict=False)
    assert all(len(row.outputs) == 3 for row in found.rows)
    assert any(len(set(row.outputs)) > 1 for row in found.rows)
    again = evaluate(lm, reviews, strategy=ways, seed=1, strict=False)
    assert again.rows == found.rows
    assert evaluate(lm, reviews, strategy=ways, seed=2, strict=False).rows != found.rows


def test_two_calls_sample_the_thought_only(lm, sums):
    ways = Sampling(num_return_sequences=2)
    found = evaluate(lm, sums, TwoCalls(), strategy=ways, max_new_tokens=5, strict=False)
    for row in found.rows:
        assert len(row.outputs) == 2
        assert all("\nPor lo tanto, la respuesta es" in output for output in row.outputs)


def test_the_answer_is_sought_before_another_question(sums):
    outputs = [[" Sumo. Respuesta: 50\n\nProblema: 1 + 1\nSolución: Respuesta: 2"]] * 4
    found = grade(sums, ["p"] * 4, outputs, WorkedSteps())
    assert [row.answer for row in found.rows] == ["50"] * 4 and found.accuracy == 0.25


def test_a_pattern_that_finds_nothing_teaches(lm, sums):
    with pytest.raises(ValueError, match=r"AfterMark.*no halló ninguna.*' Son 4'.*strict=False"):
        grade(sums, ["p"] * 4, [[" Son 4"]] * 4, WorkedSteps())
    silent = grade(sums, ["p"] * 4, [[" Son 4"]] * 4, WorkedSteps(), strict=False)
    assert silent.accuracy == 0 and silent.without_answer == 1
    one = grade(sums, ["p"] * 4, [["x"], ["x"], ["x"], ["Respuesta: 4"]], WorkedSteps())
    assert one.without_answer == 0.75
    with pytest.raises(ValueError, match="no halló ninguna respuesta"):
        evaluate(lm, sums, WorkedSteps(), k=1, max_new_tokens=1)


def test_a_recorded_evaluation_replays(lm, reviews):
    found = evaluate(lm, reviews, k=1, strict=False)
    prompts, outputs = [r.prompt for r in found.rows], [r.outputs for r in found.rows]
    again = grade(reviews, prompts, outputs, settings=found.settings, strict=False)
    assert again == found and repr(again) == repr(found)


def test_repr_says_n_interval_and_chance(sums, reviews):
    shown = repr(grade(sums, ["p"] * 4, [["50"]] * 4, settings={"modelo": "m", "k": 0}))
    assert shown.startswith("Evaluation(Sumas: exactitud 0.25, intervalo del 95 % [")
    assert "n = 4, azar 0 (respuesta abierta), sin respuesta 0; modelo = m, k = 0)" in shown
    assert "(respuesta abierta)" not in repr(grade(reviews, ["p"] * 6, [["positivo"]] * 6))


def test_wrong_uses_teach(lm, reviews):
    with pytest.raises(ValueError, match="k=9, y hay 8 ejemplos"):
        evaluate(lm, reviews, k=9)
    with pytest.raises(ValueError, match="no tiene ítems"):
        evaluate(lm, reviews, items=[])
    with pytest.raises(ValueError, match="«ejemplo 0» está en pool y otra vez en items"):
        evaluate(lm, reviews, items=[reviews.pool[0]])
    with pytest.raises(ValueError, match="max_new_tokens=0 no vale"):
        evaluate(lm, reviews, max_new_tokens=0)
    with pytest.raises(ValueError, match="Hay 2 casos y 6 respuestas correctas"):
        grade(reviews, ["p"] * 6, [["positivo"]] * 2)


CAPITALS = Task(
    "capitales",
    "Capitales",
    "Di la capital del país.",
    items=[Item("Italia", "Roma"), Item("España", "Madrid"), Item("Noruega", "Oslo")],
    pool=[Item("Perú", "Lima"), Item("Japón", "Tokio"), Item("Cuba", "La Habana")],
    question_label="País",
    answer_label="Capital",
)


@pytest.mark.models
def test_gemma_learns_capitals_in_context(gemma):
    """Con ejemplos contesta una palabra; a lo que acierta no le falla ningún token."""
    found = evaluate(gemma, CAPITALS, k=3, max_new_tokens=6)
    assert [row.answer for row in found.rows] == ["Roma", "Madrid", "Oslo"]
    prompts = [row.prompt for row in found.rows]
    assert token_accuracy(gemma, prompts, ["Roma", "Madrid", "Oslo"]).value == 1
    assert token_accuracy(gemma, prompts, ["Lima", "Lima", "Lima"]).value < 1
    labels = replace(CAPITALS, pool=(), labels=("Roma", "Madrid", "Oslo"))
    assert evaluate(gemma, labels, RankLabels()).accuracy == 1


@pytest.mark.models
def test_smollm_answers_in_its_chat_template(smollm):
    task = Task("sumas", "Sumas", "Add the numbers.", [Item("2 + 2", "4")], question_label="Q")
    found = evaluate(smollm, task, Direct(LastNumber(), 24), chat=True)
    assert found.rows[0].prompt.count("<|im_start|>user") == 1
    assert found.rows[0].prompt.endswith("Q: 2 + 2\nSalida:<|im_end|>\n<|im_start|>assistant\n")
    assert found.rows[0].right and "<|im_end|>" not in found.rows[0].outputs[0]
