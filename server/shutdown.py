"""The end of the process: what runs may end, what waits is told to come again."""

from __future__ import annotations

import logging
import signal
import threading
import time

import gradio as gr

from server import limits
from server.admission import Service
from server.gradio_queue import running

log = logging.getLogger("lab.service")


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
