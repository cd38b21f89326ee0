"""Lo que ya está entrenado: los pesos que acompañan al libro y el tokenizador con que se entrenaron."""

from __future__ import annotations

from ...records import Record, file_hash
from ...transformer.lm import TransformerLM
from ..weights import load_weights, weights_path
from .model import as_language_model, make_model
from .tokenizer import load_tokenizer

__all__ = ["RECORD", "TOKENIZER", "WEB_MODEL", "WEIGHTS", "load_stories_model"]

RECORD, WEIGHTS = "stories", "con-mascara"  # la tabla de su entrenamiento y el nombre de los pesos
TOKENIZER = weights_path(RECORD, WEIGHTS).with_name("tokenizer.json")
WEB_MODEL = TOKENIZER.with_name("cuentos.bin")  # los mismos pesos en 8 bits, para la página


def load_stories_model() -> TransformerLM:
    """Devuelve el modelo de los cuentos ya entrenado, en float32, listo para escribir.

    Raises:
        FileNotFoundError: falta la tabla, los pesos o el tokenizador.
        ValueError: los pesos o el tokenizador no son los que anotó la tabla.

    >>> lm = load_stories_model()  # doctest: +SKIP
    >>> generate(lm, "Había una vez", max_new_tokens=5).text  # doctest: +SKIP
    ' un zorro curioso que vivía'
    """
    found = Record.load(RECORD)
    model = load_weights(make_model(0), RECORD, WEIGHTS)
    if not TOKENIZER.exists() or file_hash(TOKENIZER) != found.settings["tokenizer_sha256"]:
        raise ValueError(
            f"{TOKENIZER} falta o no es el que anotó «{found.title}». "
            f"Recupéralo con git o rehazlo: {found.command}"
        )
    return as_language_model(model, load_tokenizer(TOKENIZER))
