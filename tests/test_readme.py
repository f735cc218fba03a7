"""The README says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.models.catalog import CATALOG
from core.settings import Settings
from tools.readme import models_table

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
START = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python app.py"
TEST = "python3 -m venv .venv && .venv/bin/pip install -r requirements-dev.txt && .venv/bin/python -m pytest"


@pytest.mark.parametrize("command", [START, TEST])
def test_each_command_stands_alone_on_its_line_in_a_fence(command: str) -> None:
    assert README.count(f"```\n{command}\n```") == 1


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_there_with_its_variable(name: str) -> None:
    assert re.search(rf"^\| `--{name}` \| `LAB_{name.upper()}`", README, re.MULTILINE)


@pytest.mark.parametrize("spec", CATALOG, ids=lambda spec: spec.name)
def test_every_model_of_the_catalog_is_there(spec) -> None:
    assert f"| `{spec.name}` |" in README


def test_the_table_of_models_is_the_catalog_as_it_stands() -> None:
    assert models_table() in README


def test_every_dependency_has_a_line_that_says_why() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    names = [re.split(r"[<>=\[ ]", line)[0] for line in lines if line and not line.startswith(("#", "-"))]
    table = README.split("## What each dependency is for")[1].split("##")[0].lower()
    assert [name for name in names if name.lower() not in table] == []


def test_the_front_matter_is_a_gradio_space() -> None:
    front = README.split("---")[1]
    assert "sdk: gradio" in front
    assert "app_file: app.py" in front
