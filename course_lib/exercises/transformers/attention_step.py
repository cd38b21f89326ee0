"""Ejercicio: una capa de atención con caché de claves y valores."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from ..core.exercise import Exercise, Misconception, Property
from .cached_layer import Answer, layer, share

__all__ = ["EXERCISE"]

Case = tuple[*tuple[torch.Tensor, ...], float]  # los seis tensores y theta


def reference(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    theta: float,
) -> Answer:
    """Gira lo nuevo según su posición, lo agrega a la caché y atiende a todo lo guardado."""
    return layer(x, w_q, w_k, w_v, keys, values, theta)


def cases(generator: torch.Generator) -> list[Case]:
    """Caché vacía y con tokens; uno o varios nuevos; un grupo o varios; puntajes enormes."""
    shapes = [  # ancho, tokens nuevos, guardados, cabezas, grupos, ancho de cabeza, theta
        (1, 1, 0, 1, 1, 2, 10.0),
        (1, 1, 1, 1, 1, 2, 10.0),
        (3, 2, 0, 2, 1, 4, 50.0),
        (2, 3, 3, 4, 2, 2, 100.0),
        (5, 3, 4, 6, 3, 2, 20.0),
        (3, 1, 2, 4, 4, 6, 1000.0),
        (3, 4, 5, 6, 2, 8, 10_000.0),
        (5, 2, 1, 4, 2, 6, 7.0),
    ]
    random = [_random_case(generator, *shape) for shape in shapes]
    return [*(_huge_case(past) for past in (0, 1)), *random]


def _random_case(
    generator: torch.Generator,
    width: int, new: int, past: int, heads: int, groups: int, head_dim: int, theta: float,
) -> Case:  # fmt: skip
    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    w_k, w_v = draw(2, groups, width, head_dim)
    keys, values = draw(2, groups, past, head_dim)
    theta *= 1 + torch.rand(1, generator=generator).item()
    return draw(new, width), 2 * draw(heads, width, head_dim), w_k, w_v, keys, values, theta


def _huge_case(past: int) -> Case:
    """Puntajes de decenas de miles, muy separados: lo prohibido tendría el mayor de todos."""
    w_q, w_k, w_v = torch.tensor([[[[300.0, 0.0]]], [[[-400.0, 0.0]]], [[[3.0, -1.0]]]])
    stored = torch.tensor([[[-400.0, 0.0]]])[:, :past]
    return torch.tensor([[1.0], [-1.0]]), w_q, w_k, w_v, stored, stored / 100, 10.0


def cache_grows_at_the_end(
    output: Answer,
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    theta: float,
) -> str | None:
    """Lo guardado queda igual, y delante de lo nuevo."""
    past = keys.shape[1]
    if torch.allclose(output[1][:, :past], keys) and torch.allclose(output[2][:, :past], values):
        return None
    return "Lo que había en la caché ya no está igual al comienzo de la que devolviste."


def new_tokens_are_stored(
    output: Answer,
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    theta: float,
) -> str | None:
    """Lo que se agrega: los valores tal cual y las claves ya giradas."""
    past = keys.shape[1]
    new_keys, new_values = output[1][:, past:], output[2][:, past:]
    if not torch.allclose(new_values, x @ w_v, rtol=1e-3, atol=1e-4):
        return "Los valores agregados a la caché no son `x @ w_v`."
    if torch.allclose(
        new_keys,
        reference(x, w_q, w_k, w_v, keys, values, theta)[1][:, past:],
        rtol=1e-3,
        atol=1e-4,
    ):
        return None
    last = past + len(x) - 1
    where = f"la posición {past}" if len(x) == 1 else f"las posiciones {past} a {last}"
    return f"Las claves agregadas no son `x @ w_k` giradas en {where}, con la theta recibida."


def _weights(mixed: torch.Tensor, values: torch.Tensor, heads: int) -> tuple[torch.Tensor, ...]:
    """Los pesos (H, T, S) con que se mezclaron los valores y cuánto (H, T) no se explica así."""
    columns = share(values, heads).transpose(1, 2).double()  # (H, K, S)
    target = mixed.unflatten(-1, (heads, -1)).permute(1, 2, 0).double()  # (H, K, T)
    weights = torch.linalg.lstsq(columns, target).solution
    return weights.transpose(1, 2), (columns @ weights - target).abs().amax(dim=1)


def mixes_what_it_sees(
    output: Answer,
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    theta: float,
) -> str | None:
    """Si caben en K ecuaciones, despeja los pesos de la salida y los compara con los debidos."""
    right, _, stored = reference(x, w_q, w_k, w_v, keys, values, theta)
    if stored.shape[1] > stored.shape[2] or len(x[0]) == 1:
        return None
    if torch.linalg.cond(stored).max() > 100:  # el despeje amplificaría el redondeo
        return None
    wanted, _ = _weights(right, stored, len(w_q))
    found, unexplained = _weights(output[0], stored, len(w_q))
    if (unexplained > 1e-3).any():
        head, token = (unexplained > 1e-3).nonzero()[0].tolist()
        group = head * len(w_k) // len(w_q)
        return (
            f"La salida del token nuevo {token}, en el tramo de la cabeza {head}, no es una mezcla de "
            f"los valores de su grupo, el {group}."
        )
    if (found - wanted).abs().max() < 1e-2:
        return None
    head, token, key = ((found - wanted).abs() > 1e-2).nonzero()[0].tolist()
    one, other = (abs(round(w[head, token, key].item(), 3)) for w in (found, wanted))
    return (
        f"El token nuevo {token} (cabeza {head}) le da peso {one} a la clave {key} de la caché; debía "
        f"ser {other}."
    )


def _only_new(*args: Any) -> Answer:
    output, keys, values = reference(*args)
    return output, keys[:, args[4].shape[1] :], values[:, args[4].shape[1] :]


def _fixed_theta(*args: Any) -> Answer:
    return reference(*[*args[:6], 10_000.0])


MISCONCEPTIONS = (
    Misconception(
        "Las posiciones volvieron a empezar",
        "El primer token nuevo no está en la posición 0: delante hay `keys.shape[1]` guardados. Sin "
        "esa suma, el modelo cree que el token nuevo es el primero del texto.",
        partial(layer, start=0),
    ),
    Misconception(
        "La máscara no cuenta lo guardado",
        "Hay S claves guardadas delante: la diagonal de la máscara se corre S lugares. Si no, cada "
        "token nuevo deja de ver casi todo el pasado.",
        partial(layer, mask=lambda new, total: torch.ones(new, total, dtype=torch.bool).tril()),
    ),
    Misconception(
        "Sin máscara",
        "Con un solo token nuevo no se nota; cuando llegan varios, los primeros ven a los que siguen.",
        partial(layer, mask=lambda new, total: torch.ones(new, total, dtype=torch.bool)),
    ),
    Misconception(
        "No miraste lo guardado",
        "Agregaste lo nuevo a la caché, pero la atención usó solo lo nuevo: las consultas se comparan "
        "con todas las claves, las guardadas también.",
        partial(layer, see_past=False),
    ),
    Misconception(
        "Sin dividir por la raíz",
        "Los puntajes se dividen por `q.shape[-1] ** 0.5` antes de la softmax; si no, casi todo el peso "
        "cae en un solo token.",
        partial(layer, divide=False),
    ),
    Misconception(
        "Giraste otra vez las claves guardadas",
        "Las claves de la caché llegan ya giradas según su posición: se giran solo las nuevas, antes "
        "de guardarlas.",
        partial(layer, turn_again=True),
    ),
    Misconception(
        "Giraste también los valores",
        "La posición entra solo en el producto punto: giran las consultas y las claves. Los valores "
        "son lo que se mezcla y quedan tal cual.",
        partial(layer, turned="qkv"),
    ),
    Misconception(
        "Los grupos quedaron alternados",
        "Las cabezas vecinas comparten grupo: 0, 0, 1, 1. Usa `repeat_interleave`, no `repeat`.",
        partial(layer, share=lambda kv, heads: kv.repeat(heads // len(kv), 1, 1)),
    ),
    Misconception(
        "Juntaste las cabezas sin intercambiar los ejes",
        "De (H, T, K) a (T, H·K) no basta `reshape`: mezcla tokens. Primero `transpose(0, 1)`.",
        partial(layer, merge=lambda mixed: mixed.reshape(mixed.shape[1], -1)),
    ),
    Misconception(
        "Intercalaste las cabezas",
        "La salida lleva primero las K coordenadas de la cabeza 0, después las de la 1…: de (H, T, K) se "
        "pasa a (T, H, K), no a (T, K, H), y solo entonces se aplana.",
        partial(layer, merge=lambda mixed: mixed.permute(1, 2, 0).flatten(1)),
    ),
    Misconception(
        "Solo giraste las consultas",
        "Las claves también llevan su posición: gira `x @ w_k` antes de guardarlas.",
        partial(layer, turned="q"),
    ),
    Misconception(
        "Solo giraste las claves",
        "Las consultas también llevan su posición: gira `x @ w_q` antes de compararlas.",
        partial(layer, turned="k"),
    ),
    Misconception(
        "No giraste nada",
        "Falta la posición: sin girar consultas y claves, da lo mismo el orden de los tokens leídos.",
        partial(layer, turned=""),
    ),
    Misconception(
        "No usaste theta",
        "Dejaste escrito 10 000. La constante llega en `theta`, y no todos los modelos usan la misma.",
        _fixed_theta,
    ),
    Misconception(
        "Devolviste solo lo nuevo",
        "La caché que se devuelve lleva los tokens guardados y, al final, los nuevos: es la que "
        "recibirá el paso siguiente.",
        _only_new,
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
        "El orden: posiciones (comienzan en S), girar, guardar, repetir grupos, atender, juntar cabezas. Solo se "
        "giran los tokens nuevos, y los valores no giran nunca. Se devuelve lo guardado antes de repetir los "
        "grupos. Con S = 3 y T = 2, ¿qué ve la primera consulta?",
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
        Property(
            "Lo nuevo se guarda listo para usar",
            "El paso siguiente no volverá a girar nada: las claves se guardan giradas según su posición "
            "y los valores, tal cual.",
            new_tokens_are_stored,
        ),
        Property(
            "La salida mezcla lo que cada token ve",
            "Cada consulta, girada según su posición, mira lo guardado y lo nuevo hasta sí misma, con "
            "los valores del grupo de su cabeza.",
            mixes_what_it_sees,
        ),
    ),
    outputs=("salida", "keys", "values"),
    misconceptions=MISCONCEPTIONS,
)
