"""The whole app over a lab, on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import app
from core.lab.lab import Lab
from server.admission import Service
from tools.screenshot import free_port


@contextmanager
def on_port(demo: Any, **app_kwargs: Any) -> Iterator[str]:
    """The address of a page of gradio's that is nothing but itself, without a slash at its end."""
    port = free_port()
    options = {"ssr_mode": False, "quiet": True, "show_error": False, "_frontend": False, "run_history": False}
    demo.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, app_kwargs=app_kwargs, **options)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.close(verbose=False)


@contextmanager
def serving(lab: Lab) -> Iterator[str]:
    """The address of the app over ``lab``, without a slash at its end."""
    settings = lab.settings.model_copy(update={"host": "127.0.0.1", "port": free_port()})
    service = Service.of(lab)
    demo = app.create_app(lab, service)
    app.serve(demo, settings, service=service, prevent_thread_lock=True, quiet=True)
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        demo.close(verbose=False)


@contextmanager
def calling(lab: Lab) -> Iterator[Any]:
    """A client of the API of the app over ``lab``."""
    from gradio_client import Client

    with serving(lab) as url:
        client = Client(url, verbose=False, analytics_enabled=False)
        yield client
        client.close()
