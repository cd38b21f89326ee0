"""El decodificador del curso frente a `transformers.generate`, en gemma-270m.

El límite que se imprime al lado es el del ancho de banda: cada paso lee todos los pesos una vez, de
modo que no puede durar menos que leerlos. También se mide qué parte del tiempo voraz se va en llamar
al modelo, el mismo que llama transformers: esa parte no la puede acortar ningún bucle, y donde pasa
del 90 % la razón queda cerca de 1.
"""

from __future__ import annotations

import time
from dataclasses import asdict

import torch

from benchmarks.timing import interleaved, median, ratio
from course_lib import models
from course_lib.data import load_texts
from course_lib.decoding import BeamSearch, Greedy, Sampling, generate


def bandwidth(seconds: float = 1.0) -> float:
    """Devuelve los bytes por segundo que esta máquina lee de memoria (una suma sobre 1 GB)."""
    block = torch.ones(1 << 28)  # 1 GiB: no cabe en ninguna caché
    block.sum()
    start, reads = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        block.sum()
        reads += 1
    return reads * block.nbytes / (time.perf_counter() - start)


def cases(lm) -> dict[str, tuple]:
    """nombre -> (ids del prompt, estrategia, tokens nuevos)."""
    long = lm.encode(" ".join(t.text for t in load_texts()))
    return {
        "voraz, 64 tokens": (long[:20], Greedy(), 64),
        "muestreo, 8 secuencias × 32": (long[:20], Sampling(num_return_sequences=8), 32),
        "4 haces, prompt de 20, 32 tokens": (long[:20], BeamSearch(num_beams=4), 32),
        "4 haces, prompt de 400, 32 tokens": (long[:400], BeamSearch(num_beams=4), 32),
    }


def hf(lm, ids, strategy, n):
    """La misma petición a `transformers.generate`."""
    prompt = torch.tensor([ids])
    options = asdict(strategy) | {"do_sample": isinstance(strategy, Sampling)}
    if options.get("min_p") == 0.0:
        options.pop("min_p")
    return lm.model.generate(
        prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=n, **options
    )


def _tasks(lm, ids, strategy, n):
    return {
        "transformers": lambda: hf(lm, ids, strategy, n),
        "curso": lambda: generate(lm, ids, strategy, max_new_tokens=n, seed=0, trace=None),
        "curso con traza": lambda: generate(lm, ids, strategy, max_new_tokens=n, seed=0),
    }


def model_share(lm, ids, n: int, seconds: float) -> float:
    """Devuelve qué fracción de `seconds`, lo que tardó en escribir n tokens, son pasadas del modelo."""
    start = time.perf_counter()
    state = lm.prefill(torch.tensor([ids]))
    token = state.logits.argmax(-1, keepdim=True)  # (1, 1): qué token sea no cambia lo que tarda
    for _ in range(n - 1):
        lm.step(token, state)
    return (time.perf_counter() - start) / seconds


def run(repeats: int = 3):
    """Produce las líneas del informe, a medida que se miden."""
    import transformers

    transformers.utils.logging.set_verbosity_error()
    speed = bandwidth()
    yield f"lectura de memoria: {speed / 1e9:.1f} GB/s con {torch.get_num_threads()} hilos"
    for dtype in ("float32", "bfloat16"):
        lm = models.load("gemma-270m", device="cpu", dtype=dtype)
        lm.model.generation_config.eos_token_id = None  # todas escriben lo mismo de largo
        weights = sum(p.numel() * p.element_size() for p in lm.model.parameters())
        yield f"\n{dtype}: pesos de {weights / 1e9:.2f} GB, a lo sumo {speed / weights:.1f} pasos/s"
        for name, (ids, strategy, n) in cases(lm).items():
            seconds = interleaved(_tasks(lm, ids, strategy, n), repeats)
            steps = {k: n / median(v) for k, v in seconds.items()}
            r, low, high = ratio(seconds, "transformers", "curso")
            t, *_ = ratio(seconds, "transformers", "curso con traza")
            yield (
                f"  {name}: {r:.2f}× transformers [{low:.2f}–{high:.2f}], con traza {t:.2f}×; "
                f"pasos/s {steps['curso']:.1f} (transformers {steps['transformers']:.1f}, "
                f"con traza {steps['curso con traza']:.1f})"
            )
            if isinstance(strategy, Greedy):
                share = model_share(lm, ids, n, median(seconds["curso"]))
                yield f"    del tiempo del curso, {share:.0%} son pasadas del modelo"
