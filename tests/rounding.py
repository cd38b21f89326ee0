"""Cuánto pueden diferir, en float32, dos procesadores que hacen las mismas cuentas en otro orden."""

from __future__ import annotations

import math

LOGIT = 64.0  # el mayor logit, en valor absoluto, que dan los modelos pequeños del curso
PRODUCTS = 2048  # los que suma cada neurona del MLP, lo más ancho que tienen
UNIT = 2.0**-24  # el redondeo relativo de float32


def logprob_bound(steps: int = 1) -> float:
    """La cota de la diferencia en una suma de `steps` log-probabilidades de un modelo real.

    El error de sumar n productos crece como √n unidades de redondeo, relativas a lo que se suma.
    """
    return steps * LOGIT * math.sqrt(PRODUCTS) * UNIT
