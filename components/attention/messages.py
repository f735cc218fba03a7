"""Results of the Attention lab → messages for its viewer."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.attention.bertviz import bertviz
from components.attention.builder import build
from components.page.viewer import message, packed, thousandths
from core.checks import as_whole
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.text.results import Attention, Floats, Tokens
from core.texts import say

ROLLOUT, MEAN = -1, -2  # in the place of a layer: all layers multiplied, or averaged head by head
THUMBNAIL = 24  # pixels a side at most, in the grid of all heads


def slot_of(ask: dict[str, Any]) -> int:
    """Where the page keeps the answer: 0 the look above all views, 1 and 2 the sides of a comparison."""
    return as_whole(ask.get("slot"), 0, 2, strict=True) or 0


def token_rows(tokens: Tokens) -> dict[str, Any]:
    """What the page shows of each token."""
    return {
        "texts": list(tokens.texts),
        "ids": list(tokens.ids),
        "segments": list(tokens.segments),
        "special": [int(s) for s in tokens.special],
        "words": list(tokens.words),
    }


def thumbnails(weights: Floats) -> NDArray[np.uint8]:
    """(L, H, T, T) → (L, H, t, t) with t ≤ ``THUMBNAIL``: the largest weight of each cell's block, 0 to 255."""
    T = weights.shape[-1]
    if T > THUMBNAIL:
        starts = np.linspace(0, T, THUMBNAIL, endpoint=False).astype(int)
        weights = np.maximum.reduceat(np.maximum.reduceat(weights, starts, axis=-1), starts, axis=-2)
    return np.asarray(np.round(np.clip(weights, 0, 1) * 255), dtype=np.uint8)


def looked(
    lab: Lab, look: Look, attention: Attention, layer: int, slot: int, language: str, notes: Sequence[str] = ()
) -> str:
    """The first message about a look: its tokens, notes (``notes`` first), metrics, thumbnails, one layer's weights."""
    from core.text.attend import MAX_OCCLUDED
    from core.text.heads import HEAD_METRICS, head_metrics

    metrics = head_metrics(attention)
    spec = lab.find(look.model, "attention")
    layer = max(0, min(layer, attention.layers - 1))
    return message(
        "look",
        slot=slot,
        look=look.sent(),
        model={"name": spec.name, "title": spec.title, "origin": spec.origin},
        offered=[{"name": other.name, "title": other.title} for other in lab.offered("attention")],
        layers=attention.layers,
        heads=attention.heads,
        tokens=token_rows(attention.tokens),
        notes=[*notes, *(say(language, note.code, **note.values) for note in attention.tokens.notes)],
        seconds=round(attention.seconds, 4),
        probabilities=attention.probabilities,
        metrics={m.name: np.round(metrics[m.name], 4).tolist() for m in HEAD_METRICS},
        units={m.name: m.unit for m in HEAD_METRICS},
        thumbnails=packed(thumbnails(attention.weights)),
        occluded=MAX_OCCLUDED,
        side=min(attention.weights.shape[-1], THUMBNAIL),
        layer=layer_content(attention, layer),
    )


def layer_content(attention: Attention, layer: int, *, hide: bool = False, merge: bool = False) -> dict[str, Any]:
    """One layer (from 0, ``ROLLOUT`` or ``MEAN``) with its labels; special tokens hidden or pieces merged on demand."""
    from core.text.attend import check_range
    from core.text.matrices import merge_words, rollout, without_special

    layer = check_range("layer", layer, MEAN, attention.layers - 1)
    if layer == ROLLOUT:
        weights = rollout(attention.weights)[-1:]  # (1, T, T)
    else:
        weights = attention.weights.mean(axis=0) if layer == MEAN else attention.weights[layer]  # (H, T, T)
    tokens = attention.tokens
    texts, places = list(tokens.texts), list(range(len(tokens)))
    if merge:
        weights, texts, places = merge_words(weights, tokens)
    if hide:
        kept = Tokens(*(tuple(part[p] for p in places) for part in _fields(tokens)))
        weights, left = without_special(weights, kept)
        texts, places = [texts[i] for i in left], [places[i] for i in left]
    return {
        "index": layer,
        "hide": hide,
        "merge": merge,
        "texts": texts,
        "places": places,
        "heads": int(weights.shape[0]),
        "weights": packed(thousandths(weights)),
    }


def _fields(tokens: Tokens) -> tuple[tuple[Any, ...], ...]:
    return tokens.texts, tokens.ids, tokens.segments, tokens.special, tokens.words


def layer(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """Another layer of the look, or the same one with its tokens shown otherwise."""
    attention = text.attention(lab, look)
    content = layer_content(attention, ask.get("layer"), hide=bool(ask.get("hide")), merge=bool(ask.get("merge")))
    return message("layer", slot=slot_of(ask), look=look.sent(), layer=content)


STEP_CODE = ("scores", "scaled", "masked", "weights", "mixed")


def source_lines() -> dict[str, str]:
    """The lines of ``core/networks/attention.py`` that make each step, as they run."""
    from core.networks import attention

    lines = inspect.getsource(attention.scaled_dot_product_attention).splitlines()
    return {step: next(line.strip() for line in lines if line.strip().startswith(f"{step} = ")) for step in STEP_CODE}


def inside(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """One head worked through: every number of every step, and the code that made it."""
    steps = text.steps(lab, look, ask.get("layer"), ask.get("head"))
    arrays = {name: getattr(steps, name) for name in ("query", "key", "value", *STEP_CODE)}
    return message(
        "inside",
        look=look.sent(),
        layer=steps.layer,
        head=steps.head,
        width=int(steps.query.shape[1]),
        steps={name: _floats(array) for name, array in arrays.items()},
        code=source_lines(),
    )


def _floats(array: Floats) -> str:
    """float32 → base64 of their bytes, deflated: full precision for the worked example."""
    return packed(np.ascontiguousarray(array, dtype="<f4").view(np.uint8))


def embeddings(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """How long the three summands of the input are, token by token."""
    parts = text.embeddings(lab, look)
    names = ("token", "position", "segment", "summed", "normed")
    return message("embeddings", look=look.sent(), norms={n: np.round(getattr(parts, n), 3).tolist() for n in names})


def occluded(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """What leaving each token out changes, beside the attention that it receives (mean over layers, heads, queries)."""
    change = text.occlusion(lab, look)
    received = text.attention(lab, look).weights.mean(axis=(0, 1, 2))
    return message(
        "occlusion",
        look=look.sent(),
        change=[round(float(c), 5) for c in change],
        received=[round(float(r), 5) for r in received],
    )


SLICED = {"layer": layer, "bertviz": bertviz, "build": build}  # cut out of what is there, or counted
WORKED = {"inside": inside, "embeddings": embeddings, "occlusion": occluded}  # by the model
