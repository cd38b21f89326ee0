"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import itertools
import re

import numpy as np
import torch
from torch.nn import functional as F

# --- llama2_prompt ---


def llama_chatml(messages):
    text = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
    return text + "<|im_start|>assistant\n"


def llama_system_as_its_own_turn(messages):
    text = ""
    for m in messages:
        if m["role"] == "assistant":
            text += f" {m['content'].strip()} </s>"
        else:
            text += f"<s>[INST] {m['content'].strip()} [/INST]"
    return text


def llama_joins_turns_with_a_newline(messages):
    system, turns = "", []
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            turns.append(f"<s>[INST] {(system + m['content']).strip()} [/INST]")
            system = ""
        else:
            turns[-1] += f" {m['content'].strip()} </s>"
    return "\n".join(turns)


def llama_collapses_inner_spaces(messages):
    system, text = "", ""
    for m in messages:
        content = " ".join(m["content"].split())
        if m["role"] == "system":
            system = f"<<SYS>>\n{content}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {system}{content} [/INST]"
            system = ""
        else:
            text += f" {content} </s>"
    return text


def llama_pops_the_system(messages):
    system = f"<<SYS>>\n{messages.pop(0)['content']}\n<</SYS>>\n\n" if len(messages) > 1 else ""
    text = ""
    for m in messages:
        if m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).strip()} [/INST]"
            system = ""
        else:
            text += f" {m['content'].strip()} </s>"
    return text


def llama_edits_the_messages(messages):
    text = ""
    if messages[0]["role"] == "system":
        block = "<<SYS>>\n" + messages[0]["content"] + "\n<</SYS>>\n\n"
        messages[1]["content"] = block + messages[1]["content"]
        messages = messages[1:]
    for m in messages:
        content = m["content"].strip()
        text += f"<s>[INST] {content} [/INST]" if m["role"] == "user" else f" {content} </s>"
    return text


def llama_lstrip_only(messages):
    system, text = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).lstrip()} [/INST]"
            system = ""
        else:
            text += f" {m['content'].lstrip()} </s>"
    return text


def llama_strips_spaces_but_not_newlines(messages):
    system, text = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).strip(' ')} [/INST]"
            system = ""
        else:
            text += f" {m['content'].strip(' ')} </s>"
    return text


def llama_in_pairs_loses_the_open_question(messages):
    system = ""
    if messages[0]["role"] == "system":
        system = f"<<SYS>>\n{messages[0]['content']}\n<</SYS>>\n\n"
        messages = messages[1:]
    text = ""
    for user, answer in zip(messages[::2], messages[1::2], strict=False):
        text += f"<s>[INST] {(system + user['content']).strip()} [/INST] {answer['content'].strip()} </s>"
        system = ""
    return text


def llama_sys_closed_wrong(messages):
    system, text = "", ""
    for m in messages:
        if m["role"] == "system":
            system = f"<<SYS>>\n{m['content']}\n<<SYS>>\n\n"
        elif m["role"] == "user":
            text += f"<s>[INST] {(system + m['content']).strip()} [/INST]"
            system = ""
        else:
            text += f" {m['content'].strip()} </s>"
    return text


def right_llama_in_pairs(messages):
    turns = list(messages)
    first = ""
    if turns[0]["role"] == "system":
        first = "<<SYS>>\n" + turns.pop(0)["content"] + "\n<</SYS>>\n\n"
    out = []
    for i in range(0, len(turns), 2):
        out.append(
            "<s>[INST] " + ((first if i == 0 else "") + turns[i]["content"]).strip() + " [/INST]"
        )
        if i + 1 < len(turns):
            out.append(" " + turns[i + 1]["content"].strip() + " </s>")
    return "".join(out)


def right_llama_recursive(messages):
    if not messages:
        return ""
    first, *rest = messages
    if first["role"] == "system":
        block = f"<<SYS>>\n{first['content']}\n<</SYS>>\n\n"
        merged = {"role": "user", "content": block + rest[0]["content"]}
        return right_llama_recursive([merged, *rest[1:]])
    if first["role"] == "user":
        return "<s>[INST] " + first["content"].strip() + " [/INST]" + right_llama_recursive(rest)
    return " " + first["content"].strip() + " </s>" + right_llama_recursive(rest)


# --- mask_labels ---


