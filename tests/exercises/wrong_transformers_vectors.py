"""Respuestas equivocadas de `02_transformers` (posiciones, norma y red densa), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch
import torch.nn.functional as F


def turn(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], dim=-1)


def rotary_interleaved(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    out = torch.zeros_like(x)
    out[..., 0::2] = x[..., 0::2] * angles.cos() - x[..., 1::2] * angles.sin()
    out[..., 1::2] = x[..., 1::2] * angles.cos() + x[..., 0::2] * angles.sin()
    return out


def rotary_negative_angle(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos + x2 * sin, x2 * cos - x1 * sin], dim=-1)


def rotary_stretches(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    return torch.cat([x1 * angles.cos() - x2 * angles.sin(), x2 * angles.cos()], dim=-1)


def rotary_overwritten_half(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    x1 = x1 * angles.cos() - x2 * angles.sin()
    x2 = x2 * angles.cos() + x1 * angles.sin()  # x1 ya no es el de antes
    return torch.cat([x1, x2], dim=-1)


def rotary_adds(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    return x + torch.cat([angles.sin(), angles.cos()], dim=-1)


def rotary_counts_from_zero(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(
        torch.arange(x.size(1)).float(), 1.0 / theta ** (torch.arange(0, K, 2) / K)
    )
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], dim=-1)


def norm_layer(x, weight, eps):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return weight * (x - mean) / torch.sqrt(variance + eps)


def norm_torch_layer(x, weight, eps):
    return F.layer_norm(x, x.shape[-1:], weight, None, eps)


def norm_eps_outside(x, weight, eps):
    return weight * (x / (torch.sqrt((x * x).mean(-1, keepdim=True)) + eps))


def norm_unit_length(x, weight, eps):
    return weight * x / torch.sqrt((x**2).sum(-1, keepdim=True) + eps)


def norm_without_keepdim(x, weight, eps):
    return weight * x / torch.sqrt((x**2).mean(-1) + eps)


def norm_in_place(x, weight, eps):
    x /= torch.sqrt((x**2).mean(-1, keepdim=True) + eps)
    return x * weight


def norm_by_std(x, weight, eps):
    return weight * x / torch.sqrt(x.var(-1, keepdim=True, unbiased=False) + eps)


def swiglu_relu(x, w_gate, w_up, w_down):
    return (F.relu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_sigmoid(x, w_gate, w_up, w_down):
    return ((x @ w_gate).sigmoid() * (x @ w_up)) @ w_down


def swiglu_swapped(x, w_gate, w_up, w_down):
    return (x @ w_gate * F.silu(x @ w_up)) @ w_down


def swiglu_forgets_down(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate) * (x @ w_up)


def swiglu_two_layers(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate) @ w_down


def swiglu_sum(x, w_gate, w_up, w_down):
    return (F.silu(x @ w_gate) + x @ w_up) @ w_down


def swiglu_open_gate(x, w_gate, w_up, w_down):
    return ((x @ w_gate).abs() * (x @ w_up)) @ w_down


def rotary_consecutive(x, positions, theta):
    return turn(x, torch.arange(positions[0], positions[0] + x.size(1)), theta)


def rotary_sorted(x, positions, theta):
    return turn(x, positions.sort().values, theta)


def rotary_fixed_theta(x, positions, theta):
    return turn(x, positions, 10000.0)


def rotary_from_one(x, positions, theta):
    return turn(x, positions + 1, theta)


def rotary_short_table(x, positions, theta):
    return turn(x, positions % 32, theta)


def rotary_linspace(x, positions, theta):
    angles = torch.outer(positions.float(), theta ** -torch.linspace(0, 1, x.size(-1) // 2))
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], -1)


def rotary_in_place(x, positions, theta):
    x[:] = turn(x, positions, theta)
    return x


def norm_without_eps(x, weight, eps):
    return weight * x / x.pow(2).mean(-1, keepdim=True).sqrt()


def norm_usual_eps(x, weight, eps):
    return weight * x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


def norm_gemma(x, weight, eps):
    return (1 + weight) * x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def norm_clamped(x, weight, eps):
    return weight * x / torch.sqrt(x.pow(2).mean(-1, keepdim=True).clamp(min=eps))


def norm_gain_first(x, weight, eps):
    x = weight * x
    return x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def norm_absolute_gain(x, weight, eps):
    return weight.abs() * x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def norm_hides_nan(x, weight, eps):
    return (weight * x / x.pow(2).mean(-1, keepdim=True).sqrt()).nan_to_num()


def swiglu_gelu(x, w_gate, w_up, w_down):
    return (F.gelu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_overflows(x, w_gate, w_up, w_down):
    z = x @ w_gate
    return (z * z.exp() / (1 + z.exp()) * (x @ w_up)) @ w_down


def swiglu_activates_both(x, w_gate, w_up, w_down):
    return (F.silu(x @ w_gate) * F.silu(x @ w_up)) @ w_down


def swiglu_activates_the_input(x, w_gate, w_up, w_down):
    return ((F.silu(x) @ w_gate) * (x @ w_up)) @ w_down


def swiglu_hard(x, w_gate, w_up, w_down):
    return (F.hardswish(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_clamped(x, w_gate, w_up, w_down):
    z = (x @ w_gate).clamp(-50, 50)
    return (z * torch.sigmoid(z) * (x @ w_up)) @ w_down


def swiglu_transposed(x, w_gate, w_up, w_down):
    return F.linear(F.silu(F.linear(x, w_gate)) * F.linear(x, w_up), w_down)


WRONG = [
    ("rotary", rotary_interleaved, "Pares vecinos"),
    ("rotary", rotary_negative_angle, "Giraste al revés"),
    ("rotary", rotary_stretches, "Un vector de largo"),
    ("rotary", rotary_overwritten_half, "Un vector de largo"),
    ("rotary", rotary_adds, "La posición 0 queda igual"),
    ("rotary", rotary_counts_from_zero, "Contaste las posiciones desde 0"),
    ("rms_norm", norm_layer, "Eso es LayerNorm"),
    ("rms_norm", norm_torch_layer, "Eso es LayerNorm"),
    ("rms_norm", norm_eps_outside, "eps fuera de la raíz"),
    ("rms_norm", norm_unit_length, "Sumaste los cuadrados"),
    ("rms_norm", norm_without_keepdim, "Tu función lanzó RuntimeError"),
    ("rms_norm", norm_in_place, "modificó el argumento `x`"),
    ("rms_norm", norm_by_std, "la media de los cuadrados"),
    ("swiglu", swiglu_relu, "Usaste ReLU"),
    ("swiglu", swiglu_sigmoid, "Solo la sigmoide"),
    ("swiglu", swiglu_swapped, "La compuerta es la otra"),
    ("swiglu", swiglu_forgets_down, "forma"),
    ("swiglu", swiglu_two_layers, "Una red sin compuerta"),
    ("swiglu", swiglu_sum, "Sumaste"),
    ("swiglu", swiglu_open_gate, "Con la compuerta cerrada salió"),
    ("rotary", rotary_consecutive, "Supusiste posiciones seguidas"),
    ("rotary", rotary_sorted, "posición"),
    ("rotary", rotary_fixed_theta, "No usaste theta"),
    ("rotary", rotary_from_one, "debía quedar igual"),
    ("rotary", rotary_short_table, "giró"),
    ("rotary", rotary_linspace, "giró"),
    ("rotary", rotary_in_place, "modificó el argumento `x`"),
    ("rms_norm", norm_without_eps, "No usaste eps"),
    ("rms_norm", norm_usual_eps, "con eps = 0.25 debía ser"),
    ("rms_norm", norm_gemma, "Le sumaste 1 a la ganancia"),
    ("rms_norm", norm_clamped, "con eps = 0.25 debía ser"),
    ("rms_norm", norm_gain_first, "Sin la ganancia, la media de los cuadrados"),
    ("rms_norm", norm_absolute_gain, "cambió de dirección"),
    ("rms_norm", norm_hides_nan, "con eps = 0.25 debía ser"),
    ("swiglu", swiglu_gelu, "Usaste GELU"),
    ("swiglu", swiglu_overflows, "La exponencial se desborda"),
    ("swiglu", swiglu_activates_both, "Activaste las dos proyecciones"),
    ("swiglu", swiglu_activates_the_input, "Activaste la entrada"),
    ("swiglu", swiglu_hard, "dejó pasar"),
    ("swiglu", swiglu_clamped, "dejó pasar 50 veces"),
    ("swiglu", swiglu_transposed, "Tu función lanzó RuntimeError"),
]
