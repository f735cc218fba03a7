"""``python -m core.data fetch``: a data set from its authors' server into a folder that ``LAB_DATA`` may name.

What is under way lies in ``downloads/`` of that folder, which is on the same disk: files get their places by being
renamed, when all of them are written and in ``SHA256SUMS``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from errno import EDQUOT, ENOSPC
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from core.data.decoding import require_room
from core.data.fetch.download import digest, download, missing
from core.data.fetch.sets import SETS, Fetchable
from core.data.fetch.sums import NAME, read_sums, write_sums
from core.errors import DataError, LabError

DOWNLOADS = "downloads"
SPARE = 20 * 10**6  # bytes of the disk to leave free
STOPPED = 130  # what a program that Ctrl-C ended answers

Say = Callable[[str], None]


def prepare(made: Fetchable, to: Path, say: Say) -> None:
    """Leave the files of a data set under ``to``, whole and checked; where they are, check them and do nothing else.

    Errors: DataError; OSError of the disk. A file of the same name that this did not write is never replaced.
    """
    if _here(made, to, say):
        return
    work = to / DOWNLOADS
    half = work / "half"
    shutil.rmtree(half, ignore_errors=True)
    left = missing(made.remote, work)
    require_room(to, left + made.output + SPARE)
    half.mkdir(parents=True)
    say(f"{made.title}, {made.remote.address}, {made.remote.size / 10**6:,.0f} MB. Terms: {made.terms}.")
    try:
        with tqdm(
            total=made.remote.size, initial=made.remote.size - left, unit="B", unit_scale=True, disable=None
        ) as bar:
            archive = download(made.remote, work, lambda count: _move(bar, count))
        say(f"{archive.name}: SHA-256 {made.remote.sha256}, as known")
        with tqdm(total=made.rows, unit=" rows", disable=None) as bar:
            made.write(archive, half, lambda count: _move(bar, count))
        _put(made, half, to)
        archive.unlink()
    finally:
        shutil.rmtree(half, ignore_errors=True)
    if not any(work.iterdir()):
        work.rmdir()
    for name in made.files:
        say(f"{name}: {(to / name).stat().st_size / 10**6:,.1f} MB")


def _here(made: Fetchable, to: Path, say: Say) -> bool:
    """Whether all files are here as they were written. DataError for one that this did not write."""
    known = read_sums(to)
    present = [name for name in made.files if (to / name).exists()]
    for name in present:
        if name not in known:
            raise DataError("data.fetch_foreign", file=name, folder=to)
    damaged = [name for name in present if digest(to / name) != known[name]]
    for name in damaged:
        say(f"{name} is not as it was written ({NAME}): it is fetched anew")
    if damaged or len(present) < len(made.files):
        return False
    say(f"{made.title} is in {to}, every file as {NAME} says")
    return True


def _put(made: Fetchable, half: Path, to: Path) -> None:
    """Give what was written its places. Killed on the way, the next run finds a file missing, and does it again."""
    found = {}
    for name in made.files:
        with (half / name).open("r+b") as file:
            os.fsync(file.fileno())  # a stick may be drawn out as soon as this ends
        found[name] = digest(half / name)
    write_sums(to, read_sums(to) | found)
    for name in made.files:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(half / name, to / name)


def _move(bar: tqdm, count: int) -> None:
    bar.update(count - bar.n)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m core.data", description=__doc__)
    made.add_argument("what", choices=["fetch"], help="the one thing that this does")
    made.add_argument("names", nargs="+", choices=list(SETS), metavar="NAME", help=", ".join(SETS))
    made.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the data sets are to lie")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where it worked, 1 with one plain sentence where it did not, 130 after Ctrl-C."""
    given = parser().parse_args(arguments)
    to: Path = given.to
    try:
        for name in given.names:
            prepare(SETS[name], to, print)
    except KeyboardInterrupt:
        print(f"Stopped. The same command goes on from what is in {to / DOWNLOADS}.", file=sys.stderr)
        return STOPPED
    except LabError as error:
        print(error.sentence(), file=sys.stderr)
        return 1
    except OSError as error:
        full = error.errno in (ENOSPC, EDQUOT)
        why = error.strerror or type(error).__name__
        said = DataError("data.fetch_full" if full else "data.fetch_disk", folder=to, why=why)
        print(said.sentence(), file=sys.stderr)
        return 1
    print(f"Start the app with --data {to}, or lay the folder beside app.py and call it data.")
    return 0
