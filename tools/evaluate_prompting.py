"""Mide el prompting del capítulo 5 y graba cada tabla con su procedencia.

    python -m tools.evaluate_prompting                # todo: unos 20 minutos en un núcleo
    python -m tools.evaluate_prompting templates      # una parte
    python -m tools.evaluate_prompting --check        # recalcula una fila de cada tabla y compara

Partes: templates, answers, shots, models, headlines. Todo se elige en la mitad «desarrollo»; en
«prueba» se mide lo elegido. La única excepción son las plantillas, medidas todas en las dos mitades
para mostrar qué pasa si se elige en la de prueba.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import time
from pathlib import Path

import torch

from course_lib import models
from course_lib.data import load_headlines, load_reviews
from course_lib.metrics import wilson_interval
from course_lib.prompting import (
    CONTENT_FREE,
    Calibration,
    PromptClassifier,
    Sum,
    SumOf,
    Template,
    Verbalizer,
    measure,
)
from course_lib.prompting.scores import softmax
from course_lib.records import Record
from course_lib.scoring import loglikelihoods

ROOT = Path(__file__).resolve().parent.parent
MODEL, SMALL = "gemma-270m", "smollm2-135m-instruct"
COMMAND = "python -m tools.evaluate_prompting"
FILES = [
    "course_lib/scoring.py",
    *(
        f"course_lib/prompting/{n}.py"
        for n in ("template", "tokens", "scores", "answer_search", "aggregates", "verbalizer")
    ),
]
SEED = 5
SAMPLE = 12  # ejemplos que se recalculan para comprobar una fila

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


def main() -> None:
    """Graba las partes pedidas o, con `--check`, las comprueba."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="parte")
    parser.add_argument(
        "--check", action="store_true", help="solo recalcula una fila de cada tabla"
    )
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    lm = _load(MODEL)
    for name in options.parts or PARTS:
        start = time.process_time()
        if options.check:
            print(
                Record.load(f"prompting_{name}").replay(CHECKS[name](lm), atol=2e-3, sampled=True)
            )
        else:
            _save(name, PARTS[name](lm))
        print(f"{name}: {time.process_time() - start:.0f} s de CPU", flush=True)


def _load(name: str):
    return models.load(name, device="cpu", dtype="float32")


def _save(name: str, rows: list[dict]) -> None:
    data = ["titulares" if name == "headlines" else "resenas"]
    used = [MODEL, SMALL] if name == "models" else [MODEL]
    settings = {"modelo": MODEL, "dtype": "float32", "sin contenido": list(CONTENT_FREE)}
    if name == "shots":
        settings["held"] = [r.id for r in shot_sets()[0]]  # las reseñas que evalúan
    Record.create(
        TITLES[name],
        rows,
        command=f"{COMMAND} {name}",
        seed=SEED,
        settings=settings,
        files=[ROOT / f for f in [*FILES, *(f"course_lib/data/{d}.jsonl" for d in data)]],
        hashes={model: models.card(model).gguf_sha256 for model in used},
    ).save(f"prompting_{name}")


# --- lo común: clasificar y resumir ---


def classify(lm, pattern: str, table: dict, examples, shots=()) -> dict:
    """Fila con p(primera etiqueta) por ejemplo, p_cf y aciertos antes y después de calibrar."""
    classifier = PromptClassifier(lm, pattern, table, shots=shots)
    first = next(iter(table))
    probs = [p.label_probs[first] for p in classifier.predict_many([e.text for e in examples])]
    content_free = classifier.calibration.content_free[first]
    probs = [round(p, 5) for p in probs]
    truth = [e.label == first for e in examples]
    calibrated = [p * (1 - content_free) > (1 - p) * content_free for p in probs]
    return {
        "n": len(examples),
        **_accuracy("", [(p > 0.5) == t for p, t in zip(probs, truth, strict=True)]),
        **_accuracy("calibrated_", [c == t for c, t in zip(calibrated, truth, strict=True)]),
        "content_free": round(content_free, 5),
        "probs": probs,
    }


def _accuracy(prefix: str, hits: list[bool]) -> dict:
    interval = wilson_interval(sum(hits), len(hits))
    values = sum(hits) / len(hits), interval.low, interval.high
    names = (f"{prefix}{n}" for n in ("accuracy", "low", "high"))
    return dict(zip(names, (round(v, 4) for v in values), strict=True))


def sample(lm, pattern: str, table: dict, examples, shots=()) -> list[float]:
    """p(primera etiqueta) de los primeros ejemplos: lo que se recalcula para comprobar."""
    found = PromptClassifier(lm, pattern, table, shots=shots).predict_many(
        [e.text for e in examples[:SAMPLE]]
    )
    return [round(p.label_probs[next(iter(table))], 5) for p in found]


# --- las partes ---


