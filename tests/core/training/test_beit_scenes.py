import json

import numpy as np
import pytest
import torch

from core.training import beit_scenes, beit_street
from core.training.beit_scenes import BeitScenes, ScenesPlan, chosen_ids, start_from
from core.training.check import check_all
from core.training.command import main
from core.training.recipe import Options
from core.training.scene_sets import SceneSet, load_sets, pictures_of_id, taken

TINY = {
    "hidden_size": 32,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "image_size": 64,
    "out_indices": [1, 2, 3, 4],
}
small = beit_street.small_config


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(beit_scenes, "SIZE", 64)
    monkeypatch.setattr(beit_scenes, "STEPS", 4)
    monkeypatch.setattr(beit_scenes, "LEAST", 3)
    monkeypatch.setattr(beit_scenes, "START", None)
    monkeypatch.setattr(beit_scenes, "small_config", lambda **changes: small(**{**TINY, **changes}))


def options(lab_data, tmp_path, **more):
    return Options("beit-scenes", lab_data, work=tmp_path / "runs", batch_size=8, epochs=2, **more)


def test_a_split_comes_apart_by_source_with_each_picture_as_it_was(lab_data, tmp_path):
    sets = load_sets("scenes", "train", lab_data, tmp_path)
    assert [(part.source, len(part)) for part in sets] == [("fields", 8), ("rooms", 16)]
    whole = load_sets("street_scenes", "train", lab_data, tmp_path)[0]
    assert whole.source == "street_scenes"
    some = taken(whole.scenes, np.array([5, 2]))
    for k, i in enumerate((5, 2)):
        for a, b in zip(some[k], whole.scenes[i], strict=True):
            assert np.array_equal(a, b)


def test_outputs_are_the_ids_that_enough_pictures_show_and_those_of_the_streets(lab_data, tmp_path, monkeypatch):
    sets = load_sets("scenes", "train", lab_data, tmp_path)
    counts = pictures_of_id(sets)
    by_hand = [sum(id in part.scenes[i][1] for part in sets for i in range(len(part))) for id in range(151)]
    assert counts.tolist() == by_hand
    monkeypatch.setattr(beit_scenes, "LEAST", int(counts[4]))
    ids = chosen_ids(sets)
    assert set(beit_street.IDS) | {4} <= set(ids)
    assert all(counts[id] >= counts[4] or id in beit_street.IDS for id in ids)
    assert 0 not in ids


def test_a_start_copies_every_weight_and_the_outputs_by_name(tmp_path):
    from transformers import BeitForSemanticSegmentation

    torch.manual_seed(0)
    known = BeitForSemanticSegmentation(small(**TINY))
    known.save_pretrained(tmp_path)
    ids = (1, 2, 3, 128)
    names = {0: "wall", 1: "building", 2: "sky", 3: "bicycle"}
    fresh = BeitForSemanticSegmentation(small(**TINY, id2label=names, label2id={n: k for k, n in names.items()}))
    wall = fresh.decode_head.classifier.weight[0].clone()
    start_from(fresh, tmp_path, ids)
    assert torch.equal(fresh.decode_head.classifier.weight[0], wall)
    for k, id in enumerate(ids[1:], 1):
        place = beit_street.IDS.index(id)
        assert torch.equal(fresh.decode_head.classifier.weight[k], known.decode_head.classifier.weight[place])
    for (name, a), b in zip(fresh.named_parameters(), known.parameters(), strict=True):
        assert "classifier" in name or torch.equal(a, b)


def test_the_head_changes_the_encoder_little_by_little():
    plan = ScenesPlan(384, 16)
    assert plan.joined(plan.head_from) == plan.joined(plan.joined_from) == 0
    assert plan.joined(plan.joined_whole) == plan.joined(1.0) == 1
    values = [plan.joined(k / 100) for k in range(101)]
    assert values == sorted(values)
    assert beit_street.StreetPlan(384, 16).joined(0.5) == 1


