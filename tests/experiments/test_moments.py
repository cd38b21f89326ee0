"""Mirar un modelo mientras aprende: cuántas veces, cuándo y sin perderse el final."""

from __future__ import annotations

import pytest

from course_lib.experiments.moments import watcher


@pytest.mark.parametrize(("steps", "moments"), [(1500, 10), (750, 30), (30, 30), (7, 3), (10, 1)])
def test_moments_are_even_and_reach_the_end(steps, moments):
    curve, calls = [], []
    watch = watcher(
        curve,
        lambda: {"seen": len(calls)},
        steps=steps,
        moments=moments,
        on_step=lambda: calls.append(1),
    )
    for _ in range(steps):
        watch()
    found = [point["step"] for point in curve]
    assert len(found) == moments and found[-1] == steps == len(calls)
    gaps = [b - a for a, b in zip([0, *found], found, strict=False)]
    assert max(gaps) - min(gaps) <= 1
    # se mira después del lote y antes de avisar de él
    assert all(point["seen"] == point["step"] - 1 for point in curve)
