"""The cache of models, with models that are no more than a size."""

import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.errors import BusyError, MemoryLimitError, UnavailableError
from core.models.devices import is_out_of_memory
from core.models.registry import Registry

SIZES = {"a": 3, "b": 4, "c": 5, "d": 9, "broken": 1}


@dataclass(eq=False)
class Fake:
    name: str
    device: str
    bytes: int


class Loader:
    """Loads fakes, counts the loads, and waits for ``gate`` where there is one."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.loads: Counter[str] = Counter()
        self.gate = gate
        self.started = threading.Event()

    def __call__(self, name: str, device: str, progress: object) -> Fake:
        self.loads[name] += 1
        self.started.set()
        if self.gate is not None:
            assert self.gate.wait(20)
        if name == "broken":
            raise UnavailableError("models.offline", name=name)
        return Fake(name, device, SIZES[name])


def registry(loader: object, budget: int = 10, patience: float = 0.0) -> Registry[Fake]:
    return Registry(loader, budget, size=SIZES.__getitem__, patience=patience)  # type: ignore[arg-type]


def run(*targets: object) -> list[threading.Thread]:
    threads = [threading.Thread(target=target, daemon=True) for target in targets]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    return threads


def join(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def until(condition: object) -> None:
    """Wait for another thread to get where the test needs it."""
    for _ in range(2000):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


class Machine(RuleBasedStateMachine):
    """The registry beside the simplest thing that behaves as it should: a list in the order of last use."""

    def __init__(self) -> None:
        super().__init__()
        self.loader = Loader()
        self.registry = registry(self.loader)
        self.order: list[str] = []  # loaded, least recently used first
        self.leases: list[tuple[str, Fake, ExitStack]] = []
        self.loads: Counter[str] = Counter()

    def in_use(self) -> set[str]:
        return {name for name, _, _ in self.leases}

    def make_room(self, name: str) -> bool:
        """What the model of this test drops for ``name``; False where that cannot be enough."""
        excess = sum(SIZES[other] for other in self.order) + SIZES[name] - self.registry.budget
        idle = [other for other in self.order if other not in self.in_use()]
        if excess > sum(SIZES[other] for other in idle):
            return False
        for victim in idle:
            if excess <= 0:
                break
            excess -= SIZES[victim]
            self.order.remove(victim)
        return True

    @rule(name=st.sampled_from(["a", "b", "c", "d"]))
    def lease(self, name: str) -> None:
        stack = ExitStack()
        if name in self.order:
            expected = True
        else:
            expected = self.make_room(name)
            self.loads[name] += expected
        if not expected:
            with pytest.raises(MemoryLimitError, match="in use"):
                stack.enter_context(self.registry.use(name))
            return
        loaded = stack.enter_context(self.registry.use(name))
        assert (loaded.name, loaded.bytes) == (name, SIZES[name])
        self.order = [other for other in self.order if other != name] + [name]
        self.leases.append((name, loaded, stack))

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.leases) - 1))
        name, _, stack = self.leases.pop(index)
        stack.close()
        self.order = [other for other in self.order if other != name] + [name]

    @precondition(lambda self: self.leases)
    @rule()
    def a_second_lease_is_the_same_object(self) -> None:
        name, loaded, _ = self.leases[-1]
        with self.registry.use(name) as again:
            assert again is loaded
        self.order = [other for other in self.order if other != name] + [name]

    @rule()
    def a_failing_load_leaves_nothing(self) -> None:
        if not self.make_room("broken"):
            with pytest.raises(MemoryLimitError), self.registry.use("broken"):
                pass
            return
        with pytest.raises(UnavailableError), self.registry.use("broken"):
            pass
        self.loads["broken"] += 1

    @rule()
    def drop_idle(self) -> None:
        self.registry.drop_idle()
        self.order = [name for name in self.order if name in self.in_use()]

    @invariant()
    def it_agrees(self) -> None:
        state = self.registry.state()
        assert {model.name for model in state} == set(self.order)
        assert sum(model.bytes for model in state) <= self.registry.budget
        uses = Counter(name for name, _, _ in self.leases)
        assert {model.name: model.uses for model in state} == {name: uses[name] for name in self.order}
        assert self.loader.loads == self.loads

    def teardown(self) -> None:
        for _, _, stack in self.leases:
            stack.close()


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_thirty_first_requests_are_one_load() -> None:
    gate, seen = threading.Event(), []
    loader = Loader(gate)
    cache = registry(loader)

    def ask() -> None:
        with cache.use("a") as loaded:
            seen.append(loaded)

    threads = run(*[ask] * 30)
    until(lambda: any(model.uses == 30 for model in cache.state()))
    gate.set()
    join(threads)
    assert loader.loads == {"a": 1}
    assert len(seen) == 30
    assert len(set(map(id, seen))) == 1
    assert cache.state()[0].uses == 0


def test_a_failed_load_reaches_all_who_wait_and_is_tried_again() -> None:
    gate, errors = threading.Event(), []
    loader = Loader(gate)
    cache = registry(loader)

    def ask() -> None:
        try:
            with cache.use("broken"):
                pass
        except UnavailableError as error:
            errors.append(error)

    threads = run(*[ask] * 8)
    until(lambda: any(model.uses == 8 for model in cache.state()))
    gate.set()
    join(threads)
    assert len(errors) == 8
    assert loader.loads == {"broken": 1}
    assert cache.state() == ()
    with pytest.raises(UnavailableError), cache.use("broken"):
        pass
    assert loader.loads == {"broken": 2}


def test_two_models_load_at_the_same_time() -> None:
    gate = threading.Event()
    loader = Loader(gate)
    cache = registry(loader)

    def ask(name: str) -> None:
        with cache.use(name):
            pass

    threads = run(lambda: ask("a"), lambda: ask("b"))
    until(lambda: loader.loads == {"a": 1, "b": 1})
    gate.set()
    join(threads)


def test_a_request_waits_for_a_model_in_use_to_be_given_back() -> None:
    cache = registry(Loader(), patience=20)
    got = []

    def ask() -> None:
        with cache.use("d") as loaded:
            got.append(loaded.name)

    with cache.use("a"):
        threads = run(ask)
        until(lambda: len(cache.state()) == 2)  # it is waiting for room
        assert got == []
    join(threads)
    assert got == ["d"]
    assert [model.name for model in cache.state()] == ["d"]


def test_nothing_is_dropped_where_that_would_not_be_enough() -> None:
    cache = registry(Loader())
    with cache.use("b"):
        pass
    with cache.use("c"), pytest.raises(MemoryLimitError), cache.use("d"):
        pass
    assert {model.name for model in cache.state()} == {"b", "c"}


def test_nothing_is_dropped_for_a_model_that_cannot_be_had() -> None:
    def check(name: str) -> None:
        if name == "d":
            raise UnavailableError("models.offline", name=name)

    loader = Loader()
    cache = Registry(loader, 10, size=SIZES.__getitem__, patience=0, check=check)
    with cache.use("a"):
        pass
    with pytest.raises(UnavailableError), cache.use("d"):
        pass
    assert [model.name for model in cache.state()] == ["a"]
    assert loader.loads == {"a": 1}


def test_a_model_above_the_whole_budget_is_refused_before_it_loads() -> None:
    loader = Loader()
    cache = registry(loader, budget=8)
    with pytest.raises(MemoryLimitError, match="--memory"), cache.use("d"):
        pass
    assert loader.loads == {}


def test_a_model_that_turns_out_larger_than_estimated_makes_room_for_itself() -> None:
    cache = Registry(Loader(), 10, patience=0)  # estimates 0 bytes each
    for name in ("a", "d"):
        with cache.use(name):
            pass
    assert [(model.name, model.bytes) for model in cache.state()] == [("d", 9)]


def test_what_was_given_back_last_is_dropped_last() -> None:
    cache = registry(Loader())
    first, second = ExitStack(), ExitStack()
    first.enter_context(cache.use("a"))
    second.enter_context(cache.use("b"))
    second.close()
    first.close()
    with cache.use("c"):  # 3 + 4 are there, 5 come, 10 are allowed
        assert {model.name for model in cache.state()} == {"a", "c"}


def test_an_error_inside_the_lease_gives_the_model_back() -> None:
    cache = registry(Loader())
    with pytest.raises(ZeroDivisionError), cache.use("a"):
        raise ZeroDivisionError
    assert cache.state()[0].uses == 0


def test_progress_reaches_the_loader_and_those_who_wait() -> None:
    gate = threading.Event()
    mine: list[float] = []
    theirs: list[float] = []

    def load(name: str, device: str, progress: object) -> Fake:
        progress(0.4)  # type: ignore[operator]
        assert gate.wait(20)
        progress(0.2)  # type: ignore[operator]
        return Fake(name, device, 1)

    cache = registry(load)

    def ask(heard: list[float]) -> None:
        with cache.use("a", heard.append):
            pass

    first = run(lambda: ask(mine))
    until(lambda: 0.4 in mine)
    second = run(lambda: ask(theirs))
    until(lambda: theirs)
    gate.set()
    join(first + second)
    assert mine == [0.0, 0.4, 1.0] or mine == [0.4, 1.0], "each once, and never backwards"
    assert theirs == [0.4, 1.0]


def test_a_listener_that_fails_does_not_fail_the_load() -> None:
    def load(name: str, device: str, progress: object) -> Fake:
        progress(0.5)  # type: ignore[operator]
        return Fake(name, device, 1)

    def gone(share: float) -> None:
        raise RuntimeError("the page was closed")

    with registry(load).use("a", gone) as loaded:
        assert loaded.name == "a"


def test_who_asks_for_a_long_load_is_told_to_come_back_and_the_load_goes_on() -> None:
    gate = threading.Event()
    loader = Loader(gate)
    cache = Registry(loader, 10, limit=0.05)
    for _ in range(2):
        with pytest.raises(BusyError, match="still being fetched"), cache.use("a"):
            pass
    gate.set()
    until(lambda: cache.state()[0].loaded_at is not None)
    assert cache.state()[0].uses == 0
    with cache.use("a") as loaded:
        assert loaded.name == "a"
    assert loader.loads == {"a": 1}


def test_a_failure_that_nobody_waited_for_is_told_to_the_next_who_asks_and_then_forgotten() -> None:
    gate = threading.Event()
    loader = Loader(gate)
    cache = Registry(loader, 10, limit=0.05)
    with pytest.raises(BusyError), cache.use("broken"):
        pass
    gate.set()
    until(lambda: cache.state() == ())
    assert loader.loads == {"broken": 1}
    with pytest.raises(UnavailableError), cache.use("broken"):
        pass
    assert loader.loads == {"broken": 1}, "it was told, not tried again"
    with pytest.raises((UnavailableError, BusyError)), cache.use("broken"):
        pass
    assert loader.loads == {"broken": 2}


class OutOfMemoryError(RuntimeError):
    """Named and placed as torch's own."""


