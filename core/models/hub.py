"""Files of the hub: fetched into its ordinary cache once, checked, and never waited for without a bound.

The order of things for a model that is not here yet: one quick question for each missing file (is it there, how large,
is this the hub at all), which fails within seconds; then the room on the disk; then the downloads; then the hashes. A
file with a wrong hash is set aside and fetched once more.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import huggingface_hub
from huggingface_hub import errors as hub_errors
from huggingface_hub.file_download import HfFileMetadata, repo_folder_name
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from core.errors import LabError, UnavailableError, WeightsError
from core.models.catalog import ModelSpec
from core.network import FIRST_BYTE, within
from core.progress import Progress, unheard

log = logging.getLogger(__name__)

ANSWER = FIRST_BYTE  # seconds that the hub has to answer a question
RESTARTS = 3  # times that one download may start again from nothing
SPARE = 100 * 10**6  # bytes of disk to leave free
STALE = 3600  # seconds after which a partial file belongs to a process that died


def is_offline() -> bool:
    """Whether the environment says that the hub must not be asked."""
    return huggingface_hub.constants.is_offline_mode()


def cached(spec: ModelSpec) -> Path | None:
    """The folder in the hub's cache that holds every file of ``spec``, or None. Asks nobody."""
    folder = None
    for file, _ in spec.files:
        path = huggingface_hub.try_to_load_from_cache(spec.source, file, revision=spec.revision)
        if not isinstance(path, str):
            return None
        folder = Path(path).parent
    return folder


def check(spec: ModelSpec, offline: bool = False) -> None:
    """Raise UnavailableError where ``spec`` is not in the cache and the hub does not have it, or cannot be reached."""
    missing = _missing(spec)
    if missing and (offline or is_offline()):
        raise UnavailableError("models.offline", name=spec.name)
    if missing:
        _ask(spec, missing[-1])


def fetch(spec: ModelSpec, progress: Progress = unheard, offline: bool = False) -> Path:
    """The folder with the files of ``spec``, all of them here and with the hashes that the catalog knows.

    Raises UnavailableError where the hub cannot be reached or does not give them, and WeightsError for a file whose
    hash is wrong twice.
    """
    folder = cached(spec)
    if folder is None:
        if offline or is_offline():
            raise UnavailableError("models.offline", name=spec.name)
        folder = _download(spec, _questions(spec), progress)
    for file in _wrong(spec, folder):
        log.warning("%s: %s has a wrong hash: set aside", spec.name, file)
        _set_aside(folder / file)
        if offline or is_offline():
            raise WeightsError("models.wrong_hash", name=spec.name, file=file)
        folder = _download(spec, {file: _ask(spec, file)}, progress)
    for file in _wrong(spec, folder):
        _set_aside(folder / file)
        raise WeightsError("models.wrong_hash_twice", name=spec.name, file=file)
    return folder


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong(spec: ModelSpec, folder: Path) -> list[str]:
    return [file for file, digest in spec.hashes.items() if sha256(folder / file) != digest]


def _set_aside(path: Path) -> None:
    """Take a damaged file out of the cache, and keep the latest one for whoever wants to know what happened."""
    blob = path.resolve()
    path.unlink()
    if blob.is_file():
        blob.replace(blob.with_name("set-aside"))


def _missing(spec: ModelSpec) -> list[str]:
    paths = {
        file: huggingface_hub.try_to_load_from_cache(spec.source, file, revision=spec.revision)
        for file, _ in spec.files
    }
    return [file for file, path in paths.items() if not isinstance(path, str)]


def _questions(spec: ModelSpec) -> dict[str, HfFileMetadata]:
    return {file: _ask(spec, file) for file in _missing(spec)}


