"""A request that is not let through, and what it is told: one sentence in the language of the page that asked.

As gradio's client expects it, the sentence is plain text for an upload and ``{"detail": …}`` for anything else.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from core.errors import LabError
from core.texts import LANGUAGES

UNREAD = (408, 413)  # statuses after which the rest of the body is not read
LATER = (429, 503)  # statuses after which the same request may well pass
LATER_SECONDS = "10"


class Refused(Exception):
    """A request that is not let through, its status and why."""

    def __init__(self, status: int, error: LabError) -> None:
        super().__init__(error.code)
        self.status, self.error = status, error

    def answer(self, scope: Scope, language: str) -> Response:
        """What is sent instead; ``language``: of the sentence where the request names none."""
        sentence = self.error.sentence(asked_language(scope, language))
        headers = {"cache-control": "no-store"}
        if self.status in UNREAD:
            headers["connection"] = "close"
        if self.status in LATER:
            headers["retry-after"] = LATER_SECONDS
        if scope["path"].rstrip("/").endswith("/upload"):
            return PlainTextResponse(sentence, self.status, headers)
        return JSONResponse({"detail": sentence}, self.status, headers)


def asked_language(scope: Scope, default: str) -> str:
    """The language of the page that sent this: its own address may name it, or the one it was sent from."""
    own: str = scope["query_string"].decode("latin-1")
    for query in (own, urlsplit(Headers(scope=scope).get("referer", "")).query):
        wanted = parse_qs(query).get("lang", [""])[-1]
        if wanted in LANGUAGES:
            return wanted
    return default
