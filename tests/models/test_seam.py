"""La puerta a los modelos: `prefill` y `step` dan lo mismo que leer todo de una vez."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from course_lib.models import LanguageModel
from tests.tiny import CONFIGS, EOS, VOCAB, prompt_ids, tiny

ARCHITECTURES = sorted(CONFIGS)
# float64 contra float64, con los logits entregados en float32
CLOSE = {"rtol": 1e-5, "atol": 1e-5}


def full(lm, rows) -> torch.Tensor:
    """Los logits (B, T, V) sin caché: la referencia."""
    with torch.no_grad():
        return lm.model(input_ids=torch.as_tensor(rows), use_cache=False).logits.float()


def assert_close(ours, theirs):
    """Compara y, si no coinciden, dice por cuánto."""
    torch.testing.assert_close(
        ours, theirs, **CLOSE, msg=lambda m: f"{m}\nmáx. {(ours - theirs).abs().max():.2e}"
    )


# --- prefill y step, en las cuatro arquitecturas --------------------------------------------------


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("length", [1, 7, 20])  # la ventana deslizante de gemma3 es de 8
def test_prefill_equals_the_full_forward(architecture, length):
    lm, ids = tiny(architecture), prompt_ids(length, length)
    state = lm.prefill(torch.tensor([ids]))
    assert state.logits.shape == (1, VOCAB) and state.logits.dtype == torch.float32
    assert state.length == length
    assert_close(state.logits, full(lm, [ids])[:, -1])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("chunks", [[1] * 14, [5, 9], [2, 1, 11]])
def test_steps_of_any_size_equal_the_full_forward(architecture, chunks):
    lm, ids = tiny(architecture), torch.tensor([prompt_ids(1, 20), prompt_ids(2, 20)])
    reference, state, position = full(lm, ids), lm.prefill(ids[:, :6]), 6
    for size in chunks:
        logits = lm.step(ids[:, position : position + size], state)
        assert logits.shape == (2, size, VOCAB) and logits.dtype == torch.float32
        assert_close(logits, reference[:, position : position + size])
        position += size
        assert state.length == position
        assert torch.equal(state.logits, logits[:, -1])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_embeddings_enter_through_the_same_door(architecture):
    lm, ids = tiny(architecture), torch.tensor([prompt_ids(3, 9)])
    embeds = lm.model.get_input_embeddings()(ids)  # la de Gemma ya trae su factor de escala
    state = lm.prefill(inputs_embeds=embeds.float())  # el tipo lo ajusta prefill
    assert state.length == 9
    torch.testing.assert_close(state.logits, full(lm, ids)[:, -1], rtol=1e-3, atol=1e-3)
    state = lm.prefill(inputs_embeds=embeds)
    assert_close(state.logits, full(lm, ids)[:, -1])
    assert_close(lm.step(torch.tensor([[5]]), state), full(lm, [[*ids[0].tolist(), 5]])[:, -1:])


@pytest.mark.parametrize("given", [{}, {"input_ids": 1, "inputs_embeds": 1}])
def test_exactly_one_kind_of_prompt(given):
    with pytest.raises(ValueError, match="exactamente uno"):
        tiny().prefill(**given)


def test_only_the_last_logits_are_computed():
    """Con el vocabulario de Gemma, los logits de 400 posiciones ocuparían 400 MB."""
    lm, shapes = tiny("gemma3"), []
    head = lm.model.get_output_embeddings()
    hook = head.register_forward_hook(lambda _, __, output: shapes.append(tuple(output.shape)))
    lm.prefill(torch.tensor([prompt_ids(0, 30)]))
    hook.remove()
    assert shapes == [(1, 1, VOCAB)]


# --- los estados se repiten, se eligen y se copian ------------------------------------------------


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_expand_then_select_follow_each_row_like_the_full_forward(architecture):
    """Lo que hace la búsqueda en haz: repetir el prompt, avanzar, quedarse con algunas filas."""
    lm, prompt = tiny(architecture), prompt_ids(4, 10)
    state = lm.prefill(torch.tensor([prompt])).expand(3)
    assert state.logits.shape == (3, VOCAB) and torch.equal(state.logits[0], state.logits[2])
    rows = [[*prompt, t] for t in (5, 6, 7)]
    lm.step(torch.tensor([[5], [6], [7]]), state)
    for chosen in ([2, 0, 0], [0, 1, 2], [1, 1], [0], [0, 0, 0, 0]):  # también cambia cuántas hay
        rows = [[*rows[i]] for i in chosen]
        state = state.select(torch.tensor(chosen))
        assert_close(state.logits, full(lm, rows)[:, -1])
        new = [8 + i for i in range(len(rows))]
        logits = lm.step(torch.tensor(new)[:, None], state)
        rows = [[*row, t] for row, t in zip(rows, new, strict=True)]
        assert_close(logits[:, -1], full(lm, rows)[:, -1])
        assert state.length == len(rows[0])


def test_expand_repeats_each_row_in_place():
    lm, rows = tiny(), [prompt_ids(5, 6), prompt_ids(6, 6)]
    state = lm.prefill(torch.tensor(rows)).expand(2)
    logits = lm.step(torch.tensor([[4], [5], [6], [7]]), state)
    both = [[*rows[0], 4], [*rows[0], 5], [*rows[1], 6], [*rows[1], 7]]
    assert_close(logits[:, -1], full(lm, both)[:, -1])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "derive",
    [
        lambda s: s.expand(1),
        lambda s: s.expand(3),
        lambda s: s.select(torch.tensor([0])),
        lambda s: s.select(torch.tensor([0, 0])),
        lambda s: s.clone(),
    ],
)
def test_what_comes_from_a_state_does_not_touch_it(architecture, derive):
    lm, prompt = tiny(architecture), prompt_ids(7, 10)
    state = lm.prefill(torch.tensor([prompt]))
    for _ in range(2):  # también la segunda vez: el original sigue entero
        derived = derive(state)
        for token in (9, 10, 11):
            lm.step(torch.full((len(derived.logits), 1), token), derived)
        assert (state.length, derived.length) == (10, 13)
        assert_close(state.logits, full(lm, [prompt])[:, -1])
    assert_close(lm.step(torch.tensor([[12]]), state), full(lm, [[*prompt, 12]])[:, -1:])


# --- prompts de distinto largo, leídos juntos -----------------------------------------------------


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Las filas rellenas por la izquierda, y cuánto relleno lleva cada una."""
    longest = max(map(len, rows))
    padding = [longest - len(row) for row in rows]
    return torch.tensor(
        [[5] * n + row for n, row in zip(padding, rows, strict=True)]
    ), torch.tensor(padding)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_padded_rows_equal_each_row_alone(architecture):
    lm = tiny(architecture)
    assert lm.mixes_lengths
    rows = [prompt_ids(n, n) for n in (1, 20, 7, 13)]  # unas caben en la ventana de 8 y otras no
    ids, padding = padded(rows)
    state = lm.prefill(ids, left_padding=padding)
    for row, logits in zip(rows, state.logits, strict=True):
        assert_close(logits, full(lm, [row])[0, -1])
    order = [2, 0, 0, 3]  # lo que hace un lote cuyas filas terminan o se repiten
    state, rows = state.select(torch.tensor(order)), [list(rows[i]) for i in order]
    for width in (1, 3, 1):
        new = torch.tensor([prompt_ids(50 + i, width) for i in range(4)])
        logits = lm.step(new, state)
        rows = [row + more for row, more in zip(rows, new.tolist(), strict=True)]
        for row, found in zip(rows, logits, strict=True):
            assert_close(found, full(lm, [row])[0, -width:])
    lm.advance(torch.tensor([[6]] * 4), state)
    for row, found in zip(rows, state.logits, strict=True):
        assert_close(found, full(lm, [[*row, 6]])[0, -1])


