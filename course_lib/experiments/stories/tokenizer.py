"""El tokenizador de los cuentos: BPE de bytes, como el del capítulo 1, con la biblioteca `tokenizers`.

Como parte de los 256 bytes, cualquier texto que alguien escriba se puede codificar, aunque use letras o
signos que los cuentos no tienen. Ref.: Sennrich et al. 2016, arXiv:1508.07909; con bytes, Radford et
al. 2019 (GPT-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

__all__ = ["BOS", "EOS", "VOCAB_SIZE", "encode_stories", "load_tokenizer", "train_tokenizer"]

BOS, EOS = "<inicio>", "<fin>"
VOCAB_SIZE = 2048


def train_tokenizer(texts: Iterable[str], vocab_size: int = VOCAB_SIZE) -> Tokenizer:
    """Devuelve un tokenizador con `vocab_size` tokens, aprendido de los textos.

    Los dos primeros son «<inicio>» y «<fin>»; los 256 siguientes, los bytes.

    Raises:
        ValueError: no hay textos, o el vocabulario no alcanza ni para los bytes.

    >>> train_tokenizer(["un zorro y un oso"], vocab_size=260).encode("un").tokens
    ['<inicio>', 'un']
    """
    texts = list(texts)
    if not any(texts):
        raise ValueError("No llegó ningún texto: el tokenizador aprende de un corpus con palabras.")
    if vocab_size < 258:
        raise ValueError(
            f"Llegó vocab_size={vocab_size}: hacen falta al menos 258, los 256 bytes y los dos especiales."
        )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", special_tokens=[(BOS, tokenizer.token_to_id(BOS))]
    )
    return tokenizer


def load_tokenizer(source: Tokenizer | str | Path) -> PreTrainedTokenizerFast:
    """Devuelve el tokenizador con la interfaz de transformers, la que espera `LanguageModel`.

    `source`: un `Tokenizer` o la ruta de su JSON. Los tokens especiales no se pueden escribir como
    texto: un «<fin>» tecleado es solo letras.
    """
    tokenizer = source if isinstance(source, Tokenizer) else Tokenizer.from_file(str(source))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BOS, eos_token=EOS, split_special_tokens=True
    )


def encode_stories(tokenizer: Tokenizer, stories: Sequence[str]) -> list[list[int]]:
    """Devuelve una lista de ids por cuento, desde «<inicio>» hasta «<fin>».

    >>> tokenizer = train_tokenizer(["a"], vocab_size=258)
    >>> encode_stories(tokenizer, ["a"])[0][0], encode_stories(tokenizer, ["a"])[0][-1]
    (0, 1)
    """
    eos: Any = tokenizer.token_to_id(EOS)
    return [[*encoding.ids, eos] for encoding in tokenizer.encode_batch(list(stories))]
