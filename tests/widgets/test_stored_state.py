"""Lo que guardan los cuadernos es lo que hoy calcula Python, y lo que hoy dice el JavaScript."""

from __future__ import annotations

import math

import nbformat
import pytest

from course_lib.data.scenes import make_scenes
from course_lib.experiments import alignment
from course_lib.widgets import (
    attention,
    beam,
    beam_data,
    before_after,
    emergence,
    image,
    prompt,
    prompt_data,
    size,
    story,
    temperature,
    temperature_data,
    templates,
    training,
)
from course_lib.widgets.base import compact
from tests.widgets.stored import KINDS, ROOT, STATE, StoredLab, stored_labs
from tools.notebooks import refresh_views

LABS = stored_labs()
VIEWS = {
    "attention": attention.AttentionView,
    "temperature": temperature.TemperatureView,
    "beam": beam.BeamView,
    "before_after": before_after.BeforeAfterView,
    "prompting": prompt.PromptView,
    "size": size.SizeView,
    "emergence": emergence.EmergenceView,
    "image": image.ImageView,
    "story": story.StoryView,
    "templates": templates.TemplatesView,
    "training": training.TrainingView,
}
NOISE = 1e-3  # logits de otra máquina: el orden de las sumas cambia las últimas cifras

each_lab = pytest.mark.parametrize("lab", LABS, ids=str)
GEMMA_LABS = [lab for lab in LABS if lab.kind in ("temperature", "beam", "prompting")]
# cada texto de cada laboratorio se calcula aparte: el primero, en las pruebas rápidas
each_gemma_lab = pytest.mark.parametrize(
    ("lab", "chosen"),
    [
        pytest.param(lab, chosen, id=f"{lab}-{name}", marks=marks)
        for lab in GEMMA_LABS
        for chosen, name, marks in [
            (slice(1), "primero", ()),
            (slice(1, None), "demás", pytest.mark.slow),
        ]
        if lab.data["prompts"][chosen]
    ],
)


def test_every_lab_is_in_its_place():
    """Los dos en el capítulo de generación; el de temperatura, también en la portada."""
    places = {(lab.page, lab.kind) for lab in LABS}
    chapter = "book/08_generacion"
    assert places >= {(chapter, "temperature"), (chapter, "beam"), ("book/index", "temperature")}


@each_lab
def test_the_page_carries_todays_view(lab: StoredLab):
    """Tras tocar el JavaScript o el CSS hay que ponerlos al día en los cuadernos."""
    view = VIEWS[lab.kind]
    assert lab.traits["_esm"] == view._esm, (
        "make notebooks ARGS=--views: la página lleva un JavaScript anterior"
    )
    assert lab.traits["_css"] == view._css, (
        "make notebooks ARGS=--views: la página lleva un CSS anterior"
    )


def test_views_are_refreshed_without_running_anything():
    """`--views` deja el JavaScript y el CSS de hoy, y no toca nada más."""
    path = ROOT / f"{LABS[0].page}.ipynb"
    today, old = (nbformat.read(path, as_version=4) for _ in range(2))
    for model in old.metadata.widgets[STATE].state.values():
        if model["state"].get("_anywidget_id") in KINDS:
            model["state"].update(_esm="// anterior", _css="")
    assert refresh_views(old)
    assert old == today
    assert not refresh_views(old)


@each_lab
def test_weight(lab: StoredLab):
    """Los datos de un laboratorio no pasan de 300 kB."""
    assert len(lab.traits["data"].encode()) <= 300_000
    assert compact(lab.data) == lab.traits["data"], "el JSON lleva espacios"


