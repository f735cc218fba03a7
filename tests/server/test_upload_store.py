"""The folder of uploads stays within its bounds, and nobody deletes what another still needs."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import BusyError
from server.upload_store import PREFIX, UploadStore, remove_left_behind


def put(folder: Path, name: str, size: int = 10) -> Path:
    """A file in a folder of its own, as gradio keeps an upload; a pause gives each its own age."""
    path = folder / f"of-{name}" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    time.sleep(0.02)
    return path


def store(folder: Path, **options: float) -> UploadStore:
    return UploadStore(folder, **{"most_bytes": 100, "most_files": 5, "keep": 60.0, "young": 0.0, **options})  # type: ignore[arg-type]


def test_the_oldest_go_first_when_room_is_needed(tmp_path: Path) -> None:
    first, second, third = (put(tmp_path, name, 30) for name in "abc")
    store(tmp_path).make_room(40)
    assert [path.exists() for path in (first, second, third)] == [False, True, True]
    assert not first.parent.exists()


def test_files_are_counted_too(tmp_path: Path) -> None:
    paths = [put(tmp_path, name, 1) for name in "abcde"]
    store(tmp_path).make_room(1)
    assert [path.exists() for path in paths] == [False, True, True, True, True]


def test_a_young_upload_makes_no_room_for_another(tmp_path: Path) -> None:
    path = put(tmp_path, "a", 90)
    with pytest.raises(BusyError, match="no room"):
        store(tmp_path, young=60).make_room(20)
    assert path.exists()


def test_one_upload_that_never_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BusyError):
        store(tmp_path).make_room(101)


def test_what_is_made_for_pages_lies_once_and_goes_with_the_last_of_them(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    mine, theirs = (uploads.put(session, "mask.png", bytes(40)) for session in ("mine", "theirs"))
    other = uploads.put("mine", "mask.png", bytes(30))
    assert mine == theirs != other
    assert (mine.read_bytes(), other.read_bytes()) == (bytes(40), bytes(30))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mask.png"] * 2
    assert uploads.forget("mine") == 1
    assert (mine.exists(), other.exists()) == (True, False)
    assert uploads.forget("theirs") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_made_again_is_young_again_and_what_never_fits_is_refused(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    first = uploads.put("page", "a.png", b"a" * 40)
    time.sleep(0.02)
    second = uploads.put("page", "b.png", b"b" * 40)
    time.sleep(0.02)
    assert uploads.put("page", "a.png", b"a" * 40) == first
    uploads.put("page", "c.png", b"c" * 40)
    assert (first.exists(), second.exists()) == (True, False)
    with pytest.raises(BusyError):
        uploads.put("page", "large.png", bytes(101))


def test_what_is_too_old_goes_without_need(tmp_path: Path) -> None:
    old = put(tmp_path, "a")
    uploads = store(tmp_path, keep=0.01)
    uploads.make_room(1)
    assert not old.exists()
    again = put(tmp_path, "b")
    uploads.make_room(1)
    assert not again.exists()


def test_half_an_upload_that_was_cut_off_is_swept_too(tmp_path: Path) -> None:
    half = tmp_path / "tmp123"
    half.write_bytes(b"half")
    time.sleep(0.02)
    store(tmp_path, keep=0.01).make_room(1)
    assert not half.exists()


def test_a_file_of_the_page_itself_stays(tmp_path: Path) -> None:
    path = put(tmp_path, "a")
    uploads = store(tmp_path, keep=0.01)
    uploads.exempt = lambda: {path}
    uploads.make_room(1)
    assert path.exists()


def test_a_page_deletes_its_own_files_and_no_others(tmp_path: Path) -> None:
    mine, shared, theirs = (put(tmp_path, name) for name in ("mine", "shared", "theirs"))
    uploads = store(tmp_path)
    uploads.note("me", [mine, shared])
    uploads.note("you", [shared, theirs])
    assert uploads.forget("me") == 1
    assert [path.exists() for path in (mine, shared, theirs)] == [False, True, True]
    assert uploads.forget("me") == 0
    assert uploads.forget("you") == 2
    assert not shared.exists()


def test_it_keeps_no_account_of_pages_without_files(tmp_path: Path) -> None:
    uploads = store(tmp_path, keep=0.01)
    uploads.note("me", [])
    uploads.note("you", [put(tmp_path, "a")])
    time.sleep(0.02)
    uploads.make_room(1)
    assert uploads._sessions == {}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process cannot be asked for")
def test_folders_of_killed_processes_are_removed_and_those_of_running_ones_are_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    gone, running = tmp_path / f"{PREFIX}{ended.pid}-a", tmp_path / f"{PREFIX}{os.getppid()}-b"
    other = tmp_path / f"{PREFIX}notes-c"
    for folder in (gone, running, other):
        folder.mkdir()
        (folder / "a.png").write_bytes(b"x")
    assert remove_left_behind(tmp_path) == [gone]
    assert [folder.exists() for folder in (gone, running, other)] == [False, True, True]


def test_a_process_leaves_no_uploads_behind(tmp_path: Path) -> None:
    code = "from server.upload_store import own_folder; f = own_folder(); (f / 'a').write_text('x'); print(f)"
    environment = {name: value for name, value in os.environ.items() if name != "GRADIO_TEMP_DIR"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[2],
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    folder = Path(ran.stdout.strip().splitlines()[-1])
    assert folder.parent == tmp_path
    assert not folder.exists()


def test_one_file_is_dropped_unless_another_page_uploaded_just_the_same(tmp_path: Path) -> None:
    uploads, kept = store(tmp_path), put(tmp_path, "a")
    for page in ("first", "second"):
        uploads.note(page, [kept])
    uploads.drop("first", kept)
    assert kept.exists(), "the second page still asks with it"
    uploads.drop("second", kept)
    assert not kept.exists()
    assert uploads._sessions == {}
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("x")
    uploads.drop("first", outside)
    assert outside.exists()
