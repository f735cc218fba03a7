"""How well a tokenizer's vocabulary covers a text: why a word stands as [UNK], and whether the rest is mere letters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.text.results import Note

UNKNOWN = "[UNK]"
CONTINUED = "##"  # WordPiece's mark of a piece that goes on with a word
MOSTLY = 0.5  # the share of a text's pieces from which on it counts as taken apart into letters
ENOUGH = 3  # words in Latin letters that it takes to tell a language; fewer may be names or slips

Cause = Literal["long", "strange", "partly"]


@dataclass(frozen=True)
class Piece:
    """One token of a text. ``source``: the characters behind it, as typed. ``word``: which word it belongs to."""

    text: str
    source: str
    word: int


def longest_word(tokenizer: Any) -> int | None:
    """How many characters a word may have before WordPiece takes it as [UNK] unread; None where there is no limit."""
    return getattr(tokenizer.model, "max_input_chars_per_word", None)


def cause(tokenizer: Any, source: str) -> Cause:
    """Why a word is [UNK]: it is too long to be read, none of its characters is in the vocabulary, or one is not."""
    word = tokenizer.normalizer.normalize_str(source) if tokenizer.normalizer else source
    limit = longest_word(tokenizer)
    if limit is not None and len(word) > limit:
        return "long"
    known = any(tokenizer.token_to_id(form) is not None for c in word for form in (c, CONTINUED + c))
    return "partly" if known else "strange"


def notes(tokenizer: Any, sentences: Sequence[Sequence[Piece]]) -> list[Note]:
    """What a person should know of each sentence's pieces; those of the model's own format are not among them."""
    pieces = [piece for sentence in sentences for piece in sentence]
    causes = Counter(
        cause(tokenizer, piece.source) for piece in pieces if piece.text == UNKNOWN and piece.source != UNKNOWN
    )
    missing = causes["strange"] + causes["partly"]
    nothing = all(piece.text == UNKNOWN for piece in pieces)
    found = []
    if causes["long"]:
        found.append(Note("attention.notes.long", {"count": causes["long"], "limit": longest_word(tokenizer)}))
    if missing == len(pieces):
        found.append(Note("attention.notes.all_partly" if causes["partly"] else "attention.notes.all_unknown"))
    else:
        found += [Note("attention.notes.unknown", {"count": missing})] if missing else []
        found += [Note("attention.notes.only_unknown")] if nothing else []
    return found if nothing else found + apart(tokenizer, sentences)


def apart(tokenizer: Any, sentences: Sequence[Sequence[Piece]]) -> list[Note]:
    """A note where a sentence is in a script or language whose words the vocabulary does not hold."""
    share = max(letters_share(tokenizer, sentence) for sentence in sentences)
    if share < MOSTLY:
        return []
    words = sum(len({piece.word for piece in sentence}) for sentence in sentences)
    rate = sum(map(len, sentences)) / words
    return [Note("attention.notes.split", {"rate": f"{rate:.1f}", "share": f"{100 * share:.0f}"})]


def letters_share(tokenizer: Any, sentence: Sequence[Piece]) -> float:
    """The share of a sentence's pieces that are unknown, or a single one of a longer word's characters.

    Only words made of letters are counted, for codes and signs tell nothing of a language, nor do words that are too
    long to be read. 0 for a few words in Latin letters: a rare word is taken apart in any language.
    """
    words: dict[int, list[Piece]] = {}
    for piece in sentence:
        words.setdefault(piece.word, []).append(piece)
    told = [word for word in words.values() if _is_word(tokenizer, word)]
    if len(told) < ENOUGH and all(latin(piece.source) for word in told for piece in word):
        return 0.0
    small = [
        piece.text == UNKNOWN or (len(word) > 1 and len(piece.text.removeprefix(CONTINUED)) == 1)
        for word in told
        for piece in word
    ]
    return sum(small) / len(small)


def _is_word(tokenizer: Any, word: list[Piece]) -> bool:
    source = "".join(piece.source for piece in word)
    if source == UNKNOWN or not any(map(str.isalpha, source)) or any(map(str.isdigit, source)):
        return False
    return word[0].text != UNKNOWN or cause(tokenizer, word[0].source) != "long"


def latin(text: str) -> bool:
    """Whether all letters of a text are Latin ones."""
    return all("LATIN" in unicodedata.name(c, "") for c in text if c.isalpha())
