"""Cuánto cree un modelo un texto: la log-probabilidad de una continuación dado su contexto.

Todo lo demás (prompting, perplejidad, búsqueda de respuestas) se apoya en esta única operación. El
desfase de una posición que confunde a todo el mundo:

    texto      <bos>  La  luna  | brilla  hoy
    posición     0     1    2   |    3     4
    el modelo lee todo menos el último token ........  0 1 2 3
    y en la posición i predice el token i + 1 .......  1 2 3 4
    solo cuentan las predicciones de la continuación:      3 4   (salen de las posiciones 2 y 3)

Los logits de la posición 2 ya los da `prefill(contexto)`; por eso basta leer después la continuación
sin su último token.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from .models import LanguageModel, State

__all__ = ["Score", "encode_pair", "loglikelihood", "loglikelihoods"]

_LOGITS_BUDGET = 1 << 26  # a lo sumo 64 Mi de logits a la vez (256 MB en float32)


@dataclass(frozen=True)
class Score:
    """Log-probabilidad (en nats) de una continuación, total y token a token.

    `is_greedy` dice si cada token era el más probable: si la búsqueda voraz la habría escrito.
    """

    sum_logprob: float
    token_logprobs: tuple[float, ...]
    tokens: tuple[str, ...]
    token_ids: tuple[int, ...]
    is_greedy: bool

    @property
    def mean_logprob(self) -> float:
        """Log-probabilidad media por token, en nats."""
        return self.sum_logprob / len(self.token_ids)

    @property
    def perplexity(self) -> float:
        """exp(−media): entre cuántos tokens igual de probables dudaba el modelo, en promedio."""
        return math.exp(-self.mean_logprob)

    def to_frame(self):
        """Devuelve una tabla de pandas con una fila por token."""
        import pandas as pd

        return pd.DataFrame(
            {"token": self.tokens, "id": self.token_ids, "logprob": self.token_logprobs}
        )

    def __repr__(self) -> str:
        return f"Score(sum_logprob={self.sum_logprob:.3f}, tokens={list(self.tokens)!r})"


def encode_pair(lm: LanguageModel, context: str, continuation: str) -> tuple[list[int], list[int]]:
    """Devuelve los ids del contexto y los de la continuación, separados por donde toca.

    Se tokeniza el texto entero y se corta tras los tokens del contexto, porque tokenizar las partes por
    separado puede dar otros tokens. Los espacios finales del contexto pasan a la continuación: «es ␣»
    + «Lima» son los mismos tokens que «es» + «␣Lima». Con el contexto vacío se usa BOS (o EOS).
    """
    if not continuation:
        raise ValueError(
            "La continuación está vacía: no hay ningún token que puntuar. Pasa el texto cuya probabilidad quieres "
            "conocer."
        )
    stripped = context.rstrip(" ")
    continuation = context[len(stripped) :] + continuation
    whole = lm.encode(stripped + continuation)
    head = lm.encode(stripped)
    if not head:
        first = lm.bos_token_id if lm.bos_token_id is not None else lm.eos_token_ids[0]
        head, whole = [first], [first, *whole]
    return whole[: len(head)], whole[len(head) :]


def loglikelihood(lm: LanguageModel, context: str, continuation: str) -> Score:
    """Devuelve log P(continuación | contexto) según `lm`, en nats.

    Equivale a la suma de log_softmax de los logits en cada token de la continuación (regla de la
    cadena). Si no cabe en el contexto del modelo se recorta el contexto por la izquierda.

    Raises:
        ValueError: la continuación está vacía o no cabe en el modelo.

    >>> loglikelihood(lm, "La capital de Francia es", " París")  # doctest: +SKIP
    Score(sum_logprob=-3.47, tokens=[' París'])
    """
    return loglikelihoods(lm, [(context, continuation)])[0]


def loglikelihoods(lm: LanguageModel, pairs: Sequence[tuple[str, str]]) -> list[Score]:
    """Devuelve el `Score` de cada par (contexto, continuación), en el mismo orden.

    Cada contexto distinto se lee una sola vez, y el principio que todos comparten, también; los
    contextos del mismo largo y todas sus continuaciones se leen juntos, y solo se calculan los logits
    que hacen falta.
    """
    encoded = [_fit(lm, *encode_pair(lm, context, continuation)) for context, continuation in pairs]
    return score_ids(lm, encoded)


def score_ids(lm: LanguageModel, pairs: Sequence[tuple[list[int], list[int]]]) -> list[Score]:
    """Como `loglikelihoods`, con pares de ids (contexto, continuación) ya tokenizados."""
    members: dict[tuple[int, ...], list[int]] = {}
    for i, (context, _) in enumerate(pairs):
        members.setdefault(tuple(context), []).append(i)
    prefix = _common_prefix(list(members)) if len(members) > 1 else ()
    shared = lm.prefill(torch.tensor([prefix])) if len(prefix) > 8 else None
    scores: list[Score | None] = [None] * len(pairs)
    for contexts in _batches(lm, pairs, members):
        state = _read(lm, contexts, shared)
        where = [(b, i) for b, context in enumerate(contexts) for i in members[context]]
        rows = [pairs[i][1] for _, i in where]
        results = _score_rows(lm, state, [b for b, _ in where], rows)
        for (_, i), row, result in zip(where, rows, results, strict=True):
            scores[i] = _score(lm, row, *result)
    return scores


def _batches(lm: LanguageModel, pairs, members) -> Iterator[list[tuple[int, ...]]]:
    """Junta contextos del mismo largo, que se leen de una vez sin relleno; acota los logits de cada tanda."""
    batch: list[tuple[int, ...]] = []
    size = 0
    for context in sorted(members, key=len):
        logits = 1 + sum(len(pairs[i][1]) - 1 for i in members[context])
        full = (size + logits) * lm.vocab_size > _LOGITS_BUDGET
        if batch and (full or len(context) != len(batch[0])):
            yield batch
            batch, size = [], 0
        batch.append(context)
        size += logits
    if batch:
        yield batch


def _read(lm: LanguageModel, contexts: list[tuple[int, ...]], shared: State | None) -> State:
    """El estado (una fila por contexto) tras leerlos; si ya se leyó su principio, se sigue de una copia."""
    if shared is None:
        return lm.prefill(torch.tensor(contexts))
    state = shared.clone().expand(len(contexts))
    if len(contexts[0]) > shared.length:
        _advance(lm, torch.tensor(contexts)[:, shared.length :], state)
    return state


def _advance(lm: LanguageModel, input_ids: torch.Tensor, state: State) -> None:
    """Lo que hace `lm.step` con los tokens de un contexto, sin calcular logits que nadie mira.

    Con 262 144 tokens de vocabulario, los logits cuestan más que todas las capas de Gemma 3 270M.
    """
    if type(lm).step is not LanguageModel.step:
        lm.step(input_ids, state)
        return
    with torch.no_grad():
        output = lm.model(
            input_ids=input_ids.to(lm.device),
            past_key_values=state.cache,
            use_cache=True,
            logits_to_keep=1,
        )
    state.logits = output.logits[:, -1].float()
    state.length += input_ids.shape[1]


def _common_prefix(contexts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    low, high = min(contexts), max(contexts)  # en orden lexicográfico, los extremos bastan
    n = next(
        (i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b),
        min(len(low), len(high)),
    )
    return low[:n]


def _score_rows(lm: LanguageModel, state: State, origins: list[int], rows: list[list[int]]):
    """Para cada continuación, sus log-probabilidades y si cada token era el más probable.

    `origins[i]`: la fila de `state` (su contexto) de la continuación `rows[i]`.
    """
    first = torch.log_softmax(state.logits, dim=-1)  # (contextos, V): el primer token de todas
    top = first.argmax(dim=-1)
    results = [
        [(first[b, row[0]].item(), top[b].item() == row[0])]
        for b, row in zip(origins, rows, strict=True)
    ]
    pending = [i for i, row in enumerate(rows) if len(row) > 1]
    if not pending:
        return [_transpose(r) for r in results]
    state = state.select(torch.tensor([origins[i] for i in pending], device=state.logits.device))
    longest = max(len(rows[i]) for i in pending) - 1
    chunk = max(1, _LOGITS_BUDGET // (lm.vocab_size * len(pending)))
    for start in range(0, longest, chunk):
        # relleno por la derecha: con máscara causal no altera lo que está a su izquierda
        block = [rows[i][start : start + chunk + 1] for i in pending]
        width = min(chunk, longest - start)
        ids = torch.tensor([[*b[:width], *[0] * (width - len(b))][:width] for b in block])
        logprobs = torch.log_softmax(lm.step(ids, state), dim=-1)  # (B, width, V)
        best = logprobs.argmax(dim=-1)
        for b, (i, tokens) in enumerate(zip(pending, block, strict=True)):
            for t, token in enumerate(tokens[1 : width + 1]):
                results[i].append((logprobs[b, t, token].item(), best[b, t].item() == token))
    return [_transpose(r) for r in results]


def _transpose(pairs):
    logprobs, greedy = zip(*pairs, strict=True)
    return logprobs, all(greedy)


def _score(lm: LanguageModel, ids: list[int], logprobs, is_greedy: bool) -> Score:
    tokens = lm.token_strings(ids) if lm.tokenizer is not None else [str(i) for i in ids]
    return Score(math.fsum(logprobs), tuple(logprobs), tuple(tokens), tuple(ids), is_greedy)


def _fit(lm: LanguageModel, context: list[int], continuation: list[int]):
    room = lm.max_length - len(continuation) + 1
    if room < 1:
        raise ValueError(
            f"La continuación tiene {len(continuation)} tokens y el modelo lee a lo sumo {lm.max_length}. Acórtala o "
            "pártela en trozos."
        )
    return context[-room:], continuation
