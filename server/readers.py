"""Readers that fall behind: answers that nobody fetches must not pile up in memory.

Gradio keeps what was not read yet in a queue without an end for each page, and keeps it when nobody comes for it.
"""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from core.errors import BusyError
from server import limits
from server.gradio_queue import busy_pages, current_blocks, drop_messages, next_messages, unread
from server.sessions import session_of


def keep_pace(request: gr.Request | None) -> None:
    """Between two steps of a stream: wait for a page that is behind. BusyError where it stays so for too long."""
    demo, session = current_blocks(), session_of(request)
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
        busy, now = busy_pages(demo), time.monotonic()
        oldest, dropped = {}, []
        for session, first in next_messages(demo).items():
            if session in busy:
                continue
            known, since = self._oldest.get(session, (None, now))
            if known is first and now - since > limits.ANSWER_SECONDS:
                drop_messages(demo, session)
                dropped.append(session)
            else:
                oldest[session] = (first, since if known is first else now)
        self._oldest = oldest
        return dropped
