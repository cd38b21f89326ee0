"""Las reglas publicadas de cada plantilla, en Jinja, y con qué conversaciones se comparan."""

from __future__ import annotations

from functools import cache
from itertools import product

from jinja2.sandbox import ImmutableSandboxedEnvironment

# tokenizer_config.json de meta-llama/Llama-2-7b-chat-hf
LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}{% else %}"
    "{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}{% if loop.index0 == 0 and system_message != false %}"
    "{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}"
    "{% endif %}{% endfor %}"
)

# chat_template.jinja de Gemma 3, sin las ramas de imágenes
GEMMA = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{ '<start_of_turn>model\n' }}
{%- endif -%}
"""
SYSTEMS = (None, "Responde en español.", "  con espacios  ", "dos\nlíneas\n", "")
TEXTS = (
    ("¿Qué hora es?", "Las tres."),
    ("  espacios al comienzo", "y al final  "),
    ("\nsaltos\n", "\n\nuno por línea\n"),
    ("uno\n\ndos", "emoji 🙂 y <html>"),
)


@cache
def compiled(template: str):
    """La plantilla, en el mismo entorno y con las mismas opciones de Jinja que usa transformers."""

    def raise_exception(message):
        raise ValueError(message)

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = raise_exception
    return environment.from_string(template)


def render(template: str, messages, **variables) -> str:
    """Lo que escribe la regla publicada; si termina el usuario, hasta donde empieza el modelo."""
    generation = messages[-1]["role"] == "user"
    return compiled(template).render(
        messages=messages, add_generation_prompt=generation, **variables
    )


def conversation(system, texts, open_ended: bool):
    """De textos a mensajes; `open_ended` deja la última pregunta sin responder."""
    messages = [] if system is None else [{"role": "system", "content": system}]
    for user, assistant in texts:
        messages += [
            {"role": "user", "content": user},
            {"role": "assistant", "content": assistant},
        ]
    return messages[:-1] if open_ended else messages


CHATS = [
    conversation(system, (TEXTS[first:] + TEXTS[:first])[:turns], open_ended)
    for system, first, turns, open_ended in product(
        SYSTEMS, range(len(TEXTS)), range(1, 5), (True, False)
    )
]
