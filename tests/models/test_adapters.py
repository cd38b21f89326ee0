"""El modelo ajustado es el base más B·A, habla en su plantilla, se detiene, y un archivo ajeno no se carga."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch.testing import assert_close

from course_lib import models
from course_lib.instruction import Example, GemmaTemplate, reply
from course_lib.models.adapters import ADAPTERS, WEIGHTS
from course_lib.models.fetch import FetchError
from tests.instruction.published import CHATS, render

TUNED = ADAPTERS["gemma-270m-instruct-es"]


@pytest.fixture(scope="module")
def tuned():
    return models.load(TUNED.name, device="cpu", dtype="float32")


def test_its_template_is_the_one_it_was_tuned_with():
    rule = (TUNED.folder / "chat_template.jinja").read_text(encoding="utf-8")
    for chat in CHATS:
        assert render(rule, chat, bos_token="<bos>") == GemmaTemplate().render(chat)


def test_its_card_is_the_one_of_the_base_with_its_own_name():
    base = models.card(TUNED.base)
    assert (TUNED.card.name, TUNED.card.parameters) == (TUNED.name, base.parameters)


def test_every_weight_is_the_one_of_the_base_plus_b_times_a(tuned, gemma):
    assert gemma.name == TUNED.base
    base = gemma.model.state_dict()
    tensors = load_file(TUNED.folder / WEIGHTS)
    assert all(t.dtype == torch.bfloat16 for t in tensors.values())
    assert sum(t.numel() * 2 for t in tensors.values()) < 8e6
    changed = 0
    for name, weight in tuned.model.state_dict().items():
        key = f"base_model.model.{name.removesuffix('.weight')}"
        a, b = (tensors.get(f"{key}.lora_{side}.weight") for side in "AB")
        if a is None:
            assert torch.equal(weight, base[name])
        else:
            changed += 1
            extra = 2 * b.float() @ a.float()  # alfa / r = 2
            assert_close(weight, base[name] + extra, rtol=1e-5, atol=1e-5)
    assert changed == len(tensors) // 2 == 18 * 7


def test_it_answers_and_stops(tuned):
    asked = [Example("Escribe el antónimo de «alto».", "bajo")]
    (found,) = reply(tuned, asked, GemmaTemplate())
    assert found.stopped
    assert len(found.output.split()) <= 3
    closing = tuned.tokenizer.convert_tokens_to_ids("<end_of_turn>")
    assert closing in tuned.eos_token_ids


def test_another_file_is_not_loaded(gemma):
    with pytest.raises(FetchError, match="no es el publicado"):
        replace(TUNED, sha256="0" * 64).on(gemma)
    with pytest.raises(FetchError, match="falta"):
        replace(TUNED, folder=TUNED.folder / "otra").on(gemma)


def test_fetching_it_fetches_its_base():
    done = subprocess.run(
        [sys.executable, "-m", "course_lib", "fetch", TUNED.name],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"{TUNED.base}: ")


def test_an_adapter_is_known_without_torch():
    code = "import course_lib.models as m, sys; m.ADAPTERS; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
