"""One token through a BERT, every number on its way: embedding, each layer, and what is read from it at the end.

Computed by the functions of :mod:`core.networks.bert` that any forward pass calls, from the states that a pass left.
The letters are theirs; t is the token that is followed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.checks import whole
from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.networks.attention import padding_mask, scaled_dot_product_attention
from core.networks.bert import Bert
from core.networks.masked_head import MaskedBert
from core.networks.mixing import mixed_lengths
from core.networks.steps import MOST_KEYS, HeadRows, Plan, Step, Walk
from core.text.attend import TextModel, batch_of, check_range, device_of, label_names
from core.text.results import Floats, Tokens

BERT, ATTENTION = "core.networks.bert", "core.networks.attention:scaled_dot_product_attention"
CANDIDATES = 5

PARTS, SUM = f"{BERT}:Embeddings.parts", f"{BERT}:Embeddings.forward"
C3 = ("B", "T", "C")
EMBEDDING = (
    Step("token", ("token",), PARTS, "return self.token(ids)", C3),
    Step("position", ("position",), PARTS, "return self.token(ids)", C3),
    Step("segment", ("segment",), PARTS, "return self.token(ids)", C3),
    Step("sum", ("summed", "given"), SUM, "summed: Tensor =", C3),
)
GRID, HEADS = ("B", "H", "T", "T"), ("B", "H", "T", "D")
LAYER = (
    Step("project", ("query", "key", "value"), f"{BERT}:MultiHeadAttention.project", "return self.split", HEADS),
    Step("scores", ("scores",), ATTENTION, "scores =", GRID, "heads"),
    Step("scale", ("scaled",), ATTENTION, "scaled =", GRID, "heads"),
    Step("mask", ("masked",), ATTENTION, "masked =", GRID, "heads"),
    Step("softmax", ("weights",), ATTENTION, "weights =", GRID, "shares"),
    Step("mix", ("mixed",), ATTENTION, "mixed =", HEADS),
    Step("join", ("joined",), f"{BERT}:MultiHeadAttention.forward", "return self.output(joined)", C3),
    Step("add", ("added",), f"{BERT}:AddNorm.forward", "normed: Tensor =", C3),
    Step("widen", ("wide",), f"{BERT}:FeedForward.forward", "wide =", ("B", "T", "F")),
    Step("gelu", ("bent",), f"{BERT}:FeedForward.forward", "wide =", ("B", "T", "F")),
    Step("narrow", ("narrow",), f"{BERT}:FeedForward.forward", "narrow: Tensor =", C3),
    Step("add_again", ("out",), f"{BERT}:AddNorm.forward", "normed: Tensor =", C3),
)
READ = "core.text.attend:_forward"
ANSWERS = {
    "classifier": (
        Step("pool", ("pooled",), f"{BERT}:Pooler.forward", "return torch.tanh", ("B", "C")),
        Step("classify", ("logits",), f"{BERT}:Bert.forward", "logits =", ("B", "K"), "classes"),
        Step("verdict", ("probabilities",), READ, "shares = output.logits", ("K",), "classes"),
    ),
    "words": (
        Step("transform", ("transformed",), "core.networks.masked_head:MaskedHead.forward", "transformed =", ("C",)),
        Step("words", (), "core.networks.masked_head:MaskedHead.forward", "return nn.functional", ("V",), "words"),
    ),
    "mean": (Step("mean", ("sentence",), READ, "embedding =", ("C",)),),
}


def plan(network: Bert, tokens: Tokens) -> Plan:
    """The steps of a pass of these tokens, with the sizes of their shapes."""
    config = network.config
    sizes = {"B": 1, "T": len(tokens), "C": config.hidden_size, "H": config.num_heads, "L": config.num_layers}
    sizes |= {"D": config.hidden_size // config.num_heads, "F": config.intermediate_size}
    sizes |= {"K": config.num_labels, "V": config.vocab_size}
    return Plan(EMBEDDING, LAYER, {name: ANSWERS[name] for name in readers(network)}, sizes)


def readers(network: Bert) -> list[str]:
    """What reads the last states: the classifier ([CLS] alone), the head for masked words, else their mean."""
    found = ["classifier"] if network.classifier is not None else []
    found += ["words"] if isinstance(network, MaskedBert) else []
    return found or ["mean"]


@lent(TEXT)
@torch.inference_mode()
def embedding_walk(model: TextModel, tokens: Tokens, token: int) -> Walk:
    """The three summands of one token, their sum, and it after layer norm, (C,) each. Errors: RangeError."""
    network: Bert = model.network
    token = check_range("token", token, 0, len(tokens) - 1)
    ids, segments = batch_of(tokens, device_of(network))  # (1, T) each
    parts = [part[0, token] for part in network.embeddings.parts(ids, segments)]  # (C,) each
    summed = parts[0] + parts[2] + parts[1]  # in the order of the network's own line
    vectors = (*parts, summed, network.embeddings.norm(summed))
    names = ("token", "position", "segment", "summed", "given")
    return Walk({name: to_numpy(vector) for name, vector in zip(names, vectors, strict=True)})


@lent(TEXT)
@torch.inference_mode()
def layer_walk(model: TextModel, state: Floats, layer: int, token: int) -> Walk:
    """One token through one layer (both from 0), from the state (T, C) that enters it. Errors: RangeError.

    (C,): given, query, key, value, mixed, joined, added, narrow, out, and the sums ``attended`` and ``fed`` before the
    norms; (F,): wide, bent; (H, T): scores, scaled, masked, weights. Vectors of heads stand one after another.
    """
    block, x, t = _entered(model, state, layer, token)
    attention: Any = block.attention
    q, k, v = attention.project(x)  # (1, H, T, D) each
    mask = padding_mask(torch.ones(x.shape[:2], device=x.device), x.dtype)  # (1, 1, 1, T)
    steps = scaled_dot_product_attention(q[:, :, t : t + 1], k, v, mask)
    mixed = steps.mixed.transpose(1, 2).reshape(1, 1, -1)  # (1, 1, C)
    given, joined = x[:, t : t + 1], attention.output(mixed)  # (1, 1, C) each
    added = block.after_attention(given, joined)
    wide = block.feed_forward.intermediate(added)  # (1, 1, F)
    bent = block.feed_forward.gelu(wide)
    narrow = block.feed_forward.output(bent)  # (1, 1, C)
    out = block.after_feed_forward(added, narrow)
    vectors = {"given": given, "mixed": mixed, "joined": joined, "attended": given + joined, "added": added}
    vectors |= {"wide": wide, "bent": bent, "narrow": narrow, "fed": added + narrow, "out": out}
    own = {name: part[0, :, t].reshape(-1) for name, part in (("query", q), ("key", k), ("value", v))}
    grids = {name: getattr(steps, name)[0, :, 0] for name in ("scores", "scaled", "masked", "weights")}  # (H, T)
    flat = {name: vector[0, 0] for name, vector in vectors.items()}
    return Walk({name: to_numpy(array) for name, array in (flat | own | grids).items()})


@lent(TEXT)
@torch.inference_mode()
def head_rows(model: TextModel, state: Floats, layer: int, head: int, token: int) -> HeadRows:
    """What a head (from 0) of a layer compares one token with: at most ``MOST_KEYS`` keys. Errors: RangeError."""
    network: Bert = model.network
    block, x, t = _entered(model, state, layer, token)
    head = check_range("head", head, 0, network.config.num_heads - 1)
    q, k, v = (part[:, head : head + 1] for part in block.attention.project(x))  # (1, 1, T, D) each
    mask = padding_mask(torch.ones(x.shape[:2], device=x.device), x.dtype)
    steps = scaled_dot_product_attention(q[:, :, t : t + 1], k, v, mask)
    order = steps.weights[0, 0, 0].argsort(descending=True, stable=True)[:MOST_KEYS]  # (J,)
    arrays = (to_numpy(part) for part in (q[0, 0, t], k[0, 0, order], v[0, 0, order], steps.mixed[0, 0, 0]))
    return HeadRows(tuple(order.tolist()), *arrays)


def _entered(model: TextModel, state: Floats, layer: int, token: int) -> tuple[Any, Tensor, int]:
    """The layer, the state (1, T, C) that enters it, and the token. Errors: RangeError."""
    network: Bert = model.network
    layer = check_range("layer", layer, 0, network.config.num_layers - 1)
    token = check_range("token", token, 0, len(state) - 1)
    dtype = next(network.parameters()).dtype
    return network.layers[layer], torch.from_numpy(state)[None].to(device_of(network), dtype), token


@lent(TEXT)
@torch.inference_mode()
def answer_walk(model: TextModel, state: Floats, token: int) -> Walk:
    """What reads one token's last state, of those (T, C) of all: see :func:`readers`. Errors: RangeError.

    A classifier reads [CLS], the token 0; the head for masked words reads any other; where there is neither, all
    states' mean is the sentence's vector.
    """
    network: Bert = model.network
    x = torch.from_numpy(state)[None].to(device_of(network), next(network.parameters()).dtype)  # (1, T, C)
    token = whole("attention.range", "token", token, 0, len(state) - 1)
    if network.classifier is not None and (token == 0 or not isinstance(network, MaskedBert)):
        pooled = network.pooler(x)  # (1, C)
        logits = network.classifier(pooled)[0]  # (K,)
        shares = logits.float().softmax(dim=-1)  # (K,)
        arrays = {"pooled": pooled[0], "logits": logits, "probabilities": shares}
        said = tuple(zip(label_names(network.config), shares.tolist(), strict=True))
        read = arrays | {"given": x[0, 0]}
        return Walk({name: to_numpy(array) for name, array in read.items()}, said, "classifier")
    own = {"given": to_numpy(x[0, token])}
    if isinstance(network, MaskedBert):
        top = network.masked_head
        transformed = top.norm(top.gelu(top.dense(x[0, token])))  # (C,)
        words = network.word_logits(x[0, token]).float().softmax(dim=-1).topk(CANDIDATES)  # of (V,)
        names = [model.processor.id_to_token(place) or "?" for place in words.indices.tolist()]
        said = tuple(zip(names, words.values.tolist(), strict=True))
        return Walk(own | {"transformed": to_numpy(transformed)}, said, "words")
    return Walk(own | {"sentence": to_numpy(x[0].mean(dim=0))}, (), "mean")


@lent(TEXT)
@torch.inference_mode()
def mixing(model: TextModel, states: Floats, weights: Floats) -> Floats:
    """(L, T, T): which share of each token's state each layer takes from whom, rows sum to 1: see
    :func:`core.networks.mixing.mixed_lengths`. ``states``: (L + 1, T, C), ``weights``: (L, H, T, T).
    """
    network: Bert = model.network
    rows = [_mixed(block, states[i], weights[i]) for i, block in enumerate(network.layers)]
    return np.stack(rows)


def _mixed(block: Any, state: Floats, weights: Floats) -> Floats:
    """(T, T) of one layer, from the state (T, C) that enters it and its weights (H, T, T)."""
    output = block.attention.output.weight  # (C, C)
    x = torch.from_numpy(state).to(output.device)  # (T, C)
    v = block.attention.project(x[None].to(output.dtype))[2][0].float()  # (H, T, D)
    changes = torch.einsum("htd,chd->thc", v, output.float().view(len(output), len(v), -1))  # (T, H, C)
    return to_numpy(mixed_lengths(torch.from_numpy(weights).to(output.device), changes, x))


def rolled(weights: Floats) -> Floats:
    """(L, T, T): half of a token's state stays, half is the mean of the heads (Abnar & Zuidema, 2020)."""
    found: Floats = 0.5 * weights.mean(axis=1) + 0.5 * np.eye(weights.shape[-1], dtype=np.float32)
    return found
