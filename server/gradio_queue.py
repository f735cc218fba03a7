"""Readers that fall behind: answers that nobody fetches must not pile up in memory.

Gradio keeps what was not read yet in a queue without an end for each page, and keeps it when nobody comes for it.
"""

from __future__ import annotations

import time
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from core.errors import BusyError
from server import limits
from server.sessions import session_of


def unread(demo: gr.Blocks, session: str) -> int:
    """How many messages wait to be read by a page."""
    messages = demo._queue.pending_messages_per_session.get(session)
    return messages.qsize() if messages is not None else 0


def keep_pace(request: gr.Request | None) -> None:
    """Between two steps of a stream: wait for a page that is behind. BusyError where it stays so for too long."""
    demo, session = LocalContext.blocks.get(None), session_of(request)
    if demo is None or not session:
        return
    until = time.monotonic() + limits.READER_SECONDS
    while unread(demo, session) > limits.UNREAD_MESSAGES:
        if time.monotonic() > until:
            raise BusyError("app.not_read", limit=f"{limits.READER_SECONDS:g}")
        time.sleep(0.05)


class Answers:
    """Sees which pages come for their answers. To be asked in the event loop of the queue only."""

    def __init__(self) -> None:
        self._oldest: dict[str, tuple[Any, float]] = {}  # by session: the message to be read next, and since when

    def forget(self, demo: gr.Blocks) -> list[str]:
        """Drop what was left lying for ``limits.ANSWER_SECONDS`` by pages for which nothing runs; whose it was."""
        queue, now = demo._queue, time.monotonic()
        waiting = [event for events in queue.event_queue_per_concurrency_id.values() for event in events.queue]
        running = [event for job in queue.active_jobs if job is not None for event in job]
        busy = {event.session_hash for event in waiting + running}
        oldest, dropped = {}, []
        for session, messages in list(queue.pending_messages_per_session.items()):
            if session in busy or messages.empty():
                continue
            first = messages._queue[0]
            known, since = self._oldest.get(session, (None, now))
            if known is first and now - since > limits.ANSWER_SECONDS:
                del queue.pending_messages_per_session[session]
                queue.pending_event_ids_session.pop(session, None)
                dropped.append(session)
            else:
                oldest[session] = (first, since if known is first else now)
        self._oldest = oldest
        return dropped
