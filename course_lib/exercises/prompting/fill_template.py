"""Ejercicio: llenar una plantilla."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

MARKS = (".", "!", "?")
WORDS = ("cine", "Drama", "final", "guion", "Música", "trama", "actriz", "escena", "humor", "ritmo")
# Entre dos palabras de la entrada: también signos que no están al final.
JOINS = (
    " ",
    ". ",
    "! ",
    " (7.5) ",
    "... ",
    "?. ",
    " [Z] ",
    " [X]. ",
    " {0} ",
    " 100 % ",
    " \\g<0> ",
    "\n",
)
# Al final de la entrada: los que hacen sobrar el punto, y los que no.
CLOSED = (".", "!", "?", "...", "?!")
OPEN = ("", "…", ":", ";", ",", ")", "»", '"', " ")
TEMPLATES = (
    "[X]. Me pareció [Z].",
    "Reseña: [X]\nEs [Z]",
    "Ojo... Dr. [X]. En suma, [Z]...",
    "Una película [Z]: [X].",
    "¿[X]? Es [Z]",
    "[X]! Es [Z]!",
    "[X]… es [Z]. Eso..",
    "[X]: [Z].",
    "[X], [Z] y nada más.",
    "[X] . [Z]",
    '{"reseña": "[X].", "tono": "[Z]"}',
    "[Título] [X]. [Z] %s",
    "[Z][X].",
    "  Pregunta.  [X].\n[Z].\n",
)


def reference(template: str, x: str, z: str) -> str:
    """La plantilla con x en [X] y z en [Z], sin un punto después de «.», «!» o «?»."""
    if x.endswith(MARKS):
        template = template.replace("[X].", "[X]")
    return _fill(template, x, z)


def _fill(template: str, x: str, z: str) -> str:
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def cases(generator: torch.Generator) -> list[tuple[str, str, str]]:
    """Entradas y plantillas con signos de todas clases, en todas partes, y entradas tramposas."""
    fixed = [
        ("[X]. Es [Z].", "Sí", "no"),
        ("[X]. Es [Z].", "Sí.", "no"),
        ("[X]. Es [Z].", "¡Sí!", "no"),
        ("[X]. Es [Z].", "¿Sí?", "no"),
        ("[X] Es [Z].", "Sí.", "no"),
        ("[X]. Es [Z].", "Sí…", "no"),
        ("[X]. Es [Z].", "Dijo: «¡sí!»", "no"),
        ("[X]. Es [Z].", "Un 6.5", "no"),
        ("[X]? Es [Z].", "¿Sí?", "no"),
        ("[X]. Es [Z]...", "Y... sí", "no"),
        ("[X]. Es [Z].", " sí ", "no"),
        ("[X]. Es [Z].", "Sí.\nNo!", "no"),
        ("[X]. Es [Z].", "Dice [Z] y ya", "mala"),
        ("[X]. Es [Z].", "Dice [X] y ya!", "mala"),
        ("Una [Z]: [X].", "No sé qué es [Z]?", "mala"),
        ("¡Ojo!. [X]. Es [Z].", "!", "no"),
        ("{[X]}. Es [Z].", "Un {0} y un {x}", "mala"),
        ("[X]. Es [Z].", "Del 1 al 10 \\1 %s", "mala"),
    ]
    plain = [("[X]. Es [Z].", endings) for endings in zip(CLOSED + OPEN, strict=True)]
    pairs = [(template, endings) for template in TEMPLATES for endings in (CLOSED, OPEN)]
    return [*fixed, *(_random_case(generator, *pair) for pair in plain + pairs)]


def _random_case(
    generator: torch.Generator, template: str, endings: tuple[str, ...]
) -> tuple[str, str, str]:
    def pick(options: tuple[str, ...]) -> str:
        return options[int(torch.randint(len(options), (1,), generator=generator))]

    return template, pick(WORDS) + pick(JOINS) + pick(WORDS) + pick(endings), pick(WORDS)


def keeps_the_input(text: str, template: str, x: str, z: str) -> str | None:
    """La entrada aparece completa."""
    return None if x in text else f"La entrada «{x}» no aparece tal cual en «{text}»."


def no_double_mark(text: str, template: str, x: str, z: str) -> str | None:
    """Nunca queda el punto de la plantilla tras el signo final de la entrada."""
    if x.endswith(MARKS) and "[X]." in template and text == _fill(template, x, z):
        return f"Quedó «{x}.», con dos signos seguidos."
    return None


def keeps_a_needed_period(text: str, template: str, x: str, z: str) -> str | None:
    """El punto solo se quita tras «.», «!» o «?», y solo si la plantilla pone un punto."""
    if x.endswith(MARKS) or text != _fill(template.replace("[X].", "[X]"), x, z):
        return None
    if text == reference(template, x, z):
        return None
    return f"Se perdió el punto de la plantilla, y «{x}» no termina en «.», «!» ni «?»."


def keeps_the_template(text: str, template: str, x: str, z: str) -> str | None:
    """Lo que rodea a la entrada es lo de la plantilla."""
    before, after = (part.replace("[Z]", z) for part in template.split("[X]"))
    if not text.startswith(before):
        return f"Antes de la entrada debía decir «{before}»."
    if not text.endswith(after.removeprefix(".")):
        return f"Después de la entrada debía decir «{after.removeprefix('.')}»."
    return None


def _naive(template: str, x: str, z: str) -> str:
    return template.replace("[X]", x).replace("[Z]", z)


def _only_periods(template: str, x: str, z: str) -> str:
    return _fill(template.replace("[X].", "[X]") if x.endswith(".") else template, x, z)


def _swallows_the_mark(template: str, x: str, z: str) -> str:
    return _fill(template, x.rstrip(".!?"), z)


def _clean_but_replaces_in_x(template: str, x: str, z: str) -> str:
    return _naive(template.replace("[X].", "[X]") if x.endswith(MARKS) else template, x, z)


def _looks_inside(template: str, x: str, z: str) -> str:
    inside = any(mark in x for mark in MARKS)
    return _fill(template.replace("[X].", "[X]") if inside else template, x, z)


def _cleans_the_result(template: str, x: str, z: str) -> str:
    text = _fill(template, x, z)
    return text.replace("..", ".").replace("!.", "!").replace("?.", "?")


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
        _fill,
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
    Misconception(
        "Siempre quitaste el punto",
        "El punto de la plantilla sobra solo si la entrada ya termina en «.», «!» o «?».",
        lambda template, x, z: _fill(template.replace("[X].", "[X]"), x, z),
    ),
    Misconception(
        "Buscaste el signo en toda la entrada",
        "«Un 6.5» lleva un punto, pero no termina en él. Mira solo el final, con `x.endswith(...)`.",
        _looks_inside,
    ),
    Misconception(
        "Limpiaste el texto ya lleno",
        "Reemplazar «..» o «!.» en el resultado cambia también lo que escribió la persona y el resto de "
        "la plantilla («Y... sí»). Decide antes de llenar si sobra el punto que sigue a [X].",
        _cleans_the_result,
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
        "Son dos problemas aparte. El punto: `endswith` acepta varios finales a la vez, en una tupla, y "
        "basta quitarlo de la plantilla. El «[Z]» ajeno: separa la plantilla por `[X]` y llena [Z] en esos "
        "dos trozos, antes de que la entrada esté entre ellos.",
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
        Property(
            "El punto se queda si hace falta",
            "Solo sobra el punto que sigue a [X], y solo si la entrada termina en «.», «!» o «?».",
            keeps_a_needed_period,
        ),
        Property(
            "El resto de la plantilla no cambia",
            "Fuera de los casilleros y de ese punto, la plantilla queda como estaba.",
            keeps_the_template,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
