"""The viewers' own tests, which node runs; it is not needed for anything else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.test.mjs")), ids=lambda path: path.name)
def test_what_is_pure_in_the_viewers(path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        assert os.environ.get("CI") != "true", "node is missing, and a check that does not run is no check"
        pytest.skip("needs node")
    done = subprocess.run([node, "--test", str(path)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
