"""El archivo con que el modelo escribe en la página, y qué cambia al guardar sus pesos con menos bits."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from course_lib.decoding import generate
from course_lib.experiments.stories import shipped
from course_lib.experiments.stories.export import export, logit_differences, read_export
from course_lib.experiments.stories.model import as_language_model
from course_lib.records import Record, Replay, Row, file_hash
from course_lib.transformer.lm import TransformerLM

from .losses import tested

__all__ = ["check", "rows", "settings"]

BITS = (8, 16)
# cuentos; palabras con que empieza cada uno; tokens que siguen
TEXTS, BEGINNING, LENGTH = 50, 5, 60


def rows() -> list[Row]:
    """Escribe el archivo de 8 bits y devuelve una fila por cantidad de bits: cuánto pesa y qué cambia."""
    lm = shipped.load_stories_model()
    export(lm, shipped.WEB_MODEL)
    return [_measured(lm, bits) for bits in BITS]


def _measured(lm: TransformerLM, bits: int) -> Row:
    texts = [telling.text for telling in tested("prueba")[0][:TEXTS]]
    with tempfile.TemporaryDirectory() as folder:
        path = export(lm, Path(folder) / shipped.WEB_MODEL.name, bits=bits)
        model = read_export(path)[1]
        pairs = zip(
            _greedy(lm, texts), _greedy(as_language_model(model, lm.tokenizer), texts), strict=True
        )
        return {
            "bits": bits,
            "bytes": path.stat().st_size,
            "sha256": file_hash(path),
            **logit_differences(lm, model, texts),
            "same_greedy": sum(a == b for a, b in pairs),
            "n": len(texts),
        }


def _greedy(lm: TransformerLM, texts: list[str]) -> list[str]:
    """Cómo sigue el comienzo de cada cuento al elegir siempre el token más probable."""
    beginnings = [" ".join(text.split()[:BEGINNING]) for text in texts]
    return [found.text for found in generate(lm, beginnings, max_new_tokens=LENGTH, trace=None)]


def check(record: Record) -> list[Replay]:
    """Vuelve a escribir el archivo de 8 bits, que debe ser el mismo, y a medir qué cambia."""
    again = _measured(shipped.load_stories_model(), BITS[0])
    exact = {name: again[name] for name in ("bytes", "sha256", "n")}
    close = {name: again[name] for name in ("std", "loss", "other_loss")}
    return [
        record.replay(lambda row: exact, bits=BITS[0]),
        record.replay(lambda row: close, rtol=1e-3, bits=BITS[0]),
    ]


def settings() -> dict[str, Any]:
    """Devuelve la huella del archivo que se publica."""
    return {"web_sha256": file_hash(shipped.WEB_MODEL)}
