"""Del texto a los tokens y vuelta, con el lugar que cada token ocupa en el texto."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

__all__ = ["decode", "encode_with_spans", "token_strings"]

Spans = list[tuple[int, int]]


def encode_with_spans(tokenizer: Any, text: str, add_bos: bool) -> tuple[list[int], Spans]:
    """Devuelve los ids de `text` y, por cada uno, las posiciones [inicio, fin) de sus letras.

    Con `add_bos` van delante los especiales con que el modelo espera empezar, que ocupan (0, 0). Los que
    algunos tokenizers agregan al final no se incluyen: el texto aún no termina.
    """
    if not isinstance(text, str):
        raise TypeError(f"Se esperaba un texto y llegó {type(text).__name__}.")
    if not tokenizer.is_fast:
        ids = list(tokenizer.encode(text, add_special_tokens=add_bos))
        return ids, _spans_by_decoding(tokenizer, ids)
    encoded = tokenizer(
        text,
        add_special_tokens=add_bos,
        return_offsets_mapping=True,
        return_attention_mask=False,
        verbose=False,
    )
    ids, spans = list(encoded["input_ids"]), [(a, b) for a, b in encoded["offset_mapping"]]
    written = next((n for n in range(len(ids), 0, -1) if spans[n - 1] != (0, 0)), None)
    return ids[:written], spans[:written]  # sin ninguna letra, lo que hay es el comienzo


def decode(tokenizer: Any, ids: Sequence[int]) -> str:
    """Devuelve el texto de `ids`, sin tokens especiales y sin retocar los espacios."""
    text: str = tokenizer.decode(
        list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return text


def token_strings(tokenizer: Any, ids: Sequence[int]) -> list[str]:
    """Devuelve cada token como texto legible (con sus espacios; los especiales, con su nombre).

    Los tokenizers de SentencePiece quitan el espacio inicial al decodificar un token suelto; su nombre
    («▁sol») lo conserva.
    """
    names = tokenizer.convert_ids_to_tokens(list(ids))
    texts = [tokenizer.decode([i], clean_up_tokenization_spaces=False) for i in ids]
    return [
        name.replace("▁", " ") if str(name).startswith("▁") and not text.startswith(" ") else text
        for name, text in zip(names, texts, strict=True)
    ]


def _spans_by_decoding(tokenizer: Any, ids: list[int]) -> Spans:
    """Las posiciones de cada token, para tokenizers que no las dan: lo que el texto crece con él."""
    ends = [len(decode(tokenizer, ids[:n])) for n in range(len(ids) + 1)]
    return list(itertools.pairwise(ends))
