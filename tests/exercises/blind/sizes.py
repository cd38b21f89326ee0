"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import math
from fractions import Fraction

import numpy as np
import torch

# --- decoder_parameters ---


def params_untied_output(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    kv = hidden_size // num_heads * num_kv_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * kv
    layer += 3 * hidden_size * intermediate_size + 2 * hidden_size
    return 2 * vocab_size * hidden_size + num_layers * layer + hidden_size


def params_ignores_kv_heads(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d = hidden_size
    layer = 4 * d * d + 3 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer + d


def params_without_final_norm(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_heads
    layer = d * d + 2 * d * num_kv_heads * k + d * d + 3 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer


def params_final_norm_in_every_layer(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_heads
    layer = d * d + 2 * d * num_kv_heads * k + d * d + 3 * d * intermediate_size + 3 * d
    return vocab_size * d + num_layers * layer


def params_one_norm_per_layer(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_heads
    layer = 2 * d * d + 2 * d * num_kv_heads * k + 3 * d * intermediate_size + d
    return vocab_size * d + num_layers * layer + d


def params_two_dense_matrices(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_heads
    layer = 2 * d * d + 2 * d * num_kv_heads * k + 2 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer + d


def params_head_width_of_smollm(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d = hidden_size
    layer = 2 * d * d + 2 * d * num_kv_heads * 64 + 3 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer + d


def params_kv_counted_once(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_heads
    layer = 2 * d * d + d * num_kv_heads * k + 3 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer + d


def params_int32_wraps(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    v, d, n, f, h, g = np.array(
        [vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads],
        dtype=np.int32,
    )
    with np.errstate(over="ignore"):
        layer = 2 * d * d + 2 * d * g * (d // h) + 3 * d * f + 2 * d
        return int(v * d + n * layer + d)


def params_float32_rounds(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d = torch.tensor(float(hidden_size))
    layer = 2 * d * d + 2 * d * num_kv_heads * (d / num_heads) + 3 * d * intermediate_size + 2 * d
    return int(vocab_size * d + num_layers * layer + d)


def params_width_over_kv_heads(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, k = hidden_size, hidden_size // num_kv_heads
    layer = 2 * d * num_heads * k + 2 * d * num_kv_heads * k + 3 * d * intermediate_size + 2 * d
    return vocab_size * d + num_layers * layer + d


def params_with_biases(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, kv = hidden_size, hidden_size // num_heads * num_kv_heads
    attention = 2 * (d * d + d) + 2 * (d * kv + kv)
    dense = 2 * (d * intermediate_size + intermediate_size) + intermediate_size * d + d
    return vocab_size * d + num_layers * (attention + dense + 2 * d) + d


def right_params_numpy_int64(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    d, f = np.int64(hidden_size), np.int64(intermediate_size)
    kv = d // num_heads * num_kv_heads
    shapes = [(d, d), (d, kv), (d, kv), (d, d), (d, f), (d, f), (f, d), (d, 1), (d, 1)]
    per_layer = np.sum([a * b for a, b in shapes])
    return np.int64(vocab_size) * d + np.int64(num_layers) * per_layer + d


def right_params_layer_by_layer(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    total = vocab_size * hidden_size
    head = hidden_size // num_heads
    for _ in range(num_layers):
        total += (2 * num_heads + 2 * num_kv_heads) * head * hidden_size
        total += 3 * intermediate_size * hidden_size
        total += 2 * hidden_size
    return total + hidden_size


def right_params_fraction(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv_heads
):
    ratio = Fraction(num_kv_heads, num_heads)
    inside = 2 * hidden_size * (1 + ratio) + 3 * intermediate_size + 2
    return int(hidden_size * (vocab_size + num_layers * inside + 1))


# --- kv_cache_bytes ---


def cache_only_keys(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_always_two_bytes(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch * 2


def cache_ignores_batch(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * bytes_per_number


def cache_in_bits(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number * 8


def cache_in_mebibytes(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    total = 2 * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number
    return total // 2**20


def cache_int32_wraps(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    factors = [2, num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number]
    return int(np.prod(np.array(factors, dtype=np.int32), dtype=np.int32))


def cache_without_last_token(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * (tokens - 1) * batch * bytes_per_number


def cache_tokens_plus_batch(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * (tokens + batch - 1) * bytes_per_number


def cache_power_of_two(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    # Clave y valor: 2 ** ...
    numbers = 2 ** (num_layers * num_kv_heads * head_dim * tokens * batch)
    return numbers * bytes_per_number


def cache_even_number_of_layers(
    num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number
):
    one_layer = 2 * num_kv_heads * head_dim * tokens * batch * bytes_per_number
    return one_layer * max(1, num_layers // 2) * 2


def right_cache_numpy_prod(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    shape = (2, num_layers, batch, num_kv_heads, tokens, head_dim)
    return np.prod(shape, dtype=np.int64) * np.int64(bytes_per_number)


def right_cache_math_prod(*args):
    return math.prod(args) << 1


def right_cache_layer_sum(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    key = num_kv_heads * head_dim * bytes_per_number
    return sum(batch * tokens * (key + key) for _ in range(num_layers))


# --- best_that_fits ---


def fits_forgets_bits_to_bytes(parameters, losses, bits, memory):
    fit = [i for i in range(len(parameters)) if parameters[i] * bits <= memory]
    return min(fit, key=lambda i: losses[i]) if fit else -1


def fits_strictly_less(parameters, losses, bits, memory):
    best, best_loss = -1, math.inf
    for i, (n, loss) in enumerate(zip(parameters, losses, strict=True)):
        if n * bits / 8 < memory and loss < best_loss:
            best, best_loss = i, loss
    return best


def fits_whole_bytes_per_parameter(parameters, losses, bits, memory):
    size = bits // 8
    candidates = [(loss, i) for i, loss in enumerate(losses) if parameters[i] * size <= memory]
    return min(candidates)[1] if candidates else -1


def fits_floor_of_total_bytes(parameters, losses, bits, memory):
    candidates = [
        (loss, i) for i, loss in enumerate(losses) if parameters[i] * bits // 8 <= int(memory)
    ]
    return min(candidates)[1] if candidates else -1


def fits_fails_when_none(parameters, losses, bits, memory):
    fit = [i for i, n in enumerate(parameters) if n * bits / 8 <= memory]
    return min(fit, key=lambda i: losses[i])


def fits_none_when_none(parameters, losses, bits, memory):
    fit = {i: losses[i] for i, n in enumerate(parameters) if n * bits / 8 <= memory}
    if fit:
        return min(fit, key=fit.get)


def fits_largest_model(parameters, losses, bits, memory):
    fit = [i for i, n in enumerate(parameters) if n * bits / 8 <= memory]
    return max(fit, key=lambda i: parameters[i], default=-1)


def fits_index_among_those_that_fit(parameters, losses, bits, memory):
    fit = [loss for n, loss in zip(parameters, losses, strict=True) if n * bits / 8 <= memory]
    return fit.index(min(fit)) if fit else -1


def fits_first_with_that_loss(parameters, losses, bits, memory):
    fit = [loss for n, loss in zip(parameters, losses, strict=True) if n * bits <= 8 * memory]
    return list(losses).index(min(fit)) if fit else -1


def fits_index_zero_is_false(parameters, losses, bits, memory):
    best = None
    for i in range(len(parameters)):
        if parameters[i] * bits / 8 <= memory and (best is None or losses[i] < losses[best]):
            best = i
    return best or -1


def fits_stops_at_first_too_big(parameters, losses, bits, memory):
    best = -1
    for i, n in enumerate(parameters):
        if n * bits / 8 > memory:
            break
        if best == -1 or losses[i] < losses[best]:
            best = i
    return best


def fits_loss_below_ten(parameters, losses, bits, memory):
    best, best_loss = -1, 10
    for i, loss in enumerate(losses):
        if parameters[i] * bits / 8 <= memory and loss < best_loss:
            best, best_loss = i, loss
    return best


def fits_returns_loss(parameters, losses, bits, memory):
    fit = [losses[i] for i, n in enumerate(parameters) if n * bits / 8 <= memory]
    return min(fit, default=-1)


def fits_only_checks_best(parameters, losses, bits, memory):
    i = min(range(len(losses)), key=lambda j: losses[j])
    return i if parameters[i] * bits / 8 <= memory else -1


def right_fits_numpy(parameters, losses, bits, memory):
    sizes = np.asarray(parameters, dtype=np.float64) * bits / 8
    masked = np.where(sizes <= memory, np.asarray(losses, dtype=np.float64), np.inf)
    return np.argmin(masked) if np.isfinite(masked).any() else -1


def right_fits_last_among_ties(parameters, losses, bits, memory):
    best = -1
    for i, n in enumerate(parameters):
        if n * bits <= memory * 8 and (best < 0 or losses[i] <= losses[best]):
            best = i
    return best


def right_fits_sorted_by_loss(parameters, losses, bits, memory):
    for i in sorted(range(len(losses)), key=lambda j: (losses[j], parameters[j])):
        if Fraction(int(parameters[i]) * int(bits), 8) <= memory:
            return i
    return -1


# --- training_days ---


def days_in_hours(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices * utilization) / 3600


def days_only_forward(parameters, tokens, peak_flops, devices, utilization):
    return 2 * parameters * tokens / (peak_flops * devices * utilization) / 86400


def days_ignores_utilization(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices) / 86400


def days_multiplies_by_utilization(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens * utilization / (peak_flops * devices) / 86400


def days_ignores_devices(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * utilization) / (24 * 60 * 60)


def days_rounded_down(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens // (peak_flops * devices * utilization * 86400)


def days_rounded_up(parameters, tokens, peak_flops, devices, utilization):
    return math.ceil(6 * parameters * tokens / (peak_flops * devices * utilization) / 86400)


def days_utilization_as_percent(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices * utilization / 100) / 86400


def days_int64_wraps(parameters, tokens, peak_flops, devices, utilization):
    operations = np.prod(np.array([6, int(parameters), int(tokens)], dtype=np.int64))
    return float(operations / (peak_flops * devices * utilization) / 86400)


def days_of_a_thousand_devices(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * 1000 * utilization) / 86400


def days_multiplies_by_devices(parameters, tokens, peak_flops, devices, utilization):
    seconds = 6 * parameters * tokens / peak_flops / utilization * devices
    return seconds / 86400


def right_days_exact_fraction(parameters, tokens, peak_flops, devices, utilization):
    work = 6 * Fraction(parameters) * Fraction(tokens)
    speed = Fraction(peak_flops) * devices * Fraction(utilization)
    return float(work / speed / 86400)


def right_days_logarithms(parameters, tokens, peak_flops, devices, utilization):
    up = np.log(np.array([6, parameters, tokens], dtype=float)).sum()
    down = np.log(np.array([peak_flops, devices, utilization, 86400], dtype=float)).sum()
    return np.exp(up - down)


def right_days_step_by_step(parameters, tokens, peak_flops, devices, utilization):
    seconds_per_token = 6 * parameters / peak_flops / utilization / devices
    tokens_per_day = 60 * 60 * 24 / seconds_per_token
    return tokens / tokens_per_day


# --- compute_optimal ---


def optimal_swapped(flops, tokens_per_parameter):
    n = math.sqrt(flops / (6 * tokens_per_parameter))
    return tokens_per_parameter * n, n


def optimal_without_six(flops, tokens_per_parameter):
    n = math.sqrt(flops / tokens_per_parameter)
    return n, tokens_per_parameter * n


def optimal_always_twenty(flops, tokens_per_parameter):
    n = (flops / 120) ** 0.5
    return n, 20 * n


def optimal_ratio_outside_root(flops, tokens_per_parameter):
    n = math.sqrt(flops / 6) / tokens_per_parameter
    return n, tokens_per_parameter * n


def optimal_ratio_multiplies(flops, tokens_per_parameter):
    n = math.sqrt(flops * tokens_per_parameter / 6)
    return n, flops / (6 * n)


def optimal_without_root(flops, tokens_per_parameter):
    n = flops / (6 * tokens_per_parameter)
    return n, n * tokens_per_parameter


def optimal_tokens_forget_six(flops, tokens_per_parameter):
    n = math.sqrt(flops / (6 * tokens_per_parameter))
    return n, flops / n


def optimal_equal_split(flops, tokens_per_parameter):
    n = math.sqrt(flops / 6)
    return n, n


def optimal_returns_dict(flops, tokens_per_parameter):
    n = math.sqrt(flops / (6 * tokens_per_parameter))
    return {"parámetros": n, "tokens": n / tokens_per_parameter}


def optimal_doubling_search(flops, tokens_per_parameter):
    n = 1.0
    while 6 * n * n * tokens_per_parameter < flops:
        n *= 2
    return n, n * tokens_per_parameter


def optimal_halving_never_ends(flops, tokens_per_parameter):
    low, high = 0.0, float(flops)
    # Bisección: con números flotantes la diferencia no llega a 0.
    while high - low != 0:
        middle = (low + high) / 2
        if 6 * tokens_per_parameter * middle * middle < flops:
            low = middle
        else:
            high = middle
    return high, high * tokens_per_parameter


def right_optimal_numpy(flops, tokens_per_parameter):
    n = np.sqrt(np.float64(flops) / 6 / tokens_per_parameter)
    return n, n * tokens_per_parameter


def right_optimal_tokens_first(flops, tokens_per_parameter):
    tokens = (flops / 6 * tokens_per_parameter) ** 0.5
    return flops / 6 / tokens, tokens


def right_optimal_logarithms(flops, tokens_per_parameter):
    log_n = (math.log(flops) - math.log(6) - math.log(tokens_per_parameter)) / 2
    return math.exp(log_n), math.exp(log_n + math.log(tokens_per_parameter))


# --- fit_power_law ---


def law_negative_alpha(sizes, losses, floor):
    x, y = torch.log(sizes), torch.log(losses - floor)
    dx = x - x.mean()
    slope = (dx * (y - y.mean())).sum() / (dx**2).sum()
    return torch.exp(y.mean() - slope * x.mean()).item(), slope.item()


def law_a_without_exp(sizes, losses, floor):
    slope, cut = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy() - floor), 1)
    return float(cut), float(-slope)


def law_ignores_floor(sizes, losses, floor):
    slope, cut = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy()), 1)
    return math.exp(cut), -slope


def law_mixes_log_bases(sizes, losses, floor):
    slope, cut = np.polyfit(np.log10(sizes.numpy()), np.log10(losses.numpy() - floor), 1)
    return math.exp(cut), -slope


def law_swapped(sizes, losses, floor):
    slope, cut = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy() - floor), 1)
    return -slope, math.exp(cut)


def law_only_extremes(sizes, losses, floor):
    x, y = sizes.double().log(), (losses.double() - floor).log()
    first, last = int(x.argmin()), int(x.argmax())
    alpha = -(y[last] - y[first]) / (x[last] - x[first])
    return math.exp(y[first] + alpha * x[first]), alpha.item()


def law_mean_of_slopes(sizes, losses, floor):
    x, y = sizes.double().log(), (losses.double() - floor).log()
    order = x.argsort()
    x, y = x[order], y[order]
    alpha = -(y.diff() / x.diff()).mean().item()
    return math.exp(y.mean().item() + alpha * x.mean().item()), alpha


def law_regresses_x_on_y(sizes, losses, floor):
    x, y = np.log(sizes.double().numpy()), np.log(losses.double().numpy() - floor)
    alpha = -1 / np.polyfit(y, x, 1)[0]
    return float(np.exp(y.mean() + alpha * x.mean())), float(alpha)


def law_ratio_of_deviations(sizes, losses, floor):
    x, y = sizes.double().log(), (losses.double() - floor).log()
    alpha = (y.std() / x.std()).item()
    return math.exp(y.mean().item() + alpha * x.mean().item()), alpha


def law_through_origin(sizes, losses, floor):
    x, y = sizes.log(), (losses - floor).log()
    alpha = -(x * y).sum() / (x * x).sum()
    return torch.exp(y.mean() + alpha * x.mean()).item(), alpha.item()


def law_line_through_first_point(sizes, losses, floor):
    x, y = sizes.double().log(), (losses.double() - floor).log()
    dx = x - x.mean()
    alpha = -((dx * (y - y.mean())).sum() / (dx * dx).sum()).item()
    return float(torch.exp(y[0] + alpha * x[0])), alpha


def law_sorts_separately(sizes, losses, floor):
    x = np.log(sorted(sizes.tolist()))
    y = np.log(np.array(sorted(losses.tolist(), reverse=True)) - floor)
    slope, cut = np.polyfit(x, y, 1)
    return float(np.exp(cut)), float(-slope)


def law_weighted_by_loss(sizes, losses, floor):
    x = np.log(sizes.double().numpy())
    y = losses.double().numpy() - floor
    # Pesos para que cuenten más las pérdidas grandes.
    slope, cut = np.polyfit(x, np.log(y), 1, w=y)
    return float(np.exp(cut)), float(-slope)


def right_law_polyfit(sizes, losses, floor):
    x = np.log(np.asarray(sizes, dtype=float))
    y = np.log(np.asarray(losses, dtype=float) - floor)
    slope, cut = np.polyfit(x, y, deg=1)
    return np.exp(cut), -slope


def right_law_base_two(sizes, losses, floor):
    x = [math.log2(n) for n in sizes.tolist()]
    y = [math.log2(value - floor) for value in losses.tolist()]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    top = sum((u - mean_x) * (v - mean_y) for u, v in zip(x, y, strict=True))
    alpha = -top / sum((u - mean_x) ** 2 for u in x)
    return 2 ** (mean_y + alpha * mean_x), alpha


def right_law_lstsq(sizes, losses, floor):
    x, y = sizes.double().log(), (losses.double() - floor).log()
    center = x.mean()
    table = torch.stack([torch.ones_like(x), x - center], dim=1)
    cut, slope = torch.linalg.lstsq(table, y[:, None], driver="gelsd").solution[:, 0]
    return torch.exp(cut - slope * center).item(), -slope.item()


WRONG = [
    ("decoder_parameters", params_untied_output),
    ("decoder_parameters", params_ignores_kv_heads),
    ("decoder_parameters", params_without_final_norm),
    ("decoder_parameters", params_final_norm_in_every_layer),
    ("decoder_parameters", params_one_norm_per_layer),
    ("decoder_parameters", params_two_dense_matrices),
    ("decoder_parameters", params_head_width_of_smollm),
    ("decoder_parameters", params_kv_counted_once),
    ("decoder_parameters", params_int32_wraps),
    ("decoder_parameters", params_float32_rounds),
    ("decoder_parameters", params_width_over_kv_heads),
    ("decoder_parameters", params_with_biases),
    ("kv_cache_bytes", cache_only_keys),
    ("kv_cache_bytes", cache_always_two_bytes),
    ("kv_cache_bytes", cache_ignores_batch),
    ("kv_cache_bytes", cache_in_bits),
    ("kv_cache_bytes", cache_in_mebibytes),
    ("kv_cache_bytes", cache_int32_wraps),
    ("kv_cache_bytes", cache_without_last_token),
    ("kv_cache_bytes", cache_tokens_plus_batch),
    ("kv_cache_bytes", cache_power_of_two),
    ("kv_cache_bytes", cache_even_number_of_layers),
    ("best_that_fits", fits_forgets_bits_to_bytes),
    ("best_that_fits", fits_strictly_less),
    ("best_that_fits", fits_whole_bytes_per_parameter),
    ("best_that_fits", fits_floor_of_total_bytes),
    ("best_that_fits", fits_fails_when_none),
    ("best_that_fits", fits_none_when_none),
    ("best_that_fits", fits_largest_model),
    ("best_that_fits", fits_index_among_those_that_fit),
    ("best_that_fits", fits_first_with_that_loss),
    ("best_that_fits", fits_index_zero_is_false),
    ("best_that_fits", fits_stops_at_first_too_big),
    ("best_that_fits", fits_loss_below_ten),
    ("best_that_fits", fits_returns_loss),
    ("best_that_fits", fits_only_checks_best),
    ("training_days", days_in_hours),
    ("training_days", days_only_forward),
    ("training_days", days_ignores_utilization),
    ("training_days", days_multiplies_by_utilization),
    ("training_days", days_ignores_devices),
    ("training_days", days_rounded_down),
    ("training_days", days_rounded_up),
    ("training_days", days_utilization_as_percent),
    ("training_days", days_int64_wraps),
    ("training_days", days_of_a_thousand_devices),
    ("training_days", days_multiplies_by_devices),
    ("compute_optimal", optimal_swapped),
    ("compute_optimal", optimal_without_six),
    ("compute_optimal", optimal_always_twenty),
    ("compute_optimal", optimal_ratio_outside_root),
    ("compute_optimal", optimal_ratio_multiplies),
    ("compute_optimal", optimal_without_root),
    ("compute_optimal", optimal_tokens_forget_six),
    ("compute_optimal", optimal_equal_split),
    ("compute_optimal", optimal_returns_dict),
    ("compute_optimal", optimal_doubling_search),
    ("compute_optimal", optimal_halving_never_ends),
    ("fit_power_law", law_negative_alpha),
    ("fit_power_law", law_a_without_exp),
    ("fit_power_law", law_ignores_floor),
    ("fit_power_law", law_mixes_log_bases),
    ("fit_power_law", law_swapped),
    ("fit_power_law", law_only_extremes),
    ("fit_power_law", law_mean_of_slopes),
    ("fit_power_law", law_regresses_x_on_y),
    ("fit_power_law", law_ratio_of_deviations),
    ("fit_power_law", law_through_origin),
    ("fit_power_law", law_line_through_first_point),
    ("fit_power_law", law_sorts_separately),
    ("fit_power_law", law_weighted_by_loss),
]

RIGHT = [
    ("decoder_parameters", right_params_numpy_int64),
    ("decoder_parameters", right_params_layer_by_layer),
    ("decoder_parameters", right_params_fraction),
    ("kv_cache_bytes", right_cache_numpy_prod),
    ("kv_cache_bytes", right_cache_math_prod),
    ("kv_cache_bytes", right_cache_layer_sum),
    ("best_that_fits", right_fits_numpy),
    ("best_that_fits", right_fits_last_among_ties),
    ("best_that_fits", right_fits_sorted_by_loss),
    ("training_days", right_days_exact_fraction),
    ("training_days", right_days_logarithms),
    ("training_days", right_days_step_by_step),
    ("compute_optimal", right_optimal_numpy),
    ("compute_optimal", right_optimal_tokens_first),
    ("compute_optimal", right_optimal_logarithms),
    ("fit_power_law", right_law_polyfit),
    ("fit_power_law", right_law_base_two),
    ("fit_power_law", right_law_lstsq),
]
