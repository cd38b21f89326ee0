"""Las referencias de `03_tamanos` coinciden con `course_lib.sizes` y con el ajuste del curso."""

import numpy as np
import pytest
import torch

from course_lib import sizes
from course_lib.exercises import sizes as ej
from course_lib.experiments.scaling import fit_exponent


def drawn(exercise, seeds=10):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


def test_decoder_parameters():
    for V, D, L, F, H, G in drawn(ej.decoder_parameters):
        arch = sizes.Architecture(
            name="",
            kind="decodificador",
            year=0,
            vocab_size=V,
            hidden_size=D,
            num_layers=L,
            num_heads=H,
            num_key_value_heads=G,
            intermediate_size=F,
            gated_mlp=True,
        )
        ours = ej.decoder_parameters.reference(V, D, L, F, H, G)
        assert ours == sizes.count_parameters(arch)["total"]
    real = sizes.count_parameters(sizes.architecture("SmolLM2 135M"))["total"]
    assert ej.decoder_parameters.reference(49152, 576, 30, 1536, 9, 3) == real


def test_kv_cache_bytes():
    llama = sizes.architecture("Llama 2 7B")
    theirs = sizes.kv_cache_bytes(llama, tokens=4096, batch=3)
    assert ej.kv_cache_bytes.reference(32, 32, 128, 4096, 3, 2) == theirs


def test_training_days():
    for N, T, peak, devices, use in drawn(ej.training_days):
        hardware = sizes.Hardware("", peak, 0)
        seconds = sizes.training_seconds(sizes.training_flops(N, T), hardware, devices, use)
        assert ej.training_days.reference(N, T, peak, devices, use) == pytest.approx(
            seconds / 86400
        )


def test_compute_optimal_spends_it_all():
    for flops, ratio in drawn(ej.compute_optimal):
        parameters, tokens = ej.compute_optimal.reference(flops, ratio)
        assert sizes.training_flops(parameters, tokens) == pytest.approx(flops)
        assert tokens / parameters == pytest.approx(ratio)


def test_fit_power_law():
    for points, losses, floor in drawn(ej.fit_power_law):
        scale, exponent = ej.fit_power_law.reference(points, losses, floor)
        x, y = points.double().numpy(), (losses - floor).double().numpy()
        assert exponent == pytest.approx(-fit_exponent(x, y), rel=1e-4)
        assert scale == pytest.approx(
            float(np.exp(np.polyfit(np.log(x), np.log(y), 1)[1])), rel=1e-4
        )
