"""A file over HTTP into a part file, with which the next attempt, or the next run, goes on.

Only what has the SHA-256 that is known beforehand gets the file's name. Nothing of an answer is believed: neither its
length, nor the range that it says it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from core.errors import DataError

BLOCK = 1 << 18  # bytes read at once
SILENCE = 30.0  # seconds without a byte, after which a connection counts as cut
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each further attempt, of those that brought nothing
PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers that may be others in a moment
WEB = ("https://", "http://")

Told = Callable[[int], None]  # how many are done: bytes, or rows


class CutError(Exception):
    """An attempt ended early; another may go on from there."""


@dataclass(frozen=True)
class Remote:
    """A file of the web, known to the byte: ``size`` in bytes, ``sha256`` in hex."""

    address: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(remote: Remote, folder: Path) -> int:
    """How many bytes of a file are not in ``folder`` yet."""
    return max(0, remote.size - max(_length(folder / remote.name), _length(_part(remote, folder))))


def download(remote: Remote, folder: Path, told: Told) -> Path:
    """The file in ``folder``, whole and with its SHA-256; what an earlier run left is used.

    Raises DataError where nobody answers, where the answer is another file, and where its SHA-256 is wrong. An OSError
    of the disk is the caller's to say.
    """
    path, part = folder / remote.name, _part(remote, folder)
    if path.is_file():
        if digest(path) == remote.sha256:
            return path
        path.unlink()
    if _length(part) > remote.size:
        part.unlink()
    whole = _length(part) == 0  # no byte of it is from an earlier run, which may have met another file
    while True:
        _fill(remote, part, told)
        found = digest(part)
        if found == remote.sha256:
            os.replace(part, path)
            return path
        part.unlink()
        if whole:
            raise DataError("data.fetch_hash", where=remote.address, expected=remote.sha256, found=found)
        whole = True


def _part(remote: Remote, folder: Path) -> Path:
    return folder / f"{remote.name}.part"


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _fill(remote: Remote, part: Path, told: Told) -> None:
    """Attempt after attempt, until all bytes are there; those that bring nothing are counted."""
    vain = 0
    part.touch()
    while (had := _length(part)) < remote.size:
        try:
            _attempt(remote, part, had, told)
            why = "cut"
        except CutError as error:
            why = str(error)
        if _length(part) >= remote.size:
            return
        vain = 0 if _length(part) > had else vain + 1
        if vain > len(PAUSES):
            raise DataError("data.fetch_no_answer", where=remote.address, why=why)
        time.sleep(PAUSES[max(vain - 1, 0)])


def _attempt(remote: Remote, part: Path, had: int, told: Told) -> None:
    """Append to ``part`` what one answer brings. A server that knows no ranges begins anew: what is here is passed."""
    with _opened(remote, had) as answer, part.open("ab") as file:
        place = had if answer.status == 206 else 0
        for block in _blocks(answer):
            new = block[max(0, had - place) :]
            place += len(block)
            if place > remote.size:
                raise DataError("data.fetch_other", where=remote.address, found=f"> {remote.size}", size=remote.size)
            if new:
                file.write(new)
                told(place)
        file.flush()
        os.fsync(file.fileno())


def _opened(remote: Remote, had: int) -> Any:
    """The answer, whose head names the file that was asked for. CutError where another attempt makes sense."""
    headers = {"User-Agent": "attention-lab", "Accept-Encoding": "identity"}
    if had:
        headers["Range"] = f"bytes={had}-"
    if not remote.address.startswith(WEB):
        raise ValueError(f"expected an address of the web, got {remote.address!r}")
    try:
        answer = urlopen(Request(remote.address, headers=headers), timeout=SILENCE)  # nosec B310: the web alone
    except HTTPError as error:
        error.close()
        if error.code in PASSING:
            raise CutError(f"HTTP {error.code}") from None
        raise DataError("data.fetch_refused", where=remote.address, status=error.code) from None
    except (OSError, HTTPException, ValueError) as error:
        raise CutError(_reason(error)) from None
    try:
        _check(answer, remote, had)
    except Exception:
        answer.close()
        raise
    return answer


def _check(answer: Any, remote: Remote, had: int) -> None:
    if not answer.url.startswith(WEB):  # a redirection may lead to FTP
        raise DataError("data.fetch_refused", where=remote.address, status=answer.url[:6])
    if answer.status == 206:
        found = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", answer.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != had:
            raise CutError("another range than was asked for")
        length = found[2]
    elif answer.status == 200:
        length = answer.headers.get("Content-Length", "*")
    else:
        raise CutError(f"HTTP {answer.status}")
    if length != "*" and length != str(remote.size):
        raise DataError("data.fetch_other", where=remote.address, found=length[:15], size=remote.size)


def _blocks(answer: Any) -> Iterator[bytes]:
    """The bytes of an answer as they come; a connection that breaks ends them with a CutError."""
    while True:
        try:
            block = answer.read1(BLOCK)
        except (OSError, HTTPException, ValueError) as error:
            raise CutError(_reason(error)) from None
        if not block:
            return
        yield block


def _reason(error: Exception) -> str:
    """What stopped an attempt: the kind of error, and what it says, in short."""
    inner = getattr(error, "reason", error)
    return f"{type(inner).__name__}: {inner}"[:120]