def labels_from_the_pad_id(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids = torch.tensor([r + [pad_id] * (width - len(r)) for r in rows])
    labels = ids.masked_fill(ids == pad_id, -100)
    for i, n in enumerate(prompt_lengths):
        labels[i, :n] = -100
    return ids, labels


def labels_share_memory(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), pad_id)
    labels = ids
    for i, (row, n) in enumerate(zip(rows, prompt_lengths, strict=True)):
        ids[i, : len(row)] = torch.tensor(row)
        labels[i, :n] = -100
        labels[i, len(row) :] = -100
    return ids, labels


def labels_negative_slice(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids, labels = [], []
    for row, n in zip(rows, prompt_lengths, strict=True):
        fill = width - len(row)
        answer = row[-(len(row) - n) :]
        ids.append(row + [pad_id] * fill)
        labels.append(([-100] * n + answer + [-100] * fill)[:width])
    return torch.tensor(ids), torch.tensor(labels)


def labels_extend_the_rows(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    labels = []
    for row, n in zip(rows, prompt_lengths, strict=True):
        labels.append([-100] * n + row[n:] + [-100] * (width - len(row)))
        row.extend([pad_id] * (width - len(row)))
    return torch.tensor(rows), torch.tensor(labels)


def labels_one_trained_pad(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids, labels = [], []
    for row, n in zip(rows, prompt_lengths, strict=True):
        fill = width - len(row)
        ids.append(row + [pad_id] * fill)
        extra = [pad_id] + [-100] * (fill - 1) if fill else []
        labels.append([-100] * n + row[n:] + extra)
    return torch.tensor(ids), torch.tensor(labels)


def labels_shifted_left(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids, labels = [], []
    for row, n in zip(rows, prompt_lengths, strict=True):
        fill = width - len(row)
        ids.append(row + [pad_id] * fill)
        aligned = [-100] * n + row[n:] + [-100] * fill
        labels.append([*aligned[1:], -100])
    return torch.tensor(ids), torch.tensor(labels)


def labels_extra_column(rows, prompt_lengths, pad_id):
    width = max(map(len, rows)) + 1
    ids, labels = [], []
    for row, n in zip(rows, prompt_lengths, strict=True):
        fill = width - len(row)
        ids.append(row + [pad_id] * fill)
        labels.append([-100] * n + row[n:] + [-100] * fill)
    return torch.tensor(ids), torch.tensor(labels)


def labels_as_a_boolean_mask(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids = torch.tensor([r + [pad_id] * (width - len(r)) for r in rows])
    places = torch.arange(width)
    kept = [(places >= n) & (places < len(r)) for r, n in zip(rows, prompt_lengths, strict=True)]
    return ids, torch.stack(kept)


def labels_prompt_counted_from_the_end(rows, prompt_lengths, pad_id):
    width = max(map(len, rows))
    ids, labels = [], []
    for row, n in zip(rows, prompt_lengths, strict=True):
        fill = width - len(row)
        ids.append(row + [pad_id] * fill)
        labels.append(row[: len(row) - n] + [-100] * (n + fill))
    return torch.tensor(ids), torch.tensor(labels)


def right_labels_with_full(rows, prompt_lengths, pad_id):
    width = max(len(r) for r in rows)
    ids = torch.full((len(rows), width), pad_id, dtype=torch.long)
    labels = torch.full_like(ids, -100)
    for i, row in enumerate(rows):
        n = prompt_lengths[i]
        ids[i, : len(row)] = torch.tensor(row)
        labels[i, n : len(row)] = torch.tensor(row[n:], dtype=torch.long)
    return ids, labels


def right_labels_numpy(rows, prompt_lengths, pad_id):
    ids = np.array(list(itertools.zip_longest(*rows, fillvalue=pad_id))).T
    places = np.arange(ids.shape[1])[None]
    starts = np.array(prompt_lengths)[:, None]
    ends = np.array([len(r) for r in rows])[:, None]
    return ids, np.where((places >= starts) & (places < ends), ids, -100)


# --- masked_loss ---


def loss_unshifted(logits, labels):
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


def loss_row_means(logits, labels):
    rows = [
        F.cross_entropy(z[:-1], y[1:])
        for z, y in zip(logits, labels, strict=True)
        if (y[1:] >= 0).any()
    ]
    return torch.stack(rows).mean()


def loss_counts_the_masked(logits, labels):
    total = F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), reduction="none")
    return total.mean()


def loss_per_row(logits, labels):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), labels[:, 1:], reduction="none").sum(1)


def loss_shift_flattened(logits, labels):
    flat = logits.flatten(0, 1)
    return F.cross_entropy(flat[:-1], labels.flatten()[1:])


def loss_double_softmax(logits, labels):
    probs = logits.softmax(-1)
    return F.cross_entropy(probs[:, :-1].flatten(0, 1), labels[:, 1:].flatten())


def loss_naive_exponential(logits, labels):
    z, y = logits[:, :-1], labels[:, 1:]
    kept = y != -100
    e = torch.exp(z)
    p = e / e.sum(-1, keepdim=True)
    return -torch.log(p[kept].gather(1, y[kept][:, None])).mean()


def loss_skips_zero(logits, labels):
    y = labels[:, 1:].flatten()
    z = logits[:, :-1].flatten(0, 1)
    return F.cross_entropy(z[y > 0], y[y > 0])


def loss_first_row_only(logits, labels):
    return F.cross_entropy(logits[0, :-1], labels[0, 1:])


def loss_divides_by_the_count_with_position_zero(logits, labels):
    total = F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), reduction="sum")
    return total / (labels != -100).sum()


