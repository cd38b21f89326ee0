"""Sumar de dos maneras: una familia de Transformers que responde de una vez o escribe los pasos.

La misma suma, escrita de las dos maneras (el «;» termina cada paso y la respuesta):

    «directa»   345+678=1023;
    «pasos»     345+678=5+8+0=13;4+7+1=12;3+6+1=10;1023;

Cada paso suma una columna, desde las unidades, con lo que se lleva: «4+7+1=12» es «escribo 2, llevo 1».
Todos los tamaños ven los mismos ejemplos en el mismo orden, y ninguno ve las sumas de prueba.

Ref.: Nye et al. 2021, arXiv:2112.00114 (pasos escritos); Schaeffer et al. 2023, arXiv:2304.15004 (la
métrica y el salto).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ..transformer.cache import KVCache
from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer
from .training import num_weights, train

__all__ = [
    "ALPHABET",
    "BATCH",
    "CURVE_PAIRS",
    "STEPS",
    "WAYS",
    "WIDTHS",
    "chance",
    "complete",
    "digit_accuracy",
    "exact_match",
    "extract",
    "forced",
    "held_out",
    "measure",
    "member",
    "peak",
    "solve",
    "train_member",
]

ALPHABET = "0123456789+=;"
WAYS = ("directa", "pasos")
WIDTHS = (8, 12, 16, 24, 32, 48, 64)
STEPS, BATCH = 1500, 64
TEST_SEED, TEST_PAIRS, CURVE_PAIRS, MOMENTS = 2026, 500, 200, 10
PROMPT, WORKED, ANSWER = len("345+678="), len("5+8+0=13;4+7+1=12;3+6+1=10;"), len("1023;")
Pair = tuple[int, int]


def solve(a: int, b: int, way: str) -> str:
    """Devuelve lo que debe seguir a «a+b=»: la respuesta, con los pasos delante o sin ellos.

    >>> solve(345, 678, "directa"), solve(345, 678, "pasos")
    ('1023;', '5+8+0=13;4+7+1=12;3+6+1=10;1023;')
    """
    if way not in WAYS:
        raise ValueError(f"No hay una manera «{way}» de sumar. Usa «directa» o «pasos».")
    if not all(100 <= number <= 999 for number in (a, b)):
        raise ValueError(f"{a} + {b}: los dos sumandos tienen tres cifras, de 100 a 999.")
    steps, carry = "", 0
    for x, y in zip(reversed(str(a)), reversed(str(b)), strict=True):
        total = int(x) + int(y) + carry
        steps += f"{x}+{y}+{carry}={total:02d};"
        carry = total // 10
    return (steps if way == "pasos" else "") + f"{a + b};"


def extract(output: str, way: str) -> str:
    """Devuelve la respuesta que hay en lo escrito, o «» si no llegó a escribirla.

    >>> extract("5+8+0=13;4+7+1=12;3+6+1=10;1023;", "pasos"), extract("5+8+0=13;4+7", "pasos")
    ('1023', '')
    """
    before = 3 if way == "pasos" else 0
    return [*output.split(";"), "", "", ""][before]


def exact_match(outputs: Sequence[str], answers: Sequence[str], last: int = 4) -> float:
    """Devuelve la fracción de respuestas con sus `last` últimas cifras bien; con 4, enteras.

    >>> exact_match(["1023", "468"], ["1023", "478"]), exact_match(["1023", "468"], ["1023", "478"], 1)
    (0.5, 1.0)
    """
    if not 1 <= last <= 4:
        raise ValueError(f"last={last}: se juzgan entre 1 y 4 cifras, desde las unidades.")
    rights = [all(row[4 - last :]) for row in _right_digits(outputs, answers)]
    return sum(rights) / len(rights)


def digit_accuracy(outputs: Sequence[str], answers: Sequence[str]) -> float:
    """Devuelve la fracción de cifras bien, de las cuatro de cada respuesta (si hay tres, un hueco).

    >>> digit_accuracy(["1023", "468"], ["1023", "478"])
    0.875
    """
    rights = [right for row in _right_digits(outputs, answers) for right in row]
    return sum(rights) / len(rights)


def _right_digits(outputs: Sequence[str], answers: Sequence[str]) -> list[list[bool]]:
    """Qué cifras están bien, alineadas por las unidades; lo que no es un número no acierta ninguna."""
    return [
        [
            output.isdigit() and len(output) <= 4 and x == y
            for x, y in zip(output.rjust(4)[-4:], answer.rjust(4), strict=True)
        ]
        for output, answer in zip(outputs, answers, strict=True)
    ]


def chance() -> dict[str, float]:
    """Devuelve lo que acierta quien responde siempre lo mismo, lo más frecuente: exact y digits.

    >>> {name: round(value, 4) for name, value in chance().items()}
    {'exact': 0.0011, 'digits': 0.2026}
    """
    totals: Counter[str] = Counter()
    digits = [Counter[str]() for _ in range(4)]
    for total in range(200, 1999):
        pairs = 900 - abs(total - 1099)  # cuántos pares suman eso
        totals[str(total)] = pairs
        for counts, digit in zip(digits, str(total).rjust(4), strict=True):
            counts[digit] += pairs
    exact, *places = (max(counts.values()) / counts.total() for counts in (totals, *digits))
    return {"exact": exact, "digits": sum(places) / 4}


@cache
def held_out() -> tuple[Pair, ...]:
    """Devuelve las sumas de prueba: ningún entrenamiento las ve, tampoco en el otro orden.

    >>> len(held_out()) == len({frozenset(pair) for pair in held_out()})
    True
    """
    draw = random.Random(TEST_SEED)
    found: dict[frozenset[int], Pair] = {}
    while len(found) < TEST_PAIRS:
        pair = draw.randint(100, 999), draw.randint(100, 999)
        found.setdefault(frozenset(pair), pair)
    return tuple(found.values())


def member(width: int) -> TransformerConfig:
    """Devuelve la configuración de la familia con ese ancho: dos bloques, cuatro cabezas.

    >>> member(64).head_dim
    16
    """
    return TransformerConfig(
        vocab_size=len(ALPHABET),
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=max(4, width // 4),  # con menos de dos pares, la posición no se distingue bien
        intermediate_size=8 * width // 3 // 2 * 2,
        max_position_embeddings=PROMPT + WORKED + ANSWER,
    )


def peak(width: int) -> float:
    """Devuelve la mayor tasa de aprendizaje: los modelos anchos piden pasos más cortos.

    >>> peak(16), peak(64)
    (0.01, 0.005)
    """
    return min(0.01, 0.32 / width)


@torch.no_grad()
def complete(model: Transformer, pairs: Sequence[Pair], way: str) -> list[str]:
    """Devuelve lo que el modelo escribe tras cada «a+b=», siempre el símbolo más probable."""
    cache = KVCache.empty(model.config.num_hidden_layers)
    ids, written = _encode([f"{a}+{b}=" for a, b in pairs]), []
    for _ in range(_before(way) + ANSWER):
        ids = model(ids, cache=cache, only_last=True).argmax(-1)  # (B, 1)
        written.append(ids)
    return ["".join(ALPHABET[i] for i in row) for row in torch.cat(written, dim=1).tolist()]


@torch.no_grad()
def forced(model: Transformer, pairs: Sequence[Pair], way: str) -> dict[str, float]:
    """Devuelve las medidas suaves, con lo anterior ya bien escrito, de todo lo que sigue a «=».

    Son `loss` (nats por símbolo) y `token_accuracy`; y las de la respuesta sola, `answer_loss` y
    `answer_token_accuracy`.
    """
    texts = [f"{a}+{b}={solve(a, b, way)}" for a, b in pairs]
    ids = _encode(texts)
    logits, targets = model(ids[:, :-1]), ids[:, 1:]  # (B, T, V), (B, T)
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")  # (B, T)
    rights = (logits.argmax(-1) == targets).float()
    position = torch.arange(1, ids.shape[1])  # del símbolo que se predice
    lengths = torch.tensor([len(text) for text in texts])[:, None]
    found = {}
    for name, first in (("", PROMPT), ("answer_", PROMPT + _before(way))):
        counts = (first <= position) & (position < lengths)  # (B, T): sin los «;» de relleno
        found[f"{name}loss"] = losses[counts].mean().item()
        found[f"{name}token_accuracy"] = rights[counts].mean().item()
    return found


def measure(
    model: Transformer, pairs: Sequence[Pair], way: str
) -> tuple[dict[str, float], list[str]]:
    """Devuelve las medidas de un modelo en esas sumas, y lo que escribió en cada una.

    `exact` y `digits` juzgan las mismas respuestas escritas (ver `exact_match` y `digit_accuracy`);
    `without_answer` es la fracción de las que no llegó a haber; las demás son las de `forced`.
    """
    outputs = complete(model, pairs, way)
    found, answers = [extract(text, way) for text in outputs], [str(a + b) for a, b in pairs]
    measured = {
        "exact": exact_match(found, answers),
        "digits": digit_accuracy(found, answers),
        "without_answer": sum(not text for text in found) / len(found),
        **forced(model, pairs, way),
    }
    return measured, outputs


def train_member(
    width: int,
    way: str,
    seed: int = 0,
    *,
    steps: int = STEPS,
    on_step: Callable[[], None] = lambda: None,
) -> tuple[Transformer, dict[str, Any]]:
    """Entrena un miembro y devuelve el modelo y su fila, con la curva de diez momentos.

    `seed` decide los pesos iniciales y las sumas: con la misma, todos los anchos y las dos maneras ven
    las mismas. `steps` es cuántos lotes se leen, y `on_step` se llama tras cada uno (para una barra de
    progreso).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(member(width))
    curve: list[dict[str, float]] = []
    done = 0

    def watch() -> None:
        nonlocal done
        done += 1
        if done * MOMENTS % steps < MOMENTS:
            curve.append({"step": done, **measure(model, held_out()[:CURVE_PAIRS], way)[0]})
        on_step()

    train(
        model, _batches(way, seed), steps=steps, peak=peak(width), first=PROMPT - 1, on_step=watch
    )
    measured, outputs = measure(model, held_out(), way)
    row = {
        "width": width,
        "way": way,
        "seed": seed,
        "steps": steps,
        "parameters": num_weights(model),
        **measured,
        "curve": curve,
        "answers": " ".join(extract(output, way) for output in outputs),
        "outputs": outputs[:8],
    }
    return model, row


def _batches(way: str, seed: int) -> Iterator[Tensor]:
    draw, held = random.Random(seed), {frozenset(pair) for pair in held_out()}
    pairs: list[Pair] = []
    while True:
        pair = draw.randint(100, 999), draw.randint(100, 999)
        if frozenset(pair) not in held:
            pairs.append(pair)
        if len(pairs) == BATCH:
            yield _encode([f"{a}+{b}={solve(a, b, way)}" for a, b in pairs])
            pairs = []


def _before(way: str) -> int:
    """Cuántos símbolos se escriben entre el «=» y la respuesta."""
    return WORKED if way == "pasos" else 0


def _encode(texts: Sequence[str]) -> Tensor:
    """Los símbolos (B, T) de los textos; los más cortos, los de suma de tres cifras, repiten el «;»."""
    longest = max(map(len, texts))
    return torch.tensor([[ALPHABET.index(c) for c in text.ljust(longest, ";")] for text in texts])
