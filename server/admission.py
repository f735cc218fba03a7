"""Who may begin a job: one app's uploads, its lab, and its queue seen from outside."""

from __future__ import annotations

import asyncio
import time

import gradio as gr
from starlette.routing import Route

from core.errors import BusyError
from core.lab.lab import Lab
from server import limits
from server.gradio_queue import pending, unread
from server.readers import Answers
from server.upload_store import UploadStore, own_folder


class Service:
    """What stands around one lab while it is served. ``started``: seconds of ``time.time()``."""

    def __init__(self, lab: Lab, uploads: UploadStore) -> None:
        self.lab, self.uploads = lab, uploads
        self.started = time.time()
        self.stopping = False
        self.answers = Answers()
        self.routes: list[Route] = []  # what the page answers beside gradio's queue

    @classmethod
    def of(cls, lab: Lab) -> Service:
        """A service that keeps uploads in this process's own folder; to be made before gradio's first component."""
        return cls(lab, UploadStore(own_folder()))

    async def admit(self, demo: gr.Blocks, session: object, lane: str) -> None:
        """Let a page's event into its lane, a long one only after that page's last long one.

        BusyError where the page has too many waiting or too much unread, its long job goes on, or the server is about
        to stop.
        """
        if self.stopping:
            raise BusyError("app.stopping")
        self.answers.forget(demo)
        if not isinstance(session, str):
            return  # of a page that has no other event: gradio gives it a session of its own
        if len(pending(demo, session)) >= limits.SESSION_EVENTS:
            raise BusyError("app.too_many_events", limit=limits.SESSION_EVENTS)
        if unread(demo, session) > limits.UNREAD_MESSAGES:
            raise BusyError("app.unread", limit=limits.UNREAD_MESSAGES)
        if lane not in limits.LONG_JOBS:
            return
        until = time.monotonic() + limits.LONG_SECONDS
        while limits.LONG_JOBS.intersection(pending(demo, session)):
            if time.monotonic() > until:
                raise BusyError("app.long_job")
            await asyncio.sleep(0.1)
