"""Text → tokens: what a person typed, checked, cut to what the model takes, with its special tokens around it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from core.errors import TextError
from core.text.coverage import Piece
from core.text.coverage import notes as coverage
from core.text.results import Note, Tokens

MAX_CHARACTERS = 20_000  # checked before the tokenizer sees a text: its time grows with the length
SPECIAL = re.compile(r"(\[(?:CLS|SEP|MASK|PAD|UNK)\])")
MASKS = re.compile(r"(\[MASK\])")
FRAMED = re.compile(r"^\[CLS\]|\[SEP\]$")  # a text that brings along what the model's format adds


def clean(text: object) -> tuple[str, list[Note]]:
    """A text without what a tokenizer cannot take, and notes of what was changed.

    Lone surrogates become U+FFFD; control characters other than white space are removed. Errors: TextError.
    """
    if not isinstance(text, str):
        raise TextError("attention.not_text")
    if len(text) > MAX_CHARACTERS:
        raise TextError("attention.too_long", length=f"{len(text):,}", limit=f"{MAX_CHARACTERS:,}")
    notes = []
    surrogates = sum("\ud800" <= c <= "\udfff" for c in text)
    if surrogates:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
        notes.append(Note("attention.notes.surrogates", {"count": surrogates}))
    controls = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in text)
    if controls:
        text = "".join(c for c in text if unicodedata.category(c) != "Cc" or c in "\t\n\r")
        notes.append(Note("attention.notes.controls", {"count": controls}))
    return text.strip(), notes


def fair_cut(first: int, second: int, room: int) -> tuple[int, int]:
    """How many tokens of each of two sentences stay when both must fit into ``room``.

    The shorter one keeps up to half of the room, the longer one takes what is left.
    """
    if first + second <= room:
        return first, second
    half = room // 2
    if first <= half:
        return first, room - first
    if second <= room - half:
        return room - second, second
    return half, room - half


class Pieces:
    """The pieces of one text: ids, texts, the word that each belongs to, and the characters behind each."""

    def __init__(self, tokenizer: Any, text: str, names: re.Pattern[str] | None) -> None:
        self.ids: list[int] = []
        self.texts: list[str] = []
        self.words: list[int] = []
        self.sources: list[str] = []
        word = 0
        for part in names.split(text) if names else [text]:
            known = tokenizer.token_to_id(part) if names and names.fullmatch(part) else None
            if known is not None:
                self._add([known], [part], [word], [part])
                word += 1
                continue
            encoded = tokenizer.encode(part, add_special_tokens=False)
            sources = [part[start:end] for start, end in encoded.offsets]
            self._add(encoded.ids, encoded.tokens, [word + (w or 0) for w in encoded.word_ids], sources)
            word = max(self.words, default=-1) + 1
        self.count = word

    def _add(self, ids: list[int], texts: list[str], words: list[int], sources: list[str]) -> None:
        self.ids += ids
        self.texts += texts
        self.words += words
        self.sources += sources

    def kept(self, count: int) -> list[Piece]:
        """The first ``count`` of them."""
        parts = zip(self.texts[:count], self.sources[:count], self.words[:count], strict=True)
        return [Piece(*part) for part in parts]


def encode(
    tokenizer: Any, a: object, b: object = "", *, limit: int = 512, special: bool = False, masks: bool = False
) -> Tokens:
    """``[CLS] a [SEP]`` or ``[CLS] a [SEP] b [SEP]``, at most ``limit`` tokens.

    ``tokenizer``: a ``tokenizers.Tokenizer`` with ``encode_special_tokens`` set, so that a typed ``[SEP]`` is plain
    text; with ``special`` such a name is the token itself, with ``masks`` ``[MASK]`` alone. Errors: TextError (empty,
    too long, not text).
    """
    text_a, notes = clean(a)
    text_b, more = clean(b)
    notes += more
    if not text_a:
        raise TextError("attention.second_only" if text_b else "attention.empty")
    if FRAMED.search(text_a) or FRAMED.search(text_b):
        notes.append(Note("attention.notes.framed_twice" if special else "attention.notes.framed"))
    names = SPECIAL if special else MASKS if masks else None
    first, second = Pieces(tokenizer, text_a, names), Pieces(tokenizer, text_b, names)
    if not first.ids:
        raise TextError("attention.nothing_left")
    total, frame = len(first.ids) + len(second.ids), 3 if second.ids else 2
    keep_a, keep_b = fair_cut(len(first.ids), len(second.ids), limit - frame)
    if keep_a + keep_b < total:
        notes.append(Note("attention.notes.cut", {"total": total + frame, "limit": limit}))
    cls, sep = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    ids = [cls, *first.ids[:keep_a], sep]
    texts = ["[CLS]", *first.texts[:keep_a], "[SEP]"]
    words = [-1, *first.words[:keep_a], -1]
    sources = ["", *first.sources[:keep_a], ""]
    segments = [0] * len(ids)
    if second.ids:
        ids += [*second.ids[:keep_b], sep]
        texts += [*second.texts[:keep_b], "[SEP]"]
        words += [first.count + w for w in second.words[:keep_b]] + [-1]
        sources += [*second.sources[:keep_b], ""]
        segments += [1] * (keep_b + 1)
    flags = [w == -1 for w in words]
    sentences = [kept for kept in (first.kept(keep_a), second.kept(keep_b)) if kept]
    notes += coverage(tokenizer, sentences)
    columns = (texts, ids, segments, flags, words, notes, sources)
    return Tokens(*map(tuple, columns))  # type: ignore[arg-type]
