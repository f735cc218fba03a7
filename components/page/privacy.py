"""The foot of the page: how long pictures and texts are kept, and a button that deletes one's own now."""

from __future__ import annotations

import gradio as gr

from components.page.feedback import shown
from components.page.i18n import label, language_of
from core.texts import say
from server.admission import Service
from server.sessions import session_of


def build(service: Service) -> None:
    """Lay out the foot and connect its button."""
    with gr.Row(elem_id="lab-privacy", equal_height=True):
        gr.Markdown(label("app.privacy.kept"), elem_id="lab-privacy-text")
        button = gr.Button(
            label("app.privacy.delete"), size="sm", variant="secondary", scale=0, min_width=160, elem_id="lab-delete"
        )

    @shown
    def delete(request: gr.Request) -> None:
        deleted = service.uploads.forget(session_of(request))
        service.lab.results.clear()  # they are nobody's by name, so that one's own go with all others
        gr.Info(say(language_of(request), "app.privacy.deleted", count=deleted))

    button.click(delete, None, None, api_visibility="private", concurrency_id="slices", concurrency_limit=8)
