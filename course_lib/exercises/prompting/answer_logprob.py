"""Ejercicio: la log-probabilidad de una respuesta, por la regla de la cadena."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    """Σ log P(token | anteriores) de los tokens de la respuesta."""
    return float(_terms(logits, input_ids, n_context).sum())


def _terms(
    logits: torch.Tensor, input_ids: list[int], n_context: int, shift: int = 1
) -> torch.Tensor:
    """Log-probabilidad de cada token de la respuesta, leída `shift` filas antes."""
    return _pick(logits.log_softmax(-1), input_ids, n_context, shift)


def _pick(table: torch.Tensor, input_ids: list[int], first: int, shift: int = 1) -> torch.Tensor:
    """El número de cada token, desde el `first`, en una tabla (T, V), `shift` filas antes."""
    places = torch.arange(first, len(input_ids))
    return table[places - shift, torch.tensor(input_ids)[places]]


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, list[int], int]]:
    """Respuestas de uno a cuatro tokens, otra muy larga, y logits enormes."""
    fixed = [
        (torch.tensor([[0.0, 0.0], [3.0, -1.0]]), [0, 1], 1),
        (torch.tensor([[1000.0, -1000.0], [0.0, 0.0]]), [0, 1], 1),
        (torch.tensor([[0.0, 1000.0], [0.0, 0.0]]), [0, 1], 1),
        (torch.tensor([[2.0, 0.0], [0.0, 1.0], [9.0, 9.0]]), [1, 0, 1], 1),
        (
            torch.tensor([[0.0, 500.0, 1000.0], [-1000.0, 0.0, -500.0], [7.0, 8.0, 9.0]]),
            [2, 1, 2],
            1,
        ),
    ]
    random = []
    for context, answer, vocab_size in [(1, 1, 3), (2, 2, 3), (3, 2, 4), (2, 4, 5), (5, 3, 6)]:
        random.append(_random_case(generator, context, answer, vocab_size, 2.0))
    random.append(_random_case(generator, 2, 80, 7, 12.0))  # su probabilidad es menor que 10⁻³⁰⁸
    return fixed + random


def _random_case(
    generator: torch.Generator, context: int, answer: int, vocab_size: int, scale: float
) -> tuple[torch.Tensor, list[int], int]:
    logits = scale * torch.randn(context + answer, vocab_size, generator=generator)
    ids = torch.randint(vocab_size, (context + answer,), generator=generator).tolist()
    return logits, ids, context


def is_a_logprob(value: float, logits: torch.Tensor, *rest: list[int] | int) -> str | None:
    """El logaritmo de una probabilidad nunca es positivo."""
    return f"Salió {value:.3g}, que es positivo." if value > 1e-6 else None


def below_each_factor(
    value: float, logits: torch.Tensor, input_ids: list[int], n_context: int
) -> str | None:
    """Un producto de probabilidades no supera a ninguno de sus factores."""
    terms = _terms(logits, input_ids, n_context)
    i = int(terms.argmin())
    if value <= terms[i] + 1e-4 * (1 + abs(terms[i])):
        return None
    return (
        f"Salió {value:.4g}, y solo `input_ids[{n_context + i}]`, que es de la respuesta, ya tiene "
        f"log P = {terms[i]:.4g}."
    )


def each_token_once(
    value: float, logits: torch.Tensor, input_ids: list[int], n_context: int
) -> str | None:
    """Si falta o sobra justo un token del texto, dice cuál."""
    gap = value - reference(logits, input_ids, n_context)
    if not 1e-3 < abs(gap) < 1e6 or len(input_ids) > 12:
        return None
    for i, term in enumerate(_terms(logits, input_ids, 1).tolist(), start=1):
        if abs(abs(gap) - abs(term)) < 1e-4 * (1 + abs(term)):
            inside = i >= n_context
            if inside and gap > 0:
                return f"A la suma le falta un token de la respuesta, `input_ids[{i}]`."
            if not inside and gap < 0:
                return f"A la suma le sobra un token del contexto, `input_ids[{i}]`."
    return None


def _shifted(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    return float(_terms(logits, input_ids, n_context, shift=0).sum())


def _mean(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    return float(_terms(logits, input_ids, n_context).mean())


def _probability(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    return float(_terms(logits, input_ids, n_context).sum().exp())


def _most_likely(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    return float(logits.log_softmax(-1)[n_context - 1 : -1].amax(dim=-1).sum())


def _ratio_of_exponentials(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    exponentials = logits.exp()
    probs = exponentials / exponentials.sum(dim=-1, keepdim=True)
    return float(_pick(probs.log(), input_ids, n_context).sum())


def _log_of_exponentials(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    logprobs = logits - logits.exp().sum(dim=-1, keepdim=True).log()
    return float(_pick(logprobs, input_ids, n_context).sum())


def _first_place(logits: torch.Tensor, input_ids: list[int], n_context: int) -> float:
    places = torch.tensor([input_ids.index(token) for token in input_ids[n_context:]])
    return float(logits.log_softmax(-1)[places - 1, torch.tensor(input_ids)[places]].sum())


OVERFLOW = (
    "`exp` de un logit grande, como 1000, es infinito, y con él ya no se puede calcular nada. "
    "`torch.log_softmax` hace la misma cuenta restando antes el máximo de cada fila."
)
MISCONCEPTIONS = (
    Misconception(
        "Corriste los logits una posición",
        "Los logits de la posición i predicen el token i + 1: para el token i se mira la fila i − 1.",
        _shifted,
    ),
    Misconception(
        "Solo miraste el primer token",
        "Muchas palabras en español son dos o más tokens: «bacán» es «bac» y «án». Suma las "
        "log-probabilidades de todos.",
        lambda *args: float(_terms(*args)[0]),
    ),
    Misconception(
        "Contaste también el contexto",
        "Se puntúa la respuesta dado el contexto: empieza a sumar en `n_context`.",
        lambda logits, ids, n: reference(logits, ids, 1),
    ),
    Misconception(
        "Sumaste logits",
        "Un logit no es una log-probabilidad: falta restar el logaritmo de la suma de exponenciales, "
        "que es lo que hace `torch.log_softmax`.",
        lambda logits, ids, n: float(_pick(logits, ids, n).sum()),
    ),
    Misconception(
        "Normalizaste por posiciones",
        "El softmax va sobre el vocabulario, `dim=-1`: cada fila es una distribución. Con `dim=0` "
        "mezclas posiciones distintas.",
        lambda logits, ids, n: float(_pick(logits.log_softmax(0), ids, n).sum()),
    ),
    Misconception(
        "Promediaste",
        "Esa es la media por token, otro puntaje. La probabilidad de la respuesta es un producto, y su "
        "logaritmo, una suma.",
        _mean,
    ),
    Misconception(
        "Devolviste la probabilidad",
        "Se pide el logaritmo. Con respuestas largas la probabilidad se vuelve cero por redondeo y el "
        "logaritmo no.",
        _probability,
    ),
    Misconception(
        "Saltaste el primer token de la respuesta",
        "La respuesta empieza en `input_ids[n_context]`, que predice la fila n_context − 1. Si recorres "
        "filas en vez de tokens, van de n_context − 1 hasta la penúltima.",
        lambda logits, ids, n: float(_terms(logits, ids, n)[1:].sum()),
    ),
    Misconception(
        "Dejaste fuera el último token",
        "`range(n, len(input_ids))` ya llega hasta el último: no le restes 1 al final.",
        lambda logits, ids, n: float(_terms(logits, ids, n)[:-1].sum()),
    ),
    Misconception(
        "Empezaste un token antes",
        "`input_ids[n_context - 1]` todavía es contexto: la suma empieza en el token `n_context`, cuya "
        "fila es la n_context − 1.",
        lambda logits, ids, n: float(_pick(logits.log_softmax(-1), ids, n - 1).sum()),
    ),
    Misconception(
        "Cambiaste el signo",
        "Eso es la entropía cruzada, o pérdida. Se pide la log-probabilidad, que es negativa.",
        lambda *args: -reference(*args),
    ),
    Misconception(
        "Tomaste el token más probable",
        "De cada fila se usa el token que de verdad sigue en el texto, `input_ids[i]`, y no el de mayor "
        "probabilidad.",
        _most_likely,
    ),
    Misconception(
        "Primero softmax, después el logaritmo",
        "Una probabilidad muy pequeña se vuelve 0 al calcularla, y su logaritmo, −∞. `log_softmax` hace "
        "las dos cosas juntas sin pasar por ahí.",
        lambda logits, ids, n: float(_pick(logits.softmax(-1).log(), ids, n).sum()),
    ),
    Misconception(
        "El producto se volvió cero",
        "Multiplicar muchas probabilidades da 0 por redondeo, y su logaritmo es −∞. Suma los "
        "logaritmos, uno por token.",
        lambda *args: float(_terms(*args).exp().prod().log()),
    ),
    Misconception("La exponencial se desborda", OVERFLOW, _ratio_of_exponentials),
    Misconception("La exponencial se desborda", OVERFLOW, _log_of_exponentials),
    Misconception(
        "Buscaste la posición del token",
        "`input_ids.index(token)` da la primera vez que aparece: si el token se repite, esa no es su "
        "posición. Recorre las posiciones, `range(n_context, len(input_ids))`.",
        _first_place,
    ),
    Misconception(
        "En bits",
        "Se pide el logaritmo natural: no hay que dividir por log 2 ni usar `log2`.",
        lambda *args: reference(*args) / math.log(2),
    ),
)

EXERCISE = Exercise(
    key="answer_logprob",
    chapter="05_prompting",
    title="Puntuar una respuesta",
    objective="Calcular la log-probabilidad de una respuesta de varios tokens.",
    difficulty=2,
    minutes=15,
    section="La búsqueda de la respuesta",
    hints=(
        "P(bac, án | contexto) = P(bac | contexto) · P(án | contexto, bac). ¿En qué fila de los "
        "logits está cada factor?",
        "`torch.log_softmax` por filas da una tabla de log P: una fila por posición leída y una columna "
        "por token del vocabulario. Para el token de la posición i la columna es `input_ids[i]`; la fila no "
        "es la i. Recorre solo las posiciones de la respuesta y suma.",
    ),
    cases=cases,
    reference=reference,
    idea="log P(z | x) = Σ log P(zᵢ | x, z₁ … zᵢ₋₁), y la fila i − 1 predice el token i.",
    properties=(
        Property(
            "Es el logaritmo de una probabilidad",
            "Una probabilidad no pasa de 1, así que su logaritmo no pasa de 0.",
            is_a_logprob,
        ),
        Property(
            "No supera a ninguno de sus tokens",
            "Cada token nuevo multiplica por una probabilidad: la respuesta entera nunca es más "
            "probable que su token menos probable.",
            below_each_factor,
        ),
        Property(
            "Cada token de la respuesta, una vez",
            "Se suman los tokens desde `input_ids[n_context]` hasta el último, ambos incluidos.",
            each_token_once,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
