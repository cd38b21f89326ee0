"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .architecture import architecture
from .attention_flow import attention_flow
from .base import Diagram, color, fill, frame, picture
from .flow import Box, flow
from .head_groups import head_groups
from .mask_grid import mask_grid
from .mask_shapes import mask_shapes
from .merge_tree import merge_tree
from .predict_loop import Prediction, predict_loop
from .prompt_flow import Piece, prompt_flow
from .reading_order import reading_order
from .rotation import rotation
from .stages import Stage, stages
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
    "architecture",
    "attention_flow",
    "color",
    "fill",
    "flow",
    "frame",
    "head_groups",
    "mask_grid",
    "mask_shapes",
    "merge_tree",
    "picture",
    "predict_loop",
    "prompt_flow",
    "reading_order",
    "rotation",
    "stages",
    "timeline",
    "token_boxes",
    "token_strip",
]
