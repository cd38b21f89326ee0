"""El clasificador con prompt frente al bucle que se escribiría con transformers, en gemma-270m.

64 reseñas × 8 ejemplos × 4 candidatas. El bucle lee el prompt entero por cada candidata, pero ya
evita lo más caro: pide logits solo de las posiciones de la respuesta (`logits_to_keep`). Los dos
miden por turnos, tanda a tanda, y deben predecir lo mismo.
"""

from __future__ import annotations

import time

import torch

from benchmarks.timing import median, ratio
from course_lib import models
from course_lib.data import load_reviews
from course_lib.prompting import PromptClassifier, Verbalizer

REVIEWS, SHOTS, BLOCK = 64, 8, 16
PATTERN = "[X]. En general la película me pareció [Z]."
TABLE = {"positivo": ["buena", "bacán"], "negativo": ["mala", "terrible"]}


@torch.no_grad()
def plain_loop(lm, prompts, verbalizer, *, logits_to_keep: bool = True) -> list[str]:
    """Etiqueta de cada prompt, con una pasada de transformers por candidata y sin caché."""
    labels = []
    for prompt in prompts:
        head = len(lm.encode(prompt.text[: prompt.text.index(" [Z]")]))
        probs = dict.fromkeys(verbalizer.labels, 0.0)
        for answer in verbalizer.answers:
            ids = torch.tensor([lm.encode(prompt.answered(answer).text)])
            n = ids.shape[1] - head
            kept = {"logits_to_keep": n + 1} if logits_to_keep else {}
            logits = lm.model(input_ids=ids, use_cache=False, **kept).logits[0, -n - 1 : -1].float()
            logprobs = logits.log_softmax(-1)[torch.arange(n), ids[0, head:]]
            probs[verbalizer.label_of(answer)] += logprobs.sum().exp().item()
        labels.append(max(probs, key=probs.get))
    return labels


def run():
    """Produce las líneas del informe, a medida que se miden."""
    lm = models.load("gemma-270m", device="cpu", dtype="float32")
    shots = [(r.text, r.label) for r in load_reviews("desarrollo")[:SHOTS]]
    classifier = PromptClassifier(lm, PATTERN, Verbalizer(TABLE), shots=shots)
    texts = [r.text for r in load_reviews("desarrollo")[SHOTS : SHOTS + REVIEWS]]
    plain_loop(lm, [classifier.prompt(texts[0])], classifier.verbalizer)  # calentar, sin contar
    classifier.predict(texts[0])
    seconds: dict[str, list[float]] = {"bucle": [], "curso": []}
    same = 0
    for start in range(0, REVIEWS, BLOCK):
        block = texts[start : start + BLOCK]
        prompts = [classifier.prompt(text) for text in block]
        clock = time.perf_counter()
        expected = plain_loop(lm, prompts, classifier.verbalizer)
        seconds["bucle"].append(time.perf_counter() - clock)
        clock = time.perf_counter()
        found = [p.label for p in classifier.predict_many(block)]
        seconds["curso"].append(time.perf_counter() - clock)
        same += sum(a == b for a, b in zip(expected, found, strict=True))
    if same != REVIEWS:
        raise AssertionError(f"solo coinciden {same} de {REVIEWS} predicciones")
    r, low, high = ratio(seconds, "bucle", "curso")
    tokens = len(lm.encode(prompts[0].answered("buena").text))
    yield f"{REVIEWS} reseñas, {SHOTS} ejemplos, 4 candidatas, prompts de unos {tokens} tokens"
    yield (
        f"  {r:.1f}× el bucle [{low:.1f}–{high:.1f}], {same} de {REVIEWS} predicciones iguales; "
        f"segundos por tanda de {BLOCK}: {median(seconds['curso']):.1f} frente a "
        f"{median(seconds['bucle']):.1f}"
    )
    clock = time.perf_counter()
    plain_loop(lm, prompts[:2], classifier.verbalizer, logits_to_keep=False)
    naive = (time.perf_counter() - clock) / 2 * BLOCK / median(seconds["curso"])
    yield f"  sin `logits_to_keep`, como suele escribirse: unas {naive:.0f}× (2 reseñas)"
