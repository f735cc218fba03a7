"""(model, sentence, sentence) → every attention weight; and what one head does with it, step by step."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from core.checks import whole
from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.networks.attention import padding_mask, scaled_dot_product_attention
from core.networks.bert import Bert, BertConfig
from core.text.results import Attention, EmbeddingParts, Floats, HeadSteps, Tokens, Trace
from core.text.tokens import encode

MAX_PADDING = 8  # tokens of padding that are shown beside a sentence

Segments = Literal["normal", "swapped", "zero"]


class TextModel(Protocol):
    """What an analysis of text needs of a loaded model."""

    @property
    def spec(self) -> Any:
        """Has a ``name``."""

    @property
    def network(self) -> Any:
        """A :class:`core.networks.bert.Bert` in eval mode."""

    @property
    def processor(self) -> Any:
        """A ``tokenizers.Tokenizer``."""


@dataclass(frozen=True)
class Options:
    """What may be changed between the sentence and the model.

    ``special``: a typed [MASK] is the token, not six characters. ``masked``: positions that are replaced by [MASK].
    ``segments``: as BERT has them, A and B swapped, or all A.
    """

    special: bool = False
    masked: tuple[int, ...] = ()
    segments: Segments = "normal"


def tokenize(model: TextModel, a: object, b: object = "", options: Options | None = None) -> Tokens:
    """The tokens that the model is given. Errors: TextError, RangeError (a masked position that is not there)."""
    options = options or Options()
    limit = min(512, model.network.config.max_positions)
    tokens = encode(model.processor, a, b, limit=limit, special=options.special)
    if options.masked:
        mask_id = model.processor.token_to_id("[MASK]")
        ids, texts = list(tokens.ids), list(tokens.texts)
        for position in options.masked:
            position = check_range("position", position, 0, len(tokens) - 1)
            ids[position], texts[position] = mask_id, "[MASK]"
        tokens = replace(tokens, ids=tuple(ids), texts=tuple(texts))
    if options.segments == "zero":
        tokens = replace(tokens, segments=(0,) * len(tokens))
    elif options.segments == "swapped":
        tokens = replace(tokens, segments=tuple(1 - s for s in tokens.segments))
    return tokens


def check_range(name: str, value: object, low: int, high: int) -> int:
    """``value`` if it is a whole number from low to high. Errors: RangeError."""
    return whole("attention.range", name, value, low, high)


def batch_of(tokens: Tokens, device: torch.device) -> tuple[Tensor, Tensor]:
    """ids and segments, (1, T) each."""
    return torch.tensor([tokens.ids], device=device), torch.tensor([tokens.segments], device=device)


def device_of(network: Bert) -> torch.device:
    """Where a network's weights are."""
    return next(network.parameters()).device


def label_names(config: BertConfig) -> tuple[str, ...]:
    """What a classifier's outputs are called; they are numbered where they have no names."""
    return config.labels or tuple(map(str, range(config.num_labels)))


@torch.inference_mode()
def _forward(model: TextModel, tokens: Tokens) -> Trace:
    network: Bert = model.network
    started = time.perf_counter()
    ids, segments = batch_of(tokens, device_of(network))  # (1, T) each
    output = network(ids, segments, keep_attentions=True)
    weights = np.stack([to_numpy(w[0]) for w in output.attentions])  # (L, H, T, T)
    states = np.stack([to_numpy(x[0]) for x in output.hidden])  # (L + 1, T, C)
    embedding = to_numpy(output.hidden[-1][0].mean(dim=0))  # (C,)
    probabilities = {}
    if output.logits is not None:
        shares = output.logits[0].float().softmax(dim=-1).tolist()
        probabilities = dict(zip(label_names(network.config), shares, strict=True))
    seconds = time.perf_counter() - started
    return Trace(Attention(model.spec.name, tokens, weights, embedding, probabilities, seconds), states)


def run(model: TextModel, tokens: Tokens) -> Attention:
    """One forward pass over tokens that are already there."""
    return _forward(model, tokens).attention


@lent(TEXT)
def trace(model: TextModel, a: object, b: object = "", options: Options | None = None) -> Trace:
    """:func:`attend`, with the state that enters each layer."""
    return _forward(model, tokenize(model, a, b, options))


@lent(TEXT)
def attend(model: TextModel, a: object, b: object = "", options: Options | None = None) -> Attention:
    """Sentence a, or the pair (a, b), through the model. Errors: TextError, RangeError."""
    return trace(model, a, b, options).attention


def room_for_padding(config: BertConfig, tokens: Tokens) -> int:
    """How many [PAD] may follow: the positions that the sentence leaves, at most ``MAX_PADDING``."""
    return min(MAX_PADDING, max(0, config.max_positions - len(tokens)))


@lent(TEXT)
@torch.inference_mode()
def head_steps(
    model: TextModel, tokens: Tokens, layer: int, head: int, state: Floats | None = None, padding: int = 0
) -> HeadSteps:
    """One head's queries, keys and values and every step of its attention; layer and head count from 0.

    ``state``: (T, C) what enters the layer, where a pass has left it; else the layers below are run. ``padding``: how
    many [PAD] follow, as in a batch with a longer sentence; T counts them in, and ``state`` is not used. It is computed
    by the functions of :mod:`core.networks.bert` that any forward pass calls. Errors: RangeError.
    """
    network: Bert = model.network
    layer = check_range("layer", layer, 0, network.config.num_layers - 1)
    head = check_range("head", head, 0, network.config.num_heads - 1)
    padding = check_range("padding", padding, 0, room_for_padding(network.config, tokens))
    ids, segments = batch_of(tokens, device_of(network))  # (1, T) each
    dtype = next(network.parameters()).dtype
    seen = nn.functional.pad(torch.ones_like(ids), (0, padding))  # (1, T), 0 at padding
    ids = nn.functional.pad(ids, (0, padding), value=network.config.pad_id)  # (1, T)
    segments = nn.functional.pad(segments, (0, padding))  # (1, T)
    mask = padding_mask(seen, dtype)  # (1, 1, 1, T)
    if state is None or padding:
        x = network.embeddings(ids, segments)  # (1, T, C)
        for below in network.layers[:layer]:
            x, _ = below(x, mask)  # (1, T, C)
    else:
        x = torch.from_numpy(state)[None].to(ids.device, dtype)  # (1, T, C)
    attention: Any = network.layers[layer].attention
    q, k, v = (part[:, head : head + 1] for part in attention.project(x))  # (1, 1, T, D) each
    steps = scaled_dot_product_attention(q, k, v, mask)
    arrays = (to_numpy(part[0, 0]) for part in (q, k, v, *steps[:4], steps.mixed))
    return HeadSteps(layer, head, *arrays)


@lent(TEXT)
@torch.inference_mode()
def embedding_parts(model: TextModel, tokens: Tokens) -> EmbeddingParts:
    """How long each summand of the input embedding is, token by token."""
    embeddings: Any = model.network.embeddings
    ids, segments = batch_of(tokens, device_of(model.network))
    token, position, segment = embeddings.parts(ids, segments)  # (1, T, C) each
    summed = token + position + segment  # (1, T, C)
    vectors = (token, position, segment, summed, embeddings.norm(summed))
    return EmbeddingParts(*(to_numpy(v[0].norm(dim=-1)) for v in vectors))
