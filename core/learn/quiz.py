"""The quiz: questions as data, and those whose answer is read off a live result. Texts stand in ``learn.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.text.heads import head_metrics
from core.text.results import Attention, Floats


@dataclass(frozen=True)
class Question:
    """One question. ``options``: keys of its answers' texts, or for a live one the answers themselves.

    ``station``: where the page explains it. ``fields``: what the question's or an explanation's sentence mentions.
    ``notes``: for a live question, what was measured for each option.
    """

    name: str
    options: tuple[str, ...]
    right: str
    station: str
    live: bool = False
    fields: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.right in self.options, f"{self.name}: {self.right} is not among {self.options}"
        assert len(set(self.options)) == len(self.options), f"{self.name}: {self.options}"


TRUE_FALSE = ("true", "false")
QUESTIONS = (
    Question("other_layers", TRUE_FALSE, "false", "encoder"),
    Question("stacks", TRUE_FALSE, "true", "encoder"),
    Question("parallel", ("true", "false", "depends"), "depends", "heads"),
    Question("positions", TRUE_FALSE, "false", "embeddings"),
    Question("rows", ("rows", "columns", "both"), "rows", "self"),
    Question("scaling", ("faster", "size", "memory"), "size", "softmax"),
    Question("mask", ("zero", "minus", "cut"), "minus", "softmax"),
    Question("cost", ("linear", "square", "cube"), "square", "patches"),
    Question("heads_cost", ("more", "same", "less"), "same", "heads"),
    Question("segments", ("words", "sentences", "padding"), "sentences", "embeddings"),
    Question("pooler", ("mean", "first", "last"), "first", "bert"),
    Question("intermediate", ("attention", "feed_forward", "embeddings"), "feed_forward", "bert"),
    Question("masked_image", ("pixels", "tokens", "labels"), "tokens", "masking"),
    Question("iou", ("third", "half", "one"), "third", "segmentation"),
    Question("mlp_order", TRUE_FALSE, "true", "versus"),
    Question("over_fit", ("train", "validation", "both"), "validation", "versus"),
    Question("convolution", ("fixed", "input", "random"), "fixed", "convolution"),
)
CHOICES = 4  # options of a live question


def choices(values: Sequence[float] | Floats, seed: int, count: int = CHOICES) -> list[int]:
    """The place of the largest value and of others well apart from it, in a seeded order.

    Of equal values only one is offered, so that exactly one option is right.
    """
    order = np.argsort(-np.asarray(values, dtype=np.float64), kind="stable")
    best = int(order[0])
    below = [int(i) for i in order[1:] if values[int(i)] < values[best]]
    rng = np.random.default_rng(seed)
    others = [int(i) for i in rng.permutation(below)[: count - 1]] if below else []
    picked = [best, *others]
    return [picked[int(i)] for i in rng.permutation(len(picked))]


def _head_question(name: str, values: Floats, station: str, seed: int, *, percent: bool) -> Question | None:
    """Which head of the layer (L, H) that holds the largest value has it?"""
    layer = int(np.unravel_index(int(values.argmax()), values.shape)[0])
    row = values[layer]
    picked = choices(row, seed)
    notes = tuple(f"{100 * row[h]:.1f} %" if percent else f"{row[h]:.2f}" for h in picked)
    best = str(int(row.argmax()) + 1)
    options = tuple(str(h + 1) for h in picked)
    return Question(name, options, best, station, True, {"layer": layer + 1}, notes) if len(options) > 1 else None


def live_questions(attention: Attention, change: Floats | None, seed: int = 0) -> list[Question]:
    """Questions whose answers were measured on one sentence.

    ``change``: (T,), see :func:`core.text.occlusion.occlusion`.
    """
    metrics = head_metrics(attention)
    tokens = attention.tokens
    inner = [t for t, special in enumerate(tokens.special) if not special]
    found = [
        _head_question("live_previous", metrics["previous"], "heads", seed, percent=True),
        _head_question("live_separator", metrics["separator"], "self", seed + 1, percent=True),
        _head_question("live_distance", metrics["distance"], "convolution", seed + 2, percent=False),
    ]
    spread = metrics["entropy"].mean(axis=1)  # (L,)
    found.append(_pick("live_entropy", spread, [str(i + 1) for i in range(len(spread))], "softmax", seed + 3, "bit"))
    names = [f"{tokens.texts[t]} ({t + 1})" for t in inner]
    received = attention.weights.mean(axis=(0, 1, 2))[inner]
    found.append(_pick("live_received", received, names, "attention", seed + 4, "%"))
    if change is not None:
        found.append(_pick("live_left_out", change[inner], names, "attention", seed + 5, ""))
    found.append(_pieces(len(tokens), seed + 6))
    return [question for question in found if question is not None]


def _pick(name: str, values: Floats, names: list[str], station: str, seed: int, unit: str) -> Question | None:
    if len(names) < 2:
        return None
    picked = choices(values, seed)
    best = int(np.argmax(values))
    scale, digits = (100, 1) if unit == "%" else (1, 3)
    notes = tuple(f"{scale * float(values[i]):.{digits}f} {unit}".strip() for i in picked)
    options = tuple(names[i] for i in picked)
    return Question(name, options, names[best], station, True, {}, notes) if len(options) > 1 else None


def _pieces(count: int, seed: int) -> Question:
    """How many tokens the model made of the sentence, special ones included."""
    near = sorted({count, count - 2, count + 2, count + 5} - {0, -1})
    options = [str(near[int(i)]) for i in np.random.default_rng(seed).permutation(len(near))]
    return Question("live_pieces", tuple(options), str(count), "embeddings", True, {}, ("",) * len(options))
