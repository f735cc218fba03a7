import pytest
import torch

from core.training.label_space import LabelSpace
from core.training.scene_loss import overlap_loss, pixel_loss

SPACE = LabelSpace((1, 4, 20), {("rooms", 1): (1, 4), ("rooms", 99): (4, 20)}, ("rooms",))


def codes(*ids):
    return SPACE.tables[0][torch.tensor(ids)].view(1, 1, -1)


def by_hand(logits, ids, strict):
    """One pixel after the other, in plain words."""
    may = {1: (0, 1), 4: (1,), 20: (2,), 99: (1, 2)}
    own = {1: 0, 4: 1, 20: 2}
    total = 0.0
    for x, id in enumerate(ids):
        p = logits[0, :, 0, x].softmax(0)
        together = torch.log(sum(p[k] for k in may[id]))
        total += together if id not in own else (1 - strict) * together + strict * torch.log(p[own[id]])
    return -total / len(ids)


@pytest.mark.parametrize("strict", [0.0, 0.25, 1.0])
def test_probabilities_of_all_that_a_label_may_stand_for_are_summed(strict):
    torch.manual_seed(0)
    ids = (1, 4, 20, 99, 1)
    logits = torch.randn(1, 3, 1, 5, dtype=torch.float64)
    found = pixel_loss(logits, codes(*ids), SPACE, torch.ones(len(SPACE.own)), strict)
    assert float(found) == pytest.approx(float(by_hand(logits, ids, strict)), rel=1e-5)


def test_unannotated_pixels_teach_nothing():
    torch.manual_seed(0)
    logits = torch.randn(1, 3, 1, 3, requires_grad=True)
    target = codes(1, 0, 50)
    loss = pixel_loss(logits, target, SPACE, torch.ones(len(SPACE.own))) + overlap_loss(logits, target, SPACE)
    loss.backward()
    assert logits.grad[..., 0].abs().sum() > 0
    assert not logits.grad[..., 1:].any()


def test_a_batch_that_nobody_annotated_costs_nothing():
    logits = torch.randn(1, 3, 1, 2, requires_grad=True)
    loss = pixel_loss(logits, codes(0, 0), SPACE, torch.ones(len(SPACE.own)))
    loss.backward()
    assert float(loss.detach()) == 0
    assert not logits.grad.any()


def test_sure_answers_that_may_be_said_overlap_in_full():
    logits = torch.full((1, 3, 1, 2), -40.0)
    logits[0, 1, 0, 0] = logits[0, 2, 0, 1] = 40.0
    assert float(overlap_loss(logits, codes(1, 20), SPACE)) == pytest.approx(0, abs=1e-6)
    assert float(overlap_loss(logits, codes(20, 1), SPACE)) == pytest.approx(1, abs=1e-6)