OutOfMemoryError.__module__ = "torch"


def full_card(fails: int, budget: int = 10) -> tuple[Registry[Fake], list[tuple[str, str]]]:
    """A registry on CUDA whose card is full for the first ``fails`` loads of b."""
    calls: list[tuple[str, str]] = []

    def load(name: str, device: str, progress: object) -> Fake:
        calls.append((name, device))
        if name == "b" and device == "cuda" and calls.count(("b", "cuda")) <= fails:
            raise OutOfMemoryError("CUDA out of memory")
        return Fake(name, device, SIZES[name])

    return Registry(load, budget, size=SIZES.__getitem__, device=lambda: "cuda", patience=0), calls


@pytest.fixture
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    # There is no card here to give memory back to.
    monkeypatch.setattr("core.models.registry.free", lambda device: None)


def test_torchs_own_error_is_known_as_out_of_memory() -> None:
    import torch

    assert is_out_of_memory(torch.cuda.OutOfMemoryError("full"))
    assert is_out_of_memory(OutOfMemoryError("full"))
    assert not is_out_of_memory(RuntimeError("CUDA out of memory"))


@pytest.mark.usefixtures("no_card")
def test_a_full_card_is_emptied_of_what_is_idle_and_tried_once_more() -> None:
    cache, calls = full_card(1)
    with cache.use("a"):
        pass
    with cache.use("b") as loaded:
        assert loaded.device == "cuda"
    assert calls == [("a", "cuda"), ("b", "cuda"), ("b", "cuda")]
    assert [model.name for model in cache.state()] == ["b"]


