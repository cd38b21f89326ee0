"""El ajuste cambia solo A y B, minimiza la pérdida de las respuestas y sigue donde se interrumpió."""

from __future__ import annotations

import copy
import json

import pytest
import torch
from torch.testing import assert_close
from transformers import Trainer

from course_lib.instruction import (
    MASKED,
    Llama2Template,
    PlainTemplate,
    answer_loss,
    finetune,
    load_examples,
    pad,
)
from course_lib.trainer import quiet, reading_order

TEMPLATE = PlainTemplate()
SHORT = {"epochs": 1, "batch_size": 4, "learning_rate": 0.01, "rank": 2}


def weights_of(lm):
    return {name: tensor.clone() for name, tensor in lm.model.state_dict().items()}


def adapter_of(made):
    return {n: t.detach() for n, t in made.adapter.state_dict().items() if "lora_" in n}


def batch_of(lm, examples, weight, extra=0):
    """Un lote con `extra` columnas de relleno de más."""
    rows = [TEMPLATE.encode(lm.tokenizer, e.messages()) for e in examples]
    batch = pad(rows, lm.tokenizer)
    labels = batch.pop("labels")
    read = batch["attention_mask"].double()
    batch["weights"] = torch.where(labels == MASKED, weight * read, read)
    more = {name: torch.zeros(len(rows), extra, dtype=t.dtype) for name, t in batch.items()}
    return {name: torch.cat([t, more[name]], 1) for name, t in batch.items()}, labels


def test_answers_only_is_the_loss_of_transformers(small, examples):
    batch, labels = batch_of(small, examples[:6], 0.0)
    given = {name: batch[name] for name in ("input_ids", "attention_mask")}
    expected = small.model(**given, labels=labels).loss
    assert_close(answer_loss(small.model, batch), expected, rtol=1e-5, atol=0, check_dtype=False)


def test_with_weight_one_every_token_counts_the_same(small, examples):
    batch, _ = batch_of(small, examples[:6], 1.0)
    given = {name: batch[name] for name in ("input_ids", "attention_mask")}
    every = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, MASKED)
    expected = small.model(**given, labels=every).loss
    assert_close(answer_loss(small.model, batch), expected, rtol=1e-5, atol=0, check_dtype=False)


def test_between_both_the_prompt_counts_by_its_weight(small, examples):
    batch, labels = batch_of(small, examples[:1], 0.25)
    none, _ = batch_of(small, examples[:1], 0.0)
    every, _ = batch_of(small, examples[:1], 1.0)
    answer, total = int((labels[:, 1:] != MASKED).sum()), labels.shape[1] - 1
    of_answer = answer_loss(small.model, none) * answer
    of_prompt = answer_loss(small.model, every) * total - of_answer
    expected = (of_answer + 0.25 * of_prompt) / (answer + 0.25 * (total - answer))
    assert_close(answer_loss(small.model, batch), expected, rtol=1e-5, atol=0, check_dtype=False)


def test_padding_changes_nothing(small, examples):
    exact, _ = batch_of(small, examples[:5], 0.5)
    padded, _ = batch_of(small, examples[:5], 0.5, extra=7)
    assert_close(
        answer_loss(small.model, padded), answer_loss(small.model, exact), rtol=1e-9, atol=0
    )


def test_only_the_logits_that_count_are_computed(small, examples, monkeypatch):
    batch, labels = batch_of(small, examples[:6], 0.0)
    seen = []
    forward = type(small.model).forward

    def watched(self, *given, **named):
        seen.append(named["logits_to_keep"])
        return forward(self, *given, **named)

    monkeypatch.setattr(type(small.model), "forward", watched)
    answer_loss(small.model, batch)
    counts = (labels != MASKED).any(0)
    assert seen[0].tolist() == [t - 1 for t in counts.nonzero()[:, 0].tolist()]


def test_the_base_model_stays_and_the_tuned_one_changes(small, examples):
    before = weights_of(small)
    made = finetune(small, examples, TEMPLATE, **SHORT)
    assert_close(weights_of(small), before, rtol=0, atol=0)
    assert made.lm.model is not small.model
    changed = made.lm.model.state_dict()
    base = {n.replace("base_layer.", ""): t for n, t in changed.items() if "lora_" not in n}
    differ = {n for n, t in base.items() if not torch.equal(t, before[n])}
    assert differ
    assert all("proj" in name for name in differ)  # ni embeddings, ni normas, ni la salida


def test_the_loss_falls(small, examples):
    made = finetune(small, examples, TEMPLATE, **{**SHORT, "epochs": 8})
    losses = [loss for _, loss in made.curve]
    assert losses[-1] < 0.8 * losses[0]
    assert made.curve[-1][0] == 48  # 24 ejemplos, 8 veces, de a 4
    frame = made.to_frame()
    assert list(frame.columns) == ["paso", "pérdida (nats por token)"]
    assert len(frame) == len(made.curve)


