"""Respuestas equivocadas de `03_tamanos` (el entrenamiento y su ley), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import numpy as np


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


def training_years(parameters, tokens, peak_flops, devices, utilization):
    seconds = 6 * parameters * tokens / (peak_flops * devices * utilization)
    return seconds / (365 * 24 * 3600)


def training_weeks(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices * utilization) / 86400 / 7


def training_lost_time(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / (peak_flops * devices * (1 - utilization)) / 86400


def training_more_devices_take_longer(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens * devices / (peak_flops * utilization) / 86400


def training_whole_days(parameters, tokens, peak_flops, devices, utilization):
    return round(6 * parameters * tokens / (peak_flops * devices * utilization) / 86400)


def training_without_parentheses(parameters, tokens, peak_flops, devices, utilization):
    return 6 * parameters * tokens / peak_flops * devices * utilization / 86400


def training_at_least_a_day(parameters, tokens, peak_flops, devices, utilization):
    return max(1.0, 6 * parameters * tokens / (peak_flops * devices * utilization) / 86400)


def optimal_ratio_outside(flops, tokens_per_parameter):
    n = (flops / 6) ** 0.5 / tokens_per_parameter
    return n, tokens_per_parameter * n


def optimal_ratio_forgotten(flops, tokens_per_parameter):
    n = (flops / 6) ** 0.5
    return n, tokens_per_parameter * n


def optimal_precedence(flops, tokens_per_parameter):
    n = (flops / 6 * tokens_per_parameter) ** 0.5
    return n, tokens_per_parameter * n


def optimal_always_twenty(flops, tokens_per_parameter):
    n = (flops / (6 * 20)) ** 0.5
    return n, 20 * n


def optimal_whole_numbers(flops, tokens_per_parameter):
    n = round((flops / (6 * tokens_per_parameter)) ** 0.5)
    return n, round(tokens_per_parameter * n)


def optimal_cube_root(flops, tokens_per_parameter):
    n = (flops / (6 * tokens_per_parameter)) ** (1 / 3)
    return n, tokens_per_parameter * n


def law_two_points(sizes, losses, floor):
    x, y = np.log(sizes.numpy()), np.log((losses - floor).numpy())
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    return float(np.exp(y[0] - slope * x[0])), float(-slope)


def law_through_the_origin(sizes, losses, floor):
    x, y = sizes.log(), (losses - floor).log()
    return 1.0, -((x * y).sum() / (x * x).sum()).item()


def law_floor_added_back(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log((losses - floor).numpy()), 1)
    return float(np.exp(intercept)) + floor, float(-slope)


def law_axes_exchanged(sizes, losses, floor):
    slope, intercept = np.polyfit(np.log((losses - floor).numpy()), np.log(sizes.numpy()), 1)
    return float(np.exp(-intercept / slope)), float(-1 / slope)


def law_unbiased_variance(sizes, losses, floor):
    x, y = sizes.log(), (losses - floor).log()
    slope = ((x - x.mean()) * (y - y.mean())).mean() / x.var()
    return (y.mean() - slope * x.mean()).exp().item(), -slope.item()


def law_from_the_first_point(sizes, losses, floor):
    slope, _ = np.polyfit(np.log(sizes.numpy()), np.log((losses - floor).numpy()), 1)
    return (losses[0].item() - floor) * sizes[0].item() ** -slope, float(-slope)


def law_sorted_apart(sizes, losses, floor):
    sizes, losses = sizes.sort().values, losses.sort(descending=True).values
    slope, intercept = np.polyfit(np.log(sizes.numpy()), np.log((losses - floor).numpy()), 1)
    return float(np.exp(intercept)), float(-slope)


WRONG = [
    ("training_days", training_forward_only, "Solo el camino de ida"),
    ("training_days", training_wrong_use, "Multiplicaste por el aprovechamiento"),
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
    ("training_days", training_years, "En años"),
    ("training_days", training_weeks, "En semanas"),
    ("training_days", training_lost_time, "Tomaste lo que no se usa"),
    ("training_days", training_more_devices_take_longer, "Multiplicaste por los aceleradores"),
    ("training_days", training_whole_days, "Redondeaste"),
    ("training_days", training_without_parentheses, "10.24 veces lo esperado"),
    ("training_days", training_at_least_a_day, "859.4 veces lo esperado"),
    ("compute_optimal", optimal_ratio_outside, "La proporción quedó fuera de la raíz"),
    ("compute_optimal", optimal_ratio_forgotten, "Olvidaste la proporción"),
    ("compute_optimal", optimal_precedence, "La proporción quedó multiplicando"),
    ("compute_optimal", optimal_always_twenty, "Se pidieron 4 tokens por parámetro y resultan 20"),
    ("compute_optimal", optimal_whole_numbers, "se gastan"),
    ("compute_optimal", optimal_cube_root, "se gastan 205.2 operaciones"),
    ("fit_power_law", law_two_points, "Usaste solo dos puntos"),
    ("fit_power_law", law_through_the_origin, "Forzaste la recta"),
    ("fit_power_law", law_floor_added_back, "Le sumaste el piso"),
    ("fit_power_law", law_axes_exchanged, "Intercambiaste los ejes"),
    ("fit_power_law", law_unbiased_variance, "la curva baja menos que los puntos"),
    ("fit_power_law", law_from_the_first_point, "La curva queda"),
    ("fit_power_law", law_sorted_apart, "la curva baja más que los puntos"),
]
