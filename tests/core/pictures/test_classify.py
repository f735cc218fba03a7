import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from transformers import BeitImageProcessorPil

from core.data.labels import CIFAR10
from core.errors import ModelError
from core.networks.classifier import Classifier, fit, unit
from core.networks.mlp import normalise
from core.pictures.classify import classify
from tests.core.cifar import PLAIN, beit, beit_network, mlp, mlp_network, pictures


def processor(side: int, resample: int = Image.Resampling.BILINEAR) -> BeitImageProcessorPil:
    return BeitImageProcessorPil(
        size={"height": side, "width": side}, resample=resample, do_center_crop=False, do_resize=True,
        image_mean=PLAIN.image_mean, image_std=PLAIN.image_std,
    )  # fmt: skip


def test_a_beit_gives_the_probabilities_that_transformers_gives():
    network, pixels = beit_network(), pictures(5)
    inputs = processor(32)(images=[Image.fromarray(p) for p in pixels], return_tensors="pt")
    expected = network(**inputs).logits.softmax(-1)
    got = Classifier("tiny-beit", network, PLAIN).probabilities(pixels)
    np.testing.assert_allclose(got, expected.detach().numpy(), atol=1e-5)


def test_an_mlp_gives_the_probabilities_that_its_own_normalisation_gives():
    network, pixels = mlp_network(), pictures(5)
    expected = network(normalise(torch.from_numpy(pixels), network.config)).exp()
    np.testing.assert_allclose(mlp().probabilities(pixels), expected.detach().numpy(), atol=1e-5)


def test_a_network_of_another_size_is_given_what_its_processor_would_make():
    smooth = np.asarray(Image.fromarray(pictures(1)[0]).resize((8, 8)).resize((32, 32), Image.Resampling.BICUBIC))
    expected = processor(64)(images=[Image.fromarray(smooth)], return_tensors="pt")["pixel_values"]
    classifier = Classifier("large", beit_network(image_size=64, patch_size=16), PLAIN)
    got = classifier.prepare(unit(smooth[None]))
    # The processor rounds to whole values twice, after the rows and after the columns: one of 255, over 0.2.
    assert got.shape == (1, 3, 64, 64)
    assert (got - expected).abs().max() < 1.01 / 255 / 0.2


@pytest.mark.parametrize("rotation", [1, 3, 7])
def test_classes_come_in_cifars_order_whatever_order_the_network_keeps(rotation):
    turned = CIFAR10[rotation:] + CIFAR10[:rotation]
    plain = beit().probabilities(pictures(3))
    other = beit(labels=tuple(name.upper() for name in turned)).probabilities(pictures(3))
    np.testing.assert_allclose(other, plain[:, [turned.index(name) for name in CIFAR10]], atol=1e-6)


def test_synonyms_of_class_names_are_understood():
    names = tuple({"airplane": "plane", "automobile": "car"}.get(name, name) for name in CIFAR10)
    np.testing.assert_allclose(beit(labels=names).probabilities(pictures(2)), beit().probabilities(pictures(2)))


def test_names_that_say_nothing_are_taken_in_cifars_order():
    names = tuple(f"LABEL_{i}" for i in range(10))
    np.testing.assert_allclose(beit(labels=names).probabilities(pictures(2)), beit().probabilities(pictures(2)))


@pytest.mark.parametrize(
    ("labels", "word"), [(("cat", "dog"), "2 classes"), ((*CIFAR10[:9], "zebra"), "zebra"), (CIFAR10[:1] * 10, "other")]
)
def test_a_network_of_other_classes_is_refused_in_a_sentence(labels, word):
    with pytest.raises(ModelError, match=word):
        beit(labels=labels)


def test_multiply_adds_of_the_reference_mlp_are_the_sum_of_its_matrices():
    from core.networks.mlp import Mlp

    result = classify(Classifier("mlp", Mlp().eval()), pictures(1))
    assert result.multiply_adds == 3072 * 512 + 512 * 256 + 256 * 128 + 128 * 10
    assert result.parameters == 1_738_890


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_multiply_adds_of_a_beit_count_its_attention_whichever_kernel_runs(attention):
    network = beit_network()
    network.set_attn_implementation(attention)
    T, C, F, L, patches = 65, 24, 48, 2, 64
    a_layer = 4 * T * C * C + 2 * T * T * C + 2 * T * C * F
    expected = patches * 4 * 4 * 3 * C + L * a_layer + C * 10
    assert Classifier("tiny-beit", network, PLAIN).multiply_adds() == expected


def test_a_large_batch_gives_what_its_pictures_give_alone():
    classifier, pixels = beit(), pictures(70)
    together = classifier.probabilities(pixels)
    alone = np.concatenate([classifier.probabilities(pixels[i : i + 1]) for i in (0, 63, 64, 69)])
    np.testing.assert_allclose(together[[0, 63, 64, 69]], alone, atol=1e-5)


def test_no_pictures_give_no_probabilities():
    assert mlp().probabilities(pictures(0)).shape == (0, 10)


def test_classifying_leaves_no_gradients_in_a_shared_network():
    classifier = beit()
    x = unit(pictures(1)).requires_grad_()
    classifier(x).sum().backward()
    assert x.grad is not None
    assert all(parameter.grad is None for parameter in classifier.network.parameters())


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1))
def test_any_picture_becomes_the_middle_square_at_32(height, width, seed):
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    fitted = fit(image)
    side = min(height, width)
    middle = image[(height - side) // 2 :, (width - side) // 2 :][:side, :side]
    assert fitted.shape == (32, 32, 3)
    assert fitted.dtype == np.uint8
    np.testing.assert_array_equal(fitted, fit(np.ascontiguousarray(middle)))


@pytest.mark.parametrize(("place", "seen"), [(0, 10), (0.5, 20), (1, 30)])
@pytest.mark.parametrize("across", [True, False])
def test_a_square_is_chosen_along_the_longer_side(place, seen, across):
    image = np.repeat([10, 20, 30], 32).astype(np.uint8)[None, :, None] * np.ones((32, 1, 3), np.uint8)  # (32, 96, 3)
    image = image if across else np.ascontiguousarray(image.transpose(1, 0, 2))
    np.testing.assert_array_equal(fit(image, place), seen)


def test_a_picture_of_32_is_left_as_it_is():
    np.testing.assert_array_equal(fit(pictures(1)[0]), pictures(1)[0])


def test_a_flat_picture_stays_flat_however_it_is_scaled():
    np.testing.assert_array_equal(fit(np.full((77, 131, 3), 93, np.uint8)), 93)
