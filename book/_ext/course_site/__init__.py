"""Lo que el sitio del curso agrega a Sphinx: español completo, botones y respaldo sin JavaScript."""

from course_site import accessibility, bibliography, fallback, repository, spanish


def setup(app):
    for part in (spanish, repository, bibliography, fallback, accessibility):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
