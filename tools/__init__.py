"""Lo que solo usan autoras, autores y docentes: `python -m tools.NOMBRE`."""
