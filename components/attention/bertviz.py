"""BertViz's own views (Vig, 2019, https://arxiv.org/abs/1906.05714) as pages that need no network.

BertViz writes a page that fetches d3 and jQuery from elsewhere. Here they come from installed packages, once; the
numbers of a view are a message of their own. The viewer joins the two inside a closed frame.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from components.page.viewer import message
from core.errors import RangeError
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.text.results import Attention, Tokens

# The page holds every weight as text and draws each as a line of its own, so it grows with the square of the tokens.
LIMITS = {"head": 32, "model": 16}
WIDTHS = {"head": 335, "model": 970}  # pixels that BertViz draws at most
DIGITS = 3

# BertViz asks for its libraries through require.js; they are already there when its script starts.
REQUIRE = "const requirejs = (names, draw) => draw(jQuery, d3);"
FETCHES = re.compile(r'<script src="https://[^"]*"></script>|require\.config\(\{.*?\}\);', re.DOTALL)
DATA = "const params = "


@cache
def libraries() -> str:
    """d3 5.7.0 and jQuery, as installed, and the one line that hands them to BertViz."""
    found = []
    for package, file in (("mpld3", "js/d3.v5.min.js"), ("xstatic.pkg.jquery", "data/jquery.min.js")):
        spec = find_spec(package)
        assert spec is not None, f"the package {package} is not installed"
        assert spec.origin is not None, f"the package {package} has no folder"
        found.append((Path(spec.origin).parent / file).read_text("utf-8"))
    return "\n".join([*found, REQUIRE]).replace("</script", "<\\/script")


def height(view: str, layers: int, heads: int, tokens: int) -> int:
    """Pixels that BertViz draws, by the constants of its scripts, which offer no other way to know."""
    if view == "head":
        return round(30 + 22.5 * tokens) + 50  # a row a token under the head boxes; the choice of layer above them
    axis, thumbnail = 38, tokens * 7 * 12 / heads + 10
    detail = 18 * tokens + 55
    return round(max(layers * thumbnail + axis, detail)) + 30


def page(attention: Attention, view: str, layer: int) -> tuple[str, int]:
    """BertViz's view of the first tokens → (body and script, tokens shown). ``layer`` is for its head view."""
    import torch
    from bertviz import head_view, model_view

    T = min(len(attention.tokens), LIMITS[view])
    shares = np.round(attention.weights[:, None, :, :T, :T].astype(np.float64), DIGITS)  # (L, 1, H, T, T)
    weights = [torch.from_numpy(w) for w in shares]
    options: dict[str, Any] = {"html_action": "return", "prettify_tokens": False}
    split = second_start(attention.tokens, T)
    tokens = list(attention.tokens.texts[:T])
    if view == "head":
        made = head_view(weights, tokens, split, include_layers=[layer], **options)
    else:
        made = model_view(weights, tokens, split, display_mode="light", **options)
    return lean(made.data), T


def second_start(tokens: Tokens, shown: int) -> int | None:
    """Where the second sentence starts, if it is among the tokens shown."""
    other = (i for i, segment in enumerate(tokens.segments[:shown]) if segment != tokens.segments[0])
    return next(other, None)


def lean(made: str) -> str:
    """BertViz's page without what it fetches, and with its data once: it stands a second time in a comment.

    ``<`` is written as an escape, so that no token can end the script.
    """
    made = FETCHES.sub("", made)
    start = made.index(DATA) + len(DATA)
    data, end = json.JSONDecoder().raw_decode(made, start)
    rest = made[made.index("\n", end) :]
    return made[:start] + json.dumps(data, separators=(",", ":")).replace("<", "\\u003c") + ";" + rest


def bertviz(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """A page of BertViz's; its libraries only where the page does not have them yet (``ask["libraries"]``)."""
    from core.text.attend import check_range

    view = ask.get("view")
    if not isinstance(view, str) or view not in LIMITS:
        raise RangeError("attention.bertviz_view", choices=", ".join(LIMITS))
    attention = text.attention(lab, look)
    layer = check_range("layer", ask.get("layer"), 0, attention.layers - 1)
    body, shown = page(attention, view, layer)
    return message(
        "bertviz",
        look=look.sent(),
        view=view,
        layer=layer,
        page=body,
        shown=shown,
        total=len(attention.tokens),
        width=WIDTHS[view],
        height=height(view, attention.layers, attention.heads, shown),
        libraries=libraries() if ask.get("libraries") else None,
    )
