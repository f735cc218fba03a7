"""Counters in the text form that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import NamedTuple

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
Labels = tuple[tuple[str, str], ...]


class Gauge(NamedTuple):
    """A value as it is now."""

    name: str
    value: float
    labels: dict[str, str] = {}  # noqa: RUF012


class Metrics:
    """Counters and histograms of seconds by name and labels. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[tuple[str, Labels], float] = {}
        self._histograms: dict[tuple[str, Labels], list[float]] = {}  # one number a bucket, then +Inf, then the sum

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        key = (name, _sorted(labels))
        with self._lock:
            self._counters[key] = self._counters.get(key, 0) + 1

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Put a duration into a histogram."""
        key = (name, _sorted(labels))
        with self._lock:
            row = self._histograms.setdefault(key, [0.0] * (len(BUCKETS) + 2))
            for place, most in enumerate(BUCKETS):
                if seconds <= most:
                    row[place] += 1
            row[-2] += 1
            row[-1] += seconds

    def value(self, name: str, **labels: str) -> float:
        """A counter as it stands."""
        with self._lock:
            return self._counters.get((name, _sorted(labels)), 0.0)

    def text(self, gauges: Iterable[Gauge] = ()) -> str:
        """Everything, each name once with its type."""
        with self._lock:
            counters, histograms = dict(self._counters), {key: list(row) for key, row in self._histograms.items()}
        lines: list[str] = []
        for (name, labels), value in sorted(counters.items()):
            lines += [*_typed(lines, name, "counter"), f"{name}{_shown(labels)} {value:g}"]
        for (name, labels), row in sorted(histograms.items()):
            lines += _typed(lines, name, "histogram")
            edges = [*(f"{most:g}" for most in BUCKETS), "+Inf"]
            for edge, value in zip(edges, row, strict=False):
                lines.append(f"{name}_bucket{_shown((*labels, ('le', edge)))} {value:g}")
            lines += [f"{name}_sum{_shown(labels)} {row[-1]:.6f}", f"{name}_count{_shown(labels)} {row[-2]:g}"]
        for gauge in sorted(gauges, key=lambda gauge: gauge.name):
            shown = f"{gauge.name}{_shown(_sorted(gauge.labels))} {gauge.value:.10g}"
            lines += [*_typed(lines, gauge.name, "gauge"), shown]
        return "\n".join(lines) + "\n"


def _typed(lines: list[str], name: str, kind: str) -> list[str]:
    line = f"# TYPE {name} {kind}"
    return [] if line in lines else [line]


def _sorted(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def _shown(labels: Labels) -> str:
    escaped = ((name, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")) for name, value in labels)
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped) + "}" if labels else ""


METRICS = Metrics()  # one a process, as what is counted is the process
