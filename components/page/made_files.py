"""Files that the server makes for pages, in the process's own folder, which goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from server.sessions import session_of
from server.upload_store import UploadStore, own_folder


class MadeFiles:
    """Files that are made for pages: they lie among the uploads, and each goes with those of its page."""

    def __init__(self, uploads: UploadStore) -> None:
        self.uploads = uploads

    @classmethod
    def own(cls) -> MadeFiles:
        """In this process's own folder."""
        return cls(UploadStore(own_folder()))

    def path(self, request: gr.Request, folder: str, name: str) -> Path:
        """Where to write a file called ``name`` for the page that asks; the same ``folder`` is the same file."""
        path = self.uploads.folder / folder / name
        self.uploads.note(session_of(request), [path])
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def sent(self, request: gr.Request, name: str, content: bytes) -> dict[str, Any]:
        """A file for the page that asks, as gradio's components hold one, but for its address. Errors: BusyError."""
        path = self.uploads.put(session_of(request), name, content)
        return {"path": str(path), "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def drop(self, request: gr.Request, path: Path) -> None:
        """Delete an upload of the page that asks now, unless another page uploaded just the same."""
        self.uploads.drop(session_of(request), path)
