"""An uploaded annotation → the ADE20K id of each pixel, or a sentence that says why it cannot be read as that.

What the pixels say is worked out in :mod:`core.data.annotation_pixels`. Numbers are counted in one of two ways: 0 for
"not annotated" and 1..150 for the classes, as ADE20K stores them; or 255 for "not annotated" and 0..149 for the
classes, as many training programs do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.data.annotation_pixels import LAST, Flags, used_in, values_of
from core.data.images import animated, decoding, load, opened, orientation_of, upright
from core.data.labels import UNLABELLED
from core.errors import ImageError

Ids = npt.NDArray[np.uint8]  # (H, W): 0 = not annotated, 1..150 = SceneParse150
Counting = Literal["from_one", "from_zero"]
COUNTINGS: tuple[Counting, ...] = ("from_one", "from_zero")
GUESS = "guess"

EXACT_FORMATS = ("PNG", "GIF", "BMP")  # what is not here may change numbers
IGNORED = 255  # "not annotated" where ids count from 0; no class has it where they count from 1
SHOWN = 5  # numbers that a refusal names


@dataclass(frozen=True, eq=False)
class Annotation:
    """An annotation as it was read. ``counting`` is None where its colours name the classes."""

    ids: Ids  # (H, W)
    counting: Counting | None
    numbers: npt.NDArray[np.uint8] | None  # (H, W) as they are stored, 255 where nothing is shown; None for colours
    notes: tuple[str, ...]  # keys of sentences on how it was read, like ``images.annotation.colours``

    def other(self) -> tuple[Counting, Ids] | None:
        """The other way of counting, and the ids that it gives; None where there is none that fits."""
        if self.counting is None or self.numbers is None:
            return None
        other: Counting = "from_zero" if self.counting == "from_one" else "from_one"
        try:
            return other, counted(self.numbers, other)
        except ImageError:
            return None


def counted(numbers: npt.NDArray[np.uint8], counting: Counting) -> Ids:
    """Stored numbers (H, W) → ids. ImageError names the numbers that are no class in that way of counting."""
    last = LAST if counting == "from_one" else LAST - 1
    used = used_in(numbers)
    if ((used > last) & (used != IGNORED)).any():
        raise _beyond(used[used > last], last, counting)
    table = np.arange(256, dtype=np.uint8)
    if counting == "from_zero":
        table[:LAST] += 1
    table[IGNORED] = UNLABELLED
    return table[numbers]


def _beyond(over: npt.NDArray[np.int64], last: int, counting: Counting) -> ImageError:
    shown = ", ".join(map(str, over[:SHOWN].tolist())) + (" …" if len(over) > SHOWN else "")
    return ImageError("images.annotation_ids" if counting == "from_one" else "images.annotation_from_zero",
                      ids=shown, limit=last)  # fmt: skip


def guessed(used: npt.NDArray[np.int64]) -> Counting:
    """The way of counting that the numbers which occur point to: 255 means from 0, unless they reach 150."""
    return "from_zero" if used[-1] == IGNORED and (used[:-1] < LAST).all() else "from_one"


def read_annotation(data: bytes, width: int, height: int, counting: str = GUESS, orientation: int = 1) -> Annotation:
    """An uploaded file → :class:`Annotation` of a picture of ``width`` × ``height`` pixels, upright.

    ``counting``: one of ``COUNTINGS``, or anything else for a guess. ``orientation``: EXIF's of the picture's file,
    in case the annotation was drawn over that picture unturned. Raises :class:`ImageError` for a format that changes
    numbers (JPEG, WebP), another size, a mask of two values, and whatever may mean two things.
    """
    with decoding:
        image = opened(data, EXACT_FORMATS)
        if sorted(image.size) != sorted((width, height)):
            raise _other_size(image, width, height)
        notes = ["images.annotation.first_frame"] if animated(image) else []
        load(image)
        turned = _fitting(image, (width, height), orientation)
        if turned is not image:
            notes.append("images.annotation.turned")
        values = values_of(turned)
    if values.transparent is not None:
        notes.append("images.annotation.transparent")
    if values.classes is not None:
        return Annotation(_blank(values.classes, values.transparent, UNLABELLED), None, None, (*notes, *values.notes))
    assert values.numbers is not None, "colours or numbers"
    numbers, more = _eight_bits(values.numbers)
    used = used_in(numbers)
    chosen: Counting = next((one for one in COUNTINGS if one == counting), guessed(used))
    said = _said(used.tolist(), chosen, counting)
    numbers = _blank(numbers, values.transparent, IGNORED)
    return Annotation(counted(numbers, chosen), chosen, numbers, (*notes, *values.notes, *more, said))


def decode_annotation(data: bytes, width: int, height: int) -> Ids:
    """The ids (H, W) of :func:`read_annotation` by a guess."""
    return read_annotation(data, width, height).ids


def _other_size(image: Image.Image, width: int, height: int) -> ImageError:
    return ImageError(
        "images.annotation_size",
        width=image.width, height=image.height, wanted_width=width, wanted_height=height,
    )  # fmt: skip


def _fitting(image: Image.Image, size: tuple[int, int], orientation: int) -> Image.Image:
    """The image turned as its own EXIF says, as it is, or as the picture was: the first that has the size."""
    own = orientation_of(image)
    for turn in (own, 1, orientation):
        turned = upright(image, turn)
        if turned.size == size:
            return turned
    raise _other_size(image, *size)


def _eight_bits(numbers: npt.NDArray[np.uint16]) -> tuple[npt.NDArray[np.uint8], tuple[str, ...]]:
    """Numbers of 16 bits as those of 8 that they were made of; keys of notes. ImageError where they were not."""
    if int(numbers.max()) <= 255:
        return numbers.astype(np.uint8), ()
    if not (numbers % 257).any():  # how 8 bits become 16
        return (numbers // 257).astype(np.uint8), ("images.annotation.sixteen_bits",)
    low = np.where(numbers == 65535, IGNORED, numbers)
    if int(low.max()) > IGNORED:
        used = used_in(numbers)
        raise _beyond(used[used > LAST], LAST, "from_one")
    return low.astype(np.uint8), ()


def _said(used: list[int], counting: Counting, asked: str) -> str:
    """The key of the sentence on how the numbers that occur are counted. ImageError for a black and white mask."""
    if set(used) <= {UNLABELLED, IGNORED} and IGNORED in used and asked != "from_zero":
        raise ImageError("images.annotation_mask")
    if counting == "from_zero":
        return "images.annotation.from_zero" if asked == counting else "images.annotation.from_zero_guessed"
    if used == [0, 1]:
        return "images.annotation.two_numbers"
    return "images.annotation.both_ignored" if IGNORED in used else "images.annotation.from_one"


def _blank(values: npt.NDArray[np.uint8], hidden: Flags | None, value: int) -> npt.NDArray[np.uint8]:
    """The values with another one where nothing is shown."""
    return values if hidden is None else np.where(hidden, np.uint8(value), values)
