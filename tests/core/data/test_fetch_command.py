"""The command: what it leaves in the folder, said in sentences, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from core.data import decoding
from core.data.datasets import load_texts
from core.data.fetch import command, download
from core.data.fetch.command import main
from core.data.fetch.download import Remote, digest
from core.data.fetch.sets import SETS
from core.data.fetch.sums import read_sums
from core.data.fetch.writers import write_cifar10, write_imdb, write_scenes
from tests.core.data.fetch_server import FileServer, cifar10_files, imdb_files, scene_files, tar, zipped

ROOT = Path(__file__).resolve().parents[3]
ARCHIVES = {
    "cifar10": (tar(cifar10_files()[0]), partial(write_cifar10, batch=20)),
    "imdb": (tar(imdb_files()), partial(write_imdb, each=3)),
    "scenes": (zipped(scene_files().items()), partial(write_scenes, scenes=3)),
}
Serve = Callable[..., FileServer]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serves a small archive in the place of the authors' one."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0))
    servers: list[FileServer] = []

    def start(name: str, *faults: str, content: bytes | None = None) -> FileServer:
        archive, write = ARCHIVES[name]
        servers.append(FileServer(archive if content is None else content, *faults))
        made = replace(SETS[name], remote=servers[-1].remote(archive), output=10**6, write=write)
        monkeypatch.setitem(SETS, name, made)
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", SETS)
def test_a_data_set_lies_in_the_folder_with_its_sums(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    serve(name)
    to = tmp_path / "a stick" / "data"
    assert main(["fetch", name, "--to", str(to)]) == 0
    assert files(to) == {*SETS[name].files, "SHA256SUMS"}
    assert read_sums(to) == {file: digest(to / file) for file in SETS[name].files}
    assert not (to / "downloads").exists()
    said = capsys.readouterr().out
    assert SETS[name].terms in said
    assert f"--data {to}" in said
    if name == "imdb" and sys.platform == "linux":
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=to, check=True, capture_output=True)


def test_several_data_sets_share_a_folder_and_its_sums(serve: Serve, tmp_path: Path) -> None:
    for name in ARCHIVES:
        serve(name)
    assert main(["fetch", *ARCHIVES, "--to", str(tmp_path)]) == 0
    everything = {file for made in SETS.values() for file in made.files}
    assert files(tmp_path) == {*everything, "SHA256SUMS"}
    assert set(read_sums(tmp_path)) == everything


def test_what_is_here_is_checked_and_not_fetched_again(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve("imdb")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    assert len(server.asked) == 1
    assert "every file as SHA256SUMS says" in capsys.readouterr().out


def test_damage_of_the_stick_is_seen_and_mended(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve("imdb")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    before = read_sums(tmp_path)
    damaged = tmp_path / "imdb" / "test.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"!")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    assert "imdb/test.parquet is not as it was written" in capsys.readouterr().out
    assert len(server.asked) == 2
    assert read_sums(tmp_path) == before == {file: digest(tmp_path / file) for file in before}


@pytest.mark.parametrize("sums", ["", "0" * 64 + "  ../imdb/test.parquet\n", "\0" * 100, "nonsense\n" * 1000])
def test_a_file_that_the_command_did_not_write_is_never_replaced(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], sums: str
) -> None:
    server = serve("imdb")
    (tmp_path / "imdb").mkdir()
    (tmp_path / "imdb" / "test.parquet").write_bytes(b"my own")
    (tmp_path / "SHA256SUMS").write_text(sums, "utf-8")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    assert "imdb/test.parquet that this command did not write" in capsys.readouterr().err
    assert (tmp_path / "imdb" / "test.parquet").read_bytes() == b"my own"
    assert server.asked == []


@pytest.mark.parametrize(
    ("faults", "content", "sentence"),
    [
        (["status 404"], None, "does not give the file (404)"),
        (["portal"], None, "login page"),
        (["silence"] * 5, None, "does not answer now"),
        ([], ARCHIVES["imdb"][0][:-1] + b"!", "it was thrown away"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_nothing_half_written_is_left(
    serve: Serve,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    faults: list[str],
    content: bytes | None,
    sentence: str,
) -> None:
    serve("imdb", *faults, content=content)
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert files(tmp_path) <= {"downloads/file.bin.part"}
    serve("imdb")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0


def test_an_archive_with_another_content_leaves_nothing_under_a_final_name(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("imdb")
    monkeypatch.setitem(SETS, "imdb", replace(SETS["imdb"], write=partial(write_imdb, each=4)))
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    assert "does not hold what it should (train/neg: 3)" in capsys.readouterr().err
    assert files(tmp_path) == {"downloads/file.bin"}


def test_a_disk_without_room_is_said_before_anything_is_asked(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("imdb")
    usage = decoding.shutil.disk_usage(tmp_path)._replace(free=10**6)
    monkeypatch.setattr(decoding.shutil, "disk_usage", lambda _: usage)
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    assert "1 MB free, but 22 MB are needed" in capsys.readouterr().err
    assert (server.asked, files(tmp_path)) == ([], set())


def test_a_disk_that_fills_on_the_way_is_said_and_the_download_stays(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(archive: Path, folder: Path, told: object) -> None:
        (folder / "imdb").mkdir()
        (folder / "imdb" / "train.parquet").write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    server = serve("imdb")
    made = SETS["imdb"]
    monkeypatch.setitem(SETS, "imdb", replace(made, write=full))
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    assert "is full" in capsys.readouterr().err
    assert files(tmp_path) == {"downloads/file.bin"}
    monkeypatch.setitem(SETS, "imdb", made)
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    assert len(server.asked) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_part_that_cannot_be_written_because_the_disk_is_full_is_a_sentence(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve("imdb")
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "file.bin.part").symlink_to("/dev/full")
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 1
    assert "is full" in capsys.readouterr().err


def test_a_folder_that_is_a_file_is_a_sentence(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve("imdb")
    (tmp_path / "file").write_text("x", "utf-8")
    assert main(["fetch", "imdb", "--to", str(tmp_path / "file")]) == 1
    assert "cannot be written or read" in capsys.readouterr().err


def test_killed_between_the_sums_and_the_files_the_next_run_does_it_again(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("imdb")
    plain, moved = os.replace, []

    def replaced(source: Path, target: Path) -> None:
        if "imdb" in str(target):
            if moved:
                raise KeyboardInterrupt
            moved.append(target)
        plain(source, target)

    monkeypatch.setattr(command.os, "replace", replaced)
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == command.STOPPED
    monkeypatch.setattr(command.os, "replace", plain)
    assert files(tmp_path) == {"downloads/file.bin", "SHA256SUMS", "imdb/train.parquet"}
    assert main(["fetch", "imdb", "--to", str(tmp_path)]) == 0
    assert len(server.asked) == 1
    assert files(tmp_path) == {*SETS["imdb"].files, "SHA256SUMS"}


@pytest.mark.skipif(os.name != "posix", reason="needs SIGINT")
def test_ctrl_c_leaves_the_part_and_the_same_command_goes_on(serve: Serve, tmp_path: Path) -> None:
    server = serve("imdb", "stall")
    remote: Remote = SETS["imdb"].remote
    code = f"""
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background ignores it
from dataclasses import replace
from functools import partial
from core.data.fetch import command
from core.data.fetch.download import Remote
from core.data.fetch.writers import write_imdb
made = command.SETS["imdb"]
command.SETS["imdb"] = replace(made, remote={remote!r}, output=10**6, write=partial(write_imdb, each=3))
sys.exit(command.main(sys.argv[1:]))
"""
    started = [sys.executable, "-c", code, "fetch", "imdb", "--to", str(tmp_path)]
    process = subprocess.Popen(started, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    part = tmp_path / "downloads" / "file.bin.part"
    assert server.halfway.wait(120)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == command.STOPPED, said
    assert "Stopped. The same command goes on" in said
    assert "Traceback" not in said
    assert files(tmp_path) == {"downloads/file.bin.part"}
    had = part.stat().st_size
    again = subprocess.run(started, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0, again.stderr
    assert server.asked == [None, f"bytes={had}-" if had else None]
    assert len(load_texts("imdb", "test", tmp_path, tmp_path / "work").texts) == 6


@pytest.mark.parametrize(
    "arguments", [[], ["fetch"], ["fetch", "mnist", "--to", "x"], ["fetch", "imdb"], ["get", "imdb"]]
)
def test_a_command_that_says_too_little_is_refused_with_its_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert "usage: python -m core.data" in capsys.readouterr().err


def test_the_command_can_be_called_as_the_readme_says() -> None:
    asked = [sys.executable, "-m", "core.data", "--help"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (found.returncode, "cifar10, imdb, scenes" in found.stdout) == (0, True)
    assert "python -m core.data fetch cifar10 imdb scenes --to" in (ROOT / "README.md").read_text("utf-8")
