"""AVIF: read through Pillow, within the same limits as any picture, whatever its header says."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from core.data import images
from core.data.annotations import read_annotation
from core.data.avif import Bits, coded_pixels
from core.data.images import decode, sniff
from core.errors import ImageError
from tests.core.data.test_images import gradient, refusal, saved

pytestmark = pytest.mark.skipif(not features.check("avif"), reason="Pillow was built without AVIF")


def avif(image: Image.Image | None = None, **options: object) -> bytes:
    return saved(image or gradient(60, 40), "AVIF", **options)


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The file with another size in its header; the pictures inside stay as they are."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def glass() -> Image.Image:
    image = gradient(60, 40).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((60, 40)))
    return image


def test_an_avif_is_read() -> None:
    data = avif(Image.new("RGB", (60, 40), (200, 100, 50)))
    picture = decode(data)
    assert sniff(data) == "AVIF"
    assert picture.pixels.shape == (40, 60, 3)
    np.testing.assert_allclose(picture.pixels.mean((0, 1)), (200, 100, 50), atol=6)
    assert picture.notes == ()


def test_of_an_avif_that_moves_the_first_frame_is_used_and_it_says_so() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "lime")]
    picture = decode(avif(frames[0], save_all=True, append_images=frames[1:], duration=50))
    np.testing.assert_allclose(picture.pixels.mean((0, 1)), (255, 0, 0), atol=6)
    assert picture.notes == ("images.notes.first_frame",)


def test_a_turned_and_a_transparent_avif_are_read_as_any_picture_is() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = decode(avif(exif=exif))
    assert turned.pixels.shape == (60, 40, 3)
    assert turned.notes == ("images.notes.turned",)
    clear = decode(avif(glass()))
    assert clear.notes == ("images.notes.over_white",)
    assert clear.pixels[0].mean() > 250
    assert clear.pixels[-1].mean() < 220


def test_a_picture_larger_than_its_header_says_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 2_000)
    monkeypatch.setattr(images, "load", lambda _: pytest.fail("it was decoded"))
    for data in (avif(), claiming(avif(), 6, 4), avif(glass()), claiming(avif(glass()), 6, 4)):
        assert refusal(data).code == "images.too_many_pixels"


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (13_000, 13_000), (20_000, 900), (0, 0)])
def test_a_header_that_promises_too_much_is_refused(width: int, height: int) -> None:
    assert refusal(claiming(avif(), width, height)).code in (
        "images.too_many_pixels", "images.broken", "images.too_long",
    )  # fmt: skip


def test_the_pixels_of_each_coded_picture_are_those_that_it_has() -> None:
    assert coded_pixels(avif()) == [2400]
    assert coded_pixels(avif(glass())) == [2400, 2400], "colour, and transparency"
    assert coded_pixels(claiming(avif(), 6, 4)) == [2400]


def test_items_that_share_their_bytes_are_not_read_over_and_over() -> None:
    data = avif()
    at = data.index(b"iloc")
    body = bytes(4) + b"\x44\x00" + struct.pack(">HHHH", 1, 1, 0, 1000) + struct.pack(">II", 0, len(data)) * 1000
    size = int.from_bytes(data[at - 4 : at], "big")
    meta = data.index(b"meta") - 4
    longer = len(body) + 8 - size
    sized = struct.pack(">I", int.from_bytes(data[meta : meta + 4], "big") + longer)
    table = struct.pack(">I", len(body) + 8) + b"iloc" + body
    bomb = data[:meta] + sized + data[meta + 4 : at - 4] + table + data[at - 4 + size :]
    with pytest.raises(ValueError, match="share"):
        coded_pixels(bomb)
    assert refusal(bomb).code == "images.broken"


def test_half_an_avif_is_refused() -> None:
    data = avif(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)))
    for end in (12, 40, len(data) // 2, len(data) - 5):
        assert refusal(data[:end]).code == "images.broken"


def test_an_avif_is_no_annotation() -> None:
    with pytest.raises(ImageError, match="keep each number"):
        read_annotation(avif(), 60, 40)


def test_what_pillow_cannot_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "FORMATS", ("JPEG", "PNG"))
    assert refusal(avif()).code == "images.avif"


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6), st.booleans())
def test_a_changed_byte_never_escapes_as_another_error(changes: list[tuple[float, int]], clear: bool) -> None:
    data = bytearray(avif(glass() if clear else None))
    for place, byte in changes:
        data[int(place * len(data))] = byte
    try:
        shape = decode(bytes(data)).pixels.shape
    except ImageError as error:
        shape = str(error)
    assert shape != ""


@given(st.binary(max_size=200), st.sampled_from([b"", b"avif", b"meta", b"ilociinf"]))
def test_any_boxes_are_counted_or_a_value_error(data: bytes, kind: bytes) -> None:
    whole = b"\0\0\0\x10ftypavif\0\0\0\0" + struct.pack(">I", len(data) + 12) + b"meta\0\0\0\0" + kind + data
    try:
        found = coded_pixels(whole)
    except ValueError:
        found = [1]
    assert min(found) > 0


@given(st.binary(min_size=1, max_size=40), st.lists(st.integers(0, 32), max_size=12))
def test_bits_are_those_of_the_bytes_in_their_order(data: bytes, widths: list[int]) -> None:
    text, bits, at = "".join(f"{byte:08b}" for byte in data), Bits(data), 0
    for width in widths:
        if at + width > len(text):
            with pytest.raises(ValueError, match="ends"):
                bits.take(width)
            return
        assert bits.take(width) == int(text[at : at + width] or "0", 2)
        at += width
