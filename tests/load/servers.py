"""The app as processes of its own, one or several behind nginx, and what they use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.screenshot import free_port

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@dataclass(frozen=True)
class Servers:
    """``url``: where to ask. ``replicas``: the addresses of the app's own processes."""

    url: str
    replicas: tuple[str, ...]

    def gauge(self, name: str) -> float:
        """The sum of a gauge over all replicas."""
        total = 0.0
        for replica in self.replicas:
            for line in httpx.get(f"{replica}/metrics", timeout=30).text.splitlines():
                if line.startswith((f"{name} ", f"{name}{{")):
                    total += float(line.rpartition(" ")[2])
        return total

    def megabytes(self) -> float:
        """Resident memory of all replicas."""
        return self.gauge("process_resident_memory_bytes") / 10**6


def wait_for(url: str, seconds: float = 180) -> None:
    """Return when ``url`` answers; TimeoutError otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer within {seconds:g} s")


@contextmanager
def running(replicas: int = 1, **environment: str) -> Iterator[Servers]:
    """The app in ``replicas`` processes; behind nginx with the project's configuration where they are many."""
    ports = [free_port() for _ in range(replicas)]
    processes = []
    with tempfile.TemporaryDirectory(prefix="lab-load-") as folder:
        try:
            for port in ports:
                command = [sys.executable, "app.py", "--offline", "--port", str(port)]
                with open(Path(folder) / f"{port}.log", "wb") as log:
                    processes.append(
                        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
                    )
            own = tuple(f"http://127.0.0.1:{port}" for port in ports)
            for url in own:
                wait_for(f"{url}/healthz")
            url = own[0]
            if replicas > 1:
                url, proxy = _proxy(Path(folder), ports)
                processes.append(proxy)
            yield Servers(url, own)
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait(60)


def _proxy(folder: Path, ports: list[int]) -> tuple[str, subprocess.Popen[bytes]]:
    if NGINX is None:
        sys.exit("Several replicas need nginx; install it with your system's package manager.")
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8").replace("listen 8080", f"listen 127.0.0.1:{port}")
    for number, replica in enumerate(ports, 1):
        text = text.replace(f"lab-{number}:7860", f"127.0.0.1:{replica}")
    config = folder / "nginx.conf"
    config.write_text(text.replace("/tmp/", f"{folder}/"))
    # A root's nginx would work as nobody, who may not write into this folder.
    rules = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
    process = subprocess.Popen([NGINX, "-e", "stderr", "-g", rules, "-c", str(config)])
    url = f"http://127.0.0.1:{port}"
    wait_for(f"{url}/healthz")
    return url, process
