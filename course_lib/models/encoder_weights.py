"""Los pesos del codificador de imágenes: del .pth publicado a safetensors, con los nombres que usa el curso."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["convert_encoder", "course_names"]

# cómo llama cada capa el archivo publicado
_OUTER_PARTS = {"_conv_stem": "stem", "_bn0": "stem", "_conv_head": "head", "_bn1": "head"}
_BLOCK_PARTS = {"_expand_conv": "expand", "_bn0": "expand", "_depthwise_conv": "depthwise"}
_BLOCK_PARTS |= {"_bn1": "depthwise", "_project_conv": "project", "_bn2": "project"}


def convert_encoder(pth: Path, target: Path) -> None:
    """Escribe en `target` los pesos de `pth`, que es un pickle: solo se leen tensores, y no se ejecuta nada."""
    import torch
    from safetensors.torch import save_file

    weights = torch.load(pth, map_location="cpu", weights_only=True)
    ready = {name: tensor.contiguous() for name, tensor in course_names(weights).items()}
    save_file(ready, target / "model.safetensors")


def course_names(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Devuelve los pesos publicados con los nombres de esta clase; la última capa, que clasifica, se deja.

    >>> import torch
    >>> tensor = torch.ones(1)
    >>> list(course_names({"_blocks.3._bn2.bias": tensor, "_fc.bias": tensor}))
    ['blocks.3.project.norm.bias']
    """
    renamed = {}
    for name, tensor in weights.items():
        *where, layer, what = name.split(".")
        parts = _BLOCK_PARTS if where else _OUTER_PARTS
        if layer in parts:
            path = [*(["blocks", where[1]] if where else []), parts[layer]]
            kind = "norm" if layer.startswith("_bn") else "conv"
            renamed[".".join([*path, kind, what])] = tensor
    return renamed
