"""Los pesos reales de SmolLM2 en nuestro Transformer, contra transformers."""

import pytest
import torch

from tests.transformer.llama_pairs import assert_close

pytestmark = pytest.mark.models

PROMPTS = [
    "The capital of France is",
    "Érase una vez, en un pueblo muy pequeño,",
    "def fibonacci(n):\n    if n < 2:\n        return n\n    return",
    "<|im_start|>user\nName three colours.<|im_end|>\n<|im_start|>assistant\n",
]


@pytest.fixture(scope="module")
def seam():
    from course_lib import models
    from course_lib.transformer import TransformerLM

    theirs = models.load("smollm2-135m-instruct", device="cpu", dtype="float32")
    theirs.model.set_attn_implementation("eager")
    return theirs, TransformerLM.from_lm(theirs)


@torch.no_grad()
@pytest.mark.parametrize("prompt", PROMPTS)
def test_logits(seam, prompt):
    theirs, ours = seam
    input_ids = torch.tensor([theirs.encode(prompt)])
    expected = theirs.model(input_ids).logits
    assert_close(ours.model(input_ids), expected, 1e-3, "logits de SmolLM2")
    state = ours.prefill(input_ids[:, :3])
    pieces = [ours.step(input_ids[:, i : i + 1], state) for i in range(3, input_ids.shape[1])]
    assert_close(torch.cat(pieces, 1), expected[:, 3:], 1e-3, "logits de SmolLM2 con caché")


@torch.no_grad()
def test_attentions_and_hidden_states(seam):
    theirs, ours = seam
    input_ids = torch.tensor([theirs.encode(PROMPTS[0])])
    expected = theirs.model(input_ids, output_attentions=True, output_hidden_states=True)
    found = ours.model.trace(input_ids)
    assert len(found.attentions) == len(expected.attentions) == 30
    for i, (a, b) in enumerate(zip(found.attentions, expected.attentions, strict=True)):
        assert_close(a, b, 1e-4, f"atención, capa {i}")
    states = (*found.hidden_states[:-1], ours.model.norm(found.hidden_states[-1]))
    for i, (a, b) in enumerate(zip(states, expected.hidden_states, strict=True)):
        # Algunas coordenadas del flujo residual pasan de mil: la tolerancia es relativa a eso.
        assert_close(a, b, 1e-5 * max(1.0, b.abs().max().item()), f"estado oculto {i}")


@pytest.mark.parametrize(
    "prompt", [*PROMPTS[:2], *(pytest.param(p, marks=pytest.mark.slow) for p in PROMPTS[2:])]
)
def test_greedy_text(seam, prompt):
    from course_lib.decoding import Greedy, generate

    theirs, ours = (generate(lm, prompt, Greedy(), max_new_tokens=30) for lm in seam)
    assert ours.text == theirs.text
    assert ours.token_ids == theirs.token_ids
    reference = seam[0].model.generate(
        torch.tensor([seam[0].encode(prompt)]),
        do_sample=False,
        max_new_tokens=30,
        repetition_penalty=1.0,
    )[0]
    assert list(ours.token_ids) == reference[-len(ours.token_ids) :].tolist()
