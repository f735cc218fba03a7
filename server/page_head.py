"""What stands between the network and gradio: the page's language, and the viewers' scripts and styles."""

from __future__ import annotations

import hashlib
import html
import json
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.texts import LANGUAGES, RIGHT_TO_LEFT, texts

ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def script(language: str) -> bytes:
    """All viewers as one script, after the texts of one language. ``lab.js`` is the ground that the others stand on."""
    words = json.dumps(texts("en") | texts(language), ensure_ascii=False).replace("<", "\\u003c")
    files = sorted((ASSETS / "viewers").rglob("*.js"), key=lambda path: (path.name != "lab.js", path.as_posix()))
    parts = [f'window.AttentionLab = {{language: "{language}", texts: {words}}};']
    return "\n".join(parts + [path.read_text("utf-8") for path in files]).encode()


@cache
def style() -> bytes:
    """The page's style sheet and those of all viewers."""
    files = [ASSETS / "style.css", *sorted((ASSETS / "viewers").rglob("*.css"))]
    return "\n".join(path.read_text("utf-8") for path in files).encode()


@cache
def head(language: str) -> bytes:
    """What goes straight after ``<head>``: gradio asks the browser for its language before any later script runs."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    version = hashlib.sha256(script(language) + style()).hexdigest()[:12]
    return (
        "<script>"
        f"for (const [name, value] of [['language', '{language}'], ['languages', ['{language}']]])"
        " Object.defineProperty(navigator, name, {get: () => value});"
        f"document.documentElement.lang = '{language}'; document.documentElement.dir = '{direction}';"
        "</script>"
        f'<link rel="stylesheet" href="lab/style.css?{version}">'
        f'<script src="lab/viewers-{html.escape(language)}.js?{version}"></script>'
    ).encode()


class Page:
    """ASGI middleware: ``?lang=`` reaches every request, the page's head is completed, the viewers are served."""

    def __init__(self, app: ASGIApp, language: str = "en") -> None:
        self.app = app
        self.language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        language = query.get("lang", [self.language])[-1]
        language = language if language in LANGUAGES else self.language
        query["lang"] = [language]
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        own = scope["method"] == "GET" and _own(path)
        if own:
            await _answer(send, *own)
            return
        scope = {**scope, "query_string": urlencode(query, doseq=True).encode("latin-1")}
        if path in ("", "/") and scope["method"] == "GET":
            send = _Completed(send, head(language))
        await self.app(scope, receive, send)


def _own(path: str) -> tuple[bytes, str] | None:
    """Body and type of the files that are ours."""
    if path == "/lab/style.css":
        return style(), "text/css"
    languages = {f"/lab/viewers-{language}.js": language for language in LANGUAGES}
    return (script(languages[path]), "text/javascript") if path in languages else None


async def _answer(send: Send, body: bytes, kind: str) -> None:
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"public, max-age=31536000, immutable"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Completed:
    """A ``send`` that puts ``extra`` after ``<head>`` of an HTML answer."""

    def __init__(self, send: Send, extra: bytes) -> None:
        self.send = send
        self.extra = extra
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
            if not any(kind.startswith(b"text/html") for kind in kinds):
                self.extra = b""
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        assert self.start is not None, "an answer's body came before its start"
        body = self.body.replace(b"<head>", b"<head>" + self.extra, 1) if self.extra else self.body
        headers = [(n, v) for n, v in self.start["headers"] if n.lower() != b"content-length"]
        await self.send({**self.start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})
