"""A class's own test set out of a zip: what is right is read, and nothing that is wrong does harm."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.data.images import MAX_BYTES
from core.data.test_sets import (
    FORMAT,
    LABELS,
    MAX_NAMES,
    MAX_PICTURES,
    NO_CLASS,
    as_png,
    read_manifest,
    read_test_set,
)
from core.errors import DataError
from tests.core.data.set_files import changed, files_of, noise, png, zipped


def refusal(data: bytes) -> str:
    with pytest.raises(DataError) as caught:
        read_test_set(data)
    assert caught.value.sentence("en") != caught.value.code, "there is a sentence"
    assert caught.value.sentence("fa") != caught.value.sentence("en")
    return caught.value.code


def one(content: bytes, digest: str | None = None, name: str = "pictures/0001.png") -> bytes:
    """A set of one file."""
    entry = {"file": name, "sha256": digest or hashlib.sha256(content).hexdigest(), "label": "cat"}
    return zipped({"manifest.json": json.dumps({"format": FORMAT, "pictures": [entry]}).encode(), name: content})


def test_pictures_labels_and_squares_come_as_they_were_saved() -> None:
    pictures, squares = [noise(seed=i) for i in range(3)], [noise(96, 7), noise(40, 8)]
    found = read_test_set(zipped(files_of(pictures, ["cat", "none", "truck"], squares)))
    for picture, pixels in zip(found, pictures, strict=True):
        np.testing.assert_array_equal(picture.pixels, pixels)
    assert [picture.label for picture in found] == [3, NO_CLASS, 9]
    assert [None if picture.square is None else len(picture.square) for picture in found] == [96, 40, None]
    assert {picture.source for picture in found} == {"file"}


def test_a_thousand_pictures_are_read_and_one_more_gets_a_sentence() -> None:
    pictures = [noise(seed=i) for i in range(MAX_PICTURES)]
    assert len(read_test_set(zipped(files_of(pictures)))) == MAX_PICTURES
    assert refusal(zipped(files_of([*pictures, noise(seed=5000)]))) == "cifar.set_too_many"


def test_a_bomb_is_not_unpacked() -> None:
    """A gigabyte of zeros in a megabyte, as a picture or as the manifest."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        entry = {"file": "pictures/a.png", "sha256": "0" * 64, "label": "cat"}
        archive.writestr("manifest.json", json.dumps({"format": FORMAT, "pictures": [entry]}))
        with archive.open("pictures/a.png", "w") as file:
            for _ in range(200):
                file.write(bytes(5_000_000))
    assert len(packed.getvalue()) < 2_000_000
    tracemalloc.start()
    assert refusal(packed.getvalue()) == "cifar.set_bomb"
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert refusal(zipped({"manifest.json": bytes(5_000_000)})) == "cifar.set_bomb"


def test_a_picture_of_few_bytes_and_many_pixels_is_not_decoded() -> None:
    assert refusal(one(png(np.zeros((2000, 2000, 3), np.uint8)))) == "cifar.set_picture"


def test_a_list_of_a_million_names_is_not_read() -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 5_000_000, 0, 0)
    assert refusal(bytes(5_000_000) + end) == "cifar.set_too_many"
    many = {f"pictures/{i}.png": b"" for i in range(MAX_NAMES + 1)}
    assert refusal(zipped(many)) == "cifar.set_too_many"


