"""Ejercicio: un paso de la búsqueda en haz (beam search)."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(log_probs, beam_scores):
    """Las K mejores extensiones entre las K·V: (puntajes, haz de origen, token), de mejor a peor."""
    total = beam_scores[:, None] + log_probs  # (K, V)
    scores, flat = total.flatten().topk(len(beam_scores))
    width = log_probs.shape[1]
    return scores, flat // width, flat % width


def cases(generator):
    """Dos haces y dos tokens, un haz que se lo lleva todo, el primer paso, y casos al azar."""
    fixed = [
        (torch.tensor([[0.3, 0.7]]).log(), torch.tensor([-1.0])),
        (torch.tensor([[0.6, 0.4], [0.9, 0.1]]).log(), torch.tensor([-0.1, -2.0])),
        (torch.tensor([[0.5, 0.3, 0.2]] * 3).log(), torch.tensor([0.0, -1e9, -1e9])),
    ]
    random = []
    for beams, width in [(1, 3), (2, 3), (2, 5), (3, 4), (4, 7)]:
        logits = 2 * torch.randn(beams, width, generator=generator)
        scores = -2 * torch.rand(beams, generator=generator)
        random.append((torch.log_softmax(logits, dim=-1), scores))
    return fixed + random


def scores_add_up(output, log_probs, beam_scores):
    """Cada puntaje es el del haz de origen más la log-probabilidad del token."""
    scores, beams, tokens = output
    beams_exist = beams.min() >= 0 and beams.max() < len(beam_scores)
    if not beams_exist or tokens.min() < 0 or tokens.max() >= log_probs.shape[1]:
        return "Hay un haz o un token que no existe: ¿intercambiaste `//` y `%`?"
    right = beam_scores[beams] + log_probs[beams, tokens]
    wrong = (scores - right).abs() > 1e-4 * (1 + right.abs())
    if not wrong.any():
        return None
    i = int(wrong.nonzero()[0])
    return (
        f"La extensión {i} (haz {int(beams[i])}, token {int(tokens[i])}) tiene puntaje "
        f"{scores[i]:.3g}; haz más token dan {right[i]:.3g}."
    )


def best_first(output, log_probs, beam_scores):
    """De mejor a peor."""
    scores = output[0]
    if (scores[1:] > scores[:-1]).any():
        return "Los puntajes no van de mayor a menor."
    return None


def nothing_better_left_out(output, log_probs, beam_scores):
    """Entre las K·V extensiones no queda fuera ninguna mejor, ni se repite una."""
    _, beams, tokens = output
    chosen = list(zip(beams.tolist(), tokens.tolist(), strict=True))
    if len(set(chosen)) < len(chosen):
        return "Una misma extensión (haz, token) aparece dos veces."
    total = beam_scores[:, None] + log_probs
    mask = torch.zeros_like(total, dtype=torch.bool)
    for beam, token in chosen:
        if not (0 <= beam < total.shape[0] and 0 <= token < total.shape[1]):
            return None
        mask[beam, token] = True
    if mask.all() or total[~mask].max() <= total[mask].min() + 1e-5:
        return None
    beam, token = (total == total[~mask].max()).nonzero()[0].tolist()
    return (
        f"Quedó fuera la extensión (haz {beam}, token {token}), de puntaje "
        f"{total[beam, token]:.3g}, mejor que una elegida."
    )


def _one_per_beam(log_probs, beam_scores):
    best = log_probs.max(dim=-1)
    scores, beams = (beam_scores + best.values).sort(descending=True)
    return scores, beams, best.indices[beams]


def _with(change):
    """Variante que puntúa las extensiones con `change(log_probs, beam_scores)`."""

    def wrong(log_probs, beam_scores):
        scores, flat = change(log_probs, beam_scores).flatten().topk(len(beam_scores))
        return scores, flat // log_probs.shape[1], flat % log_probs.shape[1]

    return wrong


def _unsorted(log_probs, beam_scores):
    scores, beams, tokens = reference(log_probs, beam_scores)
    order = (beams * log_probs.shape[1] + tokens).argsort()
    return scores[order], beams[order], tokens[order]


def _divided_by_beams(log_probs, beam_scores):
    total = beam_scores[:, None] + log_probs
    scores, flat = total.flatten().topk(len(beam_scores))
    return scores, flat // len(beam_scores), flat % len(beam_scores)


def _swapped(log_probs, beam_scores):
    scores, beams, tokens = reference(log_probs, beam_scores)
    return scores, tokens, beams


def _worst(log_probs, beam_scores):
    total = (beam_scores[:, None] + log_probs).flatten()
    scores, flat = total.topk(len(beam_scores), largest=False)
    return scores, flat // log_probs.shape[1], flat % log_probs.shape[1]


MISCONCEPTIONS = (
    Misconception(
        "Cada haz eligió por su cuenta",
        "Tomaste la mejor extensión de cada haz. En la búsqueda en haz compiten todas las K·V "
        "extensiones: un haz puede dejar varias y otro, ninguna.",
        _one_per_beam,
    ),
    Misconception(
        "Olvidaste lo acumulado",
        "Comparas solo la log-probabilidad del último token. Suma a cada fila el puntaje de su "
        "haz: `beam_scores[:, None] + log_probs`.",
        _with(lambda log_probs, beam_scores: log_probs),
    ),
    Misconception(
        "Multiplicaste logaritmos",
        "Las probabilidades se multiplican; sus logaritmos se suman.",
        _with(lambda log_probs, beam_scores: log_probs * beam_scores[:, None]),
    ),
    Misconception(
        "Mezclaste probabilidades y logaritmos",
        "Aplicaste la exponencial a `log_probs` antes de sumar. Quédate en logaritmos.",
        _with(lambda log_probs, beam_scores: log_probs.exp() + beam_scores[:, None]),
    ),
    Misconception(
        "Dividiste por K y no por V",
        "En la lista aplanada cada haz ocupa V lugares: el haz es `flat // V` y el token, "
        "`flat % V`, con V = `log_probs.shape[1]`.",
        _divided_by_beams,
    ),
    Misconception(
        "Intercambiaste haz y token",
        "El cociente `flat // V` es el haz de origen y el resto `flat % V`, el token.",
        _swapped,
    ),
    Misconception(
        "Elegiste las peores",
        "Los puntajes son negativos y los mejores son los mayores.",
        _worst,
    ),
    Misconception(
        "Falta ordenar",
        "Elegiste bien las K extensiones, pero van de mejor a peor.",
        _unsorted,
    ),
)

EXERCISE = Exercise(
    key="beam_step",
    chapter="08_generacion",
    title="Un paso de la búsqueda en haz",
    objective="Hacer competir todas las extensiones de todos los haces y quedarse con K.",
    difficulty=2,
    minutes=30,
    section="Búsqueda en haz",
    hints=(
        "Cada haz puede extenderse con cualquiera de los V tokens: hay K·V candidatas y compiten "
        "todas juntas. ¿Cuál es el puntaje de una candidata?",
        "Suma `beam_scores[:, None] + log_probs`, aplana y usa `topk(K)`. De cada índice aplanado, "
        "`// V` da el haz de origen y `% V`, el token.",
    ),
    cases=cases,
    reference=reference,
    idea=(
        "puntaje(haz, token) = puntaje del haz + log-probabilidad del token; se eligen los K "
        "mayores entre los K·V."
    ),
    properties=(
        Property(
            "Cada puntaje es haz más token",
            "La probabilidad de una secuencia es un producto; su logaritmo, una suma.",
            scores_add_up,
        ),
        Property(
            "No queda fuera ninguna mejor",
            "Compiten todas las extensiones de todos los haces, sin cupos por haz.",
            nothing_better_left_out,
        ),
        Property("Van de mejor a peor", "La primera debe ser la de mayor puntaje.", best_first),
    ),
    misconceptions=MISCONCEPTIONS,
)
