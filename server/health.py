"""``/healthz`` for whoever restarts the process, ``/metrics`` for Prometheus; and counts of HTTP answers."""

from __future__ import annotations

import time
from typing import Any

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.admission import Service
from server.gauges import Now, exposition
from server.gradio_queue import app_blocks
from server.monitoring import HTTP_ANSWERS

PATHS = ("/healthz", "/metrics")
PARTS = ("upload", "queue/join", "queue/data", "call", "run", "file=", "heartbeat", "info", "config", "lab")
NOT_KEPT = {"cache-control": "no-store"}


def routes(service: Service) -> list[Route]:
    """Both addresses, for the app that serves gradio."""

    def healthz(request: Request) -> Response:
        status, content = health(service)
        return JSONResponse(content, status, NOT_KEPT)

    def metrics(request: Request) -> Response:
        text = exposition(Now(service, app_blocks(request.app)))
        return Response(text, headers=NOT_KEPT, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


class CountedAnswers:
    """ASGI middleware that counts answers by the part of the site and their status; those of ``PATHS`` apart."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                HTTP_ANSWERS.labels(part=part_of(path), status=str(message["status"])).inc()
            await send(message)

        await self.app(scope, receive, counted if scope["type"] == "http" and path not in PATHS else send)


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
