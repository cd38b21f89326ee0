"""Respuestas equivocadas de `06_instrucciones`: la pérdida y las capas con LoRA."""

import torch
from torch.nn import functional as F


def loss_without_shift(logits, labels):
    B, T, V = logits.shape
    return F.cross_entropy(logits.reshape(B * T, V), labels.reshape(B * T))


def loss_shifted_backwards(logits, labels):
    z, y = logits[:, 1:].contiguous(), labels[:, :-1].contiguous()
    return F.cross_entropy(z.view(-1, z.size(-1)), y.view(-1))


def loss_mean_by_row(logits, labels):
    total, rows = 0.0, 0
    for b in range(len(labels)):
        kept = labels[b, 1:] != -100
        if kept.any():
            total = total + F.cross_entropy(logits[b, :-1][kept], labels[b, 1:][kept])
            rows += 1
    return total / rows


def loss_mean_by_row_with_nan(logits, labels):
    rows = [F.cross_entropy(logits[b, :-1], labels[b, 1:]) for b in range(len(labels))]
    return sum(rows) / len(rows)


def loss_mean_of_zeros(logits, labels):
    z, y = logits[:, :-1], labels[:, 1:]
    losses = F.cross_entropy(z.transpose(1, 2), y, reduction="none")
    return losses.mean()


def loss_clamped(logits, labels):
    y = labels[:, 1:].clone()
    y[y == -100] = 0
    logprobs = torch.log_softmax(logits[:, :-1], -1)
    return -logprobs.gather(-1, y.unsqueeze(-1)).mean()


def loss_positive_labels(logits, labels):
    y = labels[:, 1:].reshape(-1)
    z = logits[:, :-1].reshape(len(y), -1)
    kept = y > 0
    logprobs = z.log_softmax(-1)[kept]
    return -logprobs[torch.arange(len(logprobs)), y[kept]].sum() / max(int((y >= 0).sum()), 1)


def loss_of_probabilities(logits, labels):
    probs = F.softmax(logits, dim=-1)
    return F.cross_entropy(probs[:, :-1].transpose(1, 2), labels[:, 1:], ignore_index=-100)


def loss_by_hand(logits, labels):
    total, n = 0, 0
    for z, y in zip(logits, labels, strict=True):
        for t in range(len(y) - 1):
            if y[t + 1] != -100:
                p = torch.exp(z[t]) / torch.exp(z[t]).sum()
                total = total - torch.log(p[y[t + 1]])
                n += 1
    return total / n


def loss_summed(logits, labels):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), labels[:, 1:], reduction="sum")


def loss_indexes_minus_hundred(logits, labels):
    logprobs = torch.log_softmax(logits[:, :-1], -1)
    return -logprobs.gather(-1, labels[:, 1:].unsqueeze(-1)).mean()


def lora_no_scale(x, W, A, B, alpha):
    return F.linear(x, W) + F.linear(F.linear(x, A), B)


def lora_only_alpha(x, W, A, B, alpha):
    return x @ W.T + alpha * x @ A.T @ B.T


def lora_scale_on_both(x, W, A, B, alpha):
    r = A.shape[0]
    return (x @ W.T + x @ A.T @ B.T) * alpha / r


def lora_rank_from_b(x, W, A, B, alpha):
    r = B.shape[0]
    return x @ W.T + alpha / r * (x @ A.T @ B.T)


def lora_rank_from_the_columns(x, W, A, B, alpha):
    d, r = A.shape
    return x @ W.T + alpha / r * (x @ A.T @ B.T)


def lora_replaces_the_layer(x, W, A, B, alpha):
    r = A.shape[0]
    return (alpha / r) * x @ A.T @ B.T


def lora_in_series(x, W, A, B, alpha):
    y = x @ W.T
    return y + alpha / A.shape[0] * ((y @ A.T) @ B.T)


