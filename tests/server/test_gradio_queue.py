"""Readers that are slow, or stop reading: what waits for them is bounded, and others are served."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import httpx
import numpy as np
import pytest

import app
from core.data.galleries import shipped
from core.errors import BusyError
from server import limits
from server.admission import Service
from server.gradio_queue import running, unread
from server.readers import Answers
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.data.test_galleries import write_parquet
from tests.server.test_admission import Event, admit, demo_with
from tools.screenshot import free_port

COUNT = 10_000
EVALUATE = "/gradio_api/call/evaluate"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, gr.Blocks]]:
    """The app over tiny models and ten thousand pictures: its address, and the app itself."""
    folders, data = tmp_path_factory.mktemp("cifar"), tmp_path_factory.mktemp("data")
    write_folders(folders)
    pixels = np.tile(shipped().pixels, (COUNT // 20, 1, 1, 1))
    pixels[:, 0, 0, :2] = np.stack(np.divmod(np.arange(COUNT), 251), axis=1)  # no picture twice
    for split in ("test", "train"):
        write_parquet(data / "cifar10" / f"{split}.parquet", pixels, np.tile(shipped().labels, COUNT // 20))
    lab = lab_of(folders, data=data, port=free_port(), host="127.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr("core.pictures.evaluation.paced.__defaults__", (0.0,))  # every batch is a message
        service = Service.of(lab)
        demo = app.create_app(lab, service)
        app.serve(demo, lab.settings, service=service, prevent_thread_lock=True, quiet=True)
        yield f"http://127.0.0.1:{lab.settings.port}", demo
        demo.close(verbose=False)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a short run reaches."""
    monkeypatch.setattr(limits, "UNREAD_MESSAGES", 8)
    monkeypatch.setattr(limits, "READER_SECONDS", 1.0)


def until(true: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def begin(url: str, session: str, count: int = COUNT) -> str:
    """Ask for an evaluation; the event's id."""
    body = {"data": [count, 0], "session_hash": session}
    answer = httpx.post(url + EVALUATE, json=body, timeout=120)
    answer.raise_for_status()
    return str(answer.json()["event_id"])


def steps(url: str, event: str, pause: float = 0.0) -> Iterator[tuple[str, Any]]:
    """Kind and data of what is read, ``pause`` seconds after one another."""
    with httpx.stream("GET", f"{url}{EVALUATE}/{event}", timeout=120) as answer:
        kind = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: ") and kind != "heartbeat":
                yield kind, json.loads(line.removeprefix("data: "))
                time.sleep(pause)


def light(url: str) -> bool:
    """Whether somebody else is served."""
    from gradio_client import Client

    client = Client(url, verbose=False, analytics_enabled=False)
    try:
        return bool(client.predict(api_name="/models"))
    finally:
        client.close()


@pytest.mark.usefixtures("few")
def test_a_stream_that_nobody_reads_waits_is_given_up_and_leaves_the_others_alone(
    served: tuple[str, gr.Blocks],
) -> None:
    url, demo = served
    event = begin(url, "absent")
    most = 0
    while running(demo) or not most:
        most = max(most, unread(demo, "absent"))
        assert most <= limits.UNREAD_MESSAGES + 4  # the step that was under way, and the error
        time.sleep(0.01)
    assert most > limits.UNREAD_MESSAGES, "it ran into the limit rather than to its end"
    assert light(url)
    with pytest.raises(httpx.HTTPStatusError, match="429"):
        begin(url, "absent")
    kinds = [kind for kind, _ in steps(url, event)]
    assert kinds[-1] == "error", "whoever comes back is told"
    assert len(kinds) <= limits.UNREAD_MESSAGES + 4
    assert [data for _, data in steps(url, begin(url, "absent", 20))][-1][0]["seen"] == 20


@pytest.mark.usefixtures("few")
def test_a_slow_reader_makes_the_stream_slow_and_gets_all_of_it(
    served: tuple[str, gr.Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, demo = served
    monkeypatch.setattr(limits, "READER_SECONDS", 60.0)
    event = begin(url, "slow", 2000)
    assert until(lambda: unread(demo, "slow") > limits.UNREAD_MESSAGES)
    seen = []
    for kind, data in steps(url, event, pause=0.02):
        assert kind != "error", data
        seen.append(data[0]["seen"] if data and data[0] else seen[-1])
        assert unread(demo, "slow") <= limits.UNREAD_MESSAGES + 4
    assert seen == sorted(seen)
    assert seen[-1] == 2000
    assert len(seen) > limits.UNREAD_MESSAGES


def test_a_reader_whose_connection_stands_still_keeps_nobody_from_being_served(served: tuple[str, gr.Blocks]) -> None:
    url, demo = served
    event = begin(url, "still", 2000)
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((host, int(port)))
        connection.sendall(f"GET {EVALUATE}/{event} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert light(url)
        other = begin(url, "other", 200)
        assert [data for _, data in steps(url, other)][-1][0]["seen"] == 200
    assert until(lambda: running(demo) == 0), "whoever hangs up frees the models"


def test_a_page_with_too_much_unread_begins_nothing_new() -> None:
    demo = demo_with([], [])
    demo._queue.pending_messages_per_session["me"] = asyncio.Queue()
    admit(demo, "slices")
    for _ in range(limits.UNREAD_MESSAGES + 1):
        demo._queue.pending_messages_per_session["me"].put_nowait("a step")
    with pytest.raises(BusyError, match="not been read"):
        admit(demo, "slices")
    admit(demo, "slices", session="you")


def test_an_answer_that_nobody_fetches_is_dropped_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("server.readers.time.monotonic", lambda: now)
    demo, answers = demo_with([Event("model", "computing")], [Event("model", "waiting")]), Answers()
    queues = demo._queue.pending_messages_per_session
    for session in ("gone", "reading", "computing", "waiting", "empty"):
        queues[session] = asyncio.Queue()
        demo._queue.pending_event_ids_session[session] = {session}
        if session != "empty":
            for step in range(3):
                queues[session].put_nowait((session, step))
    assert answers.forget(demo) == []
    now = limits.ANSWER_SECONDS + 1
    queues["reading"].get_nowait()
    assert answers.forget(demo) == ["gone"]
    assert (
        sorted(queues)
        == sorted(demo._queue.pending_event_ids_session)
        == [
            "computing",
            "empty",
            "reading",
            "waiting",
        ]
    )
    now += limits.ANSWER_SECONDS + 1
    assert answers.forget(demo) == ["reading"]
