"""Lo que comparten las pruebas: los modelos reales se cargan una vez por sesión."""

from __future__ import annotations

import os
import signal

import pytest
import torch

# las pruebas corren en un proceso por núcleo (pytest -n): más hilos por proceso solo se estorban
torch.set_num_threads(1)
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def pytest_configure():
    """Lo que se lanza en segundo plano nace sin Ctrl-C, y hay pruebas que lo aprietan: que exista."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """Los correctores, primero: ensayan cada respuesta en un hijo, y un proceso con modelos tarda en ramificarse."""
    items.sort(key=lambda item: "exercises" not in item.path.parts)  # lo demás queda como estaba


@pytest.fixture(scope="session")
def gemma():
    """Gemma 3 270M en CPU y float32."""
    from course_lib import models

    return models.load("gemma-270m", device="cpu", dtype="float32")


@pytest.fixture(scope="session")
def smollm():
    """SmolLM2 135M Instruct en CPU y float32."""
    from course_lib import models

    return models.load("smollm2-135m-instruct", device="cpu", dtype="float32")
