"""The folder of uploads: this process's own, bounded, swept, and emptied when the process ends."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import BusyError
from server import limits

VARIABLE = "GRADIO_TEMP_DIR"
PREFIX = "attention-lab-"


@cache
def own_folder() -> Path:
    """Where this process keeps uploads; gradio is told by its variable, before its first component is made.

    A folder of the process's own, readable by nobody else, is removed at its end; those that killed processes left
    behind are removed here. A folder that ``GRADIO_TEMP_DIR`` names is used as it is.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named)
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    remove_left_behind(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    os.environ[VARIABLE] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_left_behind(root: Path) -> list[Path]:
    """Remove folders of uploads whose process is gone; which they were."""
    removed: list[Path] = []
    if os.name != "posix":
        return removed  # elsewhere there is no harmless way to ask whether a process runs
    for folder in root.glob(f"{PREFIX}*-*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if number.isascii() and number.isdigit() and folder.stat().st_uid == os.getuid() and not _runs(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _runs(process: int) -> bool:
    if process == os.getpid():
        return False  # a container's next start has its last one's number, and our own folder is not made yet
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


@dataclass(frozen=True)
class File:
    """One upload on the disk: path, bytes, and when it came, in seconds of ``time.time()``."""

    path: Path
    size: int
    came: float


class UploadStore:
    """The uploads in ``folder``, at most ``most_bytes`` and ``most_files`` of them, for ``keep`` seconds each.

    ``exempt()``: files that the page itself needs, and that stay. Uploads younger than ``young`` seconds make no room.
    """

    def __init__(
        self,
        folder: Path,
        most_bytes: int = limits.STORE_BYTES,
        most_files: int = limits.STORE_FILES,
        keep: float = limits.KEEP_SECONDS,
        young: float = limits.YOUNG_SECONDS,
        exempt: Callable[[], set[Path]] = set,
    ) -> None:
        self.folder, self.exempt = folder, exempt
        self.most_bytes, self.most_files, self.keep, self.young = most_bytes, most_files, keep, young
        self._lock = threading.Lock()
        self._sessions: dict[str, set[Path]] = {}

    def files(self) -> list[File]:
        """What lies in the folder now, the oldest first."""
        found, exempt = [], self.exempt()
        for path in self.folder.rglob("*"):
            try:
                status = path.lstat()
            except OSError:
                continue  # gone in the meantime
            if not path.is_dir() and path not in exempt:
                found.append(File(path, status.st_size, status.st_ctime))
        return sorted(found, key=lambda file: file.came)

    def make_room(self, size: int) -> None:
        """Delete what is too old, and then the oldest until ``size`` bytes fit. BusyError where they cannot."""
        with self._lock:
            now = time.time()
            files = self.files()
            total, count = sum(file.size for file in files), len(files)
            for file in files:
                age = now - file.came
                full = total + size > self.most_bytes or count + 1 > self.most_files
                if age > self.keep or (full and age > self.young):
                    self._delete(file.path)
                    total, count = total - file.size, count - 1
            if total + size > self.most_bytes or count + 1 > self.most_files:
                raise BusyError("app.store_full")

    def put(self, session: str, name: str, content: bytes) -> Path:
        """A file that is made for a page. It counts among the page's uploads and goes with them; BusyError for no room.

        Equal files lie once, under their SHA-256, so that nobody finds one who has not its content.
        """
        path = self.folder / hashlib.sha256(content).hexdigest() / name
        try:
            os.utime(path)  # as if it came now
        except OSError:
            self.make_room(len(content))
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f"{secrets.token_hex(8)}.part")
            half.write_bytes(content)
            half.replace(path)  # whole, whoever reads it meanwhile
        self.note(session, [path])
        return path

    def note(self, session: str, paths: Iterable[Path]) -> None:
        """Remember that a page works with these files."""
        with self._lock:
            mine = self._sessions.setdefault(session, set())
            mine.update(paths)
            if not mine:
                del self._sessions[session]

    def forget(self, session: str) -> int:
        """Delete a page's files, but those that another page uploaded just the same; how many were deleted."""
        with self._lock:
            mine = self._sessions.pop(session, set())
            others = set().union(*self._sessions.values()) if self._sessions else set()
            deleted = [path for path in mine - others if path.is_file()]
            for path in deleted:
                self._delete(path)
            return len(deleted)

    def drop(self, session: str, path: Path) -> None:
        """Delete one file of a page, unless another page uploaded just the same."""
        real = path.resolve()  # as the guard notes it
        with self._lock:
            mine = self._sessions.get(session, set())
            mine.discard(real)
            if not mine:
                self._sessions.pop(session, None)
            others = any(real in paths for paths in self._sessions.values())
            if not others and real not in self.exempt() and real.is_relative_to(self.folder.resolve()):
                self._delete(real)

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent != self.folder:
            with contextlib.suppress(OSError):  # not empty, or gone already
                path.parent.rmdir()
        for session, paths in list(self._sessions.items()):
            paths.discard(path)
            if not paths:
                del self._sessions[session]
