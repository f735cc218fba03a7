"""What stands between the network and gradio: the page's language, and its head."""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.texts import LANGUAGES, RIGHT_TO_LEFT, say
from server.page_files import files, version

# Gradio's components may call these before our modules are loaded. What cannot be loaded at all is said in its place.
STUB = """
const module = () => import("./" + AttentionLab.base + "lib/mount.js");
AttentionLab.mount = (name, element, hooks) =>
  module().then((lib) => lib.mount(name, element, hooks)).catch((error) => {
  console.warn(error);
  element.textContent = AttentionLab.words.broken;
});
AttentionLab.tell = (...given) => {
  module().then((lib) => lib.tell(...given)).catch((error) => console.warn(error));
  return [];
};
AttentionLab.sessions = () => module().then((lib) => lib.sessions);
"""


@cache
def head(language: str) -> bytes:
    """What goes straight after ``<head>``: gradio asks the browser for its language before any later script runs."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    base = f"lab/{version()}/"
    words = {"broken": say(language, "app.broken"), "again": say(language, "app.again")}
    page = json.dumps({"version": version(), "base": base, "language": language, "words": words}, ensure_ascii=False)
    needed = [path for path in files() if path.startswith(("lib/", "page/", "legacy/legacy.", "legacy/asks."))]
    return (
        "<script>"
        f"for (const [name, value] of [['language', '{language}'], ['languages', ['{language}']]])"
        " Object.defineProperty(navigator, name, {get: () => value});"
        f"document.documentElement.lang = '{language}'; document.documentElement.dir = '{direction}';"
        f"window.AttentionLab = {page.replace('<', chr(92) + 'u003c')};"
        f"{{{STUB}}}"
        "</script>"
        f'<link rel="stylesheet" href="{base}page.css">'
        f'<script type="module" src="{base}page/main.js"></script>'
        + "".join(f'<link rel="modulepreload" href="{base}{path}">' for path in needed if path.endswith(".js"))
    ).encode()


class Page:
    """ASGI middleware: ``?lang=`` reaches every request, and the page's head is completed."""

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
        scope = {**scope, "query_string": urlencode(query, doseq=True).encode("latin-1")}
        if path in ("", "/") and scope["method"] == "GET":
            send = _Completed(send, head(language))
        await self.app(scope, receive, send)


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
