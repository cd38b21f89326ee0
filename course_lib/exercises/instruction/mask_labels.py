"""Ejercicio: las etiquetas de un lote."""

from __future__ import annotations

import torch

from ..core.draws import choose, integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Rows = list[list[int]]
Lengths = list[int]
Batch = tuple[torch.Tensor, torch.Tensor]

MASKED = -100
BOS, EOS, SEPARATOR, UNKNOWN = 1, 2, 4, 0


def _pad(rows: Rows, fill: int, *, left: bool = False) -> torch.Tensor:
    width = max(map(len, rows))
    blanks = [[fill] * (width - len(row)) for row in rows]
    pairs = zip(rows, blanks, strict=True)
    return torch.tensor([blank + row if left else row + blank for row, blank in pairs])


def _masked(rows: Rows, lengths: Lengths, hidden: int = MASKED) -> Rows:
    """Cada fila con su prompt escondido."""
    pairs = zip(rows, lengths, strict=True)
    return [[hidden] * min(max(n, 0), len(row)) + row[max(n, 0) :] for row, n in pairs]


def reference(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    """Los ids con relleno a la derecha, y las etiquetas de la respuesta y su cierre."""
    return _pad(rows, pad_id), _pad(_masked(rows, prompt_lengths), MASKED)


def cases(generator: torch.Generator) -> list[tuple[Rows, Lengths, int]]:
    """Con relleno y sin él, prompts de ninguno a todos, y un relleno que también cierra o está adentro."""
    fixed: list[tuple[Rows, Lengths, int]] = [
        ([[1, 5, 2]], [1], 2),
        ([[1, 5, 2]], [2], 9),
        ([[5, 6]], [0], 0),
        ([[1, 5, 2], [1, 2]], [1, 1], 2),
        ([[1, 5], [1, 7, 8, 2]], [2, 2], 0),
        ([[1, 5, 6, 2], [1, 7, 2]], [2, 1], 2),
        ([[3, 4, 5, 6], [3, 4]], [3, 0], 4),
    ]
    return fixed + [_drawn(generator, *size) for size in [(2, 5), (3, 6), (4, 7), (5, 9)]]


def _drawn(generator: torch.Generator, items: int, longest: int) -> tuple[Rows, Lengths, int]:
    """Filas de distinto largo, cerradas por EOS, cuyos prompts traen a veces el id de relleno."""
    rows, lengths = [], []
    for place in range(items):
        size = longest if place == items // 2 else integer(generator, 2, longest - 1)
        middle = torch.randint(3, 30, (size - 2,), generator=generator).tolist()
        if len(middle) > 1:
            middle[0] = choose(generator, (SEPARATOR, UNKNOWN, EOS))
        rows.append([BOS, *middle, EOS])
        lengths.append(integer(generator, 0 if place else 1, size - (place == 0)))
    return rows, lengths, choose(generator, (EOS, EOS, SEPARATOR, UNKNOWN))


def ids_are_the_rows(batch: Batch, rows: Rows, prompt_lengths: Lengths, pad_id: int) -> str | None:
    """Los ids son las filas, con relleno a la derecha."""
    for number, (found, row) in enumerate(zip(batch[0].tolist(), rows, strict=True)):
        if found[: len(row)] != row:
            return f"La fila {number} de los ids empieza con {found[: len(row)]} y debía empezar con {row}."
        if any(token != pad_id for token in found[len(row) :]):
            return (
                f"La fila {number} de los ids termina en {found[len(row) :]}: ahí va solo {pad_id}."
            )
    return None


def prompt_and_padding_are_hidden(
    batch: Batch, rows: Rows, prompt_lengths: Lengths, pad_id: int
) -> str | None:
    """Ni el prompt ni el relleno se entrenan."""
    triples = zip(batch[1].tolist(), rows, prompt_lengths, strict=True)
    for number, (labels, row, length) in enumerate(triples):
        for name, part in (("el prompt", labels[:length]), ("el relleno", labels[len(row) :])):
            if any(label != MASKED for label in part):
                return f"En la fila {number}, {name} tiene las etiquetas {part}."
    return None


def the_answer_is_trained(
    batch: Batch, rows: Rows, prompt_lengths: Lengths, pad_id: int
) -> str | None:
    """La respuesta entera, con su cierre, se entrena."""
    triples = zip(batch[1].tolist(), rows, prompt_lengths, strict=True)
    for number, (labels, row, length) in enumerate(triples):
        found, wanted = labels[length : len(row)], row[length:]
        if found != wanted:
            return f"En la fila {number} la respuesta es {wanted} y sus etiquetas son {found}."
    return None


def _by_id(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    ids, labels = reference(rows, prompt_lengths, pad_id)
    return ids, labels.masked_fill(ids == pad_id, MASKED)


def _trained_padding(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return _pad(rows, pad_id), _pad(_masked(rows, prompt_lengths), pad_id)


def _trained_prompt(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return _pad(rows, pad_id), _pad(rows, MASKED)


def _nothing_hidden(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return _pad(rows, pad_id), _pad(rows, pad_id)


def _inverted(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    pairs = zip(rows, prompt_lengths, strict=True)
    return _pad(rows, pad_id), _pad(
        [row[:n] for row, n in pairs] + [[0] * max(map(len, rows))], MASKED
    )[:-1]


def _moved_prompt(step: int, rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return reference(rows, [n + step for n in prompt_lengths], pad_id)


def _shifted(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    ids, labels = reference(rows, prompt_lengths, pad_id)
    end = torch.full((len(rows), 1), MASKED)
    return ids, torch.cat([labels[:, 1:], end], dim=1)


def _padded_left(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    labels = _pad(_masked(rows, prompt_lengths), MASKED, left=True)
    return _pad(rows, pad_id, left=True), labels


def _hidden_with(hidden: int, rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return _pad(rows, pad_id), _pad(_masked(rows, prompt_lengths, hidden), hidden)


def _hidden_with_pad(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return _hidden_with(pad_id, rows, prompt_lengths, pad_id)


def _same_prompt(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return reference(rows, [prompt_lengths[0]] * len(rows), pad_id)


def _longest_prompt(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    return reference(rows, [max(prompt_lengths)] * len(rows), pad_id)


def _without_the_closing(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    hidden = [[*labels[:-1], MASKED] for labels in _masked(rows, prompt_lengths)]
    return _pad(rows, pad_id), _pad(hidden, MASKED)


def _same_memory(rows: Rows, prompt_lengths: Lengths, pad_id: int) -> Batch:
    labels = reference(rows, prompt_lengths, pad_id)[1]
    return labels, labels


MISCONCEPTIONS = (
    Misconception(
        "El relleno no se reconoce por su id",
        "Si el id de relleno es también el que cierra la respuesta, enmascarar por id borra el cierre y "
        "el modelo no aprende a detenerse. El relleno es lo que está después del final de cada fila.",
        _by_id,
    ),
    Misconception(
        "Se entrena el relleno",
        "Las etiquetas también se rellenan, pero con −100: el relleno no es parte de la respuesta.",
        _trained_padding,
    ),
    Misconception(
        "Se entrena el prompt",
        "Los primeros `prompt_lengths[i]` tokens de cada fila se leen y no se aprenden: su etiqueta es −100.",
        _trained_prompt,
    ),
    Misconception(
        "No enmascaraste nada",
        "Las etiquetas son −100 en el prompt y en el relleno; solo la respuesta conserva sus ids.",
        _nothing_hidden,
    ),
    Misconception(
        "Al revés",
        "Lo que se entrena es la respuesta: −100 va en el prompt.",
        _inverted,
    ),
    Misconception(
        "Un token de prompt sin enmascarar",
        "Los primeros `prompt_lengths[i]` tokens son todos prompt: `[:n]`, no `[:n - 1]`. El desfase de "
        "uno se hace en la pérdida.",
        lambda *args: _moved_prompt(-1, *args),
    ),
    Misconception(
        "Perdiste el primer token de la respuesta",
        "La respuesta empieza en la posición `prompt_lengths[i]`, contando desde 0: `row[n:]`.",
        lambda *args: _moved_prompt(1, *args),
    ),
    Misconception(
        "Desplazaste las etiquetas",
        "Aquí van alineadas con los ids. El desfase se hace una sola vez, al calcular la pérdida: si se "
        "hace dos veces, cada posición aprende a predecir el token que está dos más allá.",
        _shifted,
    ),
    Misconception(
        "Rellenaste por la izquierda",
        "Al entrenar se rellena por la derecha: la fila va primero y el relleno después.",
        _padded_left,
    ),
    Misconception(
        "0 en lugar de −100",
        "0 es el id de un token, y se entrenaría. La entropía cruzada de PyTorch ignora el −100.",
        lambda *args: _hidden_with(0, *args),
    ),
    Misconception(
        "−1 en lugar de −100",
        "La entropía cruzada de PyTorch ignora el −100; con −1 falla.",
        lambda *args: _hidden_with(-1, *args),
    ),
    Misconception(
        "El id de relleno en lugar de −100",
        "`pad_id` es un token como los demás, y se entrenaría. Lo que la pérdida ignora es el −100.",
        _hidden_with_pad,
    ),
    Misconception(
        "El mismo prompt para todas",
        "Cada fila tiene su propio largo de prompt, `prompt_lengths[i]`.",
        _same_prompt,
    ),
    Misconception(
        "El prompt más largo para todas",
        "Cada fila tiene su propio largo de prompt, `prompt_lengths[i]`: con el mayor de todos se pierden "
        "respuestas.",
        _longest_prompt,
    ),
    Misconception(
        "Falta el token que cierra",
        "El último token de la respuesta también se entrena: sin él el modelo no aprende a detenerse.",
        _without_the_closing,
    ),
    Misconception(
        "Los ids también quedaron en −100",
        "`labels = ids` no copia: son el mismo tensor. Usa `ids.clone()`, o arma las dos por separado.",
        _same_memory,
    ),
    Misconception(
        "En el orden inverso",
        "Se devuelve (ids, etiquetas).",
        lambda *args: reference(*args)[::-1],
    ),
)

EXERCISE = Exercise(
    key="mask_labels",
    chapter="06_instrucciones",
    title="Qué se entrena",
    objective="Decidir, token por token, qué aprende a escribir el modelo y qué solo lee.",
    difficulty=2,
    minutes=20,
    section="Qué se entrena: la máscara",
    hints=(
        "Cada fila tiene tres partes: prompt, respuesta y relleno. ¿Cuánto mide cada una? ¿Qué va en los "
        "ids y qué en las etiquetas?",
        "Trabaja con listas y convierte al final: `row + [pad_id] * falta` para los ids y "
        "`[-100] * n + row[n:] + [-100] * falta` para las etiquetas, con `falta` lo que le falta a la fila "
        "para medir como la más larga.",
    ),
    cases=cases,
    reference=reference,
    idea="Ids: fila y relleno. Etiquetas: −100 en el prompt, los ids de la respuesta, y −100 en el relleno.",
    properties=(
        Property(
            "Los ids son las filas y su relleno",
            "El modelo lee todo, también lo que no se entrena; el relleno va a la derecha.",
            ids_are_the_rows,
        ),
        Property(
            "Ni el prompt ni el relleno se entrenan",
            "Su etiqueta es −100, lo que la pérdida ignora.",
            prompt_and_padding_are_hidden,
        ),
        Property(
            "La respuesta se entrena entera",
            "Desde su primer token hasta el que la cierra, aunque su id sea también el de relleno.",
            the_answer_is_trained,
        ),
    ),
    outputs=("ids", "etiquetas"),
    misconceptions=MISCONCEPTIONS,
)