def lora_square_transposed(x, W, A, B, alpha):
    return x @ W + alpha / A.shape[0] * (x @ A.T @ B.T)


def lora_ab(x, W, A, B, alpha):
    return x @ W.T + alpha / A.shape[0] * (x @ (A @ B).T)


def lora_floor(x, W, A, B, alpha):
    scale = alpha // A.shape[0]
    return x @ W.T + scale * (x @ A.T @ B.T)


def lora_elementwise(x, W, A, B, alpha):
    return x * W + alpha / A.shape[0] * (x * A * B)


def merge_plain_sum(W, A, B, alpha):
    return W + B @ A


def merge_alpha(W, A, B, alpha):
    return W + alpha * B @ A


def merge_wrong_order(W, A, B, alpha):
    return W + alpha / A.shape[0] * A @ B


def merge_delta(W, A, B, alpha):
    return (alpha / A.shape[0]) * torch.matmul(B, A)


def merge_with_transposes(W, A, B, alpha):
    return W + (alpha / A.shape[0]) * (A.T @ B.T)


def merge_as_used(W, A, B, alpha):
    return W.T + alpha / A.shape[0] * (A.T @ B.T)


def merge_plus_equals(W, A, B, alpha):
    W += alpha / A.shape[0] * (B @ A)
    return W


def merge_minus(W, A, B, alpha):
    r = A.shape[0]
    return W - alpha / r * (B @ A)


def merge_rank_from_w(W, A, B, alpha):
    return W + alpha / W.shape[0] * (B @ A)


WRONG = [
    ("masked_loss", loss_without_shift, "Sin el desfase"),
    ("masked_loss", loss_shifted_backwards, "El desfase al revés"),
    ("masked_loss", loss_mean_by_row, "Promediaste filas"),
    ("masked_loss", loss_mean_by_row_with_nan, "y una no tiene nada"),
    ("masked_loss", loss_mean_of_zeros, "Dividiste por todas las posiciones"),
    ("masked_loss", loss_clamped, "−100 se contó como el token 0"),
    ("masked_loss", loss_positive_labels, "Las pérdidas que se promedian van"),
    ("masked_loss", loss_of_probabilities, "Dos veces softmax"),
    ("masked_loss", loss_by_hand, "La exponencial se desborda"),
    ("masked_loss", loss_summed, "Sumaste"),
    ("masked_loss", loss_indexes_minus_hundred, "Tu función lanzó"),
    ("lora_forward", lora_no_scale, "Falta la escala"),
    ("lora_forward", lora_only_alpha, "Falta dividir por r"),
    ("lora_forward", lora_scale_on_both, "Escalaste también la capa original"),
    ("lora_forward", lora_rank_from_b, "r no es el ancho de la salida"),
    ("lora_forward", lora_rank_from_the_columns, "r no es el ancho de la entrada"),
    ("lora_forward", lora_replaces_the_layer, "Falta la capa original"),
    ("lora_forward", lora_in_series, "La corrección recibe la entrada"),
    ("lora_forward", lora_square_transposed, "W sin trasponer"),
    ("lora_forward", lora_ab, "A y B en el orden inverso"),
    ("lora_forward", lora_floor, "La división perdió los decimales"),
    ("lora_forward", lora_elementwise, "Tu función"),
    ("merge_lora", merge_plain_sum, "Falta la escala"),
    ("merge_lora", merge_alpha, "Falta dividir por r"),
    ("merge_lora", merge_wrong_order, "A B en lugar de B A"),
    ("merge_lora", merge_delta, "Devolviste solo la corrección"),
    ("merge_lora", merge_with_transposes, "La corrección quedó traspuesta"),
    ("merge_lora", merge_as_used, "Devolviste la traspuesta"),
    ("merge_lora", merge_plus_equals, "modificó el argumento `W`"),
    ("merge_lora", merge_minus, "Restaste"),
    ("merge_lora", merge_rank_from_w, "r no es el ancho de la salida"),
]
