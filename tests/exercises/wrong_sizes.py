"""Respuestas equivocadas de `03_tamanos`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import numpy as np


def parameters_untied(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    total = num_layers * (layer + 2 * hidden_size) + hidden_size
    return total + 2 * vocab_size * hidden_size


def parameters_all_heads(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    layer = 4 * hidden_size**2 + 3 * hidden_size * intermediate_size + 2 * hidden_size
    return vocab_size * hidden_size + num_layers * layer + hidden_size


def parameters_classic_mlp(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv
):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 2 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * (layer + 2 * hidden_size) + hidden_size


def parameters_as_float(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    K = hidden_size / num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * (layer + 2 * hidden_size) + hidden_size


def cache_only_keys(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_one_layer(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_one_text(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * bytes_per_number


def cache_numbers(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch


def budget_bits_as_bytes(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits <= memory]
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


def budget_largest(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return max(fitting, key=lambda i: parameters[i]) if fitting else -1


def budget_filtered_index(parameters, losses, bits, memory):
    fitting = [loss for n, loss in zip(parameters, losses, strict=True) if n * bits / 8 <= memory]
    return fitting.index(min(fitting)) if fitting else -1


def budget_without_fallback(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return min(fitting, key=lambda i: losses[i])


def budget_loss(parameters, losses, bits, memory):
    fitting = [losses[i] for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return min(fitting) if fitting else -1


def training_forward_only(parameters, tokens, peak_flops, devices, utilization):
    return 2 * parameters * tokens / (peak_flops * devices * utilization) / 86400


def training_wrong_use(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices) * utilization / 86400


def training_hours(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices * utilization) / 3600


def training_one_device(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * utilization) / 86400


def optimal_swapped(flops, tokens_per_parameter):
    n = (flops / 6 / tokens_per_parameter) ** 0.5
    return n * tokens_per_parameter, n


def optimal_without_six(flops, tokens_per_parameter):
    n = (flops / tokens_per_parameter) ** 0.5
    return n, tokens_per_parameter * n


def optimal_without_root(flops, tokens_per_parameter):
    return flops / (6 * tokens_per_parameter), flops / 6


def optimal_only_parameters(flops, tokens_per_parameter):
    return (flops / (6 * tokens_per_parameter)) ** 0.5


def law_without_floor(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy()), 1)
    return float(np.exp(intercept)), float(-slope)


def law_sign(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log((losses - floor).numpy()), 1)
    return float(np.exp(intercept)), float(slope)


def law_log_scale(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log((losses - floor).numpy()), 1)
    return float(intercept), float(-slope)


def law_straight_line(sizes, losses, floor):
    slope, intercept = np.polyfit(sizes.numpy(), (losses - floor).numpy(), 1)
    return float(intercept), float(-slope)


WRONG = [
    ("decoder_parameters", parameters_untied, "Contaste dos veces el vocabulario"),
    ("decoder_parameters", parameters_all_heads, "Como si cada cabeza tuviera sus claves"),
    ("decoder_parameters", parameters_classic_mlp, "Dos matrices en la red densa"),
    ("decoder_parameters", parameters_as_float, "un entero (int)"),
    ("kv_cache_bytes", cache_only_keys, "Guardaste solo las claves"),
    ("kv_cache_bytes", cache_one_layer, "Contaste una sola capa"),
    ("kv_cache_bytes", cache_one_text, "Contaste un solo texto"),
    ("kv_cache_bytes", cache_numbers, "Contaste números y no bytes"),
    ("best_that_fits", budget_bits_as_bytes, "Comparaste bits con bytes"),
    ("best_that_fits", budget_largest, "Elegiste el más grande"),
    ("best_that_fits", budget_filtered_index, "El lugar entre los que caben"),
    ("best_that_fits", budget_without_fallback, "¿Y si no cabe ninguno?"),
    ("best_that_fits", budget_loss, "un entero (int)"),
    ("training_days", training_forward_only, "Solo el camino de ida"),
    ("training_days", training_wrong_use, "Multiplicaste por el uso"),
    ("training_days", training_hours, "En horas"),
    ("training_days", training_one_device, "Olvidaste los aceleradores"),
    ("compute_optimal", optimal_swapped, "Devolviste los dos al revés"),
    ("compute_optimal", optimal_without_six, "Olvidaste el 6"),
    ("compute_optimal", optimal_without_root, "Falta la raíz"),
    ("compute_optimal", optimal_only_parameters, "una tupla de 2 elementos"),
    ("fit_power_law", law_without_floor, "No restaste el piso"),
    ("fit_power_law", law_sign, "El signo de α"),
    ("fit_power_law", law_log_scale, "Devolviste log a"),
    ("fit_power_law", law_straight_line, "Ajustaste una recta sin logaritmos"),
]
