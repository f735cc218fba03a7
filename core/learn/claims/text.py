"""Experiments on text models: order, heads, segments, and whether attention explains. n texts, T tokens, H heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from core.learn.claims.ablation import TOKENS, Batch, all_heads, batch, embedded, predictions, text_pass
from core.learn.claims.claim import (
    FEWEST,
    Condition,
    Finding,
    Models,
    Samples,
    Verdict,
    mean,
    p_text,
    paired_difference,
    percent,
    share,
)
from core.metrics import mcnemar
from core.text.attend import Options, run, tokenize
from core.text.occlusion import occlusion
from core.text.results import Tokens

BATCH = 32
SURE = 0.05  # a p-value below it counts as a difference
EXPLAINS = 0.5  # a rank correlation from which on one ranking may stand for another


def batches(sentences: Sequence[Tokens], limit: int) -> list[Batch]:
    """In batches of at most ``BATCH``."""
    return [batch(sentences[i : i + BATCH], limit) for i in range(0, len(sentences), BATCH)]


def shuffled(text: str, rng: np.random.Generator) -> str:
    """The same words in another order."""
    words = text.split()
    return " ".join(words[i] for i in rng.permutation(len(words)))


def positions(models: Models, samples: Samples, seed: int) -> Finding:
    """Sentiment with positions, without them, and with the words themselves in another order."""
    model = models["sentiment"]
    network, rng = model.network, np.random.default_rng(seed)
    limit = min(TOKENS, network.config.max_positions)
    whole = batches([tokenize(model, text) for text in samples.texts], limit)
    mixed = batches([tokenize(model, shuffled(text, rng)) for text in samples.texts], limit)
    right = predictions(network, whole) == samples.labels  # (n,)
    without = predictions(network, whole, positions=False) == samples.labels  # (n,)
    out_of_order = predictions(network, mixed) == samples.labels  # (n,)
    guess = max(float((samples.labels == label).mean()) for label in (0, 1))
    blind = share("without", without)
    works = blind.low is not None and blind.low > guess
    worse = right.sum() > without.sum() and mcnemar(right, without).p_value < SURE
    verdict: Verdict = "refuted" if works else ("supported" if worse else "undecided")
    values = {"with_": percent(float(right.mean())), "without": percent(blind.value), "guess": percent(guess)}
    values |= {"p": p_text(mcnemar(right, without).p_value), "shuffled": percent(float(out_of_order.mean()))}
    conditions = (
        share("with", right, control=True),
        blind,
        share("shuffled", out_of_order, control=True),
        Condition("guess", guess, control=True),
    )
    return Finding("positions", verdict, "share", conditions, len(samples), values)


def heads(models: Models, samples: Samples, seed: int) -> Finding:
    """Sentiment with all heads, with one head a layer, and with each head left out in turn."""
    model = models["sentiment"]
    network: Any = model.network
    L, H = network.config.num_layers, network.config.num_heads
    parts = batches([tokenize(model, text) for text in samples.texts], min(TOKENS, network.config.max_positions))
    right = predictions(network, parts) == samples.labels  # (n,)
    single = []
    for h in range(H):
        keep = torch.zeros(L, H)
        keep[:, h] = 1
        single.append(predictions(network, parts, keep) == samples.labels)
    best = int(np.argmax([part.sum() for part in single]))
    silent = predictions(network, parts, torch.zeros(L, H)) == samples.labels
    left_out = {}
    for layer in range(L):
        for h in range(H):
            keep = all_heads(network)
            keep[layer, h] = 0
            left_out[layer, h] = predictions(network, parts, keep) == samples.labels
    (layer, head), needed = min(left_out.items(), key=lambda entry: int(entry[1].sum()))
    difference, low, high = paired_difference(right, single[best])
    spared = sum(int(part.sum()) >= int(right.sum()) for part in left_out.values())
    verdict: Verdict = "supported" if low > 0 else ("refuted" if high < 0 else "undecided")
    if len(samples) < FEWEST:
        verdict = "undecided"
    values = {
        "all": percent(float(right.mean())), "one": percent(float(single[best].mean())), "spared": spared,
        "heads": L * H, "difference": percent(difference), "low": percent(low), "high": percent(high),
    }  # fmt: skip
    conditions = (
        share("all", right, control=True),
        share("left_out", needed, layer=layer + 1, head=head + 1),
        share("one", single[best], head=best + 1),
        share("none", silent, control=True),
    )
    return Finding("heads", verdict, "share", conditions, len(samples), values)


def segments(models: Models, samples: Samples, seed: int) -> Finding:
    """How far a pair's vector turns without segments, against a random change of the same length."""
    model = models["text"]
    network: Any = model.network
    table = network.embeddings.segment.weight  # (2, C)
    step = table[0] - table[1]
    generator = torch.Generator().manual_seed(seed)
    changes: dict[str, list[float]] = {"zero": [], "random": [], "across": [], "across_zero": []}
    with torch.no_grad():
        for a, b in samples.pairs:
            part = batch([tokenize(model, a, b)])
            second = part.segments.bool()[:, :, None].to(table.device)  # (1, T, 1)
            noise = torch.randn(step.shape, generator=generator).to(step)
            noise *= step.norm() / noise.norm()
            own = network.embeddings.segment(part.segments.to(table.device))  # (1, T, C)
            passes = [
                text_pass(network, embedded(network, part, segment=own + second * change), part.mask)
                for change in (torch.zeros_like(step), step, noise)
            ]
            vectors = [p.hidden[0].mean(dim=0) for p in passes]  # (C,) each
            for name, vector in (("zero", vectors[1]), ("random", vectors[2])):
                changes[name].append(float(1 - torch.cosine_similarity(vectors[0], vector, dim=0)))
            first, later = part.segments[0] == 0, part.segments[0] == 1
            for name, done in (("across", passes[0]), ("across_zero", passes[1])):
                weights = torch.stack(done.weights)[:, 0].cpu()  # (L, H, T, T)
                changes[name].append(float(weights[:, :, first][:, :, :, later].sum(-1).mean()))
    apart = mean("", np.subtract(changes["zero"], changes["random"]))
    verdict: Verdict = "undecided"
    if apart.low is not None and apart.high is not None:
        verdict = "supported" if apart.low > 0 else ("refuted" if apart.high < 0 else "undecided")
    values = {name: f"{float(np.mean(changes[name])):.4f}" for name in ("zero", "random")}
    values |= {name: percent(float(np.mean(changes[name]))) for name in ("across", "across_zero")}
    conditions = (mean("zero", changes["zero"]), mean("random", changes["random"], control=True))
    return Finding("segments", verdict, "number", conditions, len(samples), values)


