"""Sentences about films that were written for this app: each praises or blames, in one of four grades of difficulty.

``plain``: the words say what is meant. ``negated``: a "not", "never" or "nobody" turns them round. ``mixed``: there is
praise and blame, and one decides. ``ironic``: the words say the opposite.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.data.labels import SENTIMENT

FILE = Path(__file__).resolve().parents[2] / "assets" / "sentences.json"
GRADES = ("plain", "negated", "mixed", "ironic")
LABELS = SENTIMENT  # in the order in which IMDB's labels count


@dataclass(frozen=True)
class Sentence:
    """A short review. ``label``: what it says of the film in the end; ``grade``: how hard that is to tell."""

    text: str
    label: str
    grade: str
    language: str


@cache
def every_sentence() -> tuple[Sentence, ...]:
    """All of them, in the file's order. Errors: OSError, ValueError; the file comes with the app."""
    rows = json.loads(FILE.read_text("utf-8"))["sentences"]
    return tuple(Sentence(row["text"], row["label"], row["grade"], row["language"]) for row in rows)


def sentences(language: str = "en", grades: Sequence[str] = GRADES) -> tuple[Sentence, ...]:
    """Those in one language and of some grades; none in a language that nobody wrote any in."""
    return tuple(one for one in every_sentence() if one.language == language and one.grade in grades)


def digest(chosen: Sequence[Sentence]) -> str:
    """SHA-256 of what sentences say and of how they are labelled: what was measured of others does not hold."""
    lines = ("\t".join((one.language, one.grade, one.label, one.text)) for one in chosen)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
