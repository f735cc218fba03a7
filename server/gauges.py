"""What is true of this process now, beside what it has counted, in the text form that Prometheus reads."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.admission import Service
from server.gradio_queue import pending, running
from server.monitoring import COUNTED


class Now(Collector):
    """What is counted, and gauges as they stand when they are asked for."""

    def __init__(self, service: Service, demo: gr.Blocks) -> None:
        self.service, self.demo = service, demo

    def collect(self) -> Iterator[Metric]:
        """The families, without the times at which each counter was made."""
        for family in COUNTED.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
        yield from self._gauges()

    def _gauges(self) -> Iterator[Metric]:
        lab, files = self.service.lab, self.service.uploads.files()
        values = {
            "lab_events_running": ("Events that are worked on", running(self.demo)),
            "lab_events_pending": ("Events that run or wait", len(pending(self.demo))),
            "lab_models_budget_bytes": ("What loaded models may take", lab.registry.budget),
            "lab_results_bytes": ("Results in memory", lab.results.bytes),
            "lab_uploads": ("Uploaded files", len(files)),
            "lab_uploads_bytes": ("Bytes of uploaded files", sum(file.size for file in files)),
            "lab_uptime_seconds": ("Since the service began", time.time() - self.service.started),
            "process_resident_memory_bytes": ("Memory of the process", resident_bytes()),
        }
        for name, (what, value) in values.items():
            if value is not None:
                yield GaugeMetricFamily(name, what, value=value)
        models = GaugeMetricFamily("lab_model_bytes", "Models in memory", labels=("model", "device"))
        for model in lab.registry.state():
            models.add_metric((model.name, model.device), model.bytes)
        yield models


def exposition(collector: Collector) -> bytes:
    """The text form that Prometheus reads (exposition format 0.0.4)."""
    return generate_latest(collector)


def resident_bytes() -> int | None:
    """Memory of this process, None where the system does not tell (only Linux does so in /proc)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.is_file() else None
