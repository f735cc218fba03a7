"""A BERT's weights under the names of ``transformers`` → under those of :mod:`core.networks.bert`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from core.errors import WeightsError
from core.networks.bert import Bert, BertConfig
from core.networks.masked_head import MaskedBert

GELUS = {"gelu": "exact", "gelu_python": "exact", "gelu_new": "tanh", "gelu_pytorch_tanh": "tanh"}

TIED = ("bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight")
MASKED_HEAD = "masked_head.dense.weight"  # a state that holds this has a head for masked words

# first what old checkpoints say differently, then place by place
RENAMES = [
    (r"^bert\.", ""),
    (r"\.gamma$", ".weight"),
    (r"\.beta$", ".bias"),
    (r"^embeddings\.word_embeddings\.", "embeddings.token."),
    (r"^embeddings\.position_embeddings\.", "embeddings.position."),
    (r"^embeddings\.token_type_embeddings\.", "embeddings.segment."),
    (r"^embeddings\.LayerNorm\.", "embeddings.norm."),
    (r"^encoder\.layer\.(\d+)\.", r"layers.\1."),
    (r"\.attention\.self\.", ".attention."),
    (r"\.attention\.output\.dense\.", ".attention.output."),
    (r"\.attention\.output\.LayerNorm\.", ".after_attention.norm."),
    (r"\.intermediate\.dense\.", ".feed_forward.intermediate."),
    (r"(layers\.\d+)\.output\.dense\.", r"\1.feed_forward.output."),
    (r"(layers\.\d+)\.output\.LayerNorm\.", r"\1.after_feed_forward.norm."),
    (r"^cls\.predictions\.transform\.dense\.", "masked_head.dense."),
    (r"^cls\.predictions\.transform\.LayerNorm\.", "masked_head.norm."),
    (r"^cls\.predictions\.bias$", "masked_head.bias"),
]
# buffers, the head for pairs of sentences, and the masked head's decoder, which is the token embeddings again
LEFT_OUT = re.compile(r"position_ids$|token_type_ids$|^cls\.seq_relationship\.|^cls\.predictions\.decoder\.")


def our_name(name: str) -> str:
    """``bert.encoder.layer.0.attention.self.query.weight`` → ``layers.0.attention.query.weight``"""
    for pattern, ours in RENAMES:
        name = re.sub(pattern, ours, name)
    return name


def config_from_transformers(values: Mapping[str, Any]) -> BertConfig:
    """``config.json`` of transformers → ours. Errors: WeightsError for what :mod:`core.networks.bert` cannot be."""
    gelu = GELUS.get(str(values.get("hidden_act", "gelu")))
    if gelu is None or values.get("position_embedding_type", "absolute") != "absolute":
        raise WeightsError("models.other_architecture", architecture=str(values.get("model_type", "?")))
    return BertConfig.from_dict(
        {
            "vocab_size": values["vocab_size"],
            "hidden_size": values["hidden_size"],
            "num_layers": values["num_hidden_layers"],
            "num_heads": values["num_attention_heads"],
            "intermediate_size": values["intermediate_size"],
            "max_positions": values["max_position_embeddings"],
            "num_segments": values["type_vocab_size"],
            "dropout": values.get("hidden_dropout_prob", 0.1),
            "layer_norm_eps": values.get("layer_norm_eps", 1e-12),
            "gelu": gelu,
            "pad_id": values.get("pad_token_id") or 0,
        }
    )


def bert_from_transformers(values: Mapping[str, Any], state: Mapping[str, Tensor]) -> Bert:
    """A transformers BERT's config and weights → :class:`core.networks.bert.Bert` in eval mode, float32.

    With a head for masked words it is a :class:`core.networks.masked_head.MaskedBert`. ``BertForMaskedLM`` has no
    pooler: such a one gets a pooler of zeros. Raises WeightsError where a weight is missing, unknown, or of another
    shape than the config says, and for a decoder that is not the embedding table.
    """
    config = config_from_transformers(values)
    table, decoder = (state.get(name) for name in TIED)
    if table is not None and decoder is not None and not torch.equal(table, decoder):
        raise WeightsError("models.other_architecture", architecture="untied decoder")
    renamed = {our_name(name): tensor for name, tensor in state.items() if not LEFT_OUT.search(name)}
    if MASKED_HEAD not in renamed:  # what some checkpoints keep of a head is none
        renamed = {name: tensor for name, tensor in renamed.items() if not name.startswith("masked_head.")}
    elif "pooler.dense.weight" not in renamed:
        width = config.hidden_size
        renamed |= {"pooler.dense.weight": torch.zeros(width, width), "pooler.dense.bias": torch.zeros(width)}
    return fill(bert_for(config, renamed), renamed)


def bert_for(config: BertConfig, state: Mapping[str, Tensor]) -> Bert:
    """An empty network with the heads that ``state``, under our names, has weights for."""
    return MaskedBert(config) if MASKED_HEAD in state else Bert(config)


def fill(model: Bert, state: Mapping[str, Tensor]) -> Bert:
    """Copy weights under our names into ``model``; every one must fit. Raises WeightsError."""
    expected = model.state_dict()
    wrong = sorted(expected.keys() ^ state.keys())
    wrong += [name for name in expected.keys() & state.keys() if expected[name].shape != state[name].shape]
    if wrong:
        raise WeightsError("models.weights_do_not_fit", names=", ".join(wrong[:3]), count=len(wrong))
    model.load_state_dict(dict(state))
    return model.eval()