def templates(lm) -> list[dict]:
    """Todas las plantillas, en las dos mitades."""
    rows = []
    for name, (pattern, positive, negative) in TEMPLATES.items():
        table = {"positivo": [positive], "negativo": [negative]}
        for split in ("desarrollo", "prueba"):
            found = classify(lm, pattern, table, load_reviews(split))
            head = {"name": name, "template": pattern, "answers": [positive, negative]}
            extra = {"split": split, "sampled": name == "diapositiva" and split == "desarrollo"}
            rows.append(head | extra | found | {"sample": found["probs"][:SAMPLE]})
    return rows


def answers(lm) -> list[dict]:
    """Cada palabra en la plantilla de la diapositiva; los verbalizadores se arman después con ellas."""
    rows = _words(lm, WORDS, "desarrollo")
    chosen = max(TABLES, key=lambda name: _table_accuracy(rows, TABLES[name]))
    both = TABLES[chosen], TABLES["diapositiva"]
    words = dict.fromkeys(itertools.chain(*(side for table in both for side in table)))
    return rows + _words(lm, tuple(words), "prueba")


def _words(lm, words, split: str) -> list[dict]:
    template = Template(SLIDE)
    texts = [r.text for r in load_reviews(split)]
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
            "n_tokens": prior[j].n_tokens,
            "prior": round(prior[j].sum_logprob, 4),
            "content_free": [round(row[j].sum_logprob, 4) for row in empty],
            "logprobs": [round(row[j].sum_logprob, 4) for row in measures],
            "sample": [round(row[j].sum_logprob, 4) for row in measures[:SAMPLE]],
        }
        for j, word in enumerate(words)
    ]


def _table_accuracy(rows: list[dict], table) -> float:
    """Exactitud calibrada en desarrollo de un verbalizador (suma de probabilidades)."""
    verbalizer = Verbalizer(dict(zip(("positivo", "negativo"), table, strict=True)))
    by_word = {row["answer"]: row for row in rows}

    def label_probs(column: str, i: int) -> dict:
        scores = {z: by_word[z][column][i] for z in verbalizer.answers}
        return verbalizer.label_probs(softmax(scores), SumOf())

    calibration = Calibration.from_probs(label_probs("content_free", i) for i in range(3))
    reviews = load_reviews("desarrollo")
    hits = 0
    for i, review in enumerate(reviews):
        probs = calibration(label_probs("logprobs", i))
        hits += max(probs, key=probs.get) == review.label
    return hits / len(reviews)


