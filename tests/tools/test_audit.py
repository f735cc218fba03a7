"""``python -m tools.audit`` against a service on loopback that answers as OSV does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import audit
from tools.screenshot import free_port

HASH = "0" * 64
FINDING = {
    "id": "GHSA-test-test-test",
    "summary": "reads too much",
    "affected": [
        {
            "package": {"name": "second", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}


class Advisories(ThreadingHTTPServer):
    """``known``: advisories by package. ``asked``: (package, version) in the order of the questions."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.known: dict[str, list[object]] = {}
        self.asked: list[tuple[str, str]] = []
        self.status = 200
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    server: Advisories

    def log_message(self, *arguments: object) -> None:
        """Tests are quiet."""

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = question["package"]["name"]
        self.server.asked.append((name, question["version"]))
        found = self.server.known.get(name)
        body = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service() -> Iterator[Advisories]:
    server = Advisories()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("".join(f"{name}==2.0 \\\n    --hash=sha256:{HASH}\n" for name in ("first", "second")))
    return path


def options(port: int, tmp_path: Path) -> list[str]:
    return ["-s", "osv", "--osv-url", f"http://127.0.0.1:{port}/v1/query", "--cache-dir", str(tmp_path / "cache")]


def test_the_pinned_set_is_asked_for_and_a_clean_answer_passes(
    service: Advisories, lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(options(service.server_address[1], tmp_path), lock) == audit.CLEAN
    assert sorted(service.asked) == [("first", "2.0"), ("second", "2.0")]
    assert capsys.readouterr().out == "audited 2 of 2 packages\n"


def test_a_known_vulnerability_fails_the_audit_and_names_the_version_without_it(
    service: Advisories, lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.known["second"] = [FINDING]
    assert audit.main(options(service.server_address[1], tmp_path), lock) == audit.FOUND
    assert "second 2.0: GHSA-test-test-test, fixed in 2.1\n" in capsys.readouterr().out


@pytest.mark.parametrize("status", [0, 500])
def test_an_audit_without_a_service_within_reach_has_not_passed(
    service: Advisories, lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    service.status = status
    port = service.server_address[1] if status else free_port()
    assert audit.main(options(port, tmp_path), lock) == audit.NOT_AUDITED
    said = capsys.readouterr().out
    assert said.startswith("NOT audited")
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


def test_an_audit_that_no_package_could_be_looked_up_in_has_not_passed() -> None:
    skipped = {"name": "c", "version": "1", "skip_reason": "not found"}
    assert audit.summary({"dependencies": [skipped, skipped]})[0] == audit.NOT_AUDITED
    assert audit.summary({"dependencies": [skipped, {"name": "d", "version": "1", "vulns": []}]})[0] == audit.CLEAN


def test_every_package_of_the_lock_is_asked_for(service: Advisories, tmp_path: Path) -> None:
    pinned = [line for line in audit.LOCK.read_text("utf-8").splitlines() if "==" in line]
    assert audit.main(options(service.server_address[1], tmp_path)) == audit.CLEAN
    asked = {name for name, _ in service.asked}
    here = {line.split("==")[0].lower().replace("_", "-") for line in pinned if ";" not in line}
    assert here <= asked
