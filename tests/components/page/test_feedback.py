"""What a handler raises, as a person sees it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from components.page.desk import Context
from components.page.feedback import bound, shown
from components.page.questions import Files
from core.errors import RangeError, UnknownModelError
from core.texts import say

NASTY = "<img src=x onerror=alert(1)>${x}{{y}}</script>"


def request(query: str = "") -> gr.Request:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return gr.Request(Request(scope))


def test_an_error_of_ours_becomes_one_escaped_sentence() -> None:
    @shown
    def handler() -> None:
        raise UnknownModelError("models.unknown", name=NASTY, choices="a, b")

    with pytest.raises(gr.Error) as caught:
        handler()
    assert "&lt;img src=x onerror=alert(1)&gt;" in caught.value.message
    assert "<" not in caught.value.message
    assert caught.value.print_exception is False, "or every refused input writes a traceback into the log"


def test_what_we_did_not_expect_is_logged_and_shows_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    @shown
    def handler() -> None:
        raise ZeroDivisionError("secret inside")

    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error) as caught:
        handler()
    assert caught.value.message == say("en", "app.failed")
    assert "ZeroDivisionError" in caplog.text


def test_a_stream_shows_what_came_before_the_error() -> None:
    @shown
    def stream(n: int) -> Iterator[int]:
        yield from range(n)
        raise RangeError("attention.range", name="<b>", low=0, high=1, value="<b>")

    running = stream(3)
    assert [next(running) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(gr.Error, match="&lt;b&gt;"):
        next(running)


def test_closing_a_stream_closes_the_handler() -> None:
    closed = []

    @shown
    def stream() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    running = stream()
    next(running)
    running.close()
    assert closed == [True]


def test_an_error_made_for_the_page_passes_through_unchanged() -> None:
    made = gr.Error("as it is", print_exception=False)

    @shown
    def handler() -> None:
        raise made

    with pytest.raises(gr.Error) as caught:
        handler()
    assert caught.value is made


def test_an_error_is_said_in_the_language_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    class Spy(RangeError):
        def sentence(self, language: str = "en") -> str:
            heard.append(language)
            return language

    @shown
    def handler(value: str, request: gr.Request) -> None:
        raise Spy("attention.block", value=value)

    for query in ("lang=fa", "lang=en", ""):
        with pytest.raises(gr.Error):
            handler("x", request(query))
    with pytest.raises(gr.Error):
        handler(value="x", request=request("lang=fa"))
    assert heard == ["fa", "en", "en", "fa"]


def test_gradio_still_sees_what_a_handler_asks_for() -> None:
    @shown
    def handler(a: str, request: gr.Request, b: int = 3) -> dict[str, Any]:
        """What it does."""
        return {"a": a, "b": b}

    assert list(inspect.signature(handler).parameters) == ["a", "request", "b"]
    assert handler.__doc__ == "What it does."
    assert handler("x", request(), b=4) == {"a": "x", "b": 4}


def asked(lab: object, word: str, request: gr.Request, progress: Any = None) -> tuple[object, str, gr.Request]:
    return lab, word, request


def streamed(lab: object, count: int, request: gr.Request) -> Iterator[object]:
    yield from [lab] * count


@pytest.mark.parametrize("handler", [asked, streamed])
def test_gradio_sees_only_the_arguments_that_are_not_given(handler: Any) -> None:
    for made in (bound(handler, "lab"), shown(handler, "lab")):
        assert list(inspect.signature(made).parameters) == list(inspect.signature(handler).parameters)[1:]
        assert "lab" not in made.__annotations__
        assert made.__name__ == handler.__name__
        assert inspect.isgeneratorfunction(made) == inspect.isgeneratorfunction(handler)
        inputs: list[object] = [3]
        gr.helpers.special_args(made, inputs, request("lang=fa"))
        assert isinstance(inputs[1], gr.Request), "gradio fills in the request of a handler that asks for one"


def test_a_handler_is_given_its_first_arguments_at_every_call() -> None:
    asks, here = shown(asked, "lab"), request()
    assert [asks(word, here)[:2] for word in ("a", "b")] == [("lab", "a"), ("lab", "b")]
    assert list(shown(streamed, "lab")(2, here)) == ["lab", "lab"]


def test_a_load_is_told_in_the_pages_language(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, str]] = []
    monkeypatch.setattr(gr, "Progress", lambda: lambda share, desc: told.append((share, desc)))
    Context("fa", request("lang=fa"), Files(None, None), lambda: False).loading(0.5)
    assert told == [(0.5, say("fa", "app.loading_model"))]
