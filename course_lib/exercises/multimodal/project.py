"""Ejercicio: de los rasgos a los tokens visuales."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, Tensor, Tensor]

# (B, N, C, D): matrices cuadradas, anchas y altas; tantos rasgos como ancho el token, y más imágenes que rasgos
SIZES = (
    (1, 2, 2, 2),
    (2, 1, 3, 2),
    (1, 3, 2, 3),
    (2, 3, 3, 3),
    (3, 2, 4, 3),
    (2, 4, 4, 4),
    (2, 5, 3, 6),
)


def reference(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Z W + b."""
    return torch.einsum("bnc,cd->bnd", features, weight) + bias


def cases(generator: torch.Generator) -> list[Case]:
    """De un número, con los rasgos en cero, y al azar de varias formas."""

    def draw(*size: int) -> Tensor:
        return torch.randn(*size, generator=generator)

    one = torch.ones(1, 1)
    fixed = [
        (2 * one[None], 3 * one, 5 * one[0]),
        (torch.zeros(1, 2, 2), draw(2, 2), torch.tensor([1.0, -2.0])),
    ]
    return fixed + [(draw(b, n, c), draw(c, d), draw(d)) for b, n, c, d in SIZES]


def zero_leaves_the_bias(
    tokens: Tensor, features: Tensor, weight: Tensor, bias: Tensor
) -> str | None:
    """De un rasgo en cero sale el sesgo."""
    if features.any() or torch.allclose(tokens, bias.expand_as(tokens), atol=1e-4):
        return None
    gap = float((tokens - bias).abs().max())
    return f"Los rasgos son todos cero y los tokens se alejan hasta {gap:.3g} del sesgo."


def each_from_its_own(tokens: Tensor, features: Tensor, weight: Tensor, bias: Tensor) -> str | None:
    """El último token de la última imagen sale del último rasgo de la última imagen."""
    wanted = features[-1, -1] @ weight + bias
    gap = float((tokens[-1, -1] - wanted).abs().max())
    if gap < 1e-3 * (1 + float(wanted.abs().max())):
        return None
    return f"El último token de la última imagen se aleja hasta {gap:.3g} de lo que da su propio rasgo."


def _with_nonlinearity(name: str, explanation: str, function: torch.nn.Module) -> Misconception:
    def wrong(*args: Tensor) -> Tensor:
        activated: Tensor = function(reference(*args))
        return activated

    return Misconception(name, explanation, wrong)


def _weight_transposed(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return features @ weight.T + bias


def _bias_by_token(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return features @ weight + bias[:, None]


def _tokens_averaged(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return features.mean(dim=1) @ weight + bias


def _average_for_all(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return reference(features.mean(dim=1, keepdim=True).expand_as(features), weight, bias)


def _flattened(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return features.flatten(1) @ weight + bias


MISCONCEPTIONS = (
    Misconception(
        "Trasponiste W",
        "Aquí W es (C, D) y se multiplica tal cual, `features @ weight`. `nn.Linear` y `F.linear` guardan la "
        "matriz como (D, C) y la trasponen; con una cuadrada no falla, y da otra cosa.",
        _weight_transposed,
    ),
    Misconception(
        "Falta el sesgo",
        "Z W + b: el sesgo se suma a cada token.",
        lambda features, weight, bias: features @ weight,
    ),
    Misconception(
        "Restaste el sesgo",
        "Z W + b: el sesgo se suma.",
        lambda features, weight, bias: features @ weight - bias,
    ),
    Misconception(
        "Sumaste el sesgo antes de multiplicar",
        "b es de ancho D, como los tokens: se suma al resultado, no a los rasgos.",
        lambda features, weight, bias: (features + bias) @ weight,
    ),
    Misconception(
        "Un sesgo por token",
        "b tiene un número por coordenada, D, y es el mismo para todos los tokens: `+ bias`, sin agregarle un eje.",
        _bias_by_token,
    ),
    Misconception(
        "Promediaste los rasgos",
        "Cada rasgo da su propio token: se pide (B, N, D).",
        _tokens_averaged,
    ),
    Misconception(
        "El mismo token para toda la imagen",
        "Cada token sale de su rasgo, y no del promedio de todos.",
        _average_for_all,
    ),
    Misconception(
        "Juntaste los rasgos en un vector",
        "W se aplica a cada rasgo por separado: el ancho que lee es C, no N·C.",
        _flattened,
    ),
    Misconception(
        "Juntaste las imágenes del lote",
        "El primer eje se conserva: (B, N, D).",
        lambda *args: reference(*args).flatten(0, 1),
    ),
    Misconception(
        "Solo la primera imagen",
        "El lote tiene B imágenes, y el resultado también.",
        lambda features, weight, bias: reference(features[:1], weight, bias),
    ),
    _with_nonlinearity(
        "Una ReLU de más",
        "La capa de la clase es lineal: después de Z W + b no viene ninguna función.",
        torch.nn.ReLU(),
    ),
    _with_nonlinearity(
        "Una GELU de más",
        "LLaVA-1.5 pone una GELU entre dos capas. Aquí hay una sola capa, y es lineal.",
        torch.nn.GELU(),
    ),
    _with_nonlinearity(
        "Una tangente hiperbólica de más",
        "La capa de la clase es lineal: después de Z W + b no viene ninguna función.",
        torch.nn.Tanh(),
    ),
    Misconception(
        "Una softmax de más",
        "Un token visual es un vector cualquiera, como los de entrada del texto; no es una distribución.",
        lambda *args: reference(*args).softmax(dim=-1),
    ),
    Misconception(
        "Normalizaste",
        "La capa de la clase es Z W + b y nada más.",
        lambda *args: F.layer_norm(reference(*args), args[2].shape),
    ),
)

EXERCISE = Exercise(
    key="project",
    chapter="07_multimodalidad",
    title="De los rasgos a los tokens visuales",
    objective="Llevar cada rasgo de la imagen al espacio de los vectores de entrada del texto.",
    difficulty=1,
    minutes=10,
    section="De los rasgos a los tokens visuales",
    hints=(
        "¿Qué forma tiene un solo rasgo? ¿Y su token? ¿Qué producto lleva de una a la otra?",
        "`@` multiplica los dos últimos ejes, (N, C) por (C, D), y repite la cuenta en cada imagen. El sesgo, (D,), se "
        "suma después y PyTorch lo repite en todos los tokens.",
    ),
    cases=cases,
    reference=reference,
    idea="Z W + b, con la misma W y el mismo b para cada rasgo de cada imagen.",
    properties=(
        Property(
            "Con los rasgos en cero queda el sesgo",
            "0 W + b es b, en todos los tokens.",
            zero_leaves_the_bias,
        ),
        Property(
            "Cada token sale de su rasgo",
            "La capa trata cada celda por separado, con la misma matriz.",
            each_from_its_own,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
