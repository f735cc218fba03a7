"""Which words made the difference to a guess, against passes over sentences that were covered by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.errors import RangeError, TextError
from core.text.fill import fill, masked
from core.text.fill_reasons import fill_reasons
from tests.conftest import TinyModel
from tests.core.text.test_fill import model, models  # noqa: F401 - fixtures

SENTENCE = "the cats sat on a mat ."


@pytest.mark.parametrize("batch", [1, 3, 32])
def test_each_change_is_that_of_a_sentence_covered_by_hand(model: TinyModel, batch: int) -> None:  # noqa: F811
    found = fill_reasons(model, SENTENCE, (2,), batch=batch)
    before = fill(model, SENTENCE, (2,), 21)
    (place,) = before.masks
    assert (found.position, found.candidate) == (place.position, place.candidates[0].token)
    assert found.probability == pytest.approx(place.candidates[0].probability, abs=1e-6)
    assert found.words == (0, 1, 3, 4, 5, 6)
    for w, moved in zip(found.words, found.moved, strict=True):
        after = fill(model, SENTENCE, (2, w), 21)
        same = next(one for one in after.masks if one.position == place.position)
        shares = {one.token: one.probability for one in same.candidates}
        assert moved == pytest.approx(shares[found.candidate] - found.probability, abs=1e-5)


def test_attention_is_the_mean_of_all_heads_from_the_mask_to_a_words_tokens(model: TinyModel) -> None:  # noqa: F811
    found = fill_reasons(model, SENTENCE, (2,))
    given = masked(model, SENTENCE, (2,))
    with torch.inference_mode():
        output = model.network(torch.tensor([given.tokens.ids]), keep_attentions=True)
    mean = torch.stack([weights[0, :, found.position] for weights in output.attentions]).mean(dim=(0, 1)).numpy()
    expected = [mean[list(given.words[w].places)].sum() for w in found.words]
    np.testing.assert_allclose(found.attention, expected, atol=1e-6)
    ranks = [np.argsort(np.argsort(values)) for values in (found.attention, np.abs(found.moved))]
    assert found.agreement == pytest.approx(np.corrcoef(*ranks)[0, 1])


def test_of_several_masks_one_is_asked_about_and_the_others_stay_covered(model: TinyModel) -> None:  # noqa: F811
    second = fill_reasons(model, "the [MASK] sat on a mat", (4,), 1)
    assert second.position == fill(model, "the [MASK] sat on a mat", (4,)).masks[1].position
    assert second.words == (0, 2, 3, 5)


def test_without_a_visible_word_there_is_nothing_to_compare(model: TinyModel) -> None:  # noqa: F811
    found = fill_reasons(model, "[MASK]")
    assert found.words == ()
    assert found.agreement is None


def test_a_sentence_or_a_mask_that_cannot_be_asked_about_is_refused(model: TinyModel) -> None:  # noqa: F811
    with pytest.raises(TextError, match=r"no \[MASK\]"):
        fill_reasons(model, SENTENCE)
    with pytest.raises(RangeError, match="mask must be a whole number from 0 to 0"):
        fill_reasons(model, SENTENCE, (2,), 1)
