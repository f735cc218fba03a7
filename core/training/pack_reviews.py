"""Encoded reviews and their tokenizer as a pack, and back. N reviews, whose token ids lie one behind the other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.training.masked_reviews import Reviews
from core.training.pack import Pack
from core.training.pack_pictures import fitting

LONGEST = (1 << 15, 1024, 512, 384, 256, 128, 64)  # tokens of a review: whole ones first


def packed_reviews(tokenizer: Tokenizer, parts: Mapping[str, Reviews], limit: int | None, recipe: str) -> Pack:
    """The reviews of each part by its name, no longer than it takes for all to fit into ``limit`` bytes."""

    def made(longest: int, every: int) -> Pack:
        arrays: dict[str, NDArray[Any]] = {}
        for name, reviews in parts.items():
            some = [ids[:longest] for ids in reviews.ids[::every]]
            arrays[f"{name}.ids"] = np.concatenate([np.zeros(0, np.int16), *some])
            arrays[f"{name}.starts"] = np.cumsum([0, *map(len, some)], dtype=np.int64)
            arrays[f"{name}.labels"] = reviews.labels[::every].astype(np.uint8)
        return Pack(arrays, {"parts": list(parts), "longest": longest, "tokenizer": tokenizer.to_str()})

    return fitting(recipe, made, LONGEST, max(len(reviews.ids) for reviews in parts.values()), limit)


def unpacked_reviews(pack: Pack) -> tuple[Tokenizer, dict[str, Reviews]]:
    """The inverse of :func:`packed_reviews`, but for what was cut off."""
    parts = {}
    for name in pack.facts["parts"]:
        ids, starts, labels = (pack.arrays[f"{name}.{kind}"] for kind in ("ids", "starts", "labels"))
        parts[name] = Reviews([ids[a:b] for a, b in pairwise(starts)], labels.astype(np.int64))
    return Tokenizer.from_str(pack.facts["tokenizer"]), parts
