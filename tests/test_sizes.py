"""Cada fórmula contra transformers, que cuenta peso por peso sin reservar memoria («meta»)."""

import subprocess
import sys

import pytest
import torch

from course_lib import sizes
from course_lib.sizes import ARCHITECTURES, Architecture, architecture, count_parameters


def _base(D, L, H):
    return {
        "hidden_size": D,
        "num_hidden_layers": L,
        "num_attention_heads": H,
        "intermediate_size": 4 * D,
    }


_BASE, _LARGE = _base(768, 12, 12), _base(1024, 24, 16)
_ROBERTA = {"vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1}


def _published(name):
    """(clase de transformers, configuración) con los valores publicados."""
    import transformers as t

    gpt2 = {"small": (12, 768, 12), "medium": (24, 1024, 16), "large": (36, 1280, 20)}
    gpt2["XL"] = (48, 1600, 25)
    if name.startswith("GPT-2"):
        L, D, H = gpt2[name.split()[1]]
        return t.GPT2LMHeadModel, t.GPT2Config(n_layer=L, n_embd=D, n_head=H)
    return {
        "BERT base": lambda: (t.BertModel, t.BertConfig(**_BASE)),
        "BERT large": lambda: (t.BertModel, t.BertConfig(**_LARGE)),
        "RoBERTa base": lambda: (t.RobertaModel, t.RobertaConfig(**_ROBERTA, **_BASE)),
        "RoBERTa large": lambda: (t.RobertaModel, t.RobertaConfig(**_ROBERTA, **_LARGE)),
        "DeBERTa-v3 base": lambda: (
            t.DebertaV2Model,
            t.DebertaV2Config(
                **_BASE,
                vocab_size=128100,
                relative_attention=True,
                position_buckets=256,
                norm_rel_ebd="layer_norm",
                share_att_key=True,
                pos_att_type="p2c|c2p",
                position_biased_input=False,
                max_position_embeddings=512,
            ),
        ),
        "Llama 2 7B": lambda: (t.LlamaForCausalLM, t.LlamaConfig()),
        "SmolLM2 135M": lambda: (
            t.LlamaForCausalLM,
            t.LlamaConfig(
                vocab_size=49152,
                hidden_size=576,
                intermediate_size=1536,
                num_hidden_layers=30,
                num_attention_heads=9,
                num_key_value_heads=3,
                tie_word_embeddings=True,
            ),
        ),
        "Gemma 3 270M": lambda: (
            t.Gemma3ForCausalLM,
            t.Gemma3TextConfig(
                vocab_size=262144,
                hidden_size=640,
                intermediate_size=2048,
                num_hidden_layers=18,
                num_attention_heads=4,
                num_key_value_heads=1,
                head_dim=256,
            ),
        ),
    }[name]()


@pytest.mark.parametrize("name", [a.name for a in ARCHITECTURES if a.name != "GPT-3 175B"])
def test_formula_equals_transformers(name):
    kind, config = _published(name)
    with torch.device("meta"):
        model = kind(config)
    theirs = sum(p.numel() for p in model.parameters())
    ours = count_parameters(architecture(name))["total"]
    print(f"{name}: fórmula {ours:,}, transformers {theirs:,}")
    assert ours == theirs


def test_the_slide():
    """0.3e9 es BERT large (la base tiene 0.1e9) y 175e9 es GPT-3, cada uno a una cifra o tres."""
    total = {a.name: count_parameters(a)["total"] for a in ARCHITECTURES}
    assert round(total["BERT large"] / 1e9, 1) == 0.3
    assert round(total["BERT base"] / 1e9, 1) == 0.1
    assert round(total["GPT-3 175B"] / 1e9) == 175


def test_deberta_published_split():
    """La ficha publicada: 86 M en el cuerpo y 98 M en los embeddings."""
    parts = count_parameters(architecture("DeBERTa-v3 base"))
    assert round(parts["embeddings"] / 1e6) == 98
    assert abs(parts["total"] - parts["embeddings"] - 86e6) < 1e6


def test_our_transformer_is_counted_too():
    from course_lib.transformer import Transformer, TransformerConfig

    config = TransformerConfig(
        vocab_size=50,
        hidden_size=12,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=6,
        intermediate_size=20,
        tie_word_embeddings=False,
    )
    arch = Architecture(
        name="",
        kind="decodificador",
        year=0,
        vocab_size=50,
        hidden_size=12,
        num_layers=3,
        num_heads=4,
        num_key_value_heads=2,
        head_dim=6,
        intermediate_size=20,
        gated_mlp=True,
        tied_head=False,
    )
    model = Transformer(config)
    assert count_parameters(arch)["total"] == sum(p.numel() for p in model.parameters())


def test_kv_cache_equals_a_real_cache():
    from course_lib.transformer import KVCache, Transformer, TransformerConfig

    arch = architecture("SmolLM2 135M")
    config = TransformerConfig(
        vocab_size=10,
        hidden_size=576,
        num_hidden_layers=2,
        num_attention_heads=9,
        num_key_value_heads=3,
        intermediate_size=8,
    )
    cache = KVCache.empty(2)
    Transformer(config)(torch.zeros(3, 7, dtype=torch.long), cache=cache)
    held = sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers)
    expected = sizes.kv_cache_bytes(arch, tokens=7, batch=3, dtype="float32")
    assert held / 2 == expected / arch.num_layers


