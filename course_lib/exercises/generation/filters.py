"""Propiedades que cumple todo filtro de puntajes."""

from course_lib.exercises.core.exercise import Property

__all__ = ["kept_values_unchanged", "removed_are_minus_infinity"]

INF = float("inf")


def _changed(filtered, scores, *_):
    wrong = (filtered > -INF) & ((filtered - scores).abs() > 1e-5)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    before, after = scores[row, token], filtered[row, token]
    return f"El puntaje del token {token} (fila {row}) pasó de {before:.3g} a {after:.3g}."


def _infinite(filtered, scores, *_):
    return "Algún puntaje quedó en +∞." if (filtered == INF).any() else None


def kept_values_unchanged():
    """Propiedad: lo que no se elimina conserva su puntaje."""
    idea = "Un filtro decide quién se va; los puntajes de los que se quedan no cambian."
    return Property("Los puntajes conservados no cambian", idea, _changed)


def removed_are_minus_infinity():
    """Propiedad: ningún puntaje queda en más infinito."""
    idea = "Eliminar es poner −∞: así el softmax le da probabilidad 0."
    return Property("Eliminar es −∞", idea, _infinite)
