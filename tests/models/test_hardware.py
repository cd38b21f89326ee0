"""Dónde corre un modelo, con qué precisión y si cabe: se decide antes de traer nada."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch

from course_lib import models
from course_lib.models import catalogue, memory
from course_lib.models.hardware import check_memory, choose_device, choose_dtype, memory_needed
from tests.local_wheels import ROOT

CPU, CUDA, MPS = (torch.device(d) for d in ("cpu", "cuda", "mps"))
GEMMA = catalogue.card("gemma-270m")


@pytest.fixture
def gpus(monkeypatch):
    """Hace creer que este computador tiene tales GPU."""

    def pretend(cuda: int = 0, mps: bool = False, macos: int = 14) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(
            torch.backends.mps, "is_macos_or_newer", lambda major, minor: macos >= major
        )

    pretend()
    return pretend


# --- dónde ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "chosen"),
    [
        ({}, "cpu"),
        ({"cuda": 1}, "cuda"),
        ({"mps": True}, "mps"),
        ({"cuda": 2, "mps": True}, "cuda"),
    ],
)
def test_auto_is_the_best_that_there_is(present, chosen, gpus):
    gpus(**present)
    assert choose_device("auto").type == chosen


@pytest.mark.parametrize(
    ("device", "present"),
    [
        ("cpu", {}),
        ("cpu:0", {}),
        ("cuda", {"cuda": 1}),
        ("cuda:1", {"cuda": 2}),
        ("mps", {"mps": True}),
        ("mps:0", {"mps": True}),
    ],
)
def test_a_device_that_is_there(device, present, gpus):
    gpus(**present)
    assert choose_device(device) == torch.device(device)
    assert choose_device(torch.device(device)) == torch.device(device)


@pytest.mark.parametrize(
    ("device", "present", "words"),
    [
        ("cuda", {}, "Pediste «cuda», pero aquí no hay GPU"),
        ("cuda:0", {"mps": True}, "Pediste «cuda», pero aquí no hay GPU"),
        (
            "cuda:7",
            {"cuda": 1},
            "no tiene aquí el dispositivo «cuda:7». Usa «auto» .*«cuda» o «cpu»",
        ),
        ("mps", {}, "Pediste «mps», la GPU de los Mac"),
        ("mps", {"cuda": 1}, "Pediste «mps», la GPU de los Mac"),
        ("mps:1", {"mps": True}, "no tiene aquí el dispositivo «mps:1»"),
        ("cpu:3", {}, r"no tiene aquí el dispositivo «cpu:3». Usa «auto» \(o, .*«cpu»\)"),
        ("meta", {}, "En «meta» un modelo tiene formas, pero no pesos"),
        *((d, {}, f"no tiene aquí el dispositivo «{d}»") for d in ("xpu", "hpu", "vulkan", "mtia")),
        *((d, {}, f"no tiene aquí el dispositivo «{d}»") for d in ("xla", "ipu", "privateuseone")),
        *((d, {}, f"No existe el dispositivo «{d}»") for d in ("gpu", "CPU", "cuda:-1", "", "npu")),
        (None, {}, "No existe el dispositivo «None»"),
        (1.5, {}, "No existe el dispositivo «1.5»"),
        (["cpu"], {}, "No existe el dispositivo"),
    ],
    ids=str,
)
def test_a_device_that_is_not_there(device, present, words, gpus):
    gpus(**present)
    with pytest.raises(ValueError, match=words):
        choose_device(device)
    with pytest.raises(ValueError, match=words):
        models.load("gemma-270m", device=device)


# --- con qué precisión ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "name", "chosen"),
    [
        (CPU, None, torch.float32),
        (CPU, "gemma-270m", torch.float32),
        (CPU, "qwen2.5-coder-1.5b-instruct", torch.bfloat16),
        (CUDA, "gemma-270m", torch.bfloat16),
        (MPS, "gemma-270m", torch.float32),
        (MPS, "qwen2.5-coder-1.5b-instruct", torch.float32),
        (MPS, None, torch.float32),
    ],
)
def test_the_usual_precision_of_each_device(where, name, chosen):
    assert choose_dtype("auto", where, name and catalogue.card(name)) == chosen


@pytest.mark.parametrize(
    ("dtype", "macos", "works"),
    [
        ("float32", 13, True),
        ("float16", 13, True),
        ("bfloat16", 14, True),
        ("bfloat16", 13, False),
        ("float64", 15, False),
    ],
)
def test_what_the_gpu_of_a_mac_computes(dtype, macos, works, gpus):
    gpus(mps=True, macos=macos)
    if works:
        assert choose_dtype(dtype, MPS) == getattr(torch, dtype)
        return
    with pytest.raises(ValueError, match=f"este Mac no calcula en {dtype}. Usa dtype='float32'"):
        choose_dtype(dtype, MPS)


@pytest.mark.parametrize("dtype", ["int8", "float8_e4m3fn", "complex64", "nn", None, 32, ""])
def test_a_precision_that_models_do_not_use(dtype):
    with pytest.raises(ValueError, match="No se reconoce dtype"):
        choose_dtype(dtype, CPU)


# --- si cabe -------------------------------------------------------------------------------------


@pytest.fixture
def free(monkeypatch):
    """Hace creer que queda tanta memoria."""

    def pretend(bytes_free: int) -> None:
        now = psutil.virtual_memory()._replace(available=bytes_free)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: now)
        monkeypatch.setattr(memory, "_CONTAINERS", ())

    return pretend


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float64])
def test_what_is_computed_is_what_is_needed(kind, free):
    needed = memory_needed(GEMMA, kind, CPU)
    assert needed.weights == GEMMA.cache_bytes * kind.itemsize // 4
    copied = 0 if kind == torch.float32 else GEMMA.cache_bytes
    assert needed.reading > copied and needed.computing > 0
    assert needed.total == needed.weights + needed.reading + needed.computing
    free(needed.total)
    check_memory(GEMMA, kind, CPU)
    free(needed.total - 1)
    with pytest.raises(MemoryError) as info:
        check_memory(GEMMA, kind, CPU)
    message, parts = str(info.value), (needed.weights, needed.reading, needed.computing)
    assert all(f"{part / 1e9:.1f}" in message for part in (needed.total, *parts))
    assert ("usa dtype='float32'" in message) == (kind != torch.float32)  # el que menos pide


def test_the_weights_alone_are_not_enough(free):
    free(GEMMA.cache_bytes + 100_000_000)
    with pytest.raises(MemoryError, match=r"gemma-270m ocupa 1\.1 GB en float32 y quedan 1\.2 GB"):
        models.load("gemma-270m", device="cpu")


def test_both_memories_of_a_gpu(free, monkeypatch):
    needed = memory_needed(GEMMA, torch.float32, CUDA)
    on_gpu = needed.weights + needed.computing

    def gpu(left):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda where: (left, 80 * 10**9))

    free(needed.weights + needed.reading)
    gpu(on_gpu)
    check_memory(GEMMA, torch.float32, CUDA)
    gpu(on_gpu - 1)
    with pytest.raises(MemoryError, match=r"memoria de la GPU.*usa dtype='bfloat16'"):
        check_memory(GEMMA, torch.float32, CUDA)
    free(needed.weights + needed.reading - 1)
    with pytest.raises(MemoryError, match="GB de memoria, pero"):
        check_memory(GEMMA, torch.float32, CUDA)


def test_a_mac_shares_its_memory_with_its_gpu():
    """Los pesos están dos veces mientras pasan a la GPU."""
    on_cpu, on_mps = (memory_needed(GEMMA, torch.float32, w) for w in (CPU, MPS))
    assert on_mps.total == on_cpu.total + GEMMA.cache_bytes


@pytest.mark.parametrize("version", [2, 1])
def test_the_limit_of_a_container_counts(version, tmp_path, monkeypatch):
    """Con el limite a medias, lo usado por archivos no cuenta: el sistema lo suelta cuando hace falta."""
    stat = {2: "anon 1\nactive_file 200\ninactive_file 100\n", 1: "total_inactive_file 300\n"}
    (tmp_path / "limit").write_text("5000\n")
    (tmp_path / "used").write_text("4000\n")
    (tmp_path / "memory.stat").write_text(stat[version])
    places = ((str(tmp_path / "limit"), str(tmp_path / "used")),)
    monkeypatch.setattr(memory, "_CONTAINERS", places)
    assert memory.free_memory() == 1300
    (tmp_path / "limit").write_text("max\n")
    assert memory.free_memory() > 10**6
    Path(tmp_path / "limit").unlink()
    assert memory.free_memory() > 10**6


PEAK = """
import json, sys, torch
from pathlib import Path
torch.set_num_threads(1)
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer  # lo que ya ocupan las bibliotecas
from course_lib import models
def peak():  # el de `getrusage` se hereda de quien lanzó este proceso
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
before = peak()
lm = models.load("gemma-270m", device="cpu", dtype=sys.argv[1])
lm.prefill(torch.arange(300)[None])
print(json.dumps(peak() - before))
"""


@pytest.mark.models
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
def test_a_real_load_stays_within_what_is_asked(dtype):
    """En otro proceso: el pico de cargar y leer 300 tokens no pasa de lo que se exige libre."""
    out = subprocess.run(
        [sys.executable, "-c", PEAK, dtype],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert out.returncode == 0, out.stderr
    used, needed = json.loads(out.stdout), memory_needed(GEMMA, getattr(torch, dtype), CPU).total
    assert 0.5 * needed < used < needed, f"{used / 1e9:.2f} de {needed / 1e9:.2f} GB"
