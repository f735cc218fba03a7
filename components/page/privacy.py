"""The foot of the page: how long pictures and texts are kept, and a button that deletes one's own now."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.lanes import LIGHT
from core.texts import say
from server.admission import Service
from server.sessions import session_of

SESSIONS = 100  # names that a page may have had


def build(service: Service) -> None:
    """Lay out the foot and connect its button."""
    with gr.Row(elem_id="lab-privacy", equal_height=True):
        gr.Markdown(label("app.privacy.kept"), elem_id="lab-privacy-text")
        button = gr.Button(
            label("app.privacy.delete"), size="sm", variant="secondary", scale=0, min_width=160, elem_id="lab-delete"
        )

    @shown
    def delete(sessions: Any, request: gr.Request) -> None:
        named = sessions if isinstance(sessions, list) else []
        own = {session_of(request), *(name for name in named[:SESSIONS] if isinstance(name, str))}
        deleted = sum(service.uploads.forget(name) for name in own)
        service.lab.forget()  # they are nobody's by name, so that one's own go with all others
        gr.Info(say(language_of(request), "app.privacy.deleted", count=deleted))

    # The page's questions come under names of their own, which are random: nobody deletes what is another page's.
    sessions = gr.JSON(visible=False)
    js = "() => AttentionLab.sessions()"
    button.click(delete, sessions, None, js=js, api_visibility="private", **LIGHT.options)
