"""The one file that reads gradio's private parts, each behind a function; what it relies on, a contract test checks.

Gradio's queue holds the events that wait or run, and for each page the messages that were not read yet; its blocks know
which function an event number means, and how a page's components differ from those that were laid out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext


@dataclass(frozen=True, eq=False)
class PageEvent:
    """What the server knows of an event that the page can send.

    ``name``: of its function. ``lane``: its concurrency id. ``inputs``: the components whose values it is handed.
    ``called_with``: those of them that a caller of the API hands over.
    """

    name: str
    lane: str
    inputs: tuple[Any, ...]
    called_with: tuple[Any, ...]


def app_blocks(app: Any) -> gr.Blocks:
    """The blocks that a served app shows."""
    return app.get_blocks()


def current_blocks() -> gr.Blocks | None:
    """The blocks whose event this thread works on; None outside of one."""
    return LocalContext.blocks.get(None)


def component_files(demo: gr.Blocks) -> set[Path]:
    """Files that the components show as they were laid out, and that must stay."""
    return {Path(path) for block in demo.blocks.values() for path in getattr(block, "keep_in_cache", ())}


def event_by_number(demo: gr.Blocks, number: int) -> PageEvent | None:
    """The event of that number; None where there is none, and for one that runs in the page alone."""
    return _page_event(demo.fns.get(number))


def event_by_name(demo: gr.Blocks, name: str) -> PageEvent | None:
    """The event that the API calls by that name, without a slash; None where there is none."""
    return _page_event(next((fn for fn in demo.fns.values() if fn.api_name == name), None))


def _page_event(fn: Any) -> PageEvent | None:
    if fn is None or fn.fn is None:
        return None
    called_with = tuple(block for block in fn.inputs if not block.skip_api)
    return PageEvent(str(fn.name), str(fn.concurrency_id), tuple(fn.inputs), called_with)


def parameters(demo: gr.Blocks, name: str) -> list[Any] | None:
    """How a public endpoint's parameters are called, in the order of its inputs; None where there is no such one."""
    endpoint = demo.get_api_info()["named_endpoints"].get(f"/{name}")
    return None if endpoint is None else list(endpoint["parameters"])


def component_of_page(demo: gr.Blocks, component: Any, session: object) -> Any:
    """The component as that page has it now: an update may have given it other choices."""
    states = demo.state_holder.session_data
    if isinstance(session, str) and session in states and component._id in states[session]:
        return states[session][component._id]
    return component


def _running(demo: gr.Blocks) -> list[Any]:
    return [event for job in demo._queue.active_jobs if job is not None for event in job]


def _waiting(demo: gr.Blocks) -> list[Any]:
    return [event for events in demo._queue.event_queue_per_concurrency_id.values() for event in events.queue]


def running(demo: gr.Blocks) -> int:
    """Events that are being worked on."""
    return len(_running(demo))


def pending(demo: gr.Blocks, session: str | None = None) -> list[str]:
    """Lanes of the events that run or wait, of one page or of all."""
    events = _running(demo) + _waiting(demo)
    return [event.concurrency_id for event in events if session in (None, event.session_hash)]


def busy_pages(demo: gr.Blocks) -> set[str]:
    """Sessions of the pages for which something runs or waits."""
    return {event.session_hash for event in _running(demo) + _waiting(demo)}


def unread(demo: gr.Blocks, session: str) -> int:
    """How many messages wait to be read by a page."""
    messages = demo._queue.pending_messages_per_session.get(session)
    return messages.qsize() if messages is not None else 0


def next_messages(demo: gr.Blocks) -> dict[str, Any]:
    """By session: the message that the page reads next, to be compared by identity. Pages with none are left out."""
    queues = list(demo._queue.pending_messages_per_session.items())
    return {session: messages._queue[0] for session, messages in queues if not messages.empty()}


def drop_messages(demo: gr.Blocks, session: str) -> None:
    """Forget what a page has not read."""
    del demo._queue.pending_messages_per_session[session]
    demo._queue.pending_event_ids_session.pop(session, None)
