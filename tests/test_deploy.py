"""The files that put the app on a server: linted where a linter is at hand, and nginx run before two small servers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from packaging.requirements import Requirement

from server import limits
from server.monitoring import REFUSED, ROUTE_ERRORS
from tests.workers import absent
from tools.audit import summary
from tools.licences import UNKNOWN, canonical, packages, required
from tools.screenshot import free_port

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PIN = re.compile(r"^([\w.-]+)==([\w.+!]+)(?: ; .*)? \\$")


@pytest.fixture(scope="module")
def lock() -> list[tuple[str, list[str]]]:
    """Each pin with its lines of hashes."""
    found: list[tuple[str, list[str]]] = []
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if PIN.match(line):
            found.append((line, []))
        elif line.startswith("    --hash="):
            found[-1][1].append(line.strip(" \\"))
        else:
            assert line.startswith("#"), line
    return found


def test_every_pin_of_the_lock_has_hashes(lock: list[tuple[str, list[str]]]) -> None:
    assert len(lock) > 100
    assert [pin for pin, hashes in lock if not hashes] == []
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for _, hashes in lock for line in hashes)


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_the_lock_pins_every_dependency_within_its_range(
    requirement: Requirement, lock: list[tuple[str, list[str]]]
) -> None:
    found = [PIN.match(pin) for pin, _ in lock]
    pins = [pin for pin in found if pin is not None and canonical(pin[1]) == canonical(requirement.name)]
    assert pins
    assert all(requirement.specifier.contains(pin[2]) for pin in pins)


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_every_package_that_is_needed_has_a_known_licence() -> None:
    rows = packages()
    assert {canonical(r.name) for r in required()} <= {canonical(row.name) for row in rows}
    assert [row.name for row in rows if row.licence == UNKNOWN] == []
    assert [row for row in rows if re.search(r"\bA?GPL", row.licence) and "LGPL" not in row.licence] == []


def test_an_audit_fails_for_a_vulnerability_and_says_what_it_could_not_look_up() -> None:
    bad = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
    good = {"name": "b", "version": "1", "vulns": []}
    skipped = {"name": "c", "version": "1", "skip_reason": "not found"}
    assert summary({"dependencies": [good]}) == (0, ["audited 1 of 1 packages"])
    code, lines = summary({"dependencies": [bad, good, skipped]})
    assert code == 1
    assert lines[0] == "a 1: CVE-1, fixed in 2"
    assert lines[1] == "audited 2 of 3 packages"
    assert lines[2].startswith("NOT audited: 1 ")


def test_the_image_runs_as_nobody_special_and_knows_when_it_is_healthy() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    last = max(i for i, line in enumerate(lines) if line.startswith("FROM"))
    final = lines[last:]
    assert "USER lab" in final
    assert final.index("USER lab") < next(i for i, line in enumerate(final) if line.startswith("CMD"))
    assert any(line.startswith("HEALTHCHECK") for line in final)
    assert any("/healthz" in line for line in final)


def test_the_image_copies_only_what_is_there_and_what_the_build_may_see() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY") and "--from" not in line:
            for name in line.split()[1:-1]:
                if name != "wheels*":
                    assert (ROOT / name).exists(), name
                assert name.rstrip("*") in allowed


def test_the_compose_file_has_two_replicas_that_share_models_and_nothing_more() -> None:
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    replicas = {name: service for name, service in content["services"].items() if name.startswith("lab-")}
    assert len(replicas) == 2
    for service in replicas.values():
        assert service["volumes"] == ["models:/models"]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
        assert int(service["stop_grace_period"].rstrip("s")) > limits.DRAIN_SECONDS
    upstream = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert all(f"server {name}:7860" in upstream for name in replicas)


def test_the_proxy_lets_through_what_the_app_itself_takes() -> None:
    found = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert found is not None
    assert int(found[1]) * 1024**2 > limits.UPLOAD_BYTES


def test_the_guide_names_every_counter(app_url: str, client: Any) -> None:
    client.predict("the cat sat", layer=1, api_name="/attend")
    REFUSED.labels(reason="app.not_json").inc()
    ROUTE_ERRORS.inc()
    names = set(re.findall(r"^# TYPE (\w+)", httpx.get(f"{app_url}/metrics").text, re.MULTILINE))
    guide = (DEPLOY / "README.md").read_text("utf-8")
    assert len(names) >= 12
    assert {name for name in names if f"`{name}" not in guide} == set()


class Echo(BaseHTTPRequestHandler):
    """Answers with its server's name and what it was told."""

    def do_GET(self) -> None:
        body = json.dumps({"replica": self.server.server_port, "headers": dict(self.headers)}).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[ThreadingHTTPServer]]]:
    """nginx with the project's configuration before two servers."""
    if NGINX is None:
        absent("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Echo) for _ in range(2)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text("utf-8").replace("listen 8080", f"listen 127.0.0.1:{port}")
    for number, server in enumerate(servers, 1):
        text = text.replace(f"lab-{number}:7860", f"127.0.0.1:{server.server_port}")
    text = text.replace("/tmp/", f"{folder}/").replace("worker_processes auto", "worker_processes 1")
    config = folder / "nginx.conf"
    config.write_text(text)
    checked = subprocess.run([NGINX, "-t", "-e", "stderr", "-c", str(config)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(
        [NGINX, "-e", "stderr", "-g", "daemon off;", "-c", str(config)], stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield url, servers
    process.terminate()
    process.wait(10)
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_a_page_stays_with_its_replica_and_pages_are_shared_out(proxy: tuple[str, list[ThreadingHTTPServer]]) -> None:
    seen = set()
    for _ in range(24):
        with httpx.Client(base_url=proxy[0]) as browser:
            first = browser.get("/").json()["replica"]
            later = {browser.get(f"/gradio_api/queue/data?n={n}").json()["replica"] for n in range(3)}
            assert later == {first}
            seen.add(first)
    assert len(seen) == 2  # all 24 on one side happen once in 8 million runs


@pytest.mark.slow
def test_a_program_without_cookies_stays_with_one_replica(proxy: tuple[str, list[ThreadingHTTPServer]]) -> None:
    paths = ["/config", "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/upload"]
    assert len({httpx.get(proxy[0] + path).json()["replica"] for path in paths * 3}) == 1


@pytest.mark.slow
def test_the_proxy_shuts_metrics_and_cuts_what_is_no_key(proxy: tuple[str, list[ThreadingHTTPServer]]) -> None:
    assert httpx.get(f"{proxy[0]}/metrics").status_code == 403
    for cookie in ("x" * 40, "../..", "g"):
        answer = httpx.get(f"{proxy[0]}/", headers={"cookie": f"lab_replica={cookie}"})
        assert answer.status_code == 200
        assert "lab_replica=" in answer.headers["set-cookie"]


@pytest.mark.slow
def test_the_app_is_told_by_which_name_it_was_asked(proxy: tuple[str, list[ThreadingHTTPServer]]) -> None:
    headers = httpx.get(f"{proxy[0]}/", headers={"x-forwarded-proto": "https"}).json()["headers"]
    assert headers["Host"] == proxy[0].removeprefix("http://")
    assert headers["X-Forwarded-Proto"] == "https"
