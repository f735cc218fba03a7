"""What stands between the network and gradio: the page's language, and its head."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.learn.links import LABS
from core.texts import LANGUAGES, RIGHT_TO_LEFT, SPOKEN, say
from server.first_picture import asks_scene, first_picture
from server.page_config import lightened
from server.page_files import files, version

# Gradio's components may call these before our modules are loaded. What cannot be loaded at all is said in its place.
STUB = """
const module = () => import("./" + AttentionLab.base + "lib/mount.js");
AttentionLab.mount = (name, element) =>
  module().then((lib) => lib.mount(name, element)).catch((error) => {
  console.warn(error);
  element.textContent = AttentionLab.words.broken;
  element.classList.add("lab-broken");
});
AttentionLab.tell = (...given) => {
  module().then((lib) => lib.tell(...given)).catch((error) => console.warn(error));
  return [];
};
AttentionLab.heard = (...given) => module().then((lib) => lib.tell(...given)).catch((error) => console.warn(error));
AttentionLab.sessions = () => module().then((lib) => lib.sessions);
// Whether the Attention lab opens on its Scene, as its viewer will tell: the fields of its other views stay away then.
const asked = new URLSearchParams(location.search), typed = new URLSearchParams(location.hash.slice(1));
const named = asked.has("model") || asked.has("a") || typed.has("a");
const other = asked.has("view") ? !["scene", "journey", "masked"].includes(asked.get("view")) : named;
document.documentElement.classList.toggle("lab-scene", !other);
"""


BODY = re.compile(rb"<body[^>]*>")


@cache
def head(language: str) -> bytes:
    """What goes straight after ``<head>``: gradio asks the browser for its language before any later script runs."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    base = f"lab/{version()}/"
    words = {"broken": say(language, "app.broken"), "again": say(language, "app.again")}
    told: dict[str, object] = {"version": version(), "base": base, "language": language, "labs": LABS}
    told |= {"languages": [(code, spoken.short) for code, spoken in SPOKEN.items()], "words": words}
    page = json.dumps(told, ensure_ascii=False)
    needed = [path for path in files() if path.startswith(("lib/", "page/"))]
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
        scene = asks_scene(query)
        query["lang"] = [language]
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        scope = {**scope, "query_string": urlencode(query, doseq=True).encode("latin-1")}
        if path in ("", "/") and scope["method"] == "GET":
            send = _Completed(send, language, scene, _takes_gzip(scope))
        await self.app(scope, receive, send)


def _takes_gzip(scope: Scope) -> bool:
    accepted = next((value for name, value in scope.get("headers", ()) if name.lower() == b"accept-encoding"), b"")
    return b"gzip" in accepted


class _Completed:
    """A ``send`` that completes an HTML answer: its head, its first picture; and sends it light and compressed."""

    def __init__(self, send: Send, language: str, scene: bool, compress: bool) -> None:
        self.send = send
        self.language = language
        self.scene = scene
        self.compress = compress
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        assert self.start is not None, "an answer's body came before its start"
        body, headers = self._whole(list(self.start["headers"]))
        headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
        await self.send({**self.start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})

    def _whole(self, headers: list[tuple[bytes, bytes]]) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        kinds = [value for name, value in headers if name.lower() == b"content-type"]
        if not any(kind.startswith(b"text/html") for kind in kinds):
            return self.body, headers
        body = lightened(self.body, self.language).replace(b"<head>", b"<head>" + head(self.language), 1)
        body = BODY.sub(lambda found: found[0] + first_picture(self.language, self.scene), body, count=1)
        if not self.compress:
            return body, headers
        return gzip.compress(body, 6), [*headers, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
