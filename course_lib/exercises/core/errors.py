"""Explicar una excepción: qué pasó, en español, en qué línea, y qué suele haber detrás."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .isolation import AsksForInput
from .snapshot import snapshot
from .source import raised_by_course, raised_by_hand, student_line
from .spanish import in_spanish, kind_in_spanish
from .values import describe

__all__ = ["Explained", "explain"]

MAX_TEXT = 200  # lo que se muestra
MAX_READ = 500  # lo que se lee: algunos mensajes de PyTorch son largos


@dataclass(frozen=True)
class Explained:
    """Lo que se dice de una excepción."""

    message: str  # qué lanzó la función y en qué línea
    idea: str  # qué suele significar
    unfinished: bool = False  # un `raise NotImplementedError` de la propia función
    no_memory: bool = False


def explain(error: BaseException, function: Any) -> Explained:
    """`Explained` de una excepción que lanzó `function`; no falla, sea cual sea la excepción.

    >>> explain(ZeroDivisionError("division by zero"), len).idea
    'Divides por cero: piensa para qué entradas ocurre.'
    """
    if isinstance(error, AsksForInput):
        waiting = "Tu función se detuvo a esperar que alguien escriba."
        return Explained(waiting + _line(error, function), _INPUT)
    name = type.__dict__["__name__"].__get__(type(error))[:60]
    text = _text(error)
    by_hand = raised_by_hand(error, function)
    return Explained(
        f"Tu función lanzó {name}{_said(error, text, by_hand)}{_line(error, function)}",
        _idea(error, text),
        unfinished=by_hand and isinstance(error, NotImplementedError),
        no_memory=isinstance(error, MemoryError) or "allocate memory" in text,
    )


def _said(error: BaseException, text: str, by_hand: bool) -> str:
    """Lo que dice la excepción, en español; lo que no se sabe decir va entre comillas y avisado."""
    spanish = in_spanish(text)
    if not spanish and not by_hand and not raised_by_course(error):
        if isinstance(error, KeyError) and text:
            spanish = f"la clave {text} no está"
        spanish = spanish or kind_in_spanish(error)
        if text and not spanish:
            return f". El mensaje original, sin traducir: «{text[:MAX_TEXT]}»"
    spanish = spanish or text
    return f": {spanish[:MAX_TEXT]}" if spanish else ""


def _line(error: BaseException, function: Any) -> str:
    try:
        return student_line(error, function)
    except Exception:  # una función con atributos que fallan
        return ""


def _text(error: BaseException) -> str:
    """La primera línea de lo que dice la excepción, sin armar el texto de algo enorme."""
    try:
        if type(error).__str__ in (BaseException.__str__, KeyError.__str__) and error.args:
            first: Any = error.args[0] if len(error.args) == 1 else error.args
            whole = type(first) is str and not isinstance(error, KeyError)
            text = first[:MAX_READ] if whole else describe(snapshot(first))
        else:
            text = str(error)
        return text.strip().split("\n")[0][:MAX_READ]
    except Exception:  # el propio `__str__` de la excepción falla
        return ""


def _idea(error: BaseException, text: str) -> str:
    for kinds, words, idea in _IDEAS:
        if isinstance(error, kinds) and (not words or any(word in text for word in words)):
            return idea
    return "Mira la línea señalada y revisa qué valores tienen ahí tus variables."


_INPUT = (
    "Una función que se corrige sola no puede usar `input()` ni `breakpoint()`: todo lo que necesita "
    "llega en sus argumentos."
)
_SHAPES = (
    "PyTorch no pudo operar: casi siempre las formas de los tensores no calzan. Muéstralas con "
    "`print(x.shape)` antes de esa línea."
)
_NOT_A_NUMBER = (
    "Hay una operación que no está definida para esos valores: el logaritmo o la raíz de un número "
    "negativo, por ejemplo."
)

# Qué suele haber detrás de cada excepción; se busca por orden, y la primera que calza gana. La
# segunda columna son trozos del mensaje de Python: sin ellos, vale para toda la clase.
_IDEAS: tuple[tuple[type | tuple[type, ...], tuple[str, ...], str], ...] = (
    (UnboundLocalError, (), "Usas una variable de la función antes de darle un valor: quizá se le da solo dentro de un `if` o de un ciclo que no se ejecutó."),
    (NameError, (), "Usas un nombre que no existe: revisa si está bien escrito o si falta un `import`."),
    (ImportError, (), "Lo que quieres importar no está instalado o se llama de otra manera."),
    (RecursionError, (), "La función se llama a sí misma sin llegar nunca a un caso final."),
    (NotImplementedError, (), "PyTorch no tiene esa operación para ese tipo de tensor: un softmax o una exponencial de valores lógicos o enteros, por ejemplo. Conviértelo antes con `.float()`."),
    (ZeroDivisionError, (), "Divides por cero: piensa para qué entradas ocurre."),
    (OverflowError, (), "Un número creció más de lo que cabe: una exponencial o una potencia muy grande. Trabaja con logaritmos, o resta el máximo antes de la exponencial."),
    (FloatingPointError, (), _NOT_A_NUMBER),
    (MemoryError, (), "La función pide más memoria de la que hay: revisa qué lista o tensor crece tanto."),
    (IndexError, (), "Pides una posición que no existe: revisa los límites y los tamaños."),
    (KeyError, (), "Pides una clave que no está en el diccionario."),
    (AttributeError, ("'NoneType'",), "Usas como objeto algo que vale None: suele venir de una función sin `return` o que modifica en el lugar, como `lista.sort()`."),
    (AttributeError, (), "Pides un método o atributo que ese objeto no tiene: revisa su tipo."),
    (AssertionError, (), "No se cumplió un `assert`: algo que se daba por cierto no lo es con estos argumentos."),
    (StopIteration, (), "Pediste con `next` un elemento más de los que hay."),
    (UnicodeError, (), "Un texto no se puede escribir en esa codificación: usa UTF-8, que sirve para tildes y eñes."),
    (ValueError, ("unpack",), "Repartes una secuencia en más o menos variables de las que tiene: compara los dos lados del `=`."),
    (ValueError, ("math domain",), _NOT_A_NUMBER),
    (ValueError, ("empty",), "Buscas un máximo o un mínimo donde no hay nada: trata aparte la secuencia vacía."),
    (ValueError, ("ambiguous",), "Un arreglo con varios números no es ni verdadero ni falso: usa `.any()` o `.all()`."),
    (ValueError, ("not in list", "not in tuple"), "Buscas con `index` o `remove` un elemento que no está."),
    (ValueError, ("zip()",), "Recorres a la vez dos secuencias de distinto largo."),
    (ValueError, (), "El tipo del dato es correcto y su valor no: mira qué llega a esa línea."),
    (TypeError, ("positional argument", "keyword argument", "missing", "argument, got", "arguments, got"), "Llamas a una función con más, menos u otros argumentos de los que recibe."),
    (TypeError, ("not callable",), "Pones paréntesis a algo que no es una función: quizá una variable tiene el nombre de una función, o falta un `*`."),
    (TypeError, ("not subscriptable",), "Usas corchetes con algo que no tiene posiciones: un número o None, por ejemplo."),
    (TypeError, ("not iterable",), "Recorres algo que no es una secuencia: a un número le falta `range(...)`."),
    (TypeError, ("unhashable",), "Usas una lista, un diccionario o un conjunto como clave: conviértelo antes en tupla."),
    (TypeError, ("'NoneType'",), "Operas con None: suele venir de una función sin `return`."),
    (TypeError, (), "Una operación recibió un tipo que no esperaba: revisa qué le pasas."),
    (SystemExit, (), "La función cierra el programa: usa `return`, no `exit()`."),
    (KeyboardInterrupt, (), "La función se interrumpe a sí misma: usa `return`, no `raise KeyboardInterrupt`."),
    (OSError, (), "La función usa un archivo o la red: aquí todo lo que necesita llega en sus argumentos."),
    (Warning, (), "La función convierte un aviso en error: revisa a qué operación se refiere."),
    (RuntimeError, ("ambiguous",), "Un tensor con varios números no es ni verdadero ni falso: usa `.any()` o `.all()`."),
    (RuntimeError, ("changed size",), "Cambias un diccionario o un conjunto mientras lo recorres: recorre una copia, `list(x)`."),
    (RuntimeError, ("dtype", "scalar type"), "Mezclas tensores de distinto tipo, float32 con float64 o con enteros: conviértelos con `.to(x.dtype)`."),
    (RuntimeError, ("StopIteration",), "Pediste con `next` un elemento más de los que hay."),
    (RuntimeError, ("allocate memory",), "La función pide más memoria de la que hay: revisa qué tensor crece tanto."),
    (RuntimeError, ("inplace operation",), "`backward` usa los valores con que se calculó la pérdida, y algo los cambió antes: `step` va después de `backward`."),
    (RuntimeError, ("does not require grad",), "Nada une ese número con los parámetros: se calculó dentro de `torch.no_grad()`, o pasó por `.detach()` o `.item()`."),
    (RuntimeError, ("second time", "scalar outputs"), "`backward` se llama una vez, desde la pérdida, que es un solo número: la media de todas las posiciones."),
    (RuntimeError, ("requires grad",), "El tensor lleva la cuenta de sus gradientes: usa `.detach()`."),
    (RuntimeError, (), _SHAPES),
)  # fmt: skip
