"""Untrusted bytes → an RGB picture, or a sentence that says what is wrong with them.

Nothing is believed before it is checked: the kind is told by the first bytes (never by the name), the size is read
from the header before a pixel is decoded, and what a file carries beside its pixels (EXIF, ICC, text) is dropped.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.errors import ImageError

MAX_BYTES = 10_000_000
MAX_PIXELS = 25_000_000
MAX_ASPECT = 20
MAX_ID = 150  # the last class of SceneParse150; 0 means "not annotated"
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")

_decoding = threading.BoundedSemaphore(2)  # a picture at the limit takes some 250 MB on its way to RGB

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_TURNS = {  # EXIF orientation → what makes the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def protect_process() -> None:
    """Let Pillow's own alarm go off at ``MAX_PIXELS``, so that whoever opens an image in this process is protected.

    For the start of a server: it changes Pillow's and warnings' settings for all threads. What is read here has these
    limits without it, too.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # damaged metadata, dropped here anyway
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, eq=False)
class Picture:
    """An uploaded image, decoded."""

    pixels: npt.NDArray[np.uint8]  # (H, W, 3), RGB
    notes: tuple[str, ...]  # keys of sentences on what was done to it, like ``images.notes.first_frame``
    digest: str  # SHA-256 of the file


def sniff(data: bytes) -> str:
    """The kind that the first bytes tell: one of ``FORMATS``, or heic, tiff, svg, text, unknown."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"BM"):
        return "BMP"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    if data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "tiff"
    start = data[:1024].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<svg") or (start.startswith(("<?xml", "<!doctype svg", "<!--")) and "<svg" in start):
        return "svg"
    controls = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in data[:1024])
    return "text" if "\ufffd" not in start[:-1] and controls == 0 else "unknown"


def read(path: str | Path) -> bytes:
    """The bytes of an uploaded file, or an error where it is gone, empty or over ``MAX_BYTES``."""
    try:
        size = Path(path).stat().st_size
        if size > MAX_BYTES:
            raise ImageError("images.too_many_bytes", limit=MAX_BYTES // 10**6)
        return Path(path).read_bytes()
    except OSError:
        raise ImageError("images.gone") from None


def _open(data: bytes, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """The header of an image whose kind, size and shape are allowed; no pixel is decoded yet."""
    if not data:
        raise ImageError("images.empty")
    if len(data) > MAX_BYTES:
        raise ImageError("images.too_many_bytes", limit=MAX_BYTES // 10**6)
    kind = sniff(data)
    if kind not in FORMATS:
        raise ImageError(f"images.{kind}")
    if kind not in formats:
        raise ImageError("images.annotation_kind", kind=kind)
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageError("images.too_many_pixels", limit=MAX_PIXELS // 10**6) from None
    except Exception:  # Pillow's readers answer damage with more than ten kinds of exception
        raise ImageError("images.broken") from None
    width, height = image.size
    if min(width, height) < 1:
        raise ImageError("images.broken")
    if width * height > MAX_PIXELS:
        raise ImageError("images.too_many_pixels", limit=MAX_PIXELS // 10**6)
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageError("images.too_long", width=width, height=height, limit=MAX_ASPECT)
    return image


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):  # a frame larger than its header said
        raise ImageError("images.too_many_pixels", limit=MAX_PIXELS // 10**6) from None
    except Exception:
        raise ImageError("images.broken") from None


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(image.getexif().get(0x0112, 1))
    except Exception:  # damaged EXIF: the pixels are as good as before
        turn = None
    return image if turn is None else image.transpose(turn)


def _grey16(image: Image.Image) -> npt.NDArray[np.uint8]:
    """16-bit grey (H, W) → 8-bit RGB (H, W, 3): 65535 becomes 255; the one transparent value becomes white."""
    values = np.asarray(image).astype(np.uint32)
    grey = ((values + 128) // 257).clip(0, 255).astype(np.uint8)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = 255
    return np.repeat(grey[:, :, None], 3, axis=2)


def _rgb(image: Image.Image) -> npt.NDArray[np.uint8]:
    """Any mode that the five formats give → (H, W, 3), what is transparent over white."""
    if image.mode.startswith("I"):
        return _grey16(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _animated(image: Image.Image) -> bool:
    try:
        return image.format in ("GIF", "PNG", "WEBP") and bool(getattr(image, "is_animated", False))
    except Exception:  # a broken second frame does not spoil the first
        return False


def decode(data: bytes) -> Picture:
    """An uploaded file → :class:`Picture`: upright RGB (H, W, 3), first frame, without its metadata.

    Raises :class:`ImageError` for anything but a whole JPEG, PNG, WebP, BMP or GIF of at most ``MAX_BYTES``,
    ``MAX_PIXELS`` and ``MAX_ASPECT``. At most two pictures are decoded at a time; the others wait.
    """
    with _decoding:
        image = _open(data)
        notes = ["images.notes.first_frame"] if _animated(image) else []
        _load(image)
        if image.mode.startswith("I"):
            notes.append("images.notes.sixteen_bits")
        turned = _upright(image)
        if turned is not image:
            notes.append("images.notes.turned")
        if turned.has_transparency_data:
            notes.append("images.notes.over_white")
        try:
            pixels = _rgb(turned)
        except MemoryError:
            raise
        except Exception:
            raise ImageError("images.broken") from None
    return Picture(pixels, tuple(notes), hashlib.sha256(data).hexdigest())


def decode_annotation(data: bytes, width: int, height: int) -> npt.NDArray[np.uint8]:
    """An uploaded annotation → class ids (H, W), 0 = not annotated, 1..150 = SceneParse150.

    Raises :class:`ImageError` where it holds colours instead of one number a pixel, ids over 150, another size than
    the picture's ``width`` × ``height``, or was saved in a format that changes numbers (JPEG, WebP).
    """
    with _decoding:
        image = _open(data, ("PNG", "GIF", "BMP"))
        if image.mode not in ("1", "L", "P", "I;16", "I;16B", "I"):
            raise ImageError("images.annotation_colours", mode=image.mode)
        if image.size != (width, height):
            raise ImageError(
                "images.annotation_size",
                width=image.width, height=image.height, wanted_width=width, wanted_height=height,
            )  # fmt: skip
        _load(image)
        ids = np.asarray(image)
    if int(ids.max()) > MAX_ID:
        over = np.unique(ids[ids > MAX_ID])
        shown = ", ".join(map(str, over[:5])) + (" …" if len(over) > 5 else "")
        raise ImageError("images.annotation_ids", ids=shown, limit=MAX_ID)
    return ids.astype(np.uint8)
