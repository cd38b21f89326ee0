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
# por etapa: tamaño del filtro, paso, factor de ensanche, canales que salen y cuántos bloques
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


class ConvNorm(nn.Module):
    """Convolución, normalización por canal y, salvo que se diga otra cosa, ReLU6 (recorta entre 0 y 6)."""

    def __init__(
        self,
        inside: int,
        out: int,
        kernel: int = 1,
        stride: int = 1,
        *,
        groups: int = 1,
        relu: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside, out, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(out, eps=1e-3)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve (B, out, ⌈H/paso⌉, ⌈W/paso⌉), de x (B, C, H, W)."""
        kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
        missing = kernel - (stride if x.shape[-1] % stride == 0 else x.shape[-1] % stride)
        before, after = missing // 2, missing - missing // 2  # el borde, como en TensorFlow
        x = self.norm(self.conv(F.pad(x, (before, after, before, after))))
        return F.relu6(x) if self.relu else x


class InvertedResidual(nn.Module):
    """Ensanchar los canales, mezclar vecinos canal por canal y volver a estrechar; si cabe, se suma lo que entró."""

    def __init__(self, inside: int, out: int, kernel: int, stride: int, ratio: int) -> None:
        super().__init__()
        wide = inside * ratio
        self.expand = ConvNorm(inside, wide) if ratio > 1 else nn.Identity()
        self.depthwise = ConvNorm(wide, wide, kernel, stride, groups=wide)
        self.project = ConvNorm(wide, out, relu=False)
        self.residual = stride == 1 and inside == out

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve (B, out, ⌈H/paso⌉, ⌈W/paso⌉), de x (B, C, H, W)."""
        new: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + new if self.residual else new


class EfficientNetLite0(nn.Module):
    """El mapa de rasgos de la red: imagen (B, 3, 224, 224) ya normalizada → (B, 1280, 7, 7)."""

    def __init__(self) -> None:
        super().__init__()
        blocks, inside = list[nn.Module](), 32
        for kernel, stride, ratio, out, repeats in _STAGES:
            for i in range(repeats):
                blocks.append(InvertedResidual(inside, out, kernel, stride if i == 0 else 1, ratio))
                inside = out
        self.stem = ConvNorm(3, 32, 3, 2)
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvNorm(inside, FEATURES)

    def forward(self, x: Tensor) -> Tensor:
        """Devuelve el mapa de rasgos, (B, 1280, ⌈H/32⌉, ⌈W/32⌉), de las imágenes x (B, 3, H, W)."""
        features: Tensor = self.head(self.blocks(self.stem(x)))
        return features
