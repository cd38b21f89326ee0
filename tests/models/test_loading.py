"""`models.load`: lo que se le puede pedir, y varios hilos que piden a la vez."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from course_lib import models
from course_lib.models import catalogue, fetch, loading
from tests.local_wheels import NAME


def at_once(*calls):
    """Corre cada llamada en su hilo, empezando a la vez, y devuelve lo que dieron."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait(600)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def whole(lm, served) -> bool:
    weights = lm.model.state_dict()
    right = all(torch.equal(weights[n], w) for n, w in served.expected.items())
    return right and not any(p.is_meta for p in lm.model.parameters())


def test_two_threads_load_the_same_model(finished, served):
    for _ in range(3):
        both = at_once(*[lambda: models.load(NAME, device="cpu")] * 4)
        assert all(whole(lm, served) for lm in both)
    assert whole(models.load(NAME, device="cpu"), served)  # y las cargas de después


def test_threads_load_two_models_in_two_precisions(finished, served, monkeypatch):
    import dataclasses
    import shutil

    shutil.copytree(finished, finished.parent / "gemelo", dirs_exist_ok=True)
    monkeypatch.setitem(
        catalogue.CATALOGUE, "gemelo", dataclasses.replace(served.card, name="gemelo")
    )
    calls = [
        lambda: models.load(NAME, device="cpu"),
        lambda: models.load("gemelo", device="cpu", dtype="float64"),
    ]
    try:
        for _ in range(3):
            single, double = at_once(*calls)
            assert whole(single, served) and single.dtype == torch.float32
            assert double.dtype == torch.float64 and torch.get_default_dtype() == torch.float32
    finally:
        shutil.rmtree(finished.parent / "gemelo")


def test_only_one_thread_is_inside_transformers(finished, monkeypatch):
    """La misma propiedad sin depender de la suerte: nadie entra mientras otro carga."""
    inside, most = [], []

    def slow(*_):
        inside.append(1)
        most.append(len(inside))
        waiting.wait(0.05)  # le da tiempo a otro de entrar, si pudiera
        inside.pop()
        return "modelo"

    waiting = threading.Event()
    monkeypatch.setattr(loading, "_load_pretrained", slow)
    assert at_once(*[lambda: models.load(NAME, device="cpu")] * 4) == ["modelo"] * 4
    assert most == [1, 1, 1, 1]


def test_a_load_that_fails_lets_the_next_one_in(finished, monkeypatch, served):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_load_pretrained", interrupt)
        with pytest.raises(KeyboardInterrupt):
            models.load(NAME, device="cpu")
    assert whole(models.load(NAME, device="cpu"), served)


def test_two_threads_fetch_a_model_that_is_missing(at_hand, served, same_files):
    both = at_once(*[lambda: models.load(NAME, device="cpu")] * 2)
    assert all(whole(lm, served) for lm in both)
    assert same_files(at_hand / "models" / NAME)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("MPS backend out of memory"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_memory_that_runs_out_while_loading(error, finished, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(loading, "_load_pretrained", fail)
    with pytest.raises(MemoryError, match=f"No alcanzó la memoria para cargar {NAME}"):
        models.load(NAME, device="cpu")


# --- lo que se le puede pedir --------------------------------------------------------------------


def test_unknown_model_suggests_the_nearest():
    with pytest.raises(ValueError, match=r"«gema-270m».*¿Querías decir «gemma-270m»"):
        models.load("gema-270m")


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"device": "gpu"}, ValueError, "No existe el dispositivo «gpu»"),
        ({"dtype": "float23"}, ValueError, "No se reconoce dtype='float23'"),
        ({"dtype": "int8"}, ValueError, "No se reconoce dtype='int8'"),
        ({"dtype": 32}, ValueError, "No se reconoce dtype=32"),
        ({"name": 270}, TypeError, "espera el nombre de un modelo y recibió int"),
    ],
)
def test_bad_requests(options, kind, words):
    with pytest.raises(kind, match=words):
        models.load(**options)


def test_hub_model_without_network(monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(fetch.FetchError, match=r"«curso/no-existe» del Hub.*gemma-270m"):
        models.load("curso/no-existe", device="cpu")


@pytest.mark.models
def test_loading_shows_no_bars_and_restores_the_users_setting(capfd):
    from transformers.utils import logging

    logging.enable_progress_bar()
    models.load("smollm2-135m-instruct", device="cpu")
    assert logging.is_progress_bar_enabled()
    assert capfd.readouterr() == ("", "")


def test_an_encoder_is_not_a_language_model():
    with pytest.raises(ValueError, match=r"codificador de imágenes.*multimodal\.load_encoder"):
        models.load("efficientnet-lite0")
