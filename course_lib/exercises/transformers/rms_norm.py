"""Ejercicio: RMSNorm."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _mean_square(x):
    return x.pow(2).mean(dim=-1, keepdim=True)


def reference(x, weight, eps):
    """weight · x / sqrt(media(x²) + eps), token por token."""
    return weight * x / (_mean_square(x) + eps).sqrt()


def cases(generator):
    """Ganancias distintas, eps grandes y pequeños, y un token que es diez veces otro."""
    fixed = [
        (torch.tensor([[3.0, 4.0]]), torch.ones(2), 0.0),
        (torch.tensor([[0.1, 0.2]]), torch.tensor([1.0, 2.0]), 0.5),
        (torch.tensor([[1.0, 2.0], [10.0, 20.0]]), torch.ones(2), 0.0),
    ]
    random = []
    for tokens, width, eps in [(2, 3, 1e-5), (3, 3, 0.1), (4, 5, 1e-5), (2, 6, 0.3)]:
        x = 1 + torch.randn(tokens, width, generator=generator)
        random.append((x, 0.5 + torch.rand(width, generator=generator), eps))
    return fixed + random


def size_becomes_one(out, x, weight, eps):
    """Sin la ganancia, la media de los cuadrados de cada token es 1 (si eps es despreciable)."""
    if eps > 1e-4:
        return None
    sizes = _mean_square(out / weight).squeeze(-1)
    worst = int((sizes - 1).abs().argmax())
    if abs(sizes[worst] - 1) < 1e-2:
        return None
    return f"Sin la ganancia, la media de los cuadrados del token {worst} es {sizes[worst]:.3g}."


def direction_is_kept(out, x, weight, eps):
    """Cada token conserva su dirección: out / weight es x por un número positivo."""
    cosine = torch.cosine_similarity(out / weight, x, dim=-1)
    worst = int(cosine.argmin())
    if cosine[worst] > 1 - 1e-4:
        return None
    return f"El token {worst} cambió de dirección: no es el mismo vector en otra escala."


def scale_is_forgotten(out, x, weight, eps):
    """Dos tokens que solo difieren en la escala quedan iguales."""
    if eps or len(x) == 1 or (out[0] - out[1]).abs().max() < 1e-4:
        return None
    return "El segundo token es diez veces el primero y su resultado salió distinto."


def _centered(x):
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
        "`scale = (x.pow(2).mean(dim=-1, keepdim=True) + eps).sqrt()` tiene forma (T, 1). Después, "
        "divide x por `scale` y multiplica por `weight`.",
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
    ),
    misconceptions=MISCONCEPTIONS,
)
