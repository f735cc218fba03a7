"""``python -m tools.audit``: known vulnerabilities of exactly the versions in requirements.lock, by pip-audit.

A package that could not be looked up is counted aloud, since pip-audit itself passes over it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"


def summary(report: dict[str, Any]) -> tuple[int, list[str]]:
    """Exit code and lines for pip-audit's JSON report: 1 where a vulnerability is known."""
    packages = report["dependencies"]
    skipped = [package for package in packages if "skip_reason" in package]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'none'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    code = int(bool(lines))
    lines.append(f"audited {len(packages) - len(skipped)} of {len(packages)} packages")
    if skipped:
        lines.append(f"NOT audited: {len(skipped)} packages, for which no service within reach knows vulnerabilities")
    return code, lines


def main() -> int:
    """Run pip-audit and print what it found."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--no-deps", "--disable-pip"]
    ran = subprocess.run([*command, "--progress-spinner", "off", "-f", "json"], capture_output=True, text=True)
    try:
        code, lines = summary(json.loads(ran.stdout))
    except ValueError:
        print(f"NOT audited: pip-audit failed: {ran.stderr.strip().splitlines()[-1:]}")
        return 0
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
