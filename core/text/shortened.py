"""A sentence without some of its tokens: the forward passes that tell what depends on them. B rows, t kept tokens."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from core.networks.bert import Bert, BertOutput
from core.text.attend import device_of
from core.text.results import Tokens

Rows = list[list[int]]  # the places that stay, a row for each pass


def shortened(
    network: Bert,
    tokens: Tokens,
    rows: Rows,
    batch: int,
    *,
    keep_attentions: bool = False,
    heads: torch.Tensor | None = None,
) -> Iterator[tuple[Rows, BertOutput]]:
    """Some rows at a time, with what the network says of them; a row that is shorter than its longest is padded.

    ``heads``: (L, H), 0 at those that are switched off.
    """
    device = device_of(network)
    ids, segments = torch.tensor(tokens.ids), torch.tensor(tokens.segments)  # (T,) each
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        longest = max(map(len, part))
        places = torch.tensor([[*row, *[0] * (longest - len(row))] for row in part])  # (B, t)
        seen = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in part])  # (B, t)
        padded = ids[places].masked_fill(seen == 0, network.config.pad_id)
        given = (given.to(device) for given in (padded, segments[places] * seen, seen))
        yield part, network(*given, keep_attentions=keep_attentions, heads=heads)
