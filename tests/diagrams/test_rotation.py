"""La aguja apunta adonde giran las coordenadas de verdad."""

from __future__ import annotations

import pytest
import torch
from bs4 import BeautifulSoup

from course_lib.diagrams import rotation
from course_lib.transformer import apply_rotary, rotary_angles


def test_the_hand_points_where_the_pair_goes():
    positions = [0, 1, 5]
    angles = rotary_angles(torch.tensor(positions), head_dim=4, theta=50.0)  # (3, 2)
    drawn = rotation({f"par {i}": angles[:, i].tolist() for i in (0, 1)}, positions, title="Giros")
    page = BeautifulSoup(drawn._repr_html_(), "html.parser")
    start = torch.tensor([1.0, 1.0, 0.0, 0.0]).expand(1, 1, 3, 4)
    turned = apply_rotary(start, angles)[0, 0]  # (3, 4): el par i es (i, i + 2)
    clocks = list(zip(page.find_all("circle"), page.find_all("polygon"), strict=True))
    for k, (circle, hand) in enumerate(clocks):
        i, j = divmod(k, 3)
        tip = [float(v) for v in hand["points"].split()[0].split(",")]
        radius = float(circle["r"])
        x, y = (tip[0] - float(circle["cx"])) / radius, (float(circle["cy"]) - tip[1]) / radius
        assert (x, y) == pytest.approx((turned[j, i].item(), turned[j, i + 2].item()), abs=0.01)


def test_the_alternative_gives_degrees():
    said = repr(rotation({"lento": [0.0, 0.5]}, [0, 3], title="Giros"))
    assert "lento: 0° en la posición 0, 29° en la posición 3." in said


@pytest.mark.parametrize(
    ("angles", "positions"), [({}, [0]), ({"a": [0.0]}, [0, 1]), ({"a": [0.0] * 6}, range(6))]
)
def test_one_angle_per_position(angles, positions):
    with pytest.raises(ValueError, match="un ángulo por posición"):
        rotation(angles, positions, title="Giros")
