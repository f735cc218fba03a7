"""The pixels of an uploaded annotation, of whatever mode → numbers, or classes where ADE20K's colours name them.

A file says what it means in one of these ways, and what could mean two things is refused:

- one channel: its numbers
- greys (three equal channels, or a palette of greys): their numbers
- ADE20K's colours, in a palette or as they are: the classes of these colours, black for "not annotated"
- a palette with PASCAL VOC's colours, with which labelling tools number their classes: the numbers of these colours
- a palette of other colours: the indices behind it, unless a tool may have re-ordered them. Such a tool numbers the
  colours that occur 0, 1, 2 … as it likes, and keeps no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.data.labels import UNLABELLED, ade20k
from core.errors import ImageError

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Meaning = Literal["greys", "ade20k", "mixed", "nothing"]

SHARED = 0x8C8C8C  # the standard gives road and skyscraper one colour
NAMED = 3  # colours that a refusal names
LAST = 150  # the last class of SceneParse150
PIECE = 1 << 20
MOST = 500  # colours: more than there are greys or classes


@dataclass(frozen=True, eq=False)
class Values:
    """What an annotation's pixels say: ``numbers``, or ``classes`` where colours name them; the other is None."""

    numbers: npt.NDArray[np.uint16] | None  # (H, W)
    classes: Bytes | None  # (H, W) ADE20K ids, 0 = not annotated
    transparent: Flags | None  # (H, W) pixels that show nothing; None where there are none
    notes: tuple[str, ...]  # keys of sentences on how it was read


@cache
def ade20k_ids() -> dict[int, int]:
    """ADE20K's colours 0xRRGGBB → id; black → 0. The colour that road and skyscraper share is road, the commoner."""
    return {0: UNLABELLED, **{int(row.color[1:], 16): row.id for row in reversed(ade20k())}}


@cache
def voc_numbers() -> dict[int, int]:
    """PASCAL VOC's colours 0xRRGGBB → number 0..255: bit 3 k + c of a number is bit 7 - k of channel c."""
    found = {}
    for number in range(256):
        channels = [sum((number >> 3 * k + c & 1) << 7 - k for k in range(3)) for c in range(3)]
        found[code_of(channels)] = number
    return found


def code_of(channels: Iterable[int]) -> int:
    """Red, green, blue → 0xRRGGBB."""
    return int.from_bytes(bytes(int(channel) for channel in channels), "big")


