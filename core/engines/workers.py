"""Threads that compute with one core each, side by side.

Two threads within one product of matrices wait for each other at its end; when something else takes a core for a moment
(a browser that draws, another visitor's request), both stand still. Whole batches side by side do not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MOST = 8  # workers; more batches at once than this would make a stop slow to be heard

_starting = Lock()  # the number of threads, which the workers are started with, is one for the whole process


def worth(models: Iterable[Any]) -> int:
    """How many workers ``models`` can use: one for each core where all are on the CPU, else one."""
    import torch  # here and below: the port answers before torch is there

    on_cpu = all(str(getattr(model, "device", "elsewhere")) == "cpu" for model in models)
    return min(torch.get_num_threads(), MOST) if on_cpu else 1


def _keep_to_one_core() -> None:
    """Let the calling thread compute alone.

    A thread takes the process's number at its first parallel work, over whatever was set for it before; each of torch's
    libraries has its own first time, so that work comes first here, in both of them.
    """
    import torch

    torch.get_num_threads()
    torch.ones(1 << 17).exp_()
    torch.set_num_threads(1)


class Workers:
    """``count`` workers, or the caller itself where that is one."""

    def __init__(self, count: int, pool: ThreadPoolExecutor | None = None) -> None:
        self.count, self.pool = count, pool

    def submit(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[T]:
        """The result to come; it is there already where the caller is the worker. Errors of ``work`` come with it."""
        if self.pool is not None:
            return self.pool.submit(work, *arguments, **named)
        done: Future[T] = Future()
        try:
            done.set_result(work(*arguments, **named))
        except Exception as error:
            done.set_exception(error)
        return done


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """``count`` workers for as long as the context lasts; leaving it drops what has not begun and awaits what has."""
    if count == 1:
        yield Workers(1)
        return
    import torch

    pool = ThreadPoolExecutor(count, "lab-worker", initializer=_keep_to_one_core)
    try:
        with _starting:
            threads, here = torch.get_num_threads(), Barrier(count)
            try:
                for started in [pool.submit(here.wait) for _ in range(count)]:
                    started.result()
            finally:
                # Torch sets the caller's number and the one that later threads begin with; the latter has to go back.
                torch.set_num_threads(threads)
        yield Workers(count, pool)
    finally:
        pool.shutdown(cancel_futures=True)