def test_flops_equal_what_torch_counts():
    from torch.utils.flop_counter import FlopCounterMode

    from course_lib.transformer import KVCache, Transformer, TransformerConfig

    config = TransformerConfig(
        vocab_size=300,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=48,
    )
    arch = Architecture(
        name="",
        kind="decodificador",
        year=0,
        vocab_size=300,
        hidden_size=32,
        num_layers=3,
        num_heads=4,
        num_key_value_heads=2,
        intermediate_size=48,
        gated_mlp=True,
    )
    model, cache = Transformer(config), KVCache.empty(3)
    with torch.no_grad():
        model(torch.zeros(1, 99, dtype=torch.long), cache=cache)
        with FlopCounterMode(display=False) as counter:
            model(torch.zeros(1, 1, dtype=torch.long), cache=cache)
    # Al escribir el token número 100 se miran 100 claves: las 99 guardadas y la propia.
    assert counter.get_total_flops() == sizes.flops_per_token(arch, context=100)


def test_training_compute_equals_what_pytorch_counts():
    """Ida y vuelta de GPT-2 en un dispositivo fingido: 6·N por token, más la atención (poca, si el texto es corto)."""
    import transformers
    from torch.utils.flop_counter import FlopCounterMode

    config = transformers.GPT2Config(n_layer=2, n_embd=64, n_head=2, vocab_size=500, n_positions=8)
    with torch.device("meta"):
        model = transformers.GPT2LMHeadModel(config)
        ids = torch.zeros(1, 8, dtype=torch.long)
    with FlopCounterMode(display=False) as forward:
        loss = model(ids, labels=ids).loss
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    assert backward.get_total_flops() == 2 * forward.get_total_flops()
    parameters = sum(p.numel() for p in model.parameters())
    total = forward.get_total_flops() + backward.get_total_flops()
    assert total == pytest.approx(sizes.training_flops(parameters, 8), rel=0.03)


def test_the_windows_are_the_published_ones():
    import transformers

    arch = architecture("Gemma 3 270M")
    config = transformers.Gemma3TextConfig(num_hidden_layers=18, sliding_window=512)
    assert config.layer_types.count("sliding_attention") == arch.window_layers
    short, long = (sizes.kv_cache_bytes(arch, tokens) for tokens in (512, 1024))
    per_token = 2 * arch.key_value_width * 2
    assert short == 18 * 512 * per_token
    assert long - short == 3 * 512 * per_token
    more = sizes.flops_per_token(arch, 1024) - sizes.flops_per_token(arch, 512)
    assert more == 4 * 3 * 512 * arch.query_width


def test_training_bytes_are_the_sum_of_their_parts():
    assert sizes.training_bytes(1) == 2 + 2 + 4 + 4 + 4


def test_errors_teach():
    with pytest.raises(ValueError, match="BERT large"):
        architecture("BERT grande")
    with pytest.raises(ValueError, match="bfloat16"):
        sizes.memory_bytes(1e9, "float17")
    with pytest.raises(ValueError, match="fracción"):
        sizes.training_seconds(1e20, sizes.HARDWARE[0], utilization=40)


def test_does_not_load_torch():
    code = "import sys, course_lib.sizes; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
