"""De dónde viene cada token, qué se puntúa y qué pasa con lo que no cabe."""

from __future__ import annotations

import warnings

import pytest
from tokenizers.processors import TemplateProcessing

from course_lib.models import LanguageModel
from course_lib.prompting import PromptClassifier, Template, encode_prompt
from course_lib.prompting.tokens import fit

from .conftest import make_lm

SLIDE = Template("[X]. En general la película me pareció [Z].")


def test_context_and_continuation_split_at_the_answer(lm):
    encoded = encode_prompt(lm, SLIDE.fill("Amé esa película", "bacán"))
    assert lm.decode(encoded.context) == "Amé esa película. En general la película me pareció"
    assert lm.decode(encoded.continuation) == " bacán."
    assert encoded.ids == tuple(lm.encode(SLIDE.fill("Amé esa película", "bacán").text))


def test_every_token_knows_its_origin(lm):
    encoded = encode_prompt(lm, SLIDE.fill("Amé esa película", "bacán"))
    text = dict.fromkeys(encoded.sources, "")
    for token, source in zip(lm.token_strings(encoded.ids), encoded.sources, strict=True):
        text[source] += token
    assert text["respuesta"].strip() == "bacán"
    assert text["plantilla"] == ". En general la película me pareció."


def test_the_tokens_of_the_answer_are_the_first_that_are_scored(lm):
    short = encode_prompt(lm, Template("[X] Es [Z].").fill("Vi", "mala"))
    long = encode_prompt(lm, Template("[X] Es [Z]. Y eso es todo.").fill("Vi", "mala"))
    assert short.n_answer == long.n_answer
    assert len(long.continuation) > len(short.continuation)
    assert lm.decode(short.continuation[: short.n_answer]).strip() == "mala"
    assert (short.scored, long.scored) == ("mala.", "mala. Y eso es todo.")


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


def sizes(lm, prompt, answers=("buena", "terrible")) -> list[int]:
    return [len(encode_prompt(lm, prompt.answered(z)).ids) for z in answers]


@pytest.mark.parametrize(
    "text",
    ["x" * 300, "映画は素晴らしかった" * 20, "a " + "https://ejemplo/" * 30, "👍" * 90],
    ids=["letra", "japonés", "dirección", "emoji"],
)
def test_what_has_no_spaces_is_cut_by_letters(short_lm, text):
    prompt = SLIDE.fill(text)
    cut = fit(short_lm, prompt, ["buena", "terrible"])
    assert cut.x and text.startswith(cut.x)
    assert cut.cut == len(text) - len(cut.x) and cut.cut_unit == "letras"
    assert max(sizes(short_lm, cut)) <= short_lm.max_length
    one_more = prompt.with_input(text[: len(cut.x) + 1])
    assert max(sizes(short_lm, one_more)) > short_lm.max_length
    assert f"{cut.cut} letras menos" in repr(cut)
    prediction = PromptClassifier(short_lm, SLIDE, {"+": ["buena"], "-": ["terrible"]}).predict(
        text
    )
    assert prediction.prompt == cut and f"entrada sin {cut.cut} letras" in repr(prediction)


def test_words_may_be_separated_by_any_space(short_lm):
    lines = fit(short_lm, SLIDE.fill("palabra\n" * 60), ["buena", "terrible"])
    assert set(lines.x.split("\n")) == {"palabra"} and lines.cut_unit == "palabras"
    assert lines.cut == 60 - len(lines.x.split())


def test_a_long_word_at_the_end_goes_whole(short_lm):
    """Si lo que la precede llena casi todo, no vale la pena dejar un trozo suyo."""
    start = "palabra palabra palabra"
    cut = fit(short_lm, SLIDE.fill(f"{start} {'zx' * 40}"), ["buena", "terrible"])
    assert (cut.x, cut.cut, cut.removed) == (start, 1, "1 palabra")


def test_what_fits_is_left_alone(lm):
    prompt = SLIDE.fill("Amé esa película")
    assert fit(lm, prompt, ["buena"]) is prompt and prompt.cut == 0


def test_a_template_that_never_fits_is_an_error(short_lm):
    prompt = Template("zxq " * 60 + "[X] [Z]").fill("hola")
    with pytest.raises(ValueError, match="no caben en el modelo, que lee a lo sumo 40"):
        fit(short_lm, prompt, ["buena"])


def test_what_the_tokenizer_appends_is_not_scored(lm):
    """Un tokenizer que cierra cada texto con «</s>» no cambia lo que se puntúa."""
    closing = make_lm()
    closing.tokenizer._tokenizer.post_processor = TemplateProcessing(
        single="$A <s>", special_tokens=[("<s>", 0)]
    )
    for pattern in (SLIDE.pattern, "[X] Es [Z]", "[Z]: [X]"):
        prompt = Template(pattern).fill("Amé esa película", "bacán")
        assert closing.tokenizer.encode(prompt.text)[-1] == 0
        assert encode_prompt(closing, prompt) == encode_prompt(lm, prompt)


def test_an_answer_with_nothing_before_needs_a_first_token(lm):
    bare = LanguageModel(make_lm().model, lm.tokenizer)
    bare.model.generation_config.bos_token_id = bare.model.generation_config.eos_token_id = None
    with pytest.raises(ValueError, match="no tiene BOS ni EOS"):
        encode_prompt(bare, Template("[Z]: [X]").fill("la película", "Mala"))
    encode_prompt(bare, SLIDE.fill("la película", "mala"))


def test_unfilled_prompt_teaches(lm):
    with pytest.raises(ValueError, match="le falta la respuesta"):
        encode_prompt(lm, SLIDE.fill("hola"))
