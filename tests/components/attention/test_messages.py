"""Results → messages for the viewer: what the page is told is what core computed."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from components.attention import answers
from components.attention.messages import STEP_CODE, THUMBNAIL, layer_content, looked, source_lines, thumbnails
from components.attention.questions import EmbeddingsAsk, InsideAsk, LayerAsk, LookAsk, OcclusionAsk
from components.page.viewer import packed, thousandths
from core.errors import LabError, RangeError
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.networks import attention as network
from core.text.attend import attend, embedding_parts, head_steps
from core.text.heads import HEAD_METRICS, head_metrics
from core.text.matrices import rollout
from core.text.occlusion import occlusion
from core.text.results import Attention
from tests.components.attention.answering import answered

SENTENCE = Look("minilm-l6", "I enjoyed watching this movie")
PAIR = Look("minilm-l6", "The cat sat unbelievably", "The dog lay on the rug")


def unpack(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=dtype)


def unpack16(text: str) -> np.ndarray:
    low, high = unpack(text, "u1").reshape(2, -1).astype(np.uint16)
    return low | high << 8


def weights_of(content: dict[str, Any]) -> np.ndarray:
    T = len(content["texts"])
    return unpack16(content["weights"]).reshape(content["heads"], T, T) / 1000


def sent(look: Look, **fields: Any) -> dict[str, Any]:
    """A question about a look, as the page sends it."""
    return {"look": look.sent(), **fields}


@given(st.lists(st.integers(0, 65535), max_size=50))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    array = np.array(numbers, dtype=np.uint16)
    assert unpack16(packed(array)).tolist() == numbers
    small = array.astype(np.uint8)
    assert unpack(packed(small), "u1").tolist() == small.tolist()


def test_other_numbers_are_not_packed_by_mistake() -> None:
    with pytest.raises(TypeError, match="expected uint8 or uint16, got float32"):
        packed(np.zeros(3, dtype=np.float32))


@given(st.floats(-0.125, 1.125, width=32))
def test_a_share_is_told_to_the_nearest_thousandth(share: float) -> None:
    assert abs(int(thousandths(np.array([share]))[0]) / 1000 - min(1, max(0, share))) <= 0.000501


def test_the_first_answer_tells_what_core_computed(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, PAIR)
    told = answered(answers.look, lab, LookAsk.model_validate(sent(PAIR, layer=3)))
    assert told["look"] == PAIR.sent()
    assert told["model"] == {"name": "minilm-l6", "title": "MiniLM-L6", "origin": "bundled"}
    assert (told["layers"], told["heads"]) == (6, 12)
    tokens = attention.tokens
    assert told["tokens"]["texts"] == list(tokens.texts)
    assert told["tokens"]["ids"] == list(tokens.ids)
    assert told["tokens"]["segments"] == list(tokens.segments)
    assert told["layer"]["layer"] == 3
    np.testing.assert_allclose(weights_of(told["layer"]), attention.weights[2], atol=0.000501)
    metrics = head_metrics(attention)
    for metric in HEAD_METRICS:
        np.testing.assert_allclose(told["metrics"][metric.name], metrics[metric.name], atol=0.00005001)


@pytest.mark.parametrize(
    ("asked", "told"), [(-4, 1), (1, 1), (6, 6), (100, 6), ("mean", "mean"), ("rollout", "rollout")]
)
def test_a_layer_that_a_link_made_up_is_brought_into_range(lab: Lab, minilm: Any, asked: Any, told: Any) -> None:
    found = looked(lab, SENTENCE, text.attention(lab, SENTENCE), asked, "en")
    assert found["layer"]["layer"] == told


def test_a_default_model_is_named_in_the_look_that_goes_back(lab: Lab, minilm: Any) -> None:
    assert answered(answers.look, lab, LookAsk.model_validate({"look": {"a": "hello"}}))["look"]["model"] == "minilm-l6"


def test_notes_are_sentences(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "😀 \ud800 \0 " + "word " * 600)
    told = looked(lab, look, text.attention(lab, look), 1, "en")
    assert len(told["notes"]) == 4
    assert all(note.endswith(".") for note in told["notes"])
    assert any("603" in note and "512" in note for note in told["notes"])
    assert len(told["tokens"]["texts"]) == 512


def test_512_tokens_take_little_room(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "word " * 600)
    told = json.dumps(looked(lab, look, text.attention(lab, look), 1, "en"))
    assert len(told) < 12 * 512 * 512 * 2, "less than the bare numbers of one layer in 16 bits"


@given(st.integers(1, 80), st.integers(0, 5))
@settings(max_examples=30)
def test_a_thumbnail_keeps_the_largest_weight_of_each_block(T: int, seed: int) -> None:
    weights = np.random.default_rng(seed).dirichlet(np.ones(T), (2, 2, T)).astype(np.float32)
    small = thumbnails(weights)
    side = min(T, THUMBNAIL)
    assert small.shape == (2, 2, side, side)
    assert small.dtype == np.uint8
    edges = [*np.linspace(0, T, side, endpoint=False).astype(int), T]
    for y in range(side):
        for x in range(side):
            block = weights[..., edges[y] : edges[y + 1], edges[x] : edges[x + 1]]
            assert (small[..., y, x] == np.round(block.max(axis=(-1, -2)) * 255)).all()


# One layer, shown in several ways.


def test_rollout_is_told_as_one_head(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, SENTENCE)
    content = layer_content(attention, "rollout")
    assert (content["layer"], content["heads"]) == ("rollout", 1)
    np.testing.assert_allclose(weights_of(content)[0], rollout(attention.weights)[-1], atol=0.000501)


def test_pieces_are_joined_and_special_tokens_hidden_at_once(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, PAIR)
    assert "##bel" in attention.tokens.texts
    content = layer_content(attention, 1, hide=True, merge=True)
    assert content["texts"] == ["the", "cat", "sat", "unbelievably", "the", "dog", "lay", "on", "the", "rug"]
    assert [attention.tokens.texts[place] for place in content["places"]][3] == "un"
    words = [[t for t, word in enumerate(attention.tokens.words) if word == number] for number in range(10)]
    sums = np.array(
        [[attention.weights[0][:, row][:, :, column].sum(-1).mean(-1) for column in words] for row in words]
    )
    expected = np.moveaxis(sums, -1, 0)  # (10, 10, H) → (H, 10, 10)
    np.testing.assert_allclose(weights_of(content), expected / expected.sum(-1, keepdims=True), atol=0.000501)


def test_rollout_can_be_shown_without_special_tokens(lab: Lab, minilm: Any) -> None:
    content = layer_content(text.attention(lab, SENTENCE), "rollout", hide=True)
    assert content["texts"] == ["i", "enjoyed", "watching", "this", "movie"]
    np.testing.assert_allclose(weights_of(content).sum(-1), 1, atol=0.005)


def test_another_layer_is_told(lab: Lab, minilm: Any) -> None:
    told = answered(answers.layer, lab, LayerAsk.model_validate(sent(SENTENCE, layer=5)))["layer"]
    assert told["layer"] == 5
    np.testing.assert_allclose(weights_of(told), text.attention(lab, SENTENCE).weights[4], atol=0.000501)


# Inside a head.


def test_the_steps_told_are_those_computed_in_full_precision(lab: Lab, minilm: Any) -> None:
    answer = answered(answers.inside, lab, InsideAsk.model_validate(sent(SENTENCE, layer=4, head=8)))
    steps = head_steps(minilm, text.attention(lab, SENTENCE).tokens, 3, 7)
    assert (answer["layer"], answer["head"], answer["width"]) == (4, 8, 32)
    for name, packed_steps in answer["steps"].items():
        array = getattr(steps, name)
        np.testing.assert_allclose(unpack(packed_steps, "<f4").reshape(array.shape), array, atol=1e-6)


def test_of_a_long_text_one_querys_steps_are_told_alone(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", " ".join(f"word{i}" for i in range(600)))
    whole = text.steps(lab, look, 1, 3)
    answer = answered(answers.inside, lab, InsideAsk.model_validate(sent(look, layer=2, head=4, query=300)))
    assert (answer["only"], answer["total"], answer["room"]) == (300, 512, False)
    for name in STEP_CODE:
        row = unpack(answer["steps"][name], "<f4")
        np.testing.assert_array_equal(row, getattr(whole, name)[300])
    assert len(json.dumps(answer)) < 512 * 512, "much less than one square of numbers"
    with pytest.raises(RangeError, match="query must be a whole number from 0 to 6; 511"):
        answered(answers.inside, lab, InsideAsk.model_validate(sent(SENTENCE, layer=1, head=1, query=511)))


def test_padding_is_told_as_one_more_key(lab: Lab, minilm: Any) -> None:
    answer = answered(answers.inside, lab, InsideAsk.model_validate(sent(PAIR, layer=1, head=1, padding=True)))
    T = len(text.attention(lab, PAIR).tokens)
    masked = unpack(answer["steps"]["masked"], "<f4").reshape(T + 1, T + 1)
    assert (answer["total"], answer["room"]) == (T + 1, True)
    assert (masked[:, T] < -9e8).all()
    assert (masked[:, :T] > -1e3).all()


def test_the_code_beside_each_step_is_the_line_that_runs() -> None:
    import inspect

    running = [line.strip() for line in inspect.getsource(network.scaled_dot_product_attention).splitlines()]
    code = source_lines()
    assert list(code) == list(STEP_CODE)
    for step, line in code.items():
        assert line in running
        assert line.startswith(f"{step} = ")
    assert [running.index(line) for line in code.values()] == sorted(running.index(line) for line in code.values())


def test_embeddings_and_occlusion_are_told_for_every_token(lab: Lab, minilm: Any) -> None:
    tokens = text.attention(lab, PAIR).tokens
    norms = answered(answers.embeddings, lab, EmbeddingsAsk.model_validate(sent(PAIR)))["norms"]
    parts = embedding_parts(minilm, tokens)
    for name in ("token", "position", "segment", "summed", "normed"):
        np.testing.assert_allclose(norms[name], getattr(parts, name), atol=0.000501)
    told = answered(answers.occlusion, lab, OcclusionAsk.model_validate(sent(PAIR)))
    np.testing.assert_allclose(told["change"], occlusion(minilm, tokens), atol=0.00002)
    assert sum(told["received"]) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("ask", [{"layer": 10, "head": 1}, {"layer": 1, "head": 13}])
def test_a_head_that_is_not_there_names_the_range(lab: Lab, minilm: Any, ask: dict[str, Any]) -> None:
    with pytest.raises(RangeError, match="from 1 to"):
        answered(answers.inside, lab, InsideAsk.model_validate(sent(SENTENCE, **ask)))


@pytest.mark.parametrize("ask", [{}, {"layer": 0, "head": 1}, {"layer": 1, "head": 0}, {"layer": "1", "head": None}])
def test_what_is_no_head_is_refused(ask: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        InsideAsk.model_validate(sent(SENTENCE, **ask))


VALUES = st.none() | st.booleans() | st.integers(-3, 20) | st.floats() | st.text(max_size=3) | st.lists(st.integers())
ASKED = {
    LayerAsk: answers.layer,
    InsideAsk: answers.inside,
    EmbeddingsAsk: answers.embeddings,
    OcclusionAsk: answers.occlusion,
    LookAsk: answers.look,
}


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(ASKED, key=str)),
    st.dictionaries(st.sampled_from(["layer", "head", "hide", "merge", "look"]), VALUES),
)
def test_any_question_of_a_page_is_answered_or_refused(lab: Lab, minilm: Any, kind: Any, ask: dict[str, Any]) -> None:
    try:
        question = kind.model_validate(sent(SENTENCE) | ask)
    except ValidationError:
        return
    try:
        answer = answered(ASKED[kind], lab, question)
    except LabError as error:
        refused = error.sentence()
    else:
        assert json.loads(json.dumps(answer)) == answer
        return
    assert refused.endswith(".")


def test_any_labelled_weights_can_be_told(tiny_bert: Any) -> None:
    attention = attend(tiny_bert, "the cat", "a dog")
    made = Attention("made", attention.tokens, attention.weights, attention.embedding)
    assert weights_of(layer_content(made, 2)).shape == (4, 7, 7)


def test_the_mean_over_layers_is_told_head_by_head(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, Look("minilm-l6", "I enjoyed watching this movie"))
    content = layer_content(attention, "mean")
    assert content["heads"] == attention.heads
    np.testing.assert_allclose(weights_of(content), attention.weights.mean(axis=0), atol=0.000501)
