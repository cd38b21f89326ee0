"""El laboratorio de imágenes: lo que guarda es lo que el modelo hace, y el navegador lo dice igual."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.data.scenes import Scene, Thing, make_scenes
from course_lib.experiments.alignment import ask
from course_lib.experiments.looking import attention_to_image
from course_lib.widgets import image_lab, scene_data
from course_lib.widgets.base import compact
from course_lib.widgets.image import MAX_NEW_TOKENS, ImageView, plain_words
from course_lib.widgets.image_input import SIZES, read_scene
from tests.widgets.node import run
from tests.widgets.samples import seeing

STAR = {"shape": "estrella", "color": "rojo", "size": "grande", "x": 0.3, "y": 0.5}
CROSS = {"shape": "cruz", "color": "azul", "size": "pequeño", "x": 0.75, "y": 0.3}
SAID = """
const tokens = (question) => question.tokens.map((_, t) => t);
const result = data.scenes.map((scene) => ({
  words: scene.cells.map((_, i) => cellWords(scene, i)),
  bare: scene.cells.map((_, i) => cellSentence(scene, scene.questions[0], -1, i, data.side)),
  questions: scene.questions.map((question) => ({
    verdict: verdict(question),
    shares: question.tokens.map(([, p]) => share(p)),
    attention: tokens(question).map((t) => attentionSentence(question, t, data.side)),
    clear: tokens(question).map((t) => clearness(question.attention[t])),
    cells: tokens(question).map((t) => cellSentence(scene, question, t, 9, data.side)),
  })) }));
