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
from PIL import Image, features

from core.data import avif
from core.data.rgb import is_deep, of_deep, read_lower, rgb
from core.errors import ImageError

MAX_BYTES = 10_000_000
MAX_PIXELS = 25_000_000
MAX_ASPECT = 20
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", *(["AVIF"] if features.check("avif") else []))

decoding = threading.BoundedSemaphore(2)  # a picture at the limit takes some 250 MB on its way to RGB

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF_BRANDS = {avif.STILL, avif.SEQUENCE}
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
    orientation: int = 1  # EXIF's of the file, 1..8; the pixels are upright


def sniff(data: bytes) -> str:
    """The kind that the first bytes tell: one of ``FORMATS``, or avif, heic, tiff, svg, text, unknown."""
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
    if brands := avif.brands(data):
        if brands[0] in _AVIF_BRANDS or (brands[0] in (b"mif1", b"msf1") and _AVIF_BRANDS & set(brands)):
            return "AVIF" if "AVIF" in FORMATS else "avif"
        if brands[0] in _HEIC_BRANDS:
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


def opened(data: bytes, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """The header of an image whose kind, size and shape are allowed; no pixel is decoded yet. Errors: ImageError."""
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
        if kind == "AVIF":
            data = avif.as_still(data)
            _check_inside(data)
        image = Image.open(io.BytesIO(data), formats=[kind])
    except ImageError:
        raise
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


def _check_inside(data: bytes) -> None:
    """Refuse an AVIF that holds a picture beyond the limit, or more than colour, transparency and a thumbnail need."""
    pixels = avif.coded_pixels(data)
    if max(pixels) > MAX_PIXELS or sum(pixels) > 3 * MAX_PIXELS:
        raise ImageError("images.too_many_pixels", limit=MAX_PIXELS // 10**6)


def load(image: Image.Image) -> None:
    """Decode the pixels of an opened image. ImageError where they are damaged or more than its header said."""
    try:
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):  # a frame larger than its header said
        raise ImageError("images.too_many_pixels", limit=MAX_PIXELS // 10**6) from None
    except Exception:
        raise ImageError("images.broken") from None


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation of a loaded image, 1..8; 1 is upright, and what a file without one has."""
    try:
        found = image.getexif().get(0x0112, 1)
    except Exception:  # damaged EXIF: the pixels are as good as before
        return 1
    return found if isinstance(found, int) and found in _TURNS else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """An image of that EXIF orientation, turned; itself where it is upright."""
    return image.transpose(_TURNS[orientation]) if orientation != 1 else image


def animated(image: Image.Image) -> bool:
    """Whether an opened image has more than one frame."""
    try:
        return image.format in ("GIF", "PNG", "WEBP") and bool(getattr(image, "is_animated", False))
    except Exception:  # a broken second frame does not spoil the first
        return False


def _lower(data: bytes) -> Image.Image:
    image = opened(data)
    read_lower(image)
    load(image)
    return image


def decode(data: bytes) -> Picture:
    """An uploaded file → :class:`Picture`: upright RGB (H, W, 3), first frame, without its metadata.

    Raises :class:`ImageError` for anything but a whole JPEG, PNG, WebP, BMP, GIF or (where Pillow has it) AVIF of at
    most ``MAX_BYTES``, ``MAX_PIXELS`` and ``MAX_ASPECT``. At most two pictures are decoded at a time; the others wait.
    """
    with decoding:
        image = opened(data)
        notes = ["images.notes.first_frame"] if animated(image) or avif.SEQUENCE in avif.brands(data)[:1] else []
        deep = is_deep(image)
        load(image)
        orientation = orientation_of(image)
        if orientation != 1:
            notes.append("images.notes.turned")
        try:
            if deep:
                image, note = of_deep(image, lambda: _lower(data))
                notes.append(note)
            pixels, more = rgb(upright(image, orientation))
        except MemoryError:
            raise
        except Exception:
            raise ImageError("images.broken") from None
    return Picture(pixels, (*notes, *more), hashlib.sha256(data).hexdigest(), orientation)