@pytest.mark.parametrize(
    "name",
    ["../a.png", "/etc/passwd", "pictures/../../a.png", "pictures/a/b.png", "C:\\a.png", "a/manifest.json",
     "pictures/.png", "__MACOSX/x", "pictures/a.png\0", "pictures/a.PNG.exe", "squares\\a.png", "pictures/‮.png"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    packed = zipped({**files_of([noise()]), "pictures/XYZ.png": b""})
    as_bytes = name.encode()
    files = {**files_of([noise()]), name: b"x"}
    data = zipped(files) if "\0" not in name else packed.replace(b"pictures/XYZ.png", as_bytes.ljust(16, b"\0")[:16])
    assert refusal(data) == "cifar.set_name"


def test_a_manifest_that_names_a_file_elsewhere_finds_none(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png(noise()))
    for name in (str(tmp_path / "secret.png")[:80], "../secret.png", "manifest.json\0"):
        data = changed(lambda manifest, name=name: manifest["pictures"][0].update(file=name))  # type: ignore[misc]
        assert refusal(data) == "cifar.set_missing"


@pytest.mark.parametrize("label", ["zebra", "Cat", "", "3", "cat\n", "x" * 5000])
def test_a_label_that_is_none_is_named(label: str) -> None:
    data = changed(lambda manifest: manifest["pictures"][0].update(label=label))
    assert refusal(data) == "cifar.set_label"
    with pytest.raises(DataError, match=r"pictures/0001\.png"):
        read_test_set(data)


def test_a_picture_that_was_changed_is_named_by_its_hash() -> None:
    files = files_of([noise(), noise(seed=1)])
    files["pictures/0002.png"] = png(noise(seed=2))
    assert refusal(zipped(files)) == "cifar.set_hash"
    with pytest.raises(DataError, match=r"pictures/0002\.png"):
        read_test_set(zipped(files))
    squared = files_of([noise()], squares=[noise(64)])
    squared["squares/0001.png"] = png(noise(64, 3))
    assert refusal(zipped(squared)) == "cifar.set_hash"


def test_broken_and_other_pictures_are_refused() -> None:
    whole = png(noise())
    animated = io.BytesIO()
    frames = [Image.fromarray(noise(seed=i)) for i in range(3)]
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])
    assert refusal(one(whole[: len(whole) // 2])) == "cifar.set_picture"
    assert refusal(one(b"")) == "cifar.set_picture"
    assert refusal(one(png(noise(), "JPEG"))) == "cifar.set_picture"
    assert refusal(one(animated.getvalue())) == "cifar.set_picture"
    assert refusal(one(png(noise(33)))) == "cifar.set_size"
    assert refusal(zipped(files_of([noise()], squares=[noise(96)[:40]]))) == "cifar.set_square"


def test_other_packings_twice_the_same_name_and_comments_are_refused() -> None:
    files = files_of([noise()])
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert refusal(zipped(files, packing)) == "cifar.set_packed"
    encrypted = bytearray(zipped(files))
    at = encrypted.rfind(b"PK\1\2")
    encrypted[at + 8] |= 1
    assert refusal(bytes(encrypted)) == "cifar.set_packed"
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            archive.writestr("manifest.json", files["manifest.json"])
    assert refusal(twice.getvalue()) == "cifar.set_twice"
    assert refusal(b"") == "cifar.set_no_zip"
    assert refusal(b"PK" * 500) == "cifar.set_no_zip"
    assert refusal(bytes(MAX_BYTES + 1)) == "cifar.set_too_large"
    assert refusal(zipped({"pictures/a.png": b"x"})) == "cifar.set_missing"
    assert refusal(changed(lambda manifest: manifest.update(pictures=[]))) == "cifar.set_empty"


def test_what_is_saved_says_nothing_beside_its_pixels() -> None:
    with Image.open(io.BytesIO(as_png(noise()))) as image:
        image.load()
        assert image.info == {}
        assert not image.getexif()
        np.testing.assert_array_equal(np.asarray(image), noise())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "file": st.sampled_from(["pictures/0001.png", "../x", ""]) | json_values,
        "sha256": st.sampled_from(["0" * 64]) | json_values,
        "label": st.sampled_from([*LABELS, "zebra"]) | json_values,
        "source": st.sampled_from(["file", "camera"]) | json_values,
        "square": json_values,
        "square_sha256": json_values,
        "more": json_values,
    },
)
manifests = st.fixed_dictionaries(
    {"format": st.just(FORMAT) | json_values, "pictures": st.lists(entries, max_size=4) | json_values}
)


@settings(max_examples=150)
@given(manifests | json_values)
def test_whatever_a_manifest_holds_it_is_read_or_refused_by_a_sentence(manifest: Any) -> None:
    data = zipped({**files_of([noise()]), "manifest.json": json.dumps(manifest).encode("utf-8", "replace")})
    refused, labels = None, list[str]()
    try:
        labels = [entry.label for entry in read_manifest(data).pictures]
    except DataError as error:
        refused = error
    assert set(labels) <= set(LABELS)
    assert refused is None or refused.sentence("en") != refused.code


@settings(max_examples=150)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_whatever_is_damaged_in_a_zip_it_is_read_or_refused(at: int, new: bytes) -> None:
    data = bytearray(zipped(files_of([noise()], squares=[noise(40)])))
    at %= len(data)
    data[at : at + len(new)] = new
    refused = None
    try:
        found = read_test_set(bytes(data))
    except DataError as error:
        refused = error
    if refused is None:
        np.testing.assert_array_equal(found[0].pixels, noise())
    else:
        assert refused.sentence("en") != refused.code


@given(st.binary(max_size=200))
def test_no_bytes_make_a_manifest_crash(text: bytes) -> None:
    with pytest.raises(DataError):
        read_manifest(zipped({"manifest.json": text}))


def test_a_deeply_nested_manifest_is_refused() -> None:
    assert refusal(zipped({"manifest.json": b"[" * 100_000})) == "cifar.set_manifest"
