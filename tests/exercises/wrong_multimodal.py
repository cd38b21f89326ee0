"""Respuestas equivocadas de `07_multimodalidad`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch
from torch import nn

from tests.exercises.wrong_multimodal_text import WRONG as TEXT


def map_reshape(features):
    return features.reshape(features.shape[0], -1, features.shape[1])


def map_double_loop_by_columns(features):
    tokens = []
    for w in range(features.shape[3]):
        for h in range(features.shape[2]):
            tokens.append(features[:, :, h, w])
    return torch.stack(tokens, dim=1)


def map_flattens_only(features):
    B, C, H, W = features.shape
    return features.reshape(B, C, H * W)


def map_moveaxis_only(features):
    return torch.moveaxis(features, 1, -1)


def map_without_a_batch(features):
    B, C, H, W = features.shape
    return features.permute(0, 2, 3, 1).reshape(B * H * W, C)


def map_first_image(features):
    image = features[0]
    C, H, W = image.shape
    return torch.stack([image[:, h, w] for h in range(H) for w in range(W)])


def map_stacks_on_axis_zero(features):
    C, H, W = features.shape[1:]
    return torch.stack([features[:, :, i // W, i % W] for i in range(H * W)])


def map_global_average(features):
    return nn.functional.adaptive_avg_pool2d(features, 1).flatten(1)


def map_square_grid(features):
    side = features.shape[-1]
    return torch.stack([features[:, :, i // side, i % side] for i in range(side * side)], 1)


def map_integers(features):
    B, C, H, W = features.shape
    tokens = torch.zeros(B, H * W, C, dtype=torch.long)
    for i in range(H * W):
        tokens[:, i] = features[:, :, i // W, i % W]
    return tokens


def project_functional_linear(features, weight, bias):
    return nn.functional.linear(features, weight, bias)


def project_forgets_the_bias(features, weight, bias):
    return torch.einsum("bnc,cd->bnd", features, weight)


def project_subtracts(features, weight, bias):
    out = torch.matmul(features, weight)
    return out - bias


def project_bias_first(features, weight, bias):
    shifted = features + bias
    return torch.matmul(shifted, weight)


def project_pools(features, weight, bias):
    image = features.sum(dim=1) / features.shape[1]
    return torch.addmm(bias, image, weight)


def project_concatenates(features, weight, bias):
    flat = features.reshape(features.shape[0], -1)
    return torch.mm(flat, weight) + bias


def project_gelu(features, weight, bias):
    hidden = torch.matmul(features, weight) + bias
    return hidden * 0.5 * (1 + torch.erf(hidden / 2**0.5))


def project_clamped(features, weight, bias):
    hidden = torch.matmul(features, weight) + bias
    return torch.maximum(hidden, torch.zeros_like(hidden))


def project_only_one_image(features, weight, bias):
    return (features[0] @ weight + bias).unsqueeze(0)


def project_in_place(features, weight, bias):
    weight += bias
    return features @ weight


def project_untrained(features, weight, bias):
    return nn.Linear(*weight.shape)(features)


def pool_chunks(tokens, side, new_side):
    pieces = tokens.chunk(new_side**2, dim=1)
    return torch.stack([piece.mean(dim=1) for piece in pieces], dim=1)


def pool_dilated(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.reshape(B, side, side, C)
    out = [
        grid[:, i::new_side, j::new_side].mean(dim=(1, 2))
        for i in range(new_side)
        for j in range(new_side)
    ]
    return torch.stack(out, dim=1)


def pool_every_other(tokens, side, new_side):
    k = side // new_side
    keep = [i * side + j for i in range(0, side, k) for j in range(0, side, k)]
    return tokens[:, keep]


def pool_forgets_to_transpose(tokens, side, new_side):
    B, N, C = tokens.shape
    grid = tokens.view(B, C, side, side)
    small = nn.functional.avg_pool2d(grid, side // new_side)
    return small.flatten(2).transpose(1, 2)


def pool_leaves_channels_first(tokens, side, new_side):
    B, N, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return nn.functional.avg_pool2d(grid, side // new_side).flatten(2)


def pool_kernel_is_new_side(tokens, side, new_side):
    B, N, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return nn.functional.avg_pool2d(grid, new_side).flatten(2).transpose(1, 2)


def pool_max(tokens, side, new_side):
    B, N, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return nn.functional.max_pool2d(grid, side // new_side).flatten(2).transpose(1, 2)


def pool_by_columns(tokens, side, new_side):
    grid, k = tokens.reshape(len(tokens), side, side, -1), side // new_side
    out = []
    for j in range(new_side):
        for i in range(new_side):
            out.append(grid[:, i * k : (i + 1) * k, j * k : (j + 1) * k].mean(dim=(1, 2)))
    return torch.stack(out, dim=1)


def pool_sums_the_block(tokens, side, new_side):
    grid, k = tokens.reshape(len(tokens), side, side, -1), side // new_side
    rows = torch.stack([grid[:, i * k : (i + 1) * k].sum(1) for i in range(new_side)], 1)
    cells = torch.stack([rows[:, :, j * k : (j + 1) * k].sum(2) for j in range(new_side)], 2)
    return cells.flatten(1, 2)


def pool_float_block(tokens, side, new_side):
    k = side / new_side
    return tokens.reshape(len(tokens), new_side, k, new_side, k, -1).mean(dim=(2, 4))


def attention_from_zero(attention, num_visual, side):
    row = attention.mean(1).mean(0)[-1]
    return row[:num_visual].view(side, side)


def attention_by_columns(attention, num_visual, side):
    mean = attention.flatten(0, 1).mean(0)
    return mean[1 : num_visual + 1, -1].view(side, side)


def attention_columns_of_the_map(attention, num_visual, side):
    row = attention.mean(1).mean(0)[-1]
    out = torch.zeros(side, side)
    for cell in range(num_visual):
        out[cell % side, cell // side] = row[1 + cell]
    return out


def attention_sums_to_one(attention, num_visual, side):
    row = attention.mean(1).mean(0)[-1, 1 : num_visual + 1]
    row = row / row.sum()
    return row.view(side, side)


def attention_total(attention, num_visual, side):
    out = torch.zeros(side, side)
    for layer in attention:
        for head in layer:
            out += head[-1, 1 : num_visual + 1].view(side, side)
    return out


def attention_sums_heads(attention, num_visual, side):
    row = attention.sum(dim=1).mean(dim=0)[-1]
    return row[1 : num_visual + 1].view(side, side)


def attention_final_layer(attention, num_visual, side):
    return attention[-1, :, -1, 1 : num_visual + 1].mean(0).view(side, side)


def attention_all_the_queries(attention, num_visual, side):
    return attention.mean(dim=[0, 1, 2])[1 : num_visual + 1].view(side, side)


def attention_one_short(attention, num_visual, side):
    return attention.mean(1).mean(0)[-1, 1:num_visual].view(side, side)


def attention_flat(attention, num_visual, side):
    return attention.mean(1).mean(0)[-1, 1 : num_visual + 1]


def attention_end_of_the_prompt(attention, num_visual, side):
    T = attention.shape[-1]
    row = attention.mean(1).mean(0)[T - 1]
    return row[T - num_visual :].view(side, side)


WRONG = [
    ("feature_map_to_tokens", map_reshape, "Cambiaste la forma sin mover los ejes"),
    ("feature_map_to_tokens", map_double_loop_by_columns, "Leíste columna por columna"),
    ("feature_map_to_tokens", map_flattens_only, "Los canales no se movieron"),
    ("feature_map_to_tokens", map_moveaxis_only, "Falta juntar filas y columnas"),
    ("feature_map_to_tokens", map_without_a_batch, "Juntaste las imágenes del lote"),
    ("feature_map_to_tokens", map_first_image, "Solo la primera imagen"),
    ("feature_map_to_tokens", map_stacks_on_axis_zero, "quedaron antes que el lote"),
    ("feature_map_to_tokens", map_global_average, "Un solo token por imagen"),
    ("feature_map_to_tokens", map_square_grid, "Tu función lanzó IndexError"),
    ("feature_map_to_tokens", map_integers, "tipo int64"),
    ("project", project_functional_linear, "Trasponiste W"),
    ("project", project_forgets_the_bias, "Falta el sesgo"),
    ("project", project_subtracts, "Restaste el sesgo"),
    ("project", project_bias_first, "Sumaste el sesgo antes de multiplicar"),
    ("project", project_pools, "Promediaste los rasgos"),
    ("project", project_concatenates, "Juntaste los rasgos en un vector"),
    ("project", project_gelu, "Una GELU de más"),
    ("project", project_clamped, "Una ReLU de más"),
    ("project", project_only_one_image, "Solo la primera imagen"),
    ("project", project_in_place, "modificó el argumento `weight`"),
    ("project", project_untrained, "la respuesta cambió"),
    ("pool_tokens", pool_chunks, "Promediaste tokens seguidos"),
    ("pool_tokens", pool_dilated, "Promediaste celdas lejanas"),
    ("pool_tokens", pool_every_other, "Tomaste una celda de cada bloque"),
    ("pool_tokens", pool_forgets_to_transpose, "Tomaste los canales como cuadrícula"),
    ("pool_tokens", pool_leaves_channels_first, "Los canales quedaron antes"),
    ("pool_tokens", pool_kernel_is_new_side, "es el lado de la cuadrícula nueva"),
    ("pool_tokens", pool_max, "Tomaste el máximo"),
    ("pool_tokens", pool_by_columns, "Los bloques columna por columna"),
    ("pool_tokens", pool_sums_the_block, "Sumaste"),
    ("pool_tokens", pool_float_block, "Tu función lanzó TypeError"),
    ("image_attention", attention_from_zero, "Olvidaste `<bos>`"),
    ("image_attention", attention_by_columns, "Filas por columnas"),
    ("image_attention", attention_columns_of_the_map, "La cuadrícula quedó traspuesta"),
    ("image_attention", attention_sums_to_one, "Reescalaste para que sume 1"),
    ("image_attention", attention_total, "Sumaste capas y cabezas"),
    ("image_attention", attention_sums_heads, "Sumaste las cabezas"),
    ("image_attention", attention_final_layer, "Solo la última capa"),
    ("image_attention", attention_all_the_queries, "Promediaste también a quienes atienden"),
    ("image_attention", attention_one_short, "Tu función lanzó RuntimeError"),
    ("image_attention", attention_flat, "Falta la cuadrícula"),
    ("image_attention", attention_end_of_the_prompt, "Tomaste las últimas posiciones"),
    *TEXT,
]
