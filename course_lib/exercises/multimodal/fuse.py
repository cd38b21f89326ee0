"""Ejercicio: imagen y texto en una sola secuencia."""

from __future__ import annotations

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, Tensor, Tensor, int]

# qué posiciones están marcadas: seguidas, sueltas, al comienzo, al final, tras <bos>, todas y ninguna
PLACES = ("1100", "0110", "0101", "0011", "10110", "011010", "00111010", "1111", "0000")


def reference(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    """El i-ésimo token visual en la i-ésima marca."""
    fused, pending = text_embeddings.clone(), iter(visual_tokens)
    for place, token in enumerate(input_ids.tolist()):
        if token == image_id:
            fused[place] = next(pending)
    return fused


def cases(generator: torch.Generator) -> list[Case]:
    """Una sola marca, el id 0 como marca, y marcas en todas partes."""
    text = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    fixed = [
        (text, torch.tensor([7, 9]), torch.tensor([[50.0, 60.0]]), 9),
        (text, torch.tensor([0, 7]), torch.tensor([[50.0, 60.0]]), 0),
        (text, torch.tensor([7, 5]), torch.zeros(0, 2), 9),
    ]
    return fixed + [_drawn(generator, places) for places in PLACES]


def _drawn(generator: torch.Generator, places: str) -> Case:
    width, image_id = integer(generator, 2, 4), integer(generator, 0, 30)
    words = torch.randint(31, 60, (len(places),), generator=generator)
    marked = torch.tensor([mark == "1" for mark in places])
    text = torch.randn(len(places), width, generator=generator)
    visual = torch.randn(int(marked.sum()), width, generator=generator)
    return text, words.masked_fill(marked, image_id), visual, image_id


def text_stays(
    fused: Tensor, text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> str | None:
    """Lo que no está marcado queda como estaba."""
    for place, token in enumerate(input_ids.tolist()):
        if token != image_id and not torch.equal(fused[place], text_embeddings[place]):
            return (
                f"La posición {place} tiene el id {token}, que no es la marca, y su vector cambió."
            )
    return None


def image_in_order(
    fused: Tensor, text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> str | None:
    """En la i-ésima marca está el i-ésimo token visual."""
    places = [place for place, token in enumerate(input_ids.tolist()) if token == image_id]
    for number, (place, token) in enumerate(zip(places, visual_tokens, strict=True)):
        if not torch.allclose(fused[place], token, atol=1e-5):
            return f"La marca de la posición {place} debía llevar el token visual {number}, contando desde 0."
    return None


def _inserted(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return torch.cat([visual_tokens, text_embeddings])


def _inserted_after(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return torch.cat([text_embeddings, visual_tokens])


def _image_first(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return torch.cat([visual_tokens, text_embeddings[input_ids != image_id]])


def _image_second(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    """La imagen siempre después de <bos>."""
    text = text_embeddings[input_ids != image_id]
    return torch.cat([text[:1], visual_tokens, text[1:]])


def _over_the_start(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return torch.cat([visual_tokens, text_embeddings[len(visual_tokens) :]])


def _from_the_first_mark(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    fused = text_embeddings.clone()
    start = int((input_ids == image_id).int().argmax())
    fused[start : start + len(visual_tokens)] = visual_tokens[: len(fused) - start]
    return fused


def _only_the_first(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    fused = text_embeddings.clone()
    fused[input_ids.tolist().index(image_id)] = visual_tokens[0]
    return fused


def _by_position(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    fused = text_embeddings.clone()
    for place in (input_ids == image_id).nonzero()[:, 0].tolist():
        fused[place] = visual_tokens[place]
    return fused


def _reversed(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return reference(text_embeddings, input_ids, visual_tokens.flip(0), image_id)


def _same_in_all(
    place: int, text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    chosen = visual_tokens[place].expand_as(visual_tokens) if len(visual_tokens) else visual_tokens
    return reference(text_embeddings, input_ids, chosen, image_id)


def _average_in_all(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    average = visual_tokens.mean(dim=0, keepdim=True).expand_as(visual_tokens)
    return reference(text_embeddings, input_ids, average, image_id)


def _added(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    marked = text_embeddings[input_ids == image_id]
    return reference(text_embeddings, input_ids, visual_tokens + marked, image_id)


def _text_erased(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    return reference(torch.zeros_like(text_embeddings), input_ids, visual_tokens, image_id)


def _reversed_mask(
    text_embeddings: Tensor, input_ids: Tensor, visual_tokens: Tensor, image_id: int
) -> Tensor:
    fused = text_embeddings.clone()
    fused[input_ids != image_id] = visual_tokens
    return fused


MISCONCEPTIONS = (
    Misconception(
        "Insertaste en lugar de reemplazar",
        "Las marcas ya guardan el lugar de la imagen: la secuencia conserva su largo, T.",
        _inserted,
    ),
    Misconception(
        "Agregaste la imagen al final",
        "Los tokens visuales reemplazan a las marcas, estén donde estén; el largo no cambia.",
        _inserted_after,
    ),
    Misconception(
        "Pusiste la imagen al comienzo",
        "Cada token visual va donde está su marca. Moverlos cambia de posición también al texto.",
        _image_first,
    ),
    Misconception(
        "Pusiste la imagen siempre después de la primera posición",
        "Así es si las marcas siguen a `<bos>`, pero pueden estar en cualquier lugar y no siempre seguidas.",
        _image_second,
    ),
    Misconception(
        "Tapaste el comienzo del texto",
        "Escribiste los tokens visuales en las primeras N posiciones: van donde `input_ids` es `image_id`.",
        _over_the_start,
    ),
    Misconception(
        "Las marcas no siempre están seguidas",
        "Desde la primera marca escribiste N vectores de corrido, y tapaste texto. Cada token visual va en su marca.",
        _from_the_first_mark,
    ),
    Misconception(
        "Reemplazaste solo la primera marca",
        "Hay N marcas, o ninguna: el token visual i va en la marca i.",
        _only_the_first,
    ),
    Misconception(
        "Confundiste la posición con el número de la marca",
        "La primera marca lleva el token visual 0, aunque esté en la posición 5: cuenta las marcas.",
        _by_position,
    ),
    Misconception(
        "En orden inverso",
        "La primera marca lleva el primer token visual. `pop()` saca el último de una lista.",
        _reversed,
    ),
    Misconception(
        "El primer token visual en todas las marcas",
        "La marca i lleva el token visual i.",
        lambda *args: _same_in_all(0, *args),
    ),
    Misconception(
        "El último token visual en todas las marcas",
        "Cada vuelta escribe en todas las marcas y borra la anterior: la marca i lleva el token visual i.",
        lambda *args: _same_in_all(-1, *args),
    ),
    Misconception(
        "El promedio en todas las marcas",
        "Cada marca lleva su propio token visual.",
        _average_in_all,
    ),
    Misconception(
        "Sumaste en lugar de reemplazar",
        "El vector de la marca solo guarda el lugar, y no queda nada de él.",
        _added,
    ),
    Misconception(
        "Perdiste el texto",
        "Las posiciones sin marca conservan su vector: parte de una copia de `text_embeddings`.",
        _text_erased,
    ),
    Misconception(
        "La máscara al revés",
        "Se reemplazan las posiciones en que `input_ids` **es** `image_id`.",
        _reversed_mask,
    ),
    Misconception(
        "No reemplazaste nada",
        "Falta escribir los tokens visuales en las marcas.",
        lambda text_embeddings, input_ids, visual_tokens, image_id: text_embeddings.clone(),
    ),
)

EXERCISE = Exercise(
    key="fuse",
    chapter="07_multimodalidad",
    title="Imagen y texto en una sola secuencia",
    objective="Poner cada token visual en su lugar de la secuencia que leerá el modelo de lenguaje.",
    difficulty=1,
    minutes=15,
    section="Imagen y texto en una sola secuencia",
    hints=(
        "¿Qué posiciones cambian? ¿Qué obtienes con `input_ids == image_id`? ¿Y si escribes sobre lo que recibiste?",
        "Trabaja sobre `text_embeddings.clone()`. Una máscara lógica sirve de índice: `copia[mascara] = valores` "
        "recorre las posiciones en que es verdadera, en orden, y toma los valores también en orden.",
    ),
    cases=cases,
    reference=reference,
    idea="Una copia de los vectores del texto, con el i-ésimo token visual en la i-ésima marca.",
    properties=(
        Property(
            "El texto queda como estaba",
            "Solo se reemplazan las posiciones marcadas.",
            text_stays,
        ),
        Property(
            "La imagen va en orden",
            "La primera marca lleva el primer token visual; la segunda, el segundo; y así.",
            image_in_order,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
