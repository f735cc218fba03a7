"""Files and functions stay short enough to be read at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("core", "server", "components", "tools")
FILES = sorted([ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
LINES, FUNCTION = 250, 60  # at most


def too_long(source: str) -> list[str]:
    """What of a file is longer than it may be."""
    lines = source.count("\n")
    found = [f"{lines} lines"] if lines > LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found += [f"{node.name}: {length} lines"] if length > FUNCTION else []
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_and_no_function_is_too_long(path: Path) -> None:
    assert too_long(path.read_text("utf-8")) == []


def test_this_test_sees_what_is_too_long() -> None:
    body = "    pass\n" * FUNCTION
    assert too_long(f"def one():\n{body}") == [f"one: {FUNCTION + 1} lines"]
    assert too_long("x = 1\n" * (LINES + 1)) == [f"{LINES + 1} lines"]
    assert too_long(f"def one():\n{body.removesuffix('    pass' + chr(10))}") == []
