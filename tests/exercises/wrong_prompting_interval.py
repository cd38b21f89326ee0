"""Respuestas equivocadas de `05_prompting` (el intervalo), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math


def interval_wald(successes, n):
    p = successes / n
    margin = 1.96 * (p * (1 - p) / n) ** 0.5
    return p - margin, p + margin


def interval_percent(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return 100 * (center - margin) / scale, 100 * (center + margin) / scale


def interval_without_scale(successes, n):
    p, z = successes / n, 1.96
    margin = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return p + z * z / (2 * n) - margin, p + z * z / (2 * n) + margin


def interval_swapped(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (center + margin) / scale, (center - margin) / scale


def interval_center_and_margin(successes, n):
    p, z = successes / n, 1.96
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n)) / (1 + z * z / n), margin / (1 + z * z / n)


def interval_of_90(successes, n):
    p, z = successes / n, 1.645
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (center - margin) / scale, (center + margin) / scale


def interval_clipped_wald(successes, n):
    p = successes / n
    margin = 1.96 * math.sqrt(p * (1 - p) / n)
    return max(0.0, p - margin), min(1.0, p + margin)


def interval_agresti(successes, n):
    z = 1.96
    p = (successes + z * z / 2) / (n + z * z)
    margin = z * math.sqrt(p * (1 - p) / (n + z * z))
    return p - margin, p + margin


def interval_center_is_p(successes, n):
    p, z = successes / n, 1.96
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p - margin) / (1 + z * z / n), (p + margin) / (1 + z * z / n)


def interval_without_four(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * math.sqrt(p * (1 - p) / n + (z / n) ** 2)
    return (center - margin) / scale, (center + margin) / scale


def interval_missing_parentheses(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z**2 / 2 * n, 1 + z**2 / n
    margin = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - margin) / scale, (center + margin) / scale


def interval_rounded(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return round((center - margin) / scale, 3), round((center + margin) / scale, 3)


WRONG = [
    ("wilson_interval", interval_wald, "Usaste p ± 1.96"),
    ("wilson_interval", interval_percent, "En porcentaje"),
    ("wilson_interval", interval_without_scale, "Falta dividir por 1 + z²/n"),
    ("wilson_interval", interval_swapped, "Los extremos al revés"),
    ("wilson_interval", interval_center_and_margin, "Devolviste el centro y el margen"),
    ("wilson_interval", interval_of_90, "con z = 1.645"),
    ("wilson_interval", interval_clipped_wald, "parece una certeza"),
    ("wilson_interval", interval_agresti, "Agresti y Coull"),
    ("wilson_interval", interval_center_is_p, "No corriste el centro"),
    ("wilson_interval", interval_without_four, "Olvidaste el 4"),
    ("wilson_interval", interval_missing_parentheses, "se sale de [0, 1]"),
    ("wilson_interval", interval_rounded, "redondeados a 3 decimales"),
]
