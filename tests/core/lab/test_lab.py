"""What the tabs share."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.errors import UnavailableError, UnknownModelError
from core.lab.lab import Lab
from core.models.catalog import CATALOG
from core.models.registry import Registry
from core.settings import Settings

KEYS = ["name", "job", "origin", "loaded", "device", "bytes", "license"]


@dataclass(eq=False)
class Fake:
    name: str
    device: str = "cpu"
    bytes: int = 5


def fake_lab() -> Lab:
    return Lab(Settings(), registry=Registry(lambda name, device, progress: Fake(name), 100))


def test_rows_have_the_keys_of_the_endpoint_and_show_what_is_loaded() -> None:
    lab = fake_lab()
    before = {row["name"]: row for row in lab.models()}
    assert all(list(row) == KEYS for row in before.values())
    assert before["minilm-l6"] == {
        "name": "minilm-l6",
        "job": "attention",
        "origin": "bundled",
        "loaded": False,
        "device": None,
        "bytes": 90_868_376,
        "license": "apache-2.0",
    }
    with lab.use("", "attention") as loaded:
        assert loaded.name == "minilm-l6"
        now = {row["name"]: row for row in lab.models()}["minilm-l6"]
    assert (now["loaded"], now["device"], now["bytes"]) == (True, "cpu", 5)


def test_only_what_is_here_or_on_the_hub_is_listed() -> None:
    listed = [row["name"] for row in fake_lab().models()]
    assert listed == [spec.name for spec in CATALOG if spec.origin == "hub" or spec.present]


def test_an_unknown_name_never_reaches_the_loader() -> None:
    lab = fake_lab()
    with pytest.raises(UnknownModelError), lab.use("../secret", "attention"):
        pass
    assert lab.registry.state() == ()


def test_warming_up_loads_the_default_attention_model() -> None:
    lab = Lab(Settings(device="cpu"))
    lab.warm_up()
    (model,) = lab.registry.state()
    assert (model.name, model.device, model.uses) == ("minilm-l6", "cpu", 0)
    assert model.bytes == 4 * 22_713_216


def test_a_hub_model_offline_says_so() -> None:
    lab = Lab(Settings(offline=True))
    with pytest.raises(UnavailableError, match="offline"), lab.use("beit-cifar10-jadohu", "cifar10-beit"):
        pass


def test_the_budget_is_the_setting() -> None:
    assert Lab(Settings(memory="500MB")).registry.budget == 500_000_000


def test_details_show_the_whole_catalog_and_why_something_cannot_be_had() -> None:
    lab = Lab(Settings(offline=True), catalog=(*CATALOG, replace(CATALOG[0], name="gone", source="no-such-folder")))
    rows = {row["name"]: row for row in lab.details()}
    assert list(rows) == [*(spec.name for spec in CATALOG), "gone"]
    assert rows["gone"]["status"] == "absent"
    assert rows["minilm-l6"]["status"] == "here"
    assert (rows["minilm-l6"]["hashes"], rows["minilm-l6"]["files"]) == (3, 3)
    assert rows["minilm-l6"]["parameters"] == 22_713_216
    assert rows["beit-cifar10-jadohu"]["revision"] is None
    assert not rows["beit-cifar10-jadohu"]["weights_known"]


@pytest.mark.parametrize(("offline", "status"), [(True, "offline"), (False, "on the hub")])
def test_a_hub_model_that_is_not_here_is_told_apart_by_the_setting(
    offline: bool, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    lab = Lab(Settings(offline=offline))
    assert lab.status(lab.find("bert-base-uncased")) == status
