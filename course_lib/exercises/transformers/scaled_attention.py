"""Ejercicio: la atención, en cuatro pasos."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

INF = float("inf")
Answer = tuple[torch.Tensor, torch.Tensor]  # la mezcla y los pesos


def _scores(q: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    scores: torch.Tensor = q @ k.transpose(-2, -1)
    return scores


def _mix(scores: torch.Tensor, v: torch.Tensor) -> Answer:
    weights = scores.softmax(-1)
    return weights @ v, weights


def _masked(q: torch.Tensor, k: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    scaled: torch.Tensor = _scores(q, k) / q.shape[-1] ** 0.5
    return scaled.masked_fill(~mask, -INF)


def reference(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor) -> Answer:
    """softmax(q·kᵀ / sqrt(K)) @ v, con los puntajes prohibidos en -inf."""
    return _mix(_masked(q, k, mask), v)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, ...]]:
    """Máscaras causales y de las otras, tamaños todos distintos y puntajes enormes.

    En las entradas enormes los puntajes empatan o se llevan muchas unidades: el redondeo no decide.
    """
    ones = torch.ones(1, 2, 2)
    row = torch.tensor([[[2.0, 1.0]]])
    values = torch.tensor([[[1.0], [2.0], [5.0]]])
    low = torch.tensor([[[-1000.0]]])  # la única clave permitida tiene el puntaje -10⁶
    huge = torch.tensor([[[-10.0], [10.0]]]), torch.tensor([[[100.0], [0.0], [100.0]]])
    hidden = torch.tensor([[True, False, True], [True, True, True]])
    fixed = [
        (row, torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]), torch.eye(2)[None], torch.ones(1, 2) > 0),
        (ones, ones, torch.tensor([[[1.0, 2.0], [3.0, 6.0]]]), _causal(2, 2)),
        (low, 1000 * torch.eye(2)[None, :, :1], values[:, :2], torch.tensor([[True, False]])),
        (*huge, values, hidden),
    ]
    random = []
    shapes = [(2, 3, 3, 4), (2, 4, 4, 3), (3, 2, 5, 4), (2, 1, 4, 6)]  # H, T, S, K
    for heads, queries, keys, width in shapes:
        parts = _draw(generator, heads, queries, keys, width)
        random.append((*parts, _causal(queries, keys)))
    for heads, queries, keys, width in [(1, 2, 3, 5), (3, 2, 4, 6), (2, 4, 3, 5)]:
        parts = _draw(generator, heads, queries, keys, width)
        random.append((*parts, _any_mask(generator, queries, keys)))
    whole = torch.randint(-12, 13, (2, 2, 3, 16), generator=generator).float()
    random.append((*whole, torch.randn(2, 3, 16, generator=generator), _causal(3, 3)))
    return fixed + random


def _draw(
    generator: torch.Generator, heads: int, queries: int, keys: int, width: int
) -> list[torch.Tensor]:
    q = torch.randn(heads, queries, width, generator=generator)
    return [2 * q, *torch.randn(2, heads, keys, width, generator=generator)]


def _causal(queries: int, keys: int) -> torch.Tensor:
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)


def _any_mask(generator: torch.Generator, queries: int, keys: int) -> torch.Tensor:
    """Una máscara sin orden: cada consulta ve al menos una clave, y no todas."""
    order = torch.rand(queries, keys, generator=generator).argsort(-1)
    return order < torch.randint(1, keys, (queries, 1), generator=generator)


def rows_sum_to_one(output: Answer, *args: torch.Tensor) -> str | None:
    """Los pesos de cada consulta suman 1."""
    sums = output[1].sum(dim=-1)
    head, query = divmod(int((sums - 1).abs().argmax()), sums.shape[1])
    if abs(sums[head, query] - 1) < 1e-4:
        return None
    return f"Los pesos de la consulta {query} (cabeza {head}) suman {sums[head, query]:.3g}."


def forbidden_weigh_zero(
    output: Answer, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> str | None:
    """Lo prohibido pesa exactamente 0."""
    seen = output[1].masked_fill(mask, 0.0)
    if not seen.any():
        return None
    head, query, key = seen.nonzero()[0].tolist()
    return (
        f"La consulta {query} (cabeza {head}) le da peso {seen[head, query, key]:.3g} a la clave "
        f"{key}, que tiene prohibida."
    )


def divided_by_the_root(
    output: Answer, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> str | None:
    """El logaritmo del cociente de dos pesos es la diferencia de sus puntajes, sobre √K."""
    root = q.shape[-1] ** 0.5
    raw, logs = _scores(q, k), output[1].log()
    usable = mask & (output[1] > 1e-6)
    top = raw.masked_fill(~usable, -INF).argmax(-1, keepdim=True)
    low = raw.masked_fill(~usable, INF).argmin(-1, keepdim=True)
    span = (raw.gather(-1, top) - raw.gather(-1, low)).flatten()
    found = span / (logs.gather(-1, top) - logs.gather(-1, low)).flatten()
    found = found[(usable.sum(-1) > 1).flatten() & (span > 0.1) & found.isfinite()]
    same = len(found) > 1 and (found / found[0] - 1).abs().max() < 0.01
    if not same or abs(found[0] / root - 1) < 0.01:
        return None
    return f"Los pesos salen de dividir los puntajes por {found[0]:.3g}; debía ser √K = {root:.3g}."


def output_is_the_mix(
    output: Answer, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> str | None:
    """La salida es la suma de los valores, cada uno por su peso."""
    mixed, weights = output
    gap = (mixed - weights @ v).abs().max().item()
    return None if gap < 1e-4 else f"La salida se aleja hasta {gap:.3g} de `weights @ v`."


def _masked_afterwards(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> Answer:
    weights = (_scores(q, k) / q.shape[-1] ** 0.5).softmax(-1) * mask
    return weights @ v, weights


def _wrong_axis(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor) -> Answer:
    weights = _masked(q, k, mask).softmax(-2)
    return weights @ v, weights


def _plain_exponential(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> Answer:
    exponentials = _masked(q, k, mask).exp()
    weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
    return weights @ v, weights


def _mixes_keys(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor) -> Answer:
    weights = _masked(q, k, mask).softmax(-1)
    return weights @ k, weights


def _own_mask(shift: Callable[[int], int]) -> Callable[..., Answer]:
    def wrong(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor) -> Answer:
        return reference(q, k, v, torch.ones_like(mask).tril(shift(k.shape[1] - q.shape[1])))

    return wrong


OWN_MASK = (
    "Qué se puede mirar lo dice `mask`, y no siempre es un triángulo: puede dejar fuera a "
    "cualquier clave. No armes otra."
)
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
    Misconception("Armaste tu propia máscara", OWN_MASK, _own_mask(lambda past: past)),
    Misconception("Armaste tu propia máscara", OWN_MASK, _own_mask(lambda past: 0)),
    Misconception(
        "La exponencial se desborda",
        "`exp` de un puntaje grande es infinito, y la de uno muy negativo es 0: ∞/∞ y 0/0 dan NaN. Usa "
        "`torch.softmax`, que antes le resta a cada fila su máximo.",
        _plain_exponential,
    ),
    Misconception(
        "Mezclaste las claves",
        "Las claves sirven para comparar; lo que cada token entrega, y se mezcla, son los valores v.",
        _mixes_keys,
    ),
    Misconception(
        "Devolviste los dos al revés",
        "El orden es (mezcla, pesos).",
        lambda *args: reference(*args)[::-1],
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
        "Los puntajes tienen forma (H, T, S): para que encajen, la última coordenada de q y la de k deben "
        "encontrarse, y por eso k va traspuesta en sus dos últimos ejes. Lo prohibido se marca en los "
        "puntajes (mira `masked_fill`), y cada fila debe sumar 1 al final: ¿cuál es el eje de la softmax?",
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
            "Si un token prohibido pesa algo, por poco que sea, la salida depende de él. Solo −∞ da "
            "siempre peso 0: un número como −1000 no basta si los puntajes permitidos son menores.",
            forbidden_weigh_zero,
        ),
        Property(
            "Los puntajes se dividen por √K",
            "K es el ancho de una cabeza, `q.shape[-1]`: un producto punto de K sumandos crece con √K.",
            divided_by_the_root,
        ),
        Property(
            "La salida es una mezcla de valores",
            "Los pesos dicen cuánto; lo que se suma son los valores v, no las claves.",
            output_is_the_mix,
        ),
    ),
    outputs=("mezcla", "pesos"),
    misconceptions=MISCONCEPTIONS,
)
