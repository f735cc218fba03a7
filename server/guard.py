"""ASGI middleware before gradio: refuses what is too large, carries addresses, or is not for this page.

Refusals are one sentence in the page's language: as gradio's client expects it, text for an upload and
``{"detail": …}`` for anything else.
"""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import BusyError, ImageError, InputError, LabError
from core.texts import LANGUAGES
from server import inputs, limits
from server import payload as payloads
from server.admission import Service
from server.monitoring import METRICS

log = logging.getLogger("lab.guard")

API = "/gradio_api"
# Parts of gradio that fetch, run or show something, and that this page has no use for.
UNUSED = ("proxy=", "process_recording", "vibe-", "dev/", "run-history", "runs", "monitoring", "custom_component/")
JOINING = ("/queue/join", "/call/", "/run/", "/api/")
STATUS = {"app.remote_file": 403, "app.data_url": 403, "app.not_uploaded": 403, "app.no_event": 404}


class Refused(Exception):
    """A request that is not let through, its status and why."""

    def __init__(self, status: int, error: LabError) -> None:
        super().__init__(error.code)
        self.status, self.error = status, error


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
        except Refused as refused:
            METRICS.count("lab_refused_total", reason=refused.error.code)
            log.info("refused %s %d", refused.error.code, refused.status)
            if not started:
                await _answer(scope, send, refused, language_of(scope, self.language))
        except ValueError as error:
            # A refusal by gradio's own routes echoes what came; a lone surrogate or a NaN in it cannot be sent back.
            log.info("refused %s", type(error).__name__)
            if not started:
                refused = Refused(400, InputError("app.not_inputs"))
                await _answer(scope, send, refused, language_of(scope, self.language))
        except Exception:  # of gradio's own routes: our handlers' errors have been told to their page
            METRICS.count("lab_route_errors_total")
            log.exception("a route failed")
            if not started:
                await _answer(scope, send, Refused(500, LabError("app.route_failed")), self.language)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """The request's body, already looked at, or looked at as it comes. Raises Refused."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        part = path.removeprefix(API).lower()
        _check_place(part)
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return receive
        if part.rstrip("/") == "/upload":
            return await self._upload(scope, receive)
        body = await _whole(receive, limits.JSON_BYTES, declared=_length(scope))
        if body and part != "/stream":
            await self._check_json(scope, part, body)
        return _replay(body, receive)

    async def _upload(self, scope: Scope, receive: Receive) -> Receive:
        length = _length(scope)
        if length > limits.UPLOAD_BYTES:
            raise Refused(413, InputError("app.upload_too_large", limit=limits.UPLOAD_BYTES // 10**6))
        try:
            await asyncio.to_thread(self.service.uploads.make_room, length or limits.UPLOAD_BYTES)
        except BusyError as error:
            raise Refused(503, error) from None
        return _counted(receive, _boundary(scope))

    async def _check_json(self, scope: Scope, part: str, body: bytes) -> None:
        try:
            payload = await asyncio.to_thread(payloads.read, body)
            data = payload if part.startswith("/call/v2/") else _field(payload, "data")
            paths = await asyncio.to_thread(payloads.check, payload, data, self.service.uploads.folder)
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
        demo = scope["app"].get_blocks()
        fn = inputs.find_fn(demo, part, _field(payload, "fn_index"))
        session = _field(payload, "session_hash")
        data = _field(payload, "data")
        if part.startswith("/call/v2/"):
            session, data = None, inputs.by_name(demo, part.strip("/").rpartition("/")[2], payload)
        inputs.check(demo, fn, data, session)
        await self.service.admit(demo, session, fn)
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


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _length(scope: Scope) -> int:
    """The length that the header declares, 0 where it declares none."""
    text = _header(scope, b"content-length")
    return int(text) if text.isascii() and text.isdigit() else 0


def language_of(scope: Scope, default: str) -> str:
    """The language of the page that sent this: its own address may name it, or the one it was sent from."""
    for query in (scope["query_string"].decode("latin-1"), urlsplit(_header(scope, b"referer")).query):
        wanted = parse_qs(query).get("lang", [""])[-1]
        if wanted in LANGUAGES:
            return wanted
    return default


async def _next(receive: Receive) -> Message:
    try:
        return await asyncio.wait_for(receive(), limits.BODY_SECONDS)
    except TimeoutError:
        raise Refused(408, InputError("app.too_slow", limit=f"{limits.BODY_SECONDS:g}")) from None


async def _whole(receive: Receive, most: int, declared: int) -> bytes:
    """The body, of at most ``most`` bytes, whether or not its length is declared."""
    too_large = Refused(413, InputError("app.too_large", limit=f"{most / 10**6:g}"))
    if declared > most:
        raise too_large
    pieces, size = [], 0
    while True:
        message = await _next(receive)
        if message["type"] == "http.disconnect":
            return b""
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise too_large
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives ``body`` once, and then what the connection does."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _boundary(scope: Scope) -> bytes:
    """What parts the files of a form from each other."""
    for item in _header(scope, b"content-type").split(";")[1:]:
        name, _, value = item.strip().partition("=")
        if name.lower() == "boundary":
            return b"--" + value.strip('"').encode("latin-1")
    return b""


def _counted(receive: Receive, boundary: bytes) -> Receive:
    """An upload's body as it comes, until it is too large or has too many files."""
    size, parts, tail, ended = 0, 0, b"", False

    async def piece() -> Message:
        nonlocal size, parts, tail, ended
        if ended:
            return await receive()  # what comes after a body is the end of the connection, however late
        message = await _next(receive)
        body = message.get("body", b"")
        ended = not message.get("more_body")
        size += len(body)
        if size > limits.UPLOAD_BYTES:
            raise Refused(413, InputError("app.upload_too_large", limit=limits.UPLOAD_BYTES // 10**6))
        if boundary:
            seen = tail + body
            parts += seen.count(boundary)
            tail = seen[-(len(boundary) - 1) :]  # too short to hold a whole one, which would be counted twice
            if parts > limits.UPLOAD_FILES + 1:  # the last one ends the form
                raise Refused(413, InputError("app.too_many_files", limit=limits.UPLOAD_FILES))
        return message

    return piece


async def _answer(scope: Scope, send: Send, refused: Refused, language: str) -> None:
    sentence = refused.error.sentence(language)
    text = scope["path"].rstrip("/").endswith("/upload")
    body = sentence.encode() if text else json.dumps({"detail": sentence}).encode()
    kind = b"text/plain; charset=utf-8" if text else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if refused.status in (408, 413):
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    if refused.status in (429, 503):
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
