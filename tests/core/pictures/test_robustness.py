import numpy as np
import pytest
import torch

from core.data.galleries import Gallery
from core.errors import RangeError
from core.networks.classifier import unit
from core.pictures.changes import CHANGES
from core.pictures.robustness import attack, measure
from tests.core.cifar import beit, mlp, pictures

MAKERS = {"mlp": mlp, "beit": beit}


def labels(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint8) % 10


def loss(classifier, pixels, truth):
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(classifier(unit(pixels)), torch.from_numpy(truth).long()).item()


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", ["fgsm", "pgd"])
@pytest.mark.parametrize("strength", [1, 8])
def test_an_attack_stays_within_its_strength_and_raises_the_loss(maker, name, strength):
    classifier, before, truth = MAKERS[maker](), pictures(6) // 2 + 60, labels(6)
    after = attack(classifier, before, truth, name, strength)
    assert np.abs(after.astype(int) - before).max() <= strength
    assert loss(classifier, after, truth) > loss(classifier, before, truth)


def test_fgsm_is_one_step_along_the_sign_of_the_gradient():
    classifier, before, truth = mlp(), pictures(4), labels(4)
    x = unit(before).requires_grad_()
    torch.nn.functional.cross_entropy(classifier(x), torch.from_numpy(truth).long()).backward()
    expected = np.clip(before + 5 * x.grad.sign().permute(0, 2, 3, 1).numpy(), 0, 255)
    np.testing.assert_array_equal(attack(classifier, before, truth, "fgsm", 5), expected)


def test_no_strength_attacks_nothing():
    np.testing.assert_array_equal(attack(mlp(), pictures(2), labels(2), "pgd", 0), pictures(2))


def test_pgd_gives_the_same_pictures_again_whatever_ran_before():
    classifier = mlp()
    first = attack(classifier, pictures(3), labels(3), "pgd", 6)
    torch.rand(7)
    np.testing.assert_array_equal(first, attack(classifier, pictures(3), labels(3), "pgd", 6))


def test_pgd_raises_the_loss_more_than_fgsm():
    classifier, before, truth = beit(), pictures(16), labels(16)
    fgsm, pgd = (attack(classifier, before, truth, name, 8) for name in ("fgsm", "pgd"))
    assert loss(classifier, pgd, truth) > loss(classifier, fgsm, truth)


def test_an_attack_leaves_no_gradients_in_a_shared_network():
    classifier = beit()
    attack(classifier, pictures(2), labels(2), "fgsm", 4)
    assert all(parameter.grad is None for parameter in classifier.network.parameters())


@pytest.mark.parametrize("name", CHANGES)
def test_a_curve_begins_at_the_untouched_accuracy_and_keeps_the_same_pictures(name):
    gallery = Gallery("shipped", pictures(24), labels(24))
    classifiers = [mlp(), beit()]
    steps = list(measure(classifiers, gallery, name, count=20, seed=1))
    last = steps[-1]
    assert [len(step.strengths) for step in steps] == list(range(1, len(last.strengths) + 1))
    assert last.right.shape == (2, len(last.strengths))
    assert last.total == 20
    from core.pictures.evaluation import evaluate

    *_, plain = evaluate(classifiers, gallery, 20, seed=1)
    assert last.right[:, 0].tolist() == [int(np.trace(answers.confusion)) for answers in plain.answers]
    np.testing.assert_array_equal(steps[0].right[:, 0], last.right[:, 0])


def test_shuffled_pixels_cost_nothing_once_the_permutation_is_the_networks_own():
    """Which pixel is whose neighbour is nothing to an MLP: read in another order, its first matrix is permuted."""
    from core.networks.classifier import Classifier
    from tests.core.cifar import mlp_network

    plain, permuted = mlp_network(), mlp_network(permutation=4)
    weight = plain.hidden[0].weight.data.view(-1, 3, 1024)
    permuted.load_state_dict(plain.state_dict())
    permuted.hidden[0].weight.data = weight[:, :, permuted.places].reshape(-1, 3072)
    a, b = Classifier("a", plain), Classifier("b", permuted)
    np.testing.assert_allclose(a.probabilities(pictures(5)), b.probabilities(pictures(5)), atol=1e-5)


def test_a_stop_is_heard_between_batches():
    asked = []

    def stopped():
        asked.append(None)
        return len(asked) > 3

    gallery = Gallery("shipped", pictures(64), labels(64))
    steps = list(measure([mlp()], gallery, "fgsm", count=64, stopped=stopped))
    assert steps == []  # 64 pictures are four batches of an attack: the first strength was not reached
    assert len(asked) == 4


@pytest.mark.parametrize(("name", "count"), [("nothing", 5), ("blur", 0), ("blur", 10_001)])
def test_an_unknown_change_or_count_is_refused(name, count):
    with pytest.raises(RangeError):
        next(measure([mlp()], Gallery("shipped", pictures(4), labels(4)), name, count))
