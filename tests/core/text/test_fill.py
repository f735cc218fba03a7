"""What stands in the place of a hidden word: against transformers, by hand, and for whatever is typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LabError, RangeError, TextError
from core.networks.bert_checkpoint import bert_from_transformers
from core.text.fill import MOST_MASKS, candidates_of, fill, masked
from tests.conftest import SPECIALS, WORDS, TinyModel, TinySpec, tiny_network, tiny_tokenizer
from tests.core.text.test_tokens import ANY_TEXT, TRICKY

VOCABULARY = len(SPECIALS) + len(WORDS)


def pair() -> tuple[TinyModel, Any]:
    """A tiny BERT of transformers with its own head for masked words, random all over; and the same as ours."""
    torch.manual_seed(5)
    config = transformers.BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=64,
        attn_implementation="eager",
    )
    theirs = transformers.BertForMaskedLM(config).eval()
    for parameter in theirs.parameters():
        parameter.data.normal_(std=0.3)
    ours = bert_from_transformers(config.to_dict(), theirs.state_dict()).requires_grad_(False)
    return TinyModel(ours, tiny_tokenizer()), theirs


@pytest.fixture(scope="module")
def models() -> tuple[TinyModel, Any]:
    return pair()


@pytest.fixture(scope="module")
def model(models: tuple[TinyModel, Any]) -> TinyModel:
    return models[0]


def test_every_candidate_is_that_of_transformers(models: tuple[TinyModel, Any]) -> None:
    ours, theirs = models
    found = fill(ours, "the [MASK] sat on a [MASK] .", top=VOCABULARY)
    with torch.inference_mode():
        shares = theirs(input_ids=torch.tensor([found.tokens.ids])).logits[0].softmax(-1)
    assert [place.position for place in found.masks] == [2, 6]
    for place in found.masks:
        expected = shares[place.position]
        for one in place.candidates:
            assert one.probability == pytest.approx(float(expected[ours.processor.token_to_id(one.token)]), abs=1e-5)
        told = [one.probability for one in place.candidates]
        assert told == sorted(told, reverse=True)
        assert sum(told) == pytest.approx(1, abs=1e-5)
        assert (place.hidden, place.rank, place.probability) == ("", None, None)


def test_a_covered_word_keeps_its_rank_and_probability(model: TinyModel) -> None:
    found = fill(model, "the cat sat on the mat", (1,), top=VOCABULARY)
    (place,) = found.masks
    assert (place.position, place.hidden) == (2, "cat")
    assert found.tokens.texts[2] == "[MASK]"
    assert found.tokens.behind[2] == "cat"
    tokens = [one.token for one in place.candidates]
    assert place.rank == tokens.index("cat") + 1
    assert place.probability == pytest.approx(place.candidates[place.rank - 1].probability)
    typed = fill(model, "the [MASK] sat on the mat", top=VOCABULARY)
    assert typed.masks[0].candidates == place.candidates


def test_a_word_of_several_pieces_is_covered_piece_by_piece(model: TinyModel) -> None:
    found = fill(model, "cats sat", (0,))
    assert [(place.position, place.hidden) for place in found.masks] == [(1, "cat"), (2, "##s")]
    assert found.covered == (0,)


def test_only_the_mask_is_a_special_token_here(model: TinyModel) -> None:
    found = fill(model, "the [SEP] cat [MASK] sat [CLS] [mask]")
    assert [t for t, text in enumerate(found.tokens.texts) if text == "[MASK]"] == [found.masks[0].position]
    assert found.tokens.texts.count("[SEP]") == found.tokens.texts.count("[CLS]") == 1


def test_a_mask_inside_a_word_is_one(model: TinyModel) -> None:
    found = fill(model, "cat[MASK]sat the")
    assert [word.text for word in found.words] == ["cat[MASK]sat", "the"]
    assert len(found.masks) == 1
    whole = fill(model, "cat[MASK]sat the", (0,))
    assert [place.hidden for place in whole.masks] == ["cat", "", "sat"]


def test_a_sentence_with_nothing_covered_has_no_mask(model: TinyModel) -> None:
    assert fill(model, "the cat sat").masks == ()


@pytest.mark.parametrize("covered", [(6,), (-1,), (True,), ("1",)])
def test_a_word_that_is_not_there_is_refused(model: TinyModel, covered: tuple[Any, ...]) -> None:
    with pytest.raises(RangeError):
        fill(model, "the cat sat on the mat", covered)


@pytest.mark.parametrize("top", [0, 51, "3", None, 2.5, True])
def test_a_number_of_candidates_out_of_range_is_refused(model: TinyModel, top: object) -> None:
    with pytest.raises(RangeError):
        fill(model, "the [MASK]", top=top)


def test_more_masks_than_are_filled_at_once_are_refused_with_both_numbers(model: TinyModel) -> None:
    with pytest.raises(TextError) as refused:
        fill(model, "[MASK] " * (MOST_MASKS + 1))
    assert refused.value.values == {"count": MOST_MASKS + 1, "limit": MOST_MASKS}
    assert len(fill(model, "[MASK] " * MOST_MASKS).masks) == MOST_MASKS


def test_a_network_without_the_head_says_so_in_a_sentence() -> None:
    plain = TinyModel(tiny_network(), tiny_tokenizer(), TinySpec("plain"))
    with pytest.raises(TextError) as refused:
        fill(plain, "the [MASK]")
    assert refused.value.sentence().startswith("plain has no head for masked words")
    assert "plain" in refused.value.sentence("fa")


def test_a_long_text_is_cut_and_what_was_cut_off_is_not_filled(model: TinyModel) -> None:
    found = fill(model, "cat " * 100 + "[MASK]")
    assert len(found.tokens) == 64
    assert found.masks == ()
    assert [note.code for note in found.tokens.notes] == ["attention.notes.cut"]


@settings(max_examples=150)
@given(ANY_TEXT | TRICKY, st.lists(st.integers(0, 4), max_size=3), st.integers(1, 5))
def test_whatever_is_typed_is_filled_or_refused_with_a_sentence(
    model: TinyModel, text: str, covered: list[int], top: int
) -> None:
    refused = None
    try:
        found = fill(model, text, covered, top)
    except LabError as error:
        refused = error
    if refused is not None:
        assert refused.sentence().endswith(".")
        return
    assert [place.position for place in found.masks] == [
        t for t, name in enumerate(found.tokens.texts) if name == "[MASK]"
    ]
    for place in found.masks:
        assert len(place.candidates) == top
        assert all(0 <= one.probability <= 1 + 1e-6 for one in place.candidates)
        assert all(isinstance(one.token, str) for one in place.candidates)
        assert (place.rank is None) == (place.hidden == "")


def test_the_trained_network_knows_what_a_film_is(lab: Any) -> None:
    with lab.use("bert-imdb", "attention") as loaded:
        found = fill(loaded, "This is the best [MASK] I have ever seen.")
    likely = [one.token for one in found.masks[0].candidates]
    assert likely[0] in {"movie", "film"}
    with lab.use("bert-imdb-untrained", "attention") as loaded:
        untrained = fill(loaded, "This is the best [MASK] I have ever seen.")
    assert untrained.masks[0].candidates[0].probability < found.masks[0].candidates[0].probability


def test_half_precision_gives_probabilities_that_add_up(models: tuple[TinyModel, Any]) -> None:
    half, _ = pair()
    half.network.to(torch.bfloat16)
    found = fill(half, "the [MASK] sat", top=VOCABULARY)
    assert sum(one.probability for one in found.masks[0].candidates) == pytest.approx(1, abs=1e-3)


def test_what_is_covered_is_kept_beside_the_tokens(model: TinyModel) -> None:
    given_ = masked(model, "the cat sat", (2, 0, 2))
    assert given_.covered == (0, 2)
    assert given_.places == (1, 3)
    assert given_.hidden[0] == ("the", model.processor.token_to_id("the"))


def test_an_entry_that_no_name_belongs_to_is_told_by_its_number(model: TinyModel) -> None:
    nameless = TinyModel(model.network, SimpleNamespace(id_to_token=lambda _: None))
    (likely,) = candidates_of(nameless, torch.tensor([[0.2, 0.8]]), 2)
    assert [one.token for one in likely] == ["1", "0"]
