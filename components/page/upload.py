"""A picture from a file, the clipboard or a camera, handed over as the file it came as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr


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


class CarriedFile(gr.File):
    """A file that comes with a question, handed over as its path: ``gr.File`` itself makes another file of each."""

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """The path of the upload, unopened."""
        return path_of(payload)


def upload(**options: Any) -> gr.Image:
    """An :class:`Upload` that hands over a path."""
    return Upload(type="filepath", **options)


def sent_file(path: Path) -> dict[str, Any]:
    """A file of the folder of uploads as the page's components hold one, without the address where it is fetched."""
    return {"path": str(path), "orig_name": path.name, "meta": {"_type": "gradio.FileData"}}
