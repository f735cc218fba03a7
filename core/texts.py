"""Interface text: ``assets/texts/<language>/<area>.json``, flattened to keys like ``attention.views.heads``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from core.plurals import LATIN, filled

TEXTS = Path(__file__).resolve().parent.parent / "assets" / "texts"


@dataclass(frozen=True)
class Language:
    """Which way a language is written, what the switch in the header calls it, and its digits, then its "." and ","."""

    direction: Literal["ltr", "rtl"]
    short: str
    digits: str = LATIN


SPOKEN = {
    "en": Language("ltr", "EN"),
    "fa": Language("rtl", "فا", "۰۱۲۳۴۵۶۷۸۹٫٬"),
}
LANGUAGES = tuple(SPOKEN)
RIGHT_TO_LEFT = tuple(code for code, language in SPOKEN.items() if language.direction == "rtl")


def _flatten(tree: dict[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in tree.items():
        key = f"{prefix}.{name}"
        flat |= _flatten(value, key) if isinstance(value, dict) else {key: value}
    return flat


@cache
def texts(language: str) -> dict[str, str]:
    """Every text of one language by its key; nothing for a language that the page does not speak."""
    flat: dict[str, str] = {}
    if language in LANGUAGES:
        for path in sorted((TEXTS / language).glob("*.json")):
            flat |= _flatten(json.loads(path.read_text("utf-8")), path.stem)
    return flat


def digits(language: str) -> str:
    """The digits of a language's sentences; Latin ones for a language that the page does not speak."""
    return SPOKEN[language].digits if language in SPOKEN else LATIN


def say(language: str, key: str, **values: object) -> str:
    """The text in ``language`` (English where it has none), its ``{fields}`` filled. A missing key is a KeyError."""
    template = texts(language).get(key) or texts("en")[key]
    return filled(template, values, language, digits(language)) if values else template