def test_padding_of_nothing_is_no_padding():
    state = tiny().prefill(torch.tensor([[5, 6], [7, 8]]), left_padding=torch.tensor([0, 0]))
    assert state.left_padding is None


# --- advance: leer sin calcular logits que nadie mira ---------------------------------------------


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_advance_is_step_without_its_logits(architecture):
    lm, ids = tiny(architecture), torch.tensor([prompt_ids(8, 20)])
    state, shapes = lm.prefill(ids[:, :6]), []
    head = lm.model.get_output_embeddings()
    hook = head.register_forward_hook(lambda _, __, output: shapes.append(tuple(output.shape)))
    assert lm.advance(ids[:, 6:19], state) is None
    hook.remove()
    assert shapes == [(1, 1, VOCAB)] and state.length == 19
    assert_close(state.logits, full(lm, ids)[:, 18])


# --- qué modelos entran por la puerta -------------------------------------------------------------


def built(kind: str, **more):
    """Un modelo diminuto de otra arquitectura."""
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "n_embd": 32}
    sizes |= {"n_layer": 2, "n_head": 4, "d_model": 32, "n_heads": 4, "n_layers": 2}
    sizes |= {"intermediate_size": 48, "num_key_value_heads": 2, "head_dim": 8}
    config = AutoConfig.for_model(kind, vocab_size=VOCAB)
    for name, value in (sizes | more).items():
        if hasattr(config, name):
            setattr(config, name, value)
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(config, dtype=torch.float64)


