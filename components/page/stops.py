"""Stop buttons: each raises the flag of its own tab's job."""

from __future__ import annotations

from contextlib import AbstractContextManager

import gradio as gr

from core.stops import Stopped, Stops
from server.sessions import session_of


def running(stops: Stops, request: gr.Request) -> AbstractContextManager[Stopped]:
    """The flag of a job that this tab starts now."""
    return stops.running(session_of(request))


def stops_by(button: gr.Button) -> Stops:
    """The flags of a kind of job that ``button`` stops."""
    stops = Stops()

    def halt(request: gr.Request) -> None:
        stops.stop(session_of(request))

    button.click(halt, None, None, queue=False, api_visibility="private")
    return stops
