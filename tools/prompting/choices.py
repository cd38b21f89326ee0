"""Las plantillas, las respuestas y los grupos de ejemplos que se comparan, todos por su nombre."""

from __future__ import annotations

import random
from typing import NamedTuple

from course_lib.data import Review, load_reviews

__all__ = [
    "FEMININE",
    "HEADLINES",
    "LABELS",
    "NO_SHOTS",
    "SEED",
    "SLIDE",
    "SMALL_TEMPLATES",
    "TABLES",
    "TEMPLATES",
    "TOPICS",
    "WORDS",
    "ShotSet",
    "held_reviews",
    "shot_sets",
]

SEED = 5
LABELS = ("positivo", "negativo")

SLIDE = "[X]. En general la película me pareció [Z]."
FEMININE = ("buena", "mala")
TEMPLATES = {  # nombre: (plantilla, respuesta de positivo, respuesta de negativo)
    "diapositiva": (SLIDE, *FEMININE),
    "muy": ("[X]. En general la película me pareció muy [Z].", *FEMININE),
    "es": ("[X]. La película es [Z]", *FEMININE),
    "qué película": ("[X]. En fin, qué película más [Z]", *FEMININE),
    "sin formato": ("[X] - en general la peli me pareció [Z]", *FEMININE),
    "ficha": ("Reseña: [X]\nOpinión: la película es [Z]", *FEMININE),
    "pregunta": (
        "Reseña: [X]\nPregunta: ¿la película es buena o mala?\nRespuesta: [Z]",
        *FEMININE,
    ),
    "recomienda": ("[X]\n¿Recomiendas la película? [Z]", "Sí", "No"),
    "sentimiento": ("[X]\nSentimiento: [Z]", "positivo", "negativo"),
    "me gustó": ("[X]. En pocas palabras, me [Z]", "encantó", "aburrió"),
    "pulgar": ("[X] [Z]", "👍", "👎"),
    "canal": ("Una película [Z]: [X]", *FEMININE),
}
WORDS = (
    *("buena", "bacán", "excelente", "genial", "entretenida", "positiva", "azul"),
    *("mala", "terrible", "pésima", "horrible", "aburrida", "negativa", "verde"),
)
TABLES = {  # nombre: (positivo, negativo)
    "buena / mala": (("buena",), ("mala",)),
    "diapositiva": (("buena", "bacán"), ("mala", "terrible")),
    "excelente / pésima": (("excelente",), ("pésima",)),
    "genial / horrible": (("genial",), ("horrible",)),
    "entretenida / aburrida": (("entretenida",), ("aburrida",)),
    "positiva / negativa": (("positiva",), ("negativa",)),
    "cinco y cinco": (
        ("buena", "excelente", "genial", "entretenida", "bacán"),
        ("mala", "pésima", "horrible", "aburrida", "terrible"),
    ),
    "azul / verde": (("azul",), ("verde",)),
}
SMALL_TEMPLATES = ("diapositiva", "muy", "ficha")
HEADLINES = {
    "ficha": "Titular: [X]\nSección: [Z]",
    "trata de": "[X]. Esta noticia trata de [Z].",
    "tema": "[X]\nTema: [Z]",
}
TOPICS = ("deportes", "economía", "ciencia", "cultura")


class ShotSet(NamedTuple):
    """Un grupo de ejemplos: cuántos, qué sorteo, en qué orden y cuáles."""

    k: int
    draw: int
    order: str
    shots: tuple[Review, ...]


NO_SHOTS = ShotSet(0, 0, "—", ())


def held_reviews() -> list[Review]:
    """Devuelve las 68 reseñas de desarrollo que evalúan los grupos de ejemplos, alternando etiquetas."""
    held, _ = _split(random.Random(SEED))
    return held


def shot_sets() -> list[ShotSet]:
    """Devuelve los grupos de ejemplos: ninguno, y los sacados de las 68 reseñas que no evalúan."""
    rng = random.Random(SEED)
    _, pools = _split(rng)
    sets = []
    for k, draw in ((2, 0), (2, 1), (4, 0), (4, 1), (8, 0), (8, 1)):
        chosen = [review for pool in pools for review in rng.sample(pool, k // 2)]
        rng.shuffle(chosen)
        sets.append(ShotSet(k, draw, "al azar", tuple(chosen)))
    four = next(found.shots for found in sets if found.k == 4)
    for order in ("++--", "+--+", "-++-", "--++"):
        left = {
            sign: iter([review for review in four if review.label == label])
            for sign, label in zip("+-", LABELS, strict=True)
        }
        sets.append(ShotSet(4, 0, order, tuple(next(left[sign]) for sign in order)))
    return [NO_SHOTS, *sets]


def _split(rng: random.Random) -> tuple[list[Review], list[list[Review]]]:
    """Reparte las reseñas de desarrollo: las que evalúan y, por etiqueta, las que dan ejemplos."""
    sides = [[r for r in load_reviews("desarrollo") if r.label == label] for label in LABELS]
    for side in sides:
        rng.shuffle(side)
    held = [review for pair in zip(*(side[:34] for side in sides), strict=True) for review in pair]
    return held, [side[34:] for side in sides]
