"""Results of the Attention lab → what its viewer is sent. Layers and heads count from 1 there."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from components.page.viewer import packed, thousandths
from core.lab.lab import Lab
from core.lab.text import Look
from core.text.results import Attention, EmbeddingParts, Floats, HeadSteps, Tokens
from core.texts import say

if TYPE_CHECKING:
    from core.text.occlusion import LeftOut

LayerName = int | Literal["mean", "rollout"]  # a layer from 1, or all of them averaged head by head, or multiplied
THUMBNAIL = 24  # pixels a side at most, in the grid of all heads
STEP_CODE = ("scores", "scaled", "masked", "weights", "mixed")


def token_rows(tokens: Tokens) -> dict[str, Any]:
    """What the page shows of each token."""
    return {
        "texts": list(tokens.texts),
        "ids": list(tokens.ids),
        "segments": list(tokens.segments),
        "special": [int(s) for s in tokens.special],
        "words": list(tokens.words),
        "behind": list(tokens.behind),
    }


def said(tokens: Tokens, language: str) -> list[str]:
    """The sentences that a person should read beside a result of these tokens."""
    return [say(language, note.code, **note.values) for note in tokens.notes]


def thumbnails(weights: Floats) -> NDArray[np.uint8]:
    """(L, H, T, T) → (L, H, t, t) with t ≤ ``THUMBNAIL``: the largest weight of each cell's block, 0 to 255."""
    T = weights.shape[-1]
    if T > THUMBNAIL:
        starts = np.linspace(0, T, THUMBNAIL, endpoint=False).astype(int)
        weights = np.maximum.reduceat(np.maximum.reduceat(weights, starts, axis=-1), starts, axis=-2)
    return np.asarray(np.round(np.clip(weights, 0, 1) * 255), dtype=np.uint8)


def looked(lab: Lab, look: Look, attention: Attention, layer: LayerName, language: str) -> dict[str, Any]:
    """The first answer about a look: its tokens, notes, metrics, thumbnails, and one layer's weights."""
    from core.text.heads import HEAD_METRICS, head_metrics
    from core.text.occlusion import MAX_OCCLUDED

    metrics = head_metrics(attention)
    spec = lab.find(look.model, "attention")
    if isinstance(layer, int):
        layer = max(1, min(layer, attention.layers))
    return {
        "look": look.sent(),
        "model": {"name": spec.name, "title": spec.title, "origin": spec.origin},
        "offered": [{"name": other.name, "title": other.title} for other in lab.offered("attention")],
        "layers": attention.layers,
        "heads": attention.heads,
        "tokens": token_rows(attention.tokens),
        "notes": said(attention.tokens, language),
        "seconds": round(attention.seconds, 4),
        "probabilities": attention.probabilities,
        "metrics": {m.name: np.round(metrics[m.name], 4).tolist() for m in HEAD_METRICS},
        "units": {m.name: m.unit for m in HEAD_METRICS},
        "thumbnails": packed(thumbnails(attention.weights)),
        "occluded": MAX_OCCLUDED,
        "side": min(attention.weights.shape[-1], THUMBNAIL),
        "layer": layer_content(attention, layer),
    }


def layer_content(attention: Attention, layer: LayerName, *, hide: bool = False, merge: bool = False) -> dict[str, Any]:
    """One layer with its labels; special tokens hidden or pieces merged on demand. Errors: RangeError."""
    from core.text.matrices import merge_words, without_special

    weights = layer_weights(attention, layer)
    tokens = attention.tokens
    texts, places = list(tokens.texts), list(range(len(tokens)))
    if merge:
        weights, texts, places = merge_words(weights, tokens)
    if hide:
        kept = Tokens(*(tuple(part[p] for p in places) for part in _fields(tokens)))
        weights, left = without_special(weights, kept)
        texts, places = [texts[i] for i in left], [places[i] for i in left]
    return {
        "layer": layer,
        "texts": texts,
        "places": places,
        "behind": [tokens.behind[place] for place in places],
        "heads": int(weights.shape[0]),
        "weights": packed(thousandths(weights)),
    }


def layer_weights(attention: Attention, layer: LayerName) -> Floats:
    """(H, T, T), H = 1 for the rollout. Errors: RangeError."""
    from core.text.attend import check_range
    from core.text.matrices import rollout

    if layer == "rollout":
        return rollout(attention.weights)[-1:]
    if layer == "mean":
        averaged: Floats = attention.weights.mean(axis=0)
        return averaged
    one: Floats = attention.weights[check_range("layer", layer, 1, attention.layers) - 1]
    return one


def _fields(tokens: Tokens) -> tuple[tuple[Any, ...], ...]:
    return tokens.texts, tokens.ids, tokens.segments, tokens.special, tokens.words


def source_lines() -> dict[str, str]:
    """The lines of ``core/networks/attention.py`` that make each step, as they run."""
    from core.networks import attention

    lines = inspect.getsource(attention.scaled_dot_product_attention).splitlines()
    return {step: next(line.strip() for line in lines if line.strip().startswith(f"{step} = ")) for step in STEP_CODE}


def steps_content(steps: HeadSteps, query: int | None = None) -> dict[str, Any]:
    """Every number of every step of one head, or of one ``query`` (from 0) in it; and the code that made it."""
    arrays = {name: getattr(steps, name) for name in ("query", "key", "value", *STEP_CODE)}
    if query is not None:
        arrays |= {name: arrays[name][query : query + 1] for name in ("query", *STEP_CODE)}
    return {
        "layer": steps.layer + 1,
        "head": steps.head + 1,
        "width": int(steps.query.shape[1]),
        "only": query,
        "total": int(steps.key.shape[0]),
        "steps": {name: _floats(array) for name, array in arrays.items()},
        "code": source_lines(),
    }


def _floats(array: Floats) -> str:
    """float32 → base64 of their bytes, deflated: full precision for the worked example."""
    return packed(np.ascontiguousarray(array, dtype="<f4").view(np.uint8))


def embeddings_content(parts: EmbeddingParts) -> dict[str, Any]:
    """How long the three summands of the input are, token by token, their sum, and it after layer norm."""
    names = ("token", "position", "segment", "summed", "normed")
    return {"norms": {name: np.round(getattr(parts, name), 3).tolist() for name in names}}


def occlusion_content(found: LeftOut, attention: Attention) -> dict[str, Any]:
    """What leaving each token out changes, beside the attention that it receives (mean over layers, heads, queries).

    ``label`` is empty where the model does not classify; then ``moved`` tells nothing.
    """
    received = attention.weights.mean(axis=(0, 1, 2))
    columns = {"change": found.turned, "moved": found.moved, "received": received}
    told = {name: [round(float(value), 5) for value in values] for name, values in columns.items()}
    return {**told, "label": found.label, "probability": round(found.probability, 5)}
