"""Lo que devuelve `generate`: los textos, sus probabilidades y la traza, listos para mirar."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .strategies import Strategy
from .trace import BeamStep, Step

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Generation", "Sequence"]


@dataclass(frozen=True)
class Sequence:
    """Un texto generado.

    `token_logprobs`: log-probabilidad (nats) de cada token tras los filtros, que es lo que la
    estrategia maximiza o sortea; `model_logprobs`: la que le daba el modelo antes de filtrar.
    `score`: en búsqueda en haz, sum_logprob / n**length_penalty; en las demás, sum_logprob.
    `finish_reason`: «eos» si el modelo lo terminó, «length» si se alcanzó el máximo.
    """

    text: str
    token_ids: tuple[int, ...]
    tokens: tuple[str, ...]
    token_logprobs: tuple[float, ...]
    model_logprobs: tuple[float, ...]
    sum_logprob: float
    score: float
    finish_reason: str
    steps: tuple[Step, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Sequence({self.text!r}, score={self.score:.3f}, {self.finish_reason})"

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<span title="p = {math.exp(p):.3g}" style="background:'
            f'rgba(66,133,244,{0.08 + 0.45 * math.exp(p):.2f});border-radius:3px;padding:1px 0">'
            f"{html.escape(token)}</span>"
            for token, p in zip(self.tokens, self.token_logprobs, strict=True)
        )
        return f'<div style="white-space:pre-wrap">{cells}</div>'


@dataclass(frozen=True)
class Generation:
    """El resultado de generar: sus secuencias y su traza.

    `sequences`: en búsqueda en haz, de mejor a peor; al muestrear, en el orden en que se sortearon.

    `text`, `token_ids` y `steps` son los de la primera. En búsqueda en haz, `steps` son `BeamStep`.
    """

    strategy: Strategy
    prompt_ids: tuple[int, ...]
    sequences: tuple[Sequence, ...]
    steps: tuple[Step, ...] | tuple[BeamStep, ...] = field(repr=False)
    _token_strings: Callable[[Seq[int]], list[str]] = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """Texto nuevo de la primera secuencia."""
        return self.sequences[0].text

    @property
    def token_ids(self) -> tuple[int, ...]:
        """Tokens nuevos de la primera secuencia, con el EOS final si lo hubo."""
        return self.sequences[0].token_ids

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas: una fila por token o, en búsqueda en haz, una por candidata.

        Sin traza, las columnas que dependen de ella quedan vacías.
        """
        import pandas as pd

        beams = [step for step in self.steps if isinstance(step, BeamStep)]
        if beams:
            return pd.DataFrame([row for step in beams for row in self._candidate_rows(step)])
        rows = [
            row for i, sequence in enumerate(self.sequences) for row in _token_rows(i, sequence)
        ]
        return pd.DataFrame(rows)

    def _candidate_rows(self, step: BeamStep) -> list[dict[str, Any]]:
        texts = self._token_strings([c.token_id for c in step.candidates])
        return [
            {
                "position": step.position,
                "parent": c.parent,
                "token": text,
                "token_id": c.token_id,
                "logprob": c.logprob,
                "sum_logprob": c.sum_logprob,
                "status": c.status,
                "score": c.score,
            }
            for c, text in zip(step.candidates, texts, strict=True)
        ]

    def explain(self, position: int) -> pd.DataFrame:
        """Devuelve, para el paso `position`, los tokens más probables y su probabilidad en cada etapa."""
        import pandas as pd

        step = self.steps[position] if self.steps else None
        if not isinstance(step, Step):
            raise ValueError("explain() necesita la traza de Greedy o Sampling: usa trace='top'.")
        shown = step.stages[0].token_ids[:10]
        table = pd.DataFrame(index=pd.Index(self._token_strings(shown), name="token"))
        for stage in step.stages:
            probs = dict(zip(stage.token_ids, stage.probs, strict=True))
            table[stage.name] = [probs.get(i, 0.0) for i in shown]
        return table

    def __repr__(self) -> str:
        more = f", {len(self.sequences)} secuencias" if len(self.sequences) > 1 else ""
        return f"Generation({self.text!r}, {self.strategy!r}{more})"

    def _repr_html_(self) -> str:
        head = html.escape(repr(self.strategy))
        body = "".join(s._repr_html_() for s in self.sequences)
        return f"<div><small><code>{head}</code></small>{body}</div>"


def _token_rows(index: int, sequence: Sequence) -> list[dict[str, Any]]:
    rows = []
    for t, token in enumerate(sequence.tokens):
        step = sequence.steps[t] if sequence.steps else None
        rows.append(
            {
                "sequence": index,
                "position": t,
                "token": token,
                "token_id": sequence.token_ids[t],
                "prob": math.exp(sequence.token_logprobs[t]),
                "logprob": sequence.token_logprobs[t],
                "model_logprob": sequence.model_logprobs[t],
                "rank": step.rank if step else None,
                "entropy": step.stages[-1].entropy if step else None,
                "kept": step.stages[-1].kept if step else None,
            }
        )
    return rows
