"""A picture from a file, the clipboard or a camera, handed over as the file it came as."""

from __future__ import annotations

from typing import Any

import gradio as gr


class PictureInput(gr.Image):
    """Gradio's image input, which leaves the decoding to :mod:`core.data.images`.

    By itself ``gr.Image`` opens what was sent before a handler runs, without our limits, and answers a broken file with
    a traceback. A class, because gradio makes a component anew for a session whose handler skipped or updated it.
    """

    is_template = True  # drawn as what it derives from

    def preprocess(self, payload: Any) -> str | None:
        """The path, unopened, or None. Gradio has checked by now that it is an upload to this server."""
        return payload.path if payload is not None else None


class CarriedFile(gr.File):
    """A file that comes with a question, handed over as its path: ``gr.File`` itself makes another file of each."""

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """The path of the upload, unopened."""
        return payload.path if payload is not None else None


def picture_input(**options: Any) -> gr.Image:
    """A :class:`PictureInput` that hands over a path."""
    return PictureInput(type="filepath", height=150, buttons=[], **options)


def own_picture(label: Any, elem_id: str) -> gr.Image:
    """The box of a lab for a picture of one's own."""
    return picture_input(label=label, sources=["upload", "webcam", "clipboard"], min_width=260, elem_id=elem_id)
