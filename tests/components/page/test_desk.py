"""Questions of the page and their answers: through the desk itself, and through gradio's queue over HTTP."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any, Literal

import gradio as gr
import httpx
import pytest
from gradio.context import LocalContext
from starlette.requests import Request

from components.page.desk import Context, Desk
from components.page.lanes import LANES, LIGHT, LONG, MODEL, TRAINING
from components.page.questions import Files, Layer, Name, Question, Share
from core.engines.engine import choose
from core.errors import RangeError, TextError
from core.lab.lab import Lab
from core.needs import lent as on_a_card
from core.settings import Settings
from core.texts import say
from server import limits
from server.page_files import version
from tests.asking import Page
from tests.fake_spaces import a_space
from tests.serving import on_port


class Echo(Question):
    want: Literal["test.echo"] = "test.echo"
    text: Name = ""
    layer: Layer = 1
    share: Share = 0.5


class Count(Question):
    want: Literal["test.count"] = "test.count"
    to: Layer = 3


class Wrong(Question):
    want: Literal["test.wrong"] = "test.wrong"
    how: Name = ""


class Wait(Question):
    want: Literal["test.wait"] = "test.wait"


class Lent(Question):
    want: Literal["test.lent"] = "test.lent"


def echo(lab: Lab, ask: Echo, context: Context) -> dict[str, Any]:
    return {"text": ask.text, "layer": ask.layer, "language": context.language, "picture": context.picture}


def count(lab: Lab, ask: Count, context: Context) -> Iterator[dict[str, Any]]:
    for _ in range(ask.to):
        yield {"same": True}


def wrong(lab: Lab, ask: Wrong, context: Context) -> dict[str, Any]:
    if ask.how == "range":
        raise RangeError("attention.range", name="layer", low=1, high=6, value=7)
    if ask.how == "text":
        raise TextError("attention.not_text")
    raise ZeroDivisionError("secret inside")


LOOKED: list[float] = []


def wait(lab: Lab, ask: Wait, context: Context) -> dict[str, Any]:
    """Until it is stopped."""
    context.progress(0.25, "a quarter")
    end = time.monotonic() + 30
    while not context.stopped():
        assert time.monotonic() < end, "nobody stopped it"
        time.sleep(0.01)
    LOOKED.append(time.monotonic())
    return {}


HEADERS: list[str] = []


def who_asks() -> str:
    """As ``spaces`` does in the process that asks: the header of the request by which the time is counted."""
    request = LocalContext.request.get(None)
    return str(request.headers.get("x-ip-token", "")) if request is not None else "nobody"


def lent(lab: Lab, ask: Lent, context: Context) -> Iterator[dict[str, Any]]:
    for step in choose("zerogpu").steps(doubled, 2, stopped=context.stopped):
        yield {"step": step, "who": who_asks()}


@on_a_card(5)
def doubled(count: int, stopped: object = None) -> Iterator[int]:
    for i in range(count):
        yield 2 * i


def desk_of(lab: Lab) -> Desk:
    desk = Desk(lab)
    desk.takes(Echo, echo)
    desk.takes(Count, count)
    desk.takes(Wrong, wrong)
    desk.takes(Wait, wait, MODEL)
    desk.takes(Lent, lent, MODEL)
    return desk


@pytest.fixture(scope="module")
def desk() -> Desk:
    return desk_of(Lab(Settings(offline=True, device="cpu", data=None)))


@pytest.fixture(scope="module")
def url(desk: Desk) -> Iterator[str]:
    with gr.Blocks(analytics_enabled=False) as demo:
        desk.build()
    demo.queue(api_open=False)
    with on_port(demo, routes=desk.routes()) as address:
        yield address


@pytest.fixture
def page(url: str) -> Iterator[Page]:
    page = Page(url)
    yield page
    page.close()


def request(query: str = "") -> gr.Request:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return gr.Request(Request(scope))


def direct(desk: Desk, sent: Any, query: str = "", lane: Any = LIGHT) -> list[dict[str, Any]]:
    return [json.loads(item) for item in desk._said(desk.union(), lane, sent, Files(None, None), request(query))]


def envelope(ask: Any, **more: Any) -> dict[str, Any]:
    return {"id": "q", "version": version(), "ask": ask} | more


# The desk itself.


def test_an_answer_carries_the_id_of_its_question(desk: Desk) -> None:
    assert direct(desk, envelope({"want": "test.echo", "text": "x"})) == [
        {"id": "q", "step": 0, "answer": {"text": "x", "layer": 1, "language": "en", "picture": None}},
        {"id": "q", "end": True},
    ]


def test_no_two_items_of_a_stream_are_equal_though_their_parts_are(desk: Desk) -> None:
    items = direct(desk, envelope({"want": "test.count", "to": 3}))
    assert [item["part"] for item in items[:-1]] == [{"same": True}] * 3
    assert [item["step"] for item in items[:-1]] == [0, 1, 2]


@pytest.mark.parametrize(
    ("ask", "field", "bounds"),
    [
        ({"want": "test.echo", "layer": 0}, "layer", (1, 100)),
        ({"want": "test.echo", "layer": 101}, "layer", (1, 100)),
        ({"want": "test.echo", "layer": "2"}, "layer", (1, 100)),
        ({"want": "test.echo", "layer": True}, "layer", (1, 100)),
        ({"want": "test.echo", "share": -0.1}, "share", (0, 1)),
        ({"want": "test.echo", "share": 1.5}, "share", (0, 1)),
    ],
)
def test_a_value_out_of_its_range_is_one_error_that_names_field_and_range(
    desk: Desk, ask: dict[str, Any], field: str, bounds: tuple[float, float]
) -> None:
    for language in ("en", "fa"):
        error = direct(desk, envelope(ask), f"lang={language}")[0]["error"]
        assert (error["code"], error["field"], error["low"], error["high"]) == ("app.question", field, *bounds)
        said = say(language, "app.question_range", field=field, low=bounds[0], high=bounds[1])
        assert error["sentence"] == said


@pytest.mark.parametrize(
    "ask",
    [{"want": "test.echo", "text": 7}, {"want": "test.echo", "more": 1}, {"want": "test.echo", "text": "x" * 101},
     {"want": "nothing"}, {"want": None}, {"want": ["test.echo"]}, {"want": {}}, {}],
)  # fmt: skip
def test_what_is_no_question_is_one_error(desk: Desk, ask: Any) -> None:
    items = direct(desk, envelope(ask))
    assert [sorted(item) for item in items] == [["error", "id", "step"], ["end", "id"]]
    assert items[0]["error"]["code"] == "app.question"


@pytest.mark.parametrize("sent", [None, 7, [], "x", {}, {"id": "", "version": "", "ask": {}}, {"id": "x" * 101}])
def test_what_is_no_envelope_is_one_error(desk: Desk, sent: Any) -> None:
    items = direct(desk, sent)
    assert [item["error"]["code"] for item in items] == ["app.question"]


def test_a_question_of_another_lane_is_refused(desk: Desk) -> None:
    assert direct(desk, envelope({"want": "test.wait"}), lane=LIGHT)[0]["error"]["code"] == "app.no_event"


def test_a_page_of_another_version_is_told_to_load_again(desk: Desk) -> None:
    assert direct(desk, envelope({"want": "test.echo"}, version="0" * 12)) == [{"id": "q", "reload": True}]


def test_an_error_of_core_is_its_sentence_with_its_range(desk: Desk) -> None:
    error = direct(desk, envelope({"want": "test.wrong", "how": "range"}), "lang=fa")[0]["error"]
    known = RangeError("attention.range", name="layer", low=1, high=6, value=7)
    assert error == {
        "code": "attention.range", "sentence": known.sentence("fa"), "field": "layer", "low": 1, "high": 6
    }  # fmt: skip


def test_what_nobody_expected_is_in_the_log_and_not_in_the_page(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        error = direct(desk, envelope({"want": "test.wrong"}))[0]["error"]
    assert error == {"code": "app.failed", "sentence": say("en", "app.failed")}
    assert "ZeroDivisionError: secret inside" in caplog.text
    assert "ask.test.wrong failed" in caplog.text


def test_the_log_has_what_was_wanted_and_not_what_was_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        direct(desk, envelope({"want": "test.echo", "text": "a secret"}))
        direct(desk, envelope({"want": "a secret"}))
    assert "ask.test.echo ok" in caplog.text
    assert "ask.unknown refused:app.question" in caplog.text
    assert "secret" not in caplog.text


def test_a_question_stopped_before_its_turn_is_never_worked_on(desk: Desk) -> None:
    desk.stops.stop("early")
    said = direct(desk, envelope({"want": "test.wrong"}, id="early"))
    assert said == [{"id": "early", "step": 0, "stopped": True}, {"id": "early", "end": True}]
    assert "error" in direct(desk, envelope({"want": "test.wrong"}, id="early"))[0], "a flag holds once"


def test_closing_a_stream_closes_its_handler() -> None:
    closed = []

    def endless(lab: Lab, ask: Count, context: Context) -> Iterator[dict[str, Any]]:
        try:
            while True:
                yield {}
        finally:
            closed.append(True)

    desk = Desk(Lab(Settings(offline=True, device="cpu", data=None)))
    desk.takes(Count, endless)
    items = desk._said(desk.union(), LIGHT, envelope({"want": "test.count"}), Files(None, None), request())
    next(items)
    items.close()
    assert closed == [True]


def test_two_handlers_cannot_take_one_question(desk: Desk) -> None:
    with pytest.raises(ValueError, match=r"test\.echo is taken already"):
        desk.takes(Echo, echo)


def test_the_lanes_of_long_jobs_are_those_of_which_a_page_has_one() -> None:
    assert {LONG.id, TRAINING.id} == limits.LONG_JOBS
    assert len({lane.id for lane in LANES}) == len(LANES)


# Over HTTP, through gradio's queue.


def test_equal_questions_get_equal_answers_each(page: Page) -> None:
    ask = {"want": "test.echo", "text": "again"}
    assert page.answer(ask) == page.answer(ask) == {"text": "again", "layer": 1, "language": "en", "picture": None}


def test_ten_questions_in_one_moment_get_ten_answers(page: Page) -> None:
    asked = dict(page.join({"want": "test.echo", "text": str(i)}, name=f"n{i}") for i in range(10))
    said = page.read()
    texts = {name: said[event][0]["answer"]["text"] for name, event in asked.items()}
    assert texts == {f"n{i}": str(i) for i in range(10)}


def test_every_step_of_a_stream_arrives_whole(page: Page) -> None:
    assert [item["part"] for item in page.said({"want": "test.count", "to": 5})] == [{"same": True}] * 5


def test_the_language_is_that_of_the_page(page: Page) -> None:
    assert page.answer({"want": "test.echo"}, lang="fa")["language"] == "fa"


def test_an_error_reaches_its_own_question_only(page: Page) -> None:
    _, bad = page.join({"want": "test.wrong"})
    _, good = page.join({"want": "test.echo"})
    said = page.read()
    assert said[bad][0]["error"]["code"] == "app.failed"
    assert said[good][0]["answer"]["text"] == ""


def test_a_running_question_says_how_far_it_is_and_stops_when_asked_to(page: Page, url: str) -> None:
    LOOKED.clear()
    page.join({"want": "test.wait"}, name="stop me")
    progress = []
    for message in page.messages():
        if message["msg"] == "progress":
            progress.append(message["progress_data"][0])
            assert LOOKED == []
            assert httpx.post(f"{url}/lab/stop", json={"ids": ["stop me"]}).status_code == 204
    assert progress[0]["progress"] == 0.25
    assert progress[0]["desc"] == "a quarter"
    assert len(LOOKED) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ids": 3}', b'{"ids": [1]}', b'{"ids": [], "more": 1}'])
def test_only_names_can_be_stopped(url: str, body: bytes) -> None:
    assert httpx.post(f"{url}/lab/stop", content=body).status_code == 400


def test_on_a_space_with_a_lent_card_the_context_of_the_request_survives(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    seen: list[str] = []
    with a_space(monkeypatch) as fake:
        fake.on_call = lambda: seen.append(who_asks())
        page = Page(url, **{"x-ip-token": "somebody"})
        parts = [item["part"] for item in page.said({"want": "test.lent"})]
        page.close()
    assert parts == [{"step": 0, "who": "somebody"}, {"step": 2, "who": "somebody"}]
    assert seen == ["somebody"], "the card's time is counted for whoever asks"


def test_pages_ask_side_by_side(url: str) -> None:
    found: dict[int, Any] = {}

    def one(number: int) -> None:
        page = Page(url)
        found[number] = [page.answer({"want": "test.echo", "text": f"{number}.{i}"})["text"] for i in range(3)]
        page.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {n: [f"{n}.{i}" for i in range(3)] for n in range(4)}
