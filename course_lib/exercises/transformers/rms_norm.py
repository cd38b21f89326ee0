"""Ejercicio: RMSNorm."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def _mean_square(x: torch.Tensor) -> torch.Tensor:
    return x.pow(2).mean(dim=-1, keepdim=True)


def reference(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    """weight · x / sqrt(media(x²) + eps), token por token."""
    return weight * x / (_mean_square(x) + eps).sqrt()


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor, float]]:
    """Ganancias de los dos signos, eps grandes y pequeños, tokens nulos, minúsculos y enormes."""
    fixed = [
        (torch.tensor([[3.0, 4.0]]), torch.ones(2), 0.0),
        (torch.tensor([[-2.0]]), torch.tensor([1.5]), 0.25),
        (torch.tensor([[0.1, 0.2]]), torch.tensor([1.0, 2.0]), 0.5),
        (torch.tensor([[1.0, 2.0], [10.0, 20.0]]), torch.ones(2), 0.0),
        (torch.tensor([[3.0, -1.0], [0.0, 0.0]]), torch.tensor([-0.5, 2.0]), 1e-6),
        (torch.tensor([[4e-4, -3e-4, 0.0], [4e4, 0.0, 3e4]]), torch.tensor([1.0, 2.0, 0.5]), 1e-5),
    ]
    random = []
    for tokens, width, eps in [(2, 3, 1e-5), (3, 3, 0.1), (4, 5, 1e-5), (2, 6, 0.3), (5, 2, 1e-6)]:
        x = 1 + torch.randn(tokens, width, generator=generator)
        weight = 0.5 + torch.rand(width, generator=generator)
        sign = torch.randint(2, (width,), generator=generator) * 2 - 1
        random.append((x, weight * sign, eps))
    return fixed + random


def size_becomes_one(
    out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, eps: float
) -> str | None:
    """Sin la ganancia, la media de los cuadrados de cada token es 1 (si eps es despreciable)."""
    sizes = _mean_square(out / weight).squeeze(-1)
    gaps = (sizes - 1).abs().masked_fill(_mean_square(x).squeeze(-1) <= 1e3 * eps, 0.0)
    worst = int(gaps.argmax())
    if gaps[worst] < 1e-2:
        return None
    return f"Sin la ganancia, la media de los cuadrados del token {worst} es {sizes[worst]:.3g}."


def direction_is_kept(
    out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, eps: float
) -> str | None:
    """Cada token conserva su dirección: out / weight es x por un número positivo."""
    cosine = torch.cosine_similarity(out / weight, x, dim=-1, eps=1e-20)
    cosine = cosine.masked_fill(~x.any(dim=-1), 1.0)  # el token nulo no tiene dirección
    worst = int(cosine.argmin())
    if cosine[worst] > 1 - 1e-4:
        return None
    return f"El token {worst} cambió de dirección: no es el mismo vector en otra escala."


def scale_is_forgotten(
    out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, eps: float
) -> str | None:
    """Dos tokens que solo difieren en la escala quedan iguales."""
    if eps or len(x) != 2 or not torch.equal(x[1], 10 * x[0]):
        return None
    if (out[0] - out[1]).abs().max() < 1e-4:
        return None
    return "El segundo token es diez veces el primero y su resultado salió distinto."


def divisor_is_the_root(
    out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, eps: float
) -> str | None:
    """El número que divide a cada token es la raíz de la media de los cuadrados más eps."""
    place = x.abs().argmax(dim=-1, keepdim=True)
    found = (weight * x).gather(-1, place) / out.gather(-1, place)
    right = (_mean_square(x) + eps).sqrt()
    wrong = ((found / right - 1).abs() > 1e-3) & x.any(dim=-1, keepdim=True)
    if not wrong.any():
        return None
    token = int(wrong.nonzero()[0, 0])
    return (
        f"El token {token} quedó dividido por {found[token, 0]:.3g}; con eps = {eps:g} debía ser "
        f"√(media de los cuadrados + eps) = {right[token, 0]:.3g}."
    )


def _centered(x: torch.Tensor) -> torch.Tensor:
    return x - x.mean(dim=-1, keepdim=True)


MISCONCEPTIONS = (
    Misconception(
        "Eso es LayerNorm",
        "Restaste la media. RMSNorm no centra: solo divide por la raíz de la media de los cuadrados.",
        lambda x, weight, eps: reference(_centered(x), weight, eps),
    ),
    Misconception(
        "eps fuera de la raíz",
        "eps se suma a la media de los cuadrados, dentro de la raíz. Con un eps minúsculo casi no se "
        "nota, pero entonces los números no son los del modelo.",
        lambda x, weight, eps: weight * x / (_mean_square(x).sqrt() + eps),
    ),
    Misconception(
        "Olvidaste la raíz",
        "Dividiste por la media de los cuadrados. Falta la raíz: por eso se llama *root mean square*.",
        lambda x, weight, eps: weight * x / (_mean_square(x) + eps),
    ),
    Misconception(
        "Sumaste los cuadrados",
        "Es la media de los D cuadrados, no su suma: con la suma, todo queda √D veces más chico.",
        lambda x, weight, eps: weight * x / (x.pow(2).sum(-1, keepdim=True) + eps).sqrt(),
    ),
    Misconception(
        "Una sola media para todo",
        "Promediaste la matriz completa. Cada token se normaliza por su cuenta: la media va sobre "
        "`dim=-1`, con `keepdim=True`.",
        lambda x, weight, eps: weight * x / (x.pow(2).mean() + eps).sqrt(),
    ),
    Misconception(
        "Normalizaste por columnas",
        "Promediaste cada coordenada entre los tokens. La media recorre las coordenadas de un token: "
        "`dim=-1`.",
        lambda x, weight, eps: weight * x / (x.pow(2).mean(dim=0, keepdim=True) + eps).sqrt(),
    ),
    Misconception(
        "Sin la ganancia",
        "Falta multiplicar por `weight`, una ganancia aprendida por coordenada.",
        lambda x, weight, eps: reference(x, torch.ones_like(weight), eps),
    ),
    Misconception(
        "No usaste eps",
        "Un token nulo, con todas sus coordenadas en 0, queda dividido por 0. Para eso está `eps`: se "
        "suma a la media de los cuadrados.",
        lambda x, weight, eps: reference(x, weight, 0.0),
    ),
    Misconception(
        "Falta `keepdim`",
        "La media quedó con forma (T,), y al dividir PyTorch la empareja con las columnas: casi nunca "
        "encaja, y cuando T = D encaja mal sin decir nada. Con `keepdim=True` queda (T, 1).",
        lambda x, weight, eps: weight * x / (x.pow(2).mean(dim=-1) + eps).sqrt(),
    ),
    Misconception(
        "Le sumaste 1 a la ganancia",
        "Así lo hace Gemma, que guarda la ganancia menos 1. Aquí `weight` ya es la ganancia.",
        lambda x, weight, eps: reference(x, 1 + weight, eps),
    ),
)

EXERCISE = Exercise(
    key="rms_norm",
    chapter="02_transformers",
    title="RMSNorm",
    objective="Llevar cada token a una misma escala antes de usarlo.",
    difficulty=1,
    minutes=15,
    section="El modelo completo",
    hints=(
        "¿Sobre qué eje va la media, si cada token se normaliza por su cuenta? ¿Y qué forma debe tener "
        "para poder dividir por ella?",
        "Una media por token tiene forma (T,), y no se puede dividir (T, D) por ella sin más: `keepdim=True` "
        "la deja en (T, 1). Cuida además el orden: eps se suma a la media de los cuadrados, antes de la raíz.",
    ),
    cases=cases,
    reference=reference,
    idea="weight · x / √(media(x²) + eps), con la media sobre las D coordenadas de cada token.",
    properties=(
        Property(
            "Todos los tokens a la misma escala",
            "Después de dividir por la raíz de la media de los cuadrados, esa media vale 1.",
            size_becomes_one,
        ),
        Property(
            "La dirección se conserva",
            "RMSNorm multiplica cada token por un número positivo: no lo centra ni lo gira.",
            direction_is_kept,
        ),
        Property(
            "La escala se olvida",
            "Multiplicar un token por 10 multiplica también su divisor por 10.",
            scale_is_forgotten,
        ),
        Property(
            "Divide por la raíz de la media más eps",
            "`eps` se suma a la media de los cuadrados y después se saca la raíz.",
            divisor_is_the_root,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
