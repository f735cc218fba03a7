"""ASGI middleware before gradio: refuses what is too large, carries addresses, or is not for this page."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import BusyError, ImageError, InputError, LabError
from server import limits
from server.admission import Service
from server.body import CountedUpload, declared_length, replayed, whole_body
from server.gradio_queue import app_blocks
from server.inputs import check_inputs, data_by_name, find_event
from server.monitoring import REFUSED, ROUTE_ERRORS
from server.payload import named_uploads, read_json
from server.refusal import Refused

log = logging.getLogger("lab.guard")

API = "/gradio_api"
# Parts of gradio that fetch, run or show something, and that this page has no use for.
UNUSED = ("proxy=", "process_recording", "vibe-", "dev/", "run-history", "runs", "monitoring", "custom_component/")
JOINING = ("/queue/join", "/call/", "/run/", "/api/")
STATUS = {"app.remote_file": 403, "app.data_url": 403, "app.not_uploaded": 403, "app.no_event": 404}


class Guard:
    """See the module. ``language``: of the sentence where the request's page names none."""

    def __init__(self, app: ASGIApp, service: Service, language: str = "en") -> None:
        self.app, self.service, self.language = app, service, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, await self._checked(scope, receive), answer)
        except Exception as error:
            refused = _refusal_of(error)
            if not started:
                await refused.answer(scope, self.language)(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """The request's body, already looked at, or looked at as it comes. Raises Refused."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        part = path.removeprefix(API).lower()
        _check_place(part)
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return receive
        if part.rstrip("/") == "/upload":
            return await self._upload(scope, receive)
        body = await whole_body(receive, limits.JSON_BYTES, declared=declared_length(scope))
        if body and part != "/stream":
            await self._check_json(scope, part, body)
        return replayed(body, receive)

    async def _upload(self, scope: Scope, receive: Receive) -> Receive:
        length = declared_length(scope)
        if length > limits.UPLOAD_BYTES:
            raise Refused(413, InputError("app.upload_too_large", limit=limits.UPLOAD_BYTES // 10**6))
        try:
            await asyncio.to_thread(self.service.uploads.make_room, length or limits.UPLOAD_BYTES)
        except BusyError as error:
            raise Refused(503, error) from None
        return CountedUpload(receive, scope)

    async def _check_json(self, scope: Scope, part: str, body: bytes) -> None:
        try:
            payload = await asyncio.to_thread(read_json, body)
            data = payload if part.startswith("/call/v2/") else _field(payload, "data")
            paths = await asyncio.to_thread(named_uploads, payload, data, self.service.uploads.folder)
            if part.startswith(JOINING):
                await self._join(scope, part, payload, paths)
        except ImageError as error:
            raise Refused(410, error) from None
        except InputError as error:
            raise Refused(STATUS.get(error.code, 400), error) from None
        except BusyError as error:
            raise Refused(503 if error.code == "app.stopping" else 429, error) from None

    async def _join(self, scope: Scope, part: str, payload: Any, paths: list[Path]) -> None:
        """Look at an event's data, and let it in when its page's turn has come."""
        demo = app_blocks(scope["app"])
        event = find_event(demo, part, _field(payload, "fn_index"))
        session = _field(payload, "session_hash")
        data = _field(payload, "data")
        if part.startswith("/call/v2/"):
            session, data = None, data_by_name(demo, part.strip("/").rpartition("/")[2], payload)
        check_inputs(demo, event, data, session)
        await self.service.admit(demo, session, event.lane)
        if isinstance(session, str):
            self.service.uploads.note(session, paths)


def _check_place(part: str) -> None:
    if part.removeprefix("/").startswith(UNUSED):
        raise Refused(404, InputError("app.not_here"))
    for name in ("/file=", "/file/"):
        if part.startswith(name) and part.removeprefix(name).lstrip("/ ").startswith(("http:", "https:")):
            raise Refused(403, InputError("app.remote_file"))


def _field(payload: Any, name: str) -> Any:
    return payload.get(name) if isinstance(payload, dict) else None


def _refusal_of(error: Exception) -> Refused:
    """What a failed request is told; it is counted, and logged with its traceback where its cause is unexpected."""
    if isinstance(error, Refused):
        REFUSED.labels(reason=error.error.code).inc()
        log.info("refused %s %d", error.error.code, error.status)
        return error
    if _cannot_be_echoed(error):
        log.info("refused %s", type(error).__name__)
        return Refused(400, InputError("app.not_inputs"))
    ROUTE_ERRORS.inc()  # of gradio's own routes: our handlers' errors have been told to their page
    log.error("a route failed", exc_info=error)
    return Refused(500, LabError("app.route_failed"))


def _cannot_be_echoed(error: Exception) -> bool:
    """Whether gradio's refusal echoes a lone surrogate or a NaN that came, which cannot be sent back."""
    return isinstance(error, UnicodeEncodeError) or (isinstance(error, ValueError) and "JSON compliant" in str(error))
