"""A picture of 32×32 on its way to the page and back."""

from __future__ import annotations

import base64
import binascii

import numpy as np

from core.data.galleries import Pixels
from core.errors import RangeError


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
