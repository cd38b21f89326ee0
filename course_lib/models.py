"""La única puerta a cualquier modelo: `prefill` lee el prompt, `step` avanza token a token.

Puntuar, decodificar, el modelo con visión y el Transformer escrito en el curso pasan por estas dos
funciones, de modo que ninguno necesita su propio decodificador.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from .catalogue import CATALOGUE, ModelCard, card
from .fetch import FetchError, ensure, is_cached

__all__ = [
    "CATALOGUE",
    "FetchError",
    "LanguageModel",
    "State",
    "card",
    "ensure",
    "is_cached",
    "load",
]

DEFAULT = "gemma-270m"


@dataclass
class State:
    """Lo que el modelo recuerda tras leer: claves y valores, y los logits del token que sigue.

    `logits`: (B, V) en float32. `length`: tokens leídos. `cache`: una `Cache` de transformers u otro
    objeto con sus mismos métodos (`batch_repeat_interleave`, `reorder_cache`).
    """

    logits: torch.Tensor  # (B, V)
    cache: Any
    length: int

    def expand(self, n: int) -> State:
        """Devuelve el estado con cada fila repetida `n` veces: el prompt se calcula una sola vez."""
        if n == 1:
            return self
        self.cache.batch_repeat_interleave(n)
        return replace(self, logits=self.logits.repeat_interleave(n, dim=0))

    def select(self, indices: torch.Tensor) -> State:
        """Devuelve el estado con las filas `indices`, en ese orden (los haces que sobreviven)."""
        same = torch.equal(indices, torch.arange(len(self.logits), device=indices.device))
        if not same:
            self.cache.reorder_cache(indices)
        return replace(self, logits=self.logits if same else self.logits[indices])

    def clone(self) -> State:
        """Devuelve una copia independiente: seguir desde ella no toca a la original."""
        return replace(self, logits=self.logits.clone(), cache=copy.deepcopy(self.cache))


class LanguageModel:
    """Un modelo causal y su tokenizer.

    `LanguageModel(model, tokenizer)` envuelve cualquier modelo causal de transformers;
    `tokenizer=None` vale si solo se usan ids.
    """

    def __init__(self, model, tokenizer=None, card: ModelCard | None = None):
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.card = card

    def __repr__(self) -> str:
        name = self.card.name if self.card else type(self.model).__name__
        kind = str(self.dtype).removeprefix("torch.")
        return f"LanguageModel({name}, {kind}, {self.device.type}, {self.vocab_size} tokens)"

    # --- lo que hay que saber del modelo ---

    @property
    def _text_config(self):
        return self.model.config.get_text_config()

    @property
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""
        return self.model.device

    @property
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""
        return self.model.dtype

    @property
    def vocab_size(self) -> int:
        """V, número de tokens del vocabulario."""
        return self._text_config.vocab_size

    @property
    def max_length(self) -> int:
        """Contexto máximo, en tokens."""
        return self._text_config.max_position_embeddings

    @property
    def eos_token_ids(self) -> tuple[int, ...]:
        """Tokens que terminan un texto, según `generation_config` (puede no haber ninguno)."""
        eos = self.model.generation_config.eos_token_id
        if eos is None:
            return ()
        return (eos,) if isinstance(eos, int) else tuple(eos)

    @property
    def bos_token_id(self) -> int | None:
        """Token con el que empieza un texto, o None si el modelo no tiene."""
        return self.model.generation_config.bos_token_id

    # --- texto <-> tokens ---

    def encode(self, text: str, add_bos: bool = True) -> list[int]:
        """Devuelve los ids de `text`; con `add_bos`, precedidos por los tokens con que el modelo espera empezar."""
        return self._tokenizer().encode(text, add_special_tokens=add_bos)

    def decode(self, ids: Sequence[int]) -> str:
        """Devuelve el texto de `ids`, sin tokens especiales y sin retocar los espacios."""
        return self._tokenizer().decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def token_strings(self, ids: Sequence[int]) -> list[str]:
        """Devuelve cada token como texto legible (con sus espacios; los especiales, con su nombre)."""
        tokenizer = self._tokenizer()
        return [tokenizer.decode([i], clean_up_tokenization_spaces=False) for i in ids]

    def _tokenizer(self):
        if self.tokenizer is None:
            raise ValueError(
                "Este modelo no tiene tokenizer, así que no puede leer ni escribir texto. Pasa ids de tokens, o créalo "
                "con LanguageModel(model, tokenizer)."
            )
        return self.tokenizer

    # --- la puerta ---

    @torch.no_grad()
    def prefill(
        self, input_ids: torch.Tensor | None = None, *, inputs_embeds: torch.Tensor | None = None
    ) -> State:
        """Lee un prompt entero y devuelve el estado con los logits de lo que sigue.

        `input_ids`: (B, T) enteros, o `inputs_embeds`: (B, T, D); exactamente uno de los dos. Solo
        se calculan los logits de la última posición.
        """
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("Pasa `input_ids` o `inputs_embeds`: exactamente uno de los dos.")
        given = input_ids if inputs_embeds is None else inputs_embeds
        cache = self._new_cache()
        output = self.model(
            input_ids=None if input_ids is None else input_ids.to(self.device),
            inputs_embeds=None
            if inputs_embeds is None
            else inputs_embeds.to(self.device, self.dtype),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return State(output.logits[:, -1].float(), cache, length=given.shape[1])

    @torch.no_grad()
    def step(self, input_ids: torch.Tensor, state: State) -> torch.Tensor:
        """Lee los tokens nuevos `input_ids` (B, T) y devuelve sus logits (B, T, V) en float32.

        Avanza `state` en el sitio: su caché crece T posiciones y `state.logits` pasa a ser la última.
        """
        output = self.model(
            input_ids=input_ids.to(self.device), past_key_values=state.cache, use_cache=True
        )
        logits = output.logits.float()
        state.logits, state.length = logits[:, -1], state.length + input_ids.shape[1]
        return logits

    def _new_cache(self):
        from transformers import DynamicCache

        return DynamicCache(config=self._text_config)


def load(name: str | None = None, device: str = "auto", dtype: str = "auto") -> LanguageModel:
    """Devuelve el modelo `name` listo para usar; si no está en la caché, lo trae primero.

    `name`: uno del catálogo (`gemma-270m` si se omite) o «organización/nombre» del Hub.
    `device`: «auto» elige la GPU si la hay. `dtype`: «auto» es float32 en CPU y bfloat16 en GPU.

    Raises:
        ValueError: nombre, dispositivo o tipo desconocidos.
        FetchError: el modelo no se pudo descargar o convertir.
        MemoryError: no hay memoria suficiente.
    """
    name = name or DEFAULT
    where = _device(device)
    kind = _dtype(dtype, where)
    if "/" in name:
        return _load_pretrained(name, None, where, kind)
    model = card(name)
    _check_memory(model, kind, where)
    return _load_pretrained(ensure(name), model, where, kind)


def _load_pretrained(
    source: str | Path, model_card: ModelCard | None, where, kind
) -> LanguageModel:
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    transformers.utils.logging.disable_progress_bar()
    local = model_card is not None
    options = {"local_files_only": True} if local else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        model = AutoModelForCausalLM.from_pretrained(
            source, dtype=kind, use_safetensors=True, **options
        )
    except OSError as error:
        if local:
            raise
        raise FetchError(
            f"No se pudo cargar «{source}» del Hub: hace falta red, y que el modelo exista y sea público. "
            f"Sin red usa uno del catálogo: {', '.join(CATALOGUE)}."
        ) from error
    return LanguageModel(model.to(where), tokenizer, model_card)


def _device(device: str) -> torch.device:
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        where = torch.device(device)
    except RuntimeError as error:
        raise ValueError(
            f"No existe el dispositivo «{device}». Usa «auto», «cpu» o «cuda»."
        ) from error
    if where.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("Pediste «cuda», pero aquí no hay GPU. Usa device='auto' o device='cpu'.")
    return where


def _dtype(dtype: str, where: torch.device) -> torch.dtype:
    if dtype == "auto":
        return torch.bfloat16 if where.type == "cuda" else torch.float32
    kind = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(kind, torch.dtype) or not kind.is_floating_point:
        raise ValueError(
            f"No se reconoce dtype={dtype!r}. Usa «auto», «float32», «bfloat16» o «float64»."
        )
    return kind


def _check_memory(model: ModelCard, kind: torch.dtype, where: torch.device) -> None:
    import psutil

    needed = model.parameters * torch.empty((), dtype=kind).element_size()
    free = (
        psutil.virtual_memory().available
        if where.type == "cpu"
        else torch.cuda.mem_get_info(where)[0]
    )
    if free < needed:
        raise MemoryError(
            f"{model.name} ocupa {needed / 1e9:.1f} GB en {str(kind).removeprefix('torch.')} y quedan "
            f"{free / 1e9:.1f} GB de memoria. Cierra otros cuadernos, usa dtype='bfloat16' o un modelo más pequeño."
        )
