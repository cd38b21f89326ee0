"""Ejercicio: la entropía cruzada, a partir de los logits."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, Tensor]

IGNORED = -100
# (B, T, V): una posición, filas de distinto largo, tantos textos como posiciones
SIZES = ((1, 3, 4), (2, 3, 5), (3, 3, 4), (3, 6, 5), (4, 5, 9), (2, 9, 12))


def _each(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """La pérdida de cada posición (0 si no cuenta), y cuáles cuentan."""
    kept = targets != IGNORED
    chosen = logits.log_softmax(-1).gather(-1, targets.where(kept, 0)[..., None])[..., 0]
    return -chosen.where(kept, 0.0), kept


def reference(logits: Tensor, targets: Tensor) -> Tensor:
    """Media, en las posiciones que cuentan, de menos el logaritmo de la probabilidad del objetivo."""
    losses, kept = _each(logits, targets)
    return losses.sum() / kept.sum()


def cases(generator: torch.Generator) -> list[Case]:
    """Una posición, un texto sin objetivos, el token 0 y logits enormes por arriba y por abajo."""
    far = torch.tensor([[[1.0, 0.0, 2.0], [-300.0, -301.0, -302.0]]])
    fixed = [
        (torch.tensor([[[0.0, 1.0]]]), torch.tensor([[1]])),
        (torch.tensor([[[0.0, 1000.0]]]), torch.tensor([[0]])),
        (torch.tensor([[[-200.0, -201.0, -202.0]]]), torch.tensor([[1]])),
        (torch.tensor([[[3.0, 1.0], [0.0, 2.0]]]), torch.tensor([[0, IGNORED]])),
        (far, torch.tensor([[2, 1]])),
        (_logits(generator, 2, 2, 3), torch.tensor([[IGNORED, IGNORED], [0, 2]])),
        _surprised(generator),
    ]
    return fixed + [(_logits(generator, *size), _targets(generator, *size)) for size in SIZES]


def _logits(generator: torch.Generator, *size: int) -> Tensor:
    return 2 * torch.randn(*size, generator=generator)


def _surprised(generator: torch.Generator) -> Case:
    """Logits enormes, y como primer objetivo el token menos probable."""
    logits, targets = (
        200 * torch.randn(1, 4, 5, generator=generator),
        torch.tensor([[0, 4, -100, 2]]),
    )
    targets[0, 0] = logits[0, 0].argmin()
    return logits, targets


def _targets(generator: torch.Generator, texts: int, length: int, vocabulary: int) -> Tensor:
    """La primera fila cuenta entera; de las demás, un comienzo de cualquier largo."""
    targets = torch.randint(0, vocabulary, (texts, length), generator=generator)
    for row in targets[1:]:
        row[int(torch.randint(1, length + 1, (1,), generator=generator)) :] = IGNORED
    return targets


def is_finite(loss: Tensor, logits: Tensor, targets: Tensor) -> str | None:
    """Ningún logit es infinito, y por eso ninguna pérdida lo es."""
    if loss.isfinite():
        return None
    return f"Salió {loss:.4g}, con logits entre {logits.min():.4g} y {logits.max():.4g}."


def between_the_extremes(loss: Tensor, logits: Tensor, targets: Tensor) -> str | None:
    """Una media está entre el menor y el mayor de lo que promedia."""
    losses, kept = _each(logits, targets)
    low, high = losses[kept].min(), losses[kept].max()
    slack = 1e-4 * (1 + float(high))
    if low - slack <= loss <= high + slack:
        return None
    return f"Las pérdidas que se promedian van de {low:.4g} a {high:.4g}, y salió {loss:.4g}."


def shift_invariant(loss: Tensor, logits: Tensor, targets: Tensor) -> str | None:
    """Sumar lo mismo a todos los logits de una posición no cambia ninguna probabilidad."""
    moved = reference(logits - logits[..., :1], targets)
    if not loss.isfinite() or abs(loss - moved) <= 1e-3 * (1 + abs(moved)):
        return None
    return f"Si a cada posición se le resta su primer logit, la pérdida es {moved:.4g}, y salió {loss:.4g}."


def _probs(logits: Tensor, targets: Tensor) -> Tensor:
    """La probabilidad de cada objetivo, calculada en el orden que desborda."""
    kept = targets != IGNORED
    exponentials = logits[kept].exp()
    return exponentials.gather(1, targets[kept][:, None])[:, 0] / exponentials.sum(dim=1)


def _softmaxed(logits: Tensor, targets: Tensor) -> Tensor:
    kept = targets != IGNORED
    return logits[kept].softmax(-1).gather(1, targets[kept][:, None])[:, 0]


def _common_maximum(logits: Tensor, targets: Tensor) -> Tensor:
    kept = targets != IGNORED
    scores = logits[kept] - logits.max()
    chosen = scores.gather(1, targets[kept][:, None])[:, 0]
    return (scores.exp().sum(dim=1).log() - chosen).mean()


def _forgotten_maximum(logits: Tensor, targets: Tensor) -> Tensor:
    kept = targets != IGNORED
    shifted = logits[kept] - logits[kept].max(dim=1, keepdim=True).values
    chosen = logits[kept].gather(1, targets[kept][:, None])[:, 0]
    return (shifted.exp().sum(dim=1).log() - chosen).mean()


def _ignored_as(token: int, logits: Tensor, targets: Tensor) -> Tensor:
    return reference(logits, targets.where(targets != IGNORED, token))


def _rows(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    losses, kept = _each(logits, targets)
    return losses.sum(dim=1), kept.sum(dim=1)


def _mean_of_rows(logits: Tensor, targets: Tensor) -> Tensor:
    sums, counts = _rows(logits, targets)
    return (sums[counts > 0] / counts[counts > 0]).mean()


def _raw_logit(logits: Tensor, targets: Tensor) -> Tensor:
    kept = targets != IGNORED
    return -logits[kept].gather(1, targets[kept][:, None]).mean()


def _own_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    logprobs = logits[targets != IGNORED].log_softmax(-1)
    return -(logprobs.exp() * logprobs).sum(dim=1).mean()


def _shifted_again(logits: Tensor, targets: Tensor) -> Tensor:
    return reference(logits[:, :-1], targets[:, 1:])


def _without_zero(logits: Tensor, targets: Tensor) -> Tensor:
    return reference(logits, targets.where(targets != 0, IGNORED))


def _wrong_axis(logits: Tensor, targets: Tensor) -> Tensor:
    kept = targets != IGNORED
    logprobs = logits.log_softmax(dim=1)[kept]
    return -logprobs.gather(1, targets[kept][:, None]).mean()


MISCONCEPTIONS = (
    Misconception(
        "La exponencial se desborda",
        "`exp(1000)` es infinito, y `exp(−200)` es 0. Usa `torch.logsumexp`, que resta antes el máximo de cada fila.",
        lambda *args: -_probs(*args).log().mean(),
    ),
    Misconception(
        "El logaritmo de una probabilidad que ya es 0",
        "La softmax es estable, pero una probabilidad muy pequeña se guarda como 0 y su logaritmo es −∞. No pases por la "
        "probabilidad: logsumexp de los logits, menos el logit del objetivo.",
        lambda *args: -_softmaxed(*args).log().mean(),
    ),
    Misconception(
        "Sumaste un poco antes del logaritmo",
        "Evita el infinito, pero le pone un techo a la pérdida: la de un token con logit −1000 ya no se distingue de la de uno "
        "con −50. Con logsumexp no hace falta.",
        lambda *args: -(_softmaxed(*args) + 1e-9).log().mean(),
    ),
    Misconception(
        "Un máximo común a todo el lote",
        "Cada posición resta su propio máximo: en una de puntajes bajos, con el máximo de otra, todas las exponenciales son 0.",
        _common_maximum,
    ),
    Misconception(
        "Restaste el máximo y no lo devolviste",
        "log Σ exp(z) = m + log Σ exp(z − m): falta sumar m, o restarlo también del logit del objetivo.",
        _forgotten_maximum,
    ),
    Misconception(
        "Contaste las posiciones ignoradas",
        "Donde el objetivo es −100 no hay respuesta correcta: esa posición no entra ni en la suma ni en la cuenta.",
        lambda *args: _ignored_as(0, *args),
    ),
    Misconception(
        "Dividiste por todas las posiciones",
        "Las ignoradas tampoco se cuentan en el denominador: divide por las que no son −100.",
        lambda logits, targets: _each(logits, targets)[0].mean(),
    ),
    Misconception(
        "Promediaste por filas",
        "Cada token pesa lo mismo, esté en un texto corto o en uno largo: suma todas las pérdidas y divide una vez.",
        _mean_of_rows,
    ),
    Misconception(
        "Sumaste",
        "Se pide la media: divide por las posiciones que cuentan.",
        lambda *args: _each(*args)[0].sum(),
    ),
    Misconception(
        "En bits",
        "El logaritmo es natural: la pérdida se pide en nats.",
        lambda *args: reference(*args) / math.log(2),
    ),
    Misconception(
        "Con el signo cambiado",
        "El logaritmo de una probabilidad es negativo, y la pérdida lleva el signo menos.",
        lambda *args: -reference(*args),
    ),
    Misconception(
        "Corriste otra vez",
        "Los objetivos ya vienen alineados con su fila de logits. Si se corren dos veces, cada posición se compara con el token "
        "que está dos más allá.",
        _shifted_again,
    ),
    Misconception(
        "Dos veces softmax",
        "Los logits van tal como llegan: la softmax está dentro de la fórmula.",
        lambda logits, targets: reference(logits.softmax(-1), targets),
    ),
    Misconception(
        "En el eje de las posiciones",
        "La suma es sobre el vocabulario, el último eje: las probabilidades de una posición suman 1.",
        _wrong_axis,
    ),
    Misconception(
        "Falta el logaritmo de la suma",
        "Un logit no es un logaritmo de probabilidad: le falta restar `logsumexp`, y por eso puede ser mayor que 0.",
        _raw_logit,
    ),
    Misconception(
        "Falta el logaritmo",
        "Promediaste probabilidades. La pérdida es la media de sus logaritmos, con el signo cambiado.",
        lambda *args: _softmaxed(*args).mean(),
    ),
    Misconception(
        "Ignoraste el token 0",
        "0 es un token como los demás: solo se ignora −100.",
        _without_zero,
    ),
    Misconception(
        "La entropía del modelo y no la cruzada",
        "Mediste cuánto duda el modelo, sin mirar qué venía después. Aquí solo cuenta lo que dio al token correcto.",
        _own_entropy,
    ),
    Misconception(
        "Devolviste la perplejidad",
        "La exponencial de la pérdida es otra medida.",
        lambda *args: reference(*args).exp(),
    ),
)

EXERCISE = Exercise(
    key="cross_entropy",
    chapter="03b_preentrenamiento",
    title="La entropía cruzada",
    objective="Medir cuánto se equivoca un modelo, sin que los números desborden.",
    difficulty=2,
    minutes=20,
    section="La pérdida, con otro nombre cada vez",
    hints=(
        "¿Qué posiciones cuentan? Empieza por quedarte con sus filas de logits y sus objetivos. En cada una, ¿cuántos números de la "
        "fila hacen falta para la suma, y cuántos para el otro término?",
        "`kept = targets != -100` deja `logits[kept]`, (N, V), y `targets[kept]`, (N,). El primer término es "
        "`torch.logsumexp` sobre el vocabulario; el segundo, un solo logit por fila, que se elige con `gather`. Falta la media.",
    ),
    cases=cases,
    reference=reference,
    idea="La media, en las posiciones que no son −100, de logsumexp(logits) − logit del objetivo.",
    properties=(
        Property(
            "Es un número finito",
            "Con logits finitos, la pérdida también lo es. Si desborda una exponencial, resta antes el máximo de cada posición.",
            is_finite,
        ),
        Property(
            "Está entre las que promedia",
            "Cada posición que cuenta aporta una pérdida, y la media no se sale de ellas.",
            between_the_extremes,
        ),
        Property(
            "Solo importan las diferencias entre logits",
            "La softmax no cambia si se suma lo mismo a todos los logits de una posición.",
            shift_invariant,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