def rank_correlation(a: Any, b: Any) -> float:
    """Spearman's rho of two (n,); 0 where one of them is constant."""
    from scipy.stats import spearmanr

    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(spearmanr(a, b).statistic)


def explains(models: Models, samples: Samples, seed: int) -> Finding:
    """Attention that a token receives against how much the sentence's vector turns without it (rank correlation)."""
    model, rng = models["text"], np.random.default_rng(seed)
    found, control = [], []
    for text in samples.texts:
        tokens = tokenize(model, text, "", Options())
        inner = [t for t, special in enumerate(tokens.special) if not special]
        if len(inner) < 3:
            continue
        received = run(model, tokens).weights.mean(axis=(0, 1, 2))[inner]  # mean over layers, heads and queries
        change = occlusion(model, tokens)[inner]
        found.append(rank_correlation(received, change))
        control.append(rank_correlation(rng.permutation(received), change))
    if not found:
        return Finding("explains", "undecided", "number", (), 0, {"rho": "–", "low": "–", "high": "–"})
    rho = mean("received", found)
    low, high = (rho.value, rho.value) if rho.low is None or rho.high is None else (rho.low, rho.high)
    verdict: Verdict = "supported" if low > EXPLAINS else ("partly" if low > 0 else "refuted")
    if rho.low is None:
        verdict = "undecided"
    values = {"rho": f"{rho.value:.2f}", "low": f"{low:.2f}", "high": f"{high:.2f}"}
    conditions = (rho, mean("permuted", control, control=True))
    return Finding("explains", verdict, "number", conditions, len(found), values)
