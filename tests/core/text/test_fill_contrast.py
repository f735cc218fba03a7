"""Two candidates over pairs of sentences: log odds by hand, and a noise floor of all exchanges of the sides."""

from __future__ import annotations

from itertools import product
from math import log
from typing import Any

import numpy as np
import pytest

from core.errors import TextError
from core.text.fill import fill
from core.text.fill_contrast import fill_contrast
from tests.conftest import TinyModel
from tests.core.text.test_fill import VOCABULARY, model, models  # noqa: F401 - fixtures

PAIRS = [("the cat sat on [MASK] .", "the dog sat on [MASK] ."), ("a cat lay [MASK]", "a dog lay [MASK]")]


def by_hand(tiny: TinyModel, sentence: str, one: str, other: str) -> float:
    shares = {c.token: c.probability for c in fill(tiny, sentence, top=VOCABULARY).masks[0].candidates}
    return log(shares[one]) - log(shares[other])


def test_the_shift_is_the_mean_difference_of_log_odds(model: TinyModel) -> None:  # noqa: F811
    found = fill_contrast(model, PAIRS, ("mat", "rug"))
    here, there = ([by_hand(model, pair[side], "mat", "rug") for pair in PAIRS] for side in (0, 1))
    np.testing.assert_allclose(found.here, here, atol=1e-4)
    np.testing.assert_allclose(found.there, there, atol=1e-4)
    assert found.shift == pytest.approx(np.mean(np.subtract(here, there)), abs=1e-4)


def test_the_floor_is_that_of_all_exchanges_of_the_two_sides(model: TinyModel) -> None:  # noqa: F811
    found = fill_contrast(model, PAIRS, ("mat", "rug"))
    differences = found.here - found.there
    means = [abs(np.mean(np.multiply(signs, differences))) for signs in product((1, -1), repeat=2)]
    assert found.floor == pytest.approx(np.quantile(means, 0.95), abs=1e-6)
    assert found.chance == pytest.approx(np.mean(np.array(means) >= abs(found.shift) - 1e-6))


def test_exchanging_sides_or_candidates_turns_the_sign_alone(model: TinyModel) -> None:  # noqa: F811
    found = fill_contrast(model, PAIRS, ("mat", "rug"))
    turned = fill_contrast(model, [(b, a) for a, b in PAIRS], ("mat", "rug"))
    other = fill_contrast(model, PAIRS, ("rug", "mat"))
    for one in (turned, other):
        assert one.shift == pytest.approx(-found.shift, abs=1e-5)
        assert one.floor == pytest.approx(found.floor, abs=1e-5)


def test_the_same_word_on_both_sides_shifts_nothing(model: TinyModel) -> None:  # noqa: F811
    found = fill_contrast(model, [(a, a) for a, _ in PAIRS], ("mat", "rug"))
    assert (found.shift, found.floor, found.chance) == (0, 0, 1)


@pytest.mark.parametrize("word", ["cats", "zebra", "", "the cat", "🙂", "a\0b"])
def test_a_candidate_must_be_one_entry_of_the_vocabulary(model: TinyModel, word: str) -> None:  # noqa: F811
    with pytest.raises(TextError) as refused:
        fill_contrast(model, PAIRS, ("mat", word))
    assert refused.value.sentence().endswith(".")


def test_a_sentence_must_have_one_mask(model: TinyModel) -> None:  # noqa: F811
    for sentence in ("the cat", "[MASK] [MASK]"):
        with pytest.raises(TextError, match=r"one \[MASK\]"):
            fill_contrast(model, [(sentence, "a [MASK]")], ("mat", "rug"))


def test_the_bundled_network_has_taken_up_what_reviews_say_of_actors_and_actresses(lab: Any) -> None:
    pairs = [(f"The {who} did what {'[MASK]'} could.", "The actor did what [MASK] could.") for who in ("actress",)]
    with lab.use("bert-imdb", "attention") as loaded:
        assert fill_contrast(loaded, pairs, ("she", "he")).shift > 1
