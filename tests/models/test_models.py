"""De un nombre a un modelo: qué se puede pedir, qué se convierte y con qué exactitud."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import torch
from gguf import GGUFReader
from gguf.quants import dequantize

from course_lib import models
from course_lib.models import catalogue
from course_lib.models.download import obtain_file
from tests.local_wheels import ROOT

# --- los modelos de verdad ------------------------------------------------------------------------


@pytest.mark.models
def test_gemma_is_the_default_and_writes_spanish(gemma, monkeypatch):
    from course_lib.decoding import generate

    monkeypatch.setattr(
        "course_lib.models.loading._load_pretrained", lambda folder, card, where, kind: card
    )
    assert models.load(device="cpu") is gemma.card
    assert (gemma.vocab_size, gemma.dtype, gemma.bos_token_id) == (262144, torch.float32, 2)
    assert gemma.encode("Hola")[0] == gemma.bos_token_id
    assert gemma.encode("Hola", add_bos=False) == gemma.encode("Hola")[1:]
    text = "¡Qué  día!\nLa niña comió ñoquis. "
    assert gemma.decode(gemma.encode(text)) == text
    answer = generate(gemma, "La capital de Francia es", max_new_tokens=6).text
    assert answer == " una de las ciudades más grandes"


@pytest.mark.models
def test_smollm_follows_an_instruction(smollm):
    from course_lib.decoding import generate

    question = [{"role": "user", "content": "What is the capital of France?"}]
    ids = smollm.tokenizer.apply_chat_template(
        question, add_generation_prompt=True, return_dict=False
    )
    assert "Paris" in generate(smollm, ids, max_new_tokens=20).text
    assert smollm.token_strings(smollm.eos_token_ids) == ["<|im_end|>"]


def gguf_tensors(path):
    return {t.name: t for t in GGUFReader(path).tensors}


def exact(tensor) -> torch.Tensor:
    return torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())


@pytest.fixture(scope="module")
def gguf_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("gguf")


@pytest.mark.slow
@pytest.mark.models
def test_gemma_cache_is_the_exact_dequantisation(gemma, gguf_folder):
    """Descarga otra vez el GGUF (253 MB) y compara bit a bit con lo que se cargó de la caché."""
    packed = gguf_tensors(obtain_file(gemma.card, gguf_folder, progress=False))
    ours = gemma.model.state_dict()
    names = {
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }
    norms = {"attn_norm": "input_layernorm", "attn_q_norm": "self_attn.q_norm"}
    assert torch.equal(ours["model.embed_tokens.weight"], exact(packed["token_embd.weight"]))
    for layer in (0, 9, 17):
        here = f"model.layers.{layer}."
        for theirs, name in names.items():
            assert torch.equal(
                ours[f"{here}{name}.weight"], exact(packed[f"blk.{layer}.{theirs}.weight"])
            )
        for (
            theirs,
            name,
        ) in norms.items():  # Gemma multiplica por (1 + peso); el GGUF guarda la suma
            assert torch.equal(
                ours[f"{here}{name}.weight"], exact(packed[f"blk.{layer}.{theirs}.weight"]) - 1
            )
    kinds = {t.tensor_type.name for t in packed.values()}
    assert kinds > {"F32"}, kinds  # de verdad había algo que des-cuantizar


@pytest.mark.slow
@pytest.mark.models
def test_smollm_cache_is_the_exact_dequantisation(smollm, gguf_folder):
    """Llama: además, las filas de q y k vienen con las dos mitades de cada cabeza intercaladas."""
    packed = gguf_tensors(obtain_file(smollm.card, gguf_folder, progress=False))
    ours, config = smollm.model.state_dict(), smollm.model.config
    for layer in (0, 15, 29):
        here = f"model.layers.{layer}.self_attn."
        heads = {"q": config.num_attention_heads, "k": config.num_key_value_heads}
        for letter, count in heads.items():
            weight = exact(packed[f"blk.{layer}.attn_{letter}.weight"])
            pairs = weight.reshape(count, -1, 2, weight.shape[1])  # (cabeza, pareja, mitad, D)
            halves = pairs.transpose(1, 2).reshape(weight.shape)
            assert torch.equal(ours[f"{here}{letter}_proj.weight"], halves)
        value = exact(packed[f"blk.{layer}.attn_v.weight"])
        assert torch.equal(ours[f"{here}v_proj.weight"], value)


# --- el grande ------------------------------------------------------------------------------------

QWEN = """
import json, resource, torch
from course_lib import models
from course_lib.decoding import generate
torch.set_num_threads(1)
lm = models.load("qwen2.5-coder-1.5b-instruct", device="cpu")
def ask(question, n):
    chat = [{"role": "user", "content": question}]
    ids = lm.tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False)
    return generate(lm, ids, max_new_tokens=n, trace=None).text
print(json.dumps({
    "dtypes": sorted({str(p.dtype) for p in lm.model.parameters()}),
    "parameters": sum(p.numel() for p in lm.model.parameters()),
    "capital": ask("¿Cuál es la capital de Chile? Responde en una frase.", 16),
    "code": ask("Write a Python function that adds two numbers. Only code.", 32),
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
"""


def in_its_own_process(body: str) -> dict:
    """Corre `body` aparte, para medir su memoria, y devuelve lo que imprimió como JSON."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    out = subprocess.run(
        [sys.executable, "-c", body], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout.strip().splitlines()[-1])


@pytest.mark.slow
def test_the_large_model_fits_in_8_gb_and_writes():
    seen = in_its_own_process(QWEN)
    assert seen["dtypes"] == ["torch.bfloat16"]  # des-cuantizado: nada queda empaquetado
    assert "Santiago" in seen["capital"]
    assert "def " in seen["code"] and "return" in seen["code"]
    assert seen["peak"] < 8 * 10**9, f"{seen['peak'] / 1e9:.1f} GB"
    card = catalogue.card("qwen2.5-coder-1.5b-instruct")
    assert 2 * seen["parameters"] == pytest.approx(card.cache_bytes, rel=0.02)


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["smollm2-135m-instruct", "gemma-270m"])
def test_conversion_fits_in_the_memory_it_asks_for(name, tmp_path, gguf_folder):
    """El pico de la conversión real queda por debajo de lo que se exige antes de empezar."""
    card = catalogue.card(name)
    gguf = obtain_file(card, gguf_folder, progress=False)
    (tmp_path / "salida").mkdir()
    body = f"""
import json, resource
from pathlib import Path
from course_lib.models import catalogue
from course_lib.models.convert import convert
convert(catalogue.card({name!r}), Path({str(gguf)!r}), Path({str(tmp_path / "salida")!r}), False)
print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
"""
    peak = in_its_own_process(body)
    assert peak < card.conversion_memory, f"{peak / 1e9:.2f} GB"
