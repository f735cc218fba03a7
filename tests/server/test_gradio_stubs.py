"""Gradio writes no type stubs beside components when the app imports it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.program import ROOT

COMPONENT = """
import gradio


class Note(gradio.HTML):
    EVENTS = ["change"]
"""


def stubs(folder: Path, *first: str) -> set[str]:
    """Names of what lies in ``folder`` once a component there was imported after ``first``."""
    folder.mkdir()
    (folder / "note.py").write_text(COMPONENT, "utf-8")
    code = "; ".join([*(f"import {name}" for name in first), "import note"])
    kept = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder))), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], env=kept, check=True, timeout=250)
    return {path.name for path in folder.iterdir()} - {"note.py"}


def test_no_stub_is_written_after_the_app_and_gradio_alone_would_write_one(tmp_path: Path) -> None:
    assert stubs(tmp_path / "app", "app") == set()
    assert stubs(tmp_path / "alone") == {"note.pyi"}, "or server/gradio_stubs.py has no reason any more"
