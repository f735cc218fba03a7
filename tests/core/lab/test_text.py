"""What the page asks for, read with suspicion, and kept under a key of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.attention import messages
from components.attention.tab import linked_look
from core.errors import LabError, RangeError, TextError, UnknownModelError
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import SEGMENTS, Look
from core.text.attend import embedding_parts, head_steps, tokenize

ANY = st.characters(exclude_categories=())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(ANY, max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={name: JSON for name in ("model", "a", "b", "special")}
    | {"masked": JSON | st.lists(st.integers(-2, 600), max_size=4), "segments": JSON | st.sampled_from(SEGMENTS)},
)
LOOKS = st.builds(
    Look,
    model=st.just("tiny"),
    a=st.text(ANY, max_size=12),
    b=st.text(ANY, max_size=12),
    special=st.booleans(),
    masked=st.lists(st.integers(0, 20), max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    segments=st.sampled_from(SEGMENTS),
)


@given(JSON | KNOWN)
def test_whatever_a_page_sends_is_a_look_or_refused(lab: Lab, sent: object) -> None:
    try:
        look = Look.read(sent, lab)
    except (RangeError, UnknownModelError) as error:
        refused = error.sentence()
    else:
        assert isinstance(look.special, bool)
        assert all(isinstance(given, str) for given in (look.model, look.a, look.b))
        assert lab.find(look.model, "attention").name == look.model
        assert all(0 <= position < 512 for position in look.masked)
        assert look.segments in SEGMENTS
        json.dumps(look.sent()).encode("utf-8")
        look.key()
        return
    assert refused.endswith(".")


@given(LOOKS)
def test_what_the_page_sends_back_is_the_same_look(lab: Lab, look: Look) -> None:
    again = Look.read(json.loads(json.dumps(look.sent())), lab)
    assert again.sent() == look.sent()
    if not any("\ud800" <= c <= "\udfff" for c in look.a + look.b):
        assert again == look


@given(LOOKS)
def test_a_look_that_went_to_the_page_and_back_has_the_same_tokens(lab: Lab, tiny_bert: Any, look: Look) -> None:
    def ids(look: Look) -> object:
        try:
            tokens = tokenize(tiny_bert, look.a, look.b, look.options())
        except LabError as error:
            return error.code
        return tokens.texts, tokens.ids, tokens.segments

    assert ids(Look.read(look.sent(), lab)) == ids(look)


@given(LOOKS, LOOKS, st.sampled_from([(), ("steps", 0, 1)]))
def test_two_looks_never_share_a_key(one: Look, other: Look, more: tuple[object, ...]) -> None:
    assert (one.key(*more) == other.key(*more)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Look("tiny", a="p\0q", b="r"), Look("tiny", a="p", b="q\0r")),
        (Look("tiny", a="p", b="q"), Look("tiny", a="p\0q", b="")),
        (Look("tiny", a="\ud800"), Look("tiny", a="\ufffd")),
        (Look("tiny", a="\\ud800"), Look("tiny", a="\ud800")),
        (Look("tiny", a="p', 'q"), Look("tiny", a="p", b="q")),
        (Look("tiny", masked=(1,)), Look("tiny", masked=(1, 2))),
        (Look("tiny", a="x", special=True), Look("tiny", a="x")),
    ],
)
def test_a_text_cannot_imitate_the_seam_between_the_parts_of_a_key(one: Look, other: Look) -> None:
    assert one.key() != other.key()


def test_a_key_holds_no_text_of_anybodys() -> None:
    assert "private" not in " ".join(Look("tiny", a="private words", b="private too").key("steps", 1))


def test_unknown_keys_are_ignored(lab: Lab) -> None:
    assert Look.read({"a": "x", "colour": "red", "__class__": "y"}, lab) == Look("minilm-l6", a="x")


@pytest.mark.parametrize("masked", [[-1], [512], ["1"], [1.5], "12", {"1": 1}, 3])
def test_a_masked_position_that_is_none_is_refused(lab: Lab, masked: object) -> None:
    with pytest.raises(RangeError, match="not understood"):
        Look.read({"a": "x", "masked": masked}, lab)


def test_segments_of_another_name_are_refused_with_the_choices(lab: Lab) -> None:
    with pytest.raises(RangeError, match="normal, swapped, zero"):
        Look.read({"a": "x", "segments": "both"}, lab)


# Links.


def test_a_link_that_names_nothing_shows_the_references_sentence(lab: Lab) -> None:
    assert linked_look({}, lab) == (Look("minilm-l6", a="I enjoyed watching this movie"), 0)


def test_a_link_restores_what_it_names(lab: Lab) -> None:
    query = {"a": "x", "b": "y", "model": "tiny", "layer": "3", "special": "1", "masked": "4,2", "segments": "zero"}
    assert linked_look(query | {"unknown": "1"}, lab) == (Look("tiny", "x", "y", True, (2, 4), "zero"), 2)


@pytest.mark.parametrize("layer", ["²", "٣", "-1", "", "x", "1" * 5000, "1.5", "0", " 2"])
def test_a_layer_that_is_no_number_is_the_first(lab: Lab, layer: str) -> None:
    assert linked_look({"layer": layer}, lab)[1] == 0


@given(st.dictionaries(st.sampled_from(["a", "b", "model", "layer", "masked", "segments", "special"]), st.text()))
def test_any_link_is_a_look_or_refused(lab: Lab, query: dict[str, str]) -> None:
    try:
        look, layer = linked_look(query, lab)
    except LabError as error:
        refused = error.sentence()
    else:
        assert isinstance(look, Look)
        assert layer >= 0
        return
    assert refused.endswith(".")


# Results from the lab's cache.


def test_the_same_look_is_computed_once(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "computed once")
    assert text.attention(lab, look) is text.attention(lab, Look("minilm-l6", "computed once"))
    assert text.attention(lab, look) is not text.attention(lab, Look("minilm-l6", "computed twice"))


def test_a_further_result_is_made_of_the_looks_own_tokens_and_kept(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "a further result", masked=(2,))
    tokens = text.attention(lab, look).tokens
    assert tokens.texts == ("[CLS]", "a", "[MASK]", "result", "[SEP]")
    first, second = (text.embeddings(lab, look) for _ in range(2))
    assert first is second
    np.testing.assert_array_equal(first.summed, embedding_parts(minilm, tokens).summed)
    assert np.isfinite(first.summed).all()


@contextmanager
def counted(network: Any) -> Iterator[Counter[str]]:
    """How often the embeddings and each layer of ``network`` run while the context lasts."""
    calls: Counter[str] = Counter()

    def count(name: str) -> Any:
        return lambda *_: calls.update([name])

    parts = {f"layer {i}": layer for i, layer in enumerate(network.layers)} | {"embeddings": network.embeddings}
    hooks = [part.register_forward_hook(count(name)) for name, part in parts.items()]
    try:
        yield calls
    finally:
        for hook in hooks:
            hook.remove()


def test_a_look_is_one_forward_pass_whatever_is_clicked_afterwards(lab: Lab, minilm: Any) -> None:
    typed = {"model": "", "a": "one pass is enough", "b": "for two sentences"}
    with counted(minilm.network) as calls:
        look = Look.read(typed, lab)
        told = json.loads(messages.looked(lab, look, text.attention(lab, look), 0, 0, "en"))
        sent = Look.read(told["look"], lab)  # the page sends back what it was told
        for ask in (
            *({"want": "layer", "layer": layer} for layer in range(messages.MEAN, 6)),
            {"want": "layer", "layer": 2, "hide": True, "merge": True},
            *({"want": "inside", "layer": layer, "head": 11 - layer} for layer in range(6)),
            {"want": "embeddings"},
            {"want": "bertviz", "view": "model", "layer": 0},
            {"want": "bertviz", "view": "head", "layer": 5},
        ):
            (messages.SLICED | messages.WORKED)[str(ask["want"])](lab, sent, ask, "en")
        assert calls == {**{f"layer {i}": 1 for i in range(6)}, "embeddings": 1}


def test_only_leaving_tokens_out_and_looking_into_layers_take_passes_of_their_own(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "passes of their own")
    text.attention(lab, look)
    for question, passes in ((text.occlusion, 2), (text.sublayers, 1)):  # all tokens, then one batch of those without
        with counted(minilm.network) as calls:
            first, second = (question(lab, look) for _ in range(2))
            assert first is second
        assert calls["embeddings"] == passes
    with counted(minilm.network) as calls:
        assert text.config(lab, look).num_layers == 6
    assert calls == {}


def test_a_head_is_worked_through_from_the_states_of_the_pass(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "the states of the pass")
    traced = text.trace(lab, look)
    found = traced.attention
    assert traced.states.shape == (7, len(found.tokens), 384)
    np.testing.assert_allclose(traced.states[-1].mean(axis=0), found.embedding, atol=1e-6)
    for layer in (0, 3, 5):
        steps = text.steps(lab, look, layer, 2)
        np.testing.assert_allclose(steps.weights, found.weights[layer, 2], atol=1e-6)
        np.testing.assert_allclose(steps.mixed, head_steps(minilm, found.tokens, layer, 2).mixed, atol=1e-5)


def test_the_default_model_and_its_name_are_one_look(lab: Lab, minilm: Any) -> None:
    named, unnamed = (Look.read({"model": model, "a": "one look"}, lab) for model in ("minilm-l6", ""))
    assert named == unnamed
    assert text.attention(lab, named) is text.attention(lab, unnamed)


def test_a_failed_look_is_not_kept(lab: Lab, minilm: Any) -> None:
    for _ in range(2):
        with pytest.raises(TextError, match="empty"):
            text.attention(lab, Look("minilm-l6", "  "))


def test_a_look_with_an_unknown_model_names_the_choices(lab: Lab) -> None:
    with pytest.raises(UnknownModelError, match="minilm-l6"):
        text.attention(lab, Look("gpt-9", "hello"))


@pytest.mark.parametrize(("segments", "masked"), [("normal", {1, 5}), ("swapped", set()), ("zero", {0})])
def test_options_of_a_look_reach_the_model(lab: Lab, minilm: Any, segments: str, masked: set[int]) -> None:
    look = Look("minilm-l6", "the cat", "a dog", False, tuple(sorted(masked)), segments)
    tokens = text.attention(lab, look).tokens
    assert {t for t, text in enumerate(tokens.texts) if text == "[MASK]"} == masked
    assert (
        tokens.segments == {"normal": (0,) * 4 + (1,) * 3, "swapped": (1,) * 4 + (0,) * 3, "zero": (0,) * 7}[segments]
    )
