"""La vista de las preguntas en un navegador real, sin kernel y sin salida a la red."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course_lib.exercises import quiz

ROOT = Path(__file__).resolve().parents[2]
VIEW = ROOT / "course_lib" / "exercises" / "core"
PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Preguntas</title>
<link rel="stylesheet" href="/quiz.css"><body><div id="uno"></div><div id="dos"></div>
<script type="module">
  import view from "/quiz.js";
  const traits = TRAITS;
  for (const id of ["uno", "dos"])
    view.render({ model: { get: (name) => traits[name] }, el: document.getElementById(id) });
</script>"""
HOSTILE = {
    "id": "hostil",
    "kind": "repaso",
    "section": "s",
    "prompt": "<img src=x onerror='window.hacked = 1'> y `<b>`",
    "options": [
        {"text": "<script>window.hacked = 1</script>", "feedback": "<i>sí</i>", "correct": True},
        {"text": "no", "feedback": "no", "correct": False},
    ],
}


@pytest.fixture
def show(chromium):
    """Abre una página con dos vistas de las mismas preguntas; falla si pide algo de afuera."""
    contexts, outside = [], []

    def open_page(questions, script=""):
        traits = json.dumps({"chapter": "demo", "questions": questions}).replace("</", "<\\/")
        files = {"/": ("text/html", PAGE.replace("TRAITS", traits))}
        for name, kind in (("quiz.js", "text/javascript"), ("quiz.css", "text/css")):
            files[f"/{name}"] = (kind, (VIEW / name).read_text(encoding="utf-8"))
        context = chromium.new_context()
        contexts.append(context)

        def answer(route):
            path = route.request.url.removeprefix("http://curso.test")
            if path not in files:
                outside.append(route.request.url)
                return route.abort()
            kind, body = files[path]
            return route.fulfill(content_type=f"{kind}; charset=utf-8", body=body)

        context.route("**/*", answer)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto("http://curso.test/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in outside if not url.endswith("favicon.ico")] == []


def chosen(*ids):
    return quiz("08_generacion", *ids).questions


def test_every_option_shows_its_own_feedback(show):
    (question,) = chosen("top-p-cruza")
    form = show([question]).locator("#uno form")
    for option in question["options"]:
        form.get_by_label(option["text"]).check()
        expect(form.get_by_role("status")).to_have_text("")  # cambiar de idea borra el veredicto
        form.get_by_role("button", name="Comprobar").click()
        verdict = "✓ Correcto. " if option["correct"] else "✗ Todavía no. "
        expect(form.get_by_role("status")).to_have_text(verdict + option["feedback"])


def test_only_the_keyboard(show):
    (question,) = chosen("temperatura-cero")
    page = show([question])
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    status = page.locator("#uno").get_by_role("status")
    expect(status).to_contain_text(question["options"][1]["feedback"])
    assert status.get_attribute("aria-live") == "polite"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Comprobar"


def test_question_is_the_name_of_its_group(show):
    (question,) = chosen("temperatura-cero")
    group = show([question]).locator("#uno").get_by_role("group")
    expect(group).to_have_count(1)
    assert question["prompt"] in group.locator("legend").inner_text()
    expect(group.get_by_role("radio")).to_have_count(len(question["options"]))


def test_nothing_chosen(show):
    form = show(chosen("temperatura-cero")).locator("#uno form")
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_have_text("Elige primero una alternativa.")


def test_answers_survive_a_reload_until_erased(show):
    questions = chosen("temperatura-cero", "suma-baja")
    page = show(questions)
    right = next(option for option in questions[0]["options"] if option["correct"])
    form = page.locator("#uno form").first
    form.get_by_label(right["text"]).check()
    form.get_by_role("button", name="Comprobar").click()
    count = page.locator("#uno .quiz-count")
    expect(count).to_have_text("1 de 2 correctas")

    page.reload()
    expect(count).to_have_text("1 de 2 correctas")
    expect(form.get_by_label(right["text"])).to_be_checked()
    expect(form.get_by_role("status")).to_contain_text(right["feedback"])

    page.locator("#uno").get_by_role("button", name="Borrar mis respuestas").click()
    expect(count).to_have_text("0 de 2 correctas")
    page.reload()
    expect(count).to_have_text("0 de 2 correctas")
    assert page.evaluate("localStorage.length") == 0


def test_two_views_do_not_share_their_radios(show):
    page = show(chosen("temperatura-cero"))
    page.locator("#uno").get_by_role("radio").first.check()
    page.locator("#dos").get_by_role("radio").nth(1).check()
    expect(page.locator("#uno").get_by_role("radio").first).to_be_checked()


def test_without_storage_it_still_works(show):
    broken = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    (question,) = chosen("temperatura-cero")
    form = show([question], broken).locator("#uno form")
    form.get_by_role("radio").first.check()
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_contain_text(question["options"][0]["feedback"])


def test_text_is_never_markup(show):
    page = show([HOSTILE])
    form = page.locator("#uno form")
    form.get_by_role("radio").first.check()
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_have_text("✓ Correcto. <i>sí</i>")
    expect(form.locator("legend code")).to_have_text("<b>")
    assert page.locator("img, #uno script, i, b").count() == 0
    assert page.evaluate("window.hacked") is None
