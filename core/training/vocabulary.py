"""A WordPiece vocabulary of one's own (Wu et al., 2016), trained on the texts that the model learns from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]  # ids 0..4
CONFIG = {
    "tokenizer_class": "BertTokenizer",
    "do_lower_case": True,
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """Lower-cased WordPiece with at most ``size`` entries; a line break of HTML counts as a space."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace("<br />", " "), normalizers.BertNormalizer(lowercase=True)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=2, special_tokens=SPECIAL, limit_alphabet=200, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", cls), ("[SEP]", sep)],
    )
    return tokenizer


def encode_all(tokenizer: Tokenizer, texts: Sequence[str]) -> list[NDArray[np.int16]]:
    """Token ids of each text without special tokens; 16 bits hold any id of a small vocabulary."""
    assert tokenizer.get_vocab_size() < 2**15, "a vocabulary this large needs wider integers"
    ids: list[NDArray[np.int16]] = []
    for i in range(0, len(texts), 1000):
        batch = tokenizer.encode_batch(list(texts[i : i + 1000]), add_special_tokens=False)
        ids += [np.array(item.ids, dtype=np.int16) for item in batch]
    return ids


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a model folder."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
