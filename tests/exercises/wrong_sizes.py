"""Respuestas equivocadas de `03_tamanos`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

from tests.exercises.wrong_sizes_training import WRONG as TRAINING


def parameters_untied(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    total = num_layers * (layer + 2 * hidden_size) + hidden_size
    return total + 2 * vocab_size * hidden_size


def parameters_all_heads(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    layer = 4 * hidden_size**2 + 3 * hidden_size * intermediate_size + 2 * hidden_size
    return vocab_size * hidden_size + num_layers * layer + hidden_size


def parameters_classic_mlp(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv
):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 2 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * (layer + 2 * hidden_size) + hidden_size


def parameters_as_float(vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv):
    K = hidden_size / num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * (layer + 2 * hidden_size) + hidden_size


def cache_only_keys(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_one_layer(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_one_text(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * bytes_per_number


def cache_numbers(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch


def budget_bits_as_bytes(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits <= memory]
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


def budget_largest(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return max(fitting, key=lambda i: parameters[i]) if fitting else -1


def budget_filtered_index(parameters, losses, bits, memory):
    fitting = [loss for n, loss in zip(parameters, losses, strict=True) if n * bits / 8 <= memory]
    return fitting.index(min(fitting)) if fitting else -1


def budget_without_fallback(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return min(fitting, key=lambda i: losses[i])


def budget_loss(parameters, losses, bits, memory):
    fitting = [losses[i] for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return min(fitting) if fitting else -1


def parameters_without_last_norm(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv
):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * (layer + 2 * hidden_size)


def parameters_without_norms(
    vocab_size, hidden_size, num_layers, intermediate_size, num_heads, num_kv
):
    K = hidden_size // num_heads
    layer = 2 * hidden_size**2 + 2 * hidden_size * num_kv * K + 3 * hidden_size * intermediate_size
    return vocab_size * hidden_size + num_layers * layer + hidden_size


def parameters_one_norm(V, D, L, F, H, G):
    return V * D + L * (2 * D * D + 2 * D * G * (D // H) + 3 * D * F + D) + D


def parameters_without_output(V, D, L, F, H, G):
    return V * D + L * (D * D + 2 * D * G * (D // H) + 3 * D * F + 2 * D) + D


def parameters_without_values(V, D, L, F, H, G):
    return V * D + L * (2 * D * D + D * G * (D // H) + 3 * D * F + 2 * D) + D


def parameters_groups_without_width(V, D, L, F, H, G):
    return V * D + L * (2 * D * D + 2 * D * G + 3 * D * F + 2 * D) + D


def parameters_everything_repeated(V, D, L, F, H, G):
    return L * (V * D + 2 * D * D + 2 * D * G * (D // H) + 3 * D * F + 2 * D + D)


def parameters_with_a_fourth_matrix(V, D, L, F, H, G):
    return V * D + L * (2 * D * D + 2 * D * G * (D // H) + 4 * D * F + 2 * D) + D


def parameters_with_biases(V, D, L, F, H, G):
    kv = G * (D // H)
    biases = 2 * D + 2 * kv + 2 * F + D
    return V * D + L * (2 * D * D + 2 * D * kv + 3 * D * F + 2 * D + biases) + D


def cache_in_gib(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    total = 2 * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number
    return total / 2**30


def cache_without_width(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * tokens * batch * bytes_per_number


def cache_always_sixteen_bits(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens * batch * 2


def cache_bytes_twice(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    number = 2 * bytes_per_number
    return number * num_layers * num_kv_heads * head_dim * tokens * batch * bytes_per_number


def cache_next_token(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    per_token = 2 * num_layers * num_kv_heads * head_dim * bytes_per_number
    return per_token * (tokens + 1) * batch


def cache_of_the_scores(num_layers, num_kv_heads, head_dim, tokens, batch, bytes_per_number):
    return 2 * num_layers * num_kv_heads * head_dim * tokens**2 * batch * bytes_per_number


def budget_index_of_the_loss(parameters, losses, bits, memory):
    fitting = [losses[i] for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return losses.index(min(fitting)) if fitting else -1


def budget_index_of_the_size(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    if not fitting:
        return -1
    best = min(fitting, key=lambda i: losses[i])
    return parameters.index(parameters[best])


def budget_sentinel(parameters, losses, bits, memory):
    best, lowest = -1, 100
    for i in range(len(parameters)):
        if parameters[i] * bits / 8 <= memory and losses[i] < lowest:
            best, lowest = i, losses[i]
    return best


def budget_zero_is_false(parameters, losses, bits, memory):
    best = None
    for i in range(len(parameters)):
        if parameters[i] * bits / 8 <= memory and (not best or losses[i] < losses[best]):
            best = i
    return -1 if best is None else best


def budget_whole_bytes(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits // 8 <= memory]
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


def budget_best_of_all(parameters, losses, bits, memory):
    best = losses.index(min(losses))
    return best if parameters[best] * bits / 8 <= memory else -1


def budget_stops_at_the_first_large(parameters, losses, bits, memory):
    best = -1
    for i in range(len(parameters)):
        if parameters[i] * bits / 8 > memory:
            break
        if best == -1 or losses[i] < losses[best]:
            best = i
    return best


def budget_counts_from_one(parameters, losses, bits, memory):
    fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]
    return 1 + min(fitting, key=lambda i: losses[i]) if fitting else -1


WRONG = [
    ("decoder_parameters", parameters_untied, "Contaste dos veces el vocabulario"),
    ("decoder_parameters", parameters_all_heads, "Como si cada cabeza tuviera sus claves"),
    ("decoder_parameters", parameters_classic_mlp, "Dos matrices en la red densa"),
    ("decoder_parameters", parameters_as_float, "un entero (int)"),
    ("kv_cache_bytes", cache_only_keys, "Guardaste solo las claves"),
    ("kv_cache_bytes", cache_one_layer, "Contaste una sola capa"),
    ("kv_cache_bytes", cache_one_text, "Contaste un solo texto"),
    ("kv_cache_bytes", cache_numbers, "Contaste números y no bytes"),
    ("best_that_fits", budget_bits_as_bytes, "Comparaste bits con bytes"),
    ("best_that_fits", budget_largest, "Elegiste el más grande"),
    ("best_that_fits", budget_filtered_index, "El lugar entre los que caben"),
    ("best_that_fits", budget_without_fallback, "¿Y si no cabe ninguno?"),
    ("best_that_fits", budget_loss, "un entero (int)"),
    ("decoder_parameters", parameters_without_last_norm, "Olvidaste la norma final"),
    ("decoder_parameters", parameters_without_norms, "Olvidaste las normas de las capas"),
    ("decoder_parameters", parameters_one_norm, "Contaste una norma por capa"),
    ("decoder_parameters", parameters_without_output, "Tres matrices en la atención"),
    ("decoder_parameters", parameters_without_values, "Contaste las claves y no los valores"),
    ("decoder_parameters", parameters_groups_without_width, "Olvidaste el ancho de la cabeza"),
    (
        "decoder_parameters",
        parameters_everything_repeated,
        "Repetiste lo que está fuera de las capas",
    ),
    (
        "decoder_parameters",
        parameters_with_a_fourth_matrix,
        "Sobran 8400 parámetros, justo lo que mide esto: una matriz d × F por capa",
    ),
    ("decoder_parameters", parameters_with_biases, "Sobran 700 parámetros"),
    ("kv_cache_bytes", cache_in_gib, "En GiB"),
    ("kv_cache_bytes", cache_without_width, "Olvidaste el ancho de la cabeza"),
    ("kv_cache_bytes", cache_always_sixteen_bits, "Supusiste 2 bytes por número"),
    ("kv_cache_bytes", cache_bytes_twice, "Un factor entra dos veces: `bytes_per_number`"),
    ("kv_cache_bytes", cache_next_token, "1.091 veces lo debido"),
    ("kv_cache_bytes", cache_of_the_scores, "Creciste con el cuadrado"),
    ("best_that_fits", budget_index_of_the_loss, "Buscaste la pérdida en la lista completa"),
    ("best_that_fits", budget_index_of_the_size, "Buscaste el tamaño en la lista completa"),
    ("best_that_fits", budget_sentinel, "Devolviste −1, y el modelo 0 cabe"),
    ("best_that_fits", budget_zero_is_false, "es menor que la del 1"),
    ("best_that_fits", budget_whole_bytes, "Redondeaste los bytes"),
    ("best_that_fits", budget_best_of_all, "Primero el mejor, después la memoria"),
    ("best_that_fits", budget_stops_at_the_first_large, "Devolviste −1"),
    ("best_that_fits", budget_counts_from_one, "Los índices van de 0 a 0"),
    *TRAINING,
]
