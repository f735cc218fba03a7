"""A field for a number of pictures ends at what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from app import create_app
from core.data.galleries import shipped
from core.lab.lab import Lab
from core.lab.picture_counts import to_evaluate, to_learn_from
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.data.test_galleries import write_parquet


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return root


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def field(demo: gr.Blocks, name: str) -> Any:
    """The component of that ``elem_id``."""
    return next(block for block in demo.blocks.values() if getattr(block, "elem_id", None) == name)


def test_without_a_network_fields_end_at_what_is_shipped(folders: Path) -> None:
    lab = lab_of(folders)
    demo = create_app(lab)
    found = {
        name: (field(demo, name).value, field(demo, name).maximum)
        for name in ("cifar-count", "cifar-reasons-count", "cifar-training-pictures")
    }
    assert found == {
        "cifar-count": (20, 20), "cifar-reasons-count": (20, 20), "cifar-training-pictures": (14, 14)
    }  # fmt: skip
    assert to_evaluate(lab) == {"shipped": 20, "recorded": 20}
    assert to_learn_from(lab) == {"shipped": 14}


def test_fields_follow_the_source_that_is_chosen(folders: Path, tmp_path: Path) -> None:
    write_parquet(tmp_path / "data" / "cifar10" / "test.parquet", shipped().pixels[:12], shipped().labels[:12])
    lab = lab_of(folders, data=tmp_path / "data")
    assert to_evaluate(lab) == {"data": 12, "shipped": 20, "recorded": 20}
    assert to_learn_from(lab) == {"shipped": 14}, "the folder has no training pictures"
    demo = create_app(lab)
    assert field(demo, "cifar-count").maximum == 12
    assert field(demo, "cifar-training-source").value == "shipped"
    source = field(demo, "cifar-source")
    follows = next(fn for fn in demo.fns.values() if (source._id, "change") in fn.targets)
    answer = follows.fn("shipped", 12)
    assert (answer.maximum, answer.value) == (20, 12)
    answer = follows.fn("data", 20)
    assert (answer.maximum, answer.value) == (12, 12)


def test_with_all_of_cifar_the_usual_numbers_are_offered(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab: Lab = lab_of(folders)
    sizes = {"train": 50_000, "test": 10_000}
    monkeypatch.setattr(type(lab.galleries), "sources", ("data", "shipped"))
    monkeypatch.setattr(type(lab.galleries), "count", lambda self, source, split="test": sizes[split])
    demo = create_app(lab)
    assert (field(demo, "cifar-count").value, field(demo, "cifar-count").maximum) == (1000, 10_000)
    slider = field(demo, "cifar-training-pictures")
    assert (slider.value, slider.maximum, slider.step) == (2000, 5000, 1)
