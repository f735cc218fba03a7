"""What a request may carry. Gradio would fetch web addresses, decode ``data:`` pictures unmeasured, and open paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import ImageError, InputError


def read_json(body: bytes) -> Any:
    """The JSON of a request. InputError where it is none, or is nested too deeply to be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("app.not_json") from None


def named_uploads(payload: Any, inputs: Any, folder: Path) -> list[Path]:
    """The uploads that ``payload`` names, each inside ``folder`` and there.

    ``inputs``: the part of ``payload`` that is handed to components; only there is a ``path`` a file. Raises
    InputError for a web address, a ``data:`` picture and a path elsewhere, ImageError for a file that is gone.
    """
    for found in _dicts(payload):
        path, url = found.get("path"), found.get("url")
        if isinstance(path, str) and path.strip().lower().startswith(("http:", "https:", "data:")):
            raise InputError("app.remote_file")
        if isinstance(url, str) and url.strip().lower().startswith("data:"):
            raise InputError("app.data_url")
    return [_inside(found["path"], folder) for found in _dicts(inputs) if isinstance(found.get("path"), str)]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a JSON value, without recursion: its depth is somebody else's choice."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _inside(path: str, folder: Path) -> Path:
    try:
        real = Path(path).resolve()
        inside = real.is_relative_to(folder.resolve())
        there = inside and real.is_file()
    except (OSError, ValueError):  # too long a name, a NUL, a lone surrogate
        inside = there = False
    if not inside:
        raise InputError("app.not_uploaded")
    if not there:
        raise ImageError("images.gone")
    return real
