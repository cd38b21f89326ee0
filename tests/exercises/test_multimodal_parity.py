"""Las referencias de los ejercicios son las mismas reglas que usan el curso y PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.exercises import multimodal as ej
from course_lib.multimodal.image_encoder import EfficientNetEncoder
from course_lib.multimodal.projector import LinearProjector


def drawn(exercise, seeds=20):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


class Fixed(nn.Module):
    """Una red de un solo mapa de rasgos, siempre el mismo."""

    def __init__(self, features):
        super().__init__()
        self.features, self.channels = features, [features.shape[1]]

    def maps(self, pixels):
        return [self.features]


def test_the_sequence_of_the_encoder():
    features = torch.randn(2, 12, 7, 7, generator=torch.Generator().manual_seed(0))
    encoder = EfficientNetEncoder(Fixed(features), layers=(0,), grid=7, places=False)
    theirs = encoder.features(torch.zeros(2, 224, 224, 3, dtype=torch.uint8))
    ours = F.layer_norm(ej.feature_map_to_tokens.reference(features), (12,))
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_the_smaller_grid_of_the_encoder():
    """Con `grid`, el codificador promedia bloques, que son cuadrados e iguales si el lado se divide justo."""
    for tokens, side, new_side in drawn(ej.pool_tokens):
        grid = tokens.transpose(1, 2).unflatten(2, (side, side))
        theirs = F.adaptive_avg_pool2d(grid, new_side).flatten(2).transpose(1, 2)
        assert torch.allclose(ej.pool_tokens.reference(tokens, side, new_side), theirs, atol=1e-5)


@torch.no_grad()
def test_the_projector_of_the_course():
    for features, weight, bias in drawn(ej.project):
        projector = LinearProjector(*weight.shape)
        projector.layers.weight.copy_(weight.T)
        projector.layers.bias.copy_(bias)
        ours = ej.project.reference(features, weight, bias)
        assert torch.allclose(ours, projector(features), rtol=1e-5, atol=1e-5)


def test_the_masked_scatter_of_transformers():
    for text, ids, visual, image_id in drawn(ej.fuse):
        mask = (ids == image_id)[:, None].expand_as(text)
        assert torch.equal(
            ej.fuse.reference(text, ids, visual, image_id), text.masked_scatter(mask, visual)
        )


def test_the_loss_of_torch():
    for logits, ids, num_visual, start in drawn(ej.answer_loss):
        labels = torch.cat([torch.full((num_visual,), -100), ids])
        labels[: num_visual + start] = -100
        theirs = F.cross_entropy(logits[:-1], labels[1:])
        ours = ej.answer_loss.reference(logits, ids, num_visual, start)
        assert torch.allclose(ours, theirs, rtol=1e-5)
