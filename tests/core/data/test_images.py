"""Whatever is uploaded becomes an RGB picture or one plain sentence."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, PngImagePlugin

import app
from core.data import images
from core.data.images import decode, read, sniff
from core.errors import ImageError
from core.lab.lab import Lab

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # as protect_process does


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def gradient(width: int = 24, height: int = 16) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([x * 10, y * 15, x * 5 + y * 5], axis=2).astype(np.uint8))


def refusal(data: bytes) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode(data)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert not sentence.startswith("images.")
    return caught.value


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header promises any size, with almost nothing behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_a_lossless_picture_comes_back_as_it_was(kind: str) -> None:
    picture = decode(saved(gradient(), kind))
    np.testing.assert_array_equal(picture.pixels, np.asarray(gradient()))
    assert picture.notes == ()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_a_lossy_picture_comes_back_nearly_as_it_was(kind: str) -> None:
    smooth = Image.fromarray(np.full((16, 24, 3), (200, 100, 50), np.uint8))
    picture = decode(saved(smooth, kind))
    assert picture.pixels.shape == (16, 24, 3)
    assert picture.pixels.dtype == np.uint8
    np.testing.assert_allclose(picture.pixels.astype(int), np.asarray(smooth).astype(int), atol=6)


def test_the_same_bytes_have_the_same_digest_and_others_another() -> None:
    one, two = saved(gradient()), saved(gradient(25))
    assert decode(one).digest == decode(one).digest != decode(two).digest


@pytest.mark.parametrize(("width", "height"), [(13_000, 13_000), (5001, 5000), (60_000, 60_000)])
def test_a_png_of_too_many_pixels_is_refused_by_its_header(width: int, height: int) -> None:
    assert refusal(png_header(width, height)).code == "images.too_many_pixels"


def test_a_picture_of_exactly_the_most_pixels_is_read() -> None:
    assert decode(saved(Image.new("L", (5000, 5000)))).pixels.shape == (5000, 5000, 3)


def test_at_most_two_pictures_are_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    two_are_in = threading.Event()
    plain = images.load

    def counted(image: Image.Image) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            if inside == 2:
                two_are_in.set()
        assert two_are_in.wait(20)
        plain(image)
        with lock:
            inside -= 1

    monkeypatch.setattr(images, "load", counted)
    threads = [threading.Thread(target=decode, args=(saved(gradient()),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 2
    assert inside == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    whole = saved(noise, kind)
    assert refusal(whole[: len(whole) // 2]).code == "images.broken"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "images.empty"


@pytest.mark.parametrize("text", ["just words", "<!DOCTYPE html><html><body>hi</body></html>", "سلام دنیا", "a,b\n1,2"])
def test_text_named_as_a_picture_is_refused(text: str) -> None:
    assert refusal(text.encode()).code == "images.text"


@pytest.mark.parametrize("start", ["<svg", "<?xml version='1.0'?>\n<svg", "\ufeff  <svg", "<!-- a drawing --><SVG"])
def test_svg_is_refused_by_name(start: str) -> None:
    assert refusal(f"{start} xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".encode()).code == (
        "images.svg"
    )


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"hevx"])
def test_heic_says_to_save_it_as_a_jpeg(brand: bytes) -> None:
    error = refusal(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + b"\0" * 64)
    assert error.code == "images.heic"
    assert "JPEG" in str(error)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_exif_rotated_photo_is_turned_upright(orientation: int) -> None:
    upright = np.full((40, 60, 3), 255, np.uint8)
    upright[:20, :30] = (200, 0, 0)  # one corner tells all eight orientations apart
    undo = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    picture = decode(saved(stored, "JPEG", exif=exif, quality=98, subsampling=0))
    assert picture.pixels.shape == upright.shape
    np.testing.assert_allclose(picture.pixels[5:15, 5:25].mean((0, 1)), (200, 0, 0), atol=8)
    assert picture.pixels[25:, 35:].mean() > 245
    assert picture.notes == (() if orientation == 1 else ("images.notes.turned",))


def test_cmyk_is_converted() -> None:
    red = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    np.testing.assert_allclose(decode(saved(red, "JPEG", quality=98)).pixels.mean((0, 1)), (255, 0, 0), atol=12)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_alpha_is_laid_over_white_so_that_hidden_colour_stays_hidden(kind: str) -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., 0] = 255  # red all over …
    pixels[4:, :, 3] = 255  # … and visible in the lower half only
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    picture = decode(saved(Image.fromarray(pixels), kind, **options))
    assert (picture.pixels[:4] == 255).all()
    np.testing.assert_array_equal(picture.pixels[5, 5], (255, 0, 0))
    assert "images.notes.over_white" in picture.notes


def test_half_transparent_is_half_white() -> None:
    picture = decode(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 128))))
    np.testing.assert_allclose(picture.pixels, 127, atol=1)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
def test_a_palette_is_converted_whatever_the_format(kind: str) -> None:
    paletted = Image.new("P", (10, 10), 1)
    paletted.putpalette([0, 0, 0, 10, 200, 30])
    np.testing.assert_array_equal(decode(saved(paletted, kind)).pixels[3, 3], (10, 200, 30))


def test_a_palette_with_a_transparent_entry_is_laid_over_white() -> None:
    paletted = Image.new("P", (10, 10), 1)
    paletted.putpalette([0, 0, 0, 10, 200, 30])
    paletted.putpixel((0, 0), 0)
    pixels = decode(saved(paletted, "PNG", transparency=1)).pixels
    np.testing.assert_array_equal(pixels[3, 3], (255, 255, 255))
    np.testing.assert_array_equal(pixels[0, 0], (0, 0, 0))


def test_sixteen_bit_grey_is_rescaled_rather_than_clipped() -> None:
    ramp = np.linspace(0, 65535, 256).round().astype(np.uint16)[None].repeat(16, axis=0)
    picture = decode(saved(Image.fromarray(ramp)))
    np.testing.assert_array_equal(picture.pixels[0, :, 0], np.arange(256))
    assert picture.notes == ("images.notes.sixteen_bits",)


def deep_png(values: np.ndarray) -> bytes:
    """A PNG of 16 bits a channel, (H, W, 3) or (H, W, 4), which Pillow itself does not write."""
    height, width, channels = values.shape
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2 if channels == 3 else 6, 0, 0, 0))
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_small_range_of_sixteen_bits_is_stretched_and_it_says_so(bits: int, channels: int) -> None:
    low, high = 100, 2**bits - 1
    ramp = np.linspace(low, high, 256).round().astype(np.uint16)
    values = np.repeat(ramp[None, :, None], 16, axis=0).repeat(channels, axis=2)
    if channels == 4:
        values[..., 3] = 65535
    picture = decode(saved(Image.fromarray(values[..., 0])) if channels == 1 else deep_png(values))
    np.testing.assert_allclose(picture.pixels[0, :, 0], np.arange(256), atol=1)
    assert (picture.pixels[0, 0, 0], picture.pixels[0, -1, 0]) == (0, 255)
    assert picture.notes == ("images.notes.stretched",)


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_of_sixteen_bits_that_use_their_range_are_rescaled_and_it_says_so(channels: int) -> None:
    values = np.random.default_rng(0).integers(0, 65536, (9, 7, channels)).astype(np.uint16)
    values[..., 3:] = 65535
    picture = decode(deep_png(values))
    np.testing.assert_allclose(picture.pixels, values[..., :3] / 257, atol=1)
    assert picture.notes == ("images.notes.sixteen_bits",)


@given(
    values=arrays(np.uint16, st.tuples(st.integers(1, 4), st.integers(1, 5), st.sampled_from([1, 3]))),
    bits=st.integers(1, 16),
)
def test_sixteen_bits_keep_their_order_and_their_range(values: np.ndarray, bits: int) -> None:
    values = values >> (16 - bits)
    picture = decode(saved(Image.fromarray(values[..., 0])) if values.shape[2] == 1 else deep_png(values))
    seen = picture.pixels[..., : values.shape[2]].ravel().astype(int)
    flat = values.ravel().astype(int)
    order = np.argsort(flat, kind="stable")
    assert (np.diff(seen[order]) >= 0).all()
    low, high = flat.min(), flat.max()
    if low < high < 1 << 14:
        assert picture.notes == ("images.notes.stretched",)
        np.testing.assert_allclose(seen, (flat - low) * 255 / (high - low), atol=0.51)
    else:
        assert picture.notes == ("images.notes.sixteen_bits",)
        np.testing.assert_allclose(seen, flat / 257, atol=1)


def test_one_value_of_sixteen_bits_is_not_stretched() -> None:
    picture = decode(saved(Image.fromarray(np.full((4, 4), 2570, np.uint16))))
    assert (picture.pixels == 10).all()


def test_what_is_hidden_does_not_widen_the_range_of_sixteen_bits() -> None:
    whole = saved(Image.fromarray(np.array([[100, 4000], [65535, 65535]], np.uint16)))
    at = whole.index(b"IDAT") - 4
    picture = decode(whole[:at] + chunk(b"tRNS", struct.pack(">H", 65535)) + whole[at:])
    np.testing.assert_array_equal(picture.pixels[..., 0], [[0, 255], [255, 255]])


OPAQUE = {
    "RGBA": saved(gradient().convert("RGBA")),
    "LA": saved(gradient().convert("LA")),
    "lossless WebP": saved(gradient().convert("RGBA"), "WEBP", lossless=True),
    "animated WebP": saved(gradient(), "WEBP", save_all=True, append_images=[gradient().rotate(180)]),
    "a palette with a transparent entry that no pixel has": saved(gradient().quantize(8), transparency=200),
}


@pytest.mark.parametrize("name", OPAQUE)
def test_a_picture_without_a_transparent_pixel_says_nothing_of_transparency(name: str) -> None:
    assert "images.notes.over_white" not in decode(OPAQUE[name]).notes


def test_a_transparent_value_of_sixteen_bit_grey_becomes_white() -> None:
    whole = saved(Image.fromarray(np.full((4, 4), 1000, np.uint16)))
    at = whole.index(b"IDAT") - 4
    picture = decode(whole[:at] + chunk(b"tRNS", struct.pack(">H", 1000)) + whole[at:])
    assert (picture.pixels == 255).all()


def test_a_float_tiff_is_refused() -> None:
    assert refusal(saved(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF")).code == "images.tiff"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_used_and_it_says_so(kind: str) -> None:
    frames = [Image.new("RGB", (12, 12), colour) for colour in ("red", "blue", "lime")]
    picture = decode(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50))
    np.testing.assert_allclose(picture.pixels.mean((0, 1)), (255, 0, 0), atol=6)
    assert "images.notes.first_frame" in picture.notes


@pytest.mark.parametrize("kind", images.FORMATS)
def test_one_pixel_works(kind: str) -> None:
    assert decode(saved(Image.new("RGB", (1, 1), (9, 9, 9)), kind)).pixels.shape == (1, 1, 3)


def test_a_strip_of_twenty_thousand_pixels_is_refused_with_its_size() -> None:
    error = refusal(saved(Image.new("L", (20_000, 1))))
    assert error.code == "images.too_long"
    assert "20000 × 1" in str(error)


def test_a_picture_of_exactly_twenty_to_one_is_read() -> None:
    assert decode(saved(Image.new("L", (200, 10)))).pixels.shape == (10, 200, 3)


@pytest.mark.parametrize(
    ("mode", "colour", "seen"), [("L", 77, 77), ("LA", (77, 255), 77), ("LA", (77, 0), 255), ("1", 1, 255)]
)
def test_grey_is_converted(mode: str, colour: int | tuple[int, int], seen: int) -> None:
    assert (decode(saved(Image.new(mode, (6, 6), colour))).pixels == seen).all()


def test_a_mislabelled_picture_of_an_allowed_kind_is_read(tmp_path) -> None:
    path = tmp_path / "really-a-jpeg.png"
    path.write_bytes(saved(gradient(), "JPEG"))
    assert decode(read(path)).pixels.shape == (16, 24, 3)


def test_huge_text_in_a_png_is_dropped_or_refused_but_never_kept() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "A" * 200_000_000, zip=True)
    assert refusal(saved(gradient(), pnginfo=info)).code == "images.broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_bad_colour_profile_is_ignored(kind: str) -> None:
    assert decode(saved(gradient(), kind, icc_profile=b"not a profile" * 100)).pixels.shape == (16, 24, 3)


def test_damaged_exif_leaves_the_picture_as_it_lies() -> None:
    picture = decode(saved(gradient(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\xff\xff"))
    assert picture.pixels.shape == (16, 24, 3)


def test_a_file_over_the_byte_limit_is_refused_before_it_is_read(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(b"\0" * (images.MAX_BYTES + 1))
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(ImageError, match="10 MB"):
        read(path)
    assert refusal(b"\0" * (images.MAX_BYTES + 1)).code == "images.too_many_bytes"


def test_a_file_that_is_gone_says_so(tmp_path) -> None:
    with pytest.raises(ImageError, match="no longer here"):
        read(tmp_path / "gone.png")


def test_other_kinds_that_pillow_could_read_are_refused() -> None:
    for kind in ("JPEG2000", "TGA", "DDS", "SGI", "PCX", "PPM", "ICO"):
        assert refusal(saved(Image.new("RGB", (32, 32), (1, 2, 3)), kind)).code in ("images.unknown", "images.text")


STARTS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"RIFF    WEBP"]


@given(st.binary(max_size=300), st.sampled_from(STARTS))
def test_any_bytes_are_a_picture_or_an_image_error_with_a_sentence(data: bytes, start: bytes) -> None:
    try:
        answer = str(decode(start + data).pixels.shape)
    except ImageError as error:
        answer = str(error)
    assert not answer.startswith("images.")


@given(kind=st.sampled_from(images.FORMATS), at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_a_flipped_byte_never_escapes_as_another_error(kind: str, at: float, byte: int) -> None:
    data = bytearray(saved(gradient(), kind))
    data[int(at * len(data))] = byte
    with contextlib.suppress(ImageError):
        decode(bytes(data))


@given(st.binary(max_size=2000))
def test_the_kind_of_any_bytes_has_a_sentence(data: bytes) -> None:
    kind = sniff(data)
    assert kind in images.FORMATS or not str(ImageError(f"images.{kind}")).startswith("images.")


def test_reading_this_module_changes_nothing_and_a_protected_process_raises_pillows_alarm() -> None:
    code = """
import io, warnings
import numpy.typing
from PIL import Image
before = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
from core.data import images
assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before, "changed by import"
large = io.BytesIO()
Image.new("1", (6000, 5000)).save(large, "PNG")
Image.open(large)
images.protect_process()
try:
    Image.open(large)
except Image.DecompressionBombWarning as alarm:
    print("alarm:", alarm)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("alarm: Image size (30000000 pixels) exceeds limit of 25000000")


def test_the_app_protects_its_process(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    app.create_app(lab)
    assert Image.MAX_IMAGE_PIXELS == images.MAX_PIXELS
