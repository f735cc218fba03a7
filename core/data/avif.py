"""How many pixels an AVIF file makes a decoder produce, read from the file before anything is decoded.

The size in an AVIF's header binds nobody: the AV1 pictures inside have their own, a decoder makes those and scales
them. A file of 1.4 kB that says 60 × 40 can hold 81 megapixels. So the pictures themselves are asked: every coded item
(ISO/IEC 23008-12, the boxes ``iloc`` and ``iinf``), and in it every sequence header (AV1 bitstream specification, 5.5).
What is not understood here is not decoded.
"""

from __future__ import annotations

from collections.abc import Iterator

STILL, SEQUENCE = b"avif", b"avis"
CODED = b"av01"
SEQUENCE_HEADER = 1
MOST_BOXES, LONGEST_TABLE = 10_000, 1 << 15  # of them, and bytes: a picture of a thousand tiles needs less


class Bits:
    """Numbers of any width from bytes, the highest bit first. Errors: ValueError at the end."""

    def __init__(self, data: bytes) -> None:
        self.value, self.left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, width: int) -> int:
        """The next ``width`` bits."""
        if width > self.left:
            raise ValueError("the file ends inside a number")
        self.left -= width
        return self.value >> self.left & (1 << width) - 1


def brands(data: bytes) -> tuple[bytes, ...]:
    """The kinds that a file says it is of, the first of which is its own; none where it has no ``ftyp`` box."""
    if data[4:8] != b"ftyp":
        return ()
    size = int.from_bytes(data[:4], "big")
    return data[8:12], *(data[at : at + 4] for at in range(16, min(size, len(data), 512) - 3, 4))


def as_still(data: bytes) -> bytes:
    """The file as one still picture, also where it is an animation: the picture that stands for it is read."""
    return data[:8] + STILL + data[12:]


def coded_pixels(data: bytes) -> list[int]:
    """How many pixels each AV1 picture of a file has at most. ValueError where the file is not understood."""
    (meta,) = [body for kind, body in _boxes(data) if kind == b"meta"]
    boxes: dict[bytes, bytes] = {}
    for kind, body in _boxes(meta[4:]):
        if kind in boxes and kind in (b"iloc", b"iinf", b"idat"):
            raise ValueError("two tables of items")
        boxes[kind] = body
    coded = _coded_items(boxes.get(b"iinf", b""))
    found, read = [], 0
    for item, parts in _places(boxes.get(b"iloc", b"")):
        if item not in coded:
            continue
        content = b""
        for part in parts:
            content += _content(part, data, boxes.get(b"idat", b""))
            if read + len(content) > len(data):
                raise ValueError("items share what they hold")
        read += len(content)
        found.append(max(_sizes(content)))
    if not found or min(found) == 0:
        raise ValueError("no coded picture, or one without a size")
    return found


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(MOST_BOXES):
        if at >= len(data):
            return
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise ValueError("a box ends beyond what holds it")
        yield kind, data[at + head : at + size]
        at += size
    raise ValueError("too many boxes")


def _coded_items(iinf: bytes) -> set[int]:
    """Numbers of the items that are AV1 pictures."""
    found = set()
    for kind, body in _boxes(iinf[6 if iinf[:1] == b"\0" else 8 :]):
        if kind != b"infe" or body[:1] not in (b"\2", b"\3"):
            raise ValueError("an item of another version")
        wide = 4 if body[:1] == b"\3" else 2
        if body[6 + wide : 10 + wide] == CODED:
            found.add(int.from_bytes(body[4 : 4 + wide], "big"))
    return found


def _places(iloc: bytes) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """Each item's number and its parts: whence (0 the file, 1 ``idat``), offset, length."""
    if len(iloc) > LONGEST_TABLE:
        raise ValueError("too many places")
    bits = Bits(iloc)
    version = bits.take(32) >> 24
    if version > 2:
        raise ValueError("a table of places of another version")
    offset, length, base, index = (8 * bits.take(4) for _ in range(4))
    index = index if version else 0
    wide = 32 if version == 2 else 16
    for _ in range(bits.take(wide)):
        item, method = bits.take(wide), bits.take(16) & 15 if version else 0
        bits.take(16)  # which file; 0 is this one
        start = bits.take(base)
        parts = []
        for _ in range(bits.take(16)):
            bits.take(index)
            at = start + bits.take(offset)
            parts.append((method, at, bits.take(length)))
        yield item, parts


def _content(part: tuple[int, int, int], data: bytes, idat: bytes) -> bytes:
    method, at, length = part
    if method > 1:
        raise ValueError("an item made of other items")
    whole = idat if method else data
    if at + length > len(whole):
        raise ValueError("an item ends beyond its file")
    return whole[at : at + length] if length else whole[at:]


def _sizes(content: bytes) -> Iterator[int]:
    """Pixels by each sequence header of an AV1 picture; 0 first, for one without."""
    yield 0
    at = 0
    while at < len(content):
        head = content[at]
        at += 2 if head & 4 else 1
        size = len(content) - at
        if head & 2:
            size, at = _leb128(content, at)
        if head >> 3 & 15 == SEQUENCE_HEADER:
            yield _sequence_pixels(Bits(content[at : at + min(size, 256)]))
        at += size


def _leb128(content: bytes, at: int) -> tuple[int, int]:
    """The number that begins there, seven bits a byte and the lowest first, and where it ends (4.10.5)."""
    value = 0
    for i, byte in enumerate(content[at : at + 10]):
        value |= (byte & 127) << 7 * i
        if byte < 128:
            return value, at + i + 1
    raise ValueError("a part without an end")


def _sequence_pixels(bits: Bits) -> int:
    """The largest frame that a sequence header allows, in pixels."""
    bits.take(4)  # profile, still picture
    reduced = bits.take(1)
    if reduced:
        bits.take(5)  # level
    else:
        _skip_operating_points(bits)
    across, down = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(across) + 1, bits.take(down) + 1
    if reduced:
        return width * height
    # A frame may then say a size of its own in as many bits; encoders use no more of them than the size needs.
    return max(width * height, (1 << across + down) // 4)


def _skip_operating_points(bits: Bits) -> None:
    delay = None
    if bits.take(1):  # timing
        bits.take(64)
        if bits.take(1):
            zeros = 0
            while not bits.take(1):
                zeros += 1
            bits.take(min(zeros, 32))
        if bits.take(1):  # decoder model
            delay = bits.take(5) + 1
            bits.take(42)
    display = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay is not None and bits.take(1):
            bits.take(2 * delay + 1)
        if display and bits.take(1):
            bits.take(4)
