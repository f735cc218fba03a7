"""Viewers of our own: each a module in ``assets/viewers/`` that draws into a ``gr.HTML`` and asks the desk."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray


def viewer(name: str, *, elem_id: str, visible: bool = True) -> gr.HTML:
    """A ``gr.HTML`` into which ``mount`` of a module in ``assets/viewers/`` draws.

    "models" is ``models/main.js``, "learn/claims" is ``learn/claims.js``. Its root has the class ``lab-learn-claims``.
    """
    return gr.HTML(
        html_template=f'<div class="lab-viewer lab-{name.replace("/", "-")}"></div>',
        js_on_load=f"AttentionLab.mount({json.dumps(name)}, element)",
        apply_default_css=False,
        elem_id=elem_id,
        visible=visible,
    )


def packed(array: NDArray[Any]) -> str:
    """Unsigned 8- or 16-bit integers → deflated base64; 16-bit ones as a plane of low, then a plane of high bytes.

    Apart, the high bytes are nearly all 0 and cost almost nothing.
    """
    flat = np.ascontiguousarray(array).reshape(-1)
    if flat.dtype == np.uint16:
        data = (flat & 255).astype(np.uint8).tobytes() + (flat >> 8).astype(np.uint8).tobytes()
    elif flat.dtype == np.uint8:
        data = flat.tobytes()
    else:
        raise TypeError(f"expected uint8 or uint16, got {flat.dtype}")
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


def thousandths(shares: NDArray[Any]) -> NDArray[np.uint16]:
    """Shares of 1 → whole thousandths, which is what a hover shows."""
    whole: NDArray[np.uint16] = np.round(np.clip(shares, 0, 1) * 1000).astype(np.uint16)
    return whole


def halves(array: NDArray[Any]) -> str:
    """Numbers as 16-bit floats, three significant digits of them, packed; what is larger than those hold is cut."""
    most = np.finfo(np.float16).max
    return packed(np.clip(array, -most, most).astype("<f2").view(np.uint16))
