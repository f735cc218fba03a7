"""``/healthz`` for whoever restarts the process, ``/metrics`` for Prometheus; and counts of HTTP answers."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.admission import Service, pending, running
from server.monitoring import METRICS, Gauge

PARTS = ("upload", "queue/join", "queue/data", "call", "run", "file=", "heartbeat", "info", "config", "lab")


class Health:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["method"] in ("GET", "HEAD") and path in ("/healthz", "/metrics"):
            demo = scope["app"].get_blocks()
            if path == "/metrics":
                text = METRICS.text(gauges(self.service, demo))
                await _answer(send, 200, "text/plain; version=0.0.4; charset=utf-8", text)
            else:
                status, content = health(self.service)
                await _answer(send, status, "application/json", json.dumps(content))
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                METRICS.count("lab_http_answers_total", part=part_of(path), status=str(message["status"]))
            await send(message)

        await self.app(scope, receive, counted)


def part_of(path: str) -> str:
    """The part of the site that a path belongs to; never what the path names, which may be a person's own."""
    part = path.removeprefix("/gradio_api").removeprefix("/")
    if part == "":
        return "page"
    return next((name.rstrip("=") for name in PARTS if part.startswith(name)), "other")


def health(service: Service) -> tuple[int, dict[str, Any]]:
    """Status code and content: 503 while the process ends, so that a proxy sends nobody here any more."""
    state = "stopping" if service.stopping else "ok"
    ready = [model.name for model in service.lab.registry.state() if model.loaded_at is not None]
    content = {"status": state, "uptime_seconds": round(time.time() - service.started), "models_loaded": ready}
    return (503 if service.stopping else 200), content


def gauges(service: Service, demo: Any) -> list[Gauge]:
    """What is true now."""
    lab = service.lab
    found = [
        Gauge("lab_events_running", running(demo)),
        Gauge("lab_events_pending", len(pending(demo))),
        Gauge("lab_results_bytes", lab.results.bytes),
        Gauge("lab_models_budget_bytes", lab.registry.budget),
        Gauge("lab_uptime_seconds", time.time() - service.started),
        *(Gauge("lab_model_bytes", m.bytes, {"model": m.name, "device": m.device}) for m in lab.registry.state()),
    ]
    files = service.uploads.files()
    found += [Gauge("lab_uploads", len(files)), Gauge("lab_uploads_bytes", sum(file.size for file in files))]
    resident = resident_bytes()
    return [*found, Gauge("process_resident_memory_bytes", resident)] if resident else found


def resident_bytes() -> int:
    """Memory of this process, 0 where the system does not tell (only Linux does so in /proc)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.is_file() else 0


async def _answer(send: Send, status: int, kind: str, text: str) -> None:
    body = text.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
