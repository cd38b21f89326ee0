"""Cada restricción acepta lo que cumple, rechaza lo que no, y dice por qué en español."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import FrozenInstanceError
from importlib.resources import files

import pytest

from course_lib.data import Constraint, load_constrained_prompts
from course_lib.data.constraints import KINDS
from course_lib.metrics import wilson_interval

# clase, valor, textos que cumplen, textos que no y parte de lo que se dice
CASES = {
    "una palabra": (
        None,
        ["París", " París.\n", "«sí»", "**azul**", "¡Hola!", "franco-belga", "Paris !"],
        {
            "el sol": "hay 2",
            "rojo/azul": "hay 2",
            "rojo\nazul": "hay 2",
            "rojo,azul,verde": "hay 3",
            "42": "no tiene letras",
        },
    ),
    "mayúsculas": (
        None,
        ["ÑANDÚ", "¡ALTO! 3.º PISO", "A\nB"],
        {"Hola": "«o»", "HOLa": "«a»", "ÁRBOl": "«l»", "STRAßE": "«ß»", "123": "ninguna letra"},
    ),
    "minúsculas": (
        None,
        ["ñandú", "¿qué tal, año 2000?"],
        {"Hola": "«H»", "ángel Ñ": "«Ñ»", "... 7": "ninguna letra"},
    ),
    "lista": (
        3,
        [
            "- rojo\n- verde\n- azul",
            "Claro:\n\n1. rojo\n2. verde\n3. azul\n\nEso es todo.",
            "* **rojo**\n\n* verde\n\n* azul",
            "1) a\r\n2) b\r\n3) c",
            "  • a\n  • b\n  • c",
        ],
        {
            "rojo, verde, azul": "son 0",
            "rojo\nverde\nazul": "son 0",
            "- rojo\n- verde": "son 2",
            "- a\n- b\n- c\n- d": "son 4",
            "- a\n- b\n-\n- ": "son 2",
            "- a\n---\n- b": "son 2",
            "-3 grados\n-4 grados\n-5 grados": "son 0",
            "- rojo\n- azul\n-  Rojo": "repetido: «rojo»",
            "1.5 kilos\n2.5 kilos\n3.5 kilos": "son 0",
        },
    ),
    "empieza": (
        "En invierno",
        [
            "En invierno nieva.",
            "en invierno, nieva",
            "«En  invierno» nieva",
            "\n ¡En invierno\nhace frío!",
        ],
        {
            "En verano nieva.": "No empieza",
            "Siempre nieva En invierno": "No empieza",
            "En inviernos duros": "No empieza",
            "En invierno-verano": "No empieza",
            "En ínvierno nieva": "No empieza",
            "En invierno...": "no hay nada más",
        },
    ),
    "termina": (
        "y nada más",
        ["Pan y nada más.", "PAN Y NADA MÁS", "«Pan\ny nada más»\n", "Pan, y nada más…"],
        {
            "Pan y nada mas": "No termina",
            "Pan y nada más, amigo": "No termina",
            "Pan soy nada más": "No termina",
            "Pan y nada más.\n\nEspero que te sirva.": "No termina",
            "¡Y nada más!": "no hay nada más",
            "ley nada más": "No termina",
            "muy-y nada más": "No termina",
        },
    ),
    "json": (
        ("nombre", "edad"),
        [
            '{"nombre": "Ana", "edad": 3}',
            '\n{"edad": {"años": [1, {"a": null}]},\n "nombre": ""}\n',
            '```json\n{"nombre": "Ana", "edad": 3}\n```',
            '```\n{"nombre": "Ana", "edad": 3}\n```',
        ],
        {
            "{'nombre': 'Ana', 'edad': 3}": "No es JSON",
            '{"nombre": "Ana", "edad": 3,}': "No es JSON",
            '{"nombre": "Ana", "edad": NaN}': "No es JSON",
            'Aquí va: {"nombre": "Ana", "edad": 3}': "No es JSON",
            '```json\n{"nombre": "Ana", "edad": 3}\n```\nListo.': "No es JSON",
            '{"nombre": "Ana"}': "hay «nombre»",
            '{"nombre": "Ana", "edad": 3, "x": 1}': "«x»",
            '{"nombre": "Ana", "edad": 3, "edad": 4}': "«edad», «edad»",
            '{"Nombre": "Ana", "edad": 3}': "«Nombre»",
            '[["nombre", "Ana"], ["edad", 3]]': "no un objeto",
            '["nombre", "edad"]': "no un objeto",
            '"nombre, edad"': "no un objeto",
            '{"a": ' + "[" * 100_000 + '"x"': "No es JSON",
        },
    ),
    "sin letra": (
        "e",
        ["Un sol brilla", "ÑANDÚ Y TUCÁN", "12 monos"],
        {
            "El sol": "en «El»",
            "café": "en «café»",
            "CAFÉ": "en «CAFÉ»",
            unicodedata.normalize("NFD", "café"): "en «café»",
            "pingüe": "en «pingüe»",
            "\uff25sto": "«e»",
        },
    ),
    "máximo de palabras": (
        3,
        ["uno dos tres", "Sí.", "¡uno, dos, tres!", "- uno\n- dos\n- tres", "bien-estar o l'eau"],
        {"uno dos tres cuatro": "hay 4", "uno,dos,tres,cuatro": "hay 4", "a/b/c/d": "hay 4"},
    ),
    "palabras exactas": (
        3,
        ["uno dos tres", "uno, dos... ¡tres!", "uno — dos — tres"],
        {"uno dos": "hay 2", "uno dos tres cuatro": "hay 4", "uno_dos_tres_cuatro": "hay 4"},
    ),
    "repite": (
        "sol",
        ["Sol y sol.", "El sol; ¿y más SOL?", "«sol» sol", "solo el sol es sol"],
        {
            "El sol": "1 vez",
            "sol sol sol": "3 veces",
            "solo y soles": "0 veces",
            "girasol y sol": "1 vez",
            "sól y sol": "1 vez",
            "sol-sol": "0 veces",
        },
    ),
    "número": (
        None,
        [
            "7",
            " 42. ",
            "-3",
            "3,14",
            "3.14",
            "1.234.567,8",
            "12 000",
            "12\u00a0000",
            "**7**",
            "«7»",
        ],
        {
            "siete": "«siete»",
            "7 días": "7 días",
            "Son 7": "Son 7",
            "7%": "7%",
            "1/2": "1/2",
            "7, 8": "7, 8",
            "7 8": "7 8",
            "12 00": "12 00",
            "٧": "cifras",
            "2+2": "2+2",
        },
    ),
    "sí o no": (
        None,
        ["Sí", "no", "¡NO!", "«Sí.»", " si \n", "**No**"],
        {"Sí, claro": "«Sí, claro»", "Sí no": "«Sí no»", "nope": "nope", "Sí\nNo": "solo «sí»"},
    ),
    "sin comas": (
        None,
        ["uno; dos. tres", "'a' y «b»"],
        {"uno, dos": "1 coma.", "a,b,c": "2 comas", "1,5 litros": "1 coma.", "a， b": "1 coma."},
    ),
    "una línea": (
        None,
        ["una sola línea", "\n\nuna / dos\n", "a\tb"],
        {
            "a\nb": "hay 2",
            "a\r\nb": "hay 2",
            "a\n\nb": "hay 3",
            "a\u2028b": "hay 2",
            "a\rb": "hay 2",
        },
    ),
}
KEPT = [(kind, value, text) for kind, (value, kept, _) in CASES.items() for text in kept]
BROKEN = [
    (kind, value, text, part)
    for kind, (value, _, broken) in CASES.items()
    for text, part in broken.items()
]


def test_every_kind_has_its_cases():
    assert tuple(CASES) == KINDS
    assert all(len(kept) >= 2 and len(broken) >= 3 for _, kept, broken in CASES.values())


@pytest.mark.parametrize(("kind", "value", "text"), KEPT)
def test_kept(kind, value, text):
    assert Constraint(kind, value).check(text) is None
    assert Constraint(kind, value).check(f"\n  {text} \t\n\n") is None
    assert Constraint(kind, value).check(unicodedata.normalize("NFD", text)) is None


@pytest.mark.parametrize(("kind", "value", "text", "part"), BROKEN, ids=range(len(BROKEN)))
def test_broken_says_why(kind, value, text, part):
    said = Constraint(kind, value).check(text)
    assert said is not None and part in said
    assert said.endswith(".") and "\n" not in said and len(said) < 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", "  \n", "...", "¿?", "- \n- \n- ", "{}", "🎉"])
def test_nothing_written_keeps_nothing(kind, text):
    assert "No hay nada escrito" in Constraint(kind, CASES[kind][0]).check(text)


def test_enye_is_not_n():
    assert Constraint("sin letra", "n").check("El ñu camela") is None
    assert "«ñ»" in Constraint("sin letra", "ñ").check("Año")
    assert Constraint("sin letra", "ñ").check("nada") is None


def test_signs_in_a_value_are_taken_literally():
    assert Constraint("empieza", "A.B").check("A.B funciona") is None
    assert Constraint("empieza", "A.B").check("AxB funciona") is not None


@pytest.mark.parametrize(
    ("kind", "value", "part"),
    [
        ("rimas", None, "sin comas"),
        ("lista", None, "entero positivo"),
        ("lista", 0, "entero positivo"),
        ("lista", True, "entero positivo"),
        ("palabras exactas", "3", "entero positivo"),
        ("una palabra", 1, "None"),
        ("empieza", " En", "un texto"),
        ("termina", "", "un texto"),
        ("json", ("a", "a"), "sin repetir"),
        ("json", (), "claves"),
        ("json", "ab", "tupla"),
        ("json", (1, 2), "tupla"),
        ("sin letra", "é", "sin tilde"),
        ("sin letra", "ab", "una letra"),
        ("repite", "dos palabras", "una sola palabra"),
    ],
)
def test_bad_constraints_teach(kind, value, part):
    with pytest.raises(ValueError, match=kind) as error:
        Constraint(kind, value)
    assert part in str(error.value)


def test_constraints_are_values():
    assert Constraint("lista", 3) == Constraint("lista", 3)
    assert len({Constraint("json", ("a",)), Constraint("json", ("a",))}) == 1
    with pytest.raises(FrozenInstanceError):
        Constraint("lista", 3).value = 4


# --- las instrucciones ----------------------------------------------------------------------

PROMPTS = load_constrained_prompts()
SPELLED = {
    2: "dos",
    3: "tres",
    4: "cuatro",
    5: "cinco",
    6: "seis",
    8: "ocho",
    10: "diez",
    12: "doce",
    15: "quince",
}
SAID = {  # cómo nombra la instrucción lo que se comprueba
    "una palabra": r"una (sola )?palabra",
    "mayúsculas": r"mayúscula",
    "minúsculas": r"minúsculas|[Nn]o uses mayúsculas|sin ninguna letra mayúscula",
    "lista": r"lista|Enumera",
    "empieza": r"[Ee]mpi?e[cz]|[Cc]omienza|primeras palabras",
    "termina": r"termin|acaba|última palabra",
    "json": r"objeto JSON",
    "sin letra": r"letra",
    "máximo de palabras": r"máximo|no más de|o menos|como mucho|sin pasar",
    "palabras exactas": r"exactamente",
    "repite": r"exactamente dos veces|repetida exactamente",
    "número": r"cifras",
    "sí o no": r"«sí» o «no»",
    "sin comas": r"coma",
    "una línea": r"línea",
}


def test_six_prompts_of_each_kind_all_different():
    assert Counter(p.constraint.kind for p in PROMPTS) == dict.fromkeys(KINDS, 6)
    assert len({p.id for p in PROMPTS}) == len({p.prompt.casefold() for p in PROMPTS}) == 90
    for kind in KINDS:
        assert [p.constraint.kind for p in load_constrained_prompts(kind)] == [kind] * 6


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda p: p.id)
def test_a_prompt_says_what_is_checked_and_can_be_kept(prompt):
    kind, value = prompt.constraint.kind, prompt.constraint.value
    assert re.search(SAID[kind], prompt.prompt)
    if isinstance(value, int):
        assert SPELLED[value] in prompt.prompt.lower()
    for part in (value,) if isinstance(value, str) else value or () if kind == "json" else ():
        assert f"«{part}»" in prompt.prompt
    assert prompt.constraint.check(prompt.example) is None
    assert prompt.prompt == prompt.prompt.strip()
    assert prompt.prompt.count("¿") == prompt.prompt.count("?")
    assert prompt.prompt.count("«") == prompt.prompt.count("»")


def test_unknown_kind_lists_the_known_ones():
    with pytest.raises(ValueError, match="sin comas"):
        load_constrained_prompts("rimas")


def test_the_card_tells_the_truth():
    card = (files("course_lib.data") / "restricciones.md").read_text(encoding="utf-8")
    flat = " ".join(card.split())
    assert f"{len(PROMPTS)} instrucciones" in flat and "quince clases" in flat
    assert ", ".join(KINDS) in flat
    for stated in ("con ayuda de un modelo de lenguaje", "## Límites", "CC BY 4.0"):
        assert stated in flat
    assert round(wilson_interval(45, 90).width, 2) == 0.2
