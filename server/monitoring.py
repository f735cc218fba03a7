"""What this process counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds

COUNTED = CollectorRegistry()  # one a process, as what is counted is the process
EVENTS = Counter("lab_events_total", "Events that ended", ("event", "outcome"), registry=COUNTED)
EVENT_SECONDS = Histogram(
    "lab_event_seconds", "How long events were worked on", ("event",), registry=COUNTED, buckets=BUCKETS
)
REFUSED = Counter("lab_refused_total", "Requests that were not let in", ("reason",), registry=COUNTED)
HTTP_ANSWERS = Counter("lab_http_answers_total", "HTTP answers", ("part", "status"), registry=COUNTED)
ROUTE_ERRORS = Counter("lab_route_errors_total", "Requests that failed inside gradio", registry=COUNTED)
