"""From sentences to weights, and one head step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LabError, RangeError, TextError
from core.text.attend import (
    Options,
    attend,
    check_range,
    embedding_parts,
    head_steps,
    room_for_padding,
    run,
    tokenize,
)
from core.text.occlusion import MAX_OCCLUDED, left_out, occlusion
from core.text.results import Tokens

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
REFERENCE = "I enjoyed watching this movie"


def test_the_references_sentence_gives_every_head_of_every_layer(minilm: Any) -> None:
    attention = attend(minilm, REFERENCE)
    assert attention.model == "minilm-l6"
    assert attention.tokens.texts == ("[CLS]", "i", "enjoyed", "watching", "this", "movie", "[SEP]")
    assert attention.weights.shape == (6, 12, 7, 7)
    assert (attention.layers, attention.heads) == (6, 12)
    assert attention.weights.dtype == np.float32
    assert attention.nbytes == 6 * 12 * 7 * 7 * 4
    assert attention.probabilities == {}
    assert attention.seconds > 0


def test_weights_are_those_of_transformers(minilm: Any) -> None:
    import transformers

    from core.models.catalog import find

    theirs = transformers.BertModel.from_pretrained(find("minilm-l6").folder, attn_implementation="eager").eval()
    attention = attend(minilm, "The cat sat on the mat", "The dog lay on the rug")
    tokens = attention.tokens
    with torch.no_grad():
        output = theirs(
            torch.tensor([tokens.ids]), token_type_ids=torch.tensor([tokens.segments]), output_attentions=True
        )
    np.testing.assert_allclose(attention.weights, np.concatenate([w.numpy() for w in output.attentions]), **CLOSE)
    np.testing.assert_allclose(attention.embedding, output.last_hidden_state[0].mean(0).numpy(), **CLOSE)


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60), st.booleans(), st.sampled_from(["normal", "swapped", "zero"]))
def test_rows_sum_to_one_whatever_is_typed(tiny_bert: Any, a: str, b: str, special: bool, segments: Any) -> None:
    try:
        attention = attend(tiny_bert, a, b, Options(special=special, segments=segments))
    except TextError:
        return
    T = len(attention.tokens)
    assert attention.weights.shape == (3, 4, T, T)
    assert attention.weights.min() >= 0
    np.testing.assert_allclose(attention.weights.sum(-1), 1, atol=1e-5)


def test_512_tokens_are_taken_and_their_rows_sum_to_one(minilm: Any) -> None:
    attention = attend(minilm, "movie " * 600)
    assert attention.weights.shape == (6, 12, 512, 512)
    np.testing.assert_allclose(attention.weights.sum(-1), 1, atol=1e-4)


def test_a_model_with_fewer_positions_cuts_at_its_own_limit(tiny_bert: Any) -> None:
    assert len(tokenize(tiny_bert, "the cat " * 100)) == 64


def test_a_classifier_says_its_probabilities_under_its_labels() -> None:
    from tests.conftest import TinyModel, tiny_network, tiny_tokenizer

    network = tiny_network(num_labels=2, labels=("negative", "positive"))
    attention = attend(TinyModel(network, tiny_tokenizer()), "this movie")
    with torch.no_grad():
        logits = network(torch.tensor([attention.tokens.ids])).logits[0].tolist()
    assert list(attention.probabilities) == ["negative", "positive"]
    assert attention.probabilities["positive"] == pytest.approx(1 / (1 + math.exp(logits[0] - logits[1])), abs=1e-5)
    assert sum(attention.probabilities.values()) == pytest.approx(1, abs=1e-6)


# What may be changed before the model sees it.


def test_a_masked_token_is_the_token_that_training_hides(tiny_bert: Any) -> None:
    plain, masked = (tokenize(tiny_bert, "the cat sat", "", o) for o in (Options(), Options(masked=(2,))))
    assert masked.texts == ("[CLS]", "the", "[MASK]", "sat", "[SEP]")
    assert masked.ids[2] == tiny_bert.processor.token_to_id("[MASK]")
    assert masked.ids[:2] + masked.ids[3:] == plain.ids[:2] + plain.ids[3:]
    assert not np.allclose(run(tiny_bert, plain).weights, run(tiny_bert, masked).weights)


@pytest.mark.parametrize("position", [-1, 5, 500])
def test_a_masked_position_that_is_not_there_names_the_range(tiny_bert: Any, position: int) -> None:
    with pytest.raises(RangeError, match=f"position must be a whole number from 0 to 4; {position} was given"):
        attend(tiny_bert, "the cat sat", "", Options(masked=(position,)))


def test_segments_are_swapped_and_zeroed(tiny_bert: Any) -> None:
    def segments(kind: Any) -> tuple[int, ...]:
        return tokenize(tiny_bert, "the cat", "a dog", Options(segments=kind)).segments

    assert segments("normal") == (0, 0, 0, 0, 1, 1, 1)
    assert segments("swapped") == (1, 1, 1, 1, 0, 0, 0)
    assert segments("zero") == (0,) * 7


def test_the_segments_that_a_person_chooses_reach_the_model(tiny_bert: Any) -> None:
    kinds: tuple[Any, ...] = ("normal", "swapped", "zero")
    normal, swapped, zero = (attend(tiny_bert, "the cat", "a dog", Options(segments=k)).weights for k in kinds)
    assert not np.allclose(normal, swapped)
    assert not np.allclose(normal, zero)


# One head, step by step.


@pytest.mark.parametrize(("layer", "head"), [(0, 0), (0, 3), (1, 2), (2, 0), (2, 3)])
def test_the_steps_of_a_head_end_in_the_weights_of_the_whole_pass(tiny_bert: Any, layer: int, head: int) -> None:
    attention = attend(tiny_bert, "the cat sat on the mat", "a dog")
    steps = head_steps(tiny_bert, attention.tokens, layer, head)
    np.testing.assert_allclose(steps.weights, attention.weights[layer, head], **CLOSE)


def test_each_step_of_a_head_follows_from_the_one_before(minilm: Any) -> None:
    steps = head_steps(minilm, tokenize(minilm, REFERENCE), 3, 5)
    assert steps.query.shape == steps.key.shape == steps.value.shape == steps.mixed.shape == (7, 32)
    np.testing.assert_allclose(steps.scores, steps.query @ steps.key.T, **CLOSE)
    np.testing.assert_allclose(steps.scaled, steps.scores / math.sqrt(32), **CLOSE)
    np.testing.assert_allclose(steps.masked, steps.scaled, **CLOSE)  # one sentence: no padding
    shares = np.exp(steps.masked.astype(float))
    np.testing.assert_allclose(steps.weights, shares / shares.sum(-1, keepdims=True), **CLOSE)
    np.testing.assert_allclose(steps.mixed, steps.weights @ steps.value, **CLOSE)


def test_the_heads_of_a_layer_side_by_side_are_what_its_output_is_made_of(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat sat")
    network = tiny_bert.network
    joined = np.concatenate([head_steps(tiny_bert, tokens, 0, head).mixed for head in range(4)], axis=-1)
    with torch.no_grad():
        x = network.embeddings(torch.tensor([tokens.ids]), torch.tensor([tokens.segments]))
        attended, _ = network.layers[0].attention(x, torch.zeros(1, 1, 1, len(tokens)))
        ours = network.layers[0].attention.output(torch.from_numpy(joined))
    torch.testing.assert_close(ours, attended[0], **CLOSE)


@pytest.mark.parametrize(
    ("layer", "head", "sentence"),
    [
        (3, 0, "layer must be a whole number from 0 to 2; 3 was given"),
        (-1, 0, "layer must be a whole number from 0 to 2; -1 was given"),
        (0, 4, "head must be a whole number from 0 to 3; 4 was given"),
        (0, -1, "head must be a whole number from 0 to 3; -1 was given"),
        ("1", 0, "layer must be a whole number"),
        (None, 0, "layer must be a whole number"),
        (True, 0, "layer must be a whole number"),
        (0, [1], "head must be a whole number"),
    ],
)
def test_a_layer_or_head_out_of_range_names_the_range(tiny_bert: Any, layer: Any, head: Any, sentence: str) -> None:
    with pytest.raises(RangeError, match=sentence):
        head_steps(tiny_bert, tokenize(tiny_bert, "the cat"), layer, head)


def test_a_whole_number_written_with_a_point_is_that_number(tiny_bert: Any) -> None:
    steps = head_steps(tiny_bert, tokenize(tiny_bert, "the cat"), 1.0, 2.0)  # type: ignore[arg-type]
    assert (steps.layer, steps.head) == (1, 2)


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
def test_whatever_is_given_as_a_number_is_in_range_or_refused(value: object) -> None:
    try:
        number = check_range("layer", value, 1, 6)
    except RangeError as error:
        refused = error.sentence()
    else:
        assert number in range(1, 7)
        assert number == value
        return
    assert "from 1 to 6" in refused


# What goes in, and what the result depends on.


def test_the_norms_of_the_embeddings_are_those_of_the_tables(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat", "a dog")
    parts = embedding_parts(tiny_bert, tokens)
    table = tiny_bert.network.embeddings
    for t in range(len(tokens)):
        word = table.token.weight[tokens.ids[t]]
        place, segment = table.position.weight[t], table.segment.weight[tokens.segments[t]]
        expected = [word, place, segment, word + place + segment, table.norm(word + place + segment)]
        got = [parts.token[t], parts.position[t] if parts.position.size > 1 else parts.position[0], parts.segment[t]]
        got += [parts.summed[t], parts.normed[t]]
        np.testing.assert_allclose(got, [float(v.norm()) for v in expected], rtol=1e-5)


def test_every_norm_has_an_entry_for_each_token(tiny_bert: Any) -> None:
    parts = embedding_parts(tiny_bert, tokenize(tiny_bert, "the cat", "a dog"))
    assert {v.shape for v in (parts.token, parts.position, parts.segment, parts.summed, parts.normed)} == {(7,)}


def test_occlusion_by_hand(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat sat", "a dog")
    change = occlusion(tiny_bert, tokens)

    def embedding(keep: list[int]) -> np.ndarray:
        parts = [tuple(part[t] for t in keep) for part in (tokens.texts, tokens.ids, tokens.segments)]
        return run(tiny_bert, Tokens(*parts, (), ())).embedding

    whole = embedding(list(range(len(tokens))))
    for t, special in enumerate(tokens.special):
        without = embedding([u for u in range(len(tokens)) if u != t])
        cosine = float(without @ whole / np.linalg.norm(without) / np.linalg.norm(whole))
        assert change[t] == pytest.approx(0 if special else 1 - cosine, abs=1e-5)
    assert change.max() > 1e-3, "or the comparison says nothing"


def test_occlusion_does_not_depend_on_the_batch(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat sat on the mat . the dog lay on the rug !")
    np.testing.assert_allclose(occlusion(tiny_bert, tokens, batch=3), occlusion(tiny_bert, tokens, batch=64), **CLOSE)


def test_for_a_classifier_leaving_a_token_out_moves_the_probability_of_positive(lab: Any) -> None:
    with lab.use("bert-sentiment", "attention") as sentiment:
        tokens = tokenize(sentiment, "a wonderful film with a boring end")
        found = left_out(sentiment, tokens)
        whole = run(sentiment, tokens).probabilities["positive"]
        assert (found.label, found.probability) == ("positive", pytest.approx(whole, abs=1e-5))
        for t in range(len(tokens)):
            if tokens.special[t]:
                assert found.moved[t] == 0
                continue
            keep = [u for u in range(len(tokens)) if u != t]
            parts = [tuple(part[u] for u in keep) for part in (tokens.texts, tokens.ids, tokens.segments)]
            without = run(sentiment, Tokens(*parts, (), ())).probabilities["positive"]
            assert found.moved[t] == pytest.approx(without - whole, abs=1e-5)
        boring, wonderful = (tokens.sources.index(word) for word in ("boring", "wonderful"))
        assert found.moved[boring] > 0.1 > -0.1 > found.moved[wonderful], "one spoke against it, one for it"


def test_a_model_that_does_not_classify_has_no_label_to_follow(minilm: Any) -> None:
    found = left_out(minilm, tokenize(minilm, REFERENCE))
    assert found.label == ""
    assert not found.moved.any()
    assert found.turned.max() > 0.01


def test_occlusion_of_a_long_text_names_its_limit(minilm: Any) -> None:
    tokens = tokenize(minilm, "movie " * 200)
    with pytest.raises(RangeError, match=f"from 1 to {MAX_OCCLUDED}; 202 was given"):
        occlusion(minilm, tokens)


def test_masking_on_real_weights_changes_who_is_looked_at(minilm: Any) -> None:
    plain = attend(minilm, REFERENCE)
    masked = attend(minilm, REFERENCE, "", Options(masked=(2,)))
    assert masked.tokens.texts[2] == "[MASK]"
    assert np.abs(plain.weights - masked.weights).max() > 0.05


def test_the_error_tree_holds_what_attend_raises(tiny_bert: Any) -> None:
    for call in (lambda: attend(tiny_bert, ""), lambda: attend(tiny_bert, "cat", "", Options(masked=(99,)))):
        with pytest.raises(LabError):
            call()


@pytest.mark.parametrize("pair", [("the cat sat", ""), ("the cat", "a dog lay")])
def test_padding_is_masked_and_leaves_every_other_number_as_it_was(tiny_bert: Any, pair: tuple[str, str]) -> None:
    tokens = tokenize(tiny_bert, *pair)
    T = len(tokens)
    plain, padded = (head_steps(tiny_bert, tokens, 2, 1, padding=padding) for padding in (0, 2))
    assert padded.weights.shape == (T + 2, T + 2)
    np.testing.assert_array_equal(padded.masked[:, T:], np.float32(-1e9) + padded.scaled[:, T:])
    np.testing.assert_array_equal(padded.masked[:, :T], padded.scaled[:, :T])
    np.testing.assert_array_equal(padded.weights[:, T:], 0)
    for name in ("query", "key", "value", "mixed"):
        np.testing.assert_allclose(getattr(padded, name)[:T], getattr(plain, name), **CLOSE)
    for name in ("scores", "weights"):
        np.testing.assert_allclose(getattr(padded, name)[:T, :T], getattr(plain, name), **CLOSE)
    assert np.abs(padded.scores[:T, T:]).max() > 0.01, "without the mask they would be looked at"


def test_a_full_sentence_leaves_no_room_for_padding(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat " * 60)
    assert room_for_padding(tiny_bert.network.config, tokens) == 0
    with pytest.raises(RangeError, match="from 0 to 0; 1 was given"):
        head_steps(tiny_bert, tokens, 0, 0, padding=1)
