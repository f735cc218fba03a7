"""Experiments that look at what a network is made of, or at an identity. T tokens, C width, H heads, L layers."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.learn.claims.ablation import batch, embedded
from core.learn.claims.claim import Condition, Finding, Models, Samples, Verdict, percent, tiny
from core.networks.attention import padding_mask, scaled_dot_product_attention
from core.networks.bert import PRESETS
from core.networks.classifier import Classifier, unit
from core.text.attend import tokenize
from core.text.parameters import total

KINDS: dict[str, tuple[type[nn.Module], ...]] = {
    "dense": (nn.Linear,),
    "norm": (nn.LayerNorm,),
    "embedding": (nn.Embedding,),
    "convolution": (nn.Conv1d, nn.Conv2d, nn.Conv3d),
    "recurrent": (nn.RNNBase, nn.RNNCellBase),
}
EQUAL = 1e-4  # relative: rounding of float32, and no more


def census(network: nn.Module) -> dict[str, int]:
    """How many modules of each kind a network has."""
    modules = list(network.modules())
    return {kind: sum(isinstance(module, types) for module in modules) for kind, types in KINDS.items()}


def apart(a: Tensor, b: Tensor) -> float:
    """|a − b| / |b|."""
    return float((a - b).norm() / b.norm().clamp_min(1e-12))


def layers(models: Models, samples: Samples, seed: int) -> Finding:
    """What the text model is made of, and a small recurrent and convolutional network as the control."""
    found = census(models["text"].network)
    control = census(nn.Sequential(nn.Conv2d(1, 1, 3), nn.LSTM(2, 2)))
    other = found["recurrent"] + found["convolution"]
    verdict: Verdict = "refuted" if other == 0 else "supported"
    conditions = tuple(Condition(kind, count) for kind, count in found.items())
    seen = control["recurrent"] + control["convolution"]
    return Finding("layers", verdict, "count", (*conditions, Condition("control", seen, control=True)),
                   sum(found.values()), {"other": other, "dense": found["dense"], "norm": found["norm"]})  # fmt: skip


def stacks(models: Models, samples: Samples, seed: int) -> Finding:
    """Layer after layer by hand against the whole; the control has the layers in reverse order."""
    model, network = models["text"], models["text"].network
    shapes = [[tuple(p.shape) for p in layer.parameters()] for layer in network.layers]
    alike = sum(shape == shapes[0] for shape in shapes)
    differences: list[float] = []
    reverse: list[float] = []
    with torch.no_grad():
        for text in samples.texts:
            part = batch([tokenize(model, text)])
            whole = network(part.ids.to(_device(network))).hidden[-1]
            for layers_in_order, kept in ((network.layers, differences), (network.layers[::-1], reverse)):
                x, mask = embedded(network, part), padding_mask(part.mask.to(_device(network)))
                for layer in layers_in_order:
                    x, _ = layer(x, mask)
                kept.append(apart(x, whole))
    L = len(shapes)
    verdict: Verdict = "supported" if alike == L and max(differences) < EQUAL else "refuted"
    values = {"layers": L, "alike": alike, "reversed": f"{min(reverse):.2f}", "difference": tiny(max(differences))}
    conditions = (Condition("by_hand", max(differences)), Condition("reversed", min(reverse), control=True))
    return Finding("stacks", verdict, "number", conditions, len(samples), values)


def _device(network: Any) -> torch.device:
    device: torch.device = next(network.parameters()).device
    return device


def parallel(models: Models, samples: Samples, seed: int) -> Finding:
    """The heads one by one, then joined, against the module; the control is one head of the whole width."""
    model, network = models["text"], models["text"].network
    attention = network.layers[0].attention
    H, C = network.config.num_heads, network.config.hidden_size
    split, single, undense = [], [], []
    with torch.no_grad():
        for text in samples.texts:
            part = batch([tokenize(model, text)])
            x, mask = embedded(network, part), padding_mask(part.mask.to(_device(network)))
            whole, _ = attention(x, mask)  # (1, T, C)
            q, k, v = attention.project(x)  # (1, H, T, D) each
            one_by_one = [
                scaled_dot_product_attention(q[:, h : h + 1], k[:, h : h + 1], v[:, h : h + 1], mask).mixed[:, 0]
                for h in range(H)
            ]
            joined = torch.cat(one_by_one, dim=-1)  # (1, T, C)
            split.append(apart(attention.output(joined), whole))
            undense.append(apart(joined, whole))
            q, k, v = (dense(x)[:, None] for dense in (attention.query, attention.key, attention.value))  # (1, 1, T, C)
            single.append(apart(attention.output(scaled_dot_product_attention(q, k, v, mask).mixed[:, 0]), whole))
    heads_parallel, dense_after = max(split) < EQUAL, min(undense) > EQUAL
    verdict: Verdict = "partly" if heads_parallel and dense_after else ("supported" if heads_parallel else "refuted")
    conditions = (
        Condition("one_by_one", max(split)),
        Condition("without_dense", min(undense)),
        Condition("one_wide", min(single), control=True),
    )
    values = {"heads": H, "width": C // H, "difference": tiny(max(split)), "wide": f"{min(single):.2f}"}
    return Finding("parallel", verdict, "number", conditions, len(samples), values)


def parameters(models: Models, samples: Samples, seed: int) -> Finding:
    """The MLP's parameters, counted in the live network."""
    network = models["mlp"].network
    count = sum(parameter.numel() for parameter in network.parameters())
    first = next(network.parameters()).numel()
    verdict: Verdict = "supported" if count < 10_000 else "refuted"
    conditions = (Condition("counted", count), Condition("first", first), Condition("few", 9_999, control=True))
    return Finding("parameters", verdict, "count", conditions, count,
                   {"count": f"{count:,}", "share": percent(first / count)})  # fmt: skip


def twice(models: Models, samples: Samples, seed: int) -> Finding:
    """Log-softmax of what is log-softmax already; the control is softmax of softmax, which does change."""
    classifier = Classifier.of(models["mlp"])
    with torch.no_grad():
        once = classifier(unit(samples.pixels)).double()  # (n, K), log-probabilities
        again, soft = once.log_softmax(dim=1), once.exp().softmax(dim=1)
        change = float((again - once).abs().max())
        control = float((soft - once.exp()).abs().max())
    verdict: Verdict = "supported" if change < EQUAL else "refuted"
    conditions = (Condition("log_softmax", change), Condition("softmax", control, control=True))
    values = {"change": tiny(change), "control": f"{control:.2f}"}
    return Finding("twice", verdict, "number", conditions, len(samples), values)


def intermediate(models: Models, samples: Samples, seed: int) -> Finding:
    """BERT-base with an intermediate size of 12, as printed, and of 3,072."""
    base, printed = PRESETS["base"], PRESETS["reference"]
    wide, narrow = total(base), total(PRESETS["base"].from_dict({**base.to_dict(), "intermediate_size": 12}))
    assert printed.intermediate_size == 12
    verdict: Verdict = "refuted" if narrow < 0.9 * wide else "supported"
    conditions = (Condition("wide", wide, control=True), Condition("narrow", narrow))
    values = {"wide": f"{wide:,}", "narrow": f"{narrow:,}", "lost": percent(1 - narrow / wide)}
    return Finding("intermediate", verdict, "count", conditions, wide, values)
