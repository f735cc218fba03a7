import numpy as np
import pytest

from core.data import labels


def test_cifar10_has_its_ten_classes_in_the_order_of_the_labels():
    assert labels.CIFAR10 == (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    )


def test_ade20k_has_150_classes_of_which_two_share_a_name():
    assert [row.id for row in labels.ade20k()] == list(range(1, 151))
    assert len(labels.ids_by_name()) == 149
    assert labels.ids_by_name()["screen"] == 59


@pytest.mark.parametrize(("id", "name"), [(1, "wall"), (2, "building"), (3, "sky"), (7, "road"), (13, "person")])
def test_an_id_names_its_class(id, name):
    assert labels.scene_class(id).name == name
    assert labels.ids_by_name()[name] == id


@pytest.mark.parametrize("id", [0, 151, -1])
def test_an_id_outside_1_to_150_is_refused_with_the_range(id):
    with pytest.raises(AssertionError, match=r"1\.\.150"):
        labels.scene_class(id)


def test_the_palette_is_the_table_with_black_for_unlabelled():
    colors = labels.palette()
    assert colors.shape == (151, 3)
    assert colors[0].tolist() == [0, 0, 0]
    assert tuple(colors[3].tolist()) == labels.scene_class(3).rgb == (6, 230, 230)
    with pytest.raises(ValueError, match="read-only"):
        colors[0] = 1


def test_the_two_classifiers_differ_in_lightness_and_not_in_hue_alone():
    def luminance(color):
        return np.dot([0.2126, 0.7152, 0.0722], [(c / 255) ** 2.2 for c in bytes.fromhex(color[1:])])

    assert abs(luminance(labels.MODEL_COLORS["mlp"]) - luminance(labels.MODEL_COLORS["beit"])) > 0.05
