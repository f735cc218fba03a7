"""What core says, shown to a person: errors as one sentence, progress as a bar."""

from __future__ import annotations

import functools
import html
import inspect
import logging
from collections.abc import Callable
from contextlib import closing
from typing import Any

import gradio as gr

from components.page.i18n import language_of
from core.errors import LabError
from core.texts import say
from server.event_log import recorded, recorded_stream
from server.gradio_queue import keep_pace

log = logging.getLogger("lab")


def _request(arguments: tuple[Any, ...], named: dict[str, Any]) -> gr.Request | None:
    return next((a for a in (*arguments, *named.values()) if isinstance(a, gr.Request)), None)


def _as_shown(error: Exception, arguments: tuple[Any, ...], named: dict[str, Any]) -> gr.Error:
    language = language_of(_request(arguments, named))
    if isinstance(error, LabError):
        sentence = error.sentence(language)
    else:
        log.exception("a handler failed")
        sentence = say(language, "app.failed")
    # Gradio renders the sentence as HTML, and it may echo what somebody typed.
    return gr.Error(html.escape(sentence), title=say(language, "app.error"), print_exception=False)


def shown(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler whose errors reach the page as a sentence in its language; declare ``request: gr.Request`` for that."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def stream(*arguments: Any, **named: Any) -> Any:
            try:
                with closing(recorded_stream(handler, *arguments, **named)) as steps:
                    for step in steps:
                        yield step
                        keep_pace(_request(arguments, named))
            except gr.Error:
                raise
            except Exception as error:
                raise _as_shown(error, arguments, named) from error

        return stream

    @functools.wraps(handler)
    def once(*arguments: Any, **named: Any) -> Any:
        try:
            return recorded(handler, *arguments, **named)
        except gr.Error:
            raise
        except Exception as error:
            raise _as_shown(error, arguments, named) from error

    return once
