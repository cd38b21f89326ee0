"""Ejercicio: llenar una plantilla."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property

MARKS = ".!?"
WORDS = ["cine", "drama", "final", "guion", "música", "trama", "actriz", "escena", "humor", "ritmo"]
TEMPLATES = (
    "[X]. Me pareció [Z].",
    "Reseña: [X]\nEs [Z]",
    "[X]. En suma, [Z] y nada más.",
    "Una película [Z]: [X].",
)


def reference(template, x, z):
    """La plantilla con x en [X] y z en [Z], sin un punto después de «.», «!» o «?»."""
    if x.endswith(tuple(MARKS)):
        template = template.replace("[X].", "[X]")
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def cases(generator):
    """Entradas con y sin signo final, plantillas con [Z] antes y después, y una entrada tramposa."""
    fixed = [
        ("[X]. Es [Z].", "Sí", "no"),
        ("[X]. Es [Z].", "Sí.", "no"),
        ("[X]. Es [Z].", "¡Sí!", "no"),
        ("[X] Es [Z].", "Sí.", "no"),
        ("[X]. Es [Z].", "Dice [Z] y ya", "mala"),
        ("Una [Z]: [X].", "No sé qué es [Z]?", "mala"),
    ]
    random = []
    for template in TEMPLATES:
        for mark in ("", ".", "!", "?"):
            picked = torch.randint(len(WORDS), (3,), generator=generator).tolist()
            text = " ".join(WORDS[i] for i in picked[:2]) + mark
            random.append((template, text, WORDS[picked[2]]))
    return fixed + random


def keeps_the_input(text, template, x, z):
    """La entrada aparece completa."""
    return None if x in text else f"La entrada «{x}» no aparece tal cual en «{text}»."


def no_double_mark(text, template, x, z):
    """Nunca queda un punto tras el signo final de la entrada."""
    doubled = [x + "." for mark in MARKS if x.endswith(mark) and x + "." in text]
    return f"Quedó «{doubled[0]}», con dos signos seguidos." if doubled else None


def _naive(template, x, z):
    return template.replace("[X]", x).replace("[Z]", z)


def _right_order_but_doubled(template, x, z):
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def _only_periods(template, x, z):
    if x.endswith("."):
        template = template.replace("[X].", "[X]")
    return _right_order_but_doubled(template, x, z)


def _swallows_the_mark(template, x, z):
    return _right_order_but_doubled(template, x.rstrip(MARKS), z)


def _clean_but_replaces_in_x(template, x, z):
    if x.endswith(tuple(MARKS)):
        template = template.replace("[X].", "[X]")
    return _naive(template, x, z)


MISCONCEPTIONS = (
    Misconception(
        "Puntuación doble y casillero dentro de la entrada",
        "Dos `replace` seguidos no bastan: si la entrada termina en un signo, queda otro al lado; y "
        "si la entrada trae escrito «[Z]», también se reemplaza. Parte la plantilla por «[X]» antes "
        "de llenar.",
        _naive,
    ),
    Misconception(
        "Puntuación doble",
        "Si la entrada ya termina en «.», «!» o «?», el punto que la plantilla pone después de [X] "
        "sobra.",
        _right_order_but_doubled,
    ),
    Misconception(
        "Solo miraste el punto",
        "«¡Sí!.» también repite: el punto de la plantilla sobra igual después de «!» y de «?».",
        _only_periods,
    ),
    Misconception(
        "Le quitaste el signo a la entrada",
        "Es el punto de la plantilla el que sobra, no el signo de quien escribió: «¡Sí!» y «Sí» no "
        "dicen lo mismo, y el modelo lo nota.",
        _swallows_the_mark,
    ),
    Misconception(
        "Llenaste un casillero de la entrada",
        "Si la entrada trae escrito «[Z]», es texto como cualquier otro. Parte la plantilla por «[X]» "
        "y llena [Z] en cada lado antes de juntar.",
        _clean_but_replaces_in_x,
    ),
)

EXERCISE = Exercise(
    key="fill_template",
    chapter="05_prompting",
    title="Llenar una plantilla",
    objective="Convertir un texto en un prompt sin ensuciarlo con puntuación repetida.",
    difficulty=1,
    minutes=10,
    section="La plantilla",
    hints=(
        "¿Qué pasa si la entrada ya termina en un signo y la plantilla pone un punto detrás? ¿Y si "
        "alguien escribió «[Z]» en su reseña?",
        "Si `x.endswith(('.', '!', '?'))`, reemplaza «[X].» por «[X]» en la plantilla. Después "
        "`before, after = template.split('[X]')`, llena [Z] en `before` y en `after`, y une con x al "
        "medio.",
    ),
    cases=cases,
    reference=reference,
    idea="Cada casillero se llena una vez, y la plantilla cede su punto si la entrada ya trae signo.",
    properties=(
        Property(
            "La entrada queda intacta",
            "La plantilla se adapta a la entrada, no al revés.",
            keeps_the_input,
        ),
        Property(
            "Sin signos repetidos",
            "Un «..» o un «!.» es raro en los textos que el modelo leyó y cambia sus probabilidades.",
            no_double_mark,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
