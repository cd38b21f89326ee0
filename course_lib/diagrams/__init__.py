"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .base import Diagram, color, fill, frame, picture
from .flow import Box, flow
from .merge_tree import merge_tree
from .predict_loop import Prediction, predict_loop
from .prompt_flow import Piece, prompt_flow
from .stages import Stage, stages
from .three_steps import three_steps
from .timeline import Event, timeline
from .token_boxes import token_boxes
from .token_strip import token_strip

__all__ = [
    "Box",
    "Diagram",
    "Event",
    "Piece",
    "Prediction",
    "Stage",
    "color",
    "fill",
    "flow",
    "frame",
    "merge_tree",
    "picture",
    "predict_loop",
    "prompt_flow",
    "stages",
    "three_steps",
    "timeline",
    "token_boxes",
    "token_strip",
]
