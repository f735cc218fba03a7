"""Freed memory goes back to the system."""

import sys
import threading

import psutil
import pytest

from core.engines import heap

GLIBC = sys.platform == "linux" and heap.give_back()


@pytest.mark.skipif(not GLIBC, reason="the C library is not glibc")
def test_pieces_freed_between_pieces_in_use_are_given_back() -> None:
    process = psutil.Process()
    pieces = [bytearray(60_000) for _ in range(2000)]  # too small for pages of their own
    kept = pieces[::2]
    full = process.memory_info().rss
    del pieces
    before = process.memory_info().rss
    heap.give_back()
    after = process.memory_info().rss
    assert len(kept) == 1000
    assert full - before < 30_000_000  # nothing by itself
    assert before - after > 30_000_000


@pytest.mark.skipif(not GLIBC, reason="the C library is not glibc")
def test_it_happens_again_and_again_until_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    times, often = [], threading.Event()

    def once() -> bool:
        times.append(1)
        if len(times) >= 3:
            often.set()
        return True

    monkeypatch.setattr(heap, "give_back", once)
    ended = heap.keep_giving_back(0.001)
    assert often.wait(30)
    ended.set()


def test_where_there_is_no_way_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heap, "_trim", lambda: None)
    assert heap.give_back() is False