def used_in(values: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> npt.NDArray[np.int64]:
    """The values that occur, in order. By pieces, since counting takes 8 bytes a value."""
    flat = values.ravel()
    there: Flags = np.zeros(1 << 16, dtype=bool)
    for start in range(0, flat.size, PIECE):
        there |= np.bincount(flat[start : start + PIECE], minlength=1 << 16) > 0
    return np.flatnonzero(there)


def meaning(codes: Iterable[int]) -> Meaning:
    """What colours 0xRRGGBB say together. ImageError where they may be greys as well as ADE20K's."""
    used, known = set(codes) - {0}, ade20k_ids()
    greys = all(code == (code & 255) * 0x010101 for code in used)
    if used and used <= known.keys():
        if greys and all(code & 255 <= LAST for code in used):
            raise ImageError("images.annotation_ambiguous", greys=", ".join(str(code & 255) for code in sorted(used)))
        return "ade20k"
    if greys:
        return "greys"
    return "mixed" if used & known.keys() else "nothing"


def values_of(image: Image.Image) -> Values:
    """A decoded annotation (PNG, GIF or BMP) → :class:`Values`. Errors: ImageError where it may mean two things."""
    if image.mode == "1":
        raise ImageError("images.annotation_mask")
    transparent = _transparent(image)
    if image.mode == "P":
        return _of_palette(image, transparent)
    if image.mode in ("L", "LA") or image.mode.startswith("I"):
        numbers = np.asarray(image.getchannel("L") if image.mode == "LA" else image).astype(np.uint16)
        return Values(numbers, None, transparent, ())
    return _of_colours(np.asarray(image.convert("RGB")), transparent)


def _transparent(image: Image.Image) -> Flags | None:
    if image.mode.startswith("I") or not image.has_transparency_data:
        return None
    image = image if "A" in image.mode else image.convert("RGBA")
    hidden: Flags = np.asarray(image.getchannel("A")) == 0
    return hidden if hidden.any() else None


def _unknown(codes: Iterable[int]) -> ImageError:
    foreign = sorted(set(codes) - ade20k_ids().keys())
    shown = ", ".join(f"#{code:06x}" for code in foreign[:NAMED]) + (" …" if len(foreign) > NAMED else "")
    return ImageError("images.annotation_colours", colours=shown)


def _class_notes(codes: Iterable[int]) -> tuple[str, ...]:
    return ("images.annotation.colours", *(["images.annotation.shared"] if SHARED in codes else []))


def _codes(pixels: Bytes, transparent: Flags | None) -> Iterator[tuple[slice, npt.NDArray[np.uint32]]]:
    """Rows of three channels (H, W, 3) as colours 0xRRGGBB, some at a time: all would take as much as the picture."""
    rows = max(1, PIECE // pixels.shape[1])
    for start in range(0, len(pixels), rows):
        part = slice(start, start + rows)
        red, green, blue = (pixels[part, :, c].astype(np.uint32) for c in range(3))
        codes = (red << 16 | green << 8 | blue).astype(np.uint32)
        if transparent is not None:
            codes[transparent[part]] = 0  # whatever colour lies hidden there
        yield part, codes


def _of_colours(pixels: Bytes, transparent: Flags | None) -> Values:
    """Three channels (H, W, 3)."""
    there = np.zeros(1 << 24, dtype=bool)
    for _, codes in _codes(pixels, transparent):
        there[codes] = True
    used = np.flatnonzero(there)[:MOST].tolist()  # a photo has hundreds of thousands
    kind = meaning(used) if len(used) < MOST else "nothing"
    if kind not in ("greys", "ade20k"):
        raise _unknown(used)
    table = np.zeros(1 << 24, dtype=np.uint8)
    table[used] = [ade20k_ids()[code] if kind == "ade20k" else code & 255 for code in used]
    found = np.empty(pixels.shape[:2], dtype=np.uint8)
    for part, codes in _codes(pixels, transparent):
        found[part] = table[codes]
    if kind == "ade20k":
        return Values(None, found, transparent, _class_notes(used))
    return Values(found.astype(np.uint16), None, transparent, ("images.annotation.greys",))


def _of_palette(image: Image.Image, transparent: Flags | None) -> Values:
    indices = np.asarray(image)  # (H, W)
    palette = [code_of(entry) for entry in np.reshape(image.getpalette("RGB") or [], (-1, 3))]
    shown = indices.ravel() if transparent is None else indices[~transparent]
    used = used_in(shown).tolist()
    if used and used[-1] >= len(palette):
        raise ImageError("images.broken")
    colours = {i: palette[i] for i in used}
    table = np.zeros(256, dtype=np.uint8)
    if len(set(colours.values())) == len(used) and meaning(colours.values()) == "ade20k":
        table[used] = [ade20k_ids()[colours[i]] for i in used]
        return Values(None, table[indices], transparent, _class_notes(colours.values()))
    numbers, notes = _palette_numbers(colours, palette)
    table[used] = [numbers[i] for i in used]
    return Values(table[indices].astype(np.uint16), None, transparent, notes)


def _palette_numbers(colours: dict[int, int], palette: list[int]) -> tuple[dict[int, int], tuple[str, ...]]:
    """The number that each index stands for, where the palette does not name classes; and keys of notes."""
    plain = {i: i for i in colours}, ("images.annotation.indices",)
    voc = voc_numbers()
    if len(set(colours.values())) < len(colours) or palette[:LAST] == list(voc)[: len(palette[:LAST])]:
        return plain  # the indices say more than the colours, or the same
    kind = meaning(colours.values())
    if kind == "greys":
        greys = {i: code & 255 for i, code in colours.items()}
        return greys, () if greys == plain[0] else ("images.annotation.greys",)
    if set(colours.values()) <= voc.keys():
        return {i: voc[code] for i, code in colours.items()}, ("images.annotation.voc",)
    if kind == "mixed":
        raise _unknown(colours.values())
    count = len(colours)
    if list(colours) == list(range(count)) and len(set(palette[count:])) <= 1:
        raise ImageError("images.annotation_order", count=count)
    return plain
