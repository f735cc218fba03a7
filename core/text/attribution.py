"""A verdict traced back to the words of its sentence, by three methods side by side.

W words, W' of them not left out, T tokens that are read, C width, S steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.networks.attention import padding_mask
from core.networks.bert import Bert
from core.text.attend import TextModel, check_range, device_of
from core.text.cut import heads_on
from core.text.matrices import rollout
from core.text.results import Floats, Tokens
from core.text.verdict import Verdict, kept_places, rank_correlation
from core.text.words import Word

METHODS = ("left_out", "gradients", "rollout")
STEPS = 48  # of the path, by Gauss and Legendre's rule
MOST_STEPS = 256
AT_ONCE = 16  # steps in a pass
SHUFFLES = 4000
FLOOR = 0.95  # of the shuffles agree less than the floor


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each word speaks for the label; nan at words that are left out.

    ``left_out``: (W,) by how much P(label) falls without the word. ``gradients``: (W,) integrated gradients of the log
    odds of the label, from [MASK] in the place of every token; ``rest``: of the tokens that belong to no word;
    ``total``: the log odds of the sentence less those of the masked one, which all of them sum to; ``error``: how far
    off that sum is, as a share of ``total``. ``rollout``: (W,) attention rollout from [CLS], which has no sign.

    ``agreement``: for two methods Spearman's rank correlation of the sizes; None where there is none. ``floor``: what
    0.95 of shuffled ranks of as many words stay below in size.
    """

    words: tuple[Word, ...]
    label: str
    probability: float
    left_out: Floats
    gradients: Floats
    rollout: Floats
    rest: float
    total: float
    error: float
    steps: int
    agreement: Mapping[tuple[str, str], float | None]
    floor: float | None


@lent(TEXT)
def attribution(model: TextModel, found: Verdict, steps: int = STEPS) -> Attribution:
    """The three methods for a sentence whose words were left out in turn already; heads that it has off stay off.

    Leaving out: Li et al., 2016, https://arxiv.org/abs/1612.08220. Integrated gradients: Sundararajan et al., 2017,
    https://arxiv.org/abs/1703.01365. Rollout: Abnar & Zuidema, 2020, https://arxiv.org/abs/2005.00928.

    Errors: RangeError.
    """
    steps = check_range("steps", steps, 1, MOST_STEPS)
    network: Bert = model.network
    places = kept_places(found.tokens, found.words, found.without)
    on = heads_on(network, found.cut)
    label = network.config.labels.index(found.label) if network.config.labels else int(found.label)
    mask_id = model.processor.token_to_id("[MASK]")
    by_token, total = integrated_gradients(network, found.tokens, places, label, mask_id, on, steps)
    rolled = rollout(_mean_weights(network, found.tokens, places, on)[:, None])[-1][0]  # (T,)
    spread = np.zeros((2, len(found.tokens)), np.float32)
    spread[:, places] = by_token, rolled
    gradients, flow = (_to_words(one, found) for one in spread)
    left_out = found.probability - found.left_out
    sizes = dict(zip(METHODS, map(np.abs, (left_out, gradients, flow)), strict=True))
    left = [w for w in range(len(found.words)) if w not in found.without]
    pairs = combinations(METHODS, 2)
    agreement = {(one, other): rank_correlation(sizes[one][left], sizes[other][left]) for one, other in pairs}
    rest = float(by_token.sum() - np.nansum(gradients))
    error = abs(float(by_token.sum()) - total) / max(abs(total), 1e-12)
    numbers = (rest, total, error, steps)
    return Attribution(
        found.words, found.label, found.probability, left_out, gradients, flow, *numbers, agreement, noise(len(left))
    )


