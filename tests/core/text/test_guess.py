"""A guessed word: its log probability and rank against transformers, by the chain rule, and for whatever is typed."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LabError, RangeError, TextError
from core.text.guess import MOST_PIECES, guess
from tests.conftest import SPECIALS, WORDS, TinyModel, TinySpec, tiny_network, tiny_tokenizer
from tests.core.text.test_fill import pair
from tests.core.text.test_tokens import ANY_TEXT, TRICKY

NAMES = (*SPECIALS, *WORDS)


@pytest.fixture(scope="module")
def models() -> tuple[TinyModel, Any]:
    return pair()


@pytest.fixture(scope="module")
def model(models: tuple[TinyModel, Any]) -> TinyModel:
    return models[0]


def logs(theirs: Any, text: str, place: int) -> torch.Tensor:
    """What transformers says at a place of tokens that are written out: log softmax over the vocabulary, (V,)."""
    ids = torch.tensor([[NAMES.index(name) for name in f"[CLS] {text} [SEP]".split()]])
    with torch.inference_mode():
        found: torch.Tensor = theirs(input_ids=ids).logits[0, place].log_softmax(-1)
    return found


@pytest.mark.parametrize("word", ["dog", "cat", "Movie", "a", "rug"])
def test_a_word_of_one_piece_has_the_log_softmax_of_transformers_and_its_rank(
    models: tuple[TinyModel, Any], word: str
) -> None:
    ours, theirs = models
    found = guess(ours, "the cat sat on the mat", (1,), word)
    expected = logs(theirs, "the [MASK] sat on the mat", 2)
    entry = NAMES.index(word.lower())
    assert found.guess.pieces == (word.lower(),)
    assert found.guess.log_probability == pytest.approx(float(expected[entry]), abs=1e-4)
    assert found.guess.rank == 1 + sorted(expected.tolist(), reverse=True).index(float(expected[entry]))
    assert found.first == pytest.approx(float(expected.max()), abs=1e-4)
    assert found.candidates[0].token == NAMES[int(expected.argmax())]
    assert math.exp(found.first) == pytest.approx(found.candidates[0].probability, rel=1e-4)
    assert found.truth is not None
    assert found.truth.log_probability == pytest.approx(float(expected[NAMES.index("cat")]), abs=1e-4)
    assert found.found == (word == "cat")


def test_a_word_of_several_pieces_is_read_by_the_chain_rule_in_as_many_masks(models: tuple[TinyModel, Any]) -> None:
    ours, theirs = models
    first = logs(theirs, "the [MASK] [MASK] sat", 2)[NAMES.index("dog")]
    second = logs(theirs, "the dog [MASK] sat", 3)[NAMES.index("##s")]
    for sentence, covered in (("the cat sat", (1,)), ("the cats sat", (1,)), ("the [MASK] sat", ())):
        found = guess(ours, sentence, covered, "dogs")
        assert found.guess.pieces == ("dog", "##s")
        assert found.guess.log_probability == pytest.approx(float(first + second), abs=1e-4)
        assert found.guess.rank is None


def test_the_probabilities_of_all_words_of_two_pieces_add_up_to_one(models: tuple[TinyModel, Any]) -> None:
    """Over all pairs of entries, not only those that the tokenizer makes."""
    ours, theirs = models
    first = logs(theirs, "the [MASK] [MASK] sat", 2).exp()
    second = torch.stack([logs(theirs, f"the {name} [MASK] sat", 3).exp() for name in NAMES])
    whole = first[:, None] * second
    assert float(whole.sum()) == pytest.approx(1, abs=1e-4)
    found = guess(ours, "the [MASK] sat", (), "cats").guess
    assert found.probability == pytest.approx(float(whole[NAMES.index("cat"), NAMES.index("##s")]), rel=1e-3)


def test_a_hidden_word_of_several_pieces_is_found_whole(model: TinyModel) -> None:
    found = guess(model, "the cats sat", (1,), "cats")
    assert found.found
    assert found.truth == found.guess
    assert not guess(model, "the cats sat", (1,), "cat").found


def test_a_typed_mask_hides_no_word_and_an_unknown_one_has_no_probability(model: TinyModel) -> None:
    assert guess(model, "the [MASK] sat", (), "cat").truth is None
    hidden = guess(model, "the 🙂 sat", (1,), "cat")
    assert hidden.truth is None
    assert not hidden.found


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "Type a word"),
        (" \n ", "Type a word"),
        ("!?", "Type a word"),
        ("\0", "Type a word"),
        ("\ud800", "Type a word"),
        ("the cat", "one word; here are 2"),
        ("سلام", "is not made of"),
        ("<script>x</script>", "is not made of"),
        ("${x}", "is not made of"),
        ("[MASK]", "is not made of"),
        ("cat!" * 10, "20 pieces"),
        ("x" * 30_000, "30,000 characters"),
        (5, "must be text"),
        (None, "must be text"),
    ],
)
def test_what_is_no_such_word_ends_in_a_sentence(model: TinyModel, word: Any, said: str) -> None:
    with pytest.raises(TextError) as refused:
        guess(model, "the cat sat", (1,), word)
    assert said in refused.value.sentence()
    assert refused.value.sentence("fa").endswith(".")


@pytest.mark.parametrize(
    ("sentence", "covered", "count"),
    [
        ("the cat", (), 0),
        ("the cat", (0, 1), 2),
        ("the [MASK]", (0,), 2),
        ("[MASK] [MASK]", (), 2),
        ("cat[MASK]", (0,), 2),
    ],
)
def test_there_is_one_hole(model: TinyModel, sentence: str, covered: tuple[int, ...], count: int) -> None:
    with pytest.raises(TextError) as refused:
        guess(model, sentence, covered, "cat")
    assert (refused.value.code, refused.value.values) == ("masked.one_hole", {"count": count})


def test_a_sentence_that_fills_the_network_has_no_room_for_a_longer_word(model: TinyModel) -> None:
    full = "cat " * 61 + "dog"  # 64 tokens with both ends
    assert guess(model, full, (61,), "rug").guess.rank is not None
    with pytest.raises(TextError, match="64 tokens"):
        guess(model, full, (61,), "rugs")


def test_a_word_that_is_not_there_and_a_network_without_the_head_are_refused(model: TinyModel) -> None:
    with pytest.raises(RangeError):
        guess(model, "the cat", (5,), "cat")
    with pytest.raises(TextError, match="no head for masked words"):
        guess(TinyModel(tiny_network(), tiny_tokenizer(), TinySpec("plain")), "the cat", (1,), "cat")


PIECES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=MOST_PIECES + 2).map(
    lambda names: "".join(name.removeprefix("##") for name in names)
)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT | TRICKY | PIECES, ANY_TEXT | TRICKY | st.just("the cat sat"), st.integers(0, 3))
def test_whatever_is_guessed_has_a_probability_or_a_sentence(
    model: TinyModel, word: str, sentence: str, covered: int
) -> None:
    refused = None
    try:
        found = guess(model, sentence, (covered,), word)
    except LabError as error:
        refused = error
    if refused is not None:
        assert refused.sentence().endswith((".", "!"))
        return
    assert 1 <= len(found.guess.pieces) <= MOST_PIECES
    for one in filter(None, (found.guess, found.truth)):
        assert math.isfinite(one.log_probability)
        assert one.log_probability <= 1e-6
        assert (one.rank is None) == (len(one.pieces) > 1)
        if one.rank is not None:
            assert 1 <= one.rank <= found.vocabulary
            assert one.log_probability <= found.first
