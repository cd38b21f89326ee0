"""`generate`: leer el prompt una vez y elegir tokens con una estrategia hasta terminar."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ..models import LanguageModel, State
from ..models.batching import ALIKE, batches, common_prefix
from .beam import beam_search
from .lockstep import Found, Hypothesis, Search, lockstep
from .prompts import is_many, prompt_tensor, room_for
from .result import Generation, Sequence
from .strategies import Greedy, Strategy
from .token_by_token import Limits, token_by_token

__all__ = ["generate"]


def generate(
    lm: LanguageModel,
    prompt: Any,
    strategy: Strategy = Greedy(),  # noqa: B008  (es un valor inmutable)
    *,
    max_new_tokens: int = 40,
    seed: int | None = None,
    trace: str | None = "top",
) -> Any:
    """Devuelve lo que `lm` escribe después de `prompt` según `strategy`, con su traza: una `Generation`.

    `prompt`: un texto (se tokeniza con BOS, sin plantilla de chat), ids de tokens o embeddings (T, D); o
    una lista de ellos, que se leen juntos y devuelve una lista, cada uno como si fuera solo. `seed` fija el
    sorteo, que usa un generador propio: con la misma semilla sale lo mismo que en transformers. `trace`:
    «top» guarda los 50 tokens más probables de cada etapa; «full», todos; None, nada. Se termina en los
    EOS del modelo; ningún otro valor de su `generation_config` se usa.

    Raises:
        ValueError: prompt vacío o que no cabe, o parámetros imposibles.
        TypeError: `prompt` o `strategy` no son de los tipos dichos.

    >>> generate(lm, "El sol sale por el", max_new_tokens=3).text  # doctest: +SKIP
    ' este y se'
    """
    new = _checked(strategy, max_new_tokens, trace)
    limits = Limits(lm.eos_token_ids, new, _checked_seed(seed), trace)
    many = is_many(prompt)
    prompts = [prompt_tensor(lm, one) for one in (prompt if many else [prompt])]
    for one in prompts:
        room_for(lm, one.shape[1], limits.max_new_tokens)
    generations = _generate(lm, prompts, strategy, limits)
    return generations if many else generations[0]


def _generate(
    lm: LanguageModel, prompts: list[Tensor], strategy: Strategy, limits: Limits
) -> list[Generation]:
    rows = max(strategy.num_beams, strategy.num_return_sequences)
    found: dict[int, Found] = {}
    with _progress(len(prompts)) as bar:
        for kind in (2, 3):  # los ids y los embeddings no se leen juntos
            same = [i for i, prompt in enumerate(prompts) if prompt.dim() == kind]
            lengths = [prompts[i].shape[1] for i in same]
            for group in batches(lm, lengths, rows=rows, new=limits.max_new_tokens, alike=0):
                members = [same[j] for j in group]
                state = _read(lm, [prompts[i] for i in members])
                searches = [_search(prompts[i], strategy, limits) for i in members]
                found |= zip(members, lockstep(lm, state, searches, bar.update), strict=True)
    return [_generation(lm, prompts[i], strategy, found[i]) for i in range(len(prompts))]


def _read(lm: LanguageModel, prompts: list[Tensor]) -> State:
    """El estado tras leer los prompts, del más largo al más corto: en lotes de largo parecido, y unidos.

    El principio que todos comparten (unos ejemplos, una instrucción) se lee una sola vez.
    """
    shared = common_prefix([tuple(p[0].tolist()) for p in prompts if p.dim() == 2])
    lengths = [prompt.shape[1] for prompt in prompts]
    # tras un principio compartido solo se leen juntos los de igual largo: el relleno iría en medio
    groups = batches(lm, lengths, alike=1 if shared else ALIKE)
    if shared:
        start = lm.prefill(prompts[0][:, :shared])
        states = [_read_after(lm, start, [prompts[i] for i in group]) for group in groups]
    else:
        states = [_read_together(lm, [prompts[i] for i in group]) for group in groups]
    if all(state.can_join for state in states):
        return State.join(states)
    return _read_together(lm, prompts)


def _read_after(lm: LanguageModel, start: State, prompts: list[Tensor]) -> State:
    """El estado de unos prompts del mismo largo que empiezan con lo que `start` ya leyó."""
    state = start.expand(len(prompts))
    lm.advance(torch.cat(prompts)[:, start.length :], state)
    return state


def _read_together(lm: LanguageModel, prompts: list[Tensor]) -> State:
    """El estado tras leer los prompts a la vez, rellenos por la izquierda hasta el más largo."""
    longest = max(prompt.shape[1] for prompt in prompts)
    padding = torch.tensor([longest - prompt.shape[1] for prompt in prompts])
    filled = torch.cat(
        [
            torch.cat([prompt[:, :1].expand(-1, n, *prompt.shape[2:]), prompt], dim=1)
            for prompt, n in zip(prompts, padding.tolist(), strict=True)
        ]
    )
    if filled.is_floating_point():
        return lm.prefill(inputs_embeds=filled, left_padding=padding)
    return lm.prefill(filled, left_padding=padding)


def _search(prompt: Tensor, strategy: Strategy, limits: Limits) -> Callable[[Tensor], Search]:
    """La búsqueda de un prompt; con embeddings no hay ids que los filtros puedan mirar: P = 0."""
    ids = prompt if prompt.dim() == 2 else prompt.new_empty((1, 0), dtype=torch.long)
    search = beam_search if strategy.num_beams > 1 else token_by_token
    return partial(search, prompt_ids=ids, strategy=strategy, limits=limits)


def _generation(lm: LanguageModel, prompt: Tensor, strategy: Strategy, found: Found) -> Generation:
    ids = prompt[0].tolist() if prompt.dim() == 2 else []
    sequences = tuple(_sequence(lm, ids, h) for h in found.hypotheses)
    return Generation(strategy, tuple(ids), sequences, found.steps, lm.token_strings)


def _sequence(lm: LanguageModel, prompt: list[int], h: Hypothesis) -> Sequence:
    return Sequence(
        _new_text(lm, prompt, list(h.ids)) if lm.tokenizer is not None else "",
        h.ids,
        tuple(lm.token_strings(h.ids)),
        h.logprobs,
        h.model_logprobs,
        h.sum_logprob,
        h.score,
        "eos" if h.ids[-1] in lm.eos_token_ids else "length",
        h.steps,
    )


def _new_text(lm: LanguageModel, prompt: list[int], ids: list[int]) -> str:
    """El texto nuevo con su espacio inicial, que algunos tokenizers solo conservan tras el prompt."""
    before, whole = lm.decode(prompt), lm.decode(prompt + ids)
    return whole[len(before) :] if whole.startswith(before) else lm.decode(ids)


def _checked(strategy: Strategy, max_new_tokens: int, trace: str | None) -> int:
    """`max_new_tokens` como entero de Python, tras revisar los tres."""
    if not isinstance(strategy, Strategy):
        raise TypeError(
            f"strategy={strategy!r} no es una estrategia. Usa Greedy(), Sampling(...) o BeamSearch(...)."
        )
    try:
        n = 0 if isinstance(max_new_tokens, bool) else operator.index(max_new_tokens)
    except TypeError:
        n = 0
    if n < 1:
        raise ValueError(f"max_new_tokens={max_new_tokens!r} no vale: debe ser un entero desde 1.")
    if trace not in ("top", "full", None):
        raise ValueError(f"trace={trace!r} no existe. Usa «top», «full» o None.")
    return n


def _checked_seed(seed: int | None) -> int | None:
    """La semilla como entero de Python, o None; otra cosa es un `TypeError`."""
    if seed is None or hasattr(seed, "__index__"):
        return None if seed is None else operator.index(seed)
    raise TypeError(
        f"seed={seed!r} no vale: es un entero, o None para un sorteo distinto cada vez."
    )


def _progress(prompts: int) -> Any:
    """La barra de avance, solo con varios prompts y en una terminal: en un cuaderno quedaría guardada."""
    from tqdm import tqdm

    return tqdm(
        total=prompts,
        desc="escribiendo",
        unit="texto",
        delay=2,
        disable=True if prompts == 1 else None,
        leave=False,
    )