def shot_sets() -> tuple[list, list[dict]]:
    """Las reseñas que evalúan (68 de desarrollo) y los grupos de ejemplos, sacados de las otras 68."""
    rng = random.Random(SEED)
    sides = {}
    for label in ("positivo", "negativo"):
        side = [r for r in load_reviews("desarrollo") if r.label == label]
        rng.shuffle(side)
        sides[label] = side
    held = [r for pair in zip(*(side[:34] for side in sides.values()), strict=True) for r in pair]
    pools = {label: side[34:] for label, side in sides.items()}
    sets = []
    for k, draw in ((2, 0), (2, 1), (4, 0), (4, 1), (8, 0), (8, 1)):
        chosen = [r for label in pools for r in rng.sample(pools[label], k // 2)]
        rng.shuffle(chosen)
        sets.append({"k": k, "draw": draw, "order": "al azar", "shots": chosen})
    four = next(s["shots"] for s in sets if s["k"] == 4)
    plus = [r for r in four if r.label == "positivo"]
    minus = [r for r in four if r.label == "negativo"]
    for order in ("++--", "+--+", "-++-", "--++"):
        left = {"+": iter(plus), "-": iter(minus)}
        shots = [next(left[sign]) for sign in order]
        sets.append({"k": 4, "draw": 0, "order": order, "shots": shots})
    return held, sets


def shots(lm) -> list[dict]:
    """Número y orden de los ejemplos, sobre las mismas 68 reseñas; el mejor, en prueba."""
    held, sets = shot_sets()
    table = {"positivo": ["buena"], "negativo": ["mala"]}
    rows = []
    for spec in [{"k": 0, "draw": 0, "order": "—", "shots": []}, *sets]:
        rows.append(_shots_row(lm, table, held, spec, "desarrollo"))
    best = max(range(len(rows)), key=lambda i: rows[i]["calibrated_accuracy"])
    chosen = [{"k": 0, "draw": 0, "order": "—", "shots": []}, *sets][best]
    rows.append(_shots_row(lm, table, load_reviews("prueba"), chosen, "prueba"))
    return rows


def _shots_row(lm, table, examples, spec, split: str) -> dict:
    pairs = [(r.text, r.label) for r in spec["shots"]]
    found = classify(lm, SLIDE, table, examples, pairs)
    head = {**spec, "shots": [r.id for r in spec["shots"]], "split": split}
    sampled = spec["k"] == 2 and spec["draw"] == 0 and split == "desarrollo"
    return head | {"sampled": sampled} | found | {"sample": found["probs"][:SAMPLE]}


def models_(lm) -> list[dict]:
    """Bits por carácter en las reseñas de desarrollo y exactitud, por modelo y plantilla."""
    rows = []
    for name in (MODEL, SMALL):
        if name != MODEL:
            lm = _load(name)
        texts = [r.text for r in load_reviews("desarrollo")]
        bits, few = bits_per_character(lm, texts), bits_per_character(lm, texts[:SAMPLE])
        for template in SMALL_TEMPLATES:
            if name == MODEL:
                recorded = Record.load("prompting_templates")
                found = dict(recorded.one(name=template, split="desarrollo"))
            else:
                pattern, positive, negative = TEMPLATES[template]
                table = {"positivo": [positive], "negativo": [negative]}
                found = classify(lm, pattern, table, load_reviews("desarrollo"))
                found |= {
                    "name": template,
                    "split": "desarrollo",
                    "template": pattern,
                    "answers": [positive, negative],
                }
            rows.append(
                {"model": name, "bits_per_char": round(bits, 4), "bits_sample": round(few, 4)}
                | found
                | {"sampled": name == SMALL and template == "diapositiva"}
                | {"sample": found["probs"][:SAMPLE]}
            )
    return rows


def bits_per_character(lm, texts: list[str]) -> float:
    """−Σ log₂ P(texto) / Σ caracteres."""
    scores = loglikelihoods(lm, [("", text) for text in texts])
    return -sum(s.sum_logprob for s in scores) / math.log(2) / sum(map(len, texts))


def headlines(lm) -> list[dict]:
    """Tema de un titular: tres plantillas en desarrollo y la mejor en prueba."""
    rows = [_headline_row(lm, name, "desarrollo") for name in HEADLINES]
    best = max(rows, key=lambda row: row["calibrated_accuracy"])
    return [*rows, _headline_row(lm, best["name"], "prueba")]


def _headline_row(lm, name: str, split: str) -> dict:
    examples = load_headlines(split)
    table = {topic: [topic] for topic in TOPICS}
    classifier = PromptClassifier(lm, HEADLINES[name], table)
    probs = [p.label_probs for p in classifier.predict_many([e.text for e in examples])]
    calibrated = [classifier.calibration(p) for p in probs]
    return {
        "name": name,
        "template": HEADLINES[name],
        "split": split,
        "sampled": name == "ficha" and split == "desarrollo",
        "n": len(examples),
        **_accuracy("", _topic_hits(examples, probs)),
        **_accuracy("calibrated_", _topic_hits(examples, calibrated)),
        "content_free": [round(classifier.calibration.content_free[t], 5) for t in TOPICS],
        "predicted": [max(p, key=p.get) for p in calibrated],
        "sample": [round(p["deportes"], 5) for p in probs[:SAMPLE]],
    }


def _topic_hits(examples, rows) -> list[bool]:
    return [max(p, key=p.get) == e.label for e, p in zip(examples, rows, strict=True)]


# --- comprobar una fila de cada tabla con sus primeros ejemplos ---


def _check_classification(lm):
    def compute(row):
        by_id = {r.id: r for r in load_reviews()}
        examples = shot_sets()[0] if "k" in row else load_reviews(row["split"])
        pairs = [(by_id[i].text, by_id[i].label) for i in row.get("shots", [])]
        positive, negative = row.get("answers", FEMININE)
        table = {"positivo": [positive], "negativo": [negative]}
        return {"sample": sample(lm, row.get("template", SLIDE), table, examples, pairs)}

    return compute


def _check_models(lm):
    small = _load(SMALL)
    texts = [r.text for r in load_reviews("desarrollo")[:SAMPLE]]
    again = _check_classification(small)
    return lambda row: again(row) | {"bits_sample": bits_per_character(small, texts)}


def _check_words(lm):
    def compute(row):
        prompts = [Template(SLIDE).fill(r.text) for r in load_reviews(row["split"])[:SAMPLE]]
        found = measure(lm, prompts, [row["answer"]])
        return {"sample": [Sum()(m) for (m,) in found]}

    return compute


def _check_headlines(lm):
    def compute(row):
        table = {topic: [topic] for topic in TOPICS}
        return {"sample": sample(lm, row["template"], table, load_headlines(row["split"]))}

    return compute


PARTS = {
    "templates": templates,
    "answers": answers,
    "shots": shots,
    "models": models_,
    "headlines": headlines,
}
CHECKS = {name: _check_classification for name in ("templates", "shots")} | {
    "models": _check_models,
    "answers": _check_words,
    "headlines": _check_headlines,
}
TITLES = {
    "templates": "Doce plantillas, con y sin calibrar",
    "answers": "Log-probabilidad de cada respuesta en la plantilla de la diapositiva",
    "shots": "Número y orden de los ejemplos",
    "models": "Bits por carácter y exactitud, por modelo",
    "headlines": "Tema de un titular",
}

if __name__ == "__main__":
    main()
