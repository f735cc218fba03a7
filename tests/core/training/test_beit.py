import pytest
import torch
from transformers import BeitForImageClassification

from core.training import beit
from core.training.beit_cifar10 import classify, scaled_cuts
from core.training.cifar_beit import shifted, small_config

TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}


@pytest.fixture
def model():
    torch.manual_seed(0)
    made = BeitForImageClassification(small_config(**TINY)).eval()
    for layer in made.beit.layers:  # zeros would hide a wrong row
        torch.nn.init.normal_(layer.relative_position_bias.relative_position_bias_table)
    return made


@torch.no_grad()
def test_our_forward_pass_is_that_of_transformers(model):
    x = torch.randn(2, 3, 32, 32)
    theirs = model.beit(x, output_hidden_states=True).hidden_states
    for ours, their in zip(beit.encode(model.beit, x), theirs, strict=True):
        torch.testing.assert_close(ours, their)
    torch.testing.assert_close(classify(model, x), model(x).logits)


@torch.no_grad()
def test_dropping_no_patch_but_reordering_them_changes_no_answer(model):
    x = torch.randn(2, 3, 32, 32)
    order = torch.randperm(64)
    plain, shuffled = beit.encode(model.beit, x)[-1], beit.encode(model.beit, x, order)[-1]
    torch.testing.assert_close(shuffled[:, 1:], plain[:, 1:][:, order])


@torch.no_grad()
def test_dropped_patches_are_not_looked_at(model):
    x = torch.randn(1, 3, 32, 32)
    other = x.clone()
    other[:, :, :4, :4] = 9.0  # patch 0
    kept = torch.arange(1, 64)
    torch.testing.assert_close(beit.encode(model.beit, x, kept)[-1], beit.encode(model.beit, other, kept)[-1])


def test_smaller_pictures_use_the_rows_of_the_same_distances():
    small, large = beit.offset_rows(2, 3, 4), beit.offset_rows(4, 4, 4)
    assert small.shape == (7, 7)
    # patch (0, 0) looking at (1, 2): tokens 1 and 1 + 1 * width + 2
    assert small[1, 1 + 3 + 2] == large[1, 1 + 4 + 2]
    assert small[0, 0] == large[0, 0]
    with pytest.raises(AssertionError, match="5 × 4 patches"):
        beit.offset_rows(5, 4, 4)


@torch.no_grad()
def test_local_heads_start_by_looking_at_one_neighbour_and_every_fourth_at_all(model):
    for layer in model.beit.layers:
        layer.relative_position_bias.relative_position_bias_table.zero_()
    beit.start_local(model.beit, sharpness=2.0)
    rows = beit.offset_rows(8, 8, 8)
    table = model.beit.layers[0].relative_position_bias.relative_position_bias_table
    weights = table[rows].permute(2, 0, 1)[:, 1:, 1:].softmax(-1)  # (H, N, N)
    middle = 8 * 4 + 4
    assert weights[0, middle].argmax() == middle
    assert weights[1, middle].argmax() == middle + 1
    assert weights[2, middle].argmax() == middle + 8
    torch.testing.assert_close(weights[3, middle], torch.full((64,), 1 / 64))


@torch.no_grad()
def test_whitened_filters_answer_with_equal_strength(model):
    torch.manual_seed(1)
    pictures = torch.randn(200, 3, 32, 32).cumsum(2).cumsum(3)  # neighbours alike, as in photographs
    patches = beit.cut_patches(pictures, 4)
    beit.start_whitened(model.beit, patches)
    answers = model.beit.embeddings.patch_embeddings(pictures).flatten(0, 1)[:, :16]  # (M, 16)
    torch.testing.assert_close(answers.std(0), torch.full((16,), 0.5), atol=0.02, rtol=0)
    correlation = torch.corrcoef(answers.T) - torch.eye(16)
    assert correlation.abs().max() < 0.05


def test_cut_outs_and_shifts_keep_size_kind_and_range():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(6, 3, 32, 32)
    cut = scaled_cuts(x, 24, generator)
    moved = shifted(x, 2, generator)
    assert cut.shape == (6, 3, 24, 24)
    assert moved.shape == x.shape
    for made in (cut, moved):
        assert x.min() - 1e-6 <= made.min() <= made.max() <= x.max() + 1e-6


def test_a_shift_of_0_only_mirrors():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(8, 3, 32, 32)
    moved = shifted(x, 0, generator)
    mirrored = [bool(torch.equal(m, p.flip(2))) for m, p in zip(moved, x, strict=True)]
    kept = [bool(torch.equal(m, p)) for m, p in zip(moved, x, strict=True)]
    assert all(a != b for a, b in zip(mirrored, kept, strict=True))
    assert any(mirrored)
    assert any(kept)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_attention_spelled_out_is_pytorchs_own_with_its_gradient_for_the_bias(dtype):
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 3, 5, 4, dtype=dtype) for _ in range(3))
    bias = torch.randn(1, 3, 5, 5, dtype=dtype)
    ours, theirs = (bias.clone().requires_grad_() for _ in range(2))
    found = beit.spelled_out(q, k, v, ours, 0.5)
    oracle = torch.nn.functional.scaled_dot_product_attention(q, k, v, theirs, scale=0.5)
    assert found.dtype == dtype
    exact = {} if dtype == torch.float64 else {"atol": 0.05, "rtol": 0.05}
    torch.testing.assert_close(found, oracle, **exact)
    found.square().sum().backward()
    oracle.square().sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad, **({} if not exact else {"atol": 0.2, "rtol": 0.1}))
