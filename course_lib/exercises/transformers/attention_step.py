"""Ejercicio: una capa de atención con caché de claves y valores."""

from functools import partial

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _rotate(x, positions, theta):
    angles = positions[:, None] * theta ** -(torch.arange(0, x.shape[-1], 2) / x.shape[-1])
    cos, sin = angles.cos(), angles.sin()
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


def _mask(new, total):
    return torch.ones(new, total, dtype=torch.bool).tril(total - new)


def _share(kv, num_heads):
    return kv.repeat_interleave(num_heads // len(kv), dim=0)


def _merge(mixed):
    return mixed.transpose(0, 1).flatten(1)


def _layer(
    x, w_q, w_k, w_v, keys, values, theta,
    *, start=None, divide=True, turn_values=False, turn_again=False, see_past=True,
    mask=_mask, share=_share, merge=_merge,
):  # fmt: skip
    """La capa completa; cambiar un parámetro con nombre es cometer un error."""
    past, new, heads = keys.shape[1], len(x), len(w_q)
    positions = torch.arange(new) + (past if start is None else start)
    q, k, v = _rotate(x @ w_q, positions, theta), _rotate(x @ w_k, positions, theta), x @ w_v
    v = _rotate(v, positions, theta) if turn_values else v
    keys = _rotate(keys, torch.arange(past), theta) if turn_again else keys
    keys, values = torch.cat([keys, k], dim=1), torch.cat([values, v], dim=1)
    seen_keys, seen_values = (keys, values) if see_past else (k, v)
    scores = q @ share(seen_keys, heads).transpose(1, 2) / (q.shape[-1] ** 0.5 if divide else 1)
    allowed = mask(new, seen_keys.shape[1])
    weights = scores.masked_fill(~allowed, float("-inf")).softmax(-1)
    return merge(weights @ share(seen_values, heads)), keys, values


def reference(x, w_q, w_k, w_v, keys, values, theta):
    """Gira lo nuevo según su posición, lo agrega a la caché y atiende a todo lo guardado."""
    return _layer(x, w_q, w_k, w_v, keys, values, theta)


def cases(generator):
    """Caché vacía y con tokens; uno o varios tokens nuevos; un grupo o varios."""
    shapes = [  # ancho, tokens nuevos, guardados, cabezas, grupos, ancho de cabeza
        (1, 1, 0, 1, 1, 2),
        (1, 1, 1, 1, 1, 2),
        (2, 2, 0, 2, 1, 2),
        (2, 3, 3, 4, 2, 2),
        (3, 1, 2, 2, 2, 4),
        (3, 2, 1, 4, 2, 6),
    ]
    return [_random_case(generator, *shape) for shape in shapes]


def _random_case(generator, width, new, past, heads, groups, head_dim):
    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    w_k, w_v = draw(2, groups, width, head_dim)
    keys, values = draw(2, groups, past, head_dim)
    return draw(new, width), 2 * draw(heads, width, head_dim), w_k, w_v, keys, values, 10.0


def cache_grows_at_the_end(output, x, w_q, w_k, w_v, keys, values, theta):
    """Lo guardado queda igual, y delante de lo nuevo."""
    past = keys.shape[1]
    if torch.equal(output[1][:, :past], keys) and torch.equal(output[2][:, :past], values):
        return None
    return f"Los {past} tokens guardados ya no están iguales al comienzo de la caché."


MISCONCEPTIONS = (
    Misconception(
        "Las posiciones volvieron a empezar",
        "El primer token nuevo no está en la posición 0: delante hay `keys.shape[1]` guardados. Sin "
        "esa suma, el modelo cree que el token nuevo es el primero del texto.",
        partial(_layer, start=0),
    ),
    Misconception(
        "La máscara no cuenta lo guardado",
        "Hay S claves guardadas delante: la diagonal de la máscara se corre S lugares. Si no, cada "
        "token nuevo deja de ver casi todo el pasado.",
        partial(_layer, mask=lambda new, total: torch.ones(new, total, dtype=torch.bool).tril()),
    ),
    Misconception(
        "Sin máscara",
        "Con un solo token nuevo no se nota; cuando llegan varios, los primeros ven a los que siguen.",
        partial(_layer, mask=lambda new, total: torch.ones(new, total, dtype=torch.bool)),
    ),
    Misconception(
        "No miraste lo guardado",
        "Agregaste lo nuevo a la caché, pero la atención usó solo lo nuevo: las consultas se comparan "
        "con todas las claves, las guardadas también.",
        partial(_layer, see_past=False),
    ),
    Misconception(
        "Sin dividir por la raíz",
        "Los puntajes se dividen por `q.shape[-1] ** 0.5` antes de la softmax; si no, casi todo el peso "
        "cae en un solo token.",
        partial(_layer, divide=False),
    ),
    Misconception(
        "Giraste otra vez las claves guardadas",
        "Las claves de la caché llegan ya giradas según su posición: se giran solo las nuevas, antes "
        "de guardarlas.",
        partial(_layer, turn_again=True),
    ),
    Misconception(
        "Giraste también los valores",
        "La posición entra solo en el producto punto: giran las consultas y las claves. Los valores "
        "son lo que se mezcla y quedan tal cual.",
        partial(_layer, turn_values=True),
    ),
    Misconception(
        "Los grupos quedaron alternados",
        "Las cabezas vecinas comparten grupo: 0, 0, 1, 1. Usa `repeat_interleave`, no `repeat`.",
        partial(_layer, share=lambda kv, heads: kv.repeat(heads // len(kv), 1, 1)),
    ),
    Misconception(
        "Juntaste las cabezas sin intercambiar los ejes",
        "De (H, T, K) a (T, H·K) no basta `reshape`: mezcla tokens. Primero `transpose(0, 1)`.",
        partial(_layer, merge=lambda mixed: mixed.reshape(mixed.shape[1], -1)),
    ),
)

EXERCISE = Exercise(
    key="attention_step",
    chapter="02_transformers",
    title="Atención con caché",
    objective="Leer los tokens nuevos sin volver a calcular los anteriores.",
    difficulty=3,
    minutes=60,
    section="El modelo completo",
    hints=(
        "Ya escribiste las piezas; falta ordenarlas. ¿En qué posición está el primer token nuevo si "
        "hay S guardados? ¿Se guardan las claves antes o después de girarlas? ¿Qué cambia en la "
        "máscara?",
        "Con `positions = torch.arange(S, S + T)`: gira `x @ w_q` y `x @ w_k`; agrega con "
        "`torch.cat([keys, k], dim=1)` (y los valores, sin girar); repite cada grupo con "
        "`repeat_interleave`; enmascara con `tril(S)`; y termina con `transpose(0, 1).flatten(1)`.",
    ),
    cases=cases,
    reference=reference,
    idea="Lo nuevo ocupa las posiciones S a S + T − 1, va al final de la caché y ve todo lo guardado.",
    properties=(
        Property(
            "La caché solo crece",
            "Las claves y los valores de un token no cambian nunca: por eso se pueden guardar.",
            cache_grows_at_the_end,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
