import numpy as np
import pytest
import torch
from sklearn.metrics import jaccard_score
from transformers import BeitForSemanticSegmentation

from core.data.datasets import Scenes
from core.metrics import Confusion
from core.training import beit_street, scenes
from core.training.beit_street import IDS, STREET_ALLOWED, StreetTask
from core.training.label_space import LabelSpace
from core.training.loop import fit
from core.training.scene_evaluation import restricted
from core.training.scene_loss import overlap_loss, pixel_loss
from core.training.scene_network import SideDrawn
from core.training.task import Length

TINY = {
    "hidden_size": 32,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "image_size": 64,
    "out_indices": [1, 2, 3, 4],
    "drop_path_rate": 0.0,
}


SPACE = LabelSpace(IDS, STREET_ALLOWED, ("street_scenes", "facades"))
BUILDING = IDS.index(2)


def coded(outputs, merged):
    """Outputs (B, H, W), -1 unlabelled, as codes; of street_scenes where ``merged`` (B,), else of facades."""
    ids = torch.tensor((*IDS, 0))[outputs]  # -1 is the last: unlabelled
    return torch.stack([SPACE.tables[0 if m else 1][part] for m, part in zip(merged, ids, strict=True)])


def code_weights(weights):
    """Weights of the outputs (13,) → of the codes."""
    return weights[SPACE.own]


def made_scenes(pairs):
    """Pictures (H, W, 3) and ids (H, W) → Scenes."""
    sizes = np.array([ids.shape for _, ids in pairs], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))])
    pixels, ids = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    return Scenes(pixels, ids, sizes, starts)


def textured(left, right):
    """Two halves whose pattern says the class whatever the colours become."""
    y, x = np.mgrid[:48, :64]
    patterns = {2: x % 8 < 4, 3: np.ones_like(x), 5: y % 8 < 4, 7: np.zeros_like(x)}
    image = np.where(x < 32, patterns[left], patterns[right]).astype(np.uint8)[..., None] * 200 + 20
    return np.repeat(image, 3, axis=2), halves(left, right)[1]


