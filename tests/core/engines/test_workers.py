import threading
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.engines.workers import MOST, workers, worth
from core.pictures.evaluation import evaluate
from tests.core.cifar import beit, mlp
from tests.core.pictures.test_evaluation import gallery


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def in_a_new_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.usefixtures("two_threads")
def test_each_worker_has_one_core_and_whoever_comes_later_has_all():
    with workers(2) as side_by_side:
        meeting = threading.Barrier(2)  # both workers have to come, or neither goes on

        def look() -> tuple[str, int]:
            meeting.wait(timeout=10)
            torch.ones(1 << 17).exp_()
            return threading.current_thread().name, torch.get_num_threads()

        seen = [coming.result(timeout=10) for coming in [side_by_side.submit(look), side_by_side.submit(look)]]
        assert {count for _, count in seen} == {1}
        assert len({name for name, _ in seen}) == 2
        assert torch.get_num_threads() == 2
        assert in_a_new_thread(torch.get_num_threads) == 2
    assert not [t for t in threading.enumerate() if t.name.startswith("lab-worker")]


def test_one_worker_is_the_caller():
    with workers(1) as side_by_side:
        assert side_by_side.submit(threading.current_thread).result() is threading.current_thread()


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_in_a_worker_reaches_whoever_asks_for_the_result(count):
    with workers(count) as side_by_side, pytest.raises(ZeroDivisionError):
        side_by_side.submit(lambda: 1 // 0).result()


@pytest.mark.usefixtures("two_threads")
def test_leaving_drops_what_has_not_begun():
    done, hold, begun = [], threading.Event(), threading.Barrier(3)

    def wait() -> None:
        begun.wait(timeout=10)
        hold.wait(timeout=10)

    with workers(2) as side_by_side:
        for _ in range(2):
            side_by_side.submit(wait)
        begun.wait(timeout=10)
        late = side_by_side.submit(done.append, "late")
        threading.Timer(0.2, hold.set).start()  # while the context is being left
    assert late.cancelled()
    assert not done


def test_only_models_on_the_cpu_are_worth_more_than_one(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    cpu, card, unknown = (SimpleNamespace(device=torch.device(name)) for name in ("cpu", "cuda:0", "meta"))
    assert worth([cpu, cpu]) == 3
    assert worth([cpu, card]) == worth([unknown]) == worth([object()]) == 1
    monkeypatch.setattr(torch, "get_num_threads", lambda: 96)
    assert worth([cpu]) == MOST


@pytest.mark.usefixtures("two_threads")
def test_two_workers_find_what_one_finds_in_the_same_order():
    shown = gallery(300)
    with_two = list(evaluate([mlp(), beit()], shown, 300, seed=4))
    torch.set_num_threads(1)
    *_, alone = evaluate([mlp(), beit()], shown, 300, seed=4)
    np.testing.assert_array_equal(with_two[-1].order, alone.order)
    np.testing.assert_array_equal(with_two[-1].truth, alone.truth)
    for ours, theirs in zip(with_two[-1].answers, alone.answers, strict=True):
        np.testing.assert_allclose(ours.probabilities, theirs.probabilities, atol=1e-5)
        np.testing.assert_array_equal(ours.confusion, theirs.confusion)
    for step in with_two:
        assert [int(answers.confusion.sum()) for answers in step.answers] == [step.seen, step.seen]
        np.testing.assert_array_equal(step.truth, shown.labels[step.order])


@pytest.mark.usefixtures("two_threads")
def test_a_stop_and_a_leave_are_heard_by_every_worker():
    stop = threading.Event()
    seen = []
    for step in evaluate([mlp(), beit()], gallery(2000), 2000, stopped=stop.is_set):
        seen.append(step.seen)
        stop.set()
    # The other worker's first batch may have been ready when the flag was raised; nothing is begun after it.
    assert seen in ([8], [8, 16])
    steps = evaluate([mlp(), beit()], gallery(2000), 2000)
    next(steps)
    steps.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("lab-worker")]
