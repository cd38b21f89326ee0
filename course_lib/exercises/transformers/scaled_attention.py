"""Ejercicio: la atención, en cuatro pasos."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property

INF = float("inf")


def _scores(q, k):
    return q @ k.transpose(-2, -1)


def _mix(scores, v):
    weights = scores.softmax(-1)
    return weights @ v, weights


def reference(q, k, v, mask):
    """softmax(q·kᵀ / sqrt(K)) @ v, con los puntajes prohibidos en -inf."""
    return _mix((_scores(q, k) / q.shape[-1] ** 0.5).masked_fill(~mask, -INF), v)


def cases(generator):
    """Una y varias cabezas, con máscara causal (también con tokens guardados) y sin ella."""
    ones = torch.ones(1, 2, 2)
    row = torch.tensor([[[2.0, 1.0]]])
    fixed = [
        (row, torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]), torch.eye(2)[None], torch.ones(1, 2) > 0),
        (ones, ones, torch.tensor([[[1.0, 2.0], [3.0, 6.0]]]), _causal(2, 2)),
    ]
    random = []
    for heads, queries, keys, width in [(1, 2, 2, 3), (2, 3, 3, 4), (3, 2, 5, 2), (2, 1, 4, 6)]:
        q = torch.randn(heads, queries, width, generator=generator)
        k, v = torch.randn(2, heads, keys, width, generator=generator)
        random.append((2 * q, k, v, _causal(queries, keys)))
    q, k, v = torch.randn(3, 2, 3, 4, generator=generator)
    return [*fixed, *random, (q, k, v, torch.ones(3, 3) > 0)]


def _causal(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)


def rows_sum_to_one(output, q, k, v, mask):
    """Los pesos de cada consulta suman 1."""
    sums = output[1].sum(dim=-1)
    head, query = divmod(int((sums - 1).abs().argmax()), sums.shape[1])
    if abs(sums[head, query] - 1) < 1e-4:
        return None
    return f"Los pesos de la consulta {query} (cabeza {head}) suman {sums[head, query]:.3g}."


def forbidden_weigh_zero(output, q, k, v, mask):
    """Lo prohibido pesa exactamente 0."""
    seen = output[1].masked_fill(mask, 0.0)
    if not seen.any():
        return None
    head, query, key = seen.nonzero()[0].tolist()
    return (
        f"La consulta {query} (cabeza {head}) le da peso {seen[head, query, key]:.3g} a la clave "
        f"{key}, que tiene prohibida."
    )


def output_is_the_mix(output, q, k, v, mask):
    """La salida es la suma de los valores, cada uno por su peso."""
    mixed, weights = output
    gap = (mixed - weights @ v).abs().max().item()
    return None if gap < 1e-4 else f"La salida se aleja hasta {gap:.3g} de `weights @ v`."


def _masked_afterwards(q, k, v, mask):
    weights = (_scores(q, k) / q.shape[-1] ** 0.5).softmax(-1) * mask
    return weights @ v, weights


def _wrong_axis(q, k, v, mask):
    scores = (_scores(q, k) / q.shape[-1] ** 0.5).masked_fill(~mask, -INF)
    weights = scores.softmax(-2)
    return weights @ v, weights


MISCONCEPTIONS = (
    Misconception(
        "Sin dividir por la raíz",
        "Falta dividir los puntajes por √K. Un producto punto de K sumandos crece con √K: sin esa "
        "división, casi todo el peso cae en un solo token.",
        lambda q, k, v, mask: _mix(_scores(q, k).masked_fill(~mask, -INF), v),
    ),
    Misconception(
        "Dividiste por K",
        "Lo que crece con el ancho K es √K, no K: dividir por K aplana demasiado los pesos.",
        lambda q, k, v, mask: _mix((_scores(q, k) / q.shape[-1]).masked_fill(~mask, -INF), v),
    ),
    Misconception(
        "La máscara llegó tarde",
        "Pusiste ceros después de la softmax, así que los pesos que quedan ya no suman 1. Enmascara "
        "los puntajes, antes, y la softmax reparte todo entre lo permitido.",
        _masked_afterwards,
    ),
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no prohíbe nada: su exponencial vale 1. Usa −∞ (`float('-inf')`).",
        lambda q, k, v, mask: _mix((_scores(q, k) / q.shape[-1] ** 0.5).masked_fill(~mask, 0.0), v),
    ),
    Misconception(
        "Softmax por columnas",
        "Cada consulta reparte su atención entre las claves, así que la softmax va sobre el último "
        "eje (`dim=-1`).",
        _wrong_axis,
    ),
    Misconception(
        "Máscara al revés",
        "`mask` es verdadera donde se puede mirar: lo que va a −∞ es `~mask`.",
        lambda q, k, v, mask: reference(q, k, v, ~mask),
    ),
    Misconception(
        "Sin máscara",
        "No usaste `mask`: cada token ve también los que vienen después.",
        lambda q, k, v, mask: reference(q, k, v, torch.ones_like(mask)),
    ),
)

EXERCISE = Exercise(
    key="scaled_attention",
    chapter="02_transformers",
    title="La atención",
    objective="Escribir la atención completa: puntajes, máscara, softmax y mezcla.",
    difficulty=2,
    minutes=25,
    section="Atención",
    hints=(
        "Son cuatro líneas. ¿Qué forma debe tener la matriz de puntajes? ¿Sobre cuál de sus ejes "
        "reparte cada consulta su atención? ¿Y en qué momento hay que prohibir?",
        "`scores = q @ k.transpose(-2, -1) / K ** 0.5` tiene forma (H, T, S). Luego "
        "`masked_fill(~mask, float('-inf'))`, `softmax(dim=-1)` y, por último, `weights @ v`.",
    ),
    cases=cases,
    reference=reference,
    idea="pesos = softmax(q·kᵀ / √K), con −∞ donde está prohibido, y salida = pesos @ v.",
    properties=(
        Property(
            "Los pesos suman 1",
            "Cada consulta reparte una atención total de 1 entre las claves que puede mirar.",
            rows_sum_to_one,
        ),
        Property(
            "Lo prohibido pesa 0",
            "Si un token futuro pesa algo, por poco que sea, la predicción depende de él.",
            forbidden_weigh_zero,
        ),
        Property(
            "La salida es una mezcla de valores",
            "Los pesos dicen cuánto; lo que se suma son los valores v, no las claves.",
            output_is_the_mix,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
