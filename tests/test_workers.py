"""The suite's own rules: what fails alone fails in a worker, and slow tests are few."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers import SLOW, TESTS, absent

FILES = {
    "test_one.py": "def test_right():\n    pass\n\n\ndef test_wrong():\n    assert 1 == 2\n",
    "test_two.py": (
        "import warnings\n\n\n"
        "def test_warned():\n    warnings.warn('old', DeprecationWarning)\n\n\n"
        "def test_alone(worker_id):\n    assert worker_id in ('gw0', 'gw1')\n\n\n"
        "@pytest.mark.long\ndef test_endless():\n    raise AssertionError\n\n\n"
        "@pytest.mark.gpu\ndef test_known():\n    pass\n"
    ),
    "browser/test_page.py": "def test_seen():\n    pass\n\n\n@pytest.fixture\ndef unset():\n    return 1\n",
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite with this one's settings and hooks."""
    shutil.copy(TESTS.parent / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    shutil.copy(TESTS / "workers.py", tmp_path / "tests")
    hooks = "pytest_cmdline_main, pytest_collection_modifyitems"
    (tmp_path / "tests" / "conftest.py").write_text(f"from tests.workers import {hooks}  # noqa: F401\n")
    for name, code in FILES.items():
        (tmp_path / "tests" / name).write_text(f"import pytest\n\n\n{code}")
    return tmp_path


def outcome(suite: Path, *options: str) -> tuple[int, str]:
    """Exit status and last lines of a run of ``suite``."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tb=line", *options]
    ended = subprocess.run(command, cwd=suite, capture_output=True, text=True, timeout=200)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_failure_and_a_warning_fail_in_a_worker(suite: Path) -> None:
    status, said = outcome(suite, "-n", "2")
    assert status == 1, said
    assert "FAILED tests/test_one.py::test_wrong - assert 1 == 2" in said
    assert "FAILED tests/test_two.py::test_warned - DeprecationWarning: old" in said
    assert "2 failed, 4 passed" in said, "long ones are left out"


@pytest.mark.parametrize("alone", [("-n", "0"), ("-p", "no:xdist")])
def test_a_run_without_workers_needs_no_other_settings(suite: Path, alone: tuple[str, str]) -> None:
    status, said = outcome(suite, *alone, "-m", "browser")
    assert (status, "1 passed, 6 deselected" in said) == (0, True), said


def test_tests_that_are_marked_slow_are_few(request: pytest.FixtureRequest) -> None:
    slow = [item.nodeid for item in request.session.items if item.get_closest_marker("slow")]
    assert len(slow) <= SLOW, slow


def test_a_service_that_is_absent_skips_and_on_the_build_machine_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs nginx"):
        absent("nginx")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no nginx"):
        absent("nginx")
