"""Whether a value that somebody sent can be used: one function for each kind of value, and one error.

Nothing that was sent is believed: it may be of any type. ``code`` names the sentence of the error, which is handed the
field (``name``), the range (``low`` and ``high``, or ``choices``) and the beginning of what was sent (``value``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from core.errors import RangeError
from core.texts import texts

MAX_SEED = 2**32 - 1  # numpy's generators take more, a number on a page does not
SHOWN = 40  # characters of what was sent that an error repeats


def as_whole(value: object, low: int, high: int, *, strict: bool = False) -> int | None:
    """``value`` if it is a whole number from low to high, else None; ``strict`` refuses 3.0, which else is 3."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer):
        return None
    if isinstance(value, float) and (strict or not value.is_integer()):
        return None
    return int(value) if low <= value <= high else None


def whole(code: str, name: str, value: object, low: int, high: int, *, strict: bool = False) -> int:
    """``value`` as a whole number from low to high, both included. Errors: RangeError."""
    found = as_whole(value, low, high, strict=strict)
    if found is None:
        raise _outside(code, name, value, low, high)
    return found


def number(code: str, name: str, value: object, low: float, high: float) -> float:
    """``value`` as a real number from low to high, both included. Errors: RangeError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _outside(code, name, value, low, high)
    return float(value)


def _outside(code: str, name: str, value: object, low: float, high: float) -> RangeError:
    """The error; an empty field has a sentence of its own where the area has one, since nothing can be repeated."""
    area, _, key = code.partition(".")
    if value in (None, "") and f"{area}.errors.{key}_empty" in texts("en"):
        code = f"{code}_empty"
    return RangeError(code, name=name, low=low, high=high, value=beginning(value))


def share(code: str, name: str, value: object) -> float:
    """``value`` as a part of 1. Errors: RangeError."""
    return number(code, name, value, 0, 1)


def choice(code: str, value: object, choices: Iterable[str]) -> str:
    """``value`` if it is one of the names. Errors: RangeError, which lists them in their order."""
    names = tuple(choices)
    if not isinstance(value, str) or value not in names:
        raise RangeError(code, choices=", ".join(names), value=beginning(value))
    return value


def wholes(code: str, name: str, value: object, low: int, high: int) -> tuple[int, ...]:
    """``value`` as a list of whole numbers from low to high, each once, in rising order. Errors: RangeError."""
    given: list[Any] = value if isinstance(value, list) else [None]
    return tuple(sorted({whole(code, name, item, low, high, strict=True) for item in given}))


def written(text: object, high: int) -> int | None:
    """The number from 0 to high that a link writes in digits, else None; “²” is a digit, too, but no number."""
    if not isinstance(text, str) or not re.fullmatch("[0-9]{1,18}", text):
        return None
    return found if (found := int(text)) <= high else None


def beginning(value: object) -> str:
    """The first characters of what was sent, for an error to repeat."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**SHOWN:
        # Python refuses to write out a number of thousands of digits.
        return f"{'-' * (value < 0)}10^{int(math.log10(abs(value)))}"
    return str(value)[:SHOWN]