"""


@pytest.fixture(scope="module")
def vlm():
    return seeing()


@pytest.fixture(scope="module")
def scenes():
    """Una figura, dos y tres."""
    return tuple(make_scenes(1, seed=2, things=n)[0] for n in (1, 2, 3))


@pytest.fixture(scope="module")
def lab(vlm, scenes):
    return image_lab(vlm, scenes)


@pytest.fixture(scope="module")
def data(lab):
    return lab.data


def continued(vlm, scene, question) -> tuple[list[int], torch.Tensor]:
    """Los ids que salen eligiendo siempre el más probable, y la distribución en cada paso, leyendo todo cada vez."""
    embed = vlm.lm.model.get_input_embeddings()
    read, ids, probs = vlm.prompt(scene.draw(), question), [], []
    with torch.no_grad():
        while len(ids) < MAX_NEW_TOKENS and not set(ids) & set(vlm.lm.eos_token_ids):
            logits = vlm.lm.model(inputs_embeds=read[None]).logits[0, -1]
            probs.append(logits.softmax(-1))
            ids.append(int(logits.argmax()))
            read = torch.cat([read, embed(torch.tensor(ids[-1:]))])
    return ids, torch.stack(probs)


def test_answers_are_the_greedy_ones(vlm, scenes, data):
    """Cada respuesta, con su juicio, y cada token con su probabilidad y las cuatro que le siguen."""
    for scene, entry in zip(scenes, data["scenes"], strict=True):
        right = {q.text: q.answer for q in scene.questions()}
        asked = [(scene.draw(), q["text"]) for q in entry["questions"]]
        assert [q["answer"] for q in entry["questions"]] == ask(
            vlm, asked, max_new_tokens=MAX_NEW_TOKENS
        )
        for question in entry["questions"]:
            assert question["right"] == right[question["text"]]
            assert question["equal"] == (question["answer"] == question["right"])
        question = entry["questions"][-1]
        ids, probs = continued(vlm, scene, question["text"])
        assert question["finished"] == (ids[-1] in vlm.lm.eos_token_ids)
        assert [text for text, *_ in question["tokens"]] == vlm.lm.token_strings(ids)
        for (_, p, others), exact in zip(question["tokens"], probs, strict=True):
            top = exact.topk(5)
            found = [p, *(value for _, value in others)]
            assert found == pytest.approx((1000 * top.values).tolist(), abs=0.51)
            assert found == sorted(found, reverse=True)
            assert {text for text, _ in others} == set(
                vlm.lm.token_strings(top.indices[1:].tolist())
            )


def test_attention_is_that_of_what_was_written(vlm, scenes, data):
    """Por token, la de la posición que lo predice: la que recibe la imagen, y cómo se reparte entre sus celdas."""
    for scene, entry in zip(scenes, data["scenes"], strict=True):
        question = entry["questions"][1]
        ids, _ = continued(vlm, scene, question["text"])
        exact = attention_to_image(vlm, scene.draw(), question["text"], ids).flatten(1)
        total = exact.sum(dim=1)
        assert np.shape(question["attention"]) == (len(ids), 49)
        for row, weights, whole in zip(question["attention"], exact, total, strict=True):
            assert row == pytest.approx((1000 * weights / whole).tolist(), abs=0.51)
        assert question["share"] == pytest.approx((1000 * total).tolist(), abs=0.51)
        assert all(0 < n < 1000 for n in question["share"])


def test_attention_of_a_text_is_that_of_its_ids(vlm, scenes):
    asked = scenes[0].draw(), "¿Cuántas figuras hay?"
    ids = vlm.ids(asked[1], "una")[len(vlm.ids(asked[1])) :]
    assert torch.equal(attention_to_image(vlm, *asked, "una"), attention_to_image(vlm, *asked, ids))


def test_words_are_the_nearest(vlm, scenes, data):
    """Por celda, las tres de mayor coseno entre las palabras del vocabulario, de mayor a menor."""
    words = plain_words(vlm.lm)
    assert {"rojo", "una", "derecha"} <= set(words.values())
    assert all(text.isalpha() and text.islower() for text in words.values())
    weights = vlm.lm.model.get_input_embeddings().weight.detach().numpy()
    table = np.stack([weights[i] for i in words])
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    for scene, entry in zip(scenes, data["scenes"], strict=True):
        visual = vlm.encode([scene.draw()])[0].double().numpy()
        cosines = visual / np.linalg.norm(visual, axis=1, keepdims=True) @ table.T
        for row, exact in zip(entry["cells"], cosines, strict=True):
            assert [c for _, c in row] == pytest.approx(100 * np.sort(exact)[:-4:-1], abs=0.51)
            place = dict(zip(words.values(), exact, strict=True))
            for i, c in row:
                assert 100 * place[entry["words"][i]] == pytest.approx(c, abs=0.51)


def test_the_image_is_the_one_the_model_sees(scenes, data):
    """Píxel por píxel, y su descripción dice qué hay y dónde."""
    for scene, entry in zip(scenes, data["scenes"], strict=True):
        start, _, encoded = entry["image"].partition(",")
        image = Image.open(io.BytesIO(base64.b64decode(encoded)))
        assert start == "data:image/png;base64" and len(encoded) < 4000
        assert np.array_equal(np.array(image.convert("RGB")), np.array(scene.draw()))
        assert all(thing.name in entry["alt"] for thing in scene.things)


def test_questions_are_varied(scenes, data):
    """Ocho como mucho, en su orden y de todas las clases que la escena admite."""
    for scene, entry in zip(scenes, data["scenes"], strict=True):
        possible = [q.text for q in scene.questions()]
        texts = [q["text"] for q in entry["questions"]]
        assert len(texts) == len(set(texts)) == min(8, len(possible))
        assert texts == [text for text in possible if text in texts]
        assert {q["kind"] for q in entry["questions"]} == {q.kind for q in scene.questions()}


def test_data_is_plain_and_the_same_twice(vlm, scenes, lab, data):
    assert image_lab(vlm, scenes).view.data == lab.view.data == compact(data)
    assert data["scenes"] == [scene_data(vlm, scene) for scene in scenes]
    assert data["side"] == 7 and data["searched"] == len(plain_words(vlm.lm))


def test_the_browser_says_what_python_found(data, tmp_path):
    """Palabras, juicios, probabilidades y atención: las frases que se leen, hechas aquí otra vez desde los datos."""
    told = run(tmp_path, ImageView, SAID, data)
    for entry, found in zip(data["scenes"], told, strict=True):
        words = [[[entry["words"][i], c / 100] for i, c in row] for row in entry["cells"]]
        assert found["words"] == words
        near = [", ".join(f"{w} ({signed(c)})" for w, c in row) for row in words]
        for i, sentence in enumerate(found["bare"]):
            place = f"Fila {i // 7 + 1}, columna {i % 7 + 1}."
            assert sentence == f"{place} Palabras más parecidas: {near[i]}."
        for question, said in zip(entry["questions"], found["questions"], strict=True):
            assert said["verdict"][0] == ("✓" if question["equal"] else "✗")
            assert question["equal"] or f"«{question['right']}»" in said["verdict"][1]
            assert said["shares"] == [portion(p) for _, p, _ in question["tokens"]]
            for t, weights in enumerate(question["attention"]):
                best = int(np.argmax(weights))
                assert said["clear"][t] == pytest.approx([w / max(1, *weights) for w in weights])
                assert f"recibe el {portion(question['share'][t])} de su" in said["attention"][t]
                place = f"{thousandths(weights[best])}, a la fila {best // 7 + 1}, columna {best % 7 + 1}."
                assert said["attention"][t].endswith(place)
                assert said["cells"][t] == (
                    f"Fila 2, columna 3. Recibe {thousandths(weights[9])} de la atención a la imagen. Palabras más "
                    f"parecidas: {near[9]}."
                )


def signed(c: float) -> str:
    return f"{'−' if c < 0 else ''}{abs(c):.2f}"


def portion(n: int) -> str:
    return "<0.1\u202f%" if n == 0 else ">99.9\u202f%" if n == 1000 else f"{n / 10:.1f}\u202f%"


def thousandths(n: int) -> str:
    return f"{n} {'milésima' if n == 1 else 'milésimas'}"


def test_what_is_right_wrong_or_unknown_is_said(tmp_path):
    cases = [
        {"answer": "roja", "right": "roja", "equal": True},
        {"answer": "azul", "right": "roja", "equal": False},
        {"answer": "", "right": "roja", "equal": False},
        {"answer": "azul", "right": None, "equal": None},
    ]
    said = run(
        tmp_path, ImageView, "const result = [data.map(verdict), [0, 4, 1000].map(share)];", cases
    )
    assert [sentence for _, sentence, _ in said[0]] == [
        "Correcta.",
        "Incorrecta: la respuesta correcta es «roja».",
        "Incorrecta: la respuesta correcta es «roja», y no escribió nada.",
        "No se sabe cuál es la respuesta correcta: júzgala tú.",
    ]
    assert said[1] == ["<0.1\u202f%", "0.4\u202f%", ">99.9\u202f%"]


def test_repr_links_and_fallback(lab, scenes):
    assert repr(lab) == f"Laboratorio de imágenes ({seeing().lm.name}; escenas: 3)"
    assert set(lab.controls) == {"scene"} <= set(lab.view.keys)
    assert lab.controls["scene"].options[0] == f"1. {scenes[0].caption}"
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 3 and f"Escena 3. {scenes[2].caption}" in page
    assert all(q.answer in page for q in scenes[0].questions())


def listen(lab, monkeypatch) -> list[dict]:
    sent: list[dict] = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    return sent


def demand(lab, things, question) -> None:
    text = json.dumps({"things": things, "question": question})
    lab.view._receive(None, {"kind": "prompt", "text": text}, [])


def test_an_own_scene(vlm, lab, monkeypatch):
    """Primero el dibujo solo; con una pregunta, los mismos datos que los de una escena grabada."""
    sent = listen(lab, monkeypatch)
    lab.view._receive(None, {"kind": "ping"}, [])
    scene = Scene((Thing(**STAR), Thing(**CROSS)))
    demand(lab, [CROSS, STAR], None)
    drawn = json.loads(lab.view.own)
    assert drawn["questions"] == [] and drawn["caption"] == scene.caption
    assert drawn["alt"] == (
        "Escena dibujada: una estrella roja de tamaño grande, a la izquierda; una cruz azul de tamaño pequeño, arriba "
        "a la derecha."
    )
    for question, right in (("¿De qué color es la cruz?", "azul"), ("¿Es de noche?", None)):
        demand(lab, [CROSS, STAR], question)
        own = json.loads(lab.view.own)
        assert own == scene_data(vlm, scene, [question])
        assert own.items() >= {"image": drawn["image"], "alt": drawn["alt"]}.items()
        assert own["questions"][0]["right"] == right
    assert [m["kind"] for m in sent] == ["pong", *["progress", "done"] * 3]
    lab.view.own = ""


@pytest.mark.parametrize(
    ("things", "question", "reason"),
    [
        ([STAR], "  ", "La pregunta está vacía"),
        ([STAR], "hola " * 300, "Acorta el prompt"),
        ([STAR | {"shape": "gato"}], "¿Qué hay?", "No hay figura «gato». Elige: círculo"),
        ([STAR | {"color": "gris"}], None, "No hay color «gris»"),
        ([STAR | {"size": "enorme"}], None, "No hay tamaño «enorme». Elige: grande, pequeño"),
        ([STAR | {"x": 0.05}], None, "no cabe entera con x = 0.05: lleva su centro a un valor de"),
        ([STAR | {"y": float("nan")}], None, "no cabe entera con y = nan"),
        ([STAR, CROSS | {"color": "rojo"}], None, "el mismo color, «rojo»"),
        ([STAR, CROSS | {"shape": "estrella"}], None, "la misma figura, «estrella»"),
        (
            [STAR, CROSS | {"x": 0.4, "y": 0.5}],
            None,
            "una estrella roja y una cruz azul se tocan o casi",
        ),
        ([], None, "una o dos figuras, y llegaron 0"),
        ([STAR] * 3, None, "una o dos figuras, y llegaron 3"),
    ],
)
def test_an_own_scene_that_cannot_be(lab, monkeypatch, things, question, reason):
    sent = listen(lab, monkeypatch)
    demand(lab, things, question)
    assert sent[-1]["kind"] == "error"
    assert reason in sent[-1]["text"]
    assert lab.view.own == ""


@pytest.mark.parametrize(
    ("x", "y", "first"), [(0.75, 0.5, "estrella"), (0.3, 0.85, "estrella"), (0.3, 0.15, "cruz")]
)
def test_things_are_named_from_left_or_from_above(x, y, first):
    text = json.dumps({"things": [CROSS | {"x": x, "y": y}, STAR], "question": None})
    scene, question = read_scene(text)
    assert scene.things[0].shape == first and question is None


def test_sizes_are_those_of_the_scenes():
    drawn = {thing.size for scene in make_scenes(40) for thing in scene.things}
    assert drawn == set(SIZES)


def test_scenes_that_cannot_be_shown(vlm, scenes, monkeypatch):
    with pytest.raises(TypeError, match="llegó una sola"):
        image_lab(vlm, scenes[0])
    with pytest.raises(ValueError, match="está vacía"):
        image_lab(vlm, [])
    with pytest.raises(TypeError, match="llegó str"):
        image_lab(vlm, ["foto.png"])
    monkeypatch.setattr("course_lib.widgets.image.LARGEST", 9_000)
    with pytest.raises(
        ValueError, match=r"en la página caben 9: pasa menos escenas \(ahora son 1\)"
    ):
        image_lab(vlm, scenes[:1])