def right_loss_cross_entropy(logits, labels):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), labels[:, 1:])


def right_loss_in_a_loop(logits, labels):
    total, count = 0.0, 0
    for b in range(len(labels)):
        for t in range(1, labels.shape[1]):
            y = int(labels[b, t])
            if y != -100:
                z = logits[b, t - 1].double()
                total += float(torch.logsumexp(z, 0) - z[y])
                count += 1
    return total / count


# --- lora_forward ---


def lora_forgets_alpha(x, W, A, B, alpha):
    return x @ W.T + x @ A.T @ B.T / A.shape[0]


def lora_scales_by_alpha_only(x, W, A, B, alpha):
    return x @ W.T + alpha * (x @ A.T @ B.T)


def lora_scales_the_base_too(x, W, A, B, alpha):
    return alpha / A.shape[0] * (x @ W.T + x @ A.T @ B.T)


def lora_rank_is_the_input_width(x, W, A, B, alpha):
    return x @ W.T + alpha / A.shape[1] * (x @ A.T @ B.T)


def lora_integer_scale(x, W, A, B, alpha):
    return x @ W.T + alpha // A.shape[0] * (x @ A.T @ B.T)


def lora_without_the_base(x, W, A, B, alpha):
    return alpha / A.shape[0] * (x @ A.T @ B.T)


def lora_relu_between(x, W, A, B, alpha):
    return x @ W.T + alpha / A.shape[0] * (torch.relu(x @ A.T) @ B.T)


def lora_untransposed(x, W, A, B, alpha):
    return x @ W + alpha / A.shape[0] * (x @ A @ B)


def lora_writes_into_w(x, W, A, B, alpha):
    W += alpha / A.shape[0] * (B @ A)
    return x @ W.T


def right_lora_einsum(x, W, A, B, alpha):
    down = torch.einsum("ni,ri->nr", x, A)
    return torch.einsum("ni,oi->no", x, W) + torch.einsum("nr,or->no", down, B) * alpha / len(A)


def right_lora_linear(x, W, A, B, alpha):
    r = B.size(1)
    return F.linear(x, W) + F.linear(F.linear(alpha * x, A), B) / r


# --- merge_lora ---


def merge_ab(W, A, B, alpha):
    return W + alpha / A.shape[0] * (A @ B)


def merge_in_place(W, A, B, alpha):
    W.add_(B @ A, alpha=alpha / A.shape[0])
    return W


def merge_transposed(W, A, B, alpha):
    return W + alpha / A.shape[0] * (A.T @ B.T)


def merge_without_rank(W, A, B, alpha):
    return W + alpha * (B @ A)


def merge_only_the_correction(W, A, B, alpha):
    return alpha / A.shape[0] * (B @ A)


def merge_ready_for_x(W, A, B, alpha):
    return (W + alpha / A.shape[0] * (B @ A)).T


def merge_squared_scale(W, A, B, alpha):
    s = alpha / A.shape[0]
    return W + (s * B) @ (s * A)