@pytest.mark.parametrize("kind", ["openai-gpt", "mamba", "recurrent_gemma", "bert", "rwkv"])
def test_models_without_keys_and_values_are_refused(kind):
    """Se equivocarían en silencio: olvidan lo leído o miran hacia adelante."""
    with pytest.raises(ValueError, match="no es un Transformer causal"):
        LanguageModel(built(kind))


@pytest.mark.parametrize("kind", ["bloom", "mpt", "opt", "lfm2"])
def test_other_architectures_step_like_the_full_forward(kind):
    """Sin contexto máximo (BLOOM, MPT), con otras posiciones o con convoluciones (LFM2)."""
    lm = LanguageModel(built(kind))
    assert lm.max_length is None or lm.max_length > 20
    ids = torch.tensor([prompt_ids(1, 20)])
    state = lm.prefill(ids[:, :12]).expand(3)
    logits = lm.step(ids[:, 12:].expand(3, -1), state)
    assert_close(logits, full(lm, ids)[:, 12:].expand(3, -1, -1))


def test_an_overflow_is_said_when_the_model_is_wrapped():
    model = built("llama", tie_word_embeddings=True)
    with torch.no_grad():
        model.get_input_embeddings().weight.mul_(1e300)
    with pytest.raises(ValueError, match="no son números"):
        LanguageModel(model)


# --- lo que el modelo dice de sí ------------------------------------------------------------------


def test_properties():
    lm = tiny()
    assert (lm.vocab_size, lm.max_length, lm.eos_token_ids, lm.bos_token_id) == (
        VOCAB,
        128,
        (EOS,),
        2,
    )
    assert lm.device == torch.device("cpu") and lm.dtype == torch.float64
    assert repr(lm) == "LanguageModel(LlamaForCausalLM, float64, cpu, 37 tokens)"
    assert not lm.model.training


def test_several_ends_of_text_or_none():
    assert tiny(eos=(3, 5)).eos_token_ids == (3, 5)
    assert tiny(eos=None).eos_token_ids == ()


@pytest.mark.parametrize("use", ["encode", "decode"])
def test_without_a_tokenizer_the_error_teaches(use):
    with pytest.raises(ValueError, match=r"no tiene tokenizer.*LanguageModel\(model, tokenizer\)"):
        getattr(tiny(), use)("hola" if use == "encode" else [1])


@pytest.mark.models
def test_gemma_steps_equal_the_full_forward(gemma):
    ids = torch.tensor([gemma.encode("El río que cruza la ciudad se llama Mapocho.")])
    state = gemma.prefill(ids[:, :5])
    logits = gemma.step(ids[:, 5:], state)
    reference = full(gemma, ids)[:, 5:]
    torch.testing.assert_close(logits, reference, rtol=1e-3, atol=1e-3)
    assert torch.equal(logits.argmax(-1), reference.argmax(-1))
