"""Files out of a tar or a zip, in memory and within limits. Nothing is ever written under a name that an archive gives.

What is not asked for is passed over, whatever it is: a link, a device, a name that leads elsewhere.
"""

from __future__ import annotations

import gzip
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.checks import beginning
from core.errors import DataError

MOST = 200_000  # files that an archive may hold
ONE_READ = 1 << 26  # bytes that are unpacked at one go, at most: a header that claims more is no header
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Wanted:
    """What is taken out of an archive: files of such names, each of ``largest`` bytes at most, ``all`` of them within
    ``together``; of a tar, which must be unpacked to be read, that counts for whatever it holds."""

    names: re.Pattern[str]
    largest: int
    together: int


class _Bounded:
    """A file that is unpacked while it is read, and ends in an error where it would be too much."""

    def __init__(self, file: Any, path: Path, limit: int) -> None:
        self.file, self.path, self.limit = file, path, limit

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= ONE_READ or self.file.tell() + size > self.limit + tarfile.RECORDSIZE:
            raise _too_much(self.path, self.limit)
        found: bytes = self.file.read(size)
        return found

    def seek(self, offset: int) -> int:
        if offset > self.limit:  # before all that lies between is unpacked
            raise _too_much(self.path, self.limit)
        return int(self.file.seek(offset))

    def tell(self) -> int:
        return int(self.file.tell())


def _too_much(path: Path, limit: int) -> DataError:
    return DataError("data.archive_bomb", file=path.name, limit=-(-limit // 10**6))


def _broken(path: Path, error: Exception) -> DataError:
    return DataError("data.archive_broken", file=path.name, why=type(error).__name__)


def _odd(path: Path, name: str) -> DataError:
    return DataError("data.archive_member", file=path.name, member=beginning(name))


def read_tar(path: Path, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each wanted file of a ``.tar.gz``, in its order. Errors: DataError."""
    try:
        with gzip.open(path) as unpacked:
            bounded = _Bounded(unpacked, path, wanted.together)
            with tarfile.open(fileobj=bounded, mode="r:") as archive:  # type: ignore[call-overload]
                yield from _members(archive, path, wanted)
            while bounded.read(tarfile.RECORDSIZE):
                pass  # at the very end gzip checks what it has unpacked
    except DataError:
        raise
    except Exception as error:  # tarfile, gzip and zlib answer damage with more than five kinds of exception
        raise _broken(path, error) from error


def _members(archive: tarfile.TarFile, path: Path, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for count, member in enumerate(archive):
        if count >= MOST:
            raise _too_much(path, wanted.together)
        if not wanted.names.fullmatch(member.name):
            continue
        if not member.isreg() or member.issparse() or member.name in seen:
            raise _odd(path, member.name)
        if member.size > wanted.largest:
            raise _too_much(path, wanted.largest)
        seen.add(member.name)
        yield member.name, _content(archive, member)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None, "a plain file has content"
    with file:
        content = file.read()
    if len(content) != member.size:
        raise EOFError(member.name)
    return content


def read_zip(path: Path, wanted: Wanted, order: Callable[[str], Any]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each wanted file of a zip, sorted by ``order`` of their names. Errors: DataError."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > MOST:
                raise _too_much(path, wanted.together)
            chosen = [info for info in infos if wanted.names.fullmatch(info.orig_filename)]
            if len({info.orig_filename for info in chosen}) < len(chosen):
                raise _odd(path, "a name that stands twice")
            room = wanted.together
            for info in sorted(chosen, key=lambda info: order(info.orig_filename)):
                if stat.S_ISLNK(info.external_attr >> 16) or info.flag_bits & 1 or info.compress_type not in PLAIN:
                    raise _odd(path, info.orig_filename)
                limit = min(wanted.largest, room)
                with archive.open(info) as file:
                    content = file.read(limit + 1)
                if len(content) > limit:
                    raise _too_much(path, limit)
                room -= len(content)
                yield info.orig_filename, content
    except DataError:
        raise
    except Exception as error:  # zipfile and zlib answer damage with more than five kinds of exception
        raise _broken(path, error) from error
