"""A server on loopback that does not answer, or takes its time."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Silent:
    """A server that takes connections and never says a word, or says it after ``wait`` seconds."""

    def __init__(self, wait: float = 60.0) -> None:
        self.asked = 0
        silent = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments: object) -> None:
                """Tests are quiet."""

            def do_GET(self) -> None:
                self.do_HEAD()

            def do_HEAD(self) -> None:
                silent.asked += 1
                if not silent.release.wait(wait):
                    self.send_response(404)
                    self.end_headers()

        self.release = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
