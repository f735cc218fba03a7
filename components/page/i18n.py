"""The page's language. Labels that never change are translated in the browser by gradio's I18n; text that depends on a
result is made in Python, in the language that the page's address names."""

from __future__ import annotations

import gradio as gr
from gradio.i18n import I18n, I18nData

from core.texts import LANGUAGES, texts


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
