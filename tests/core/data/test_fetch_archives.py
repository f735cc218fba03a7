"""Archives that lead elsewhere, hold links, or unpack to far more than they are."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.fetch.archives import Wanted, read_tar, read_zip
from core.errors import DataError
from tests.core.data.fetch_server import link, tar, zipped

WANTED = Wanted(re.compile(r"set/[a-z]+\.bin"), 1000, 100_000)
FILES = {"set/a.bin": b"first", "set/b.bin": b"second"}
ELSEWHERE = ["/tmp/evil.bin", "../evil.bin", "set/../../evil.bin", "set/a.bin/../../../evil.bin", "C:\\evil.bin"]


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "archive"
    path.write_bytes(content)
    return path


def from_tar(folder: Path, content: bytes, wanted: Wanted = WANTED) -> dict[str, bytes]:
    return dict(read_tar(stored(folder, content), wanted))


def from_zip(folder: Path, content: bytes, wanted: Wanted = WANTED) -> dict[str, bytes]:
    return dict(read_zip(stored(folder, content), wanted, str))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_passed_over_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    assert from_tar(tmp_path, tar({name: b"evil", **FILES})) == FILES
    assert from_zip(tmp_path, zipped([(name, b"evil"), *FILES.items()])) == FILES
    assert [path.name for path in tmp_path.rglob("*")] == ["archive"]
    assert not (tmp_path.parent / "evil.bin").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_what_should_be_a_file_and_is_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(DataError, match=r"holds set/c\.bin, which is no plain file"):
        from_tar(tmp_path, tar(FILES, link("set/c.bin", "/etc/passwd", kind)))


def test_links_that_nobody_asked_for_are_passed_over(tmp_path: Path) -> None:
    assert from_tar(tmp_path, tar(FILES, link("set", "/etc"), link("x", "set/a.bin", tarfile.LNKTYPE))) == FILES


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("set/c.bin")
    info.external_attr = 0o120777 << 16
    with pytest.raises(DataError, match="no plain file"):
        from_zip(tmp_path, zipped([(info, b"/etc/passwd")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = io.BytesIO()
    with tarfile.open(fileobj=twice, mode="w:gz") as archive:
        for _ in range(2):
            archive.addfile(tarfile.TarInfo("set/a.bin"))
    with pytest.raises(DataError, match="no plain file"):
        from_tar(tmp_path, twice.getvalue())
    with pytest.raises(DataError, match="stands twice"):
        from_zip(tmp_path, zipped([("set/a.bin", b"1"), ("set/a.bin", b"2")]))


def test_a_file_that_is_larger_than_it_may_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="more than the 1 MB"):
        from_tar(tmp_path, tar({"set/a.bin": b"x" * 1001}))
    with pytest.raises(DataError, match="more than the 1 MB"):
        from_zip(tmp_path, zipped([("set/a.bin", b"x" * 1001)]))


def test_many_small_files_of_a_zip_may_be_too_much_together(tmp_path: Path) -> None:
    files = [(f"set/{'abcdefgh'[i % 8] * (i + 1)}.bin", b"x" * 1000) for i in range(101)]
    with pytest.raises(DataError, match="more than"):
        from_zip(tmp_path, zipped(files))


def test_a_zip_that_understates_what_it_unpacks_to_is_refused(tmp_path: Path) -> None:
    honest = zipped([("set/a.bin", b"\0" * 10**7)], zipfile.ZIP_DEFLATED)
    size = (10**7).to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(DataError, match=r"cannot be unpacked|more than"):
        from_zip(tmp_path, honest.replace(size, (5).to_bytes(4, "little")))


def bomb(header: tarfile.TarInfo, claimed: int) -> bytes:
    """A ``.tar.gz`` of 40 MB of nothing behind a header that claims ``claimed`` bytes: 40 kB."""
    made = io.BytesIO()
    header.size = claimed
    with gzip.open(made, "wb", compresslevel=9) as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(40):
            file.write(b"\0" * 10**6)
    return made.getvalue()


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
@pytest.mark.parametrize("claimed", [4 * 10**7, 8 * 10**9])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, kind: bytes, claimed: int) -> None:
    header = tarfile.TarInfo("something else")
    header.type = kind
    content = bomb(header, claimed)
    assert len(content) < 10**5
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"more than the 1 MB"):
            from_tar(tmp_path, content)
        assert tracemalloc.get_traced_memory()[1] < 5 * 10**6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_in_another_way_is_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(DataError, match="no plain file"):
        from_zip(tmp_path, zipped(FILES.items(), method))


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no tar" * 200), tar(FILES)[:-30], tar(FILES)[:60]],
    ids=["empty", "text", "no tar", "cut at its end", "cut early"],  # an archive holds the time at which it was made
)
def test_a_damaged_tar_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="cannot be unpacked"):
        from_tar(tmp_path, content)


def test_a_damaged_file_in_a_zip_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be unpacked \(BadZipFile\)"):
        from_zip(tmp_path, zipped(FILES.items()).replace(b"second", b"secand"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 400), byte=st.integers(0, 255), packed=st.booleans())
def test_whatever_byte_is_changed_the_files_are_right_or_a_sentence_comes(
    tmp_path: Path, place: int, byte: int, packed: bool
) -> None:
    content = bytearray(tar(FILES) if packed else zipped(FILES.items()))
    content[place % len(content)] = byte
    try:
        found = (from_tar if packed else from_zip)(tmp_path, bytes(content))
    except DataError:
        return
    assert set(found.items()) <= set(FILES.items())
