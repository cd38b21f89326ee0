"""Respuestas equivocadas de `06_instrucciones`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import re

import torch

from tests.exercises.wrong_instruction_layers import WRONG as LAYERS


def prompt_glued_end(messages):
    text, system = "", ""
    for m in messages:
        if m["role"] == "system":
            system = "<<SYS>>\n" + m["content"] + "\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += "<s>[INST] " + (system + m["content"]).strip() + " [/INST]"
            system = ""
        else:
            text += " " + m["content"].strip() + "</s>"
    return text


def prompt_one_turn_per_line(messages):
    lines, system = [], ""
    for m in messages:
        if m["role"] == "system":
            system = "<<SYS>>\n" + m["content"] + "\n<</SYS>>\n\n"
        elif m["role"] == "user":
            lines.append("<s>[INST] " + (system + m["content"]).strip() + " [/INST]")
            system = ""
        else:
            lines[-1] += " " + m["content"].strip() + " </s>"
    return "\n".join(lines)


def prompt_single_start(messages):
    text = "<s>"
    if messages[0]["role"] == "system":
        system = f"<<SYS>>\n{messages[0]['content']}\n<</SYS>>\n\n"
        messages = [{"role": "user", "content": system + messages[1]["content"]}, *messages[2:]]
    for m in messages:
        content = m["content"].strip()
        text += f"[INST] {content} [/INST]" if m["role"] == "user" else f" {content} </s>"
    return text


def prompt_never_strips(messages):
    text, system = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {system}{m['content']} [/INST]"
            system = ""
        else:
            text += f" {m['content']} </s>"
    return text


def prompt_strips_the_question_first(messages):
    text, system = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {system}{m['content'].strip()} [/INST]"
            system = ""
        else:
            text += f" {m['content'].strip()} </s>"
    return text


def prompt_strips_every_message(messages):
    text, system = "", ""
    for m in messages:
        content = m["content"].strip()
        if m["role"] == "system":
            system = f"<<SYS>>\n{content}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {system}{content} [/INST]"
            system = ""
        else:
            text += f" {content} </s>"
    return text


def prompt_keeps_the_system(messages):
    text, system = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).strip()} [/INST]"
        else:
            text += f" {m['content'].strip()} </s>"
    return text


def prompt_writes_the_system_outside(messages):
    text = ""
    for m in messages:
        content = m["content"]
        if m["role"] == "system":
            text += f"<<SYS>>\n{content}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {content.strip()} [/INST]"
        else:
            text += f" {content.strip()} </s>"
    return text


def prompt_without_the_system(messages):
    text = ""
    for m in messages:
        if m["role"] == "user":
            text += f"<s>[INST] {m['content'].strip()} [/INST]"
        elif m["role"] == "assistant":
            text += f" {m['content'].strip()} </s>"
    return text


def prompt_space_to_answer(messages):
    text, system = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).strip()} [/INST] "
            system = ""
        else:
            text += f"{m['content'].strip()} </s>"
    return text


def prompt_attributes(messages):
    return "".join(f"<s>[INST] {m.content.strip()} [/INST]" for m in messages)


def labels_by_pad_id(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    input_ids = torch.tensor([r + [pad_id] * (T - len(r)) for r in rows])
    labels = input_ids.clone()
    labels[input_ids == pad_id] = -100
    for i in range(len(rows)):
        labels[i, : prompt_lengths[i]] = -100
    return input_ids, labels


def labels_train_the_padding(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    input_ids = torch.tensor([r + [pad_id] * (T - len(r)) for r in rows])
    labels = input_ids.clone()
    for i in range(len(rows)):
        labels[i, : prompt_lengths[i]] = -100
    return input_ids, labels


def labels_train_the_prompt(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids, labels = [], []
    for r in rows:
        ids.append(r + [pad_id] * (T - len(r)))
        labels.append(r + [-100] * (T - len(r)))
    return torch.tensor(ids), torch.tensor(labels)


def labels_off_by_one(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids, labels = [], []
    for r, n in zip(rows, prompt_lengths, strict=True):
        ids.append(r + [pad_id] * (T - len(r)))
        label = [-100] * T
        for t in range(n + 1, len(r)):
            label[t] = r[t]
        labels.append(label)
    return torch.tensor(ids), torch.tensor(labels)


def labels_already_shifted(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids, labels = torch.full((len(rows), T), pad_id), torch.full((len(rows), T), -100)
    for i, r in enumerate(rows):
        ids[i, : len(r)] = torch.tensor(r)
        for t in range(len(r) - 1):
            if t + 1 >= prompt_lengths[i]:
                labels[i, t] = r[t + 1]
    return ids, labels


def labels_on_the_left(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids, labels = [], []
    for r, n in zip(rows, prompt_lengths, strict=True):
        ids.append([pad_id] * (T - len(r)) + r)
        labels.append([-100] * (T - len(r) + n) + r[n:])
    return torch.tensor(ids), torch.tensor(labels)


def labels_with_zeros(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids, labels = [], []
    for r, n in zip(rows, prompt_lengths, strict=True):
        ids.append(r + [pad_id] * (T - len(r)))
        labels.append([0] * n + r[n:] + [0] * (T - len(r)))
    return torch.tensor(ids), torch.tensor(labels)


def labels_alias(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids = torch.tensor([r + [pad_id] * (T - len(r)) for r in rows])
    labels = ids
    for i, r in enumerate(rows):
        labels[i, : prompt_lengths[i]] = -100
        labels[i, len(r) :] = -100
    return ids, labels


def labels_drop_the_closing(rows, prompt_lengths, pad_id):
    T = max(len(r) for r in rows)
    ids = torch.tensor([r + [pad_id] * (T - len(r)) for r in rows])
    labels = torch.full_like(ids, -100)
    for i, r in enumerate(rows):
        for t in range(prompt_lengths[i], len(r) - 1):
            labels[i, t] = r[t]
    return ids, labels


def labels_without_padding(rows, prompt_lengths, pad_id):
    labels = [[-100] * n + r[n:] for r, n in zip(rows, prompt_lengths, strict=True)]
    return torch.tensor(rows), torch.tensor(labels)


def bos_first_two(input_ids, bos_id):
    return len(input_ids) > 1 and bos_id is not None and input_ids[0] == input_ids[1] == bos_id


def bos_first_two_unchecked(input_ids, bos_id):
    return input_ids[0] == bos_id and input_ids[1] == bos_id


def bos_counted(input_ids, bos_id):
    total = 0
    for token in input_ids:
        if token == bos_id:
            total += 1
    return total >= 2


def bos_repeated_anything(input_ids, bos_id):
    for i in range(1, len(input_ids)):
        if input_ids[i] == input_ids[i - 1]:
            return True
    return False


def bos_falsy(input_ids, bos_id):
    if bos_id:
        for i in range(len(input_ids) - 1):
            if input_ids[i] == bos_id and input_ids[i + 1] == bos_id:
                return True
    return False


def bos_past_the_end(input_ids, bos_id):
    for i in range(len(input_ids)):
        if input_ids[i] == bos_id and input_ids[i + 1] == bos_id:
            return True
    return False


def bos_first_found(input_ids, bos_id):
    for i in range(len(input_ids) - 1):
        if input_ids[i] == bos_id:
            return input_ids[i + 1] == bos_id
    return False


def bos_returns_the_place(input_ids, bos_id):
    for i in range(len(input_ids) - 1):
        if input_ids[i] == bos_id and input_ids[i + 1] == bos_id:
            return i
    return -1


def list_split_newlines(text, n_items, max_words):
    lines = text.split("\n")
    if len(lines) != n_items:
        return False
    for i, line in enumerate(lines):
        words = line.split()
        if len(words) < 2 or words[0] != f"{i + 1}." or len(words) - 1 > max_words:
            return False
    return True


def list_finds_the_items(text, n_items, max_words):
    expected = 1
    for line in text.splitlines():
        if re.match(r"\s*\d+\. ", line):
            words = line.split()
            if words[0] != f"{expected}." or not 1 <= len(words) - 1 <= max_words:
                return False
            expected += 1
    return expected == n_items + 1


def list_words_with_the_number(text, n_items, max_words):
    lines = [line for line in text.splitlines() if line.strip()]
    for i, line in enumerate(lines, start=1):
        words = line.split()
        if words[0] != f"{i}." or not 2 <= len(words) <= max_words:
            return False
    return len(lines) == n_items


def list_strictly_less(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    good = [w[0] == f"{i}." and 1 <= len(w[1:]) < max_words for i, w in enumerate(lines, 1)]
    return len(good) == n_items and all(good)


def list_any_digits(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    good = [w[0][:-1].isdigit() and w[0][-1] == "." and 1 <= len(w) - 1 <= max_words for w in lines]
    return len(good) == n_items and all(good)


def list_split_space(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for i, line in enumerate(lines, 1):
        words = line.split(" ")
        if words[0] != f"{i}." or not 2 <= len(words) <= max_words + 1:
            return False
    return len(lines) == n_items


def list_empty_allowed(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    for i, words in enumerate(lines, 1):
        if words[0] != str(i) + "." or len(words) > max_words + 1:
            return False
    return len(lines) == n_items


def list_without_a_count(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return all(w[0] == f"{i}." and 2 <= len(w) <= max_words + 1 for i, w in enumerate(lines, 1))


def list_how_many(text, n_items, max_words):
    return len([line for line in text.splitlines() if line.strip()])


WRONG = [
    ("llama2_prompt", prompt_glued_end, "Falta el espacio antes de `</s>`"),
    ("llama2_prompt", prompt_one_turn_per_line, "Algo entre `</s>` y `<s>`"),
    ("llama2_prompt", prompt_single_start, "Un solo `<s>`"),
    ("llama2_prompt", prompt_never_strips, "Nada se limpió"),
    ("llama2_prompt", prompt_strips_the_question_first, "Limpiaste antes de pegar el sistema"),
    ("llama2_prompt", prompt_strips_every_message, "Limpiaste cada parte"),
    ("llama2_prompt", prompt_keeps_the_system, "El sistema en todas las preguntas"),
    ("llama2_prompt", prompt_writes_the_system_outside, "El sistema quedó fuera de `[INST]`"),
    ("llama2_prompt", prompt_without_the_system, "Perdiste el mensaje de sistema"),
    ("llama2_prompt", prompt_space_to_answer, "Un espacio después de `[/INST]`"),
    ("llama2_prompt", prompt_attributes, "algo de tipo dict no tiene `content`"),
    ("mask_labels", labels_by_pad_id, "El relleno no se reconoce por su id"),
    ("mask_labels", labels_train_the_padding, "Se entrena el relleno"),
    ("mask_labels", labels_train_the_prompt, "Se entrena el prompt"),
    ("mask_labels", labels_off_by_one, "Perdiste el primer token de la respuesta"),
    ("mask_labels", labels_already_shifted, "Desplazaste las etiquetas"),
    ("mask_labels", labels_on_the_left, "Rellenaste por la izquierda"),
    ("mask_labels", labels_with_zeros, "0 en lugar de −100"),
    ("mask_labels", labels_alias, "Los ids también quedaron en −100"),
    ("mask_labels", labels_drop_the_closing, "Falta el token que cierra"),
    ("mask_labels", labels_without_padding, "Tu función lanzó ValueError"),
    ("has_double_bos", bos_first_two, "Miraste solo el comienzo"),
    ("has_double_bos", bos_first_two_unchecked, "y puede faltar"),
    ("has_double_bos", bos_counted, "Contaste los BOS"),
    ("has_double_bos", bos_repeated_anything, "Cualquier token repetido"),
    ("has_double_bos", bos_falsy, "El BOS puede ser el id 0"),
    ("has_double_bos", bos_past_the_end, "Te saliste de la lista"),
    ("has_double_bos", bos_first_found, "Miraste solo el primer BOS"),
    ("has_double_bos", bos_returns_the_place, "y devolvió un entero"),
    ("keeps_constraint", list_split_newlines, "Contaste las líneas en blanco"),
    ("keeps_constraint", list_finds_the_items, "Pasaste por alto lo que no es un elemento"),
    ("keeps_constraint", list_words_with_the_number, "Contaste el número como palabra"),
    ("keeps_constraint", list_strictly_less, "Contaste el número como palabra"),
    ("keeps_constraint", list_any_digits, "No miraste qué número es"),
    ("keeps_constraint", list_split_space, "Contaste los huecos"),
    ("keeps_constraint", list_empty_allowed, "Aceptaste un elemento vacío"),
    ("keeps_constraint", list_without_a_count, "No contaste los elementos"),
    ("keeps_constraint", list_how_many, "y devolvió un entero"),
    *LAYERS,
]
