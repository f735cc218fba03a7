"""What may be thrown at the app: texts, JSON values, and pictures that are nearly right."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from hypothesis import strategies as st
from PIL import Image, features

NASTY = (
    *("", " ", "\0", "\ud800", "\u202e abc", "\u200c", "🙂" * 50, "[SEP] [MASK] [CLS]", "</script><script>alert(1)"),
    *("${alert(1)}", "{{7*7}}", "%s%n", "' OR 1=1 --", "../../etc/passwd", "a" * 600, "é" * 300, "این فیلم خوب بود"),
    *("http://127.0.0.1/", "data:text/html,x", "\r\nSet-Cookie: a=b", "word " * 700),
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.text(st.characters(codec=None, categories=None), max_size=30),  # lone surrogates too
    st.lists(st.sampled_from(NASTY), max_size=3).map("".join),
)
numbers = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(), st.integers(-2, 14), st.booleans(), st.none(), st.text(max_size=5)
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)


@cache
def seeds() -> tuple[bytes, ...]:
    """One small picture of each kind and mode that is read here, and of some that are not."""
    found = []
    for kind, modes in {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "WEBP": ("RGB", "RGBA"),
        "BMP": ("1", "L", "RGB"),
        "GIF": ("P",),
        "TIFF": ("RGB", "F"),
        "PPM": ("RGB",),
        "TGA": ("RGB",),
        "AVIF": ("RGB", "RGBA") if features.check("avif") else (),
    }.items():
        for mode in modes:
            buffer = io.BytesIO()
            Image.linear_gradient("L").resize((40, 24)).convert("L" if mode == "I;16" else mode).save(buffer, kind)
            found.append(buffer.getvalue())
    found += [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"hello", b"\0\0\0\x18ftypheic" + bytes(40), b"GIF89a"]
    return tuple(found)


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """A picture, or one whose bytes were changed, cut, doubled or followed by others."""
    data = bytearray(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(0, 4))):
        if not data:
            break
        place = draw(st.integers(0, len(data) - 1))
        change = draw(st.sampled_from(["set", "set", "set", "cut", "insert", "double", "size"]))
        if change == "set":
            data[place] = draw(st.integers(0, 255))
        elif change == "cut":
            del data[place:]
        elif change == "insert":
            data[place:place] = draw(st.binary(max_size=20))
        elif change == "double":
            data += data[place:]
        else:  # four bytes of a length or a side
            data[place : place + 4] = draw(st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"]))
    return bytes(data)
