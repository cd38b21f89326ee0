"""Los parámetros del dibujo son los del modelo, y los recuadros suman."""

from __future__ import annotations

import pytest
import torch
from bs4 import BeautifulSoup

from course_lib.diagrams import architecture
from course_lib.transformer import Transformer, TransformerConfig


def parameters(**changes):
    config = TransformerConfig(
        **{
            "vocab_size": 1000,
            "hidden_size": 96,
            "num_hidden_layers": 4,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "intermediate_size": 250,
            **changes,
        }
    )
    with torch.device("meta"):
        return {name: p.numel() for name, p in Transformer(config).named_parameters()}


def boxes(found):
    page = BeautifulSoup(architecture(found, title="Modelo")._repr_html_(), "html.parser")
    drawn = page.select("div[style*=text-align]")
    return {box.find(string=True): [s.text for s in box.find_all("small")] for box in drawn}


def test_the_counts_are_the_models():
    found = boxes(parameters())
    assert found["vectores de entrada"] == ["96 mil"]
    assert found["Wq: consultas"] == ["9216"] and found["Wk: claves"] == ["4608"]
    assert found["bloque, 4 veces"][0] == "100 mil"  # 27 648 + 72 000 + 2 · 96
    assert found["salida"] == ["la tabla de entrada, otra vez"]


def test_an_output_of_its_own_has_its_count():
    assert boxes(parameters(tie_word_embeddings=False))["salida"] == ["96 mil"]


def test_the_alternative_reads_the_panels():
    said = repr(architecture(parameters(vocab_size=20_000), title="Modelo"))
    assert "vectores de entrada (1.92 millones de parámetros), bloque, 4 veces" in said
    assert "Un bloque: flujo residual x, normalización (96 parámetros), atención" in said


def test_a_missing_piece_is_named():
    found = {k: v for k, v in parameters().items() if "o_proj" not in k}
    with pytest.raises(ValueError, match=r"attn\.o_proj"):
        architecture(found, title="Modelo")
