"""Las plantillas: el paso de una conversación al texto exacto que un modelo aprendió a leer.

    Llama 2   <s>[INST] pregunta [/INST] respuesta </s>
    ChatML    <|im_start|>user⏎pregunta<|im_end|>⏎<|im_start|>assistant⏎respuesta<|im_end|>⏎
    Gemma     <bos><start_of_turn>user⏎pregunta<end_of_turn>⏎<start_of_turn>model⏎respuesta<end_of_turn>⏎

Si la conversación termina en el usuario, el texto acaba donde el modelo debe empezar a escribir.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from ..data.instructions import Message
from .encoded import MASKED, Encoded

__all__ = [
    "ChatMLTemplate",
    "ChatTemplate",
    "GemmaTemplate",
    "Llama2Template",
    "Piece",
    "PlainTemplate",
]


class Piece(NamedTuple):
    """Un trozo del texto; `trained`: es una respuesta con su cierre, lo único que se entrena."""

    text: str
    trained: bool = False


@dataclass(frozen=True)
class ChatTemplate:
    """Lo común a todas. `bos` y `eos`: los tokens de comienzo y fin, o vacíos si no los escribe."""

    bos: str = ""
    eos: str = ""
    marks: ClassVar[tuple[str, ...]] = ()
    turn: ClassVar[str] = ""  # lo que abre otra pregunta, si se escribe con texto corriente

    def pieces(self, messages: Sequence[Message]) -> tuple[Piece, ...]:
        """Devuelve el texto en trozos, en orden. Lanza los errores de `render`."""
        system, turns = _checked(messages)
        _reject(messages, (*self.marks, self.bos, self.eos))
        return tuple(self._write(system, turns))

    def render(self, messages: Sequence[Message]) -> str:
        """Devuelve el texto exacto de la conversación.

        Raises:
            ValueError: no hay mensajes, solo hay uno de sistema, los papeles no se alternan empezando por
                el usuario, o un mensaje trae una marca de la plantilla.
        """
        return "".join(piece.text for piece in self.pieces(messages))

    def encode(
        self, tokenizer: Any, messages: Sequence[Message], max_length: int | None = None
    ) -> Encoded:
        """Devuelve los ids y las etiquetas: solo las respuestas, con la marca que las cierra, se entrenan.

        BOS y EOS son los del tokenizer, y hay un solo BOS al comienzo si el modelo lo espera. El prompt da
        los mismos ids con respuesta que sin ella. `max_length`: máximo de tokens; None, sin máximo.

        Raises:
            ValueError: los de `render`, un token junta prompt y respuesta, o no cabe en `max_length`.
        """
        _reject(messages, tokenizer.all_special_tokens)
        bos, eos = tokenizer.bos_token or "", tokenizer.eos_token or ""
        own = replace(self, bos=self.bos and bos, eos=self.eos and eos)
        text, ids, labels = "", list[int](), list[int]()
        for piece in own.pieces(messages):
            text += piece.text
            longer = list(tokenizer(text, add_special_tokens=False)["input_ids"])
            if longer[: len(ids)] != ids:
                raise ValueError(
                    f"Un token junta el comienzo de {piece.text[:20]!r} con lo anterior: el prompt no daría los mismos "
                    "tokens con la respuesta que sin ella. Quita los espacios o saltos que abren la respuesta."
                )
            new, ids = longer[len(ids) :], longer
            labels += new if piece.trained else [MASKED] * len(new)
        start = [tokenizer.bos_token_id]
        if ids[:1] != start and list(tokenizer("a")["input_ids"])[:1] == start:
            ids, labels = start + ids, [MASKED, *labels]
        if max_length is not None and len(ids) > max_length:
            raise ValueError(
                f"La conversación ocupa {len(ids)} tokens y max_length es {max_length}: se cortaría la respuesta, y con "
                "ella el cierre que enseña a detenerse. Sube max_length, acorta el ejemplo o quítalo."
            )
        return Encoded(tuple(ids), tuple(labels))

    def _write(self, system: str | None, turns: Sequence[Message]) -> Iterator[Piece]:
        raise NotImplementedError("Usa una de las plantillas: Llama2Template, ChatMLTemplate…")


@dataclass(frozen=True)
class Llama2Template(ChatTemplate):
    """La de Llama 2: cada pregunta con su respuesta va entre `bos` y `eos`; el sistema, en la primera.

    Ref.: Touvron et al. 2023, arXiv:2307.09288; la regla publicada, `tokenizer_config.json` del modelo.

    >>> Llama2Template().render([{"role": "user", "content": "Hola"}])
    '<s>[INST] Hola [/INST]'
    """

    bos: str = "<s>"
    eos: str = "</s>"
    marks = ("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>")

    def _write(self, system: str | None, turns: Sequence[Message]) -> Iterator[Piece]:
        start = "" if system is None else f"<<SYS>>\n{system}\n<</SYS>>\n\n"
        for turn in turns:
            # se limpia la suma: los espacios del sistema y los que abren la primera pregunta quedan
            content, start = (start + turn["content"]).strip(), ""
            if turn["role"] == "user":
                yield Piece(f"{self.bos}[INST] {content} [/INST]")
            else:
                yield Piece(f" {content} {self.eos}", trained=True)


@dataclass(frozen=True)
class ChatMLTemplate(ChatTemplate):
    """La de Qwen, SmolLM2 y otros: cada turno entre `<|im_start|>` y `<|im_end|>`, sin limpiar espacios.

    `default_system` se usa si no llega un mensaje de sistema (de fábrica, el de Qwen2.5); None, ninguno.

    >>> ChatMLTemplate(default_system=None).render([{"role": "user", "content": "Hola"}])
    '<|im_start|>user\\nHola<|im_end|>\\n<|im_start|>assistant\\n'
    """

    marks = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
    default_system: str | None = (
        "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
    )

    def _write(self, system: str | None, turns: Sequence[Message]) -> Iterator[Piece]:
        system = self.default_system if system is None else system
        start = "" if system is None else f"<|im_start|>system\n{system}<|im_end|>\n"
        return _turns(start, turns, "<|im_start|>", "<|im_end|>", "assistant")


@dataclass(frozen=True)
class GemmaTemplate(ChatTemplate):
    """La de Gemma 3: el sistema va delante de la primera pregunta y el asistente se llama `model`.

    Ref.: la regla publicada, `chat_template.jinja` de los modelos Gemma 3.

    >>> GemmaTemplate().render([{"role": "user", "content": " Hola "}])
    '<bos><start_of_turn>user\\nHola<end_of_turn>\\n<start_of_turn>model\\n'
    """

    bos: str = "<bos>"
    marks = ("<start_of_turn>", "<end_of_turn>", "<eos>")

    def _write(self, system: str | None, turns: Sequence[Message]) -> Iterator[Piece]:
        stripped: list[Message] = [{**turn, "content": turn["content"].strip()} for turn in turns]
        if system is not None:
            stripped[0]["content"] = f"{system}\n\n{stripped[0]['content']}"
        return _turns(self.bos, stripped, "<start_of_turn>", "<end_of_turn>", "model")


@dataclass(frozen=True)
class PlainTemplate(ChatTemplate):
    """Sin marcas: «Instrucción:» y «Respuesta:», lo que entiende un modelo base. El sistema, si lo hay, va delante.

    >>> PlainTemplate().render([{"role": "user", "content": "Hola"}])
    'Instrucción: Hola\\nRespuesta:'
    """

    turn = "\nInstrucción:"

    def _write(self, system: str | None, turns: Sequence[Message]) -> Iterator[Piece]:
        start = "" if system is None else f"{system}\n\n"
        for turn in turns:
            if turn["role"] == "user":
                yield Piece(f"{start}Instrucción: {turn['content']}\nRespuesta:")
            else:
                yield Piece(f" {turn['content']}\n", trained=True)
                start = ""  # sin otra línea en blanco: se uniría con el salto en un solo token


def _turns(
    start: str, turns: Sequence[Message], opening: str, closing: str, assistant: str
) -> Iterator[Piece]:
    """Los turnos de ChatML y de Gemma, que solo se distinguen en sus marcas; `start` va delante."""
    for turn in turns:
        if turn["role"] == "user":
            user = f"{opening}user\n{turn['content']}{closing}\n"
            yield Piece(f"{start}{user}{opening}{assistant}\n")
        else:
            yield Piece(turn["content"] + closing, trained=True)
            start = "\n"
    if turns[-1]["role"] == "assistant":
        yield Piece("\n")


def _checked(messages: Sequence[Message]) -> tuple[str | None, Sequence[Message]]:
    """El mensaje de sistema, si lo hay, y los turnos, que se alternan y empiezan por el usuario."""
    if not messages:
        raise ValueError("La conversación está vacía: necesita al menos un mensaje del usuario.")
    first = int(messages[0]["role"] == "system")
    if not messages[first:]:
        raise ValueError(
            "La conversación solo tiene el mensaje de sistema, y a él no se le responde: agrega uno del usuario."
        )
    for i, turn in enumerate(messages[first:]):
        expected = "assistant" if i % 2 else "user"
        if turn["role"] != expected:
            raise ValueError(
                "Los papeles deben alternarse user, assistant, user…, con un solo system opcional al comienzo. En el "
                f"mensaje {first + i} se esperaba {expected!r} y llegó {turn['role']!r}."
            )
    return messages[0]["content"] if first else None, messages[first:]


def _reject(messages: Sequence[Message], marks: Sequence[str]) -> None:
    for i, message in enumerate(messages):
        for mark in filter(None, marks):
            if mark in message["content"]:
                raise ValueError(
                    f"El mensaje {i} ({message['role']}) trae «{mark}», una marca de la plantilla: el modelo la "
                    "leería como el comienzo o el fin de un turno que nadie escribió. Quítala del texto."
                )
