"""El mapeo junta respuestas como dice y detecta lo que fallaría en silencio."""

from __future__ import annotations

import pytest

from course_lib.prompting import MaxOf, MeanOf, SumOf, Template, Verbalizer

TABLE = {"positivo": ["buena", "bacán"], "negativo": ["mala"]}


def test_several_answers_map_to_one_label():
    verbalizer = Verbalizer(TABLE)
    assert verbalizer.labels == ("positivo", "negativo")
    assert verbalizer.answers == ("buena", "bacán", "mala")
    assert verbalizer.label_of("bacán") == "positivo"
    assert verbalizer.first_answer("positivo") == "buena"


@pytest.mark.parametrize(
    ("aggregate", "positive"), [(SumOf(), 0.6), (MeanOf(), 0.3 / 0.7), (MaxOf(), 0.5 / 0.9)]
)
def test_aggregates(aggregate, positive):
    probs = {"buena": 0.5, "bacán": 0.1, "mala": 0.4}
    found = Verbalizer(TABLE).label_probs(probs, aggregate)
    assert found["positivo"] == pytest.approx(positive)
    assert sum(found.values()) == pytest.approx(1)


def test_the_slip_of_the_slide_is_explained():
    mapping = {"+": ["buena", "bacán"], "-": ["mala", "horrible"]}
    with pytest.raises(ValueError, match="«terrible» es candidata y no tiene etiqueta") as caught:
        Verbalizer(mapping, candidates=["buena", "mala", "terrible", "bacán"])
    assert "«horrible» tiene etiqueta y no es candidata" in str(caught.value)
    Verbalizer(mapping, candidates=["bacán", "buena", "horrible", "mala"])


@pytest.mark.parametrize(
    ("mapping", "error", "message"),
    [
        ({"+": ["buena"]}, ValueError, "al menos dos etiquetas"),
        ({"+": ["buena"], "-": []}, ValueError, "no tiene ninguna respuesta"),
        ({"+": ["buena"], "-": ["buena"]}, ValueError, "está en «\\+» y en «-»"),
        ({"+": ["buena", "buena"], "-": ["mala"]}, ValueError, "está dos veces en «\\+»"),
        ({"+": [" buena"], "-": ["mala"]}, ValueError, "espacios al borde.*escribe 'buena'"),
        ({"+": [""], "-": ["mala"]}, ValueError, "vacía"),
        ({"+": "buena", "-": ["mala"]}, TypeError, "van en una lista"),
    ],
)
def test_wrong_tables_teach(mapping, error, message):
    with pytest.raises(error, match=message):
        Verbalizer(mapping)


def test_unknown_names_teach():
    verbalizer = Verbalizer(TABLE)
    with pytest.raises(ValueError, match=r"«regular» no tiene etiqueta.*buena, bacán, mala"):
        verbalizer.label_of("regular")
    with pytest.raises(ValueError, match="No existe la etiqueta 'neutro'"):
        verbalizer.first_answer("neutro")
    with pytest.raises(
        TypeError, match=r"No existe aggregate='media'.*SumOf\(\), MeanOf\(\), MaxOf\(\)"
    ):
        verbalizer.label_probs({"buena": 1, "bacán": 0, "mala": 0}, "media")


def test_collisions_in_a_real_tokenizer(lm):
    template = Template("[X] Es [Z]")
    verbalizer = Verbalizer({"+": ["buena", "Buena"], "-": ["peor", "peores", "mala", "malísima"]})
    found = {c.answers: c.kind for c in verbalizer.collisions(lm, template)}
    assert found[("buena", "Buena")] == "casi iguales"
    assert found[("peor", "peores")] == "una empieza por la otra"
    tokens = {z: lm.encode(" " + z)[0] for z in verbalizer.answers}
    same_start = tokens["mala"] == tokens["malísima"]
    assert (("mala", "malísima") in found) == same_start
    assert ("buena", "mala") not in found or tokens["buena"] == tokens["mala"]


def test_disjoint_answers_do_not_collide(lm):
    verbalizer = Verbalizer({"+": ["buena"], "-": ["terrible"]})
    assert verbalizer.collisions(lm, Template("[X] Es [Z]")) == []
