"""The page's language. Labels that never change are translated in the browser by gradio's I18n; text that depends on a
result is made in Python, in the language that the page's address names."""

from __future__ import annotations

import json
import re

import gradio as gr
from gradio.i18n import I18n, I18nData

from core.texts import LANGUAGES, texts

# How gradio writes a marker into a page's configuration, inside one string of JSON or two.
MARKER = re.compile(r"translation_metadata\W+key\W+([\w.-]+)")


def label(key: str) -> I18nData:
    """A marker that the browser replaces by the text of its language."""
    if key not in texts("en"):
        raise KeyError(key)
    return I18nData(key)


def shown_keys(demo: gr.Blocks) -> set[str]:
    """The keys of all labels that gradio's components of a page show."""
    return set(MARKER.findall(json.dumps(demo.config["components"], default=str)))


def translations(demo: gr.Blocks) -> I18n:
    """The texts that the components show, for ``launch(i18n=…)``; what a language lacks is there in English."""
    keys = sorted(shown_keys(demo))
    words = {language: texts("en") | texts(language) for language in LANGUAGES}
    return I18n(**{language: {key: words[language][key] for key in keys} for language in LANGUAGES})


def language_of(request: gr.Request | None) -> str:
    """The language of the page that sent the request; the middleware puts the default where a link names none."""
    wanted = request.query_params.get("lang") if request is not None and hasattr(request, "query_params") else None
    return wanted if wanted in LANGUAGES else "en"
