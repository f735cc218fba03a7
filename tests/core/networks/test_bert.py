"""BERT from scratch, against transformers and torch."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
import transformers
from hypothesis import given
from hypothesis import strategies as st

from core.models.catalog import find
from core.networks.attention import MASKED, padding_mask, scaled_dot_product_attention
from core.networks.bert import PRESETS, AddNorm, Bert, BertConfig, MultiHeadAttention, create_bert
from core.networks.bert_checkpoint import bert_from_transformers
from core.networks.gelu import gelu_exact, gelu_tanh

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
PAIRS = [
    ("I enjoyed watching this movie", "It was far too long, though, and the ending made no sense at all."),
    ("The cat sat on the mat", "The dog lay on the rug"),
    ("Why?", "Because."),
]


def random_transformers_bert(**changes: Any) -> transformers.BertModel:
    """A BertModel no weight of which is 0 or 1, so that none can be left out or taken for another."""
    values = {"vocab_size": 70, "hidden_size": 36, "num_hidden_layers": 4, "num_attention_heads": 6}
    values |= {"intermediate_size": 50, "max_position_embeddings": 24, "attn_implementation": "eager"}
    model = transformers.BertModel(transformers.BertConfig(**values | changes)).eval()
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.3, generator=generator)
    return model


def assert_agree(ours: Bert, theirs: transformers.BertModel, batch: dict[str, torch.Tensor]) -> None:
    """Pooled output, every hidden state and every attention, also at padding."""
    with torch.no_grad():
        mine = ours(batch["input_ids"], batch["token_type_ids"], batch["attention_mask"], keep_attentions=True)
        other = theirs(**batch, output_hidden_states=True, output_attentions=True)
    assert len(mine.hidden) == len(ours.layers) + 1
    assert len(mine.attentions) == len(ours.layers)
    torch.testing.assert_close(mine.pooled, other.pooler_output, **CLOSE)
    torch.testing.assert_close(mine.hidden, list(other.hidden_states), **CLOSE)
    torch.testing.assert_close(mine.attentions, list(other.attentions), **CLOSE)


def padded(T: int, lengths: list[int], seed: int = 0) -> dict[str, torch.Tensor]:
    """Random pairs of ``lengths`` tokens, padded to ``T``."""
    generator = torch.Generator().manual_seed(seed)
    mask = (torch.arange(T)[None] < torch.tensor(lengths)[:, None]).long()
    ids = torch.randint(1, 70, (len(lengths), T), generator=generator) * mask
    segments = (torch.arange(T)[None] >= torch.tensor(lengths)[:, None] // 2).long() * mask
    return {"input_ids": ids, "token_type_ids": segments, "attention_mask": mask}


def test_minilm_agrees_with_transformers_on_padded_pairs_of_real_sentences(minilm: Any) -> None:
    folder = find("minilm-l6").folder
    theirs = transformers.BertModel.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    batch = tokenizer([a for a, _ in PAIRS], [b for _, b in PAIRS], padding=True, return_tensors="pt")
    assert batch["attention_mask"].min() == 0
    assert batch["token_type_ids"].max() == 1
    assert_agree(minilm.network, theirs, dict(batch))


@pytest.mark.parametrize("activation", ["gelu", "gelu_new"])
def test_a_random_bert_agrees_with_transformers_on_padded_pairs(activation: str) -> None:
    theirs = random_transformers_bert(hidden_act=activation)
    ours = bert_from_transformers(theirs.config.to_dict(), theirs.state_dict())
    assert_agree(ours, theirs, padded(24, [24, 13, 2, 1]))


def test_the_two_gelus_give_different_networks() -> None:
    exact, tanh = (random_transformers_bert(hidden_act=name) for name in ("gelu", "gelu_new"))
    batch = padded(24, [24])
    with torch.no_grad():
        apart = (exact(**batch).pooler_output - tanh(**batch).pooler_output).abs().max()
    assert apart > 1e-4, "so the agreement above would show a wrong choice"


def test_leaving_out_segments_and_mask_means_one_sentence_without_padding() -> None:
    network = create_bert("small", hidden_size=32).eval()
    ids = torch.tensor([[5, 6, 7]])
    with torch.no_grad():
        bare = network(ids)
        full = network(ids, torch.zeros_like(ids), torch.ones_like(ids))
    torch.testing.assert_close(bare.pooled, full.pooled, rtol=0, atol=0)
    assert bare.attentions == [], "attentions cost memory, and nobody asked for them"
    assert bare.logits is None


@given(st.floats(-30, 30, width=32))
def test_both_gelus_are_those_of_torch(x: float) -> None:
    value = torch.tensor([x])
    torch.testing.assert_close(gelu_exact(value), torch.nn.functional.gelu(value), atol=2e-6, rtol=1e-5)
    torch.testing.assert_close(
        gelu_tanh(value), torch.nn.functional.gelu(value, approximate="tanh"), atol=2e-6, rtol=1e-5
    )


def test_gelu_by_hand() -> None:
    assert gelu_exact(torch.tensor(0.0)) == 0
    assert gelu_exact(torch.tensor(1.0)).item() == pytest.approx(0.841344746, abs=1e-6)  # Φ(1)
    assert gelu_exact(torch.tensor(-1.0)).item() == pytest.approx(-0.158655254, abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 1, 4), (2, 3, 7, 5), (3, 1, 20, 16)])
def test_scaled_dot_product_attention_is_that_of_torch(shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(shape, generator=generator) for _ in range(3))
    lengths = torch.arange(shape[0]) % shape[2] + 1
    attention_mask = (torch.arange(shape[2])[None] < lengths[:, None]).long()
    steps = scaled_dot_product_attention(q, k, v, padding_mask(attention_mask))
    allowed = attention_mask.bool()[:, None, None, :]
    torch.testing.assert_close(steps.mixed, torch.nn.functional.scaled_dot_product_attention(q, k, v, allowed), **CLOSE)
    torch.testing.assert_close(steps.weights.sum(-1), torch.ones(shape[:-1]), **CLOSE)
    torch.testing.assert_close(steps.scaled * math.sqrt(shape[-1]), steps.scores, **CLOSE)


def test_attention_of_two_tokens_by_hand() -> None:
    q = torch.tensor([[[[1.0, 0.0], [0.0, 2.0]]]])
    k = torch.tensor([[[[1.0, 1.0], [0.0, 1.0]]]])
    v = torch.tensor([[[[10.0, 0.0], [0.0, 10.0]]]])
    steps = scaled_dot_product_attention(q, k, v, torch.zeros(1, 1, 1, 2))
    assert steps.scores[0, 0].tolist() == [[1, 0], [2, 2]]
    first = math.exp(1 / math.sqrt(2)) / (math.exp(1 / math.sqrt(2)) + 1)
    torch.testing.assert_close(steps.weights[0, 0], torch.tensor([[first, 1 - first], [0.5, 0.5]]))
    torch.testing.assert_close(steps.mixed[0, 0], torch.tensor([[10 * first, 10 - 10 * first], [5.0, 5.0]]))


def test_padding_gets_no_weight_at_all() -> None:
    network = create_bert("small", hidden_size=32).eval()
    ids = torch.tensor([[2, 9, 8, 3, 0, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0, 0]])
    with torch.no_grad():
        output = network(ids, None, mask, keep_attentions=True)
        alone = network(ids[:, :4], keep_attentions=True)
    for weights, without in zip(output.attentions, alone.attentions, strict=True):
        assert torch.count_nonzero(weights[..., 4:]) == 0
        torch.testing.assert_close(weights[..., :4, :4], without, **CLOSE)
    torch.testing.assert_close(output.pooled, alone.pooled, **CLOSE)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_the_padding_mask_is_finite_in_every_dtype(dtype: torch.dtype) -> None:
    mask = padding_mask(torch.tensor([[1, 0]]), dtype)
    assert mask.shape == (1, 1, 1, 2)
    assert mask.dtype == dtype
    assert torch.isfinite(mask).all()
    assert mask[..., 0] == 0
    assert mask[..., 1] <= max(MASKED, torch.finfo(dtype).min) * 0.99


def test_multi_head_attention_is_that_of_torch() -> None:
    config = BertConfig(hidden_size=24, num_heads=3, dropout=0.0)
    torch.manual_seed(2)
    ours = MultiHeadAttention(config)
    theirs = torch.nn.MultiheadAttention(24, 3, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
        theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key.bias, ours.value.bias]))
        theirs.out_proj.load_state_dict(ours.output.state_dict())
        x = torch.randn(2, 6, 24)
        mask = torch.tensor([[1] * 6, [1, 1, 1, 0, 0, 0]])
        mine, weights = ours(x, padding_mask(mask))
        other, mean = theirs(x, x, x, key_padding_mask=mask == 0)
    torch.testing.assert_close(mine, other, **CLOSE)
    torch.testing.assert_close(weights.mean(dim=1), mean, **CLOSE)


def test_add_norm_adds_before_it_normalises() -> None:
    layer = AddNorm(BertConfig(hidden_size=12)).eval()
    given_, gave = torch.randn(1, 2, 12), torch.randn(1, 2, 12)
    with torch.no_grad():
        out = layer(given_, gave)
    torch.testing.assert_close(out, torch.nn.functional.layer_norm(given_ + gave, (12,), eps=1e-12))


def count(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def by_formula(config: BertConfig) -> int:
    """Parameters of a BERT, from its hyper-parameters alone."""
    C, F = config.hidden_size, config.intermediate_size
    embeddings = (config.vocab_size + config.max_positions + config.num_segments) * C + 2 * C
    layer = 4 * (C * C + C) + (C * F + F) + (F * C + C) + 4 * C
    return embeddings + config.num_layers * layer + C * C + C


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_the_parameters_that_their_numbers_say(name: str) -> None:
    with torch.device("meta"):
        assert count(create_bert(name)) == by_formula(PRESETS[name])


def test_the_base_preset_has_the_size_of_bert_base_uncased() -> None:
    with torch.device("meta"):
        ours, theirs = create_bert("base"), transformers.BertModel(transformers.BertConfig())
    assert count(ours) == count(theirs) == 109_482_240


def test_twelve_instead_of_3072_takes_more_than_half_of_a_bert_away() -> None:
    base, table = by_formula(PRESETS["base"]), by_formula(replace(PRESETS["reference"], max_positions=512))
    assert base - table == 12 * (3072 - 12) * (2 * 768 + 1)
    assert table < base / 2


def test_a_classifier_is_there_when_labels_are_wanted() -> None:
    network = create_bert("small", hidden_size=32, num_labels=2).eval()
    with torch.no_grad():
        output = network(torch.tensor([[1, 2], [3, 4]]))
        assert output.logits is not None
        torch.testing.assert_close(output.logits, network.classifier(output.pooled))
    assert output.logits.shape == (2, 2)


def test_dropout_acts_in_training_and_not_in_evaluation() -> None:
    torch.manual_seed(0)
    network = create_bert("small", hidden_size=32, dropout=0.5)
    ids = torch.tensor([[1, 2, 3]])
    assert network.training
    with torch.no_grad():
        assert not torch.equal(network(ids).pooled, network(ids).pooled)
        network.eval()
        assert torch.equal(network(ids).pooled, network(ids).pooled)


def test_a_new_bert_starts_as_the_paper_has_it() -> None:
    torch.manual_seed(0)
    network = create_bert("small")
    assert network.layers[0].attention.query.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert network.embeddings.token.weight[1:].std().item() == pytest.approx(0.02, rel=0.05)
    assert torch.count_nonzero(network.embeddings.token.weight[0]) == 0, "padding has no meaning of its own"
    assert torch.count_nonzero(network.layers[0].feed_forward.output.bias) == 0


def test_a_config_comes_back_from_its_dict_and_ignores_what_is_not_its_own() -> None:
    config = BertConfig(hidden_size=48, num_heads=4, gelu="tanh", num_labels=3)
    assert BertConfig.from_dict(config.to_dict() | {"architecture": "x"}) == config


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hidden_size": 10, "num_heads": 3}, "hidden_size 10 must be a multiple of num_heads 3"),
        ({"num_layers": 0}, "num_layers must be at least 1, got 0"),
        ({"gelu": "relu"}, "gelu must be exact or tanh, got 'relu'"),
    ],
)
def test_an_impossible_config_is_refused_with_its_numbers(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        BertConfig(**changes)


def test_a_sequence_longer_than_the_positions_is_refused_with_both_numbers() -> None:
    network = create_bert("small", hidden_size=32, max_positions=4)
    with pytest.raises(AssertionError, match="5 tokens is longer than the 4 positions"):
        network(torch.ones(1, 5, dtype=torch.long))


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(AssertionError, match="expected one of base, reference, small"):
        create_bert("huge")
