"""`transformers.generate` con todos los botones a la vista, para comparar."""

from __future__ import annotations

from dataclasses import asdict

import torch

from course_lib.decoding import BeamSearch, Sampling
from course_lib.decoding.strategies import Strategy

NEUTRAL = {
    "temperature": 1.0,
    "top_k": 0,
    "top_p": 1.0,
    "min_p": None,
    "typical_p": 1.0,
    "epsilon_cutoff": 0.0,
    "eta_cutoff": 0.0,
    "num_beams": 1,
    "length_penalty": 1.0,
    "early_stopping": False,
    "num_return_sequences": 1,
}


def hf_generate(lm, ids, strategy: Strategy, max_new_tokens: int, seed: int | None = None):
    """(secuencias nuevas cortadas tras su EOS, puntajes o None, log-probabilidades por token)."""
    knobs = NEUTRAL | {"do_sample": isinstance(strategy, Sampling)} | asdict(strategy)
    knobs["min_p"] = knobs["min_p"] or None
    if seed is not None:
        torch.manual_seed(seed)
    prompt = torch.tensor([ids])
    out = lm.model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=max_new_tokens,
        return_dict_in_generate=True,
        output_scores=True,
        **knobs,
    )
    beams = isinstance(strategy, BeamSearch) and strategy.num_beams > 1
    rows = [cut(row, lm.eos_token_ids) for row in out.sequences[:, len(ids) :].tolist()]
    if beams:
        transitions = lm.model.compute_transition_scores(
            out.sequences, out.scores, out.beam_indices, normalize_logits=False
        ).tolist()
    else:
        # normalizar en doble precisión los puntajes de transformers: su compute_transition_scores
        # suma 262 144 exponenciales en float32 y se aleja hasta 4e-4 del valor exacto
        exact = [step.double().log_softmax(dim=-1) for step in out.scores]
        transitions = [
            [exact[t][i, token].item() for t, token in enumerate(r)] for i, r in enumerate(rows)
        ]
    logprobs = [t[: len(r)] for t, r in zip(transitions, rows, strict=True)]
    return rows, out.sequences_scores.tolist() if beams else None, logprobs


def cut(row: list[int], eos: tuple[int, ...]) -> list[int]:
    """La fila hasta su primer EOS, incluido (lo demás es relleno)."""
    return next((row[: i + 1] for i, token in enumerate(row) if token in eos), row)
