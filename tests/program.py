"""The program itself as a process of its own, so that a test can kill it and start it anew on the same port."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tools.screenshot import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0  # seconds; the machine may be busy with others' work


def until(true: Callable[[], bool], what: str, pause: float = 0.05) -> None:
    """Return when ``true()`` is; AssertionError that names ``what`` after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(pause)


class Program:
    """``app.py`` on one port in all its lives. ``folder``: for its uploads, caches and log. ``catalog``: code that
    changes ``core.models.catalog`` before the app reads it, such as one that adds an entry.
    """

    def __init__(self, folder: Path, *options: str, catalog: str = "", **environment: str) -> None:
        self.port, self.folder = free_port(), folder
        self.temporary = folder / "temporary"
        self.temporary.mkdir(parents=True)
        (folder / "no-data").mkdir()  # else it would find a developer's data/
        own = {
            "LAB_DATA": str(folder / "no-data"),
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": str(ROOT),
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAB_", "GRADIO_", "HF_"))}
        self.environment = {**kept, "HF_HOME": str(folder / "hub"), **own, **environment}
        code = f"import sys\n{catalog}\nimport app\napp.main(sys.argv[1:])"
        self.command = [sys.executable, "-c", code, "--device", "cpu", "--port", str(self.port), *options]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has written, in all its lives."""
        return (self.folder / "log").read_text("utf-8")

    def start(self) -> None:
        """Start, and return when it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        until(self.answers, f"the program starts: {self.log[-2000:]}")

    def answers(self) -> bool:
        """Whether it answers now."""
        assert self.process is not None
        assert self.process.poll() is None, self.log[-2000:]
        try:
            return httpx.get(f"{self.url}/healthz", timeout=30).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As ``kill -9`` does: it has no time for anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def loaded(self) -> list[str]:
        """Names of the models that are ready."""
        return list(httpx.get(f"{self.url}/healthz", timeout=60).json()["models_loaded"])

    def begun(self) -> str:
        """The gauges of the models that are ready or on their way."""
        lines = httpx.get(f"{self.url}/metrics", timeout=60).text.splitlines()
        return "\n".join(line for line in lines if line.startswith("lab_model_bytes"))
