"""Cuánto tarda en estar listo gemma-270m con la caché caliente, en un proceso nuevo."""

from __future__ import annotations

import statistics
import subprocess
import sys

_CODE = """
import time
import torch, transformers
start = time.perf_counter()
from course_lib import models
lm = models.load("gemma-270m", device="cpu", dtype="float32")
print(time.perf_counter() - start)
"""


def run(repeats: int = 5):
    """Produce la línea del informe: mediana, mínimo y máximo de los segundos de carga."""
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", _CODE], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(repeats)
    ]
    yield (
        f"carga en caliente de gemma-270m, tokenizer incluido: {statistics.median(seconds):.1f} s "
        f"[{min(seconds):.1f}–{max(seconds):.1f}], n = {repeats}"
    )
