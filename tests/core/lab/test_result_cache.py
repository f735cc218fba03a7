"""The cache of results."""

import threading
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TextError
from core.lab.result_cache import Results, size_of


@dataclass(frozen=True, eq=False)
class Result:
    weights: np.ndarray
    tokens: tuple[str, ...] = ()


def result(size: int) -> np.ndarray:
    return np.zeros(size, np.uint8)


def test_size_is_that_of_the_arrays_inside() -> None:
    assert size_of(np.zeros((2, 3, 4), np.float32)) == 96
    whole = size_of(Result(np.zeros(10**6, np.uint8), ("a", "b")))
    assert 10**6 < whole < 10**6 + 2000
    assert 2 * 10**6 < size_of({"a": [np.zeros(10**6, np.uint8)], "b": (np.zeros(10**6, np.uint8),)}) < 2.1 * 10**6


@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 12)), max_size=60),
)
def test_it_keeps_the_latest_results_that_fit(budget: int, asked: list[tuple[str, int]]) -> None:
    results, kept = Results(budget), {}  # kept: the oracle, in the order of last use
    for name, size in asked:
        value = results.get((name,), lambda size=size: result(size))
        if name in kept:
            assert value is kept[name], "a kept result is not computed again"
        kept[name] = kept.pop(name, value)
        if kept[name].nbytes > budget:
            del kept[name]
        while sum(value.nbytes for value in kept.values()) > budget:
            del kept[next(iter(kept))]
        assert results.bytes == sum(value.nbytes for value in kept.values()) <= budget
        assert len(results) == len(kept)


def test_many_who_ask_at_once_share_one_computation() -> None:
    results, gate, calls, got = Results(100), threading.Event(), [], []

    def compute() -> np.ndarray:
        calls.append(1)
        assert gate.wait(20)
        return result(10)

    threads = [
        threading.Thread(target=lambda: got.append(results.get(("a",), compute)), daemon=True) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(20)
    assert len(calls) == 1
    assert len(got) == 20
    assert len(set(map(id, got))) == 1


def test_an_error_reaches_the_caller_and_is_not_kept() -> None:
    results, calls = Results(100), Counter()

    def fail() -> np.ndarray:
        calls["fail"] += 1
        raise TextError("attention.empty")

    for _ in range(2):
        with pytest.raises(TextError):
            results.get(("a",), fail)
    assert calls["fail"] == 2
    assert results.get(("a",), lambda: 7) == 7


def test_an_error_reaches_those_who_wait() -> None:
    results, inside, gate, errors = Results(100), threading.Event(), threading.Event(), []

    def fail() -> np.ndarray:
        inside.set()
        assert gate.wait(20)
        raise TextError("attention.empty")

    def ask() -> None:
        try:
            results.get(("a",), fail)
        except TextError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(5)]
    threads[0].start()
    assert inside.wait(20)
    for thread in threads[1:]:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(20)
    assert len(errors) == 5


def test_a_computation_may_ask_for_another_key() -> None:
    results = Results(100)
    assert results.get(("sum",), lambda: 1 + results.get(("part",), lambda: 2)) == 3


def test_cleared_results_are_computed_again() -> None:
    results, calls = Results(100), []
    for _ in range(2):
        results.get(("a",), lambda: calls.append(1) or result(5))
        results.clear()
    assert len(calls) == 2
    assert results.bytes == 0
