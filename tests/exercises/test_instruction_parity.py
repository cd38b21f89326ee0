"""Las referencias de los ejercicios son las mismas reglas que usan el curso, PyTorch y peft."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.exercises import instruction as ej
from course_lib.instruction import MASKED, Encoded, Llama2Template, pad


def drawn(exercise, seeds=20):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


def encoded(rows, prompt_lengths):
    pairs = zip(rows, prompt_lengths, strict=True)
    return [Encoded(tuple(row), (MASKED,) * n + tuple(row[n:])) for row, n in pairs]


def test_the_template_of_the_course():
    for (messages,) in drawn(ej.llama2_prompt):
        assert ej.llama2_prompt.reference(messages) == Llama2Template().render(messages)


def test_the_batch_of_the_course():
    compared = 0
    for rows, prompt_lengths, pad_id in drawn(ej.mask_labels):
        tokenizer = SimpleNamespace(bos_token_id=None, pad_token_id=pad_id)
        ids, labels = ej.mask_labels.reference(rows, prompt_lengths, pad_id)
        if (labels == MASKED).all():
            continue  # el curso no acepta un lote que no entrena nada
        batch = pad(encoded(rows, prompt_lengths), tokenizer)
        assert torch.equal(batch["input_ids"], ids) and torch.equal(batch["labels"], labels)
        compared += 1
    assert compared > 100


def test_the_loss_of_torch():
    for logits, labels in drawn(ej.masked_loss):
        theirs = F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        assert torch.allclose(ej.masked_loss.reference(logits, labels), theirs, rtol=1e-5)


def test_the_double_bos_that_the_course_rejects():
    for ids, bos_id in drawn(ej.has_double_bos):
        tokenizer = SimpleNamespace(bos_token_id=bos_id, pad_token_id=0)
        row = Encoded((5, *ids), (MASKED,) * len(ids) + (5,))
        if ej.has_double_bos.reference([5, *ids], bos_id):
            with pytest.raises(ValueError, match="dos BOS seguidos"):
                pad([row], tokenizer)
        else:
            pad([row], tokenizer)


def test_the_layer_of_peft():
    from peft import LoraConfig, get_peft_model

    for x, W, A, B, alpha in drawn(ej.lora_forward, seeds=3):
        base = nn.Linear(W.shape[1], W.shape[0], bias=False)
        base.weight.data = W.clone()
        config = LoraConfig(r=len(A), lora_alpha=alpha, target_modules=["0"])
        model = get_peft_model(nn.Sequential(base), config)
        weights = dict(model.named_parameters())
        next(w for name, w in weights.items() if "lora_A" in name).data = A.clone()
        next(w for name, w in weights.items() if "lora_B" in name).data = B.clone()
        ours = ej.lora_forward.reference(x, W, A, B, alpha)
        assert torch.allclose(model(x), ours, rtol=1e-4, atol=1e-5)
        merged = model.merge_and_unload()[0].weight
        assert torch.allclose(merged, ej.merge_lora.reference(W, A, B, alpha), rtol=1e-4, atol=1e-5)
