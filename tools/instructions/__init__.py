"""El conjunto de instrucciones: las tablas, los tipos de tarea y lo que comprueba cada ejemplo.

    python -m tools.instructions            # escribe course_lib/data/instrucciones_generadas.jsonl
    python -m tools.instructions --check    # comprueba cada ejemplo y que el archivo es el que sale

Los ejemplos curados no salen de aquí: se escribieron uno a uno en `instrucciones_curadas.jsonl`.
"""

from .held_out import KINDS as HELD_OUT
from .rewriting import KINDS as REWRITING
from .vocabulary import KINDS as VOCABULARY
from .writing import KINDS as WRITING

__all__ = ["KINDS"]

KINDS = (*VOCABULARY, *REWRITING, *WRITING, *HELD_OUT)
