"""Start: seconds from the command to the first answered page, against a Blocks app with nothing in it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from tests.benchmarks._timing import row
from tools.screenshot import ROOT, free_port, wait_for

EMPTY = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    gr.Markdown("hello")
demo.launch(server_port=int(sys.argv[1]), quiet=True, ssr_mode=False)
"""


def start(command: list[str], port: int) -> float:
    """Seconds until ``command`` answers on ``port``."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    begun = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        return time.perf_counter() - begun
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """Print the ratio of medians."""
    ours, empty = [], []
    for _ in range(6):
        port = free_port()
        ours.append(start([sys.executable, "app.py", "--port", str(port), "--offline"], port))
        port = free_port()
        empty.append(start([sys.executable, "-c", EMPTY, str(port)], port))
    # The first of each reads files from the disk that the others find in memory.
    medians = statistics.median(ours[1:]), statistics.median(empty[1:])
    row("first answered page : an empty Blocks app", *medians, wanted="at most 1.5")
