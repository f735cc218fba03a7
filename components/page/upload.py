"""A picture from a file, the clipboard or a camera, handed over as the file it came as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from server.admission import Service
from server.sessions import session_of
from server.upload_store import own_folder


def path_of(payload: Any) -> str | None:
    """The path of an upload, or None. Gradio has checked by now that it is an upload to this server."""
    return payload.path if payload is not None else None


class Upload(gr.Image):
    """Gradio's image input, which leaves the decoding to :mod:`core.data.images`.

    By itself ``gr.Image`` opens what was sent before a handler runs, without our limits, and answers a broken file with
    a traceback. A class, because gradio makes a component anew for a session whose handler skipped or updated it.
    """

    is_template = True  # drawn as what it derives from

    def preprocess(self, payload: Any) -> str | None:
        """The path of the upload, unopened."""
        return path_of(payload)


def upload(**options: Any) -> gr.Image:
    """An :class:`Upload` that hands over a path."""
    return Upload(type="filepath", **options)


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
