"""Experiments on picture models: places of patches, shuffled pixels, and reach. n pictures, H heads, T tokens."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.learn.claims.ablation import beit_logits
from core.learn.claims.claim import (
    Condition,
    Finding,
    Models,
    Samples,
    Verdict,
    mean,
    p_text,
    percent,
    share,
)
from core.metrics import equivalence, mcnemar
from core.needs import PICTURE, lent
from core.networks.beit import advance, embed, position_bias, scores_of
from core.networks.classifier import BATCH, Classifier, unit

SURE = 0.05  # a p-value below it counts as a difference
SAME = 0.05  # accuracies within five points of each other count as the same
MATTERS = 0.05  # a share of the weight below which nobody would speak of it


def beit_answers(model: Any, pixels: NDArray[np.uint8], *, places: bool, seed: int = 0, masked: float = 0.0) -> Any:
    """The likeliest class (n,) of pictures (n, 32, 32, 3); ``masked``: the share of patches hidden at random."""
    classifier = Classifier.of(model)
    assert classifier.is_transformer, "expected a BEiT"
    generator, found = torch.Generator().manual_seed(seed), []
    count = (classifier.side // classifier.patch) ** 2
    with torch.no_grad():
        for start in range(0, len(pixels), BATCH):
            x = classifier.prepare(unit(pixels[start : start + BATCH]).to(classifier.device))
            hidden = None
            if masked:
                order = torch.rand(len(x), count, generator=generator).argsort(dim=1).argsort(dim=1)
                hidden = (order < round(masked * count)).to(x.device)  # (B, N)
            logits = beit_logits(model.network, x, places=places, hidden=hidden)
            logits = logits if classifier.order is None else logits[:, classifier.order]
            found.append(logits.argmax(dim=1).cpu().numpy())
    return np.concatenate(found)


def places(models: Models, samples: Samples, seed: int) -> Finding:
    """CIFAR-10 with the places of the patches, and with all places alike."""
    model = models["beit"]
    right = beit_answers(model, samples.pixels, places=True) == samples.labels  # (n,)
    without = beit_answers(model, samples.pixels, places=False) == samples.labels  # (n,)
    blind, guess = share("without", without), 0.1
    works = blind.low is not None and blind.low > guess
    test = mcnemar(right, without)
    worse = right.sum() > without.sum() and test.p_value < SURE
    verdict: Verdict = "refuted" if works else ("supported" if worse else "undecided")
    values = {"with_": percent(float(right.mean())), "without": percent(blind.value), "p": p_text(test.p_value)}
    conditions = (share("with", right, control=True), blind, Condition("guess", guess, control=True))
    return Finding("places", verdict, "share", conditions, len(samples), values)


def neighbours(models: Models, samples: Samples, seed: int) -> Finding:
    """An MLP of ordinary pictures against its twin of shuffled pixels, by what both were recorded to say.

    A difference that chance explains confirms nothing: an equivalence test asks whether it is small.
    """
    plain, twin = samples.right["mlp"], samples.right["permuted"]
    test = equivalence(plain, twin, SAME)
    verdicts: dict[str, Verdict] = {"equivalent": "supported", "different": "refuted", "undecided": "undecided"}
    values = {"plain": percent(float(plain.mean())), "twin": percent(float(twin.mean()))}
    values |= {"difference": percent(test.difference), "low": percent(test.low), "high": percent(test.high)}
    values |= {"same": f"{100 * SAME:g}", "p": p_text(test.p_value)}
    conditions = (
        share("plain", plain, control=True),
        share("permuted", twin),
        Condition("guess", 0.1, control=True),
    )
    return Finding("neighbours", verdicts[test.verdict], "share", conditions, len(samples), values)


def window(grid: tuple[int, int], query: int) -> NDArray[np.bool_]:
    """(N,) which patches lie in the 3 × 3 around patch ``query`` (from 0): what a 3 × 3 convolution would see."""
    y, x = np.divmod(np.arange(grid[0] * grid[1]), grid[1])
    qy, qx = divmod(query, grid[1])
    return np.asarray((abs(y - qy) <= 1) & (abs(x - qx) <= 1))


@lent(PICTURE)
def rows(model: Any, pixels: NDArray[np.uint8], query: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where patch ``query`` looks: (n, L, H, N) with the picture, (L, H, N) from the position bias alone.

    [CLS] is left out and the rest brought back to a sum of 1, so that patches can be compared with pixels of a filter.
    """
    classifier = Classifier.of(model)
    beit, patch = model.network.beit, classifier.patch
    grid = (classifier.side // patch,) * 2
    L, found, alone = len(beit.layers), [], []
    with torch.no_grad():
        for picture in pixels:
            x = embed(beit, classifier.prepare(unit(picture[None]).to(classifier.device)))  # (T, C)
            states = [x, *advance(beit, x, grid, 0, L - 1)]
            scores = [scores_of(beit, index, states[index], grid, query + 1) for index in range(L)]  # (H, T) each
            found.append(torch.stack(scores)[:, :, 1:].softmax(dim=-1).double().cpu().numpy())  # (L, H, N)
        for index in range(L):
            bias = position_bias(beit, index, grid)
            row = torch.zeros_like(scores[index]) if bias is None else bias.row(query + 1)  # (H, T)
            alone.append(row[:, 1:].softmax(dim=-1).double().cpu().numpy())
    return np.stack(found), np.stack(alone)


def reach(models: Models, samples: Samples, seed: int) -> Finding:
    """How much of a patch's attention lies beyond a 3 × 3 window, and how much of it depends on the picture."""
    model = models["beit"]
    side = Classifier.of(model).side // Classifier.of(model).patch
    query = (side // 2) * side + side // 2
    inside = window((side, side), query)
    weights, alone = rows(model, samples.pixels, query)  # (n, L, H, N), (L, H, N)
    beyond = weights[..., ~inside].sum(axis=-1).mean(axis=(1, 2))  # (n,)
    places_alone = float(alone[..., ~inside].sum(axis=-1).mean())
    centre = weights.mean(axis=0)  # (L, H, N)
    moved = 0.5 * np.abs(weights - centre).sum(axis=-1).mean(axis=(1, 2))  # (n,) total variation
    far, changes = mean("beyond", beyond), mean("moves", moved)
    both = all(c.low is not None and c.low > MATTERS for c in (far, changes))
    either = any(c.low is not None and c.low > MATTERS for c in (far, changes))
    verdict: Verdict = "supported" if both else ("partly" if either else "refuted")
    if far.low is None:
        verdict = "undecided"
    conditions = (
        far,
        Condition("beyond_places", places_alone, control=True),
        changes,
        Condition("moves_convolution", 0.0, control=True),
    )
    values = {
        "beyond": percent(far.value),
        "moves": percent(changes.value),
        "uniform": percent(float((~inside).mean())),
    }
    return Finding("reach", verdict, "share", conditions, len(samples), values)
