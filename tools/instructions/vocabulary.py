"""Los tipos de tarea sobre palabras, números y hechos: se responde con una palabra o poco más."""

from __future__ import annotations

from random import Random

from .facts import FACTS, ONE_WORD, YES_NO
from .kind import Case, Kind, pairs
from .numerals import in_words
from .words import ANTONYMS, CATEGORIES, DIMINUTIVES, RHYMES, SYNONYMS, USES, split

__all__ = ["KINDS"]

ODD_ONES = (
    ("frutas", "muebles"),
    ("animales", "herramientas"),
    ("colores", "deportes"),
    ("muebles", "aves"),
    ("instrumentos musicales", "verduras"),
    ("verduras", "prendas de ropa"),
    ("medios de transporte", "flores"),
    ("aves", "utensilios de cocina"),
    ("insectos", "bebidas"),
    ("partes del cuerpo", "planetas"),
    ("planetas", "frutas"),
    ("flores", "útiles escolares"),
)


def _odd_ones() -> tuple[Case, ...]:
    random, cases = Random("intruso"), []
    for turn in range(3):
        for family, other in ODD_ONES:
            chosen = random.sample(CATEGORIES[family], 3)
            intruder = CATEGORIES[other][turn]
            place = random.randrange(4)
            words = [*chosen[:place], intruder, *chosen[place:]]
            cases.append(Case(intruder, ", ".join(words)))
    return tuple(cases)


def _sums() -> tuple[Case, ...]:
    random, cases = Random("cuentas"), []
    for i in range(34):
        a, b = random.randrange(2, 60), random.randrange(2, 40)
        if i % 2:
            a, b = max(a, b), min(a, b)
        sign, name = ("-", "menos") if i % 2 else ("+", "más")
        result = a - b if i % 2 else a + b
        cases.append(Case(str(result), slots={"sum": f"{a} {sign} {b}", "said": f"{a} {name} {b}"}))
    return tuple(cases)


def _comparisons() -> tuple[Case, ...]:
    random, cases = Random("mayor"), []
    for i in range(30):
        a, b = random.sample(range(2, 1000 if i % 3 == 0 else 100), 2)
        which = "menor" if i % 2 else "mayor"
        best = min(a, b) if i % 2 else max(a, b)
        cases.append(Case(str(best), slots={"a": str(a), "b": str(b), "which": which}))
    return tuple(cases)


def _numbers() -> tuple[Case, ...]:
    chosen = [*Random("letras").sample(range(11, 100), 22), 100, 115, 150, 200, 240, 333]
    return tuple(
        Case(in_words(n), slots={"n": str(n)}) for n in [*chosen, 500, 750, 808, 999, 1000]
    )


