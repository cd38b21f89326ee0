"""Respuestas equivocadas de los ejercicios de medir de `01_introduccion`: perplejidad y bits."""

import math

import torch


def perplexity_of_the_sum(token_logprobs):
    return math.exp(-sum(token_logprobs.tolist()))


def perplexity_without_sign(token_logprobs):
    return math.exp(token_logprobs.mean())


def perplexity_base_two(token_logprobs):
    return 2 ** -token_logprobs.mean().item()


def perplexity_mean_of_inverses(token_logprobs):
    return (1 / token_logprobs.exp()).mean().item()


def perplexity_of_the_product(token_logprobs):
    return token_logprobs.exp().prod().item() ** (-1 / len(token_logprobs))


def perplexity_of_the_product_in_torch(token_logprobs):
    return (1 / token_logprobs.exp().prod()).pow(1 / len(token_logprobs)).item()


def perplexity_back_to_logs(token_logprobs):
    probs = token_logprobs.exp()
    return torch.exp(-probs.log().mean()).item()


def perplexity_median(token_logprobs):
    return token_logprobs.median().neg().exp().item()


def perplexity_sample_mean(token_logprobs):
    return math.exp(-token_logprobs.sum().item() / (len(token_logprobs) - 1))


def perplexity_of_the_set(token_logprobs):
    values = set(token_logprobs.tolist())
    return math.exp(-sum(values) / len(values))


def perplexity_rounded(token_logprobs):
    return round(math.exp(-token_logprobs.mean()), 2)


def bits_in_nats(token_logprobs, text):
    return -float(token_logprobs.sum()) / len(text)


def bits_per_token(token_logprobs, text):
    return -token_logprobs.mean().item() / math.log(2)


def bits_per_byte(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.encode("utf-8"))


def bits_without_sign(token_logprobs, text):
    return token_logprobs.sum().item() / math.log(2) / len(text)


def bits_times_log(token_logprobs, text):
    return -token_logprobs.sum().item() * math.log(2) / len(text)


def bits_stripped(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.strip())


def bits_per_line_of_text(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.replace("\n", ""))


def bits_per_word(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.split())


def bits_per_distinct_character(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(set(text))


def bits_of_the_text(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2)


def bits_of_the_product(token_logprobs, text):
    return -torch.log2(torch.prod(torch.exp(token_logprobs))).item() / len(text)


def bits_from_probabilities(token_logprobs, text):
    return -token_logprobs.exp().log2().sum().item() / len(text)


def bits_in_latin(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.encode("latin-1"))


WRONG = [
    ("perplexity", perplexity_of_the_sum, "Falta promediar"),
    ("perplexity", perplexity_without_sign, "Olvidaste el signo"),
    ("perplexity", perplexity_base_two, "Mezclaste las bases"),
    ("perplexity", perplexity_mean_of_inverses, "Promediaste las inversas"),
    ("perplexity", perplexity_of_the_product, "Multiplicaste las probabilidades"),
    ("perplexity", perplexity_of_the_product_in_torch, "Multiplicaste las probabilidades"),
    ("perplexity", perplexity_back_to_logs, "cada probabilidad es mayor que 0"),
    ("perplexity", perplexity_median, "La respuesta no es la esperada"),
    ("perplexity", perplexity_sample_mean, "lanzó ZeroDivisionError"),
    ("perplexity", perplexity_of_the_set, "Contaste una vez los valores repetidos"),
    ("perplexity", perplexity_rounded, "La respuesta no es la esperada"),
    ("bits_per_character", bits_in_nats, "En nats"),
    ("bits_per_character", bits_per_token, "Dividiste por los tokens"),
    ("bits_per_character", bits_per_byte, "Contaste bytes"),
    ("bits_per_character", bits_without_sign, "Olvidaste el signo"),
    ("bits_per_character", bits_times_log, "Multiplicaste por log 2"),
    ("bits_per_character", bits_stripped, "Quitaste los espacios de las orillas"),
    ("bits_per_character", bits_per_line_of_text, "la sorpresa del texto es de"),
    ("bits_per_character", bits_per_word, "Contaste palabras"),
    ("bits_per_character", bits_per_distinct_character, "Contaste caracteres distintos"),
    ("bits_per_character", bits_of_the_text, "Falta dividir por los caracteres"),
    ("bits_per_character", bits_of_the_product, "Multiplicaste las probabilidades"),
    ("bits_per_character", bits_from_probabilities, "cada probabilidad es mayor que 0"),
    ("bits_per_character", bits_in_latin, "lanzó UnicodeEncodeError"),
]
