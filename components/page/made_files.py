"""Files that the server makes for pages, in the process's own folder, which goes with it."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from server.admission import Service
from server.sessions import session_of
from server.upload_store import own_folder


class MadeFiles:
    """Files that are made for pages: they lie among the uploads, and each goes with those of its page."""

    def __init__(self, service: Service) -> None:
        self.uploads = service.uploads

    def path(self, request: gr.Request, folder: str, name: str) -> Path:
        """Where to write a file called ``name`` for the page that asks; the same ``folder`` is the same file."""
        path = self.uploads.folder / folder / name
        self.uploads.note(session_of(request), [path])
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def examples_folder() -> Path:
    """Where a tab writes the examples that gradio serves: in the process's own folder, which goes with it."""
    folder = own_folder() / "examples"
    folder.mkdir(exist_ok=True)
    return folder