@pytest.mark.usefixtures("no_card")
def test_a_card_that_stays_full_means_the_cpu_with_a_notice() -> None:
    cache, calls = full_card(2)
    with cache.use("a"), cache.use("b") as loaded:
        assert loaded.device == "cpu"
        notices = {model.name: model.notice for model in cache.state()}
    assert calls[1:] == [("b", "cuda"), ("b", "cuda"), ("b", "cpu")]
    assert notices == {"a": None, "b": "models.notices.moved_to_cpu"}


@pytest.mark.usefixtures("no_card")
def test_each_device_has_a_budget_of_its_own() -> None:
    cache, _ = full_card(2, budget=9)
    with cache.use("c"), cache.use("b"), cache.use("a"):  # 5 and 3 on the card, 4 beside it
        assert {model.name: model.device for model in cache.state()} == {"c": "cuda", "b": "cpu", "a": "cuda"}


def test_many_threads_never_pass_the_budget_nor_lose_a_lease() -> None:
    budget, over, wrong = 10, [], []
    loader = Loader()
    cache = registry(loader, budget, patience=20)

    def ask(seed: int) -> None:
        for step in range(40):
            name = "abc"[(seed + step) % 3]
            with cache.use(name) as loaded:
                state = cache.state()
                if sum(model.bytes for model in state) > budget:
                    over.append(state)
                if loaded.name != name or name not in {model.name for model in state}:
                    wrong.append((name, state))

    join(run(*[lambda seed=seed: ask(seed) for seed in range(8)]))
    assert over == []
    assert wrong == []
