"""Modelos Llama diminutos y al azar, en transformers y en el curso, con los mismos pesos."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM

# (cabezas, grupos, capas, ancho de cabeza, salida atada, base rotatoria)
SHAPES = {
    "una-cabeza": (1, 1, 1, 8, True, 10_000.0),
    "multi-cabeza": (4, 4, 2, 8, True, 10_000.0),
    "agrupada": (6, 2, 3, 8, True, 100_000.0),
    "una-clave": (4, 1, 2, 16, False, 500.0),
    "como-smollm2": (9, 3, 4, 16, True, 100_000.0),
    "cabeza-libre": (4, 2, 2, 12, False, 10_000.0),
}


def tiny_llama(name, seed=0):
    heads, groups, layers, head_dim, tied, theta = SHAPES[name]
    torch.manual_seed(seed)
    hidden = 32 if name == "cabeza-libre" else heads * head_dim
    config = LlamaConfig(
        vocab_size=257,
        hidden_size=hidden,
        intermediate_size=2 * hidden + 6,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=groups,
        head_dim=head_dim,
        tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": theta},
        initializer_range=0.1,  # con 0.02 todo daría casi cero y la prueba no vería errores
        attn_implementation="eager",
        bos_token_id=1,
        eos_token_id=2,
    )
    # en float64 los redondeos no dependen del procesador: la tolerancia solo ve errores de verdad
    hf = LlamaForCausalLM(config).double().eval()
    with torch.no_grad():
        for name_, weight in hf.named_parameters():
            if "norm" in name_:  # ganancias distintas de 1: si alguien las olvida, se nota
                weight.uniform_(0.5, 1.5)
    return hf


def assert_close(ours, theirs, tolerance, what):
    torch.testing.assert_close(
        ours, theirs, atol=tolerance, rtol=0, check_dtype=False, msg=lambda text: f"{what}: {text}"
    )
