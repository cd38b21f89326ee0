"""Paquete del curso: modelos reales, decodificación, prompting y laboratorios, para leer y ejecutar.

`import course_lib` es instantáneo: no carga torch, transformers, ipywidgets ni matplotlib.
"""

__version__ = "0.1.0"
