"""Whether the hub can be reached, and what is on its way: servers on loopback that refuse, say nothing, or are slow."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from core import network
from core.errors import DataError, FetchingError, UnavailableError
from core.fetches import Fetches
from core.network import NoAnswerError, Reach, probe
from core.progress import Progress
from tests.core.silent_server import Silent

GONE = UnavailableError("models.unreachable", name="x")


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.close()


@pytest.fixture
def slow() -> Iterator[Silent]:
    server = Silent(0.4)
    yield server
    server.close()


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def test_the_limits_are_two_seconds_to_connect_eight_to_the_first_byte_and_a_minute_of_memory() -> None:
    assert (network.CONNECT, network.FIRST_BYTE, network.REMEMBERED) == (2.0, 8.0, 60.0)


def test_a_refused_connection_is_no_answer_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        probe(f"http://127.0.0.1:{closed_port()}")
    assert time.monotonic() - begun < network.CONNECT


def test_a_name_that_is_looked_up_for_ever_is_given_up_after_the_time_to_connect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "CONNECT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: time.sleep(3))
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        probe("http://hub.invalid")
    assert time.monotonic() - begun < 2


def test_a_server_that_never_answers_is_given_up_and_a_slow_one_is_waited_for(
    silent: Silent, slow: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "FIRST_BYTE", 1.5)
    probe(slow.url)  # a 404 is an answer, too
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        probe(silent.url)
    assert 1.4 < time.monotonic() - begun < 5


def test_what_is_known_of_the_network_is_kept_for_a_minute_and_nobody_waits_for_it() -> None:
    now, asked, release = [100.0], [], threading.Event()

    def ask(address: str) -> None:
        asked.append(address)
        assert release.wait(20)
        raise NoAnswerError(address)

    reach = Reach(lambda: "http://hub", ask, lambda: now[0])
    assert [reach.state(), reach.state()] == ["asking", "asking"]
    assert not reach.unreachable()
    release.set()
    deadline = time.monotonic() + 20
    while reach.state() == "asking" and time.monotonic() < deadline:
        time.sleep(0.01)
    now[0] += 59
    assert reach.state() == "unreachable"
    assert reach.unreachable()
    with pytest.raises(NoAnswerError):
        reach.require()
    assert asked == ["http://hub"], "within the minute nobody is asked again"
    now[0] += 2
    assert not reach.unreachable()
    with pytest.raises(NoAnswerError):
        reach.require()
    assert len(asked) == 2


def answering() -> Fetches:
    return Fetches(Reach(lambda: "http://hub", lambda address: None))


def test_many_who_ask_are_one_fetch_which_they_follow_to_its_end() -> None:
    fetches, begun, go = answering(), [], threading.Event()

    def work(progress: Progress) -> None:
        begun.append(1)
        progress(0.5)
        assert go.wait(20)

    errors = [fetches.coming("model:x", work, "X", GONE) for _ in range(5)]
    assert {type(error) for error in errors} == {FetchingError}
    assert {error.values["fetch"] for error in errors} == {"model:x"}
    steps = fetches.follow("model:x")
    while next(steps) < 0.5:
        pass
    assert fetches.coming("model:x", work, "X", GONE).values["share"] == 50
    go.set()
    list(steps)
    assert begun == [1]
    assert list(fetches.follow("unheard of")) == []
    assert list(fetches.follow("model:x", lambda: True)) == [], "who leaves waits no longer"


def test_a_failure_is_told_to_all_who_follow_or_to_the_next_who_asks_and_then_tried_anew() -> None:
    fetches, attempts = answering(), []

    def work(progress: Progress) -> None:
        attempts.append(1)
        raise DataError("data.empty", split="test", name="x")

    fetches.coming("k", work, "X", GONE)
    for _ in range(2):
        with pytest.raises(DataError):
            list(fetches.follow("k"))
    assert fetches.coming("k", work, "X", GONE).code == "app.fetching"
    deadline = time.monotonic() + 20
    while len(attempts) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    with pytest.raises(DataError):
        fetches.coming("k", work, "X", GONE)  # nobody followed it, so whoever asks hears of it


def test_that_nobody_answers_is_said_at_once_of_everything_for_a_minute() -> None:
    now, worked = [0.0], []

    def nobody(address: str) -> None:
        raise NoAnswerError(address)

    fetches = Fetches(Reach(lambda: "http://hub", nobody, lambda: now[0]))
    now[0] = 1000.0
    fetches.coming("a", worked.append, "A", GONE)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        list(fetches.follow("a"))
    with pytest.raises(UnavailableError, match="cannot be reached"):
        fetches.coming("b", worked.append, "B", GONE)
    now[0] += 61
    assert fetches.coming("b", worked.append, "B", GONE).code == "app.fetching"
    assert worked == [], "nothing is begun where nobody answers"
