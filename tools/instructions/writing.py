"""Los tipos de tarea que escriben con una forma dada: listas, JSON, una oración con cierta palabra…"""

from __future__ import annotations

import json
from random import Random

from .facts import RECORDS, SENTENCES, STARTS
from .kind import Case, Kind
from .numerals import in_words
from .rewriting import without_accents
from .words import CATEGORIES, SPELLED

__all__ = ["KINDS"]


def _numbered(words: list[str]) -> str:
    return "\n".join(f"{i}. {word}" for i, word in enumerate(words, 1))


def _listed(name: str, separator: str, start: str, amounts: tuple[int, ...]) -> tuple[Case, ...]:
    random, cases = Random(name), []
    for n in amounts:
        for category, words in CATEGORIES.items():
            chosen = random.sample(words, n)
            output = start + separator.join(chosen)
            cases.append(Case(output, slots={"n": in_words(n), "what": category}))
    return tuple(cases)


def _mixed(name: str, count: int, sizes: tuple[int, ...]) -> list[list[str]]:
    """Listas de palabras de categorías distintas, que no se repiten."""
    random = Random(name)
    pool = [word for words in CATEGORIES.values() for word in words if " " not in word]
    return [random.sample(pool, sizes[i % len(sizes)]) for i in range(count)]


def _repeated() -> tuple[Case, ...]:
    words = [word for words in CATEGORIES.values() for word in words[-1:] if " " not in word]
    cases = []
    for i, word in enumerate([*words, "hola", "gracias", "adiós", "quizás", "verano", "canto"]):
        n = 2 + i % 4
        cases.append(Case(", ".join([word] * n), slots={"word": word, "n": in_words(n)}))
    return tuple(cases)


def _records() -> tuple[Case, ...]:
    cases = []
    for text, *fields in RECORDS:
        values = dict(field.split("=") for field in fields)
        data = {key: int(value) if value.isdigit() else value for key, value in values.items()}
        keys = [f"«{key}»" for key in data]
        output = json.dumps(data, ensure_ascii=False)
        cases.append(Case(output, text, {"keys": " y ".join(keys)}))
    return tuple(cases)


KINDS = (
    Kind(
        "lista con guiones",
        "lis",
        (
            "Escribe una lista de {n} {what}.",
            "Haz una lista con {n} {what}. Pon cada nombre en un renglón, con un guion.",
            "Nombra {n} {what} en una lista con guiones.",
            "Dame una lista de {n} {what}, con un guion en cada línea.",
            "Enumera {n} {what} en forma de lista.",
            "Quiero una lista con guiones que tenga {n} {what}.",
        ),
        _listed("guiones", "\n- ", "- ", (3, 4)),
    ),
    Kind(
        "lista con comas",
        "com",
        (
            "Nombra {n} {what} en una sola línea, con comas.",
            "Escribe {n} {what} en un renglón y pon comas entre los nombres.",
            "Di {n} {what}. Usa comas para separar.",
            "Menciona {n} ejemplos de {what}, separados por comas.",
            "Dame el nombre de {n} {what}, con comas entre uno y otro.",
            "Escribe, con comas y sin saltos de línea, {n} {what}.",
        ),
        _listed("comas", ", ", "", (2, 5)),
    ),
    Kind(
        "lista numerada",
        "num",
        (
            "Convierte esto en una lista numerada.",
            "Escribe «{input}» como lista numerada, con un elemento por línea.",
            "Numera los elementos, uno por renglón.",
            "Pasa estas palabras a una lista con números.",
            "Escribe lo siguiente como lista numerada, sin cambiar el orden.",
            "Haz una lista numerada con estos elementos.",
        ),
        tuple(
            Case(_numbered(words), ", ".join(words)) for words in _mixed("numerada", 28, (3, 4, 3))
        ),
    ),
    Kind(
        "orden alfabético",
        "abc",
        (
            "Ordena las palabras alfabéticamente.",
            "Pon en orden alfabético: «{input}»",
            "Escribe estas palabras de la A a la Z.",
            "Ordena la lista por orden alfabético y sepárala con comas.",
            "¿Cómo quedan estas palabras en el orden del diccionario?",
            "Devuelve las palabras en orden alfabético.",
        ),
        tuple(
            Case(
                ", ".join(sorted(words, key=lambda w: without_accents(w.lower()))), ", ".join(words)
            )
            for words in _mixed("alfabético", 26, (3, 3, 4))
        ),
    ),
    Kind(
        "deletreo",
        "del",
        (
            "Deletrea la palabra «{input}» con guiones.",
            "Separa con guiones las letras de la palabra.",
            "Escribe letra por letra, con guiones, «{input}».",
            "Deletrea esta palabra. Pon un guion entre cada letra.",
            "¿Cómo se deletrea «{input}»? Usa guiones.",
            "Pon un guion entre las letras de la palabra.",
        ),
        tuple(Case("-".join(word), word) for word in SPELLED),
    ),
    Kind(
        "repetir",
        "rep",
        (
            "Escribe la palabra «{word}» {n} veces, separada por comas.",
            "Repite {n} veces «{word}», con comas.",
            "Quiero leer «{word}» {n} veces seguidas, con comas entre medio.",
            "Copia {n} veces la palabra «{word}» y sepárala con comas.",
            "Pon «{word}» {n} veces en una línea, con comas.",
            "Di «{word}» {n} veces. Usa comas.",
        ),
        _repeated(),
    ),
    Kind(
        "json",
        "jsn",
        (
            "Convierte la oración en JSON con las claves {keys}.",
            "Extrae los datos en un objeto JSON. Las claves son {keys}.",
            "Devuelve solo un JSON con {keys}.",
            "Escribe los datos del texto como JSON, con las claves {keys}.",
            "Pasa esta información a JSON. Usa {keys} como claves.",
            "Resume el texto en un JSON que tenga {keys}.",
        ),
        _records(),
    ),
    Kind(
        "oración con palabra",
        "ora",
        (
            "Escribe una oración con la palabra «{word}».",
            "Usa «{word}» en una oración.",
            "Inventa una oración que contenga la palabra «{word}».",
            "Dame un ejemplo de uso de la palabra «{word}».",
            "Redacta una oración breve donde aparezca «{word}».",
            "Haz una frase con «{word}».",
        ),
        tuple(Case(sentence, slots={"word": word}) for word, sentence in SENTENCES),
    ),
    Kind(
        "comienzo dado",
        "cmz",
        (
            "Escribe una oración que empiece con «{start}».",
            "Inventa una oración cuyo comienzo sea «{start}».",
            "Comienza una oración por «{start}» y termínala.",
            "Completa la oración a partir de «{start}».",
            "Redacta una oración. Debe comenzar con «{start}».",
            "Sigue esta oración, repitiendo su comienzo: «{start}».",
        ),
        tuple(Case(sentence, slots={"start": start}) for start, sentence in STARTS),
    ),
)
