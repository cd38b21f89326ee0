"""El modelo en un solo archivo para JavaScript: pesos de 8 bits, forma y tokenizador.

El archivo, en orden y con los enteros en *little-endian*:

    4 bytes     «CLM1»
    4 bytes     uint32: largo de la cabecera, H
    H bytes     cabecera: JSON en UTF-8, con espacios al final hasta que los datos empiecen en múltiplo de 4
    …           los tensores, uno tras otro, cada parte alineada a 4 bytes

La cabecera tiene `config` (los campos de `TransformerConfig`), `tokenizer` (`tokens`: los textos de cada id,
con los bytes escritos como en GPT-2; `merges`: pares que se unen, en orden; `bos` y `eos`) y `tensors`: por
cada uno, `name`, `shape`, `dtype` y `offset`, contado desde el final de la cabecera. Si `dtype` es «int8», hay además
`scales`, la posición de un float32 por fila: el peso es `escala · entero`. Si es «float16» o «float32»,
los números están tal cual.

Ref.: Dettmers et al. 2022, arXiv:2208.07339 (cuantización de 8 bits por filas).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...transformer.config import TransformerConfig
from ...transformer.lm import TransformerLM
from ...transformer.model import Transformer

__all__ = ["export", "logit_differences", "read_export"]

MAGIC = b"CLM1"
_DTYPES = {"int8": np.int8, "float16": np.float16, "float32": np.float32}


def export(lm: TransformerLM, path: str | Path, *, bits: int = 8) -> Path:
    """Escribe el modelo `lm` y su tokenizador en `path`, con matrices de 8 o 16 bits, y devuelve la ruta.

    `bits`: 8 guarda enteros con una escala por fila; 16, float16. Las ganancias de las normas van siempre en
    float32. La matriz de salida, si es la misma que la de entrada, se guarda una sola vez.

    Raises:
        ValueError: `bits` no es 8 ni 16, o el modelo no tiene tokenizador.
    """
    if bits not in (8, 16):
        raise ValueError(f"Llegó bits={bits}: este formato guarda las matrices en 8 o en 16 bits.")
    if lm.tokenizer is None:
        raise ValueError(
            "El modelo no tiene tokenizador, y sin él nadie podría escribirle un texto."
        )
    tensors, blobs, offset = [], [], 0
    for name, tensor in _unique_tensors(lm.model):
        entry: dict[str, Any] = {"name": name, "shape": list(tensor.shape)}
        for key, array in _stored(tensor, bits):
            entry |= {"dtype": array.dtype.name} if key == "offset" else {}
            entry[key] = offset
            blob = array.astype(array.dtype.newbyteorder("<")).tobytes()
            blob += b"\0" * (-len(blob) % 4)
            blobs.append(blob)
            offset += len(blob)
        tensors.append(entry)
    header = {
        "config": asdict(lm.model.config),
        "tokenizer": _tokenizer_header(lm.tokenizer),
        "tensors": tensors,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 4)
    path = Path(path)
    partial = path.with_suffix(".tmp")  # entero o nada
    partial.write_bytes(MAGIC + struct.pack("<I", len(text)) + text + b"".join(blobs))
    partial.replace(path)
    return path


def read_export(path: str | Path) -> tuple[dict[str, Any], Transformer]:
    """Devuelve la cabecera y un Transformer con los pesos del archivo, ya vueltos a float32.

    Raises:
        ValueError: el archivo no es de este formato.
    """
    data = Path(path).read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{Path(path).name} no empieza por «CLM1»: no lo escribió `export`.")
    (length,) = struct.unpack("<I", data[4:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    model = Transformer(TransformerConfig(**header["config"]))
    state = {entry["name"]: _restored(entry, body) for entry in header["tensors"]}
    if model.config.tie_word_embeddings:
        state["head.weight"] = state["embed.weight"]
    model.load_state_dict(state)
    return header, model.eval()


@torch.no_grad()
def logit_differences(
    lm: TransformerLM, other: Transformer, texts: Sequence[str]
) -> dict[str, float]:
    """Devuelve cuánto cambian los logits de `other` frente a los de `lm` en esos textos.

    `max` y `mean`: diferencia absoluta mayor y media; `std`: desviación de los logits originales, para
    comparar; `same_top`: en qué fracción de las posiciones el token más probable es el mismo; `loss` y
    `other_loss`: pérdidas en nats por token.
    """
    rows = [torch.tensor([lm.encode(text)]) for text in texts]
    top, count, worst, total, values, losses = 0, 0, 0.0, 0.0, [], [0.0, 0.0]
    for ids in rows:
        pair = [model(ids)[0, :-1].float() for model in (lm.model, other)]  # (T - 1, V) cada uno
        difference = (pair[0] - pair[1]).abs()
        worst, total = max(worst, difference.max().item()), total + difference.mean(-1).sum().item()
        top += int((pair[0].argmax(-1) == pair[1].argmax(-1)).sum())
        count += len(difference)
        values.append(pair[0].flatten())
        for i, logits in enumerate(pair):
            losses[i] -= logits.log_softmax(-1).gather(-1, ids[0, 1:, None]).sum().item()
    return {
        "max": worst,
        "mean": total / count,
        "std": torch.cat(values).std().item(),
        "same_top": top / count,
        "loss": losses[0] / count,
        "other_loss": losses[1] / count,
    }


def _unique_tensors(model: Transformer) -> list[tuple[str, Tensor]]:
    return [
        (name, tensor.detach().float().cpu())
        for name, tensor in model.state_dict().items()
        if not (name == "head.weight" and model.config.tie_word_embeddings)
    ]


def _stored(tensor: Tensor, bits: int) -> list[tuple[str, np.ndarray]]:
    """Las partes de un tensor: («offset», números) y, si son enteros, («scales», una por fila)."""
    if tensor.dim() == 1:
        return [("offset", tensor.numpy())]
    if bits == 16:
        return [("offset", tensor.numpy().astype(np.float16))]
    scales = (tensor.abs().amax(1) / 127).clamp_min(1e-12)  # (filas,)
    integers = (tensor / scales[:, None]).round().to(torch.int8)
    return [("offset", integers.numpy()), ("scales", scales.numpy())]


def _restored(entry: dict[str, Any], body: bytes) -> Tensor:
    shape = entry["shape"]
    dtype = np.dtype(_DTYPES[entry["dtype"]]).newbyteorder("<")
    numbers = np.frombuffer(body, dtype, count=int(np.prod(shape)), offset=entry["offset"])
    tensor = torch.from_numpy(numbers.astype(np.float32).reshape(shape))
    if entry["dtype"] == "int8":
        scales = np.frombuffer(body, "<f4", count=shape[0], offset=entry["scales"])
        tensor = tensor * torch.from_numpy(scales.astype(np.float32))[:, None]
    return tensor


def _tokenizer_header(tokenizer: Any) -> dict[str, Any]:
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    vocab = state["model"]["vocab"]
    return {
        "tokens": sorted(vocab, key=vocab.__getitem__),
        "merges": state["model"]["merges"],
        "bos": tokenizer.bos_token_id,
        "eos": tokenizer.eos_token_id,
    }
