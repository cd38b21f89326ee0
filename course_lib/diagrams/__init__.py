"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .prompt_flow import Diagram, Piece, prompt_flow
from .stages import Stage, stages
from .token_strip import token_strip

__all__ = ["Diagram", "Piece", "Stage", "prompt_flow", "stages", "token_strip"]
