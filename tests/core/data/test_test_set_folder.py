"""Test sets of the data folder as sources of pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.data.galleries import Galleries
from core.data.test_set_folder import labelled, set_file, set_sources
from core.errors import DataError, RangeError
from tests.core.data.set_files import files_of, noise, zipped


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "test_sets").mkdir()
    pictures = [noise(seed=i) for i in range(5)]
    made = zipped(files_of(pictures, ["cat", "none", "dog", "none", "cat"]))
    (tmp_path / "test_sets" / "class 7b.zip").write_bytes(made)
    (tmp_path / "test_sets" / "a.zip").write_bytes(b"no zip")
    (tmp_path / "test_sets" / "<b>.zip").write_bytes(made)
    (tmp_path / "test_sets" / "notes.txt").write_text("")
    (tmp_path / "secret.zip").write_bytes(made)
    return tmp_path


def test_the_zips_of_one_folder_are_sources_by_their_names(root: Path, tmp_path: Path) -> None:
    assert set_sources(root) == ("set:a", "set:class 7b")
    assert set_sources(None) == ()
    assert set_sources(tmp_path / "nowhere") == ()
    assert Galleries(root, True, tmp_path).sources == ("shipped", "set:a", "set:class 7b")


def test_pictures_that_are_none_of_the_ten_are_left_out_and_counted(root: Path, tmp_path: Path) -> None:
    galleries = Galleries(root, True, tmp_path)
    gallery = galleries.open("set:class 7b")
    assert gallery.labels.tolist() == [3, 5, 3]
    assert gallery.left_out == 2
    np.testing.assert_array_equal(gallery.pixels[1], noise(seed=2))
    assert galleries.count("set:class 7b") == labelled(root, "set:class 7b") == 3
    assert galleries.count("set:class 7b", "train") == 0


def test_no_name_leads_out_of_the_folder_and_a_broken_set_says_what_it_is(root: Path, tmp_path: Path) -> None:
    galleries = Galleries(root, True, tmp_path)
    for name in ("set:../secret", "set:secret", "set:", "set:/etc/passwd", "set:<b>"):
        with pytest.raises(RangeError):
            galleries.open(name)
        with pytest.raises(DataError):
            set_file(root, name)
    assert galleries.count("set:a") == 0
    with pytest.raises(DataError, match="no zip"):
        galleries.open("set:a")
    with pytest.raises(DataError):
        galleries.training("set:class 7b", 3, 0)


def test_a_set_without_any_of_the_ten_has_no_pictures_to_evaluate(root: Path, tmp_path: Path) -> None:
    (root / "test_sets" / "none.zip").write_bytes(zipped(files_of([noise()], ["none"])))
    with pytest.raises(DataError, match="no test pictures"):
        Galleries(root, True, tmp_path).open("set:none")
