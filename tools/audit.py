"""``python -m tools.audit``: known vulnerabilities of exactly the versions in requirements.lock, by pip-audit.

Further options go to pip-audit: ``-s osv`` asks another service. A package that could not be looked up is counted
aloud, since pip-audit itself passes over it, and an audit in which nothing could be looked up has not passed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
CLEAN, FOUND, NOT_AUDITED = 0, 1, 2


def summary(report: dict[str, Any]) -> tuple[int, list[str]]:
    """Exit code and lines for pip-audit's JSON report: 1 where a vulnerability is known, 2 where nothing was asked."""
    packages = report["dependencies"]
    skipped = [package for package in packages if "skip_reason" in package]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'none'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    code = FOUND if lines else NOT_AUDITED if len(skipped) == len(packages) else CLEAN
    lines.append(f"audited {len(packages) - len(skipped)} of {len(packages)} packages")
    if skipped:
        lines.append(f"NOT audited: {len(skipped)} packages, for which no service within reach knows vulnerabilities")
    return code, lines


def main(arguments: Sequence[str] = (), lock: Path = LOCK) -> int:
    """Run pip-audit over ``lock`` and print what it found. ``arguments``: further ones for pip-audit."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--no-deps", "--disable-pip"]
    command += ["--progress-spinner", "off", "-f", "json", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True)
    try:
        code, lines = summary(json.loads(ran.stdout))
    except ValueError:
        said = ran.stderr.strip().splitlines()
        print(f"NOT audited: pip-audit failed: {said[-1] if said else f'exit code {ran.returncode}'}")
        return NOT_AUDITED
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
