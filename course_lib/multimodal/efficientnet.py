"""EfficientNet-Lite0: una red de convoluciones que convierte una imagen en un mapa de rasgos de 7×7.

    imagen (3, 224, 224) ──tallo──▶ (32, 112, 112) ──16 bloques──▶ (320, 7, 7) ──cabeza──▶ (1280, 7, 7)

Cada convolución mira una vecindad pequeña; las que avanzan de a 2 reducen el mapa a la mitad. Tras cinco de ellas,
cada celda resume una zona grande de la imagen. Ref.: Tan y Le 2019, arXiv:1905.11946, sin los módulos de
atención por canal ni otra función que ReLU6, que es lo que distingue a la versión «Lite».
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["FEATURES", "EfficientNetLite0"]

FEATURES = 1280  # canales del mapa que sale
# una columna por etapa: tamaño del filtro, paso, factor de ensanche, canales que salen y cuántos bloques
_KERNELS, _STRIDES = (3, 3, 5, 3, 5, 5, 3), (1, 2, 2, 2, 1, 2, 1)
_RATIOS, _CHANNELS = (1, 6, 6, 6, 6, 6, 6), (16, 24, 40, 80, 112, 192, 320)
_STAGES = tuple(zip(_KERNELS, _STRIDES, _RATIOS, _CHANNELS, (1, 2, 2, 3, 3, 4, 1), strict=True))


class ConvNorm(nn.Module):
    """Una convolución, con el borde relleno como en TensorFlow, y la normalización de cada canal."""

    def __init__(
        self, inside: int, out: int, kernel: int = 1, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside, out, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(out, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve (B, out, ⌈H/paso⌉, ⌈W/paso⌉), de x (B, C, H, W)."""
        kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
        missing = kernel - (stride if x.shape[-1] % stride == 0 else x.shape[-1] % stride)
        before, after = missing // 2, missing - missing // 2
        found: Tensor = self.norm(self.conv(F.pad(x, (before, after, before, after))))
        return found


class InvertedResidual(nn.Module):
    """Ensanchar los canales, mezclar vecinos canal por canal y volver a estrechar; si cabe, se suma lo que entró."""

    def __init__(self, inside: int, out: int, kernel: int, stride: int, ratio: int) -> None:
        super().__init__()
        wide = inside * ratio
        self.expand = ConvNorm(inside, wide) if ratio > 1 else nn.Identity()
        self.depthwise = ConvNorm(wide, wide, kernel, stride, groups=wide)
        self.project = ConvNorm(wide, out)
        self.residual = stride == 1 and inside == out

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve (B, out, ⌈H/paso⌉, ⌈W/paso⌉), de x (B, C, H, W). ReLU6 recorta entre 0 y 6."""
        new: Tensor = self.project(F.relu6(self.depthwise(F.relu6(self.expand(x)))))
        return x + new if self.residual else new


class EfficientNetLite0(nn.Module):
    """La red entera, sin la capa que clasifica. `channels`: cuántos canales tiene cada mapa de `maps`."""

    def __init__(self) -> None:
        super().__init__()
        blocks, inside = list[nn.Module](), 32
        self.channels = list[int]()
        for kernel, stride, ratio, out, repeats in _STAGES:
            for i in range(repeats):
                blocks.append(InvertedResidual(inside, out, kernel, stride if i == 0 else 1, ratio))
                self.channels.append(out)
                inside = out
        self.stem = ConvNorm(3, 32, 3, 2)
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvNorm(inside, FEATURES)
        self.channels.append(FEATURES)

    def maps(self, x: Tensor) -> list[Tensor]:
        """Devuelve el mapa que sale de cada uno de los 16 bloques y, al final, el de la cabeza; x (B, 3, H, W)."""
        x, found = F.relu6(self.stem(x)), list[Tensor]()
        for block in self.blocks:
            x = block(x)
            found.append(x)
        return [*found, F.relu6(self.head(x))]

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve el último mapa, (B, 1280, ⌈H/32⌉, ⌈W/32⌉), de las imágenes x (B, 3, H, W)."""
        return self.maps(x)[-1]
