"""One patch through BEiT, every number on its way: its embedding, each layer, and the classes that are read from it.

Letters as in :mod:`core.networks.beit`; t is the token that is followed: 0 is [CLS], patch i is i + 1. The arithmetic
is that of :func:`core.networks.beit.layer_forward` for one query.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.needs import SCENE, lent
from core.networks import beit
from core.networks.arrays import to_numpy
from core.networks.mixing import mixed_lengths
from core.networks.steps import MOST_KEYS, HeadRows, Plan, Step, Trail, Walk
from core.scene.patches import check, states_before
from core.scene.results import Segmentation, Trace
from core.scene.segment import Model, scores_at

FORWARD, ROW = "core.networks.beit:layer_forward", "core.networks.beit:scores_of"
ATTENDED, ALONE = "x = x + layer.lambda_1", "out: Tensor ="
TC, HTD, HT = ("T", "C"), ("H", "T", "D"), ("H", "T")
EMBEDDING = (Step("patch", ("given",), "core.networks.beit:embed", "tokens: Tensor =", TC),)
LAYER = (
    Step("norm", ("normed",), FORWARD, "normed =", TC),
    Step("project", ("query", "key", "value"), FORWARD, "q = heads_of", HTD),
    Step("scores", ("scores",), ROW, "scores: Tensor =", HT, "heads"),
    Step("scale", ("scaled",), ROW, "scores: Tensor =", HT, "heads"),
    Step("bias", ("biased",), ROW, "return scores + bias.row", HT, "heads"),
    Step("softmax", ("weights",), "core.scene.patches:patch_attention", "weights = beit.scores_of", HT, "shares"),
    Step("mix", ("mixed",), FORWARD, "mixed =", HTD),
    Step("join", ("joined",), FORWARD, ATTENDED, TC),
    Step("damp", ("damped",), FORWARD, ATTENDED, TC),
    Step("grow", ("added",), FORWARD, ATTENDED, TC),
    Step("norm_again", ("normed_again",), FORWARD, ALONE, TC),
    Step("widen", ("wide",), FORWARD, ALONE, ("T", "F")),
    Step("gelu", ("bent",), FORWARD, ALONE, ("T", "F")),
    Step("narrow", ("narrow",), FORWARD, ALONE, TC),
    Step("damp_again", ("damped_again",), FORWARD, ALONE, TC),
    Step("grow_again", ("out",), FORWARD, ALONE, TC),
)
ANSWERS = {
    "classes": (Step("read", (), "core.scene.segment:_scored", "logits = (plain_head", ("K", "h", "w"), "words"),)
}


def layer_steps(encoder: Any) -> tuple[Step, ...]:
    """The steps of a layer of this encoder: one that knows places by its embeddings adds no bias."""
    biased = any(layer.relative_position_bias is not None for layer in encoder.layers)
    return LAYER if biased or encoder.shared_position_bias is not None else tuple(s for s in LAYER if s.name != "bias")


def sizes_of(config: Any, traced: Trace) -> dict[str, int]:
    """The sizes of the shapes of a pass by their letters; L counts the layers that were run."""
    S, T, C = traced.states.shape
    sizes = {"T": T, "C": C, "H": config.num_attention_heads, "L": S - 1}
    return sizes | {"D": C // config.num_attention_heads, "F": config.intermediate_size, "P": 3 * config.patch_size**2}


def plan(network: Any, traced: Trace, result: Segmentation) -> Plan:
    """The steps of a pass over such a picture, with the sizes of their shapes; L counts the layers that the head reads,
    or that are below one of those."""
    K, h, w = result.scores.shape
    sizes = sizes_of(network.config, traced) | {"K": K, "h": h, "w": w}
    return Plan(EMBEDDING, layer_steps(network.beit), ANSWERS, sizes)


def answer_walk(result: Segmentation, traced: Trace, token: int) -> Walk:
    """The likely classes of a patch, by ADE20K id, from the scores at its middle; of none but a patch.

    A picture that was cut into windows got its classes from those, not from this pass: then nothing is said.
    """
    h, w = traced.grid
    check("patch", token, 1, h * w)
    state = {"given": traced.states[-1, token]}
    if result.windows > 1:
        return Walk(state, (), "windows")
    y, x = divmod(token - 1, w)
    found = scores_at(result, (y + 0.5) / h, (x + 0.5) / w)
    return Walk(state, tuple((str(id), share) for id, share in found), "classes")


@lent(SCENE)
@torch.no_grad()
def layer_walk(model: Model, traced: Trace, layer: int, token: int) -> Walk:
    """One token through one layer (both from 0). Errors: RangeError.

    (C,): given, normed, query, key, value, mixed, joined, damped, added, normed_again, narrow, damped_again, out; (F,):
    wide, bent; (H, T): scores, scaled, biased, weights, keys in their natural order.
    """
    block, attention, x, t = _entered(model, traced, layer, token)
    normed = block.layernorm_before(x)  # (T, C)
    q, k, v = _heads(attention, normed, t)  # (H, 1, D), (H, T, D), (H, T, D)
    scores = (q @ k.transpose(1, 2))[:, 0]  # (H, T)
    scaled = scores * attention.scaling
    bias = beit.position_bias(model.network.beit, layer, traced.grid)
    biased = scaled if bias is None else scaled + bias.row(t)
    weights = biased.softmax(-1)
    mixed = (weights[:, None] @ v).reshape(-1)  # (C,)
    joined = attention.o_proj(mixed)
    damped = block.lambda_1 * joined
    added = x[t] + damped
    again = block.layernorm_after(added)
    wide = block.mlp.fc1(again)  # (F,)
    bent = block.mlp.activation_fn(wide)
    narrow = block.mlp.fc2(bent)  # (C,)
    last = block.lambda_2 * narrow
    arrays = {"given": x[t], "normed": normed[t], "query": q.reshape(-1), "key": k[:, t].reshape(-1)}
    arrays |= {"value": v[:, t].reshape(-1), "scores": scores, "scaled": scaled, "biased": biased, "weights": weights}
    arrays |= {"mixed": mixed, "joined": joined, "damped": damped, "added": added, "normed_again": again, "wide": wide}
    arrays |= {"bent": bent, "narrow": narrow, "damped_again": last, "out": added + last}
    return Walk({name: to_numpy(array) for name, array in arrays.items()})


@lent(SCENE)
@torch.no_grad()
def head_rows(model: Model, traced: Trace, layer: int, head: int, token: int) -> HeadRows:
    """What a head (from 0) of a layer compares one token with: at most ``MOST_KEYS`` keys. Errors: RangeError."""
    block, attention, x, t = _entered(model, traced, layer, token)
    check("head", head, 0, int(attention.num_attention_heads) - 1)
    q, k, v = _heads(attention, block.layernorm_before(x), t)
    weights = beit.scores_of(model.network.beit, layer, x, traced.grid, t)[head].softmax(-1)  # (T,)
    order = weights.argsort(descending=True, stable=True)[:MOST_KEYS]  # (J,)
    arrays = (to_numpy(part) for part in (q[head, 0], k[head, order], v[head, order], weights @ v[head]))
    return HeadRows(tuple(order.tolist()), *arrays)


def _entered(model: Model, traced: Trace, layer: int, token: int) -> tuple[Any, Any, Tensor, int]:
    """The layer, its attention, the state (T, C) that enters it, and the token."""
    layers = model.network.beit.layers
    check("layer", layer, 0, len(layers) - 1)
    check("patch", token, 0, traced.grid[0] * traced.grid[1])
    return layers[layer], layers[layer].attention, states_before(model, traced, layer), token


def _heads(attention: Any, normed: Tensor, token: int) -> tuple[Tensor, Tensor, Tensor]:
    """The query of one token (H, 1, D), and all keys and values (H, T, D)."""
    q = beit.heads_of(attention.q_proj(normed[token : token + 1]), attention)
    return q, beit.heads_of(attention.k_proj(normed), attention), beit.heads_of(attention.v_proj(normed), attention)


@lent(SCENE)
@torch.no_grad()
def trails(model: Model, traced: Trace, top: int, token: int | None) -> dict[str, Trail]:
    """Which tokens one token's state, or the mean of all patches for None, is made of after ``top`` layers, by lengths
    and by rollout.

    A row goes down the layers; one layer's (H, T, T) weights exist at a time. No edges: so many patches are shown by
    their shares. Errors: RangeError.
    """
    check("layer", top, 0, len(model.network.beit.layers))
    h, w = traced.grid
    start = torch.zeros(h * w + 1)
    if token is None:
        start[1:] = 1 / (h * w)
    else:
        start[check("patch", token, 0, h * w)] = 1
    rows = {"norms": [start], "rollout": [start]}
    for layer in range(top - 1, -1, -1):
        for name, mixing in _mixings(model, traced, layer).items():
            rows[name].append(rows[name][-1] @ mixing)
    return {name: Trail(torch.stack(row[::-1]).numpy()) for name, row in rows.items()}


def _mixings(model: Model, traced: Trace, layer: int) -> dict[str, Tensor]:
    """(T, T) of one layer by both measures, on the CPU."""
    block, attention, x, _ = _entered(model, traced, layer, 0)
    normed = block.layernorm_before(x)
    backwards = beit.reversed_patches(normed)
    q = beit.heads_of(attention.q_proj(normed), attention) * attention.scaling  # (H, T, D)
    scores = q @ beit.heads_of(attention.k_proj(backwards), attention).transpose(1, 2)  # (H, T, T), patch keys reversed
    bias = beit.position_bias(model.network.beit, layer, traced.grid)
    if bias is not None:
        scores += bias.fill(torch.empty_like(scores))
    weights = scores.float().softmax(-1)
    weights = torch.cat([weights[..., :1], weights[..., 1:].flip(-1)], dim=-1)  # keys in their natural order
    v = beit.heads_of(attention.v_proj(normed), attention).float()  # (H, T, D)
    output = (block.lambda_1[:, None] * attention.o_proj.weight).float()  # (C, C)
    changes = torch.einsum("htd,chd->thc", v, output.view(len(output), len(v), -1))  # (T, H, C)
    half = 0.5 * weights.mean(0) + 0.5 * torch.eye(len(x), device=x.device)
    return {"norms": mixed_lengths(weights, changes, x.float()).cpu(), "rollout": half.cpu()}
