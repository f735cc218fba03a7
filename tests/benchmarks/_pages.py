"""A lab that is served in this process, and an empty Blocks app beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from app import create_app, serve
from core.lab.lab import Lab
from core.settings import Settings
from server.admission import Service


@contextmanager
def served_lab() -> Iterator[str]:
    """The address of a lab whose Scene has its network."""
    lab = Lab(Settings(offline=True))
    lab.warm_up()
    service = Service.of(lab)
    demo = create_app(lab, service)
    _, url, _ = serve(demo, Settings(port=0, offline=True), service=service, prevent_thread_lock=True, quiet=True)
    try:
        yield url
    finally:
        demo.close()


@contextmanager
def served_empty() -> Iterator[str]:
    """The address of an app that says hello."""
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Markdown("hello")
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False)
    try:
        yield url
    finally:
        demo.close()
