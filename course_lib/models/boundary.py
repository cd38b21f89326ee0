"""Dónde termina el contexto y empieza lo que se puntúa, cuando los tokens no respetan esa frontera.

La misma regla vale para puntuar una continuación y para la respuesta de un prompt.
"""

from __future__ import annotations

from dataclasses import dataclass

from .language_model import LanguageModel

__all__ = ["SplitTokens", "split_tokens"]


@dataclass(frozen=True)
class SplitTokens:
    """Los tokens de un texto partido en dos: contexto y lo que se puntúa.

    `spans`: las letras [inicio, fin) de cada token. `n_context`: cuántos tokens son contexto.
    `crossed`: si el texto entero tenía un token a los dos lados y hubo que tokenizar por partes.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    n_context: int
    crossed: bool


def split_tokens(lm: LanguageModel, text: str, boundary: int) -> SplitTokens:
    """Devuelve los tokens de `text` y cuántos quedan antes de la letra `boundary`.

    El texto se tokeniza entero: por separado, las partes pueden dar otros tokens. Si ningún token toca los
    dos lados, se corta ahí. Si alguno los toca, cada lado se tokeniza por su cuenta, de modo que el contexto
    sea siempre el que se dio y todas las continuaciones que se comparen tengan el mismo:

        «hello wor» + «ld!»      hello │ ␣world │ !         «␣world» toca los dos lados
                                 hello │ ␣wor ║ ld │ !      así que se puntúa P(ld, ! | hello, ␣wor)

        «es ␣» + «Lima»          es ║ ␣Lima                 los espacios finales del contexto pasan a la
        «es» + «␣Lima»           es ║ ␣Lima                 continuación: son los mismos tokens

    Un contexto sin letras se reemplaza por el token con que el modelo empieza (`lm.start_token_id`).
    """
    boundary = len(text[:boundary].rstrip(" "))
    ids, spans = lm.encode_with_spans(text)
    crossed = any(start < boundary < end for start, end in spans)
    if crossed:
        ids, spans = lm.encode_with_spans(text[:boundary])
        more_ids, more_spans = _encode_after(lm, text[boundary:])
        ids, spans = ids + more_ids, spans + [(a + boundary, b + boundary) for a, b in more_spans]
    n = next((i for i, (_, end) in enumerate(spans) if end > boundary), len(spans))
    if n == 0:  # sin nada delante no habría de qué predecir el primer token
        ids, spans, n = [lm.start_token_id, *ids], [(0, 0), *spans], 1
    return SplitTokens(tuple(ids), tuple(spans), n, crossed)


def _encode_after(lm: LanguageModel, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Los tokens de `text` como continuación: sin especiales y sin el espacio que algunos tokenizers le
    ponen delante a todo texto."""
    ids, spans = lm.encode_with_spans(text, add_bos=False)
    if text[:1] == " " or lm.token_strings(ids[:1])[0][:1] != " ":
        return ids, spans
    ids, spans = lm.encode_with_spans("\n" + text, add_bos=False)
    n = next(i for i, (_, end) in enumerate(spans) if end > 1)
    return ids[n:], [(max(a - 1, 0), b - 1) for a, b in spans[n:]]
