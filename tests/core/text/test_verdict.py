"""Which word decides: against passes over sentences from which the words were taken by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RangeError, TextError
from core.text.results import Tokens
from core.text.verdict import Verdict, rank_correlation, verdict
from tests.conftest import WORDS, TinyModel, tiny_network, tiny_tokenizer

SENTENCE = " ".join([w for w in WORDS if w.isalpha()][:7])
CLOSE = {"atol": 1e-5, "rtol": 1e-4}
LABELS = ("negative", "positive")


@pytest.fixture(scope="module")
def judge() -> TinyModel:
    """A random classifier of two labels."""
    return TinyModel(tiny_network(3, num_labels=2, labels=LABELS), tiny_tokenizer())


def by_hand(model: TinyModel, tokens: Tokens, dropped: set[int]) -> tuple[float, np.ndarray]:
    """P(positive), and the attention of [CLS] (L, H, T), of one pass with no padding; 0 at what was dropped."""
    kept = [place for place in range(len(tokens)) if place not in dropped]
    ids = torch.tensor([[tokens.ids[place] for place in kept]])
    with torch.inference_mode():
        output = model.network(ids, keep_attentions=True)
    looks = np.zeros((len(output.attentions), output.attentions[0].shape[1], len(tokens)), np.float32)
    looks[:, :, kept] = torch.stack([weights[0, :, 0] for weights in output.attentions]).numpy()
    return float(output.logits[0].softmax(-1)[1]), looks


def to_words(looks: np.ndarray, found: Verdict) -> np.ndarray:
    return np.stack([looks[..., list(word.places)].sum(-1) for word in found.words], -1)


@pytest.mark.parametrize("without", [(), (2,), (0, 5)])
@pytest.mark.parametrize("batch", [1, 3, 32])
def test_each_word_left_out_is_a_pass_of_its_own(judge: TinyModel, without: tuple[int, ...], batch: int) -> None:
    found = verdict(judge, SENTENCE, without, batch=batch)
    gone = {place for w in without for place in found.words[w].places}
    probability, looks = by_hand(judge, found.tokens, gone)
    assert found.probability == pytest.approx(probability, abs=1e-5)
    np.testing.assert_allclose(found.heads, to_words(looks, found), **CLOSE)
    for w, word in enumerate(found.words):
        if w in without:
            assert np.isnan(found.left_out[w])
            assert not found.lines[w].any()
            continue
        probability, looks = by_hand(judge, found.tokens, gone | set(word.places))
        assert found.left_out[w] == pytest.approx(probability, abs=1e-5)
        np.testing.assert_allclose(found.lines[w], to_words(looks, found).mean(axis=1), **CLOSE)
        assert found.lines[w][:, w].sum() == 0
    assert found.label == "positive"


def test_the_order_of_attention_and_of_change_is_spearmans(judge: TinyModel) -> None:
    found = verdict(judge, SENTENCE)
    attention = found.heads.mean(axis=(0, 1))
    change = np.abs(found.left_out - found.probability)
    ranks = [np.argsort(np.argsort(values)) for values in (attention, change)]
    assert found.agreement == pytest.approx(np.corrcoef(*ranks)[0, 1])


def test_no_order_where_there_is_none_to_compare() -> None:
    one, two, flat = np.float32([1, 2, 3]), np.float32([3, 2, 1]), np.float32([1, 1, 1])
    assert rank_correlation(one, one) == pytest.approx(1)
    assert rank_correlation(one, two) == pytest.approx(-1)
    assert rank_correlation(one, flat) is None
    assert rank_correlation(one[:2], two[:2]) is None


def test_a_single_word_can_be_left_out_and_nothing_but_the_frame_is_read(judge: TinyModel) -> None:
    word = SENTENCE.split()[0]
    found = verdict(judge, word)
    assert found.left_out[0] == pytest.approx(by_hand(judge, found.tokens, {1})[0], abs=1e-5)
    assert found.agreement is None


def test_a_word_that_is_not_there_and_an_empty_sentence_are_refused(judge: TinyModel) -> None:
    with pytest.raises(RangeError):
        verdict(judge, SENTENCE, (7,))
    with pytest.raises(TextError):
        verdict(judge, "  ")


def test_a_long_text_is_cut_and_says_so(judge: TinyModel) -> None:
    found = verdict(judge, f"{SENTENCE} " * 30)
    assert len(found.tokens) == 64
    assert [note.code for note in found.tokens.notes] == ["attention.notes.cut"]
    assert len(found.left_out) == len(found.words) < 7 * 30


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("ab !?é'-.\tش🙂"), max_size=30), st.sets(st.integers(0, 4), max_size=2))
def test_whatever_is_typed_has_a_verdict_or_is_refused(judge: TinyModel, text: str, without: set[int]) -> None:
    try:
        found = verdict(judge, text, tuple(without))
    except (TextError, RangeError):
        return
    left = [w for w in range(len(found.words)) if w not in without]
    assert np.isfinite(found.left_out[left]).all()
    assert ((found.left_out[left] >= 0) & (found.left_out[left] <= 1)).all()
    assert found.heads.sum(axis=-1).max(initial=0) <= 1 + 1e-5


def test_in_the_opening_sentence_one_word_decides(lab: Any) -> None:
    with lab.use("bert-imdb", "attention") as model:
        found = verdict(model, "I expected a masterpiece and got a boring film.")
    words = [word.text for word in found.words]
    assert found.probability < 0.2
    assert found.left_out[words.index("boring")] > 0.8
    assert sum(found.left_out > 0.5) == 1
