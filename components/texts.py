"""Interface text: ``assets/texts/<language>/<area>.json``, flattened to keys like ``attention.views.heads``.

Labels that never change are translated in the browser (gradio's I18n); text that depends on a result is made here, in
the language that the page's address names.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.i18n import I18n, I18nData

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
    """Every text of one language by its key."""
    flat: dict[str, str] = {}
    for path in sorted((TEXTS / language).glob("*.json")):
        flat |= _flatten(json.loads(path.read_text("utf-8")), path.stem)
    return flat


def say(language: str, key: str, **values: object) -> str:
    """The text in ``language`` (English where it has none), its ``{fields}`` filled. A missing key is a KeyError."""
    template = texts(language).get(key) or texts("en")[key]
    return template.format(**values) if values else template


def label(key: str) -> I18nData:
    """A marker that the browser replaces by the text of its language."""
    if key not in texts("en"):
        raise KeyError(key)
    return I18nData(key)


def translations() -> I18n:
    """All texts for ``launch(i18n=…)``; what a language lacks is there in English."""
    return I18n(**{language: texts("en") | texts(language) for language in LANGUAGES})


def language_of(request: gr.Request | None) -> str:
    """The language of the page that sent the request; the middleware puts the default where a link names none."""
    wanted = request.query_params.get("lang") if request is not None and hasattr(request, "query_params") else None
    return wanted if wanted in LANGUAGES else "en"
