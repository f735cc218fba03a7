"""Visual tokens, masks in blocks, and the BEiT that names what it does not see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from core.data.datasets import Pictures
from core.networks.patch_masks import blockwise, nearest_visible, scattered
from core.networks.visual_tokens import Codebook, nearest
from core.training.beit_cifar10 import start_from
from core.training.cifar_beit import small_config
from core.training.masked_patches import MaskedPatchesTask, masked_logits, masks_for
from core.training.patch_codes import kmeans
from core.training.patch_evaluation import copied, decibels, most_frequent, restored


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int, side: int = 8) -> torch.Tensor:
    return torch.rand(count, 3, side, side, generator=generator())


def tiny(**changes: Any) -> Any:
    from transformers import BeitForMaskedImageModeling

    torch.manual_seed(0)
    return BeitForMaskedImageModeling(
        small_config(
            hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=8,
            use_mask_token=True, vocab_size=4, **changes,
        )
    ).eval()  # fmt: skip


@given(rows=st.integers(2, 12), columns=st.integers(2, 12), share=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_a_mask_covers_exactly_its_share(rows: int, columns: int, share: float, seed: int) -> None:
    for make in (blockwise, scattered):
        mask = make(rows, columns, share, generator(seed))
        assert mask.shape == (rows, columns)
        assert int(mask.sum()) == round(share * rows * columns)


def test_blocks_lie_together_and_scattered_patches_do_not() -> None:
    def touching(make: Any) -> float:
        """Share of covered patches whose right neighbour is covered, too."""
        masks = torch.stack([make(8, 8, 0.4, generator(seed)) for seed in range(200)])
        return float((masks[:, :, :-1] & masks[:, :, 1:]).sum() / masks[:, :, :-1].sum())

    assert touching(scattered) == pytest.approx(25 / 63, abs=0.03)
    assert touching(blockwise) > 0.6


def test_every_patch_is_covered_now_and_then_and_those_in_the_middle_most() -> None:
    often = torch.stack([blockwise(8, 8, 0.4, generator(seed)) for seed in range(2000)]).double().mean(0)
    assert often.mean() == pytest.approx(26 / 64)
    assert float(often.min()) > 0.1
    torch.testing.assert_close(often, often.flip(0, 1), atol=0.06, rtol=0)  # no corner is preferred
    assert float(often[3:5, 3:5].min()) > float(often[[0, 0, 7, 7], [0, 7, 0, 7]].max())


@given(mask=st.lists(st.booleans(), min_size=12, max_size=12).filter(lambda mask: not all(mask)))
def test_the_nearest_visible_patch_is_the_nearest(mask: list[bool]) -> None:
    covered = torch.tensor(mask).view(3, 4)
    places = np.argwhere(np.ones((3, 4)))
    far = cdist(places, places)
    far[:, mask] = np.inf
    found = nearest_visible(covered).numpy()
    np.testing.assert_allclose(far[np.arange(12), found], far.min(1))
    assert found.tolist() == far.argmin(1).tolist()  # the first of equals


def test_a_token_is_the_nearest_code_and_tokens_draw_their_picture() -> None:
    codes = torch.rand(5, 48, generator=generator())
    book, given_pictures = Codebook(codes, 4), pictures(3)
    tokens = book.tokens(given_pictures)
    assert tokens.shape == (3, 4)
    patches = book.patches(given_pictures).numpy().reshape(12, 48)
    assert tokens.flatten().tolist() == cdist(patches, codes.numpy()).argmin(1).tolist()
    torch.testing.assert_close(book.joined(book.patches(given_pictures), 8, 8), given_pictures)
    assert torch.equal(book.tokens(book.drawn(tokens, 8, 8)), tokens)
    assert torch.equal(book.patches(given_pictures)[0, 1].view(3, 4, 4), given_pictures[0, :, :4, 4:])


def test_k_means_is_as_good_as_scikit_learns_and_puts_the_commonest_first() -> None:
    values = torch.cat([torch.randn(count, 2, generator=generator(count)) * 0.1 + count for count in (50, 150, 100)])
    codes = kmeans(values, 3)
    theirs = KMeans(3, n_init=10, random_state=0).fit(values.numpy())
    error = float((values - codes[nearest(values, codes)]).square().sum())
    assert error == pytest.approx(theirs.inertia_, rel=1e-4)
    assert torch.bincount(nearest(values, codes)).tolist() == [150, 100, 50]


def test_k_means_of_fewer_values_than_codes_keeps_them_all() -> None:
    values = torch.tensor([[0.0], [1.0], [2.0]]).repeat(4, 1)
    codes = kmeans(values, 3)
    assert sorted(codes[:, 0].tolist()) == [0, 1, 2]


def test_the_scores_of_covered_patches_are_transformers() -> None:
    model, given_pictures = tiny(), 2 * pictures(3) - 1
    masked = masks_for(3, 2, 2, generator())
    model.beit.embeddings.mask_token.data.normal_()
    theirs = model(given_pictures, bool_masked_pos=masked).logits[masked]
    torch.testing.assert_close(masked_logits(model, given_pictures, masked), theirs, atol=1e-5, rtol=1e-5)


def task(count: int = 64) -> MaskedPatchesTask:
    """Pictures of one of four colours each, so that what is seen tells what is covered."""
    colours = np.random.default_rng(0).integers(0, 256, (4, 1, 1, 3), np.uint8)[np.arange(count) % 4]
    images = np.broadcast_to(colours, (count, 8, 8, 3)).copy()
    patches = Codebook(torch.zeros(1, 48), 4).patches(torch.from_numpy(images).permute(0, 3, 1, 2) / 255).flatten(0, 1)
    data = Pictures(images, np.zeros(count, np.int64))
    return MaskedPatchesTask(tiny(), Codebook(kmeans(patches, 4), 4), data, data.take(np.arange(8)), 5e-3, 16)


def test_training_lowers_the_loss_on_covered_patches() -> None:
    from core.training.loop import fit
    from core.training.task import Length

    made = task()
    with torch.no_grad():
        before = made.validate(made.network)
    logs = list(fit(made, Length(epochs=30)))
    assert logs[-1].validation["loss"] < 0.5 * before["loss"]


def test_what_the_network_cannot_see_does_not_change_what_it_says() -> None:
    model, given_pictures = tiny(), 2 * pictures(1) - 1
    masked = torch.tensor([[False, True, False, False]])
    other = given_pictures.clone()
    other[:, :, :4, 4:] = 0.7  # the covered patch
    assert torch.equal(masked_logits(model, given_pictures, masked), masked_logits(model, other, masked))
    other[:, :, 4:, 4:] = 0.7  # one that is seen
    assert not torch.equal(masked_logits(model, given_pictures, masked), masked_logits(model, other, masked))


def test_the_guesses_are_measured_by_hand() -> None:
    codes = torch.stack([torch.full((48,), value) for value in (0.0, 0.5, 1.0)])
    book = Codebook(codes, 4)
    tokens = torch.tensor([[0, 1, 0, 2], [2, 2, 1, 1]])
    shown = book.drawn(tokens, 8, 8)
    masks = torch.tensor([[False, True, False, False], [False, True, True, False]])
    first = restored(book, shown, masks, most_frequent(book))
    assert (first.hits.tolist(), first.count.tolist()) == ([0, 0], [1, 2])
    np.testing.assert_allclose(first.error, [0.25, (1 + 0.25) / 2])
    near = restored(book, shown, masks, copied(2, 2))
    assert near.hits.tolist() == [0, 1]  # 0 for 1; 2 for 2, and 2 for 1
    assert near.accuracy == pytest.approx(1 / 3)
    assert near.psnr == pytest.approx(decibels((0.25 + 0 + 0.25) / 3))
    low, high = near.interval("accuracy")
    assert 0 <= low <= near.accuracy <= high <= 1
    assert restored(book, shown, masks, lambda part, masked, true: true).psnr == float("inf")


def test_fine_tuning_starts_from_the_encoder_alone(tmp_path: Path) -> None:
    from transformers import BeitForImageClassification

    model = tiny()
    model.save_pretrained(tmp_path)
    torch.manual_seed(1)
    config = small_config(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=8
    )
    fresh = BeitForImageClassification(config)
    start_from(fresh.beit, tmp_path)
    wanted = model.beit.state_dict()
    for name, value in fresh.beit.state_dict().items():
        if name in wanted:
            assert torch.equal(value, wanted[name]), name
    assert fresh.beit.embeddings.mask_token is None
