"""What Prometheus is told keeps its names, labels and buckets, whoever's dashboards they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from core.lab.lab import Lab
from server import gauges, monitoring
from server.admission import Service
from server.gauges import Now, exposition
from server.upload_store import UploadStore
from tests.server.test_admission import Event, demo_with

# One line of each kind as the app has always written them, by hand at first.
BEFORE = """\
# TYPE lab_events_total counter
lab_events_total{event="endpoints.attend",outcome="ok"} 2
# TYPE lab_http_answers_total counter
lab_http_answers_total{part="page",status="200"} 1
# TYPE lab_refused_total counter
lab_refused_total{reason="a\\"b\\\\c\\nd"} 1
# TYPE lab_route_errors_total counter
lab_route_errors_total 1
# TYPE lab_event_seconds histogram
lab_event_seconds_bucket{event="endpoints.attend",le="0.05"} 0
lab_event_seconds_bucket{event="endpoints.attend",le="0.1"} 0
lab_event_seconds_bucket{event="endpoints.attend",le="0.25"} 0
lab_event_seconds_bucket{event="endpoints.attend",le="0.5"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="1"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="2.5"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="5"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="10"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="30"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="60"} 1
lab_event_seconds_bucket{event="endpoints.attend",le="+Inf"} 2
lab_event_seconds_sum{event="endpoints.attend"} 100.300000
lab_event_seconds_count{event="endpoints.attend"} 2
# TYPE lab_events_pending gauge
lab_events_pending 3
# TYPE lab_events_running gauge
lab_events_running 2
# TYPE lab_model_bytes gauge
lab_model_bytes{device="cpu",model="tiny"} 12345678
# TYPE lab_models_budget_bytes gauge
lab_models_budget_bytes 4000000000
# TYPE lab_results_bytes gauge
lab_results_bytes 0
# TYPE lab_uploads gauge
lab_uploads 1
# TYPE lab_uploads_bytes gauge
lab_uploads_bytes 7
# TYPE lab_uptime_seconds gauge
lab_uptime_seconds 9
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 1000000
"""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The counters, empty."""
    kept = monitoring.COUNTED
    registry = CollectorRegistry()
    for name in ("EVENTS", "EVENT_SECONDS", "REFUSED", "HTTP_ANSWERS", "ROUTE_ERRORS"):
        old = getattr(monitoring, name)
        options: dict[str, Any] = {"buckets": monitoring.BUCKETS} if name == "EVENT_SECONDS" else {}
        fresh = type(old)(old._name, old._documentation, old._labelnames, registry=registry, **options)
        monkeypatch.setattr(monitoring, name, fresh)
    monkeypatch.setattr(gauges, "COUNTED", registry)
    yield
    assert monitoring.COUNTED is kept


class Model:
    """A loaded model as the registry describes it."""

    name, device, bytes = "tiny", "cpu", 12345678


def samples(text: str) -> dict[tuple[Any, ...], float]:
    """Name and labels → value; a bucket's edge as the number that it is."""
    found: dict[tuple[Any, ...], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = {name: float(value) if name == "le" else value for name, value in sample.labels.items()}
            found[(family.type, sample.name, *sorted(labels.items()))] = sample.value
    return found


@pytest.mark.usefixtures("counted")
def test_names_labels_types_and_values_are_those_of_before(
    tmp_path: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitoring.EVENTS.labels(event="endpoints.attend", outcome="ok").inc(2)
    for seconds in (0.3, 100):
        monitoring.EVENT_SECONDS.labels(event="endpoints.attend").observe(seconds)
    monitoring.REFUSED.labels(reason='a"b\\c\nd').inc()
    monitoring.HTTP_ANSWERS.labels(part="page", status="200").inc()
    monitoring.ROUTE_ERRORS.inc()
    (tmp_path / "upload").write_bytes(b"a photo")
    monkeypatch.setattr(lab.registry, "state", lambda: [Model])
    monkeypatch.setattr(lab.results, "_bytes", 0)
    monkeypatch.setattr("server.gauges.resident_bytes", lambda: 1_000_000)
    service = Service(lab, UploadStore(tmp_path))
    monkeypatch.setattr("server.gauges.time.time", lambda: service.started + 9)
    demo = demo_with([Event("model", "me")] * 2, [Event("model", "you")])
    text = exposition(Now(service, demo)).decode()
    now, before = samples(text), samples(BEFORE)
    assert now == before
    assert [line for line in text.splitlines() if line.startswith("# TYPE")] == list(
        dict.fromkeys(line for line in text.splitlines() if line.startswith("# TYPE"))
    )


@pytest.mark.usefixtures("counted")
def test_where_the_system_does_not_tell_the_memory_there_is_no_gauge_of_it(
    tmp_path: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.gauges.resident_bytes", lambda: None)
    text = exposition(Now(Service(lab, UploadStore(tmp_path)), demo_with([], []))).decode()
    assert "lab_uptime_seconds" in text
    assert "process_resident_memory_bytes" not in text
