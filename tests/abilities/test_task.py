"""Una tarea se revisa al crearla; sus ejemplos dependen solo de la semilla, y sus etiquetas se pueden cambiar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course_lib.abilities import Item, Task

A, B, C = Item("a", "sí"), Item("b", "no"), Item("c", "sí")


def task(items=(A,), pool=(B, C), labels=()):
    return Task("t", "Prueba", "Contesta.", items, pool, labels)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"items": ()}, "«Prueba» no tiene ítems.*Pasa al menos uno"),
        ({"items": (A, Item("A.", "no"))}, r"«A\.» está en items y otra vez en items.*Quita una"),
        ({"items": (A, B)}, "«b» está en pool y otra vez en items.*leería su respuesta"),
        ({"pool": (B, Item("¿B?", "no"))}, r"«¿B\?» está en pool y otra vez en pool"),
        ({"labels": ("sí", "tal vez")}, "«b» tiene la respuesta 'no', y labels solo tiene sí, tal"),
        ({"labels": ("sí", "Sí.")}, "al menos dos etiquetas, y todas distintas"),
        ({"labels": ("sí",)}, "al menos dos etiquetas"),
    ],
)
def test_a_wrong_task_teaches(given, message):
    with pytest.raises(ValueError, match=message):
        task(**given)


@pytest.mark.parametrize("given", [("", "x"), ("x", " "), ("x", "..."), (3, "x"), ("x", None)])
def test_a_wrong_item_teaches(given):
    with pytest.raises(ValueError, match="question y answer son textos con letras o cifras"):
        Item(*given)


def test_lists_are_kept_as_tuples_and_chance_is_one_over_labels():
    found = task([A], [B, C], ["sí", "no", "otra"])
    assert found.items == (A,) and found == task(labels=("sí", "no", "otra"))
    assert found.chance == pytest.approx(1 / 3) and task().chance == 0


def test_examples_depend_on_the_seed_only_and_grow_at_the_end(reviews):
    assert set(reviews.examples(8, 1)) == set(reviews.pool)
    for k in range(8):
        assert reviews.examples(k, 1) == reviews.examples(8, 1)[:k]
    assert len({reviews.examples(8, seed) for seed in range(5)}) == 5
    other = [reviews.examples(4, 1, order) for order in range(6)]
    assert {frozenset(shots) for shots in other} == {frozenset(other[0])} and len(set(other)) > 2
    assert other[0] == reviews.examples(4, 1) and other[1] == reviews.examples(4, 1, 1)


@pytest.mark.parametrize("k", [9, -1, 2.0, "2", None])
def test_a_wrong_k_teaches(reviews, k):
    with pytest.raises(ValueError, match=r"k=.*, y hay 8 ejemplos en el pool de «Reseñas»"):
        reviews.examples(k)


def test_flipped_labels_are_all_wrong_and_consistent(reviews):
    flipped = reviews.flipped()
    other = {"positivo": "negativo", "negativo": "positivo"}
    assert [s.answer for s in flipped.pool] == [other[s.answer] for s in reviews.pool]
    assert flipped.items == reviews.items and flipped.flipped().pool == reviews.pool
    assert [s.question for s in flipped.pool] == [s.question for s in reviews.pool]
    assert (flipped.name, flipped.title) == ("resenas, al revés", "Reseñas, respuestas al revés")


def test_open_answers_change_among_themselves(sums):
    flipped = sums.flipped()
    assert all(a.answer != b.answer for a, b in zip(sums.pool, flipped.pool, strict=True))
    assert {a.answer for a in flipped.pool} == {a.answer for a in sums.pool}
    assert {shot.steps for shot in flipped.pool} == {""}  # llevaban a la verdadera


def test_random_labels_depend_on_the_seed(reviews, sums):
    drawn = [tuple(s.answer for s in reviews.with_random_labels(i).pool) for i in range(20)]
    assert drawn[3] == tuple(s.answer for s in reviews.with_random_labels(3).pool)
    assert len(set(drawn)) > 10 and {a for row in drawn for a in row} == set(reviews.labels)
    share = sum(row.count("positivo") for row in drawn) / 160
    assert 0.3 < share < 0.7  # con p = 1/2 y 160 sorteos, a 5 desviaciones
    assert {s.answer for s in sums.with_random_labels().pool} <= {s.answer for s in sums.pool}


def test_nothing_to_exchange_teaches(reviews):
    for lonely in (task(pool=()), task(pool=(B,))):
        with pytest.raises(ValueError, match="no tiene dos respuestas que cambiar"):
            lonely.flipped()
    assert replace(reviews, pool=()).flipped().pool == ()


def test_own_part_ends_where_another_question_begins(sums):
    assert sums.own_part(" 4\n\nProblema: 5 + 5\nSolución: 10") == " 4\n"
    assert sums.own_part("Entrada: no es la etiqueta") == "Entrada: no es la etiqueta"
