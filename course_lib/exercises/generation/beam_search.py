"""Ejercicio: búsqueda en haz (beam search) completa, sin token de fin."""

from itertools import product

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.generation.toy_model import ToyModel


def _search(next_log_probs, prompt, num_beams, steps, *, rank=lambda total, last: total):
    """Búsqueda en haz, con listas; `rank` ordena las candidatas."""
    beams = [([], 0.0)]
    for _ in range(steps):
        candidates = []
        for tokens, total in beams:
            log_probs = next_log_probs([*prompt, *tokens]).tolist()
            candidates += [
                (rank(total + last, last), [*tokens, token], total + last)
                for token, last in enumerate(log_probs)
            ]
        candidates.sort(key=lambda candidate: -candidate[0])
        beams = [(tokens, total) for _, tokens, total in candidates[:num_beams]]
    return beams


def reference(next_log_probs, input_ids, num_beams, max_new_tokens):
    """(tokens nuevos, suma de log-probabilidades) de la mejor hipótesis encontrada."""
    return _search(next_log_probs, input_ids, num_beams, max_new_tokens)[0]


def cases(generator):
    """El modelo en que lo voraz se equivoca, un solo haz, búsqueda exhaustiva y casos al azar."""
    fixed = [(HIDDEN, [0], 1, 2), (HIDDEN, [0], 2, 2)]
    random = []
    for vocab_size, prompt_length, num_beams, steps in [
        (2, 1, 1, 3), (3, 2, 9, 3), (3, 1, 2, 3), (4, 2, 3, 4), (5, 3, 2, 5),
    ]:  # fmt: skip
        model = ToyModel.random(generator, vocab_size).log_probs()
        prompt = torch.randint(vocab_size, (prompt_length,), generator=generator).tolist()
        random.append((model, prompt, num_beams, steps))
    return fixed + random


class _HiddenModel:
    """El token 1 es menos probable, pero detrás de él hay uno casi seguro."""

    def __call__(self, input_ids):
        rows = {0: [0.6, 0.4], 1: [0.95, 0.05]}
        first = len(input_ids) == 1
        row = rows[0] if first else ([0.5, 0.5] if input_ids[-1] == 0 else rows[1])
        return torch.tensor(row).log()

    def __repr__(self):
        return "modelo de 2 tokens en que lo mejor se esconde tras el menos probable"


HIDDEN = _HiddenModel()


def score_adds_up(output, next_log_probs, input_ids, num_beams, max_new_tokens):
    """La suma devuelta es la de los tokens devueltos."""
    tokens, total = output
    if len(tokens) != max_new_tokens:
        return f"Devolviste {len(tokens)} tokens nuevos y se pedían {max_new_tokens}."
    if not all(0 <= token < len(next_log_probs(input_ids)) for token in tokens):
        return "Devolviste un token que no existe en el vocabulario."
    right = _chain(next_log_probs, input_ids, tokens)
    if abs(total - right) < 1e-3:
        return None
    return f"Los tokens {tokens} suman {right:.3g} y devolviste {total:.3g}."


def one_beam_is_greedy(output, next_log_probs, input_ids, num_beams, max_new_tokens):
    """Con un haz, la búsqueda en haz es la voraz."""
    if num_beams != 1:
        return None
    tokens = []
    for _ in range(max_new_tokens):
        tokens.append(int(next_log_probs([*input_ids, *tokens]).argmax()))
    if output[0] == tokens:
        return None
    return f"Con un solo haz debe salir lo mismo que con búsqueda voraz, {tokens}."


def wide_is_exhaustive(output, next_log_probs, input_ids, num_beams, max_new_tokens):
    """Con suficientes haces, encuentra la mejor de todas las secuencias."""
    vocab_size = len(next_log_probs(input_ids))
    if num_beams < vocab_size ** (max_new_tokens - 1):
        return None
    every = product(range(vocab_size), repeat=max_new_tokens)
    best = max(_chain(next_log_probs, input_ids, tokens) for tokens in every)
    if output[1] >= best - 1e-3:
        return None
    return (
        f"Con {num_beams} haces no se pierde ninguna secuencia, y hay una de puntaje {best:.3g}, "
        f"mejor que {output[1]:.3g}."
    )


