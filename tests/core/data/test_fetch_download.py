"""Downloads from a server of this machine that cuts, lies and stalls: the file is whole in the end, or is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.fetch import download as module
from core.data.fetch.download import Remote, download, missing
from core.errors import DataError
from tests.core.data.fetch_server import KNOWN, FileServer

Serve = Callable[..., FileServer]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts servers of ``KNOWN``; between two attempts nobody waits."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0, 0.0))
    servers: list[FileServer] = []

    def start(*faults: str, content: bytes = KNOWN) -> FileServer:
        servers.append(FileServer(content, *faults))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def unheard(count: int) -> None:
    """Nobody listens."""


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_and_says_how_far_it_is(serve: Serve, tmp_path: Path) -> None:
    server, heard = serve(), list[int]()
    path = download(server.remote(), tmp_path, heard.append)
    assert path.read_bytes() == KNOWN
    assert heard == sorted(heard)
    assert heard[-1] == len(KNOWN)
    assert left(tmp_path) == ["file.bin"]


def test_a_cut_download_goes_on_where_it_was_cut(serve: Serve, tmp_path: Path) -> None:
    server = serve("cut 60000", "cut 70000", "silence")
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == [None, "bytes=60000-", "bytes=130000-", "bytes=130000-"]


def test_another_run_goes_on_from_what_the_last_one_left(serve: Serve, tmp_path: Path) -> None:
    server = serve("cut 60000", "status 404")
    with pytest.raises(DataError, match="does not give the file"):
        download(server.remote(), tmp_path, unheard)
    assert left(tmp_path) == ["file.bin.part"]
    assert missing(server.remote(), tmp_path) == len(KNOWN) - 60000
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked[-1] == "bytes=60000-"
    assert missing(server.remote(), tmp_path) == 0


def test_a_server_that_knows_no_ranges_loses_nobody_what_is_here(serve: Serve, tmp_path: Path) -> None:
    server, heard = serve("cut 100000", "no ranges", "cut 1"), list[int]()
    server.faults[1] = "no 30000"  # the whole again, and cut before it gets to anything new
    assert download(server.remote(), tmp_path, heard.append).read_bytes() == KNOWN
    assert server.asked == [None, "bytes=100000-", "bytes=100000-", "bytes=100001-"]
    assert heard == sorted(heard)


def test_without_ranges_a_file_that_is_always_cut_is_given_up(serve: Serve, tmp_path: Path) -> None:
    server = serve("cut 100000", *["no and cut"] * 10)
    with pytest.raises(DataError, match="goes on where it stopped"):
        download(server.remote(), tmp_path, unheard)
    assert len(server.asked) == 6  # one brought a half, one 2,500 bytes more, and four nothing
    assert (tmp_path / "file.bin.part").read_bytes() == KNOWN[: len(KNOWN) // 2]


def test_an_answer_in_chunks_is_as_good(serve: Serve, tmp_path: Path) -> None:
    assert download(serve("chunked").remote(), tmp_path, unheard).read_bytes() == KNOWN


def test_more_than_is_known_of_the_file_is_not_taken(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gives another file, of > 205000 bytes in place of 205000"):
        download(serve("chunked longer").remote(), tmp_path, unheard)
    assert (tmp_path / "file.bin.part").stat().st_size <= len(KNOWN)


def test_a_login_page_is_not_the_file(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="login page"):
        download(serve("portal").remote(), tmp_path, unheard)
    assert "file.bin" not in left(tmp_path)


def test_a_wrong_hash_is_thrown_away(serve: Serve, tmp_path: Path) -> None:
    remote = serve(content=KNOWN[:-1] + b"!").remote(KNOWN)
    with pytest.raises(DataError, match=f"but {remote.sha256} is known of it"):
        download(remote, tmp_path, unheard)
    assert left(tmp_path) == []


def test_a_part_of_another_file_costs_one_more_attempt_from_the_beginning(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(b"x" * 1000)
    server = serve()
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == ["bytes=1000-", None]


def test_a_part_that_is_too_long_begins_anew(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(KNOWN + b"x")
    server = serve()
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == [None]


def test_a_part_that_is_whole_already_asks_nobody(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(KNOWN)
    server = serve()
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == []


@pytest.mark.parametrize(("content", "asked"), [(KNOWN, []), (KNOWN[:-1] + b"!", [None]), (b"", [None])])
def test_what_is_here_under_its_name_is_checked_and_fetched_anew_where_it_is_wrong(
    serve: Serve, tmp_path: Path, content: bytes, asked: list[str | None]
) -> None:
    (tmp_path / "file.bin").write_bytes(content)
    server = serve()
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == asked


def test_a_server_that_is_busy_is_asked_again(serve: Serve, tmp_path: Path) -> None:
    server = serve("status 503", "status 429", "other range")
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert len(server.asked) == 3


def test_another_range_than_was_asked_for_is_not_appended(serve: Serve, tmp_path: Path) -> None:
    server = serve("cut 60000", "other range")
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == [None, "bytes=60000-", "bytes=60000-"]


def test_a_silent_connection_counts_as_cut(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.2)
    server = serve("stall")
    assert download(server.remote(), tmp_path, unheard).read_bytes() == KNOWN
    assert server.asked == [None, f"bytes={len(KNOWN) // 2}-"]


def test_where_nobody_answers_a_sentence_says_so(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    remote = server.remote()
    server.close()
    with pytest.raises(DataError, match=r"does not answer now \(ConnectionRefusedError"):
        download(remote, tmp_path, unheard)
    with pytest.raises(DataError, match="does not answer now"):
        download(replace(remote, address="http://no-such-host.invalid/file.bin"), tmp_path, unheard)


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/file.bin", "data:,x"])
def test_only_the_web_is_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="an address of the web"):
        download(Remote(address, 3, "0" * 64), tmp_path, unheard)