def _ask(spec: ModelSpec, file: str) -> HfFileMetadata:
    """Size, hash and place of a file, within ANSWER seconds."""
    url = huggingface_hub.hf_hub_url(spec.source, file, revision=spec.revision)
    try:
        found = within(ANSWER, lambda: huggingface_hub.get_hf_file_metadata(url, token=False, timeout=ANSWER))
    except Exception as error:
        raise _explained(spec, error) from error
    if found.commit_hash is None or spec.revision not in (None, found.commit_hash):
        raise UnavailableError("models.not_the_hub", name=spec.name)  # such as a hotel's log-in page
    return found


def _download(spec: ModelSpec, wanted: dict[str, HfFileMetadata], progress: Progress) -> Path:
    total = sum(found.size or 0 for found in wanted.values())
    cache = Path(huggingface_hub.constants.HF_HUB_CACHE)
    _forget_partial(cache / repo_folder_name(repo_id=spec.source, repo_type="model") / "blobs")
    _check_room(spec, cache, total)
    done = 0
    folder = None
    for file, found in wanted.items():
        path = _get(spec, file, _bar(lambda got, done=done: progress((done + got) / max(total, 1))))  # type: ignore[misc]
        done += found.size or 0
        folder = path.parent
    # what was here already stands in the same snapshot
    if folder is None or (folder := cached(spec)) is None:
        raise UnavailableError("models.unreachable", name=spec.name)
    return folder


def _get(spec: ModelSpec, file: str, bar: type[Any]) -> Path:
    try:
        return Path(
            huggingface_hub.hf_hub_download(
                spec.source, file, revision=spec.revision, token=False, etag_timeout=ANSWER, tqdm_class=bar
            )
        )
    except Exception as error:
        raise _explained(spec, error) from error


def _bar(report: Callable[[int], None]) -> type[Any]:
    """A progress bar that draws nothing, reports bytes, and ends a download that begins again and again."""

    class Bar(tqdm):  # type: ignore[misc]
        got = restarts = 0

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **{**named, "disable": True})

        def update(self, n: float | None = 1) -> None:
            """``n`` bytes more; fewer than none where the server has made the client begin again."""
            self.got += int(n or 0)
            self.restarts += n is not None and n < 0
            if self.restarts > RESTARTS:
                raise ConnectionError(f"the download began again {self.restarts} times")
            report(self.got)

    return Bar


def _forget_partial(blobs: Path) -> None:
    """Remove what a process that was killed in the middle left behind."""
    for path in blobs.glob("*.incomplete"):
        if time.time() - path.stat().st_mtime > STALE:
            path.unlink(missing_ok=True)


def _check_room(spec: ModelSpec, cache: Path, need: int) -> None:
    place = next(path for path in (cache, *cache.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free < need + SPARE:
        raise UnavailableError("models.disk_full", name=spec.name, need=f"{(need + SPARE) / 1e6:,.0f}")


def _explained(spec: ModelSpec, error: Exception) -> LabError:
    """What the hub's client raised → the sentence for a person."""
    causes = [error]
    while (cause := causes[-1].__cause__) is not None and isinstance(cause, Exception):
        causes.append(cause)
    if any(isinstance(cause, OSError) and cause.errno == ENOSPC for cause in causes):
        return UnavailableError("models.disk_full", name=spec.name, need=f"{spec.bytes / 1e6:,.0f}")
    for cause in causes:
        if isinstance(cause, hub_errors.GatedRepoError):
            return UnavailableError("models.refused", name=spec.name)
        if isinstance(
            cause,
            hub_errors.RepositoryNotFoundError | hub_errors.RevisionNotFoundError | hub_errors.RemoteEntryNotFoundError,
        ):
            return UnavailableError("models.gone", name=spec.name, source=spec.source)
        if isinstance(cause, hub_errors.FileMetadataError):
            return UnavailableError("models.not_the_hub", name=spec.name)
        if isinstance(cause, hub_errors.HfHubHTTPError) and cause.response is not None:
            return UnavailableError("models.hub_failing", name=spec.name, status=cause.response.status_code)
    return UnavailableError("models.unreachable", name=spec.name)


def keep_quiet() -> None:
    """Stop transformers from asking the hub to convert a ``.bin``; must be set before it loads one."""
    os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
