"""Where a folder is found that nobody named."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


def data_beside() -> Path | None:
    """The folder ``data/`` beside ``app.py``, or None where there is none."""
    return DATA if DATA.is_dir() else None
