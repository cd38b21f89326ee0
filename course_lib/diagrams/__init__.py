"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .prompt_flow import Diagram, Piece, prompt_flow

__all__ = ["Diagram", "Piece", "prompt_flow"]
