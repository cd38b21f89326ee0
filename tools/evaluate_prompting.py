"""Mide el prompting del capítulo 5 y graba cada tabla con su procedencia.

    python -m tools.evaluate_prompting                # todo: unos 20 minutos en un núcleo
    python -m tools.evaluate_prompting templates      # una tabla
    python -m tools.evaluate_prompting --check        # recalcula una fila de cada una y compara

Tablas: templates, answers, shots, models, headlines, probe. Todo se elige en la mitad «desarrollo»; en
«prueba» se mide lo elegido. La única excepción son las plantillas, medidas todas en las dos mitades
para mostrar qué pasa si se elige en la de prueba.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from course_lib.data import load_headlines, load_reviews
from course_lib.prompting import CONTENT_FREE, Template, measure
from course_lib.records import Record, Replay, Row

from . import running
from .prompting import choices
from .prompting import probe as linear_probe
from .prompting.choices import FEMININE, LABELS, SLIDE, TEMPLATES, ShotSet
from .prompting.measuring import (
    SAMPLE,
    bits_per_character,
    classify,
    load,
    sample,
    table_accuracy,
    topics,
)
from .recording import Recipe, sources

__all__ = ["RECIPES"]

MODEL, SMALL = "gemma-270m", "smollm2-135m-instruct"


def _table(answers: Sequence[str]) -> dict[str, list[str]]:
    """El verbalizador de una respuesta por etiqueta."""
    return {label: [answer] for label, answer in zip(LABELS, answers, strict=True)}


# --- plantillas ---


def templates() -> list[Row]:
    """Devuelve todas las plantillas, en las dos mitades."""
    plan = list(itertools.product(TEMPLATES, ("desarrollo", "prueba")))
    return running.resume(
        RECIPES["templates"], plan, lambda row: (row["name"], row["split"]), _template_rows
    )


def _template_rows(key: tuple[str, str]) -> list[Row]:
    name, split = key
    sampled = key == ("diapositiva", "desarrollo")
    return [_template_row(MODEL, name, split) | {"sampled": sampled}]


def _template_row(model: str, name: str, split: str) -> Row:
    pattern, *answers = TEMPLATES[name]
    found = classify(load(model), pattern, _table(answers), load_reviews(split))
    head = {"name": name, "template": pattern, "answers": answers, "split": split}
    return head | found | {"sample": found["probs"][:SAMPLE]}


# --- respuestas ---


def answers() -> list[Row]:
    """Devuelve cada palabra en la plantilla de la diapositiva: con ellas se arma un verbalizador."""
    rows = _words(choices.WORDS, "desarrollo")
    chosen = max(choices.TABLES, key=lambda name: table_accuracy(rows, choices.TABLES[name]))
    both = choices.TABLES[chosen], choices.TABLES["diapositiva"]
    words = dict.fromkeys(itertools.chain(*(side for table in both for side in table)))
    return rows + _words(tuple(words), "prueba")


def _words(words: Sequence[str], split: str) -> list[Row]:
    template, lm = Template(SLIDE), load(MODEL)
    texts = [review.text for review in load_reviews(split)]
    prompts = [template.fill(text) for text in texts]
    measures = [
        row for i in range(0, len(texts), 34) for row in measure(lm, prompts[i : i + 34], words)
    ]
    (prior,) = measure(lm, [template.fill("")], words)
    empty = measure(lm, [template.fill(text) for text in CONTENT_FREE], words)
    return [
        {
            "answer": word,
            "split": split,
            "sampled": split == "desarrollo" and word == "bacán",
            "n_tokens": prior[j].sources.count("respuesta"),
            "prior": round(prior[j].sum_logprob, 4),
            "content_free": [round(row[j].sum_logprob, 4) for row in empty],
            "logprobs": [round(row[j].sum_logprob, 4) for row in measures],
            "sample": [round(row[j].sum_logprob, 4) for row in measures[:SAMPLE]],
        }
        for j, word in enumerate(words)
    ]


# --- ejemplos ---


def shots() -> list[Row]:
    """Devuelve número y orden de los ejemplos, sobre las mismas 68 reseñas; el mejor, en prueba.

    El mejor es el de mayor exactitud, calibrada o no; si empatan, el primero, que lleva menos ejemplos.
    """
    sets = choices.shot_sets()
    rows = running.resume(
        RECIPES["shots"],
        range(len(sets)),
        lambda row: int(row["set"]),
        lambda i: [{"set": i} | _shots_row(sets[i], "desarrollo")],
    )
    best = max(rows, key=lambda row: max(row["accuracy"], row["calibrated_accuracy"]))
    return [*rows, {"set": best["set"]} | _shots_row(sets[best["set"]], "prueba")]


def _shots_row(found: ShotSet, split: str) -> Row:
    examples = choices.held_reviews() if split == "desarrollo" else load_reviews("prueba")
    pairs = [(review.text, review.label) for review in found.shots]
    measured = classify(load(MODEL), SLIDE, _table(FEMININE), examples, pairs)
    head = found._asdict() | {"shots": [review.id for review in found.shots], "split": split}
    sampled = (found.k, found.draw, split) == (2, 0, "desarrollo")
    return head | {"sampled": sampled} | measured | {"sample": measured["probs"][:SAMPLE]}


# --- modelos ---


def models() -> list[Row]:
    """Devuelve bits por carácter en las reseñas de desarrollo y exactitud, por modelo y plantilla."""
    recorded = Record.load("prompting_templates")
    rows = []
    for model, name in itertools.product((MODEL, SMALL), choices.SMALL_TEMPLATES):
        found = (
            recorded.one(name=name, split="desarrollo")
            if model == MODEL
            else _template_row(model, name, "desarrollo")
        )
        sampled = {"sampled": (model, name) == (SMALL, "diapositiva")}
        rows.append({"model": model} | _bits(model) | found | sampled)
    return rows


def _bits(model: str) -> dict[str, float]:
    texts = [review.text for review in load_reviews("desarrollo")]
    every, few = (bits_per_character(load(model), part) for part in (texts, texts[:SAMPLE]))
    return {"bits_per_char": round(every, 4), "bits_sample": round(few, 4)}


# --- titulares ---


def headlines() -> list[Row]:
    """Devuelve el tema de un titular: tres plantillas en desarrollo y la mejor en prueba."""
    rows = [_headline_row(name, "desarrollo") for name in choices.HEADLINES]
    best = max(rows, key=lambda row: float(row["calibrated_accuracy"]))
    return [*rows, _headline_row(best["name"], "prueba")]


def _headline_row(name: str, split: str) -> Row:
    pattern = choices.HEADLINES[name]
    sampled = (name, split) == ("ficha", "desarrollo")
    head = {"name": name, "template": pattern, "split": split, "sampled": sampled}
    table = {topic: [topic] for topic in choices.TOPICS}
    return head | topics(load(MODEL), pattern, table, load_headlines(split))


# --- la sonda ---


def probe() -> list[Row]:
    """Devuelve los aciertos de la sonda lineal con 4, 16 y 68 etiquetas, y con las 136 en prueba."""
    return linear_probe.rows(load(MODEL))


# --- comprobar la fila marcada de cada tabla con sus primeros ejemplos ---


def _replay(compute: Callable[[Row], Row]) -> Callable[[Record], list[Replay]]:
    return lambda record: [record.replay(compute, atol=2e-3, sampled=True)]


def _check_reviews(row: Row) -> Row:
    by_id = {review.id: review for review in load_reviews()}
    examples = choices.held_reviews() if "k" in row else load_reviews(row["split"])
    pairs = [(by_id[i].text, by_id[i].label) for i in row.get("shots", [])]
    table = _table(row.get("answers", FEMININE))
    lm = load(row.get("model", MODEL))
    return {"sample": sample(lm, row.get("template", SLIDE), table, examples, pairs)}


def _check_models(row: Row) -> Row:
    texts = [review.text for review in load_reviews("desarrollo")[:SAMPLE]]
    bits = bits_per_character(load(row["model"]), texts)
    return _check_reviews(row) | {"bits_sample": bits}


def _check_words(row: Row) -> Row:
    prompts = [Template(SLIDE).fill(r.text) for r in load_reviews(row["split"])[:SAMPLE]]
    found = measure(load(MODEL), prompts, [row["answer"]])
    return {"sample": [measured.sum_logprob for (measured,) in found]}


def _check_headlines(row: Row) -> Row:
    table = {topic: [topic] for topic in choices.TOPICS}
    return {"sample": sample(load(MODEL), row["template"], table, load_headlines(row["split"]))}


def _check_probe(row: Row) -> Row:
    return {"sample": linear_probe.again(load(MODEL), row)}


# --- las recetas ---


def _settings() -> dict[str, Any]:
    return {"modelo": MODEL, "dtype": "float32", "sin contenido": list(CONTENT_FREE)}


def _recipe(
    name: str,
    title: str,
    rows: Callable[[], Iterable[Row]],
    check: Callable[[Row], Row],
    *,
    data: str = "resenas",
    code: tuple[str, ...] = (),
    models: tuple[str, ...] = (MODEL,),
    settings: Callable[[], Mapping[str, Any]] = _settings,
) -> Recipe:
    return Recipe(
        name=f"prompting_{name}",
        title=title,
        command=f"python -m tools.evaluate_prompting {name}",
        rows=rows,
        check=_replay(check),
        files=sources(
            "course_lib/scoring.py", "course_lib/prompting", f"course_lib/data/{data}.jsonl", *code
        ),
        models=models,
        seed=choices.SEED,
        settings=settings,
    )


RECIPES = {
    "templates": _recipe(
        "templates", "Doce plantillas, con y sin calibrar", templates, _check_reviews
    ),
    "answers": _recipe(
        "answers",
        "Log-probabilidad de cada respuesta en la plantilla de la diapositiva",
        answers,
        _check_words,
    ),
    "shots": _recipe(
        "shots",
        "Número y orden de los ejemplos",
        shots,
        _check_reviews,
        settings=lambda: _settings() | {"held": [r.id for r in choices.held_reviews()]},
    ),
    "models": _recipe(
        "models",
        "Bits por carácter y exactitud, por modelo",
        models,
        _check_models,
        models=(MODEL, SMALL),
    ),
    "headlines": _recipe(
        "headlines", "Tema de un titular", headlines, _check_headlines, data="titulares"
    ),
    "probe": _recipe(
        "probe",
        "Una sonda lineal donde el prompt lee su respuesta",
        probe,
        _check_probe,
        code=("course_lib/experiments/answer_probe.py", "tools/prompting/probe.py"),
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
