"""Viewers of our own: each a module in ``assets/viewers/`` that draws into a ``gr.HTML`` and asks the desk.

Labs that still speak the old channel talk through the component's value, which is one JSON message. The message never
enters the template, so nothing in it is ever parsed as HTML by gradio.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from server.gradio_queue import event_data as event_data  # so that labs need not know the server


def viewer(name: str, *, elem_id: str, value: str = "", visible: bool = True) -> gr.HTML:
    """A ``gr.HTML`` into which ``mount`` of a module in ``assets/viewers/`` draws.

    "models" is ``models/main.js``, "learn/claims" is ``learn/claims.js``. Its root has the class ``lab-learn-claims``.
    """
    return gr.HTML(
        value=value,
        html_template=f'<div class="lab-viewer lab-{name.replace("/", "-")}"></div>',
        js_on_load=f"AttentionLab.mount({json.dumps(name)}, element, {{props, watch, trigger}})",
        apply_default_css=False,
        elem_id=elem_id,
        visible=visible,
    )


def asks(view: gr.HTML, event: str, handler: Any, inputs: Any, outputs: Any, **options: Any) -> Any:
    """Answer an event of a viewer; where that fails, the viewer says so and offers to ask again.

    ``shows``, among the options: the viewer that waits for the answer, where it is another one.
    """
    shows = options.pop("shows", view)
    return told(getattr(view, event)(handler, inputs, outputs, **options), view, event, shows)


def told(dependency: Any, view: gr.HTML, event: str = "", shows: gr.HTML | None = None) -> Any:
    """Let a viewer say that an event failed whose answer it waits for, also one that it did not ask for itself."""
    names = ", ".join(json.dumps(name) for name in (view.elem_id, event, (shows or view).elem_id))
    js = f"() => {{ AttentionLab.failed({names}); return []; }}"
    dependency.failure(None, None, None, js=js, queue=False, api_visibility="private")
    return dependency


def message(kind: str, **content: Any) -> str:
    """One message for a viewer. ``<`` is written as an escape, so that it can stand inside a script, too."""
    return json.dumps({"kind": kind, **content}, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


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
