"""A decoded image of any mode → red, green and blue of 8 bits, and what had to be done for that."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.ImageFile import ImageFile

Bytes = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.uint16]

DEPTH = 1 << 14  # values below this leave two of 16 bits unused, as the 10, 12 or 14 bits of a camera or scanner do


def rgb(image: Image.Image) -> tuple[Bytes, list[str]]:
    """Any mode that the allowed formats give → (H, W, 3), what is transparent over white; and keys of notes."""
    if image.mode.startswith("I"):
        return _of_grey16(image)
    notes = []
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            notes.append("images.notes.over_white")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"), dtype=np.uint8), notes


def _of_grey16(image: Image.Image) -> tuple[Bytes, list[str]]:
    """16-bit grey (H, W) → 8-bit RGB (H, W, 3); the one transparent value becomes white."""
    values = np.asarray(image).clip(0, 65535).astype(np.uint16)
    transparent = image.info.get("transparency")
    shown = values[values != transparent] if isinstance(transparent, int) else values
    table, note = eight_bits(shown)
    if isinstance(transparent, int):
        table[transparent & 65535] = 255
    return np.repeat(table[values][:, :, None], 3, axis=2), [note]


def eight_bits(shown: Shorts) -> tuple[Bytes, str]:
    """The 8-bit value of each of 65,536 values, and the key of a note; ``shown``: those that occur, of any shape.

    65535 becomes 255. Where no value reaches ``DEPTH``, the smallest becomes 0 and the largest 255.
    """
    every = np.arange(1 << 16, dtype=np.int64)
    low, high = (int(shown.min()), int(shown.max())) if shown.size else (0, 0)
    if low < high < DEPTH:
        stretched = (every - low).clip(0, high - low) * 255 / (high - low)
        return stretched.round().astype(np.uint8), "images.notes.stretched"
    return ((every + 128) // 257).clip(0, 255).astype(np.uint8), "images.notes.sixteen_bits"


def is_deep(image: Image.Image) -> bool:
    """Whether an opened image, not yet loaded, has 16 bits in each of several channels, of which Pillow reads 8."""
    return isinstance(image, ImageFile) and any(tile.args in ("RGB;16B", "RGBA;16B") for tile in image.tile)


def read_lower(image: Image.Image) -> None:
    """Let an opened deep image, not yet loaded, read the lower eight bits of its channels instead of the upper."""
    assert isinstance(image, ImageFile), "deep"
    image.tile = [tile._replace(args=str(tile.args).replace("16B", "16L")) for tile in image.tile]


def of_deep(upper: Image.Image, lower: Callable[[], Image.Image]) -> tuple[Image.Image, str]:
    """A deep image as one of 8 bits a channel, and the key of a note; ``lower`` is called where its range is small."""
    colours = np.asarray(upper)[..., :3]
    if int(colours.max()) >= DEPTH >> 8:
        return upper, "images.notes.sixteen_bits"
    values: Shorts = colours.astype(np.uint16) << 8 | np.asarray(lower())[..., :3]
    table, note = eight_bits(values)
    image = Image.fromarray(table[values])
    if upper.mode == "RGBA":
        image.putalpha(upper.getchannel("A"))
    return image, note
