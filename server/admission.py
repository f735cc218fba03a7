"""What stands around the labs: uploads, who may begin a job, and the end of the process."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from typing import Any

import gradio as gr

from core.errors import BusyError
from core.lab.lab import Lab
from server import limits
from server.gradio_queue import Answers, unread
from server.upload_store import Uploads

log = logging.getLogger("lab.service")


class Service:
    """One app's uploads and its queue, seen from outside. ``started``: seconds of ``time.time()``."""

    def __init__(self, lab: Lab, uploads: Uploads) -> None:
        self.lab, self.uploads = lab, uploads
        self.started = time.time()
        self.stopping = False
        self.answers = Answers()

    async def admit(self, demo: gr.Blocks, session: object, fn: Any) -> None:
        """Let a page's event into the queue, a long one only after that page's last long one.

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
        if fn.concurrency_id not in limits.LONG_JOBS:
            return
        until = time.monotonic() + limits.LONG_SECONDS
        while limits.LONG_JOBS.intersection(pending(demo, session)):
            if time.monotonic() > until:
                raise BusyError("app.long_job")
            await asyncio.sleep(0.1)


def pending(demo: gr.Blocks, session: str | None = None) -> list[str]:
    """Concurrency ids of the events that wait or run, of one page or of all."""
    queue = demo._queue
    running = [event for job in queue.active_jobs if job is not None for event in job]
    waiting = [event for events in queue.event_queue_per_concurrency_id.values() for event in events.queue]
    return [event.concurrency_id for event in running + waiting if session in (None, event.session_hash)]


def running(demo: gr.Blocks) -> int:
    """Events that are being worked on."""
    return sum(len(job) for job in demo._queue.active_jobs if job is not None)


def drain(demo: gr.Blocks, service: Service, seconds: float = limits.DRAIN_SECONDS) -> bool:
    """Take no new work and wait until what runs has ended; whether it did within ``seconds``."""
    service.stopping = True
    until = time.monotonic() + seconds
    while running(demo):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def stop_signal() -> threading.Event:
    """An event that SIGTERM sets; ask for it first of all, as the signal may come while the app still starts."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    return stop


def serve_until(stop: threading.Event, demo: gr.Blocks, service: Service) -> None:
    """Block until ``stop`` is set, then end what runs; or until Ctrl-C, then end at once. For the main thread."""
    try:
        while not stop.wait(0.5):  # in pieces: a wait without an end cannot be interrupted on Windows
            pass
        log.info("stopping: %d events run", running(demo))
        log.info("stopped: %s", "all ended" if drain(demo, service) else "some were cut off")
    except KeyboardInterrupt:
        service.stopping = True
    finally:
        demo.close(verbose=False)
