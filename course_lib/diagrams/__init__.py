"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .base import Diagram, color, fill, frame, picture
from .flow import Box, flow
from .prompt_flow import Piece, prompt_flow
from .stages import Stage, stages
from .token_strip import token_strip

__all__ = [
    "Box",
    "Diagram",
    "Piece",
    "Stage",
    "color",
    "fill",
    "flow",
    "frame",
    "picture",
    "prompt_flow",
    "stages",
    "token_strip",
]
