"""`generate`: leer el prompt una vez y elegir tokens con una estrategia hasta terminar."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..models import LanguageModel, State
from .beam import beam_search
from .result import Generation, Sequence
from .strategies import BeamSearch, Greedy, Sampling, Strategy
from .trace import Step, filter_stages

__all__ = ["generate"]


def generate(
    lm: LanguageModel,
    prompt,
    strategy: Strategy = Greedy(),  # noqa: B008  (es un valor inmutable)
    *,
    max_new_tokens: int = 40,
    seed: int | None = None,
    trace: str | None = "top",
) -> Generation | list[Generation]:
    """Devuelve lo que `lm` escribe después de `prompt` según `strategy`, con su traza.

    `prompt`: un texto (se tokeniza con BOS, sin plantilla de chat), ids de tokens, embeddings (T, D) o una
    lista de textos, que devuelve una lista como si cada uno fuera solo. `seed` fija el sorteo, que
    usa un generador propio: con la misma semilla sale lo mismo que en transformers. `trace`: «top»
    guarda los 50 tokens más probables de cada etapa; «full», todos; None, nada. Se termina en los
    EOS del modelo; ningún otro valor de su `generation_config` se usa.

    Raises:
        ValueError: prompt vacío o que no cabe, o parámetros imposibles.

    >>> generate(lm, "El sol sale por el", max_new_tokens=3).text  # doctest: +SKIP
    ' este y se'
    """
    if isinstance(prompt, (list, tuple)) and prompt and all(isinstance(p, str) for p in prompt):
        options = {"max_new_tokens": max_new_tokens, "seed": seed, "trace": trace}
        return [generate(lm, text, strategy, **options) for text in prompt]
    _check(strategy, max_new_tokens, trace)
    prompt_ids, state = _read(lm, prompt, max_new_tokens)
    if isinstance(strategy, BeamSearch) and strategy.num_beams > 1:
        hypotheses, steps = beam_search(lm, state, prompt_ids, strategy, max_new_tokens, trace)
        rows = [(h, h.score, ()) for h in hypotheses[: strategy.num_return_sequences]]
        sequences = [
            _sequence(lm, prompt_ids, h.ids, h.logprobs, h.model_logprobs, score, own)
            for h, score, own in rows
        ]
    else:
        sequences = _token_by_token(lm, state, prompt_ids, strategy, max_new_tokens, seed, trace)
        steps = sequences[0].steps
    texts = lm.token_strings if lm.tokenizer is not None else lambda ids: [str(i) for i in ids]
    return Generation(
        strategy, tuple(prompt_ids[0].tolist()), tuple(sequences), tuple(steps), texts
    )


def _token_by_token(lm, state: State, prompt_ids, strategy, max_new_tokens, seed, trace):
    """Búsqueda voraz o muestreo: en cada paso, un token por fila."""
    N = getattr(strategy, "num_return_sequences", 1)
    filters, eos = (
        strategy.filters(),
        torch.tensor(lm.eos_token_ids, dtype=torch.long, device=prompt_ids.device),
    )
    choose = _sampler(seed, prompt_ids.device) if isinstance(strategy, Sampling) else _most_likely
    state, ids = state.expand(N), prompt_ids.repeat(N, 1)  # (N, P)
    rows = torch.arange(N, device=ids.device)
    logprobs, model_logprobs, steps = [], [], []
    done = torch.zeros(N, dtype=torch.bool, device=ids.device)
    for position in range(max_new_tokens):
        logits = state.logits  # (N, V)
        scores, stages = filter_stages(filters, ids, logits, trace)
        token = choose(scores)  # (N,)
        # las filas terminadas siguen sorteando, para gastar el azar igual que transformers
        logprobs.append(_logprob(scores, rows, token))
        model_logprobs.append(_logprob(logits, rows, token))
        if trace is not None:
            rank = (logits > logits[rows, token][:, None]).sum(dim=-1) + 1
            steps.append((position, stages, token, logprobs[-1], model_logprobs[-1], rank))
        ids = torch.cat([ids, token[:, None]], dim=1)
        done |= torch.isin(token, eos)
        if done.all() or position + 1 == max_new_tokens:
            break
        lm.step(token[:, None], state)
    new = ids[:, prompt_ids.shape[1] :].tolist()
    lp, mlp = torch.stack(logprobs, 1).tolist(), torch.stack(model_logprobs, 1).tolist()
    power = getattr(strategy, "length_penalty", 0.0)  # un solo haz es búsqueda voraz
    return [
        _row(lm, prompt_ids, set(lm.eos_token_ids), i, new[i], lp[i], mlp[i], steps, power)
        for i in range(N)
    ]


def _row(lm, prompt_ids, eos, i, ids, logprobs, model_logprobs, steps, power) -> Sequence:
    """La secuencia de la fila i, cortada tras su primer EOS."""
    n = next((t + 1 for t, token in enumerate(ids) if token in eos), len(ids))
    own = tuple(
        Step(p, stages[i], int(t[i]), math.exp(lp[i]), math.exp(mlp[i]), int(r[i]))
        for p, stages, t, lp, mlp, r in steps[:n]
    )
    score = math.fsum(logprobs[:n]) / n**power
    return _sequence(lm, prompt_ids, ids[:n], logprobs[:n], model_logprobs[:n], score, own)


def _sequence(lm, prompt_ids, ids, logprobs, model_logprobs, score, steps) -> Sequence:
    tokens = lm.token_strings(ids) if lm.tokenizer is not None else [str(i) for i in ids]
    reason = "eos" if ids[-1] in lm.eos_token_ids else "length"
    text = _new_text(lm, prompt_ids[0].tolist(), list(ids)) if lm.tokenizer is not None else ""
    total = math.fsum(logprobs)
    return Sequence(
        text,
        tuple(ids),
        tuple(tokens),
        tuple(logprobs),
        tuple(model_logprobs),
        total,
        score,
        reason,
        steps,
    )


def _new_text(lm: LanguageModel, prompt: list[int], ids: list[int]) -> str:
    """El texto nuevo con su espacio inicial, que algunos tokenizers solo conservan tras el prompt."""
    before, whole = lm.decode(prompt), lm.decode(prompt + ids)
    return whole[len(before) :] if whole.startswith(before) else lm.decode(ids)


def _logprob(scores: Tensor, rows: Tensor, token: Tensor) -> Tensor:  # (N, V), (N,) -> (N,)
    return torch.log_softmax(scores, dim=-1)[rows, token]


def _most_likely(scores: Tensor) -> Tensor:
    return scores.argmax(dim=-1)


def _sampler(seed: int | None, device):
    generator = torch.Generator(device)
    generator.seed() if seed is None else generator.manual_seed(seed)

    def draw(scores: Tensor) -> Tensor:
        probs = scores.softmax(dim=-1)
        if probs.isnan().any():
            raise ValueError(
                "Los filtros quitaron todos los tokens y no queda ninguno que sortear. Afloja "
                "no_repeat_ngram_size u otro filtro."
            )
        return torch.multinomial(probs, num_samples=1, generator=generator).squeeze(1)

    return draw


def _read(lm: LanguageModel, prompt, max_new_tokens: int) -> tuple[Tensor, State]:
    """Los ids del prompt (1, P) y el estado tras leerlo; con embeddings no hay ids: P = 0."""
    if torch.is_tensor(prompt) and prompt.is_floating_point():
        embeds = prompt if prompt.dim() == 3 else prompt[None]  # (1, T, D)
        _check_room(lm, embeds.shape[1], max_new_tokens)
        empty = torch.empty(1, 0, dtype=torch.long, device=lm.device)
        return empty, lm.prefill(inputs_embeds=embeds)
    ids = lm.encode(prompt) if isinstance(prompt, str) else prompt
    ids = torch.as_tensor(ids, dtype=torch.long, device=lm.device).view(1, -1)
    _check_room(lm, ids.shape[1], max_new_tokens)
    if ids.min() < 0 or ids.max() >= lm.vocab_size:
        raise ValueError(
            f"El prompt tiene ids fuera del vocabulario (0 a {lm.vocab_size - 1}): ¿vienen de otro tokenizer?"
        )
    return ids, lm.prefill(ids)


def _check_room(lm: LanguageModel, length: int, max_new_tokens: int) -> None:
    if length == 0:
        raise ValueError(
            "El prompt está vacío: el modelo necesita al menos un token para predecir el siguiente. "
            "Pasa un texto o, para empezar de cero, [lm.bos_token_id]."
        )
    if length + max_new_tokens > lm.max_length:
        raise ValueError(
            f"El prompt tiene {length} tokens y pides {max_new_tokens} más, pero el modelo lee a lo sumo "
            f"{lm.max_length}. Acorta el prompt o pide como máximo {max(0, lm.max_length - length)}."
        )


def _check(strategy, max_new_tokens, trace) -> None:
    if not isinstance(strategy, Strategy):
        raise TypeError(
            f"strategy={strategy!r} no es una estrategia. Usa Greedy(), Sampling(...) o BeamSearch(...)."
        )
    if (
        not isinstance(max_new_tokens, int)
        or isinstance(max_new_tokens, bool)
        or max_new_tokens < 1
    ):
        raise ValueError(f"max_new_tokens={max_new_tokens!r} no vale: debe ser un entero desde 1.")
    if trace not in ("top", "full", None):
        raise ValueError(f"trace={trace!r} no existe. Usa «top», «full» o None.")
