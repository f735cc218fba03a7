"""The log says what was asked, how it ended and which model answered; never a text, a name or a session."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from components.page.feedback import shown
from core.errors import TextError
from core.lab.lab import Lab
from core.models.usage import note, noted
from server.admission import Service
from server.health import health, part_of
from server.monitoring import COUNTED

LINE = re.compile(r"^[\w.]+ (ok|left|failed|refused(:[\w.]+)?) \d+\.\d{3} s models=(-|[\w.,-]+)$")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    caplog.set_level(logging.INFO, "lab.requests")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "lab.requests"]


def test_an_event_is_one_line_with_the_models_that_answered(lines: Callable[[], list[str]]) -> None:
    @shown
    def handler(text: str) -> str:
        note("some-model")
        return text

    assert handler("a secret") == "a secret"
    (line,) = lines()
    assert LINE.match(line)
    assert line.startswith("server.handler ok ")
    assert line.endswith("models=some-model")


def test_a_refusal_is_noted_by_its_code_and_not_by_its_words(lines: Callable[[], list[str]]) -> None:
    @shown
    def handler(text: str) -> None:
        raise TextError("attention.too_long", length=text, limit="secret")

    with pytest.raises(gr.Error):
        handler("secret")
    (line,) = lines()
    assert " refused:attention.too_long " in line
    assert "secret" not in line


def test_a_fault_of_ours_is_noted_as_failed(lines: Callable[[], list[str]]) -> None:
    @shown
    def handler() -> None:
        raise ZeroDivisionError("secret")

    with pytest.raises(gr.Error):
        handler()
    assert " failed " in lines()[0]


def test_a_stream_is_one_line_and_the_time_between_its_steps_is_not_its_own(lines: Callable[[], list[str]]) -> None:
    @shown
    def handler() -> Iterator[int]:
        note("first")
        yield 1
        note("second")
        yield 2

    assert list(handler()) == [1, 2]
    (line,) = lines()
    assert " ok " in line
    assert line.endswith("models=first,second")


def test_a_stream_whose_reader_left_is_closed_and_noted(lines: Callable[[], list[str]]) -> None:
    closed = []

    @shown
    def handler() -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    stream = handler()
    next(stream)
    stream.close()
    assert closed == [True]
    assert " left " in lines()[0]


def test_models_are_noted_for_the_work_that_asked_only() -> None:
    outer: set[str] = set()
    inner: set[str] = set()
    note("nobody asked")
    with noted(outer):
        with noted(inner):
            note("a")
        note("b")
    assert (outer, inner) == ({"b"}, {"a"})


def test_no_text_and_no_session_reach_the_log_of_the_running_app(
    app_url: str, new_client: Callable[[], Any], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    client = new_client()
    client.predict("xylophones quietly marzipan", layer=1, api_name="/attend")
    with pytest.raises(Exception, match="at most"):
        client.predict("marzipan" * 5000, layer=1, api_name="/attend")
    console = capfd.readouterr()
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("lab")]
    seen = "\n".join([*lines, console.out, console.err])
    assert "attention.attend ok" in seen
    assert "attention.attend refused:attention.too_long" in seen
    assert "marzipan" not in seen
    assert client.session_hash not in seen


def refused() -> float:
    return COUNTED.get_sample_value("lab_refused_total", {"reason": "app.not_here"}) or 0.0


def test_the_running_app_shows_its_counters_and_its_memory(app_url: str, client: Any) -> None:
    client.predict("the cat sat", layer=1, api_name="/attend")
    before = refused()
    assert httpx.get(f"{app_url}/gradio_api/proxy=https://x/").status_code == 404
    text = httpx.get(f"{app_url}/metrics").text
    assert refused() == before + 1
    assert 'lab_events_total{event="attention.attend",outcome="ok"}' in text
    values = {
        (s.name, *sorted(s.labels.items())): s.value for f in text_string_to_metric_families(text) for s in f.samples
    }
    assert values["lab_model_bytes", ("device", "cpu"), ("model", "minilm-l6")] == 90852864
    assert re.search(r"^lab_uploads_bytes \d+(\.0|\.\d+e\+\d+)$", text, re.MULTILINE)


def test_the_parts_of_the_site_hold_nothing_that_a_path_names() -> None:
    assert part_of("/gradio_api/file=/home/somebody/picture.png") == "file"
    assert part_of("/gradio_api/heartbeat/abcdef") == "heartbeat"
    assert part_of("/gradio_api/call/attend/0123") == "call"
    assert part_of("/somebody") == "other"
    assert part_of("/") == "page"


def test_health_is_ok_until_the_process_is_told_to_stop(app_url: str, lab: Lab) -> None:
    answer = httpx.get(f"{app_url}/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert "minilm-l6" in answer.json()["models_loaded"]
    service = Service(lab, None)  # type: ignore[arg-type]
    assert health(service)[0] == 200
    service.stopping = True
    assert (health(service)[0], health(service)[1]["status"]) == (503, "stopping")