CYCLES = (
    split("lunes martes miércoles jueves viernes sábado domingo"),
    split(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    split("uno dos tres cuatro cinco seis siete ocho nueve diez"),
    split("primero segundo tercero cuarto quinto sexto séptimo octavo"),
    tuple("ABCDEFGHIJKLM"),
)


# primer término y diferencia
STEPS = (
    *((1, 2), (5, 5), (10, 10), (3, 3), (20, -2), (4, 4), (100, 100), (50, -5), (7, 1)),
    *((30, -10), (2, 10), (15, 5), (12, -1), (1, 3), (25, 25), (60, -20), (6, 6), (90, 1)),
)


def _series() -> tuple[Case, ...]:
    cases = []
    for cycle, starts in zip(
        CYCLES, ((0, 2, 3), (0, 3, 6), (1, 5), (0, 3), (0, 4, 8)), strict=True
    ):
        cases += [Case(cycle[s + 3], ", ".join(cycle[s : s + 3])) for s in starts]
    for first, step in STEPS:
        terms = [str(first + step * i) for i in range(4)]
        cases.append(Case(terms[3], ", ".join(terms[:3])))
    return tuple(cases)


KINDS = (
    Kind(
        "antónimo",
        "ant",
        (
            "Escribe el antónimo de «{input}».",
            "¿Cuál es el antónimo de la palabra «{input}»?",
            "Di lo contrario de esta palabra.",
            "¿Qué palabra significa lo opuesto de «{input}»?",
            "Dame el antónimo de la palabra.",
            "Escribe una palabra que sea lo contrario de «{input}».",
            "Antónimo:",
        ),
        pairs(ANTONYMS),
    ),
    Kind(
        "sinónimo",
        "sin",
        (
            "Escribe un sinónimo de «{input}».",
            "¿Qué otra palabra significa casi lo mismo que «{input}»?",
            "Dame una palabra con el mismo significado.",
            "Busca un sinónimo para esta palabra.",
            "¿Con qué palabra puedo reemplazar «{input}» sin cambiar el sentido?",
            "Di un sinónimo de la palabra siguiente.",
            "Sinónimo de «{input}»:",
        ),
        pairs(SYNONYMS),
    ),
    Kind(
        "intruso",
        "itr",
        (
            "¿Qué palabra no pertenece al grupo?",
            "Encuentra la palabra que sobra: «{input}».",
            "Tres de estas palabras se parecen y una no. ¿Cuál es la distinta?",
            "Di cuál es el intruso de la lista «{input}».",
            "Escribe la única palabra que no va con las demás.",
            "¿Cuál de estas cuatro no tiene que ver con las otras?",
        ),
        _odd_ones(),
    ),
    Kind(
        "para qué sirve",
        "uso",
        (
            "¿Para qué sirve {input}?",
            "Di para qué se usa {input}.",
            "Explica en una frase corta para qué sirve {input}.",
            "¿Qué utilidad tiene {input}?",
            "¿Para qué se usa {input}? Responde con una frase que empiece con «Para».",
            "Indica la utilidad de este objeto.",
            "Un niño pregunta para qué sirve {input}. ¿Qué le dices?",
        ),
        pairs(USES),
    ),
    Kind(
        "diminutivo",
        "dim",
        (
            "Escribe el diminutivo de «{input}».",
            "¿Cuál es el diminutivo de «{input}»?",
            "Pon la palabra en diminutivo.",
            "¿Cómo se dice «{input}» cuando es pequeño, con una sola palabra?",
            "Forma el diminutivo de esta palabra.",
            "Diminutivo de «{input}»:",
        ),
        pairs(DIMINUTIVES),
    ),
    Kind(
        "rima",
        "rim",
        (
            "Di una palabra que rime con «{input}».",
            "¿Qué palabra rima con «{input}»?",
            "Busca una rima para esta palabra.",
            "Necesito una palabra que termine igual que «{input}».",
            "Escribe una rima de «{input}». Solo una palabra.",
            "Dame una palabra que rime con la siguiente.",
        ),
        pairs(RHYMES),
    ),
    Kind(
        "suma o resta",
        "cta",
        (
            "¿Cuánto es {said}?",
            "Calcula {sum}. Responde solo con el número.",
            "Haz la cuenta: {sum}",
            "Resuelve: {sum} =",
            "Dime cuánto da {said}, en cifras.",
            "Escribe únicamente el resultado de {sum}.",
        ),
        _sums(),
    ),
    Kind(
        "mayor o menor",
        "may",
        (
            "¿Qué número es {which}: {a} o {b}?",
            "Escribe el {which} de estos dos números: {a} y {b}.",
            "Entre {a} y {b}, ¿cuál es {which}?",
            "Compara {a} con {b} y di cuál es {which}.",
            "Elige el número {which}: {a}, {b}.",
            "De {a} y {b}, dime solo el {which}.",
        ),
        _comparisons(),
    ),
    Kind(
        "número en letras",
        "let",
        (
            "Escribe {n} con letras.",
            "¿Cómo se escribe el número {n} en palabras?",
            "Pasa {n} de cifras a letras.",
            "Escribe en palabras el número {n}.",
            "Di con letras este número: {n}.",
            "Necesito llenar un cheque. ¿Cómo se escribe {n} en letras?",
        ),
        _numbers(),
    ),
    Kind(
        "serie",
        "ser",
        (
            "¿Qué sigue en la serie «{input}»?",
            "Continúa la serie con un elemento más.",
            "Di cuál viene después.",
            "Completa la secuencia: «{input}». Escribe solo lo que sigue.",
            "¿Cuál es el próximo elemento de esta secuencia?",
            "Escribe el que falta al final: «{input}».",
        ),
        _series(),
    ),
    Kind(
        "sí o no",
        "sno",
        (
            "{input} Responde sí o no.",
            "Responde solo con «sí» o «no»: {later}",
            "Contesta con una palabra, sí o no.",
            "{input} Contesta únicamente sí o no.",
            "Di si es verdad, con un sí o un no.",
            "Sí o no: {later}",
        ),
        pairs(YES_NO),
    ),
    Kind(
        "una palabra",
        "pal",
        (
            "{input} Responde con una sola palabra.",
            "Contesta en una palabra: {later}",
            "Responde la pregunta usando solo una palabra.",
            "{input} Una palabra basta.",
            "Da la respuesta en una única palabra.",
            "En una palabra: {later}",
            "{input} No escribas más de una palabra.",
        ),
        pairs(ONE_WORD),
    ),
    Kind(
        "dato",
        "dat",
        (
            "{input}",
            "Responde con una oración completa: {later}",
            "Contesta la pregunta en una oración.",
            "{input} Responde con una frase completa.",
            "Tengo una duda: {later}",
            "Una persona pregunta lo siguiente. Respóndele en una oración.",
        ),
        pairs(FACTS),
    ),
)