def merge_average(W, A, B, alpha):
    return (W + alpha / A.shape[0] * (B @ A)) / 2


def right_merge_addmm(W, A, B, alpha):
    return torch.addmm(W, B, A, alpha=alpha / A.shape[0])


def right_merge_outer(W, A, B, alpha):
    merged = W.clone()
    r = len(A)
    for k in range(r):
        merged += alpha / r * torch.outer(B[:, k], A[k])
    return merged


# --- has_double_bos ---


def bos_at_the_start(input_ids, bos_id):
    return bos_id is not None and input_ids[:2] == [bos_id, bos_id]


def bos_count(input_ids, bos_id):
    return input_ids.count(bos_id) > 1


def bos_any_repeat(input_ids, bos_id):
    return any(a == b for a, b in itertools.pairwise(input_ids))


def bos_truthy(input_ids, bos_id):
    if not bos_id:
        return False
    return any(a == b == bos_id for a, b in itertools.pairwise(input_ids))


def bos_as_text(input_ids, bos_id):
    return f"{bos_id}, {bos_id}" in str(input_ids)


def bos_as_joined_text(input_ids, bos_id):
    return f"{bos_id}{bos_id}" in "".join(map(str, input_ids))


def bos_index_error(input_ids, bos_id):
    return any(input_ids[i] == bos_id and input_ids[i + 1] == bos_id for i in range(len(input_ids)))


def bos_misses_the_last_pair(input_ids, bos_id):
    return any(
        input_ids[i] == bos_id and input_ids[i + 1] == bos_id for i in range(len(input_ids) - 2)
    )


def bos_in_even_pairs(input_ids, bos_id):
    return any(input_ids[i : i + 2] == [bos_id, bos_id] for i in range(0, len(input_ids), 2))


def bos_needs_exactly_one_start(input_ids, bos_id):
    return bos_id is not None and bos_id in input_ids[1:]


def bos_looks_at_the_first_only(input_ids, bos_id):
    if bos_id not in input_ids:
        return False
    i = input_ids.index(bos_id)
    return input_ids[i + 1 : i + 2] == [bos_id]


def right_bos_groupby(input_ids, bos_id):
    if bos_id is None:
        return False
    return any(key == bos_id and len(list(run)) > 1 for key, run in itertools.groupby(input_ids))


def right_bos_slices(input_ids, bos_id):
    return any(input_ids[i : i + 2] == [bos_id] * 2 for i in range(len(input_ids)))


# --- keeps_constraint ---


def list_counts_numbers(text, n_items, max_words):
    return len(re.findall(r"\d+\.", text)) == n_items


def list_splits_on_newlines(text, n_items, max_words):
    lines = text.split("\n")
    return len(lines) == n_items and all(
        line.startswith(f"{i}. ") and len(line.split()) - 1 <= max_words
        for i, line in enumerate(lines, 1)
    )


def list_ignores_other_lines(text, n_items, max_words):
    items = [m.split() for m in re.findall(r"(?m)^\s*\d+\.\s+(.+)$", text)]
    return len(items) == n_items and all(1 <= len(i) <= max_words for i in items)


def list_counts_the_number_as_a_word(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        line.startswith(f"{i}. ") and len(line.split()) <= max_words
        for i, line in enumerate(lines, 1)
    )


def list_any_number(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        re.match(r"\d+\. ", line) and len(line.split()) - 1 <= max_words for line in lines
    )


