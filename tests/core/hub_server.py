"""A small server on loopback that speaks the hub's protocol for files, and misbehaves where a test tells it to."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c" * 40


class Hub(ThreadingHTTPServer):
    """``files``: served bytes by name. ``faults``: what goes wrong, by name ("*": with every file)."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.faults: dict[str, str] = {}
        self.asked: Counter[tuple[str, str]] = Counter()  # by method and file
        self.tokens: list[str] = []
        self.release = threading.Event()  # lets a stalled answer go on
        self.halfway = threading.Event()  # half of a file was sent
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.release.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Tests are quiet."""

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        _, files, place = self.path.partition("/resolve/")
        if not files:  # the client also asks the hub about itself; only files are served here
            self.say(404, b"")
            return
        _, _, file = place.partition("/")
        times = self.server.asked[self.command, file] = self.server.asked[self.command, file] + 1
        if "Authorization" in self.headers:
            self.server.tokens.append(self.headers["Authorization"])
        fault = self.server.faults.get(file, self.server.faults.get("*", ""))
        if fault == "no answer":
            self.server.release.wait(20)
            return
        if fault.startswith("status "):
            self.say(int(fault.split()[1]), b"")
            return
        if fault == "portal":
            self.say(200, b"<html>Please log in to the hotel's network</html>", {"Content-Type": "text/html"})
            return
        if file not in self.server.files:
            self.say(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
            return
        content = self.server.files[file]
        honest = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": COMMIT}
        if fault == "wrong" or (fault == "wrong once" and times == 1):
            content = content[:-1] + bytes([content[-1] ^ 1])
        start = 0
        if body and "Range" in self.headers and fault != "cut, no ranges":
            start = int(self.headers["Range"].removeprefix("bytes=").split("-")[0])
            honest["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        cut = fault in ("cut, no ranges", "stall") or (fault == "cut once" and times == 1)
        self.say(206 if start else 200, content[start:] if body else content, honest, body, cut)

    def say(
        self, status: int, content: bytes, headers: dict[str, str] | None = None, body: bool = True, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if not body or self.command == "HEAD":
            return
        if cut:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.server.halfway.set()
            if "stall" in self.server.faults.values():
                self.server.release.wait(20)
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(content)
