"""Restricciones que un programa puede comprobar: ¿hizo el modelo lo que se le pidió?

Juzgar si un texto es bueno exige leerlo; saber si tiene una sola palabra o es JSON, no. Aquí se
mira la forma y nada más: un texto absurdo puede cumplir. La ficha es `restricciones.md`.
Ref.: Zhou et al. 2023, «Instruction-Following Evaluation for Large Language Models».
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from ._checks import RULES, WORD
from ._jsonl import read_rows

__all__ = ["KINDS", "ConstrainedPrompt", "Constraint", "load_constrained_prompts"]

Value = int | str | tuple[str, ...] | None
KINDS = tuple(RULES)


@dataclass(frozen=True)
class Constraint:
    """Una restricción de la clase `kind`; `value` es lo que esa clase necesita saber.

    Siempre se ignoran los espacios y saltos de línea de los extremos, y un texto sin letras ni
    cifras no cumple ninguna. Una palabra es una serie de letras o cifras; un guion o un apóstrofo
    interiores no la parten («franco-belga» es una). Las tildes cuentan; las mayúsculas, solo en las
    dos clases que tratan de ellas. `value` es None salvo donde se dice otra cosa:

    - «una palabra»: exactamente una, con letras; la puntuación no cuenta.
    - «mayúsculas», «minúsculas»: hay letras y todas lo son.
    - «lista» (un número): hay ese número de renglones que empiezan con guion, asterisco, viñeta o
      número con punto o paréntesis, un espacio y algo escrito; ninguno se repite. Los demás
      renglones no cuentan.
    - «empieza», «termina» (un texto): ese texto está en el extremo, no parte una palabra, y hay algo
      más. Se pasan por alto los signos y comillas que lo rodean.
    - «json» (las claves): un objeto JSON con esas claves y ninguna más ni repetida; puede ir
      entre las tres comillas invertidas de un bloque de código, sin nada fuera.
    - «sin letra» (una letra): no aparece, tampoco con tilde o diéresis («é» es «e»; «ñ» no es «n»).
    - «máximo de palabras», «palabras exactas» (un número).
    - «repite» (una palabra): aparece entera exactamente dos veces.
    - «número»: solo un número en cifras; admite signo, decimales, miles separados y puntuación
      alrededor, pero no unidades.
    - «sí o no»: solo «sí» (o «si») o «no», con puntuación alrededor o sin ella.
    - «sin comas»: ninguna coma.
    - «una línea»: ningún salto de línea.

    Lanza `ValueError` si la clase no existe o `value` no es de lo que pide.

    >>> Constraint("máximo de palabras", 3).check("El sol salió tarde.")
    'Se pedían como mucho 3 palabras y hay 4.'
    >>> Constraint("una palabra").check(" París. ") is None
    True
    """

    kind: str
    value: Value = None

    def __post_init__(self) -> None:
        if self.kind not in RULES:
            raise ValueError(
                f"No hay restricciones de la clase {self.kind!r}. "
                f"Elige una de estas: {', '.join(KINDS)}."
            )
        rule = RULES[self.kind]
        if not rule.takes(self.value):
            raise ValueError(
                f"La restricción «{self.kind}» lleva como `value` {rule.wanted}, y llegó "
                f"{self.value!r}."
            )

    def check(self, text: str) -> str | None:
        """Devuelve None si `text` cumple; si no, una oración que dice en qué falla.

        >>> Constraint("sin letra", "e").check("Sol y café")
        'Aparece la letra «e»: en «café».'
        """
        text = unicodedata.normalize("NFC", text).strip()
        if not WORD.search(text):
            return "No hay nada escrito: ni una letra ni una cifra."
        return RULES[self.kind].check(text, self.value)


@dataclass(frozen=True)
class ConstrainedPrompt:
    """Una instrucción en español, la restricción que impone y un texto (`example`) que la cumple."""

    id: str
    prompt: str
    constraint: Constraint
    example: str


def load_constrained_prompts(kind: str | None = None) -> list[ConstrainedPrompt]:
    """Devuelve las 90 instrucciones, seis por clase, o solo las de la clase `kind`.

    Lanza `ValueError` si la clase no existe. Fuente: textos del curso, `restricciones.md`.

    >>> first = load_constrained_prompts("sin letra")[0]
    >>> first.constraint
    Constraint(kind='sin letra', value='e')
    >>> first.constraint.check(first.example) is None
    True
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(
            f"No hay instrucciones de la clase {kind!r}. Elige una de estas: {', '.join(KINDS)}; "
            "o None para leerlas todas."
        )
    prompts = [_prompt(row) for row in read_rows("restricciones.jsonl")]
    return [p for p in prompts if kind in (None, p.constraint.kind)]


def _prompt(row: dict[str, Any]) -> ConstrainedPrompt:
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    return ConstrainedPrompt(
        row["id"], row["prompt"], Constraint(row["kind"], value), row["example"]
    )