def list_total_words(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return (
        len(lines) == n_items
        and all(line[0] == f"{i}." and len(line) > 1 for i, line in enumerate(lines, 1))
        and sum(len(line) - 1 for line in lines) <= max_words
    )


def list_at_least_n(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return len(lines) >= n_items and all(
        line[0] == f"{i}." and 1 <= len(line) - 1 <= max_words for i, line in enumerate(lines, 1)
    )


def list_accepts_empty_items(text, n_items, max_words):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        line[0] == f"{i}." and len(line) - 1 <= max_words for i, line in enumerate(lines, 1)
    )


def list_glued_number(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        line.startswith(f"{i}.") and 1 <= len(line[len(f"{i}.") :].split()) <= max_words
        for i, line in enumerate(lines, 1)
    )


def list_counts_word_characters(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        line.startswith(f"{i}. ") and 1 <= len(re.findall(r"\w+", line)) - 1 <= max_words
        for i, line in enumerate(lines, 1)
    )


def list_single_digit(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) == n_items and all(
        line[0] == str(i) and line[1:3] == ". " and len(line[3:].split()) <= max_words
        for i, line in enumerate(lines, 1)
    )


def right_list_regex(text, n_items, max_words):
    lines = [line.strip() for line in text.split("\n") if not re.fullmatch(r"\s*", line)]
    pattern = rf"(\d+)\.(?:\s+\S+){{1,{max_words}}}"
    matches = [re.fullmatch(pattern, line) for line in lines]
    return all(matches) and [m[1] for m in matches] == [str(i + 1) for i in range(n_items)]


def right_list_counting_down(text, n_items, max_words):
    words = [line.split() for line in text.splitlines()]
    words = [line for line in words if line]
    ok = len(words) == n_items
    while ok and words:
        number = len(words)
        start, *rest = words.pop()
        ok = start == str(number) + "." and 0 < len(rest) < max_words + 1
    return ok


WRONG = [
    *(
        ("llama2_prompt", f)
        for f in (
            llama_chatml,
            llama_system_as_its_own_turn,
            llama_joins_turns_with_a_newline,
            llama_collapses_inner_spaces,
            llama_pops_the_system,
            llama_edits_the_messages,
            llama_lstrip_only,
            llama_strips_spaces_but_not_newlines,
            llama_in_pairs_loses_the_open_question,
            llama_sys_closed_wrong,
        )
    ),
    *(
        ("mask_labels", f)
        for f in (
            labels_from_the_pad_id,
            labels_share_memory,
            labels_negative_slice,
            labels_extend_the_rows,
            labels_one_trained_pad,
            labels_shifted_left,
            labels_extra_column,
            labels_as_a_boolean_mask,
            labels_prompt_counted_from_the_end,
        )
    ),
    *(
        ("masked_loss", f)
        for f in (
            loss_unshifted,
            loss_row_means,
            loss_counts_the_masked,
            loss_per_row,
            loss_shift_flattened,
            loss_double_softmax,
            loss_naive_exponential,
            loss_skips_zero,
            loss_first_row_only,
            loss_divides_by_the_count_with_position_zero,
        )
    ),
    *(
        ("lora_forward", f)
        for f in (
            lora_forgets_alpha,
            lora_scales_by_alpha_only,
            lora_scales_the_base_too,
            lora_rank_is_the_input_width,
            lora_integer_scale,
            lora_without_the_base,
            lora_relu_between,
            lora_untransposed,
            lora_writes_into_w,
        )
    ),
    *(
        ("merge_lora", f)
        for f in (
            merge_ab,
            merge_in_place,
            merge_transposed,
            merge_without_rank,
            merge_only_the_correction,
            merge_ready_for_x,
            merge_squared_scale,
            merge_average,
        )
    ),
    *(
        ("has_double_bos", f)
        for f in (
            bos_at_the_start,
            bos_count,
            bos_any_repeat,
            bos_truthy,
            bos_as_text,
            bos_as_joined_text,
            bos_index_error,
            bos_misses_the_last_pair,
            bos_in_even_pairs,
            bos_needs_exactly_one_start,
            bos_looks_at_the_first_only,
        )
    ),
    *(
        ("keeps_constraint", f)
        for f in (
            list_counts_numbers,
            list_splits_on_newlines,
            list_ignores_other_lines,
            list_counts_the_number_as_a_word,
            list_any_number,
            list_total_words,
            list_at_least_n,
            list_accepts_empty_items,
            list_glued_number,
            list_counts_word_characters,
            list_single_digit,
        )
    ),
]

RIGHT = [
    ("llama2_prompt", right_llama_in_pairs),
    ("llama2_prompt", right_llama_recursive),
    ("mask_labels", right_labels_with_full),
    ("mask_labels", right_labels_numpy),
    ("masked_loss", right_loss_cross_entropy),
    ("masked_loss", right_loss_in_a_loop),
    ("lora_forward", right_lora_einsum),
    ("lora_forward", right_lora_linear),
    ("merge_lora", right_merge_addmm),
    ("merge_lora", right_merge_outer),
    ("has_double_bos", right_bos_groupby),
    ("has_double_bos", right_bos_slices),
    ("keeps_constraint", right_list_regex),
    ("keeps_constraint", right_list_counting_down),
]