def halves(left, right):
    ids = np.full((48, 64), left, np.uint8)
    ids[:, 32:] = right
    image = np.stack([ids * 2, 255 - ids, ids // 2], axis=2)  # uint8 wraps around
    return image, ids


def tiny():
    torch.manual_seed(0)
    return BeitForSemanticSegmentation(beit_street.small_config(**TINY))


@torch.no_grad()
def test_the_trained_forward_pass_is_that_of_transformers():
    model = tiny().eval()
    x = torch.randn(2, 3, 64, 64)
    side, head = SideDrawn(model).eval()(x)
    torch.testing.assert_close(head, model(x).logits)
    assert side.shape == head.shape == (2, 13, 16, 16)


@torch.no_grad()
def test_inside_a_window_the_head_says_what_it_says_of_the_whole_but_at_the_rim():
    network = SideDrawn(tiny()).eval()
    x = torch.randn(2, 3, 64, 64)
    _, whole = network(x)
    _, part = network(x, True, (2, 0, 2))
    assert part.shape == (2, 13, 8, 8)
    # The lower left corner of the window is the picture's own; elsewhere convolutions miss their neighbours.
    torch.testing.assert_close(part[:, :, -1, 0], whole[:, :, -1, 0], atol=0.02, rtol=0.02)


def test_a_few_pictures_are_learned_by_heart():
    pictures = made_scenes([textured(3, 7), textured(2, 5)])
    task = StreetTask(tiny(), {"street_scenes": pictures}, pictures, 4e-3, 8, 10)
    logs = list(fit(task, Length(epochs=6)))
    by_side, by_head = logs[2].validation["pixel_accuracy"], logs[-1].validation["pixel_accuracy"]
    assert by_side > 0.9
    assert by_head > 0.8  # four classes, a quarter each


def test_the_side_layer_draws_each_patch_where_it_lies():
    network = SideDrawn(tiny())
    hidden = torch.zeros(1, 17, 32)
    hidden[0, 1 + 6] = 1.0  # patch in row 1, column 2 of 4 × 4
    torch.nn.init.zeros_(network.side.bias)
    drawn = network.drawn(hidden, 4)[0].abs().sum(0)
    touched = torch.nonzero(drawn)
    assert touched.amin(0).tolist() == [4, 8]
    assert touched.amax(0).tolist() == [7, 11]


def test_a_building_may_be_told_by_its_windows_only_where_they_are_merged():
    logits = torch.full((1, 13, 1, 1), -20.0)
    logits[0, IDS.index(9)] = 20.0  # surely a windowpane
    target, weights = torch.full((1, 1, 1), BUILDING), torch.ones(13)
    weights = code_weights(weights)
    merged = pixel_loss(logits, coded(target, [True]), SPACE, weights, strict=0.0)
    apart = pixel_loss(logits, coded(target, [False]), SPACE, weights, strict=0.0)
    assert merged == pytest.approx(0, abs=1e-6)
    assert apart > 30
    partly = pixel_loss(logits, coded(target, [True]), SPACE, weights, strict=0.25)
    assert partly == pytest.approx(float(apart) / 4)


def test_the_loss_of_plain_pixels_is_weighted_cross_entropy_without_the_unlabelled():
    torch.manual_seed(0)
    logits, target = torch.randn(2, 13, 5, 5), torch.randint(-1, 13, (2, 5, 5))
    weights = torch.rand(13) + 0.5
    oracle = torch.nn.functional.cross_entropy(logits, target, weights, ignore_index=-1)
    found = pixel_loss(logits, coded(target, [False, False]), SPACE, code_weights(weights))
    assert found == pytest.approx(float(oracle), rel=1e-5)


def test_the_overlap_loss_of_sure_answers_is_one_less_the_mean_iou():
    generator = torch.Generator().manual_seed(0)
    said, target = (torch.randint(0, 13, (2, 9, 9), generator=generator) for _ in range(2))
    target[0, :2] = -1
    sure = 60.0 * torch.nn.functional.one_hot(said, 13).permute(0, 3, 1, 2).float()
    known = target >= 0
    oracle = jaccard_score(target[known], said[known], average="macro")
    assert overlap_loss(sure, coded(target, [False, False]), SPACE) == pytest.approx(1 - oracle, abs=1e-5)


def test_the_overlap_loss_counts_windows_as_building_only_where_they_are_merged():
    logits = torch.full((2, 13, 2, 2), -30.0)
    logits[:, IDS.index(9)] = 30.0  # surely windowpanes
    target = torch.full((2, 2, 2), BUILDING)
    assert overlap_loss(logits, coded(target, [True, True]), SPACE) == pytest.approx(0, abs=1e-6)
    assert overlap_loss(logits, coded(target, [False, False]), SPACE) == pytest.approx(1)
    assert overlap_loss(logits, coded(target, [True, False]), SPACE) == pytest.approx(0.5)


def test_a_batch_without_labels_costs_nothing():
    logits = torch.randn(1, 13, 2, 2, requires_grad=True)
    loss = overlap_loss(logits, torch.full((1, 2, 2), -1), SPACE)
    loss.backward()
    assert float(loss.detach()) == 0
    assert not logits.grad.any()


def test_outputs_stand_for_their_ade20k_ids():
    table = SPACE.tables[1]  # of facades
    assert [int(SPACE.own[table[id]]) for id in IDS] == list(range(13))
    assert table[0] == table[1] == table[150] == -1


def test_a_crop_invents_no_class_and_shows_the_picture_under_its_labels():
    pictures = made_scenes([halves(3, 128)])
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        image, ids = scenes.random_crop(pictures, 0, scenes.Crop(32, 48), generator)
        assert image.shape == (3, 32, 32)
        assert set(ids.unique().tolist()) <= {3, 128}
        inside = ids == 3
        if inside.all():
            torch.testing.assert_close(image[1], torch.full((32, 32), 252 / 255))


def test_colours_change_within_range_and_by_picture():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 3, 8, 8).expand(3, -1, -1, -1)
    changed = scenes.colored(x, generator)
    assert 0 <= changed.min() <= changed.max() <= 1
    assert not torch.allclose(changed[0], changed[1])


def test_pictures_are_drawn_by_share_and_none_again_before_all_were():
    generator = torch.Generator().manual_seed(0)
    pairs = list(scenes.mixed_order([3, 5], [0.5, 0.5], 200, generator))
    first = [i for s, i in pairs if s == 0]
    assert 70 < len(first) < 130
    assert all(sorted(first[k : k + 3]) == [0, 1, 2] for k in range(0, len(first) - 2, 3))


def test_restricted_figures_are_the_hand_made_ones():
    true = np.array([2, 2, 2, 2, 3, 3, 7, 0])
    said = np.array([2, 9, 15, 3, 3, 1, 7, 3])
    counts = Confusion(151, ignore=0).add(true, said).counts
    merged = restricted(counts, [2, 3, 7])
    assert merged.intersection.tolist() == [3, 1, 1]
    assert merged.union.tolist() == [4, 3, 1]
    assert merged.mean_iou == pytest.approx((3 / 4 + 1 / 3 + 1) / 3)
    assert merged.pixel_accuracy == pytest.approx(5 / 7)
    strict = restricted(counts, [2, 3, 7], merge=False)
    assert strict.intersection.tolist() == [1, 1, 1]
    assert strict.union.tolist() == [4, 3, 1]
