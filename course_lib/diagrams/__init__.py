"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .bars import bar_panels
from .base import Diagram, color, fill, frame, picture
from .cuts import Cut, cuts
from .flow import Box, flow
from .over_time import over_time
from .prompt_flow import Piece, prompt_flow
from .search_tree import Branch, search_tree
from .stages import Stage, stages
from .token_strip import token_strip
from .written import Written, repeated, side_by_side

__all__ = [
    "Box",
    "Branch",
    "Cut",
    "Diagram",
    "Piece",
    "Stage",
    "Written",
    "bar_panels",
    "color",
    "cuts",
    "fill",
    "flow",
    "frame",
    "over_time",
    "picture",
    "prompt_flow",
    "repeated",
    "search_tree",
    "side_by_side",
    "stages",
    "token_strip",
]