def test_what_the_head_says_does_not_depend_on_how_far_it_has_joined_but_the_encoders_gradient_does():
    from transformers import BeitForSemanticSegmentation

    from core.training.scene_network import SideDrawn

    torch.manual_seed(0)
    network = SideDrawn(BeitForSemanticSegmentation(small(**TINY, drop_path_rate=0.0))).eval()
    x, found, gradients = torch.randn(1, 3, 64, 64), [], []
    weight = network.model.beit.layers[0].mlp.fc1.weight
    for joined in (0.0, 0.5, 1.0):
        _, head = network(x, True, None, joined)
        found.append(head.detach())
        network.zero_grad()
        if joined:
            head.square().mean().backward()
            gradients.append(weight.grad.clone())
        else:
            head.square().mean().backward()
            assert weight.grad is None or not weight.grad.any()
    for other in found[1:]:
        torch.testing.assert_close(other, found[0])
    assert 0 < gradients[0].norm() < gradients[1].norm()


def test_crops_fit_the_size_at_every_moment():
    plan = ScenesPlan(64, 16)
    generator = torch.Generator().manual_seed(0)
    for k in range(200):
        crop, count = plan.crop(k / 200, 8, generator)
        assert crop.size % 16 == 0
        assert 32 <= crop.size <= 64
        assert 2 <= count <= 8


def test_a_label_that_may_be_several_is_measured_as_right(lab_data, tmp_path, tiny):
    recipe = BeitScenes(options(lab_data, tmp_path))
    space = recipe.task.space
    rooms = space.sources.index("rooms")
    assert space.may[space.tables[rooms, 1]].nonzero()[:, 0].tolist() == [space.ids.index(1), space.ids.index(2)]
    fields = space.sources.index("fields")
    assert int(space.may[space.tables[fields, 1]].sum()) == 1
    assert sum(part.share for part in recipe.task.sets) == pytest.approx(1)


def test_the_recipe_writes_a_folder_that_passes_the_check(lab_data, tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(beit_scenes, "COMMONEST", 3)
    folder = tmp_path / "models" / "beit-scenes"
    arguments = ["--data", str(lab_data), "--work", str(tmp_path / "runs"), "--output", str(folder)]
    assert main(["beit-scenes", "--epochs", "2", "--batch-size", "4", *arguments]) == 0
    assert check_all(Options("check", lab_data, work=tmp_path / "runs"), tmp_path / "models") == []
    evaluation = json.loads((folder / "evaluation.json").read_text("utf-8"))
    assert list(evaluation["sets"]) == ["scenes", "street_scenes", "facades"]
    scenes = evaluation["sets"]["scenes"]
    assert len(scenes["classes"]) == 3
    assert len(scenes["mistakes"]) <= 10
    assert sum(row["count"] for row in scenes["reliability"]["bins"]) == scenes["pixels"]
    card = (folder / "README.md").read_text("utf-8")
    for part in ("NYU", "MSRC", "PASCAL VOC", "COCO", "Stanford Background", "CamVid", "non-commercial", "mistake"):
        assert part in card
    assert "{" not in card


def test_a_packed_training_is_the_same_but_for_what_jpeg_loses(lab_data, tmp_path, tiny):
    data = BeitScenes.load(options(lab_data, tmp_path))
    again = BeitScenes.unpacked(BeitScenes.packed(data, None))
    assert again.allowed == data.allowed
    assert again.ids == data.ids
    for name in ("sets", "held_out"):
        for a, b in zip(getattr(data, name), getattr(again, name), strict=True):
            assert isinstance(b, SceneSet)
            assert (a.source, a.share, len(a)) == (b.source, b.share, len(b))
            assert np.array_equal(a.scenes.ids, b.scenes.ids)
            assert np.abs(a.scenes.pixels.astype(int) - b.scenes.pixels).mean() < 8