def test_the_seed_decides_everything(small, examples):
    one, same = (finetune(small, examples, TEMPLATE, **SHORT, seed=3) for _ in range(2))
    other = finetune(small, examples, TEMPLATE, **SHORT, seed=4)
    assert one.curve == same.curve != other.curve
    assert_close(adapter_of(one), adapter_of(same), rtol=0, atol=0)


def test_it_leaves_the_random_numbers_alone(small, examples):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    finetune(small, examples[:4], TEMPLATE, **SHORT)
    assert_close(torch.rand(3), expected, rtol=0, atol=0)


def test_an_interrupted_run_goes_on_to_the_same_end(small, examples, tmp_path, monkeypatch):
    whole = finetune(small, examples, TEMPLATE, **SHORT)
    step, calls = Trainer.training_step, []

    def cut(self, *given, **named):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return step(self, *given, **named)

    monkeypatch.setattr(Trainer, "training_step", cut)
    with pytest.raises(KeyboardInterrupt):
        finetune(small, examples, TEMPLATE, **SHORT, checkpoints=tmp_path)
    assert list(tmp_path.glob("checkpoint-*"))
    again = finetune(small, examples, TEMPLATE, **SHORT, checkpoints=tmp_path)
    assert len(calls) < 10  # no empezó de nuevo: son seis lotes
    assert_close(adapter_of(again), adapter_of(whole), rtol=1e-9, atol=1e-12)
    assert [step for step, _ in again.curve] == [step for step, _ in whole.curve]


def test_a_finished_run_is_not_trained_again(small, examples, tmp_path, monkeypatch):
    first = finetune(small, examples, TEMPLATE, **SHORT, checkpoints=tmp_path)
    monkeypatch.setattr(Trainer, "training_step", lambda *_, **__: pytest.fail("entrenó"))
    again = finetune(small, examples, TEMPLATE, **SHORT, checkpoints=tmp_path)
    assert again.curve == first.curve
    assert_close(adapter_of(again), adapter_of(first), rtol=0, atol=0)


def test_another_run_is_not_continued(small, examples, tmp_path):
    finetune(small, examples[:4], TEMPLATE, **SHORT, checkpoints=tmp_path)
    with pytest.raises(ValueError, match="otra corrida"):
        finetune(small, examples[:4], TEMPLATE, **SHORT, seed=9, checkpoints=tmp_path)


def test_what_is_saved_is_only_a_and_b_and_loads_again(small, examples, tmp_path):
    from peft import PeftModel

    made = finetune(small, examples, TEMPLATE, **{**SHORT, "epochs": 4})
    made.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    config = json.loads((tmp_path / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == ""
    with quiet():
        loaded = PeftModel.from_pretrained(copy.deepcopy(small.model), str(tmp_path))
    ids = torch.arange(1, 9)[None]
    found, expected = loaded(input_ids=ids).logits, made.lm.model(input_ids=ids).logits
    base = small.model(input_ids=ids).logits
    assert (found - expected).abs().max() < 0.05 * (expected - base).abs().max()  # bfloat16


def test_the_tuned_model_stops_at_the_closing_token(small, examples):
    made = finetune(small, examples[:4], Llama2Template(), **SHORT)
    assert set(small.eos_token_ids) < {*made.lm.eos_token_ids} | {-1}
    made = finetune(small, examples[:4], TEMPLATE, **SHORT)
    newline = small.encode("\n", add_bos=False)[-1]
    assert newline in made.lm.eos_token_ids
    assert small.eos_token_ids == (0,)


def test_rows_of_like_length_go_together_and_each_is_read_as_often_as_asked():
    lengths = [10 * (i % 7) + 5 for i in range(50)]
    order = reading_order(lengths, 3, 4, 0)
    assert sorted(order) == sorted([*range(50)] * 3)
    assert order[:50] != order[50:100]
    spread = [
        max(lengths[i] for i in order[j : j + 4]) - min(lengths[i] for i in order[j : j + 4])
        for j in range(0, 48, 4)
    ]
    assert sum(spread) / len(spread) < 10
    assert len(reading_order(lengths, 0.5, 4, 0)) == 25


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": 0}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"learning_rate": -1e-3}, "learning_rate"),
        ({"rank": 0}, "rank"),
        ({"prompt_loss_weight": 1.5}, "prompt_loss_weight"),
        ({"max_length": 5}, "max_length"),
    ],
)
def test_the_impossible_is_said_before_training(small, examples, wrong, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        finetune(small, examples[:4], TEMPLATE, **{**SHORT, **wrong}, checkpoints=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_without_examples_there_is_nothing_to_learn(small):
    with pytest.raises(ValueError, match="No hay ejemplos"):
        finetune(small, (), TEMPLATE)
    assert load_examples("train")
