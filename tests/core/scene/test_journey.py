"""One patch's way: against BEiT's own layers, and the rows of attention that the lab shows elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import RangeError
from core.networks import beit
from core.networks.mixing import mixed_lengths
from core.networks.steps import MOST_KEYS, running
from core.scene.journey import ANSWERS, answer_walk, head_rows, layer_walk, plan, trails
from core.scene.patches import patch_attention
from core.scene.results import Segmentation, Trace
from core.scene.segment import analyse
from tests.core.scenes import TinyBeit, noise, tiny_beit

CLOSE = {"atol": 1e-4, "rtol": 1e-4}


# As the bundled ones and the hub's ADE20K checkpoints are; and one bias for all layers over places that are added.
KINDS = {
    "own": {},
    "shared": {
        "use_relative_position_bias": False,
        "use_shared_relative_position_bias": True,
        "use_absolute_position_embeddings": True,
    },
    "none": {"use_relative_position_bias": False, "use_absolute_position_embeddings": True},
}


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def model(request: pytest.FixtureRequest) -> TinyBeit:
    return tiny_beit(layer_scale_init_value=0.1, **request.param)


@pytest.fixture(scope="module")
def seen(model: TinyBeit) -> tuple[Trace, Segmentation]:
    return analyse(model, noise())


@pytest.mark.parametrize("token", [0, 1, 6, 16])
def test_every_layer_ends_in_the_state_that_the_pass_left(
    model: TinyBeit, seen: tuple[Trace, Segmentation], token: int
) -> None:
    traced, _ = seen
    for layer in range(len(traced.states) - 1):
        found = layer_walk(model, traced, layer, token).arrays
        np.testing.assert_allclose(found["given"], traced.states[layer, token], **CLOSE)
        np.testing.assert_allclose(found["out"], traced.states[layer + 1, token], **CLOSE)
        np.testing.assert_allclose(found["weights"], patch_attention(model, traced, token, layer).weights, **CLOSE)


def test_a_layer_that_the_head_does_not_read_can_be_followed(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    traced, _ = seen
    last = len(model.network.beit.layers) - 1
    expected = beit.advance(model.network.beit, torch.from_numpy(traced.states[last]), traced.grid, last, last + 1)
    found = layer_walk(model, traced, last, 4).arrays["out"]
    np.testing.assert_allclose(found, expected[-1][4].numpy(), **CLOSE)


def test_each_step_follows_from_the_one_before(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    traced, _ = seen
    found = layer_walk(model, traced, 1, 5).arrays
    D = model.network.beit.layers[1].attention.head_dim
    block = model.network.beit.layers[1]
    np.testing.assert_allclose(found["scaled"], found["scores"] / np.sqrt(D), **CLOSE)
    bias = beit.position_bias(model.network.beit, 1, traced.grid)
    added = 0 if bias is None else bias.row(5).numpy()
    np.testing.assert_allclose(found["biased"] - found["scaled"], added, **CLOSE)
    np.testing.assert_allclose(found["damped"], found["joined"] * block.lambda_1.numpy(), **CLOSE)
    np.testing.assert_allclose(found["added"], found["given"] + found["damped"], **CLOSE)
    np.testing.assert_allclose(found["out"], found["added"] + found["damped_again"], **CLOSE)


def test_a_head_mixes_the_values_by_their_shares(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    traced, _ = seen
    whole = layer_walk(model, traced, 2, 7).arrays
    H = len(whole["weights"])
    for head in range(H):
        rows = head_rows(model, traced, 2, head, 7)
        places = list(rows.places)
        assert sorted(places) == list(range(17))
        assert len(places) <= MOST_KEYS
        weights = whole["weights"][head][places]
        assert (np.diff(weights) <= 1e-6).all()
        np.testing.assert_allclose(rows.key @ rows.query, whole["scores"][head][places], **CLOSE)
        np.testing.assert_allclose(weights @ rows.value, rows.mixed, **CLOSE)
        D = len(rows.query)
        np.testing.assert_allclose(rows.mixed, whole["mixed"][head * D : (head + 1) * D], **CLOSE)


@pytest.mark.parametrize("token", [0, 9])
def test_a_trail_by_rollout_is_that_of_the_patch_view(
    model: TinyBeit, seen: tuple[Trace, Segmentation], token: int
) -> None:
    traced, _ = seen
    for top in range(1, 4):
        found = trails(model, traced, top, token)
        np.testing.assert_allclose(
            found["rollout"].shares[0], patch_attention(model, traced, token, top - 1).rollout, **CLOSE
        )
        for trail in found.values():
            assert trail.shares.shape == (top + 1, 17)
            np.testing.assert_allclose(trail.shares.sum(axis=1), 1, rtol=1e-4)


def test_lengths_are_those_of_what_each_head_adds(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    """The lowest row of a trail through one layer, against vectors added one by one."""
    traced, _ = seen
    token = 3
    block = model.network.beit.layers[0]
    x = torch.from_numpy(traced.states[0])
    weights = torch.from_numpy(patch_attention(model, traced, token, 0).weights)  # (H, T)
    H, T = weights.shape
    v = block.attention.v_proj(block.layernorm_before(x)).view(T, H, -1)
    output = (block.lambda_1[:, None] * block.attention.o_proj.weight).view(x.size(1), H, -1)
    lengths = []
    for j in range(T):
        arrives = sum(weights[h, j] * (output[:, h] @ v[j, h]) for h in range(H))
        lengths.append(float((arrives + (x[j] if j == token else 0)).norm()))
    expected = np.array(lengths) / sum(lengths)
    np.testing.assert_allclose(trails(model, traced, 1, token)["norms"].shares[0], expected, atol=1e-4)


def test_a_lone_head_that_copies_leaves_its_lengths_alone() -> None:
    weights = torch.tensor([[[0.25, 0.75], [1.0, 0.0]]])
    changes = torch.tensor([[[4.0, 0.0]], [[0.0, 4.0]]])
    found = mixed_lengths(weights, changes, torch.tensor([[1.0, 0.0], [0.0, 3.0]]))
    np.testing.assert_allclose(found.numpy(), [[2 / 5, 3 / 5], [4 / 7, 3 / 7]], rtol=1e-5)


def test_the_end_says_the_classes_at_the_patchs_middle(seen: tuple[Trace, Segmentation]) -> None:
    traced, result = seen
    h, w = traced.grid
    for token in (1, 7, h * w):
        found = answer_walk(result, traced, token)
        assert found.head == "classes"
        y, x = divmod(token - 1, w)
        scale = result.scores.shape[1] // h
        logits = result.scores[:, y * scale + scale // 2, x * scale + scale // 2].astype(float)
        shares = np.exp(logits) / np.exp(logits).sum()
        assert found.said[0][0] == str(int(result.known[logits.argmax()]))
        assert found.said[0][1] == pytest.approx(shares.max(), abs=1e-3)
    cut = answer_walk(replace(result, windows=3), traced, 1)
    assert (cut.head, cut.said) == ("windows", ())


def test_every_step_names_one_line_that_runs_and_an_array(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    traced, result = seen
    found = plan(model.network, traced, result)
    assert ("bias" in [step.name for step in found.layer]) is (
        beit.position_bias(model.network.beit, 0, traced.grid) is not None
    )
    steps = [*found.embedding, *found.layer, *ANSWERS["classes"]]
    assert [running(step) >= 0 for step in steps] == [True] * len(steps)
    assert {letter for step in steps for letter in step.shape} <= set(found.sizes)
    arrays = layer_walk(model, traced, 0, 1).arrays
    assert {name for step in found.layer for name in step.gives} <= set(arrays)
    assert found.sizes["L"] == len(traced.states) - 1


def test_a_place_that_is_not_there_is_told(model: TinyBeit, seen: tuple[Trace, Segmentation]) -> None:
    traced, result = seen
    wrong = [
        lambda: layer_walk(model, traced, 9, 0),
        lambda: layer_walk(model, traced, 0, 17),
        lambda: head_rows(model, traced, 0, 4, 0),
        lambda: trails(model, traced, 5, 0),
        lambda: answer_walk(result, traced, 0),
    ]
    for call in wrong:
        with pytest.raises(RangeError):
            call()
