"""Covered patches: the network's part against transformers' own, the guesses beside it, and masks that repeat."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import BeitForMaskedImageModeling

from core.data.galleries import shipped
from core.errors import RangeError
from core.models.catalog import find
from core.models.loading import load
from core.networks.patch_masks import nearest_visible
from core.pictures.restore import (
    FREQUENT,
    Restoration,
    code_pictures,
    drawn_mask,
    hexadecimal,
    restore,
    written_mask,
)
from core.scene.patches import patch_attention
from core.scene.results import Trace
from tests.core.cifar import codebook, masked_network, pictures

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
GRID = (8, 8)
PICTURE = pictures(1)[0]
MASK = drawn_mask("blocks", 3, GRID)
BUNDLED = find("beit-cifar10-pretrained")


def tiny(**options: Any) -> Any:
    return SimpleNamespace(network=masked_network(**options), processor=codebook())


def theirs(network: BeitForMaskedImageModeling, pixels: np.ndarray, mask: np.ndarray) -> torch.Tensor:
    """Probabilities (M, K) as transformers computes them."""
    values = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        output = network(pixel_values=values, bool_masked_pos=torch.from_numpy(mask).reshape(1, -1))
    return output.logits[0, torch.from_numpy(mask).reshape(-1)].softmax(-1)


def assert_same(found: Restoration, expected: torch.Tensor) -> None:
    best = expected.topk(found.candidates.shape[1], dim=1)
    np.testing.assert_allclose(found.probabilities, best.values.numpy(), **CLOSE)
    np.testing.assert_array_equal(found.candidates[:, 0], best.indices[:, 0].numpy())
    chance = expected.gather(1, torch.from_numpy(found.tokens[found.covered])[:, None])[:, 0]
    np.testing.assert_allclose(found.chance, chance.numpy(), **CLOSE)


@pytest.mark.parametrize("pooling", [True, False], ids=["mean", "cls"])
@pytest.mark.parametrize("shared", [True, False], ids=["one bias", "a bias a layer"])
def test_a_random_network_names_what_transformers_names(pooling: bool, shared: bool) -> None:
    bias = {"use_relative_position_bias": not shared, "use_shared_relative_position_bias": shared}
    model = tiny(use_mean_pooling=pooling, layer_scale_init_value=0.3, **bias)
    assert_same(restore(model, PICTURE, MASK), theirs(model.network, PICTURE, MASK))


@pytest.mark.skipif(not BUNDLED.present, reason="the pre-trained BEiT is not on this machine")
def test_the_bundled_network_names_what_transformers_names_and_beats_both_guesses() -> None:
    model = load(BUNDLED)
    plain = BeitForMaskedImageModeling.from_pretrained(BUNDLED.folder, dtype=torch.float32).eval()
    found = [restore(model, picture, drawn_mask("blocks", i, GRID)) for i, picture in enumerate(shipped().pixels)]
    for one, picture in zip(found, shipped().pixels, strict=True):
        assert_same(one, theirs(plain, picture, one.mask))
    own, *guesses = (
        np.mean([value for value in values if value is not None])
        for values in zip(*([one.accuracy, *one.baselines.values()] for one in found), strict=True)
    )
    assert own > 1.5 * max(guesses)


def covering(*patches: int) -> np.ndarray:
    """The mask of these patches, from 0, row by row."""
    mask = np.zeros(GRID, np.bool_)
    mask.flat[list(patches)] = True
    return mask


def test_what_is_covered_has_no_part_in_the_answer() -> None:
    model, other = tiny(), PICTURE.copy()
    other[4:8, 8:12] = 255 - other[4:8, 8:12]
    mask = covering(10)
    first, second = (restore(model, picture, mask) for picture in (PICTURE, other))
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
    assert first.tokens[10] != second.tokens[10]


def test_the_restored_picture_keeps_what_is_visible_and_draws_what_was_named() -> None:
    model = tiny()
    found, drawn = restore(model, PICTURE, MASK), code_pictures(model.processor)
    for patch in range(64):
        rows, columns = (slice(4 * at, 4 * at + 4) for at in divmod(patch, 8))
        if MASK.flat[patch]:
            expected = drawn[found.candidates[list(found.covered).index(patch), 0]]
        else:
            expected = PICTURE[rows, columns]
        np.testing.assert_array_equal(found.picture[rows, columns], expected)


def test_tokens_are_those_of_the_nearest_codes() -> None:
    model = tiny()
    drawn = code_pictures(model.processor).astype(float)
    tokens = restore(model, PICTURE, MASK).tokens
    patches = PICTURE.reshape(8, 4, 8, 4, 3).transpose(0, 2, 1, 3, 4).reshape(64, 1, 4, 4, 3)
    distances = ((patches - drawn) ** 2).sum((2, 3, 4))  # (64, K)
    chosen, least = distances[np.arange(64), tokens], distances.min(1)
    np.testing.assert_allclose(chosen, least, rtol=0.01)  # colours of a code are rounded to bytes here


def test_the_guesses_are_counted_on_the_same_patches() -> None:
    found = restore(tiny(), PICTURE, MASK)
    true = found.tokens[MASK.reshape(-1)]
    nearest = nearest_visible(torch.from_numpy(MASK)).numpy()[MASK.reshape(-1)]
    assert found.baselines == {
        "most_frequent": float(np.mean(true == FREQUENT)),
        "nearest_visible": float(np.mean(true == found.tokens[nearest])),
    }
    assert found.accuracy == float(np.mean(found.candidates[:, 0] == true))


def test_nothing_covered_and_everything_covered_are_answered() -> None:
    model = tiny()
    none, everything = (restore(model, PICTURE, np.full(GRID, value)) for value in (False, True))
    assert none.accuracy is None
    assert set(none.baselines.values()) == {None}
    np.testing.assert_array_equal(none.picture, PICTURE)
    assert everything.copied is None
    assert everything.baselines["nearest_visible"] is None
    assert everything.accuracy is not None
    assert_same(everything, theirs(model.network, PICTURE, everything.mask))


def test_what_a_covered_patch_looked_at_is_what_transformers_says() -> None:
    model = tiny()
    model.network.set_attn_implementation("eager")
    found = restore(model, PICTURE, MASK)
    values = torch.from_numpy(PICTURE.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        output = model.network(values, torch.from_numpy(MASK).reshape(1, -1), output_attentions=True)
    query = int(found.covered[0]) + 1
    seen = patch_attention(model, Trace(found.states, GRID, 32, found.seconds), query, 1)
    np.testing.assert_allclose(seen.weights, output.attentions[1][0, :, query].numpy(), **CLOSE)


@given(kind=st.sampled_from(["blocks", "random"]), seed=st.integers(0, 2**32 - 1))
def test_masks_of_one_seed_repeat_and_cover_two_fifths(kind: str, seed: int) -> None:
    mask = drawn_mask(kind, seed, GRID)
    np.testing.assert_array_equal(mask, drawn_mask(kind, seed, GRID))
    np.testing.assert_array_equal(mask, written_mask(f"{kind}-{seed}", GRID))
    assert mask.sum() == round(0.4 * 64)


def test_another_seed_draws_another_mask() -> None:
    assert len({hexadecimal(drawn_mask("random", seed, GRID)) for seed in range(20)}) == 20


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_a_mask_comes_back_from_what_is_written_of_it(h: int, w: int, data: st.DataObject) -> None:
    bits = data.draw(st.lists(st.booleans(), min_size=h * w, max_size=h * w))
    mask = np.array(bits).reshape(h, w)
    np.testing.assert_array_equal(written_mask(hexadecimal(mask), (h, w)), mask)


def test_the_first_patch_is_the_highest_bit() -> None:
    assert hexadecimal(covering(0, 63)) == "8000000000000001"


@given(
    st.one_of(
        st.none(), st.text(), st.integers(), st.floats(), st.binary(), st.lists(st.integers()),
        st.sampled_from(["blocks-", "blocks--1", "random-4294967296", "blocks-²", "8000000000000001\n", "8" * 15]),
    )
)  # fmt: skip
def test_any_other_mask_is_refused_by_a_sentence(given: object) -> None:
    with pytest.raises(RangeError) as refused:
        written_mask(given, GRID)
    assert refused.value.sentence("en").endswith(".")


@given(st.one_of(st.none(), st.text(), st.floats(), st.booleans(), st.just(-1), st.just(2**32), st.lists(st.none())))
def test_a_seed_that_is_none_is_refused(seed: object) -> None:
    if isinstance(seed, float) and seed.is_integer() and 0 <= seed < 2**32:
        return
    with pytest.raises(RangeError):
        drawn_mask("blocks", seed, GRID)


@given(st.one_of(st.none(), st.text(), st.booleans(), st.floats(), st.sampled_from([-0.1, 1.1, float("nan")])))
def test_a_share_that_is_none_is_refused(share: object) -> None:
    if isinstance(share, float) and 0 <= share <= 1:
        return
    with pytest.raises(RangeError):
        drawn_mask("blocks", 0, GRID, share)
