"""Sentences about films that were written for the game of masked words: in each, one word is to be guessed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "assets" / "covered_words.json"
SIGNS = ".,;:!?"


@dataclass(frozen=True)
class CoveredWord:
    """A sentence, and the word of it (from 0) that is covered."""

    text: str
    covered: int

    @property
    def word(self) -> str:
        """What is to be guessed."""
        return self.text.split()[self.covered].strip(SIGNS)


@cache
def covered_words() -> tuple[CoveredWord, ...]:
    """All of them, in the file's order. Errors: OSError, ValueError; the file comes with the app."""
    rows = json.loads(FILE.read_text("utf-8"))["sentences"]
    return tuple(CoveredWord(row["text"], _place(row["text"], row["word"])) for row in rows)


def _place(text: str, word: str) -> int:
    return [one.strip(SIGNS) for one in text.split()].index(word)
