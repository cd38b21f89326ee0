"""Un paso de entrenamiento del proyector, leyendo la imagen una vez o una vez por pregunta, en gemma-270m.

Ocho escenas con cuatro preguntas cada una. La manera corriente repite los 49 tokens visuales en cada ejemplo y calcula los
logits de todas las posiciones; las dos se miden por turnos, y deben dar la misma pérdida.
"""

from __future__ import annotations

import random
import time

import torch
from torch.nn import functional as F

from benchmarks.timing import median, ratio
from course_lib import models
from course_lib.experiments.alignment import collate, questions_for
from course_lib.multimodal import LinearProjector, VisionLanguageModel, load_encoder, make_scenes
from course_lib.multimodal.vision_language_model import MASKED

SCENES, QUESTIONS, ROUNDS = 8, 4, 3


def plain_loss(vlm, features, input_ids, labels):
    """La pérdida con la imagen delante de cada pregunta y los logits de todo."""
    table = vlm.lm.model.get_input_embeddings()
    rows = input_ids.shape[1]
    ids, targets = input_ids.flatten(0, 1), labels.flatten(0, 1)[:, 1:]
    start = table(torch.full((len(ids), 1), vlm.lm.start_token_id))
    image = vlm.projector(features).repeat_interleave(rows, dim=0)
    whole = torch.cat([start, image, table(ids)], dim=1)
    logits = vlm.lm.model(inputs_embeds=whole).logits[:, 1 + image.shape[1] : -1]
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=MASKED)


def run():
    """Produce las líneas del informe, a medida que se miden."""
    lm = models.load("gemma-270m", device="cpu", dtype="float32")
    lm.model.requires_grad_(False)
    encoder = load_encoder()
    vlm = VisionLanguageModel(encoder, LinearProjector(encoder.width, lm.hidden_size), lm)
    draw, scenes = random.Random(0), make_scenes(SCENES * (ROUNDS + 1), seed=9)
    seconds: dict[str, list[float]] = {"corriente": [], "curso": []}
    for turn in range(ROUNDS + 1):  # el primero, para calentar
        group = scenes[SCENES * turn : SCENES * (turn + 1)]
        batch = collate(vlm, [(scene, questions_for(scene, QUESTIONS, draw)) for scene in group])
        found = {}
        for name, loss in (("corriente", plain_loss), ("curso", VisionLanguageModel.loss)):
            clock = time.perf_counter()
            found[name] = loss(vlm, **batch)
            found[name].backward()
            if turn:
                seconds[name].append(time.perf_counter() - clock)
        torch.testing.assert_close(found["corriente"], found["curso"], rtol=1e-4, atol=1e-4)
    r, low, high = ratio(seconds, "corriente", "curso")
    yield f"{SCENES} escenas, {QUESTIONS} preguntas de cada una, con su retropropagación"
    yield (
        f"  {r:.1f}× la manera corriente [{low:.1f}–{high:.1f}], la misma pérdida; segundos por lote: "
        f"{median(seconds['curso']):.1f} frente a {median(seconds['corriente']):.1f}"
    )
