"""Segmentation without places: changed passes against the whole one, arranged verdicts, and where scenes come from."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from core.data.galleries import SHIPPED, Galleries
from core.learn.claims import run
from core.learn.claims.ablation import without_places
from core.learn.claims.claim import Samples, Scene
from core.learn.claims.samples import DATA, draw
from core.learn.claims.scene import SIDE, maps, right, zeroed
from core.scene.segment import segment, trace
from tests.conftest import TinySpec
from tests.core.scenes import noise, tiny_beit


@pytest.fixture(scope="module")
def model() -> Any:
    return SimpleNamespace(**vars(tiny_beit()), spec=TinySpec("scene"))


def unbiased() -> Any:
    """A model that learned no places: its tables are all 0."""
    found = tiny_beit()
    for layer in found.network.beit.layers:
        torch.nn.init.zeros_(layer.relative_position_bias.relative_position_bias_table)
    return SimpleNamespace(**vars(found), spec=TinySpec("flat"))


def test_a_trace_with_nothing_changed_is_the_models_own(model: Any) -> None:
    picture = noise()
    ours, whole = trace(model, picture, change=lambda bias: bias), trace(model, picture)
    np.testing.assert_array_equal(ours.states, whole.states)
    assert (ours.grid, ours.side) == (whole.grid, whole.side)


@pytest.mark.parametrize("change", [without_places, zeroed])
def test_without_places_patches_that_moved_keep_their_states(model: Any, change: Any) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)  # the size that the model takes
    order = np.random.default_rng(1).permutation(16)
    patches = picture.reshape(4, 16, 4, 16, 3).swapaxes(1, 2).reshape(16, 16, 16, 3)
    moved = patches[order].reshape(4, 4, 16, 16, 3).swapaxes(1, 2).reshape(64, 64, 3)
    states, others = (trace(model, one, change=change).states[-1, 1:] for one in (picture, moved))
    np.testing.assert_allclose(others, states[order], atol=1e-4)
    whole, whole_moved = (trace(model, one, change=lambda bias: bias).states[-1, 1:] for one in (picture, moved))
    assert np.abs(whole_moved - whole[order]).max() > 0.1


def test_the_map_with_places_is_the_labs_own_and_the_mirrored_one_lies_over_it(model: Any) -> None:
    picture = noise()
    found = maps(model, picture)
    np.testing.assert_array_equal(found["with"], segment(model, trace(model, picture), 40, 60).classes)
    back = maps(model, picture[:, ::-1])
    np.testing.assert_array_equal(found["mirrored"], back["with"][:, ::-1])
    assert (found["without"] != found["with"]).any()


def test_a_model_that_needs_no_places_refutes_that_it_needs_them() -> None:
    flat = unbiased()
    scenes = []
    for seed in range(3):
        picture = noise(seed=seed)
        scenes.append(Scene(picture, maps(flat, picture)["with"]))
    finding = run("scene", {"scene": flat}, Samples("made", scenes=tuple(scenes)), 0)
    values = {condition.name: condition.value for condition in finding.conditions}
    assert finding.verdict == "refuted"
    assert (values["with"], values["without"], values["zero"], values["changed"]) == (1, 1, 1, 0)
    assert 0 < values["guess"] < 1


def test_shares_are_counted_on_annotated_pixels_that_the_model_could_name(model: Any) -> None:
    picture = noise()
    found = maps(model, picture)
    ids = found["with"].copy()
    ids[:10] = 0  # nobody annotated these
    ids[10:20] = 150  # flag, which this model does not know
    finding = run("scene", {"scene": model}, Samples("made", scenes=(Scene(picture, ids),)), 0)
    values = {condition.name: condition.value for condition in finding.conditions}
    assert values["with"] == 1
    assert values["without"] == pytest.approx((found["without"] == found["with"])[20:].mean())
    assert values["zero"] == pytest.approx((found["zero"] == found["with"])[20:].mean())
    assert values["guess"] == pytest.approx(np.bincount(ids[20:].ravel()).max() / ids[20:].size)
    assert values["changed"] == pytest.approx((found["without"] != found["with"]).mean())
    assert finding.verdict == "undecided"  # one picture gives no interval


def test_places_that_matter_on_every_picture_support_the_claim(model: Any) -> None:
    scenes = []
    for seed in range(3):
        picture = noise(seed=seed)
        found = maps(model, picture)
        moved = found["without"] != found["with"]
        assert moved.any()
        scenes.append(Scene(picture, np.where(moved, found["with"], 0).astype(np.uint8)))  # annotated where it matters
    assert run("scene", {"scene": model}, Samples("made", scenes=tuple(scenes)), 0).verdict == "supported"


def test_a_photograph_without_annotation_shows_the_change_and_leaves_the_verdict_open(model: Any) -> None:
    finding = run("scene", {"scene": model}, Samples("made", scenes=(Scene(noise()), Scene(noise(seed=1)))), 0)
    assert [condition.name for condition in finding.conditions] == ["changed", "mirrored"]
    assert (finding.verdict, finding.total, finding.values["annotated"]) == ("undecided", 2, 0)
    assert [one.name for one in finding.exhibits] == ["photograph", "with", "without"]


def test_exhibits_are_small_and_are_the_first_scene(model: Any) -> None:
    picture = noise(300, 450)
    ids = np.full((300, 450), 7, np.uint8)
    finding = run("scene", {"scene": model}, Samples("made", scenes=(Scene(picture, ids), Scene(noise()))), 0)
    assert [one.name for one in finding.exhibits] == ["photograph", "annotation", "with", "without"]
    for one in finding.exhibits:
        assert max(one.height, one.width) <= SIDE
        assert len(one.rgb) == one.height * one.width * 3
    assert [one.classes for one in finding.exhibits[:2]] == [(), (7,)]
    first = finding.exhibits[0]
    pixels = np.frombuffer(first.rgb, np.uint8).reshape(first.height, first.width, 3)
    np.testing.assert_array_equal(pixels, picture[::3, ::3])


def test_windows_and_doors_are_right_where_the_annotation_knows_buildings_only() -> None:
    ids, said = np.array([[2, 2, 7]], np.uint8), np.array([[9, 15, 9]], np.uint8)
    known = np.ones((1, 3), bool)
    picture = np.zeros((1, 3, 3), np.uint8)
    assert right(Scene(picture, ids, plain_buildings=True), said, known) == pytest.approx(2 / 3)
    assert right(Scene(picture, ids), said, known) == 0


def test_scenes_are_photographs_of_installed_packages_where_there_is_no_folder(tmp_path: Path) -> None:
    samples = draw("scenes", Galleries(None, True, tmp_path), 5, 0)
    assert samples.source == SHIPPED
    assert len(samples) == 5
    for scene in samples.scenes:
        assert scene.ids is not None
        assert scene.ids.shape == scene.pixels.shape[:2]


def test_scenes_are_drawn_from_every_annotated_set_of_the_folder(tmp_path: Path) -> None:
    import datasets

    def png(value: int, mode: str) -> dict[str, bytes]:
        stored = io.BytesIO()
        Image.new(mode, (6, 4), value if mode == "L" else (value, value, value)).save(stored, "PNG")
        return {"bytes": stored.getvalue()}

    for name, first in (("street_scenes", 10), ("facades", 20)):
        (tmp_path / name).mkdir()
        pictures = [png(first + i, "RGB") for i in range(3)]
        rows = datasets.Dataset.from_dict({"image": pictures, "annotation": [png(first + i, "L") for i in range(3)]})
        rows.to_parquet(tmp_path / name / "validation.parquet")
    galleries = Galleries(tmp_path, True, tmp_path / "work")
    samples = draw("scenes", galleries, 10, 0)
    assert (samples.source, len(samples)) == (DATA, 6)
    seen = {int(scene.pixels[0, 0, 0]) for scene in samples.scenes}
    assert seen == {10, 11, 12, 20, 21, 22}
    for scene in samples.scenes:
        value = int(scene.pixels[0, 0, 0])
        assert scene.ids is not None
        assert (scene.ids.shape, int(scene.ids[0, 0])) == ((4, 6), value)
        assert scene.plain_buildings == (value < 20)
    again = [int(scene.pixels[0, 0, 0]) for scene in draw("scenes", galleries, 4, 9).scenes]
    assert again == [int(scene.pixels[0, 0, 0]) for scene in draw("scenes", galleries, 4, 9).scenes]
