"""What the page asks for, read with suspicion, and kept under a key of its own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.attention.tab import linked_look
from core.errors import LabError, RangeError, TextError, UnknownModelError
from core.lab.lab import Lab
from core.lab.text import SEGMENTS, Look, attention_of, with_model
from core.text.attend import embedding_parts, tokenize

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
def test_whatever_a_page_sends_is_a_look_or_refused(sent: object) -> None:
    try:
        look = Look.read(sent)
    except RangeError as error:
        refused = error.sentence()
    else:
        assert isinstance(look.special, bool)
        assert all(isinstance(text, str) for text in (look.model, look.a, look.b))
        assert all(0 <= position < 512 for position in look.masked)
        assert look.segments in SEGMENTS
        json.dumps(look.sent()).encode("utf-8")
        look.key()
        return
    assert refused.endswith(".")


@given(LOOKS)
def test_what_the_page_sends_back_is_the_same_look(look: Look) -> None:
    again = Look.read(json.loads(json.dumps(look.sent())))
    assert again.sent() == look.sent()
    if not any("\ud800" <= c <= "\udfff" for c in look.a + look.b):
        assert again == look


@given(LOOKS)
def test_a_look_that_went_to_the_page_and_back_has_the_same_tokens(tiny_bert: Any, look: Look) -> None:
    def ids(look: Look) -> object:
        try:
            tokens = tokenize(tiny_bert, look.a, look.b, look.options())
        except LabError as error:
            return error.code
        return tokens.texts, tokens.ids, tokens.segments

    assert ids(Look.read(look.sent())) == ids(look)


@given(LOOKS, LOOKS, st.sampled_from([(), ("steps", 0, 1)]))
def test_two_looks_never_share_a_key(one: Look, other: Look, more: tuple[object, ...]) -> None:
    assert (one.key(*more) == other.key(*more)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Look(a="p\0q", b="r"), Look(a="p", b="q\0r")),
        (Look(a="p", b="q"), Look(a="p\0q", b="")),
        (Look(a="\ud800"), Look(a="\ufffd")),
        (Look(a="\\ud800"), Look(a="\ud800")),
        (Look(a="p', 'q"), Look(a="p", b="q")),
        (Look(masked=(1,)), Look(masked=(1, 2))),
        (Look(a="x", special=True), Look(a="x")),
    ],
)
def test_a_text_cannot_imitate_the_seam_between_the_parts_of_a_key(one: Look, other: Look) -> None:
    assert one.key() != other.key()


def test_a_key_holds_no_text_of_anybodys() -> None:
    assert "private" not in " ".join(Look(a="private words", b="private too").key("steps", 1))


def test_unknown_keys_are_ignored() -> None:
    assert Look.read({"a": "x", "colour": "red", "__class__": "y"}) == Look(a="x")


@pytest.mark.parametrize("masked", [[-1], [512], ["1"], [1.5], "12", {"1": 1}, 3])
def test_a_masked_position_that_is_none_is_refused(masked: object) -> None:
    with pytest.raises(RangeError, match="not understood"):
        Look.read({"a": "x", "masked": masked})


def test_segments_of_another_name_are_refused_with_the_choices() -> None:
    with pytest.raises(RangeError, match="normal, swapped, zero"):
        Look.read({"a": "x", "segments": "both"})


# Links.


def test_a_link_that_names_nothing_shows_the_references_sentence() -> None:
    assert linked_look({}) == (Look(a="I enjoyed watching this movie"), 0)


def test_a_link_restores_what_it_names() -> None:
    query = {"a": "x", "b": "y", "model": "m", "layer": "3", "special": "1", "masked": "4,2", "segments": "zero"}
    assert linked_look(query | {"unknown": "1"}) == (Look("m", "x", "y", True, (2, 4), "zero"), 2)


@pytest.mark.parametrize("layer", ["²", "٣", "-1", "", "x", "1" * 5000, "1.5", "0", " 2"])
def test_a_layer_that_is_no_number_is_the_first(layer: str) -> None:
    assert linked_look({"layer": layer})[1] == 0


@given(st.dictionaries(st.sampled_from(["a", "b", "model", "layer", "masked", "segments", "special"]), st.text()))
def test_any_link_is_a_look_or_refused(query: dict[str, str]) -> None:
    try:
        look, layer = linked_look(query)
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
    assert attention_of(lab, look) is attention_of(lab, Look("minilm-l6", "computed once"))
    assert attention_of(lab, look) is not attention_of(lab, Look("minilm-l6", "computed twice"))


def test_a_further_result_is_made_of_the_looks_own_tokens_and_kept(lab: Lab, minilm: Any) -> None:
    look = Look("minilm-l6", "a further result", masked=(2,))
    calls = []

    def compute(model: Any, tokens: Any) -> Any:
        calls.append(tokens.texts)
        return embedding_parts(model, tokens)

    first, second = (with_model(lab, look, "parts", compute) for _ in range(2))
    assert first is second
    assert calls == [("[CLS]", "a", "[MASK]", "result", "[SEP]")]
    assert np.isfinite(first.summed).all()


def test_a_failed_look_is_not_kept(lab: Lab, minilm: Any) -> None:
    for _ in range(2):
        with pytest.raises(TextError, match="empty"):
            attention_of(lab, Look("minilm-l6", "  "))


def test_a_look_with_an_unknown_model_names_the_choices(lab: Lab) -> None:
    with pytest.raises(UnknownModelError, match="minilm-l6"):
        attention_of(lab, Look("gpt-9", "hello"))


@pytest.mark.parametrize(("segments", "masked"), [("normal", {1, 5}), ("swapped", set()), ("zero", {0})])
def test_options_of_a_look_reach_the_model(lab: Lab, minilm: Any, segments: str, masked: set[int]) -> None:
    look = Look("minilm-l6", "the cat", "a dog", False, tuple(sorted(masked)), segments)
    tokens = attention_of(lab, look).tokens
    assert {t for t, text in enumerate(tokens.texts) if text == "[MASK]"} == masked
    assert (
        tokens.segments == {"normal": (0,) * 4 + (1,) * 3, "swapped": (1,) * 4 + (0,) * 3, "zero": (0,) * 7}[segments]
    )
