"""Ejercicio: ¿de verdad mira?"""

from __future__ import annotations

from collections.abc import Callable

from ..core.exercise import Exercise, Misconception, Property
from .answerers import Answerer, cases

__all__ = ["EXERCISE"]

Texts = list[str]
Pair = tuple[float, float]


def _rolled(items: Texts, step: int = 1) -> Texts:
    """Cada lugar recibe lo que está `step` más adelante, en círculo."""
    return [items[(place + step) % len(items)] for place in range(len(items))]


def _accuracy(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    rows = list(zip(images, questions, expected, strict=True))
    return sum(answer(image, question) == wanted for image, question, wanted in rows) / len(rows)


def reference(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> Pair:
    """La exactitud con cada imagen y con la siguiente."""
    own = _accuracy(answer, images, questions, expected)
    return own, _accuracy(answer, _rolled(images), questions, expected)


def are_fractions(
    pair: Pair, answer: Answerer, images: Texts, questions: Texts, expected: Texts
) -> str | None:
    """Una exactitud es una cuenta dividida por el número de preguntas."""
    for value in pair:
        if not 0 <= value <= 1 or abs(value * len(images) - round(value * len(images))) > 1e-3:
            return f"Salió {value:.4g}, y con {len(images)} preguntas solo puede ser un múltiplo de 1/{len(images)}, hasta 1."
    return None


def blind_gets_the_same(
    pair: Pair, answer: Answerer, images: Texts, questions: Texts, expected: Texts
) -> str | None:
    """A quien contesta lo mismo con las dos imágenes le da igual el cambio."""
    rows = zip(images, _rolled(images), questions, strict=True)
    if any(answer(one, q) != answer(other, q) for one, other, q in rows):
        return None
    if abs(pair[0] - pair[1]) < 1e-4:
        return None
    return f"El modelo contesta lo mismo con la imagen cambiada, y devolviste {pair[0]:.3g} y {pair[1]:.3g}."


Second = Callable[[Answerer, Texts, Texts, Texts], float]


def _second(name: str, explanation: str, second: Second) -> Misconception:
    """Un error que solo está en la segunda medida."""

    def wrong(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> Pair:
        own = _accuracy(answer, images, questions, expected)
        return own, second(answer, images, questions, expected)

    return Misconception(name, explanation, wrong)


def _consistency(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    before = [answer(image, q) for image, q in zip(images, questions, strict=True)]
    return _accuracy(answer, _rolled(images), questions, before)


def _last_left_out(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    return _accuracy(answer, images[1:], questions[:-1], expected[:-1])


def _last_is_a_miss(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    rows = zip(images[1:], questions, expected, strict=False)
    return sum(answer(image, q) == wanted for image, q, wanted in rows) / len(images)


def _last_keeps_its_own(
    answer: Answerer, images: Texts, questions: Texts, expected: Texts
) -> float:
    return _accuracy(answer, [*images[1:], images[-1]], questions, expected)


def _of_the_right_ones(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    rows = zip(images, _rolled(images), questions, expected, strict=True)
    kept = [(other, q, wanted) for one, other, q, wanted in rows if answer(one, q) == wanted]
    return sum(answer(other, q) == wanted for other, q, wanted in kept) / len(kept)


def _past_the_end(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> float:
    places = range(len(images))
    return sum(answer(images[i + 1], questions[i]) == expected[i] for i in places) / len(images)


def _contained(answer: Answerer, images: Texts, questions: Texts, expected: Texts) -> Pair:
    def accuracy(shown: Texts) -> float:
        rows = list(zip(shown, questions, expected, strict=True))
        return sum(wanted in answer(image, q) for image, q, wanted in rows) / len(rows)

    return accuracy(images), accuracy(_rolled(images))


def _whole(change: Callable[[float, float, int], Pair]) -> Callable[..., Pair]:
    """La solución, con un cambio en los dos números."""
    return lambda answer, images, questions, expected: change(
        *reference(answer, images, questions, expected), len(images)
    )


MISCONCEPTIONS = (
    _second(
        "Moviste también lo esperado",
        "Se cambia solo la imagen: la respuesta esperada sigue siendo la de su pregunta. Si se mueve con la imagen, se mide si "
        "el modelo contesta lo que hay en la imagen ajena.",
        lambda a, i, q, e: _accuracy(a, _rolled(i), q, _rolled(e)),
    ),
    _second(
        "Moviste también las preguntas",
        "Se cambia solo la imagen: cada pregunta sigue en su lugar.",
        lambda a, i, q, e: _accuracy(a, _rolled(i), _rolled(q), e),
    ),
    _second(
        "Moviste todo",
        "Si imágenes, preguntas y respuestas se mueven juntas no cambia nada: mueve solo las imágenes.",
        lambda a, i, q, e: _accuracy(a, i, q, e),
    ),
    _second(
        "Comparaste con lo que contestó antes",
        "Eso mide cuánto cambia de opinión. Se pide cuánto acierta: compara con `expected`.",
        _consistency,
    ),
    _second(
        "La imagen anterior",
        "La pregunta i recibe la imagen i + 1; la última, la primera.",
        lambda a, i, q, e: _accuracy(a, _rolled(i, -1), q, e),
    ),
    _second(
        "Dejaste fuera la última pregunta",
        "La última recibe la primera imagen: también se cuenta.",
        _last_left_out,
    ),
    _second(
        "La última pregunta se quedó sin imagen",
        "Recibe la primera: se cuenta, y puede acertar.",
        _last_is_a_miss,
    ),
    _second(
        "La última pregunta conservó su imagen",
        "Recibe la primera, en círculo.",
        _last_keeps_its_own,
    ),
    _second(
        "Te saliste de la lista",
        "Después de la última imagen viene la primera: `(i + 1) % len(images)`.",
        _past_the_end,
    ),
    _second(
        "Quitaste la imagen",
        "Se entrega la imagen siguiente, no `None`: sin imagen cambia también la forma de lo que el modelo lee.",
        lambda a, i, q, e: sum(a(None, x) == y for x, y in zip(q, e, strict=True)) / len(q),
    ),
    _second(
        "Contaste solo las que había acertado",
        "Las dos exactitudes se calculan sobre todas las preguntas.",
        _of_the_right_ones,
    ),
    Misconception(
        "Aceptaste que la respuesta contenga lo esperado",
        "Una respuesta es correcta si es idéntica a la esperada: se compara con `==`, y no con `in`.",
        _contained,
    ),
    Misconception(
        "Contaste aciertos",
        "Se pide la exactitud: divide por el número de preguntas.",
        _whole(lambda own, other, total: (own * total, other * total)),
    ),
    Misconception(
        "En porcentaje",
        "Se piden números de 0 a 1.",
        _whole(lambda own, other, total: (100 * own, 100 * other)),
    ),
    Misconception(
        "Contaste errores",
        "La exactitud es la parte de respuestas correctas.",
        _whole(lambda own, other, total: (1 - own, 1 - other)),
    ),
    Misconception(
        "En el orden inverso",
        "Primero la exactitud con su imagen y después con la siguiente.",
        _whole(lambda own, other, total: (other, own)),
    ),
    Misconception(
        "Devolviste la diferencia",
        "Se piden las dos exactitudes; la segunda, sin restarla de la primera.",
        _whole(lambda own, other, total: (own, own - other)),
    ),
)

EXERCISE = Exercise(
    key="looks_at_image",
    chapter="07_multimodalidad",
    title="¿De verdad mira?",
    objective="Medir cuánto de lo que acierta un modelo depende de la imagen que recibe.",
    difficulty=2,
    minutes=20,
    section="¿De verdad mira?",
    hints=(
        "¿Qué cambia entre las dos medidas, y qué debe quedar exactamente igual? ¿Qué imagen le toca a la última pregunta?",
        "Escribe primero la exactitud para unas imágenes cualesquiera: recorre a la vez imágenes, preguntas y respuestas "
        "esperadas, y cuenta cuántas coinciden. Después llámala dos veces: con `images` y con "
        "`images[1:] + images[:1]`.",
    ),
    cases=cases,
    reference=reference,
    idea="La misma exactitud, con las mismas preguntas y respuestas esperadas, y las imágenes corridas un lugar.",
    properties=(
        Property(
            "Son exactitudes",
            "Cada una es el número de aciertos dividido por el de preguntas.",
            are_fractions,
        ),
        Property(
            "A quien no mira le da lo mismo",
            "Si la respuesta no cambia al cambiar la imagen, tampoco cambia la exactitud.",
            blind_gets_the_same,
        ),
    ),
    outputs=("con su imagen", "con la siguiente"),
    misconceptions=MISCONCEPTIONS,
)
