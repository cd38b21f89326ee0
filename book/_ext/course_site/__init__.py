"""Lo que el sitio del curso agrega a Sphinx: español completo, botones, dibujos, respaldo sin JavaScript y pesos."""

from course_site import (
    accessibility,
    bibliography,
    fallback,
    inpage,
    pictures,
    repository,
    spanish,
    trimming,
    weights,
)

PARTS = (
    spanish,
    repository,
    bibliography,
    fallback,
    pictures,
    accessibility,
    trimming,
    weights,
    inpage,
)


def setup(app):
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