def _chain(next_log_probs, prompt, tokens):
    return sum(
        next_log_probs([*prompt, *tokens[:i]])[token].item() for i, token in enumerate(tokens)
    )


def _greedy(next_log_probs, input_ids, num_beams, max_new_tokens):
    return _search(next_log_probs, input_ids, 1, max_new_tokens)[0]


def _last_only(next_log_probs, input_ids, num_beams, max_new_tokens):
    return _search(
        next_log_probs, input_ids, num_beams, max_new_tokens, rank=lambda total, last: last
    )[0]


def _returns_worst(*args):
    return _search(*args)[-1]


def _with_prompt(next_log_probs, input_ids, num_beams, max_new_tokens):
    tokens, total = reference(next_log_probs, input_ids, num_beams, max_new_tokens)
    return [*input_ids, *tokens], total


def _frozen(next_log_probs, input_ids, num_beams, max_new_tokens):
    return reference(lambda ids: next_log_probs(input_ids), input_ids, num_beams, max_new_tokens)


def _only_new(next_log_probs, input_ids, num_beams, max_new_tokens):
    def without_prompt(ids):
        new = ids[len(input_ids) :]
        return next_log_probs(new if new else input_ids)

    return reference(without_prompt, input_ids, num_beams, max_new_tokens)


MISCONCEPTIONS = (
    Misconception(
        "Esto es búsqueda voraz",
        "Solo sobrevive una hipótesis por paso. Guarda `num_beams` hipótesis, extiéndelas todas y "
        "quédate con las `num_beams` mejores.",
        _greedy,
    ),
    Misconception(
        "Ordenas por el último token",
        "Las candidatas compiten por su suma acumulada, no por la log-probabilidad del último "
        "token.",
        _last_only,
    ),
    Misconception(
        "Devolviste el último haz",
        "La mejor hipótesis es la de mayor suma: si ordenas de mejor a peor, la primera.",
        _returns_worst,
    ),
    Misconception(
        "Devolviste también el texto de entrada",
        "Se piden solo los tokens nuevos, sin los de `input_ids`.",
        _with_prompt,
    ),
    Misconception(
        "El contexto no crece",
        "Preguntas siempre por la misma entrada. Cada hipótesis tiene su propio contexto: la "
        "entrada y sus tokens.",
        _frozen,
    ),
    Misconception(
        "Olvidaste la entrada en el contexto",
        "Al modelo le llegan solo los tokens nuevos. El contexto de una hipótesis es "
        "`input_ids` más sus tokens.",
        _only_new,
    ),
)

EXERCISE = Exercise(
    key="beam_search",
    chapter="08_generacion",
    title="Búsqueda en haz completa",
    objective="Mantener K hipótesis paso a paso y devolver la mejor.",
    difficulty=3,
    minutes=60,
    section="Búsqueda en haz",
    hints=(
        "Representa cada hipótesis como un par (tokens, suma) y parte con una sola: ([], 0.0). En "
        "cada paso, ¿cuántas candidatas salen de cada hipótesis y cuántas sobreviven en total?",
        "En cada paso crea una lista con `(tokens + [token], total + logprob)` para cada hipótesis "
        "y cada token; ordénala por la suma, de mayor a menor, y quédate con las primeras "
        "`num_beams`. Al final devuelve la primera.",
    ),
    cases=cases,
    reference=reference,
    idea=(
        "Se mantienen las `num_beams` hipótesis de mayor suma de log-probabilidades; al final se "
        "devuelve la mejor."
    ),
    properties=(
        Property(
            "La suma es la de los tokens devueltos",
            "La log-probabilidad de la hipótesis es la suma de las de sus tokens, cada una dado "
            "todo lo anterior.",
            score_adds_up,
        ),
        Property(
            "Con un haz es búsqueda voraz",
            "Si solo sobrevive una hipótesis, en cada paso gana el token más probable.",
            one_beam_is_greedy,
        ),
        Property(
            "Con muchos haces es exhaustiva",
            "Si hay lugar para todas las hipótesis, ninguna se poda y se encuentra la mejor.",
            wide_is_exhaustive,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
