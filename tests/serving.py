"""The whole app over a lab, on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import app
from core.lab.lab import Lab
from tools.screenshot import free_port


@contextmanager
def serving(lab: Lab) -> Iterator[str]:
    """The address of the app over ``lab``, without a slash at its end."""
    settings = lab.settings.model_copy(update={"host": "127.0.0.1", "port": free_port()})
    demo = app.create_app(lab)
    app.serve(demo, settings, prevent_thread_lock=True, quiet=True)
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        demo.close(verbose=False)
