"""The head for masked words, against transformers."""

import pytest
import torch
import transformers

from core.errors import WeightsError
from core.networks.bert import BertConfig
from core.networks.bert_checkpoint import bert_from_transformers
from core.networks.masked_head import MaskedBert, fill_masks

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
SMALL = {
    "vocab_size": 60,
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 16,
    "attn_implementation": "eager",
}


def random_weights(model):
    """Zero biases and unit norms would hide a swap."""
    for parameter in model.parameters():
        parameter.data.normal_(std=0.3)
    return model.eval()


@pytest.fixture
def theirs():
    torch.manual_seed(1)
    return random_weights(transformers.BertForMaskedLM(transformers.BertConfig(**SMALL)))


def padded_batch():
    ids = torch.randint(1, 60, (3, 11), generator=torch.Generator().manual_seed(0))
    mask = torch.ones(3, 11, dtype=torch.long)
    mask[1, 8:], mask[2, 3:] = 0, 0
    return ids, mask


@pytest.mark.parametrize("activation", ["gelu", "gelu_new"])
def test_every_logit_is_that_of_transformers(activation):
    torch.manual_seed(1)
    config = transformers.BertConfig(**SMALL, hidden_act=activation)
    theirs = random_weights(transformers.BertForMaskedLM(config))
    ours = bert_from_transformers(config.to_dict(), theirs.state_dict())
    assert isinstance(ours, MaskedBert)
    ids, mask = padded_batch()
    with torch.no_grad():
        expected = theirs(input_ids=ids, attention_mask=mask).logits  # (3, 11, 60)
        found = ours.word_logits(ours(ids, attention_mask=mask).hidden[-1])
    torch.testing.assert_close(found, expected, **CLOSE)


def test_a_model_for_pre_training_brings_its_pooler_and_the_same_words():
    torch.manual_seed(2)
    theirs = random_weights(transformers.BertForPreTraining(transformers.BertConfig(**SMALL)))
    ours = bert_from_transformers(theirs.config.to_dict(), theirs.state_dict())
    ids, mask = padded_batch()
    with torch.no_grad():
        expected = theirs(input_ids=ids, attention_mask=mask)
        pooled = theirs.bert(input_ids=ids, attention_mask=mask).pooler_output
        output = ours(ids, attention_mask=mask)
    torch.testing.assert_close(ours.word_logits(output.hidden[-1]), expected.prediction_logits, **CLOSE)
    torch.testing.assert_close(output.pooled, pooled, **CLOSE)


def test_only_the_asked_places_are_filled_in_reading_order(theirs):
    ours = bert_from_transformers(theirs.config.to_dict(), theirs.state_dict())
    ids, mask = padded_batch()
    masked = torch.zeros(3, 11, dtype=torch.bool)
    masked[0, 4] = masked[0, 9] = masked[2, 1] = True
    with torch.no_grad():
        filled = fill_masks(ours, ids, masked, mask)
        expected = theirs(input_ids=ids, attention_mask=mask).logits.softmax(-1)
    torch.testing.assert_close(filled, expected[[0, 0, 2], [4, 9, 1]], **CLOSE)


def test_the_states_of_some_places_are_those_of_the_whole_pass(theirs):
    ours = bert_from_transformers(theirs.config.to_dict(), theirs.state_dict())
    ids = torch.randint(1, 60, (3, 11), generator=torch.Generator().manual_seed(4))
    segments = torch.zeros_like(ids)
    segments[:, 6:] = 1
    with torch.no_grad():
        states, looks = ours.states_at(ids, segments, [2, 7])
        whole = ours(ids, segments, keep_attentions=True)
        expected = theirs(input_ids=ids, token_type_ids=segments).logits[:, [2, 7]]
    torch.testing.assert_close(states, whole.hidden[-1][:, [2, 7]], **CLOSE)
    for found, weights in zip(looks, whole.attentions, strict=True):
        torch.testing.assert_close(found, weights[:, :, [2, 7]], **CLOSE)
    torch.testing.assert_close(ours.word_logits(states), expected, **CLOSE)


def test_the_decoder_is_the_embedding_table_and_learns_with_it():
    bert = MaskedBert(BertConfig(30, hidden_size=8, num_layers=1, num_heads=2, intermediate_size=8, max_positions=8))
    head = {"masked_head.bias", "masked_head.dense.weight", "masked_head.dense.bias"}
    head |= {"masked_head.norm.weight", "masked_head.norm.bias"}
    assert {name for name in bert.state_dict() if name.startswith("masked_head")} == head
    bert.word_logits(torch.randn(3, 8)).sum().backward()
    assert bert.embeddings.token.weight.grad.abs().sum() > 0


def test_a_decoder_of_its_own_is_refused(theirs):
    state = dict(theirs.state_dict())
    state["cls.predictions.decoder.weight"] = state["cls.predictions.decoder.weight"] + 1
    with pytest.raises(WeightsError):
        bert_from_transformers(theirs.config.to_dict(), state)


def test_a_head_that_lacks_a_weight_is_refused(theirs):
    state = dict(theirs.state_dict())
    del state["cls.predictions.transform.dense.bias"]
    with pytest.raises(WeightsError, match=r"masked_head\.dense\.bias"):
        bert_from_transformers(theirs.config.to_dict(), state)
