"""How calls went: counts, errors and percentiles, for the console and for the README."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import numpy as np
import psutil

from tests.load.calls import LIGHT, Call

BUSY = ("Queue is full", "requests waiting", "long job")  # answers that ask to come back


def is_busy(call: Call) -> bool:
    """Whether the call was told to come back later."""
    return any(words in call.error for words in BUSY)


@dataclass(frozen=True)
class Row:
    """One action: calls, how many were told to come back, errors, and seconds at the 50th and 95th percentile."""

    name: str
    calls: int
    busy: int
    errors: int
    p50: float
    p95: float
    most: float


def rows(calls: list[Call]) -> list[Row]:
    """A row an action; last the light actions that overlapped a segmentation, where there are any."""
    by_name = {name: [c for c in calls if c.name == name] for name in dict.fromkeys(c.name for c in calls)}
    spans = [(c.start, c.start + c.seconds) for c in calls if c.name == "segment"]
    by_name["light during segment"] = [
        c for c in calls if c.name in LIGHT and any(a < c.start + c.seconds and c.start < b for a, b in spans)
    ]
    found = []
    for name, some in by_name.items():
        if some:
            busy = sum(is_busy(c) for c in some)
            p50, p95, most = np.percentile([c.seconds for c in some], [50, 95, 100])
            errors = sum(bool(c.error) for c in some) - busy
            found.append(Row(name, len(some), busy, errors, float(p50), float(p95), float(most)))
    return found


def console(title: str, calls: list[Call]) -> str:
    """The table as plain text, and each kind of error below it."""
    lines = [f"\n{title}", f"{'action':<24}{'calls':>7}{'busy':>7}{'errors':>8}{'p50 s':>9}{'p95 s':>9}{'max s':>9}"]
    lines += [
        f"{r.name:<24}{r.calls:>7}{r.busy:>7}{r.errors:>8}{r.p50:>9.2f}{r.p95:>9.2f}{r.most:>9.2f}" for r in rows(calls)
    ]
    lines += [
        f"  {sum(c.error == error for c in calls)} × {error}" for error in sorted({c.error for c in calls if c.error})
    ]
    return "\n".join(lines)


def machine() -> str:
    """What it ran on, without a name."""
    gib = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores ({platform.machine()}), {gib:.0f} GiB, users on the same machine"


def markdown(parts: list[tuple[str, list[Call]]], last: str) -> str:
    """The same for the README: a table over all parts, and a sentence below it."""
    lines = [
        f"Measured on {machine()}:",
        "",
        "| | action | calls | busy | errors | p50 | p95 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for title, calls in parts:
        for i, r in enumerate(rows(calls)):
            first = title if i == 0 else ""
            lines.append(f"| {first} | {r.name} | {r.calls} | {r.busy} | {r.errors} | {r.p50:.2f} s | {r.p95:.2f} s |")
    return "\n".join([*lines, "", last])
