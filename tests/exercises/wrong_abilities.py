"""Respuestas equivocadas de `04_habilidades`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import random
import re
from collections import Counter

from tests.exercises.wrong_abilities_measures import WRONG as MEASURES


def prompt_space_at_the_end(instruction, examples, question, k):
    text = instruction + "\n\n" if instruction else ""
    for x, y in examples[:k]:
        text += f"Entrada: {x}\nSalida: {y}\n\n"
    return text + f"Entrada: {question}\nSalida: "


def prompt_single_newlines(instruction, examples, question, k):
    parts = [instruction] if instruction else []
    for x, y in examples[:k]:
        parts.append(f"Entrada: {x}\nSalida: {y}")
    parts.append(f"Entrada: {question}\nSalida:")
    return "\n".join(parts)


def prompt_ignores_k(instruction, examples, question, k):
    parts = [instruction] * (instruction != "")
    parts += [f"Entrada: {x}\nSalida: {y}" for x, y in examples]
    return "\n\n".join([*parts, f"Entrada: {question}\nSalida:"])


def prompt_always_writes_the_instruction(instruction, examples, question, k):
    text = f"{instruction}\n\n"
    for i in range(k):
        text += f"Entrada: {examples[i][0]}\nSalida: {examples[i][1]}\n\n"
    return text + f"Entrada: {question}\nSalida:"


def prompt_last_examples(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in examples[-k:]:
        text += f"Entrada: {x}\nSalida: {y}\n\n"
    return text + f"Entrada: {question}\nSalida:"


def prompt_random_examples(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in random.sample(examples, k):
        text += f"Entrada: {x}\nSalida: {y}\n\n"
    return text + f"Entrada: {question}\nSalida:"


def prompt_with_format(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in examples[:k]:
        text += f"Entrada: {x}\nSalida: {y}\n\n"
    return (text + "Entrada: {question}\nSalida:").format(question=question)


def prompt_pops_the_examples(instruction, examples, question, k):
    parts = [instruction] if instruction else []
    while len(parts) < k + bool(instruction):
        x, y = examples.pop(0)
        parts.append(f"Entrada: {x}\nSalida: {y}")
    return "\n\n".join([*parts, f"Entrada: {question}\nSalida:"])


def prompt_blank_line_inside(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in examples[:k]:
        text += f"Entrada: {x}\n\nSalida: {y}\n\n"
    return text + f"Entrada: {question}\n\nSalida:"


def prompt_includes_an_extra(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in examples[: k + 1]:
        text += f"Entrada: {x}\nSalida: {y}\n\n"
    return text + f"Entrada: {question}\nSalida:"


def prompt_without_labels(instruction, examples, question, k):
    text = f"{instruction}\n\n" if instruction else ""
    for x, y in examples[:k]:
        text += f"{x}\n{y}\n\n"
    return text + question + "\n"


def prompt_instruction_beside_the_question(instruction, examples, question, k):
    parts = [f"Entrada: {x}\nSalida: {y}" for x, y in examples[:k]]
    parts += [instruction] if instruction else []
    return "\n\n".join([*parts, f"Entrada: {question}\nSalida:"])


def answer_first_mark(text):
    if "Respuesta:" in text:
        text = text[text.index("Respuesta:") :]
        numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
        if numbers:
            return int(numbers[0].replace(".", ""))
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return int(numbers[-1].replace(".", "")) if numbers else None


def answer_last_number(text):
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
    if not numbers:
        return None
    return int(numbers[-1].replace(".", ""))


def answer_plain_digits(text):
    after = text.split("Respuesta:")[-1]
    numbers = re.findall(r"-?\d+", after)
    if "Respuesta:" in text and numbers:
        return int(numbers[0])
    numbers = re.findall(r"-?\d+", text)
    return int(numbers[-1]) if numbers else None


def answer_without_sign(text):
    text = text.replace(".", "")
    after = text.split("Respuesta:")[-1]
    numbers = re.findall(r"\d+", after)
    if "Respuesta:" in text and numbers:
        return int(numbers[0])
    numbers = re.findall(r"\d+", text)
    return int(numbers[-1]) if numbers else None


def answer_as_text(text):
    after = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    if "Respuesta:" in text and after:
        return after[0]
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return numbers[-1] if numbers else None


def answer_as_a_real(text):
    after = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    if "Respuesta:" in text and after:
        return float(after[0])
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return float(numbers[-1]) if numbers else None


def answer_fails_without_numbers(text):
    after = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    number = after[0] if "Respuesta:" in text else re.findall(r"-?\d+(?:\.\d{3})*", text)[-1]
    return int(number.replace(".", ""))


def answer_only_with_the_mark(text):
    if "Respuesta:" not in text:
        return None
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    return int(numbers[0].replace(".", "")) if numbers else None


def answer_adjacent(text):
    found = re.findall(r"Respuesta:\s*(-?\d+(?:\.\d{3})*)", text)
    if not found:
        found = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return int(found[-1].replace(".", "")) if found else None


def answer_by_words(text):
    words = text.split("Respuesta:")[-1].split() if "Respuesta:" in text else text.split()[::-1]
    for word in words:
        word = word.strip(".,!").replace(".", "")
        if word.isdigit():
            return int(word)
    return None


def answer_falsy_zero(text):
    def numbers(piece):
        return [int(n.replace(".", "")) for n in re.findall(r"-?\d+(?:\.\d{3})*", piece)]

    answer = None
    if "Respuesta:" in text and numbers(text.split("Respuesta:")[-1]):
        answer = numbers(text.split("Respuesta:")[-1])[0]
    if not answer and numbers(text):
        answer = numbers(text)[-1]
    return answer or None


def answer_two_groups_at_most(text):
    pattern = r"-?\d{1,3}\.\d{3}|-?\d+"
    after = re.findall(pattern, text.split("Respuesta:")[-1]) if "Respuesta:" in text else []
    everything = re.findall(pattern, text)
    if after:
        return int(after[0].replace(".", ""))
    return int(everything[-1].replace(".", "")) if everything else None


def answer_of_the_last_line(text):
    if "Respuesta:" in text:
        text = text.split("Respuesta:")[-1].split("\n")[0]
        first = True
    else:
        first = False
    numbers = re.findall(r"-?\d+(?:\.\d{3})*", text)
    if not numbers:
        return None
    return int(numbers[0 if first else -1].replace(".", ""))


def vote_counts_none(answers):
    return Counter(answers).most_common(1)[0][0] if answers else None


def vote_set(answers):
    answers = [a for a in answers if a is not None]
    return max(sorted(set(answers)), key=answers.count) if answers else None


def vote_truthy(answers):
    answers = [a for a in answers if a]
    return max(answers, key=answers.count) if answers else None


def vote_of_nobody(answers):
    return Counter(a for a in answers if a is not None).most_common(1)[0][0]


def vote_last_of_the_tied(answers):
    best, votes = None, 0
    for a in answers:
        if a is not None and answers.count(a) >= votes:
            best, votes = a, answers.count(a)
    return best


def vote_while_counting(answers):
    counts, best = {}, None
    for a in answers:
        if a is None:
            continue
        counts[a] = counts.get(a, 0) + 1
        if best is None or counts[a] > counts[best]:
            best = a
    return best


def vote_pairs(answers):
    given = [a for a in answers if a is not None]
    return max((given.count(a), a) for a in given)[1] if given else None


def vote_absolute(answers):
    given = [a for a in answers if a is not None]
    for a in given:
        if given.count(a) > len(given) / 2:
            return a
    return None


def vote_mean(answers):
    given = [a for a in answers if a is not None]
    return round(sum(given) / len(given)) if given else None


def vote_and_share(answers):
    given = [a for a in answers if a is not None]
    if not given:
        return None
    best = max(given, key=given.count)
    return best, given.count(best) / len(given)


def vote_returns_the_count(answers):
    given = [a for a in answers if a is not None]
    return max(given.count(a) for a in given) if given else None


def vote_in_place(answers):
    while None in answers:
        answers.remove(None)
    return max(answers, key=answers.count) if answers else None


WRONG = [
    ("few_shot_prompt", prompt_space_at_the_end, "Un espacio después de «Salida:»"),
    ("few_shot_prompt", prompt_single_newlines, "Sin líneas en blanco"),
    ("few_shot_prompt", prompt_ignores_k, "Usaste todos los ejemplos"),
    ("few_shot_prompt", prompt_always_writes_the_instruction, "Líneas en blanco sin instrucción"),
    ("few_shot_prompt", prompt_last_examples, "`examples[-k:]` con k = 0"),
    ("few_shot_prompt", prompt_random_examples, "la respuesta cambió"),
    ("few_shot_prompt", prompt_with_format, "Tu función lanzó"),
    ("few_shot_prompt", prompt_pops_the_examples, "modificó el argumento `examples`"),
    ("few_shot_prompt", prompt_blank_line_inside, "debía decir «Entrada: pez»"),
    ("few_shot_prompt", prompt_includes_an_extra, "Ejemplos que se ven: 1; pedidos: 0"),
    ("few_shot_prompt", prompt_without_labels, "Termina en"),
    ("few_shot_prompt", prompt_instruction_beside_the_question, "La respuesta no es la esperada"),
    ("extract_answer", answer_first_mark, "Te quedaste con la primera"),
    ("extract_answer", answer_last_number, "Tomaste el último número"),
    ("extract_answer", answer_plain_digits, "Cortaste en el punto de los miles"),
    ("extract_answer", answer_without_sign, "Perdiste el signo"),
    ("extract_answer", answer_as_text, "un texto (str)"),
    ("extract_answer", answer_as_a_real, "ValueError"),
    ("extract_answer", answer_fails_without_numbers, "IndexError"),
    ("extract_answer", answer_only_with_the_mark, "Sin marca no hay respuesta"),
    ("extract_answer", answer_adjacent, "no siempre está pegado a la marca"),
    ("extract_answer", answer_by_words, "devolvió None"),
    ("extract_answer", answer_falsy_zero, "El 0 también es una respuesta"),
    ("extract_answer", answer_two_groups_at_most, "Un solo punto de miles"),
    ("extract_answer", answer_of_the_last_line, "devolvió None"),
    ("majority_vote", vote_counts_none, "None también votó"),
    ("majority_vote", vote_set, "En un empate elegiste la menor"),
    ("majority_vote", vote_truthy, "Perdiste los ceros"),
    ("majority_vote", vote_of_nobody, "¿Y si nadie votó?"),
    ("majority_vote", vote_last_of_the_tied, "En un empate gana el primero"),
    ("majority_vote", vote_while_counting, "Ganó la primera en llegar"),
    ("majority_vote", vote_pairs, "En un empate elegiste la mayor"),
    ("majority_vote", vote_absolute, "Exigiste más de la mitad"),
    ("majority_vote", vote_mean, "Promediaste"),
    ("majority_vote", vote_and_share, "debe devolver un entero (int)"),
    ("majority_vote", vote_returns_the_count, "que nadie votó"),
    ("majority_vote", vote_in_place, "modificó el argumento `answers`"),
    *MEASURES,
]
