"""How long a browser may keep gradio's own scripts and styles, of which gradio says nothing."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.page_files import FOREVER

# Named after their content, so that another version of gradio has other names.
NAMED_AFTER_CONTENT = re.compile(r"/assets/[\w.-]+-[\w-]{8,9}\.(?:js|css|woff2?|ttf|svg|png|wasm)")
KEPT = [(name.encode(), value.encode()) for name, value in FOREVER.items()]


class CacheHeaders:
    """ASGI middleware: a file whose name is its content's digest is asked for once, not again on every visit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not NAMED_AFTER_CONTENT.fullmatch(path):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 206, 304):
                others = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
                message = {**message, "headers": [*others, *KEPT]}
            await send(message)

        await self.app(scope, receive, answer)
