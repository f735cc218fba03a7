"""How many parameters a BERT has, part by part, from its configuration alone: nothing is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.checks import number, whole
from core.errors import RangeError
from core.networks.bert import BertConfig

# What a form may ask for. The upper ends are far beyond any BERT, and keep every count below 2⁵³, which a page can add.
LIMITS: dict[str, tuple[int, int]] = {
    "vocab_size": (1, 1_000_000),
    "hidden_size": (1, 16_384),
    "num_layers": (1, 200),
    "num_heads": (1, 256),
    "intermediate_size": (1, 65_536),
    "max_positions": (1, 65_536),
}
DROPOUT = (0.0, 0.9)


@dataclass(frozen=True)
class Part:
    """One part of a BERT: how many parameters it has, and the formula that says so.

    The letters are those of :mod:`core.networks.bert`, and V vocabulary, P positions, S segments, L layers, N labels.
    """

    name: str
    formula: str
    count: int


def count(config: BertConfig) -> tuple[Part, ...]:
    """The parts of a :class:`core.networks.bert.Bert` as a sentence meets them; their counts add up to all."""
    V, C, P, S = config.vocab_size, config.hidden_size, config.max_positions, config.num_segments
    L, F, N = config.num_layers, config.intermediate_size, config.num_labels
    parts = (
        Part("token", "V · C", V * C),
        Part("position", "P · C", P * C),
        Part("segment", f"{S} · C", S * C),
        Part("embedding_norm", "2 · C", 2 * C),
        Part("attention", "L · 4 · (C² + C)", L * 4 * (C * C + C)),
        Part("feed_forward", "L · (2 · C · F + F + C)", L * (2 * C * F + F + C)),
        Part("norms", "L · 2 · 2 · C", L * 4 * C),
        Part("pooler", "C² + C", C * C + C),
        Part("classifier", "N · (C + 1)", N * (C + 1)),
    )
    return parts if N else parts[:-1]


def total(config: BertConfig) -> int:
    """All parameters of :class:`core.networks.bert.Bert` with this configuration."""
    return sum(part.count for part in count(config))


def read_config(given: object) -> BertConfig:
    """A configuration from what a form sent; a field that is missing has BERT-base's value, an unknown one is ignored.

    Errors: RangeError, which names the field and its range; or that the heads do not divide the hidden size.
    """
    if not isinstance(given, Mapping):
        raise RangeError("attention.not_a_look")
    base = {field.name: field.default for field in fields(BertConfig)}
    numbers = {
        name: whole("attention.field_whole", name, given.get(name, base[name]), *LIMITS[name]) for name in LIMITS
    }
    if numbers["hidden_size"] % numbers["num_heads"]:
        raise RangeError("attention.heads_divide", size=numbers["hidden_size"], heads=numbers["num_heads"])
    dropout = number("attention.field", "dropout", given.get("dropout", base["dropout"]), *DROPOUT)
    return BertConfig.from_dict({**numbers, "dropout": dropout})
