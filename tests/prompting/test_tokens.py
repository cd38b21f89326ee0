"""De dónde viene cada token, qué se puntúa y qué pasa con lo que no cabe."""

from __future__ import annotations

import warnings

import pytest

from course_lib.prompting import Template, encode_prompt
from course_lib.prompting.tokens import fit

SLIDE = Template("[X]. En general la película me pareció [Z].")


def test_context_and_continuation_split_at_the_answer(lm):
    encoded = encode_prompt(lm, SLIDE.fill("Amé esa película", "bacán"))
    assert lm.decode(encoded.context) == "Amé esa película. En general la película me pareció"
    assert lm.decode(encoded.continuation) == " bacán."
    assert encoded.ids == tuple(lm.encode(SLIDE.fill("Amé esa película", "bacán").text))


def test_every_token_knows_its_origin(lm):
    encoded = encode_prompt(lm, SLIDE.fill("Amé esa película", "bacán"))
    text = {source: "" for source in encoded.sources}
    for token, source in zip(lm.token_strings(encoded.ids), encoded.sources, strict=True):
        text[source] += token
    assert text["respuesta"].strip() == "bacán"
    assert text["plantilla"] == ". En general la película me pareció."


def test_only_the_answer_counts_for_normalising(lm):
    short = encode_prompt(lm, Template("[X] Es [Z].").fill("Vi", "mala"))
    long = encode_prompt(lm, Template("[X] Es [Z]. Y eso es todo.").fill("Vi", "mala"))
    assert short.n_answer == long.n_answer
    assert len(long.continuation) > len(short.continuation)
    assert lm.decode(short.continuation[: short.n_answer]).strip() == "mala"


def test_answer_at_the_beginning_is_predicted_from_bos(lm):
    encoded = encode_prompt(lm, Template("[Z]: [X]").fill("la película", "Mala"))
    assert encoded.context == [lm.bos_token_id] and encoded.sources[0] == "inicio"
    assert lm.decode(encoded.continuation) == "Mala: la película"


def test_a_token_that_mixes_template_and_answer_warns(lm):
    """«pel» es un token del corpus: si [Z] se pegara a «pe», el token mezclaría los dos."""
    glued = Template("[X] [Z]")
    object.__setattr__(glued, "pattern", "[X] pe[Z]")  # la plantilla normal ya lo impide
    with pytest.warns(UserWarning, match="de la plantilla, con la respuesta «lícula»"):
        encode_prompt(lm, glued.fill("Vi", "lícula"))


def test_no_warning_in_the_usual_case(lm):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern in ("[X] Es [Z].", "[X] (Es [Z])", '[X] "[Z]"', "[Z]: [X]"):
            encode_prompt(lm, Template(pattern).fill("Amé todo", "mala"))


def test_what_does_not_fit_is_cut_from_the_input_only(short_lm):
    words = ["palabra"] * 60
    prompt = SLIDE.fill(" ".join(words))
    cut = fit(short_lm, prompt, ["buena", "terrible"])
    kept = cut.x.split(" ")
    assert 0 < len(kept) < 60 and cut.cut == 60 - len(kept)
    assert cut.text == SLIDE.fill(" ".join(words[: len(kept)])).text
    sizes = [len(encode_prompt(short_lm, cut.answered(z)).ids) for z in ("buena", "terrible")]
    assert max(sizes) <= short_lm.max_length
    longer = prompt.with_input(" ".join(words[: len(kept) + 1]))
    assert len(encode_prompt(short_lm, longer.answered("terrible")).ids) > short_lm.max_length


def test_what_fits_is_left_alone(lm):
    prompt = SLIDE.fill("Amé esa película")
    assert fit(lm, prompt, ["buena"]) is prompt and prompt.cut == 0


def test_a_template_that_never_fits_is_an_error(short_lm):
    prompt = Template("zxq " * 60 + "[X] [Z]").fill("hola")
    with pytest.raises(ValueError, match="no caben en el modelo, que lee a lo sumo 40"):
        fit(short_lm, prompt, ["buena"])


def test_unfilled_prompt_teaches(lm):
    with pytest.raises(ValueError, match="le falta la respuesta"):
        encode_prompt(lm, SLIDE.fill("hola"))
