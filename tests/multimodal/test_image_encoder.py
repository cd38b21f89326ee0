"""El codificador: igual al paquete que publicó los pesos, y una secuencia de rasgos con su lugar."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

from course_lib.models.encoder_weights import convert_encoder, course_names
from course_lib.multimodal import HuggingFaceEncoder, load_encoder
from course_lib.multimodal.efficientnet import EfficientNetLite0


@pytest.fixture(scope="module")
def published():
    """La red del paquete, con pesos al azar también en lo que una normalización acumula."""
    torch.manual_seed(0)
    network = EfficientNet.from_name("efficientnet-lite0").eval()
    for name, buffer in network.named_buffers():
        if "running" in name:
            buffer.uniform_(0.5, 1.5)
    return network


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


def test_network_equals_the_package(published):
    network = EfficientNetLite0().eval()
    network.load_state_dict(course_names(published.state_dict()))
    pixels = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = published.double().extract_features(pixels.double())
        found = network.double()(pixels.double())
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


def test_conversion_reads_tensors_and_runs_nothing(published, tmp_path):
    torch.save(published.float().state_dict(), tmp_path / "pesos.pth")
    convert_encoder(tmp_path / "pesos.pth", tmp_path)
    EfficientNetLite0().load_state_dict(load_file(tmp_path / "model.safetensors"))

    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "ejecutado"), "w"))

    torch.save({"_fc.bias": Trap()}, tmp_path / "trampa.pth")
    with pytest.raises(pickle.UnpicklingError):
        convert_encoder(tmp_path / "trampa.pth", tmp_path)
    assert not (tmp_path / "ejecutado").exists()


def test_features_are_the_maps_row_by_row(encoder):
    """Cada rasgo es una celda de tres mapas, normalizados por separado, con su fila y su columna encendidas."""
    image = Image.effect_noise((224, 224), 60)
    features = encoder([image])
    assert features.shape == (1, 49, 486) == (1, encoder.num_tokens, encoder.width)
    pixels = torch.from_numpy(np.array(image.convert("RGB"))) / 255
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    with torch.no_grad():
        maps = encoder.network.maps(((pixels - mean) / std).permute(2, 0, 1)[None])
    row, column = 2, 5
    found, start = features[0, 7 * row + column], 0
    for layer, side in ((4, 4), (10, 2), (15, 1)):  # los mapas miden 28, 14 y 7 celdas de lado
        zone = maps[layer][0, :, side * row : side * (row + 1), side * column : side * (column + 1)]
        cell = F.layer_norm(zone.mean(dim=(1, 2)), zone.shape[:1])
        part = found[start : start + len(cell)]
        weight = (472 / (3 * len(cell))) ** 0.5
        torch.testing.assert_close(part, weight * cell, rtol=1e-4, atol=1e-4)
        start += len(cell)
    assert found[472:].nonzero()[:, 0].tolist() == [row, 7 + column]
    assert found[472:].max() == pytest.approx((472 / 14) ** 0.5)  # que se note entre tantos


def test_the_maps_weigh_the_same(encoder):
    cells = encoder([Image.effect_noise((224, 224), 60)])[0, :, :472]
    sizes = [part.square().sum() for part in cells.split([40, 112, 320], dim=-1)]
    assert max(sizes) < 1.01 * min(sizes)


@pytest.mark.parametrize("grid", [7, 4, 2, 1])
def test_fewer_cells(grid):
    small = load_encoder(layers=(16,), grid=grid, places=False)
    assert small([Image.new("RGB", (40, 30))]).shape == (1, grid**2, 1280)


@pytest.mark.parametrize("options", [{"grid": 8}, {"grid": 0}, {"layers": ()}, {"layers": (17,)}])
def test_impossible_options_are_explained(options):
    with pytest.raises(ValueError, match="va de 1 a 7, y layers="):
        load_encoder(**options)


def test_it_does_not_learn(encoder):
    assert not any(p.requires_grad for p in encoder.parameters())
    assert not encoder([Image.new("RGB", (8, 8))]).requires_grad


def test_a_transformers_encoder_has_the_same_shape():
    """Un CLIP diminuto: se deja su primer token, que no es de ninguna celda."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    config = CLIPVisionConfig(**sizes, num_attention_heads=2, image_size=32, patch_size=8)
    crop = {"height": 32, "width": 32}
    processor = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=crop)
    model = CLIPVisionModel(config)
    found = HuggingFaceEncoder(model, processor)
    image = Image.effect_noise((32, 32), 60).convert("RGB")
    features = found([image])
    assert features.shape == (1, 16, 16) == (1, found.num_tokens, found.width)
    given = processor(images=[image], return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        states = model(pixel_values=given, output_hidden_states=True).hidden_states
    torch.testing.assert_close(features, states[-2][:, 1:])
