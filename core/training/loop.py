"""The one training loop: epochs of batches, a schedule over steps or over minutes, weight averaging, checkpoints.

A recipe is a :class:`Task`; :func:`fit` drives it and yields an :class:`EpochLog` at the end of each epoch.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from core.stops import Stopped, never
from core.training.checkpoint import Checkpoint
from core.training.task import EpochLog, Length, Step, Task


def warm_cosine(progress: float, warmup: float = 0.05, floor: float = 0.0) -> float:
    """Linear rise over the first ``warmup``, then half a cosine down to ``floor``."""
    if progress < warmup:
        return max(progress, 1e-3) / warmup
    along = (progress - warmup) / (1 - warmup)
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(along, 1.0)))


class ActiveClock:
    """Seconds of activity: a step far longer than usual (a stopped process) counts as a usual one."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.usual: float | None = None
        self.last = time.perf_counter()

    def tick(self) -> float:
        """Count what passed since the last tick."""
        now = time.perf_counter()
        passed, self.last = now - self.last, now
        if self.usual is not None:
            passed = min(passed, max(10 * self.usual, 2.0))
        self.usual = passed if self.usual is None else 0.9 * self.usual + 0.1 * passed
        self.seconds += passed
        return self.seconds

    def skip(self) -> None:
        """Leave out what passed since the last tick, such as a validation."""
        now = time.perf_counter()
        self.seconds += now - self.last
        self.last = now


def fit(
    task: Task,
    length: Length,
    seed: int = 0,
    stop: Stopped = never,
    checkpoint: Checkpoint | None = None,
    every: int | None = None,
) -> Iterator[EpochLog]:
    """Train; yield a log at the end of each epoch, and one with ``done`` false after each ``every`` steps.

    ``stop`` is asked before each step. With ``checkpoint``, what was saved there goes on as if never interrupted, and
    the logs of the epochs before are in ``checkpoint.logs``.
    """
    state = checkpoint.restore(task) if checkpoint is not None else None
    first, clock = (state.epoch + 1, ActiveClock(state.seconds)) if state is not None else (1, ActiveClock())
    base = [group["lr"] for group in task.optimizer.param_groups] if state is None else state.rates
    total = length.epochs * task.steps() if length.epochs else 0
    best = state.best if state is not None else None
    epoch = first
    while length.epochs is None or epoch <= length.epochs:
        torch.manual_seed(seed * 100_003 + epoch)  # dropout; the batches have a generator of their own
        generator = torch.Generator().manual_seed(seed * 100_003 + epoch)
        task.network.train()
        sums = Sums()
        rate = progress = 0.0
        for i, batch in enumerate(task.batches(epoch, generator)):
            done = (epoch - 1) * task.steps() + i
            progress = done / total if total else clock.seconds / (60 * (length.minutes or 1))
            if stop():
                return
            if progress >= 1:
                break
            for group, rate_at_top in zip(task.optimizer.param_groups, base, strict=True):
                group["lr"] = rate_at_top * task.factor(progress)
            rate = task.optimizer.param_groups[0]["lr"]
            sums.add(_descended(task, batch, progress))
            clock.tick()
            task.milestone(epoch, progress)
            if every and (i + 1) % every == 0:
                yield EpochLog(epoch, progress, *sums.means(), rate, clock.seconds, {}, False)
        ended = progress >= 1 if length.epochs is None else epoch == length.epochs
        if sums.any:
            network = task.averaged().eval()
            with torch.no_grad():
                figures = task.validate(network)
            clock.skip()
            log = EpochLog(epoch, min(progress, 1.0), *sums.means(), rate, clock.seconds, figures)
            better = task.keep is not None and (best is None or _beats(figures[task.keep], best, task.keep))
            best = figures[task.keep] if better and task.keep is not None else best
            if checkpoint is not None:
                checkpoint.save(task, log, base, best if task.keep else None, better)
            yield log
        if ended:
            return
        epoch += 1


def _descended(task: Task, batch: Any, progress: float) -> Step:
    """One step of the optimiser on a batch; what the loss gave before it."""
    step = task.loss(batch, progress)
    task.optimizer.zero_grad(set_to_none=True)
    step.loss.backward()  # type: ignore[no-untyped-call]
    if task.clip is not None:
        nn.utils.clip_grad_norm_(task.network.parameters(), task.clip)
    task.optimizer.step()
    if task.ema is not None:
        task.ema.update(task.network, progress)
    return step


class Sums:
    """Loss and hits so far. A GPU is not waited for until somebody asks."""

    def __init__(self) -> None:
        self.loss = self.hits = self.count = 0.0
        self.waiting: list[Step] = []

    @property
    def any(self) -> bool:
        """Whether there was a step at all."""
        return bool(self.waiting or self.count)

    def add(self, step: Step) -> None:
        """Take in a step, whose graph is let go."""
        self.waiting.append(Step(step.loss.detach(), step.hits, step.count))

    def means(self) -> tuple[float, float]:
        """Mean loss and share of hits."""
        for step in self.waiting:
            count = float(step.count)
            self.loss += float(step.loss) * count
            self.hits, self.count = self.hits + float(step.hits), self.count + count
        self.waiting.clear()
        return self.loss / self.count, self.hits / self.count


def _beats(figure: float, best: float, name: str) -> bool:
    return figure < best if name == "loss" else figure > best
