"""Los cuentos que escribe el modelo, todos, sin elegir."""

from __future__ import annotations

from course_lib.experiments.stories import measures, shipped
from course_lib.records import Record, Replay, Row

from ..recording import same_outputs

__all__ = ["NAME", "SEED", "TEMPERATURES", "WRITTEN", "check", "rows"]

NAME = "stories_samples"
WRITTEN, SEED = 200, 3  # cuentos por temperatura, y la semilla del muestreo
TEMPERATURES = (1.0, 0.7)


def rows() -> list[Row]:
    """Devuelve una fila por cuento escrito desde «<inicio>», a dos temperaturas."""
    return [
        {"temperature": temperature, "text": text}
        for temperature in TEMPERATURES
        for text in _write(temperature)
    ]


def _write(temperature: float) -> list[str]:
    lm = shipped.load_stories_model()
    return measures.write_many(lm, WRITTEN, temperature=temperature, seed=SEED)


def check(record: Record) -> list[Replay]:
    """Vuelve a escribir los de la temperatura más baja: los mismos pesos y la misma semilla, los mismos textos."""
    texts = [row["text"] for row in record.where(temperature=0.7)]
    few = Record(title=record.title, rows=({"outputs": texts},), command=record.command, seed=SEED)
    return [same_outputs(few, _write(0.7))]
