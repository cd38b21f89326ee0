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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from .models import LanguageModel, State
from .models.batching import batches, common_prefix
from .models.boundary import split_tokens

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Score",
    "encode_pair",
    "loglikelihood",
    "loglikelihoods",
    "score_ids",
]

Context = tuple[int, ...]

_LOGITS_BUDGET = 1 << 26  # a lo sumo 64 Mi de logits a la vez (256 MB en float32)


@dataclass(frozen=True)
class Score:
    """Log-probabilidad (en nats) de una continuación, total y token a token.

    `greedy` dice, de cada token, si era el más probable dados los verdaderos que lo preceden.
    """

    sum_logprob: float
    token_logprobs: tuple[float, ...]
    tokens: tuple[str, ...]
    token_ids: tuple[int, ...]
    greedy: tuple[bool, ...]

    @property
    def is_greedy(self) -> bool:
        """Si cada token era el más probable: si la búsqueda voraz la habría escrito."""
        return all(self.greedy)

    @property
    def mean_logprob(self) -> float:
        """Log-probabilidad media por token, en nats."""
        return self.sum_logprob / len(self.token_ids)

    @property
    def perplexity(self) -> float:
        """exp(−media): entre cuántos tokens igual de probables dudaba el modelo, en promedio."""
        return math.exp(-self.mean_logprob)

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con una fila por token."""
        import pandas as pd

        return pd.DataFrame(
            {"token": self.tokens, "id": self.token_ids, "logprob": self.token_logprobs}
        )

    def __repr__(self) -> str:
        return f"Score(sum_logprob={self.sum_logprob:.3f}, tokens={list(self.tokens)!r})"


def encode_pair(lm: LanguageModel, context: str, continuation: str) -> tuple[list[int], list[int]]:
    """Devuelve los ids del contexto y los de la continuación; dónde se separan lo decide `split_tokens`.

    Raises:
        ValueError: la continuación está vacía, o el contexto lo está y el modelo no tiene BOS ni EOS.
        TypeError: alguno de los dos no es un texto.
    """
    if not isinstance(context, str) or not isinstance(continuation, str):
        kinds = f"{type(context).__name__} y {type(continuation).__name__}"
        raise TypeError(f"El contexto y la continuación son textos; llegaron {kinds}.")
    if not continuation:
        raise ValueError(
            "La continuación está vacía: no hay ningún token que puntuar. Pasa el texto cuya probabilidad quieres "
            "conocer."
        )
    split = split_tokens(lm, context + continuation, len(context))
    return list(split.ids[: split.n_context]), list(split.ids[split.n_context :])


def loglikelihood(lm: LanguageModel, context: str, continuation: str) -> Score:
    """Devuelve log P(continuación | contexto) según `lm`, en nats.

    Equivale a la suma de log_softmax de los logits en cada token de la continuación (regla de la
    cadena). Si no cabe en el modelo se recorta el contexto por la izquierda, sin quitarle su BOS. Dónde
    empieza la continuación lo dice `split_tokens`.

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
    """Como `loglikelihoods`, con pares de ids (contexto, continuación) ya tokenizados.

    Los contextos se leen juntos, aunque midan distinto, y los que comparten más de ocho tokens al
    principio los leen una sola vez.
    """
    members: dict[tuple[int, ...], list[int]] = {}
    for i, pair in enumerate(pairs):
        members.setdefault(tuple(_checked(pair)[0]), []).append(i)
    contexts = list(members)
    common = common_prefix(contexts)
    shared = lm.prefill(torch.tensor([contexts[0][:common]])) if common else None
    scores: dict[int, Score] = {}
    for group in _batches(lm, pairs, members, common):
        state = _read(lm, group, shared)
        where = [(b, i) for b, context in enumerate(group) for i in members[context]]
        rows = [pairs[i][1] for _, i in where]
        results = _score_rows(lm, state, [b for b, _ in where], rows)
        for (_, i), row, result in zip(where, rows, results, strict=True):
            scores[i] = _score(lm, row, result)
    return [scores[i] for i in range(len(pairs))]


def _checked(pair: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
    if not pair[0] or not pair[1]:
        raise ValueError(
            "Cada par lleva al menos un id de contexto y uno de continuación. Para empezar de cero, el "
            "contexto es [lm.start_token_id]."
        )
    return pair


def _batches(
    lm: LanguageModel,
    pairs: Sequence[tuple[list[int], list[int]]],
    members: Mapping[Context, list[int]],
    shared: int,
) -> Iterator[list[Context]]:
    """Los contextos, en lotes que caben en la memoria.

    Tras un principio compartido solo se leen juntos los de igual largo: el relleno iría en medio.
    """
    longest = max((len(continuation) for _, continuation in pairs), default=0)
    kinds: dict[object, list[Context]] = {}
    for context in members:
        # junto al límite del modelo va solo: lo que se agrega a su derecha para igualar no cabría
        full = lm.max_length is not None and len(context) + longest > lm.max_length
        kinds.setdefault(context if full else len(context) if shared else None, []).append(context)
    for contexts in kinds.values():
        rows = max(len(members[context]) for context in contexts)
        lengths = [len(context) for context in contexts]
        for group in batches(lm, lengths, rows=rows, new=longest):
            yield [contexts[i] for i in group]


def _read(lm: LanguageModel, contexts: Sequence[Context], shared: State | None) -> State:
    """El estado de todos los contextos, uno por fila; `shared` es el del principio que comparten."""
    if shared is None:
        longest = max(map(len, contexts))
        padding = [longest - len(context) for context in contexts]
        filled = [[c[0]] * n + list(c) for c, n in zip(contexts, padding, strict=True)]
        return lm.prefill(torch.tensor(filled), left_padding=torch.tensor(padding))
    state = shared.expand(len(contexts))
    if len(contexts[0]) > shared.length:
        lm.advance(torch.tensor(contexts)[:, shared.length :], state)
    return state


def _score_rows(
    lm: LanguageModel, state: State, origins: list[int], rows: list[list[int]]
) -> list[list[tuple[float, bool]]]:
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
        return results
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
    return results


def _score(lm: LanguageModel, ids: list[int], found: list[tuple[float, bool]]) -> Score:
    logprobs, greedy = zip(*found, strict=True)
    tokens = tuple(lm.token_strings(ids))
    return Score(math.fsum(logprobs), logprobs, tokens, tuple(ids), greedy)


def _fit(
    lm: LanguageModel, context: list[int], continuation: list[int]
) -> tuple[list[int], list[int]]:
    """El par, con el contexto recortado por la izquierda a lo que cabe; el BOS se conserva."""
    if lm.max_length is None:
        return context, continuation
    room = lm.max_length - len(continuation) + 1
    if room < 1:
        raise ValueError(
            f"La continuación tiene {len(continuation)} tokens y el modelo lee a lo sumo {lm.max_length}. Acórtala o "
            "pártela en trozos."
        )
    if len(context) > room > 1 and context[0] == lm.bos_token_id:
        return [context[0], *context[1 - room :]], continuation
    return context[-room:], continuation
