"""Laboratorio de atención: a qué mira cada token en cada una de las cabezas de un modelo real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
import traitlets

from ..experiments.heads import PATTERNS, chance_scores, head_scores
from ..models import LanguageModel
from ..transformer import Transformer
from .base import Lab, Progress, View, check_prompts, dropdown, slider, source, table

__all__ = ["AttentionView", "attention_data", "attention_lab"]

MAX_TOKENS = 20  # más no se lee en un teléfono
LEVELS = 4095  # un peso viaja como entero de 0 a 4095: dos cifras en base 64
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NAMED_ABOVE = 0.5  # una cabeza lleva nombre si más de la mitad de su peso sigue el patrón
NAMED_EACH = 3  # de cada patrón, como mucho las tres más claras
PATTERN_NAMES = {
    "previous": "token anterior",
    "first": "primer token",
    "induction": "inducción",
}


def attention_data(lm: LanguageModel, prompts: Sequence[str]) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: la atención de `lm` en cada oración de `prompts`.

    Los pesos son los de nuestro `Transformer` con los parámetros de `lm` (un LanguageModel de la
    familia Llama), redondeados al 1/4095 más cercano: se alejan del exacto a lo sumo 0.00013. En
    `weights` van seguidos por capa, cabeza, token que mira y token mirado (nunca uno posterior), dos
    cifras en base 64 cada uno. `scores` son las medidas de `heads.head_scores`, y `named` las cabezas
    [patrón, capa, cabeza] que pasan de 0.5 (las tres mayores de cada patrón). El libro admite 300 kB:
    tres oraciones de 18 tokens en SmolLM2.

    Raises:
        ValueError: no hay oraciones, o alguna está vacía o pasa de 20 tokens.

    >>> attention_data(lm, ["El perro ladra"])["prompts"][0]["tokens"]  # doctest: +SKIP
    ['El', ' per', 'ro', ' lad', 'ra']
    """
    prompts = _check(lm, prompts)
    return _data(Transformer.from_hf(lm), lm, prompts)


def _check(lm: LanguageModel, prompts: Sequence[str]) -> list[str]:
    for text in check_prompts(lm, prompts):
        length = len(lm.encode(text))
        if length > MAX_TOKENS:
            raise ValueError(
                f"«{text}» tiene {length} tokens y aquí caben {MAX_TOKENS}: usa una oración más corta."
            )
    return list(prompts)


def _data(model: Transformer, lm: LanguageModel, prompts: Sequence[str]) -> dict[str, Any]:
    rows = head_scores(model)
    return {
        "model": lm.name,
        "layers": model.config.num_hidden_layers,
        "heads": model.config.num_attention_heads,
        "levels": LEVELS,
        "patterns": PATTERN_NAMES,
        "scores": {name: [round(row[name], 3) for row in rows] for name in PATTERNS},
        "chance": {name: round(score, 3) for name, score in chance_scores().items()},
        "named": [list(head) for name in PATTERNS for head in _named(name, rows)],
        "prompts": [_entry(model, lm, text) for text in prompts],
    }


def _named(name: str, rows: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Las cabezas que más claramente siguen el patrón `name`: (patrón, capa, cabeza)."""
    clear = [row for row in rows if row[name] > NAMED_ABOVE]
    clear.sort(key=lambda row: -row[name])
    return [(name, row["layer"], row["head"]) for row in clear[:NAMED_EACH]]


@torch.no_grad()
def _entry(model: Transformer, lm: LanguageModel, text: str) -> dict[str, Any]:
    ids = lm.encode(text)
    trace = model.trace(torch.tensor([ids], device=model.embed.weight.device))
    weights = torch.cat(trace.attentions).float().cpu()  # (L, H, T, T)
    return {"text": text, "tokens": lm.token_strings(ids), "weights": _pack(weights)}


def _pack(weights: torch.Tensor) -> str:
    """Escribe los pesos (L, H, T, T) con dos cifras cada uno; los del futuro, que son 0, no se escriben."""
    rows, columns = torch.tril_indices(*weights.shape[-2:])
    codes = (weights[:, :, rows, columns] * LEVELS).round().int().flatten().tolist()
    return "".join(DIGITS[code // 64] + DIGITS[code % 64] for code in codes)


class AttentionView(View):
    """Vista del laboratorio de atención."""

    _esm = source("attention.js")
    _css = source("attention.css")
    layer = traitlets.Int(0).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)


def attention_lab(lm: LanguageModel, prompts: Sequence[str]) -> Lab:
    """Devuelve el laboratorio de atención; los argumentos son los de `attention_data`.

    Muestra, en la cabeza elegida, el mapa de pesos, un arco por cada par de tokens que se miran y lo
    que más mira cada token; y lleva a las cabezas cuyo patrón se reconoce al medirlas. Empieza en la
    más clara de ellas. La inducción solo se ve en una oración que se repite. Con Python detrás acepta
    una oración propia.

    >>> attention_lab(lm, ["El niño come pan y la niña come pan"])  # doctest: +SKIP
    Laboratorio de atención (smollm2-135m-instruct; oraciones: 1)
    """
    prompts = _check(lm, prompts)
    model = Transformer.from_hf(lm)
    data = _data(model, lm, prompts)

    def answer(text: str) -> Iterator[Progress]:
        _check(lm, [text])
        yield Progress(1, 1, _entry(model, lm, text))

    _, layer, head = (data["named"] or [["", 0, 0]])[0]
    controls = {
        "prompt": dropdown("oración", prompts),
        "layer": slider("capa", layer, 0, data["layers"] - 1, 1),
        "head": slider("cabeza", head, 0, data["heads"] - 1, 1),
    }
    view = AttentionView(data, answer)
    summary = f"Laboratorio de atención ({data['model']}; oraciones: {len(prompts)})"
    return Lab(view, controls, _fallback(data, layer, head), summary)


def _fallback(data: dict[str, Any], layer: int, head: int) -> str:
    """Devuelve las tablas que se leen sin JavaScript: lo más mirado en una cabeza, y las que llevan nombre."""
    parts = []
    for entry in data["prompts"]:
        tokens, weights = entry["tokens"], _weights(data, entry, layer, head)
        rows = [
            (token, tokens[row.index(max(row))], f"{max(row):.2f}")
            for token, row in zip(tokens, weights, strict=True)
        ]
        caption = f"Capa {layer}, cabeza {head}, en «{entry['text']}»"
        parts.append(table(caption, ("token", "lo que más mira", "peso"), rows))
    if data["named"]:
        place = data["heads"]
        named = [
            (PATTERN_NAMES[name], str(i), str(j), f"{data['scores'][name][i * place + j]:.2f}")
            for name, i, j in data["named"]
        ]
        parts.append(table("Cabezas con nombre", ("patrón", "capa", "cabeza", "medida"), named))
    return "".join(parts)


def _weights(
    data: dict[str, Any], entry: dict[str, Any], layer: int, head: int
) -> list[list[float]]:
    """Devuelve los pesos de una cabeza: por cada token, uno por cada token que puede mirar."""
    T, packed = len(entry["tokens"]), entry["weights"]
    at = T * (T + 1) * (layer * data["heads"] + head)  # dos cifras por peso
    rows = []
    for length in range(1, T + 1):
        pairs = [packed[i : i + 2] for i in range(at, at + 2 * length, 2)]
        rows.append([(64 * DIGITS.index(a) + DIGITS.index(b)) / LEVELS for a, b in pairs])
        at += 2 * length
    return rows
