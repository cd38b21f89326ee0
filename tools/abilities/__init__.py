"""Lo que mide el capítulo 4: qué tareas, a qué modelos y cómo se les pregunta."""