@each_gemma_lab
@pytest.mark.models
def test_data_is_what_python_computes_today(lab: StoredLab, chosen: slice, gemma):
    """El estado guardado, contra la función pura con los mismos argumentos."""
    stored = {**lab.data, "prompts": lab.data["prompts"][chosen]}
    assert stored["model"] == "gemma-270m"
    texts = [entry["text"] for entry in stored["prompts"]]
    if lab.kind == "temperature":
        names = ("temperatures", "num_texts", "max_new_tokens", "seed")
        today = temperature_data(gemma, texts, **{name: stored[name] for name in names})
        compare = compare_temperature
    elif lab.kind == "prompting":
        patterns = [base["pattern"] for base in stored["templates"]]
        tables = {table["name"]: table["mapping"] for table in stored["verbalizers"]}
        compare_prompting(stored, prompt_data(gemma, texts, patterns, tables))
        return
    else:
        today = beam_data(gemma, texts, stop=stored["stop"], max_steps=stored["max_steps"])
        compare = compare_beam
    fixed = set(stored) - {"prompts", "ids", "tokens"}
    assert {key: stored[key] for key in fixed} == {key: today[key] for key in fixed}
    for old, new in zip(stored["prompts"], today["prompts"], strict=True):
        compare(stored, old, today, new)


@pytest.mark.models
def test_the_image_lab_is_what_python_computes_today(gemma):
    """La primera escena del capítulo, recalculada: los mismos textos, y las milésimas a dos de distancia."""
    (lab,) = (lab for lab in LABS if lab.kind == "image")
    today = image.scene_data(alignment.load(gemma), make_scenes(1, seed=2026)[0])
    stored = lab.data["scenes"][0]
    assert all(stored[name] == today[name] for name in ("caption", "alt"))
    for old, new in zip(stored["questions"], today["questions"], strict=True):
        for name in ("kind", "text", "answer", "right", "equal", "finished"):
            assert old[name] == new[name]
        assert [token[0] for token in old["tokens"]] == [token[0] for token in new["tokens"]]
        probs = [[token[1] for token in one["tokens"]] for one in (old, new)]
        assert probs[0] == pytest.approx(probs[1], abs=2)
        assert old["share"] == pytest.approx(new["share"], abs=2)
        for before, now in zip(old["attention"], new["attention"], strict=True):
            assert before == pytest.approx(now, abs=2)


def compare_temperature(_stored, old, _today, new):
    assert old["continuations"] == new["continuations"]
    same_numbers(
        dict(zip(old["ids"], old["logits"], strict=True)),
        dict(zip(new["ids"], new["logits"], strict=True)),
        floor=new["logits"][-1],
    )
    assert dict(zip(old["ids"], old["tokens"], strict=True)).items() >= {
        (i, t) for i, t in zip(new["ids"], new["tokens"], strict=True) if i in old["ids"]
    }
    for name in ("lse", "mean"):
        assert old["rest"][name] == pytest.approx(new["rest"][name], rel=NOISE, abs=10 * NOISE)
    for name in ("top_p", "min_p"):
        for before, now in zip(old[name], new[name], strict=True):
            assert before == pytest.approx(now, rel=2 * NOISE, abs=10 * NOISE)


def compare_beam(stored, old, today, new):
    before, now = paths(stored, old["nodes"]), paths(today, new["nodes"])
    shared = before.keys() & now.keys()
    assert len(shared) >= 0.98 * max(len(before), len(now))
    assert {p: before[p] for p in shared} == pytest.approx({p: now[p] for p in shared}, abs=NOISE)


def compare_prompting(stored, today):
    """Lo mismo, salvo las últimas cifras de las log-probabilidades."""
    if isinstance(stored, dict):
        assert stored.keys() == today.keys()
        stored, today = list(stored.values()), list(today.values())
    if isinstance(stored, list):
        for old, new in zip(stored, today, strict=True):
            compare_prompting(old, new)
    elif isinstance(stored, float):
        assert stored == pytest.approx(today, abs=NOISE)
    else:
        assert stored == today


def same_numbers(before: dict, now: dict, floor: float):
    """Iguales donde están en los dos; lo que está en uno solo, en el borde de lo guardado."""
    shared = before.keys() & now.keys()
    assert {k: before[k] for k in shared} == pytest.approx({k: now[k] for k in shared}, abs=NOISE)
    alone = [d[k] for d in (before, now) for k in d.keys() - shared]
    assert all(math.isclose(value, floor, abs_tol=10 * NOISE) for value in alone)


def paths(data, nodes, node=0, start=()) -> dict:
    """{camino de ids: log-probabilidad de su último token}."""
    found = {}
    for token, logprob, *child in nodes[node]:
        path = (*start, data["ids"][token])
        found[path] = logprob
        if child:
            found |= paths(data, nodes, child[0], path)
    return found
