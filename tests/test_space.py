"""The README's front matter is what a Hugging Face Space needs, and names what the catalog names."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.models.catalog import CATALOG

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


@pytest.fixture(scope="module")
def front() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "README.md").read_text("utf-8").split("---\n")[1])
    return content


def test_it_is_a_gradio_space_with_an_app_that_is_there(front: dict[str, Any]) -> None:
    assert front["sdk"] == "gradio"
    assert (ROOT / front["app_file"]).is_file()
    assert front["colorFrom"] in COLOURS
    assert front["colorTo"] in COLOURS
    assert front["license"] == "other", "the code is free, and some of the weights are not"
    assert "non-commercial" in front["license_name"]


def test_its_gradio_is_the_one_that_these_tests_ran_with(front: dict[str, Any]) -> None:
    assert front["sdk_version"].split(".")[:2] == version("gradio").split(".")[:2]


def test_its_python_is_one_that_zero_gpu_has_and_that_is_quoted(front: dict[str, Any]) -> None:
    assert front["python_version"] == "3.12"  # unquoted, YAML would read a number


def test_its_short_description_is_short_enough(front: dict[str, Any]) -> None:
    assert 0 < len(front["short_description"]) <= 60


def test_it_names_every_model_of_the_hub(front: dict[str, Any]) -> None:
    assert sorted(front["models"]) == sorted(spec.source for spec in CATALOG if spec.origin == "hub")


def test_what_it_preloads_is_what_the_catalog_will_look_for(front: dict[str, Any]) -> None:
    for line in front["preload_from_hub"]:
        source, files, revision = line.split()
        spec = next(spec for spec in CATALOG if spec.source == source)
        assert files.split(",") == [name for name, _ in spec.files]
        assert revision == spec.revision
