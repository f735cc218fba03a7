"""Measures that tell one head from another. Each carries the key of its description and how it is to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.text.results import Attention, Floats, Tokens

Measure = Callable[[Floats, Tokens], Floats]


def entropy(weights: Floats, tokens: Tokens) -> Floats:
    """Shannon entropy of a row in bits, mean over rows: 0 = one key takes all, log2 T = all keys alike."""
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.asarray(np.maximum(0, -(weights * logs).sum(-1)).mean(-1), dtype=np.float32)


def distance(weights: Floats, tokens: Tokens) -> Floats:
    """How many tokens away a head looks: the mean of |query − key|, weighted by attention."""
    T = weights.shape[-1]
    apart = np.abs(np.arange(T)[:, None] - np.arange(T)[None, :]).astype(np.float32)  # (T, T)
    return np.asarray((weights * apart).sum(-1).mean(-1), dtype=np.float32)


def offset(step: int) -> Measure:
    """The mean share that a query gives to the key ``step`` tokens on, over the queries that have one."""

    def share(weights: Floats, tokens: Tokens) -> Floats:
        if weights.shape[-1] <= abs(step):
            return np.zeros(weights.shape[:-2], dtype=np.float32)
        diagonal = np.diagonal(weights, offset=step, axis1=-2, axis2=-1)  # (L, H, T - |step|)
        return np.asarray(diagonal.mean(-1), dtype=np.float32)

    return share


def first(weights: Floats, tokens: Tokens) -> Floats:
    """The mean share that goes to the first token, [CLS]."""
    return np.asarray(weights[..., 0].mean(-1), dtype=np.float32)


def separators(weights: Floats, tokens: Tokens) -> Floats:
    """The mean share that goes to [SEP]; where there are several, typed ones too, to all of them together."""
    return np.asarray(weights[..., list(tokens.separators)].sum(-1).mean(-1), dtype=np.float32)


@dataclass(frozen=True)
class HeadMetric:
    """A measure (L, H, T, T) → (L, H). ``unit``: empty for a part of 1."""

    name: str
    measure: Measure
    unit: str = ""

    @property
    def description(self) -> str:
        """The key of the sentences that say what it is and how to read it."""
        return f"attention.metrics.{self.name}"


HEAD_METRICS = (
    HeadMetric("previous", offset(-1)),
    HeadMetric("next", offset(1)),
    HeadMetric("self", offset(0)),
    HeadMetric("first", first),
    HeadMetric("separator", separators),
    HeadMetric("entropy", entropy, "bit"),
    HeadMetric("distance", distance, "tokens"),
)


def head_metrics(attention: Attention) -> dict[str, Floats]:
    """Every metric of every head, (L, H) each."""
    return {metric.name: metric.measure(attention.weights, attention.tokens) for metric in HEAD_METRICS}


def strongest(attention: Attention, name: str) -> tuple[int, int, float]:
    """Layer, head (from 0) and value of the head with the highest metric ``name``."""
    values = head_metrics(attention)[name]
    layer, head = np.unravel_index(int(values.argmax()), values.shape)
    return int(layer), int(head), float(values[layer, head])


def unscaled(weights: Floats, width: int) -> Floats:
    """Weights (…, T, T) as they would be had the scores not been divided by √D; ``width``: D.

    Softmax of √D times the scores is the weights to the power of √D, brought back to rows that sum to 1.
    """
    logs = np.log(np.maximum(weights.astype(np.float64), 1e-300)) * np.sqrt(width)
    powers = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
