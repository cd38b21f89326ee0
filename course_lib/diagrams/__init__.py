"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .bars import bar_panels
from .base import Diagram, color, fill, frame, picture
from .cuts import Cut, cuts
from .flow import Box, flow
from .merge_tree import merge_tree
from .over_time import over_time
from .predict_loop import Prediction, predict_loop
from .prompt_flow import Piece, prompt_flow
from .search_tree import Branch, search_tree
from .stages import Stage, stages
from .timeline import Event, timeline
from .token_boxes import token_boxes
from .token_strip import token_strip
from .written import Written, repeated, side_by_side

__all__ = [
    "Box",
    "Branch",
    "Cut",
    "Diagram",
    "Event",
    "Piece",
    "Prediction",
    "Stage",
    "Written",
    "bar_panels",
    "color",
    "cuts",
    "fill",
    "flow",
    "frame",
    "merge_tree",
    "over_time",
    "picture",
    "predict_loop",
    "prompt_flow",
    "repeated",
    "search_tree",
    "side_by_side",
    "stages",
    "timeline",
    "token_boxes",
    "token_strip",
]
