"""El entrenamiento del proyector: aprende, no toca lo demás, se retoma y sus lotes son los que dice."""

from __future__ import annotations

import random
from collections import Counter

import pytest
import torch
from safetensors.torch import save_model

from course_lib.data.scenes import make_scenes
from course_lib.experiments import alignment
from course_lib.experiments.alignment import (
    align,
    ask,
    collate,
    fingerprint,
    load,
    questions_for,
)
from course_lib.records import Record
from tests.multimodal.conftest import tiny_vlm

SHORT = {"captions": 2, "steps": 2, "batch_size": 2, "questions": 3, "learning_rate": 0.02}


def weights(module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in module.parameters()]


def same(one, other) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_only_the_projector_changes():
    vlm = tiny_vlm()
    lm, projector = weights(vlm.lm.model), weights(vlm.projector)
    made = align(vlm, **SHORT)
    assert made.vlm is vlm
    assert same(lm, weights(vlm.lm.model)) and not same(projector, weights(vlm.projector))


def test_the_loss_falls():
    made = align(tiny_vlm(), captions=60, batch_size=2, things=1, learning_rate=0.05)
    losses = made.to_frame()["pérdida (nats por token)"]
    assert losses.iloc[-3:].mean() < 0.95 * losses.iloc[0]


def test_same_seed_same_weights():
    one, two, other = tiny_vlm(), tiny_vlm(), tiny_vlm()
    for vlm, seed in ((one, 0), (two, 0), (other, 1)):
        align(vlm, **SHORT, seed=seed)
    assert same(weights(one.projector), weights(two.projector))
    assert not same(weights(one.projector), weights(other.projector))


def test_an_interrupted_run_ends_as_a_whole_one(tmp_path, monkeypatch):
    """Se corta en el tercer lote de cuatro; al repetirla sigue por ahí y termina igual."""
    whole = tiny_vlm()
    align(whole, **SHORT)
    cut, calls = tiny_vlm(), []
    loss = cut.loss

    def failing(**batch):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return loss(**batch)

    monkeypatch.setattr(cut, "loss", failing)
    with pytest.raises(KeyboardInterrupt):
        align(cut, **SHORT, checkpoints=tmp_path)
    monkeypatch.undo()
    again = tiny_vlm()
    counted = []
    monkeypatch.setattr(
        again, "loss", lambda **b: counted.append(1) or type(again).loss(again, **b)
    )
    align(again, **SHORT, checkpoints=tmp_path)
    assert len(counted) == 2
    assert same(weights(whole.projector), weights(again.projector))


def test_another_run_is_not_mixed(tmp_path):
    align(tiny_vlm(), **SHORT, checkpoints=tmp_path)
    with pytest.raises(ValueError, match="otra corrida"):
        align(tiny_vlm(), **{**SHORT, "learning_rate": 0.1}, checkpoints=tmp_path)


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ({"captions": 0, "steps": 0}, "al menos un lote"),
        ({"captions": -1}, "al menos un lote"),
        ({"batch_size": 0}, "batch_size"),
        ({"questions": 0}, "questions"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"focus": "lugar"}, "posición"),
    ],
)
def test_impossible_runs_are_explained(change, fragment):
    with pytest.raises(ValueError, match=fragment):
        align(tiny_vlm(), **{**SHORT, **change})


def test_questions_are_varied_and_the_caption_is_first():
    draw = random.Random(0)
    for scene in make_scenes(60):
        found = questions_for(scene, 4, draw)
        assert len(found) == 4 and found[0].kind == "contenido"
        assert len({question.kind for question in found}) == 4
        assert set(found) <= set(scene.questions())
    kinds = Counter(q.kind for s in make_scenes(200, things=2) for q in questions_for(s, 3, draw))
    assert min(kinds.values()) > 40


def test_the_focus_is_asked_whole_before_the_rest():
    draw = random.Random(0)
    for scene in make_scenes(60, things=2):
        kinds = [question.kind for question in questions_for(scene, 4, draw, "posición")]
        assert kinds[:3] == ["contenido", "posición", "posición"]
        assert kinds[3] in ("color", "figura", "tamaño", "cuántas")
    alone = make_scenes(1, things=1)[0]  # con una sola figura no hay posición que preguntar
    assert len({q.kind for q in questions_for(alone, 4, draw, "posición")}) == 4


def planned(**changes):
    """Los ajustes de una corrida con escenas de dos figuras, con esos cambios."""
    usual = {"captions": 0, "steps": 0, "questions": 1, "learning_rate": 1e-3}
    return usual | {"things": 2, "shuffled": False, "seed": 0} | changes


def test_batches_follow_the_plan():
    batches = alignment._batches(planned(captions=1, steps=1, batch_size=2, questions=3))
    assert [(len(batch), len(batch[0][1])) for batch in batches] == [(4, 1), (2, 3)]
    assert all(q in scene.questions() for batch in batches for scene, asked in batch for q in asked)


def test_shuffled_is_the_same_with_others_questions():
    plain, moved = (
        alignment._batches(planned(captions=1, batch_size=2, shuffled=shuffled))[0]
        for shuffled in (False, True)
    )
    assert [scene for scene, _ in plain] == [scene for scene, _ in moved]
    assert [asked for _, asked in moved] == [plain[(i + 1) % 4][1] for i in range(4)]
    assert all(asked[0].answer != scene.caption for scene, asked in moved)


def test_many_questions_are_answered_as_one_by_one():
    vlm, scenes = tiny_vlm(), make_scenes(3)
    asked = [(scene.draw(8), scene.questions()[i].text) for i, scene in enumerate(scenes)]
    asked.append((None, "¿Qué hay en la imagen?"))
    together = ask(vlm, asked, max_new_tokens=6)
    assert together == [ask(vlm, [one], max_new_tokens=6)[0] for one in asked]


def test_other_weights_are_not_the_published_ones(monkeypatch, tmp_path):
    path = tmp_path / "projector.safetensors"
    save_model(tiny_vlm().projector, str(path))
    monkeypatch.setattr(alignment, "WEIGHTS", path)
    made = Record(
        title="x", rows=(), command="python -m x", seed=0, settings={"projector_sha256": "0" * 64}
    )
    monkeypatch.setattr(alignment.Record, "load", lambda name: made)
    with pytest.raises(ValueError, match="python -m x"):
        load(tiny_vlm().lm)


def test_a_fingerprint_sees_any_change():
    one, two = tiny_vlm(), tiny_vlm()
    assert fingerprint(one.projector) == fingerprint(two.projector)
    with torch.no_grad():
        two.projector.layers.weight[3, 1] += 1e-9
    assert fingerprint(one.projector) != fingerprint(two.projector)


def test_a_batch_only_learns_the_answers():
    vlm = tiny_vlm()
    scene = make_scenes(1, things=2)[0]
    batch = collate(vlm, [(scene, scene.questions()[:3])] * 2)
    assert batch["input_ids"].shape[:2] == batch["labels"].shape[:2] == (2, 3)
    for question, ids, labels in zip(
        scene.questions(), batch["input_ids"][1], batch["labels"][1], strict=False
    ):
        whole, asked = vlm.ids(question.text, question.answer), vlm.ids(question.text)
        assert ids[: len(whole)].tolist() == whole
        assert labels[labels != -100].tolist() == whole[len(asked) :]
        assert (labels[: len(asked)] == -100).all()
