"""De una imagen a una secuencia de rasgos: uno por celda de una cuadrícula, leídos fila por fila.

    imagen ──red──▶ mapa (C, 7, 7) ──aplanar──▶ 49 rasgos de ancho C, más la fila y la columna de cada uno

La red se entrenó para otra cosa (reconocer fotografías) y aquí no cambia.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..images import square
from .efficientnet import EfficientNetLite0

__all__ = ["EfficientNetEncoder", "HuggingFaceEncoder", "ImageEncoder", "load_encoder"]

_MEAN, _STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])  # ImageNet


class ImageEncoder(nn.Module, ABC):
    """Lo que hace falta de un codificador: cuántos rasgos da, de qué ancho, y darlos."""

    num_tokens: int  # N
    width: int  # C, lo que mide cada rasgo
    size: int = 224  # píxeles de lado con que mira

    @torch.no_grad()
    def forward(self, images: Sequence[Any]) -> Tensor:
        """Devuelve los rasgos de las imágenes, (B, N, C). `images`: lo que acepta `images.square`."""
        pixels = torch.stack([torch.from_numpy(np.array(square(i, self.size))) for i in images])
        return self.features(pixels.to(next(self.parameters(), pixels).device))

    @abstractmethod
    def features(self, pixels: Tensor) -> Tensor:
        """Devuelve (B, N, C) de los píxeles (B, size, size, 3), enteros de 0 a 255."""


class EfficientNetEncoder(ImageEncoder):
    """EfficientNet-Lite0, mirada a varias alturas: los mapas `layers` (0 a 15, sus bloques; 16, su cabeza).

    Cada mapa se promedia hasta `grid` × `grid` celdas, se normaliza (media 0, varianza 1) y pesa lo mismo que los
    demás. Una convolución no sabe en qué celda está: con `places`, el rasgo lleva además su fila y su columna, una
    casilla encendida entre `grid` para cada una.
    """

    def __init__(
        self, network: EfficientNetLite0, layers: Sequence[int], grid: int, places: bool
    ) -> None:
        super().__init__()
        if not 1 <= grid <= 7 or not layers or not set(layers) <= set(range(17)):
            raise ValueError(f"grid={grid} va de 1 a 7, y layers={layers}, al menos uno de 0 a 16.")
        self.network, self.layers, self.grid, self.places = network, tuple(layers), grid, places
        self.channels = sum(network.channels[i] for i in layers)
        self.num_tokens, self.width = grid * grid, self.channels + 2 * grid * places

    def features(self, pixels: Tensor) -> Tensor:
        """Devuelve (B, N, C) de los píxeles (B, size, size, 3), enteros de 0 a 255."""
        maps = self.maps(pixels)
        cells = torch.cat([self._cells(maps[i]) for i in self.layers], dim=-1)  # (B, N, canales)
        if not self.places:
            return cells
        place = torch.eye(self.grid, device=cells.device)
        where = [place.repeat_interleave(self.grid, dim=0), place.repeat(self.grid, 1)]
        strength = (self.channels / (2 * self.grid)) ** 0.5  # que se note entre tantos números
        marks = strength * torch.cat(where, dim=-1)
        return torch.cat([cells, marks.expand(len(cells), -1, -1)], dim=-1)

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """Devuelve los 17 mapas de la red, (B, c, h, w) cada uno, de los píxeles (B, size, size, 3)."""
        scaled = (pixels.float() / 255 - _MEAN.to(pixels.device)) / _STD.to(pixels.device)
        return self.network.maps(scaled.permute(0, 3, 1, 2))

    def _cells(self, grid: Tensor) -> Tensor:
        """Un mapa (B, c, h, w) como celdas (B, N, c), fila por fila."""
        cells = F.adaptive_avg_pool2d(grid, self.grid).flatten(2).transpose(1, 2)
        share = self.channels / (len(self.layers) * cells.shape[-1])  # los mapas pesan lo mismo
        normal: Tensor = share**0.5 * F.layer_norm(cells, cells.shape[-1:])
        return normal


class HuggingFaceEncoder(ImageEncoder):
    """Un modelo de visión de transformers (SigLIP, CLIP…), con su `image_processor`, para una GPU.

    Se usa la penúltima capa, como en LLaVA, y sin el primer token si el modelo agrega uno (CLIP).
    """

    def __init__(self, model: Any, processor: Any) -> None:
        super().__init__()
        self.model, self.processor = model.eval(), processor
        config = model.config
        self.size, self.width = config.image_size, config.hidden_size
        self.num_tokens = (config.image_size // config.patch_size) ** 2

    def features(self, pixels: Tensor) -> Tensor:
        """Devuelve (B, N, C) de los píxeles (B, size, size, 3), enteros de 0 a 255."""
        ready = self.processor(images=list(pixels.cpu().numpy()), return_tensors="pt")
        given = ready["pixel_values"].to(self.model.device, self.model.dtype)
        states: Tensor = self.model(pixel_values=given, output_hidden_states=True).hidden_states[-2]
        return states[:, -self.num_tokens :].float()


def load_encoder(
    *, layers: Sequence[int] = (4, 10, 15), grid: int = 7, places: bool = True
) -> EfficientNetEncoder:
    """Devuelve EfficientNet-Lite0 con sus pesos (17 MB, la primera vez); `layers`, `grid` y `places`, como ahí."""
    from safetensors.torch import load_file

    from ..models import ensure

    network = EfficientNetLite0()
    network.load_state_dict(load_file(ensure("efficientnet-lite0") / "model.safetensors"))
    return EfficientNetEncoder(network, layers, grid, places).eval().requires_grad_(False)
