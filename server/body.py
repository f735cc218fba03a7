"""The body of a request as it comes: whole within a limit, or counted piece by piece; no pause is long."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from core.errors import InputError
from server import limits
from server.refusal import Refused


def declared_length(scope: Scope) -> int:
    """The bytes that the request says it has, 0 where it does not say."""
    text = Headers(scope=scope).get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


async def whole_body(receive: Receive, most: int, declared: int) -> bytes:
    """The body, of at most ``most`` bytes, whether or not its length is declared. Errors: Refused."""
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


def replayed(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives ``body`` once, and then what the connection does."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class CountedUpload:
    """A ``receive`` for an upload's form: passes pieces on until there are too many bytes or files: Refused."""

    def __init__(self, receive: Receive, scope: Scope) -> None:
        self.receive = receive
        self.boundary = boundary(scope)
        self.size = self.parts = 0
        self.tail = b""
        self.ended = False

    async def __call__(self) -> Message:
        """The next piece."""
        if self.ended:
            return await self.receive()  # what comes after a body is the end of the connection, however late
        message = await _next(self.receive)
        self.ended = not message.get("more_body")
        self._count(message.get("body", b""))
        return message

    def _count(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > limits.UPLOAD_BYTES:
            raise Refused(413, InputError("app.upload_too_large", limit=limits.UPLOAD_BYTES // 10**6))
        if not self.boundary:
            return
        seen = self.tail + piece
        self.parts += seen.count(self.boundary)
        self.tail = seen[-(len(self.boundary) - 1) :]  # too short to hold a whole one, which would be counted twice
        if self.parts > limits.UPLOAD_FILES + 1:  # the last one ends the form
            raise Refused(413, InputError("app.too_many_files", limit=limits.UPLOAD_FILES))


def boundary(scope: Scope) -> bytes:
    """What parts the files of a form from each other; empty where the request names nothing."""
    for item in Headers(scope=scope).get("content-type", "").split(";")[1:]:
        name, _, value = item.strip().partition("=")
        if name.lower() == "boundary":
            return b"--" + value.strip('"').encode("latin-1")
    return b""


async def _next(receive: Receive) -> Message:
    try:
        return await asyncio.wait_for(receive(), limits.BODY_SECONDS)
    except TimeoutError:
        raise Refused(408, InputError("app.too_slow", limit=f"{limits.BODY_SECONDS:g}")) from None
