"""What core says, shown to a person: errors as one sentence, progress as a bar."""

from __future__ import annotations

import functools
import html
import inspect
import logging
from collections.abc import Callable
from contextlib import closing
from typing import Any, cast

import gradio as gr

from components.page.i18n import language_of
from core.errors import LabError
from core.texts import say
from server.event_log import recorded, recorded_stream
from server.readers import keep_pace

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


def bound(handler: Callable[..., Any], *first: Any) -> Callable[..., Any]:
    """``handler`` with its first arguments given; its signature is that of the rest, for gradio reads it."""
    signature = inspect.signature(handler)
    names = list(signature.parameters)[: len(first)]

    @functools.wraps(handler)
    def once(*arguments: Any, **named: Any) -> Any:
        return handler(*first, *arguments, **named)

    @functools.wraps(handler)
    def stream(*arguments: Any, **named: Any) -> Any:
        yield from handler(*first, *arguments, **named)

    rest: Any = stream if inspect.isgeneratorfunction(handler) else once
    rest.__signature__ = signature.replace(parameters=[p for n, p in signature.parameters.items() if n not in names])
    rest.__annotations__ = {name: kind for name, kind in handler.__annotations__.items() if name not in names}
    return cast(Callable[..., Any], rest)


def shown(handler: Callable[..., Any], *first: Any) -> Callable[..., Any]:
    """A handler whose errors reach the page as a sentence in its language; declare ``request: gr.Request`` for that.

    ``first``: the first arguments of a module's function, such as the lab; gradio fills in those that are left.
    """
    if first:
        handler = bound(handler, *first)
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
