"""Los dibujos del libro: se escriben desde el código y se ven igual en el sitio, en Jupyter y en Colab."""

from .architecture import architecture
from .attention_flow import attention_flow
from .bars import bar_panels
from .base import Diagram, color, fill, frame, picture
from .compute_plane import compute_plane
from .cuts import Cut, cuts
from .flow import Box, flow
from .head_groups import head_groups
from .mask_grid import mask_grid
from .mask_shapes import mask_shapes
from .memory_bars import memory_bars
from .merge_tree import merge_tree
from .over_time import over_time
from .predict_loop import Prediction, predict_loop
from .prompt_flow import Piece, prompt_flow
from .reading_order import reading_order
from .rotation import rotation
from .search_tree import Branch, search_tree
from .size_scale import size_scale
from .stages import Stage, stages
from .three_steps import three_steps
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
    "architecture",
    "attention_flow",
    "bar_panels",
    "color",
    "compute_plane",
    "cuts",
    "fill",
    "flow",
    "frame",
    "head_groups",
    "mask_grid",
    "mask_shapes",
    "memory_bars",
    "merge_tree",
    "over_time",
    "picture",
    "predict_loop",
    "prompt_flow",
    "reading_order",
    "repeated",
    "rotation",
    "search_tree",
    "side_by_side",
    "size_scale",
    "stages",
    "three_steps",
    "timeline",
    "token_boxes",
    "token_strip",
]
