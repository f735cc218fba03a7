"""``python -m tools.licences``: every package that the app needs, with its version and its licence, as a table."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = "unknown"
# Packages whose metadata only point to a licence, and which one it is.
READ_BY_HAND = {
    "cuda-toolkit": "LicenseRef-NVIDIA-Proprietary",  # says nothing; it only names libraries
    "xstatic-jquery": "MIT",  # "(same as jQuery)"
}


class Package(NamedTuple):
    """An installed package."""

    name: str
    version: str
    licence: str


def required(path: Path = ROOT / "requirements.txt") -> list[Requirement]:
    """The project's direct dependencies."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def canonical(name: str) -> str:
    """One spelling a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: list[Requirement]) -> Iterator[Distribution]:
    """What these need, and what that needs, as it is installed here; what this platform does not need is left out."""
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    found: set[str] = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonical(requirement.name)
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            yield package
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(line), wanted) for line in package.requires or ()]


def licence_of(package: Distribution) -> str:
    """The SPDX expression, the licence field where it is short, or the classifiers; ``UNKNOWN`` for none of them."""
    metadata = package.metadata
    by_hand = READ_BY_HAND.get(canonical(metadata["Name"]))
    if by_hand:
        return by_hand
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        value.rpartition(" :: ")[2]
        for value in metadata.get_all("Classifier") or ()
        if value.startswith("License ::") and not value.endswith("OSI Approved")
    ]
    if classifiers:
        return ", ".join(sorted(set(classifiers)))
    return (metadata.get("License") or "").strip().partition("\n")[0] or UNKNOWN


def packages() -> list[Package]:
    """All of them, by name."""
    found = [Package(p.metadata["Name"], p.version, licence_of(p)) for p in closure(required())]
    return sorted(found, key=lambda package: canonical(package.name))


def main() -> int:
    """Print the table; 1 where a licence is not known."""
    print("| package | version | licence |\n| --- | --- | --- |")
    rows = packages()
    for row in rows:
        print(f"| {row.name} | {row.version} | {row.licence} |")
    return int(any(row.licence == UNKNOWN for row in rows))


if __name__ == "__main__":
    sys.exit(main())
