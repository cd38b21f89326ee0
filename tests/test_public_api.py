"""La API pública: todo lo que se exporta existe y se explica en español; sus ejemplos los corre --doctest-modules."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re

import course_lib

SPANISH = re.compile(
    r"[áéíóúñ]|\b(de|la|el|los|las|un|una|que|en|con|por|para|del|al|se|sus?|lo|y|o|es|como|si)\b"
)
ENGLISH = re.compile(
    r"\b(the|and|of|returns?|with|this|that|which|from|are|when|where|given|each|into|for|should)\b"
)
# Su nombre y su tipo lo dicen todo, y significan lo mismo en todo el paquete.
SELF_EXPLAINED = {"ax", "seed", "device", "title", "xlabel", "ylabel", "lm"}


def public_modules() -> list[str]:
    found = [m.name for m in pkgutil.walk_packages(course_lib.__path__, "course_lib.")]
    return ["course_lib", *(n for n in found if not re.search(r"\._", n))]


def exported(module) -> dict[str, object]:
    """Lo que `module` exporta y está escrito en este paquete (no lo que trae de otro)."""
    objects = {name: getattr(module, name) for name in getattr(module, "__all__", ())}
    return {n: o for n, o in objects.items() if getattr(o, "__module__", None) == module.__name__}


def members(name: str, value) -> list[tuple[str, object]]:
    """`value` y, si es una clase, sus métodos y propiedades públicos."""
    if not inspect.isclass(value):
        return [(name, value)]
    kinds = (property, classmethod, staticmethod, functools.cached_property)
    inner = [
        (f"{name}.{n}", getattr(v, "__func__", v))
        for n, v in vars(value).items()
        if not n.startswith("_") and (inspect.isfunction(v) or isinstance(v, kinds))
    ]
    return [(name, value), *inner]


MODULES = public_modules()
API = [
    (f"{module}.{name}", value)
    for module in MODULES
    for exported_name, thing in exported(importlib.import_module(module)).items()
    for name, value in members(exported_name, thing)
    if callable(value) or hasattr(value, "__doc__")
]


def written_doc(value) -> str:
    """La docstring escrita a mano; la que `dataclass` inventa (`Nombre(campo: tipo)`) no cuenta."""
    doc = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__
    generated = inspect.isclass(value) and doc and doc.startswith(f"{value.__name__}(")
    return "" if generated or not doc else inspect.cleandoc(doc)


def prose(doc: str) -> str:
    """El texto corrido de una docstring: sin ejemplos, código, citas ni referencias."""
    lines, example = [], False
    for line in doc.splitlines():
        example = line.strip().startswith(">>>") or (example and bool(line.strip()))
        if not example and not line.startswith("    "):
            lines.append(line)
    text = "\n".join(lines).split("Ref.:")[0].split("Refs.:")[0]
    return re.sub(r"`[^`]*`|«[^»]*»|\*[^*]*\*", " ", text).lower()


def looks_spanish(doc: str) -> bool:
    text = prose(doc)
    return not ENGLISH.search(text) and bool(SPANISH.search(text) or len(text.split()) < 5)


def test_modules_say_in_spanish_what_they_are():
    docs = {name: importlib.import_module(name).__doc__ or "" for name in MODULES}
    assert {n: d for n, d in docs.items() if not d.strip() or not looks_spanish(d)} == {}


def test_all_is_real_and_public():
    for name in MODULES:
        module = importlib.import_module(name)
        names = list(getattr(module, "__all__", ()))
        assert len(names) == len(set(names)), name
        assert [n for n in names if n.startswith("_") or not hasattr(module, n)] == [], name


def test_docstrings_in_spanish():
    docs = {name: written_doc(value) for name, value in API}
    assert {n: d for n, d in docs.items() if not d or not looks_spanish(d)} == {}


def optional_parameters(value) -> list[str]:
    """Los parámetros con valor por omisión: cada uno es una elección que hay que explicar."""
    if not inspect.isfunction(value):
        return []
    parameters = inspect.signature(value).parameters.values()
    return [p.name for p in parameters if p.default is not p.empty and p.name not in SELF_EXPLAINED]


def test_optional_parameters_are_explained():
    silent = [
        f"{name}: {parameter}"
        for name, value in API
        for parameter in optional_parameters(value)
        if not re.search(rf"\b{parameter}\b", written_doc(value))
    ]
    assert silent == []


def test_the_walk_finds_what_it_should():
    """La comprobación misma: mira donde debe y rechaza lo que debe rechazar."""
    names = {name for name, _ in API}
    assert len(names) > 100
    assert {
        "course_lib.models.loading.load",
        "course_lib.models.language_model.LanguageModel.prefill",
        "course_lib.models.state.State.select",
        "course_lib.models.fetch.ensure",
        "course_lib.models.catalogue.ModelCard.download_bytes",
    } <= names
    assert looks_spanish("Devuelve la suma de los pesos. Ref.: Vaswani et al., «Attention of the».")
    assert not looks_spanish("Returns the sum of the weights.")
    assert not looks_spanish("Calcula algo; raises when given nothing.")
    assert not looks_spanish("Foo bar baz qux quux corge.")

    def undocumented(texts, size=3):
        """Corta los textos."""

    assert optional_parameters(undocumented) == ["size"]
