"""What a result depends on: each token left out in turn, and everything computed anew without it."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.networks.bert import Bert, BertConfig
from core.text.attend import TextModel, batch_of, check_range, device_of, label_names
from core.text.results import Floats, Tokens
from core.text.shortened import shortened

MAX_OCCLUDED = 128  # leave-one-out is a forward pass for every token
ASKED = "positive"  # the label whose probability is told where a classifier has it


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What leaving out each of T tokens changes; 0 at those of the model's format.

    ``turned``: (T,) 1 − cosine between the sentence's vector without it and with all. ``label``: which label's
    probability was followed, empty where the model does not classify. ``probability``: that of the label with all
    tokens. ``moved``: (T,) how much it changes, from -1 to 1; below 0 where the token spoke for the label.
    """

    turned: Floats
    label: str
    probability: float
    moved: Floats


def followed(config: BertConfig, shares: torch.Tensor) -> int:
    """The place of the label to follow: ``ASKED`` where there is one, else the likeliest; ``shares``: (K,)."""
    return config.labels.index(ASKED) if ASKED in config.labels else int(shares.argmax())


@lent(TEXT)
@torch.inference_mode()
def left_out(model: TextModel, tokens: Tokens, batch: int = 32) -> LeftOut:
    """Leave each token out in turn (leave-one-out; Li et al., 2016, https://arxiv.org/abs/1612.08220).

    To be set beside attention: it says what the result depends on, which attention need not (Jain & Wallace, 2019).
    Errors: RangeError above ``MAX_OCCLUDED`` tokens.
    """
    check_range("tokens", len(tokens), 1, MAX_OCCLUDED)
    network: Bert = model.network
    ids, segments = batch_of(tokens, device_of(network))
    T = ids.size(1)
    whole = network(ids, segments)
    vector = whole.hidden[-1].mean(dim=1)  # (1, C)
    label, place, with_all = "", 0, torch.zeros(())
    if whole.logits is not None:
        shares = whole.logits[0].float().softmax(dim=-1).cpu()  # (K,)
        place = followed(network.config, shares)
        label, with_all = label_names(network.config)[place], shares[place]
    inner = [t for t in range(T) if not tokens.special[t]]
    turned, moved = torch.zeros(T), torch.zeros(T)
    rows = [[u for u in range(T) if u != t] for t in inner] if T > 1 else []  # all of one length: none is padded
    left = iter(inner)
    for part, without in shortened(network, tokens, rows, batch):
        gone = [next(left) for _ in part]
        turned[gone] = 1 - torch.cosine_similarity(without.hidden[-1].mean(dim=1), vector).float().cpu()
        if without.logits is not None:
            moved[gone] = without.logits.float().softmax(dim=-1)[:, place].cpu() - with_all
    return LeftOut(to_numpy(turned.clamp_min(0)), label, float(with_all), to_numpy(moved))


def occlusion(model: TextModel, tokens: Tokens, batch: int = 32) -> Floats:
    """(T,) how far the sentence's vector turns without each token, see :class:`LeftOut`. Errors: RangeError."""
    return left_out(model, tokens, batch).turned
