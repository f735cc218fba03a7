"""Interface text: ``assets/texts/<language>/<area>.json``, flattened to keys like ``attention.views.heads``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).resolve().parent.parent / "assets" / "texts"
LANGUAGES = ("en", "fa")
RIGHT_TO_LEFT = ("fa",)


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


def say(language: str, key: str, **values: object) -> str:
    """The text in ``language`` (English where it has none), its ``{fields}`` filled. A missing key is a KeyError."""
    template = texts(language).get(key) or texts("en")[key]
    return template.format(**values) if values else template
