"""Lo que ya está entrenado: los pesos que acompañan al libro y el tokenizador con que se entrenaron."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer

from ...records import ARTIFACTS
from ...transformer.config import TransformerConfig
from ...transformer.lm import TransformerLM
from ...transformer.model import Transformer
from .model import as_language_model
from .tokenizer import load_tokenizer

__all__ = ["FOLDER", "TOKENIZER", "WEIGHTS", "load_stories_model", "save_stories_model"]

FOLDER = ARTIFACTS / "stories"
WEIGHTS, TOKENIZER = FOLDER / "weights.safetensors", FOLDER / "tokenizer.json"


def load_stories_model(folder: str | Path | None = None) -> TransformerLM:
    """Devuelve el modelo de los cuentos ya entrenado, en float32, listo para escribir.

    `folder`: dónde están `weights.safetensors` y `tokenizer.json`; si no se da, los que acompañan al
    libro.

    Raises:
        FileNotFoundError: falta alguno de los dos archivos.

    >>> lm = load_stories_model()  # doctest: +SKIP
    >>> generate(lm, "Había una vez", max_new_tokens=5).text  # doctest: +SKIP
    ' un zorro curioso que vivía'
    """
    folder = FOLDER if folder is None else Path(folder)
    for path in (folder / WEIGHTS.name, folder / TOKENIZER.name):
        if not path.exists():
            raise FileNotFoundError(
                f"No está {path.name} en {folder}. Se crea con: python -m tools.train_stories"
            )
    with safe_open(folder / WEIGHTS.name, framework="pt") as file:
        config = TransformerConfig(**json.loads(file.metadata()["config"]))
        state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    model = Transformer(config)
    model.load_state_dict(state | {"head.weight": state["embed.weight"]})
    return as_language_model(model, load_tokenizer(folder / TOKENIZER.name))


def save_stories_model(
    model: Transformer, tokenizer: Tokenizer, folder: str | Path | None = None
) -> None:
    """Guarda los pesos en float16 (safetensors, con su configuración) y el tokenizador.

    `folder`: en qué carpeta; si no se da, la que acompaña al libro.

    Raises:
        ValueError: el modelo no comparte la matriz de entrada y la de salida, que es lo que se guarda.
    """
    if not model.config.tie_word_embeddings:
        raise ValueError(
            "Se esperaba un modelo con tie_word_embeddings=True, como el de la receta."
        )
    folder = FOLDER if folder is None else Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if name != "head.weight"
    }
    save_file(state, folder / WEIGHTS.name, metadata={"config": json.dumps(asdict(model.config))})
    compact = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    (folder / TOKENIZER.name).write_text(compact + "\n", encoding="utf-8")