def integrated_gradients(
    network: Bert, tokens: Tokens, places: list[int], label: int, mask_id: int, on: Tensor | None, steps: int
) -> tuple[Floats, float]:
    """Integrated gradients of the log odds of ``label``, token by token (T,), and the difference of the log odds.

    The path leads straight from the token embedding of [MASK] to each token's own; positions, segments and the tokens
    of the format stay. It is integrated by Gauss and Legendre's rule with ``steps`` points.
    """
    device = device_of(network)
    ids, segments = (torch.tensor([[part[p] for p in places]], device=device) for part in (tokens.ids, tokens.segments))
    masked = ids.masked_fill(torch.tensor([[not tokens.special[p] for p in places]], device=device), mask_id)
    with torch.no_grad():
        end, position, segment = network.embeddings.parts(ids, segments)  # (1, T, C) each
        start = network.embeddings.token(masked)  # (1, T, C)
        first, last = (float(_odds(network, x + position + segment, on, label)) for x in (start, end))
    points, shares = np.polynomial.legendre.leggauss(steps)  # over -1 … 1
    summed = torch.zeros(ids.size(1), dtype=torch.float64)
    for low in range(0, steps, AT_ONCE):
        at = torch.tensor((points[low : low + AT_ONCE] + 1) / 2, dtype=end.dtype, device=device)[:, None, None]
        share = torch.tensor(shares[low : low + AT_ONCE] / 2)[:, None]  # (S', 1)
        with torch.enable_grad():
            x = (start + at * (end - start)).requires_grad_()  # (S', T, C)
            (slope,) = torch.autograd.grad(_odds(network, x + position + segment, on, label).sum(), x)
        summed += (share * (slope * (end - start)).sum(dim=-1).cpu().double()).sum(dim=0)  # (T,)
    return np.asarray(summed.numpy(), np.float32), last - first


def _odds(network: Bert, summed: Tensor, on: Tensor | None, label: int) -> Tensor:
    """(S, T, C), the summands of the input embedding already added → (S,) the log odds of the label."""
    x = network.embeddings.norm(summed)  # (S, T, C)
    mask = padding_mask(torch.ones(x.shape[:2], device=x.device), x.dtype)  # (S, 1, 1, T)
    for at, layer in enumerate(network.layers):
        x, _ = layer(x, mask, None if on is None else on[at, :, None, None])  # (S, T, C)
    assert network.classifier is not None, "a verdict needs a classifier"
    logits = network.classifier(network.pooler(x)).float()  # (S, N)
    others = [n for n in range(logits.size(1)) if n != label]
    odds: Tensor = logits[:, label] - logits[:, others].logsumexp(dim=-1)  # (S,)
    return odds


@torch.inference_mode()
def _mean_weights(network: Bert, tokens: Tokens, places: list[int], on: Tensor | None) -> Floats:
    """(L, T, T): the mean attention of the heads that are on; each token to itself in a layer where none is."""
    ids, segments = (torch.tensor([[part[p] for p in places]]) for part in (tokens.ids, tokens.segments))
    device = device_of(network)
    weights = network(ids.to(device), segments.to(device), keep_attentions=True, heads=on).attentions
    means = []
    for at, looks in enumerate(weights):
        share = torch.ones(looks.size(1)) if on is None else on[at].float().cpu()  # (H,)
        itself = np.eye(len(places), dtype=np.float32)
        own = np.tensordot(share.numpy(), to_numpy(looks[0]), axes=1) / share.sum().item() if share.any() else itself
        means.append(own.astype(np.float32))
    return np.stack(means)


def _to_words(by_token: Floats, found: Verdict) -> Floats:
    """(all tokens,) → (W,): what the tokens of a word have together, nan where it is left out."""
    sums = np.array([by_token[list(word.places)].sum() for word in found.words], np.float32)
    sums[list(found.without)] = np.nan
    return sums


@cache
def noise(words: int) -> float | None:
    """The rank correlation, in size, that ``FLOOR`` of so many shuffled ranks stay below; None below three words."""
    if words < 3:
        return None
    ranks = np.arange(words)
    rng = np.random.default_rng(0)
    apart = np.stack([rng.permutation(words) - ranks for _ in range(SHUFFLES)])  # (shuffles, W)
    rho = 1 - 6 * (apart.astype(float) ** 2).sum(axis=1) / (words * (words**2 - 1))
    return float(np.quantile(np.abs(rho), FLOOR))
