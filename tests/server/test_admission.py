"""Who may begin a job, and what happens to jobs when the process is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import pytest

from core.errors import BusyError
from core.lab.lab import Lab
from server import limits
from server.admission import Service
from server.gradio_queue import pending, running
from server.guard import Guard
from server.shutdown import drain
from server.upload_store import UploadStore
from tools.screenshot import free_port

ROOT = Path(__file__).resolve().parents[2]
LONG = "cifar-long"


@dataclass
class Event:
    concurrency_id: str
    session_hash: str


@dataclass
class Queue:
    """As much of gradio's queue as is looked at."""

    active_jobs: list[list[Event] | None] = field(default_factory=lambda: [None, None])
    event_queue_per_concurrency_id: dict[str, Any] = field(default_factory=dict)
    pending_messages_per_session: dict[str, Any] = field(default_factory=dict)
    pending_event_ids_session: dict[str, set[str]] = field(default_factory=dict)


def demo_with(running: list[Event], waiting: list[Event]) -> Any:
    queue = Queue()
    queue.active_jobs = [[event] for event in running] + [None]
    queue.event_queue_per_concurrency_id = {"any": SimpleNamespace(queue=waiting)}
    return SimpleNamespace(_queue=queue)


def admit(demo: Any, concurrency_id: str, session: object = "me", stopping: bool = False) -> None:
    service = Service(None, None)  # type: ignore[arg-type]
    service.stopping = stopping
    asyncio.run(service.admit(demo, session, concurrency_id))


def test_a_page_waits_for_its_own_long_job_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONG_SECONDS", 0.15)
    mine = demo_with([Event(LONG, "me")], [])
    with pytest.raises(BusyError, match="still running"):
        admit(mine, LONG)
    admit(mine, "slices")
    admit(mine, LONG, session="you")


def test_a_long_job_begins_when_the_one_before_has_ended() -> None:
    demo = demo_with([Event(LONG, "me")], [])
    threading.Timer(0.3, lambda: demo._queue.active_jobs.clear()).start()
    start = time.monotonic()
    admit(demo, LONG)
    assert time.monotonic() - start >= 0.2


def test_a_page_has_a_largest_number_of_events() -> None:
    demo = demo_with([], [Event("slices", "me")] * limits.SESSION_EVENTS)
    with pytest.raises(BusyError, match=str(limits.SESSION_EVENTS)):
        admit(demo, "slices")
    admit(demo, "slices", session="you")
    admit(demo, "slices", session=None)


def test_nothing_begins_once_the_server_is_about_to_stop() -> None:
    with pytest.raises(BusyError, match="restart"):
        admit(demo_with([], []), "slices", stopping=True)


def test_running_work_ends_before_the_process_does() -> None:
    demo, service = demo_with([Event(LONG, "me")], []), Service(None, None)  # type: ignore[arg-type]
    threading.Timer(0.2, lambda: demo._queue.active_jobs.clear()).start()
    assert drain(demo, service, seconds=20)
    assert service.stopping
    assert not drain(demo_with([Event(LONG, "me")], []), service, seconds=0.1)


@pytest.fixture(scope="module")
def slow_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, gr.Blocks, list[str]]]:
    """An app with the project's guard whose one event streams until it is stopped; what has happened to it."""
    from starlette.middleware import Middleware

    happened: list[str] = []

    def stream() -> Iterator[int]:
        happened.append("begun")
        try:
            for step in range(600):
                time.sleep(0.05)
                yield step
        finally:
            happened.append("ended")

    with gr.Blocks(analytics_enabled=False) as demo:
        gr.api(stream, api_name="stream", concurrency_id=LONG, concurrency_limit=2)
        gr.api(lambda: 1, api_name="light", concurrency_id="slices", concurrency_limit=2)
    demo.queue(max_size=4, api_open=False)
    service = Service(Lab(), UploadStore(tmp_path_factory.mktemp("uploads")))
    port = free_port()
    options: dict[str, Any] = {"app_kwargs": {"middleware": [Middleware(Guard, service=service)]}}
    options |= {"prevent_thread_lock": True, "quiet": True, "ssr_mode": False}
    demo.launch(server_name="127.0.0.1", server_port=port, **options)
    yield f"http://127.0.0.1:{port}/gradio_api", demo, happened
    demo.close(verbose=False)


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def join(url: str, session: str, name: str, demo: gr.Blocks) -> httpx.Response:
    index = next(i for i, fn in demo.fns.items() if fn.api_name == name)
    return httpx.post(f"{url}/queue/join", json={"data": [], "fn_index": index, "session_hash": session}, timeout=60)


def cancel(url: str, session: str, joined: httpx.Response) -> None:
    body = {"session_hash": session, "fn_index": 0, "event_id": joined.json()["event_id"]}
    httpx.post(f"{url}/cancel", json=body, timeout=60)


def test_computing_stops_when_the_reader_leaves(slow_app: tuple[str, gr.Blocks, list[str]]) -> None:
    url, demo, happened = slow_app
    happened.clear()
    assert join(url, "reader", "stream", demo).status_code == 200
    with httpx.stream("GET", f"{url}/queue/data?session_hash=reader", timeout=60) as answer:
        lines = (line for line in answer.iter_lines() if "process_generating" in line)
        next(lines)
        next(lines)
        assert happened == ["begun"]
    left = time.monotonic()
    assert until(lambda: "ended" in happened)
    assert time.monotonic() - left < 15  # a bound that says "it stops", not how fast this machine is
    assert until(lambda: running(demo) == 0)


def test_a_full_queue_says_that_it_is_busy_and_then_works_again(slow_app: tuple[str, gr.Blocks, list[str]]) -> None:
    url, demo, _ = slow_app
    answers = [join(url, f"user-{n}", "stream", demo) for n in range(8)]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert "full" in refused[0].json()["detail"]
    assert len(pending(demo)) <= 2 + 4
    for n, answer in reversed(list(enumerate(answers))):
        if answer.status_code == 200:
            cancel(url, f"user-{n}", answer)
    assert until(lambda: not pending(demo))
    assert join(url, "afterwards", "light", demo).status_code == 200


def test_light_events_are_answered_while_long_ones_run(slow_app: tuple[str, gr.Blocks, list[str]]) -> None:
    url, demo, happened = slow_app
    happened.clear()
    joined = [join(url, f"long-{n}", "stream", demo) for n in range(2)]
    assert until(lambda: happened.count("begun") == 2)
    assert join(url, "light", "light", demo).status_code == 200
    with httpx.stream("GET", f"{url}/queue/data?session_hash=light", timeout=60) as answer:
        assert any("process_completed" in line for line in answer.iter_lines())
    assert happened.count("ended") == 0
    for n, answer in enumerate(joined):
        cancel(url, f"long-{n}", answer)
    assert until(lambda: not pending(demo))


@pytest.mark.skipif(os.name != "posix", reason="needs SIGTERM")
def test_sigterm_lets_the_app_end_by_itself_and_leave_nothing(tmp_path: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "GRADIO_TEMP_DIR"}
    process = subprocess.Popen(
        [sys.executable, "app.py", "--offline", "--port", str(port)],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path), "LAB_DEVICE": "cpu", "LAB_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:

        def answers() -> bool:
            try:
                return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
            except httpx.TransportError:
                return False

        assert until(answers, 120)
        assert list(tmp_path.glob("attention-lab-*"))
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert "stopped: all ended" in output
    assert "Traceback" not in output
    assert list(tmp_path.glob("attention-lab-*")) == []
