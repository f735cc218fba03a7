"""A picture from a file, the clipboard or a camera, handed over as the file it came as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from server.sessions import session_of


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


def note_file(demo: gr.Blocks, request: gr.Request, path: Path) -> None:
    """Count a file that was made for a page among its uploads: it goes with them."""
    demo.service.uploads.note(session_of(request), [path])
