"""Un modelo diminuto con tokenizer de bytes, una tarea cerrada y otra de problemas con desarrollo."""

from __future__ import annotations

import pytest

from course_lib.abilities import Item, Task
from course_lib.models import LanguageModel
from tests.tiny import byte_lm

CORPUS = ["Entrada: la película es buena\nSalida: positivo\n\nEntrada: mala\nSalida: negativo"] * 20
# ChatML, con el BOS que algunas plantillas escriben además del que agrega el tokenizer
CHAT = (
    "{{ bos_token }}{% for m in messages %}<{{ m.role }}>\n{{ m.content | trim }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>\n{% endif %}"
)


def make_lm(adds_bos: bool = True) -> LanguageModel:
    return byte_lm(CORPUS, 300, adds_bos=adds_bos, max_length=1024)


@pytest.fixture(scope="session")
def lm() -> LanguageModel:
    return make_lm()


@pytest.fixture
def chat_lm() -> LanguageModel:
    found = make_lm()
    found.tokenizer.chat_template = CHAT
    return found


@pytest.fixture(scope="session")
def reviews() -> Task:
    """Cerrada, con dos etiquetas."""
    labels = ("positivo", "negativo")
    return Task(
        "resenas",
        "Reseñas",
        "Di si la reseña es positiva o negativa.",
        items=[Item(f"texto {i}", labels[i % 2], id=f"i{i}") for i in range(6)],
        pool=[Item(f"ejemplo {i}", labels[i // 4]) for i in range(8)],
        labels=labels,
    )


@pytest.fixture(scope="session")
def sums() -> Task:
    """Abierta, con desarrollo."""
    return Task(
        "sumas",
        "Sumas",
        "Resuelve el problema.",
        items=[Item(f"{i} + 50", str(i + 50), f"Sumo {i} y 50.") for i in range(4)],
        pool=[Item(f"{i} + 1", str(i + 1), f"Sumo {i} y 1: da {i + 1}.") for i in range(100, 106)],
        question_label="Problema",
        answer_label="Solución",
    )
