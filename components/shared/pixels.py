"""A picture of 32×32 on its way to the page and back."""

from __future__ import annotations

import base64
import binascii

import numpy as np

from core.data.galleries import Pixels
from core.errors import ImageError, RangeError
from core.texts import say


def sent_pixels(pixels: Pixels) -> str:
    """(32, 32, 3) → 3,072 bytes in base64."""
    return base64.b64encode(np.ascontiguousarray(pixels, np.uint8).tobytes()).decode("ascii")


def read_pixels(given: object) -> Pixels:
    """What the page sends back as a look: 3,072 bytes in base64 → (32, 32, 3). Raises ``RangeError``."""
    try:
        data = base64.b64decode(given if isinstance(given, str) else "", validate=True)
        return np.frombuffer(data, np.uint8).reshape(32, 32, 3)
    except (ValueError, binascii.Error) as error:
        raise RangeError("cifar.not_pixels") from error


def middle(path: str | None, language: str) -> tuple[Pixels, list[str]]:
    """The middle of an uploaded picture as (32, 32, 3), and what a person should know of that. Errors: ImageError."""
    from core.data.images import decode, read
    from core.networks.classifier import SIDE, fit

    if not isinstance(path, str):
        raise ImageError("images.gone")
    given = decode(read(path))
    height, width = given.pixels.shape[:2]
    notes = [say(language, key) for key in given.notes]
    if (height, width) != (SIDE, SIDE):
        notes.append(say(language, "cifar.middle", width=width, height=height, side=min(width, height), small=SIDE))
    return fit(given.pixels), notes
