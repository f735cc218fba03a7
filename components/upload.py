"""A picture from a file, the clipboard or a camera, handed over as the file it came as."""

from __future__ import annotations

from typing import Any

import gradio as gr


def path_of(payload: Any) -> str | None:
    """The path of an upload, or None. Gradio has checked by now that it is an upload to this server."""
    return payload.path if payload is not None else None


def upload(**options: Any) -> gr.Image:
    """Gradio's image input, which leaves the decoding to :mod:`core.images`.

    By itself ``gr.Image`` opens what was sent before a handler runs, without our limits, and answers a broken file with
    a traceback.
    """
    image = gr.Image(type="filepath", **options)
    image.preprocess = path_of  # type: ignore[method-assign]
    return image
