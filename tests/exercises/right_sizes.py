"""Respuestas correctas de `03_tamanos` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

import math
import statistics
from datetime import timedelta

import numpy as np
import torch


def parameters_from_shapes(V, D, L, F, H, G):
    K = D // H
    layer = [(D, D), (D, G * K), (D, G * K), (D, D), (D, F), (D, F), (F, D), (D,), (D,)]
    return math.prod((V, D)) + L * sum(math.prod(shape) for shape in layer) + D


def parameters_from_tensors(V, D, L, F, H, G):
    K = D // H
    layer = [(D, D), (D, G * K), (D, G * K), (D, D), (D, F), (D, F), (F, D), (D,), (D,)]
    shapes = [(V, D), *(shape for _ in range(L) for shape in layer), (D,)]
    return sum(torch.empty(shape, device="meta").numel() for shape in shapes)


def parameters_factored(V, D, L, F, H, G):
    return D * (V + 1 + L * (2 * D + 2 * D * G // H + 3 * F + 2))


def parameters_as_numpy(V, D, L, F, H, G):
    per_layer = np.array([D * D, D * D, D * G * D // H, D * G * D // H, 3 * D * F, 2 * D])
    return V * D + L * per_layer.sum() + D


def cache_product(*sizes):
    return 2 * math.prod(sizes)


def cache_with_numpy(L, G, K, T, B, b):
    return np.prod(np.array([2, L, G, K, T, B, b], dtype=np.int64))


def cache_layer_by_layer(L, G, K, T, B, b):
    return sum(2 * G * K * T * B for _ in range(L)) * b


def cache_from_a_tensor(L, G, K, T, B, b):
    return torch.empty(2, L, B, G, T, K, device="meta").numel() * b


def best_with_numpy(parameters, losses, bits, memory):
    fits = np.array(parameters) * bits <= 8 * memory
    return np.argmin(np.where(fits, losses, np.inf)) if fits.any() else -1


def best_last_one(parameters, losses, bits, memory):
    best, lowest = -1, float("inf")
    for i, (count, loss) in enumerate(zip(parameters, losses, strict=True)):
        if count * bits <= 8 * memory and loss <= lowest:
            best, lowest = i, loss
    return best


def best_by_sorting(parameters, losses, bits, memory):
    for _, i in sorted((loss, i) for i, loss in enumerate(losses)):
        if math.ceil(parameters[i] * bits / 8) <= memory:
            return i
    return -1


def best_with_torch(parameters, losses, bits, memory):
    fits = torch.tensor(parameters) * bits / 8 <= memory
    if not fits.any():
        return -1
    return torch.tensor(losses).masked_fill(~fits, float("inf")).argmin()


def best_of_pairs(parameters, losses, bits, memory):
    pairs = [(x, i) for i, x in enumerate(losses) if parameters[i] <= memory * 8 // bits]
    return min(pairs, default=(0, -1))[1]


def training_step_by_step(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / peak_flops / devices / utilization / 60 / 60 / 24


def training_timedelta(parameters, tokens, peak_flops, devices, utilization):
    seconds = 6 * parameters * tokens / (peak_flops * devices * utilization)
    return timedelta(seconds=seconds) / timedelta(days=1)


def training_as_a_tensor(parameters, tokens, peak_flops, devices, utilization):
    return torch.tensor(6.0 * parameters * tokens / (peak_flops * devices * utilization)) / 86400


def training_in_logarithms(parameters, tokens, peak_flops, devices, utilization):
    work = np.log([6, parameters, tokens]).sum()
    return np.exp(work - np.log([peak_flops, devices, utilization, 86400]).sum())


def optimal_both_roots(flops, tokens_per_parameter):
    return math.sqrt(flops / 6 / tokens_per_parameter), math.sqrt(flops * tokens_per_parameter / 6)


def optimal_tokens_from_the_rest(flops, tokens_per_parameter):
    n = pow(flops / (6 * tokens_per_parameter), 0.5)
    return [n, flops / (6 * n)]


def optimal_with_numpy(flops, tokens_per_parameter):
    return np.sqrt(np.array([1 / tokens_per_parameter, tokens_per_parameter]) * flops / 6)


def optimal_in_logarithms(flops, tokens_per_parameter):
    n = math.exp((math.log(flops) - math.log(6 * tokens_per_parameter)) / 2)
    return n, tokens_per_parameter * n


def law_polyfit(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy() - floor), 1)
    return np.exp(intercept), -slope


def law_base_ten(sizes, losses, floor):
    y = np.log10(losses.double().numpy() - floor)
    slope, intercept = np.polyfit(np.log10(sizes.double().numpy()), y, 1)
    return 10**intercept, -slope


def law_as_tensors(sizes, losses, floor):
    x, y = sizes.log(), (losses - floor).log()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).pow(2).sum()
    return torch.exp(y.mean() - slope * x.mean()), -slope


def law_least_squares(sizes, losses, floor):
    columns = torch.stack([sizes.double().log(), torch.ones(len(sizes), dtype=torch.float64)], 1)
    target = (losses.double() - floor).log()[:, None]
    slope, intercept = torch.linalg.lstsq(columns, target).solution.flatten().tolist()
    return math.exp(intercept), -slope


def law_statistics(sizes, losses, floor):
    y = [math.log(loss - floor) for loss in losses.tolist()]
    line = statistics.linear_regression([math.log(size) for size in sizes.tolist()], y)
    return [math.exp(line.intercept), -line.slope]


RIGHT = [
    ("decoder_parameters", parameters_from_shapes),
    ("decoder_parameters", parameters_from_tensors),
    ("decoder_parameters", parameters_factored),
    ("decoder_parameters", parameters_as_numpy),
    ("kv_cache_bytes", cache_product),
    ("kv_cache_bytes", cache_with_numpy),
    ("kv_cache_bytes", cache_layer_by_layer),
    ("kv_cache_bytes", cache_from_a_tensor),
    ("best_that_fits", best_with_numpy),
    ("best_that_fits", best_last_one),
    ("best_that_fits", best_by_sorting),
    ("best_that_fits", best_with_torch),
    ("best_that_fits", best_of_pairs),
    ("training_days", training_step_by_step),
    ("training_days", training_timedelta),
    ("training_days", training_as_a_tensor),
    ("training_days", training_in_logarithms),
    ("compute_optimal", optimal_both_roots),
    ("compute_optimal", optimal_tokens_from_the_rest),
    ("compute_optimal", optimal_with_numpy),
    ("compute_optimal", optimal_in_logarithms),
    ("fit_power_law", law_polyfit),
    ("fit_power_law", law_base_ten),
    ("fit_power_law", law_as_tensors),
    ("fit_power_law", law_least_squares),
    ("fit_power_law", law_statistics),
]
