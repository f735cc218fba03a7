import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from core.errors import RangeError
from core.pictures.changes import CHANGES, check_change
from core.pictures.transforms import TRANSFORMS, partial_permutation, shift, shuffle_patches
from tests.core.cifar import pictures


def smooth(count: int = 2) -> np.ndarray:
    noise = np.random.default_rng(0).uniform(0, 255, (count, 32, 32, 3))
    return np.rint(ndimage.gaussian_filter(noise, (0, 3, 3, 0)) * 3 % 256).astype(np.uint8)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_no_strength_leaves_the_picture_alone(name):
    np.testing.assert_array_equal(TRANSFORMS[name](pictures(3), 0.0), pictures(3))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_same_strength_gives_the_same_pictures_again(name):
    strongest = CHANGES[name].strongest
    first, again = TRANSFORMS[name](pictures(3), strongest), TRANSFORMS[name](pictures(3), strongest)
    np.testing.assert_array_equal(first, again)
    assert first.shape == (3, 32, 32, 3)
    assert first.dtype == np.uint8
    assert (first != pictures(3)).mean() > 0.5


def test_shuffled_pixels_are_the_same_pixels_in_one_order_for_all_pictures():
    before, after = pictures(2), TRANSFORMS["pixels"](pictures(2), 1.0)
    places = partial_permutation(1024, 1.0)
    for old, new in zip(before.reshape(2, 1024, 3), after.reshape(2, 1024, 3), strict=True):
        np.testing.assert_array_equal(new, old[places])
    assert not np.array_equal(places, np.arange(1024))


@given(st.integers(1, 300), st.floats(0, 1))
def test_a_share_of_the_places_is_permuted_and_the_rest_stays(count, share):
    places = partial_permutation(count, share)
    assert sorted(places) == list(range(count))
    assert (places != np.arange(count)).sum() <= round(share * count)


def test_shuffled_patches_are_whole_patches_in_another_place():
    before, after = pictures(1)[0], shuffle_patches(pictures(1), 1.0)[0]

    def patches(image):
        return [image[r : r + 4, c : c + 4].tobytes() for r in range(0, 32, 4) for c in range(0, 32, 4)]

    assert sorted(patches(before)) == sorted(patches(after))
    assert patches(before) != patches(after)


def test_a_shift_moves_to_the_right_and_mirrors_the_border():
    moved = shift(pictures(1), 3)
    np.testing.assert_array_equal(moved[:, :, 3:], pictures(1)[:, :, :-3])
    np.testing.assert_array_equal(moved[:, :, :3], pictures(1)[:, :, 2::-1])


@pytest.mark.parametrize("sigma", [0.4, 1.0, 2.7])
def test_blur_is_scipys_gaussian_filter(sigma):
    expected = ndimage.gaussian_filter(pictures(2).astype(np.float64), (0, sigma, sigma, 0), mode="reflect")
    assert np.abs(TRANSFORMS["blur"](pictures(2), sigma) - expected).max() < 0.51


@pytest.mark.parametrize(("degrees", "turns"), [(90, 1), (180, 2)])
def test_a_right_angle_is_an_exact_turn_anticlockwise(degrees, turns):
    expected = np.rot90(pictures(2), turns, axes=(1, 2)).astype(int)
    assert np.abs(TRANSFORMS["rotate"](pictures(2), degrees) - expected).max() <= 1


def test_a_slanted_turn_is_scipys_bilinear_one():
    expected = ndimage.rotate(smooth().astype(float), 30, axes=(1, 2), reshape=False, order=1, mode="reflect")
    inner = np.s_[:, 10:22, 10:22]  # away from the border, where the two mirror by other conventions
    assert np.abs(TRANSFORMS["rotate"](smooth(), 30)[inner] - expected[inner]).max() < 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=lambda change: change.name)
def test_measured_strengths_run_from_nothing_to_the_strongest(change):
    strengths = change.strengths()
    assert strengths[0] == 0
    assert strengths[-1] == pytest.approx(change.strongest)
    assert len(strengths) >= 4
    assert (np.diff(strengths) > 0).all()


@pytest.mark.parametrize("name", ["", "Pixels", "__class__", None, 3, ["pixels"]])
def test_an_unknown_change_is_refused_with_the_known_ones(name):
    with pytest.raises(RangeError, match="patches"):
        check_change(name, 0)


@given(
    st.sampled_from(sorted(CHANGES)),
    st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.none(), st.booleans()),
)
def test_any_strength_is_in_range_or_refused(name, strength):
    number = isinstance(strength, int | float) and not isinstance(strength, bool)
    if number and 0 <= strength <= CHANGES[name].strongest:
        assert check_change(name, strength) == (CHANGES[name], strength)
    else:
        with pytest.raises(RangeError, match=f"to {CHANGES[name].strongest:g}"):
            check_change(name, strength)
