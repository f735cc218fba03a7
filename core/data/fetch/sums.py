"""``SHA256SUMS`` beside the data sets: what was written, so that a later run, or ``sha256sum -c``, can tell damage."""

from __future__ import annotations

import os
import re
from pathlib import Path

NAME = "SHA256SUMS"
MOST = 10**6  # bytes of it that are read
LINE = re.compile(r"([0-9a-f]{64}) [ *]([\w.-]+(?:/[\w.-]+)*)")


def read_sums(folder: Path) -> dict[str, str]:
    """Path below ``folder`` → SHA-256 in hex; nothing where there is no such file; other lines are left out."""
    path = folder / NAME
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        text = file.read(MOST).decode("utf-8", "replace")
    found = (LINE.fullmatch(line) for line in text.splitlines())
    return {line[2]: line[1] for line in found if line is not None and ".." not in line[2].split("/")}


def write_sums(folder: Path, sums: dict[str, str]) -> None:
    """Replace the file by one that holds ``sums``."""
    half = folder / f"{NAME}.part"
    with half.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{sums[name]}  {name}\n" for name in sorted(sums))
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, folder / NAME)
