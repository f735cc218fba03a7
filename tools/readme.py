"""``python -m tools.readme``: write the tables of the README that follow from the code."""

from __future__ import annotations

import re
from pathlib import Path

from core.models.catalog import CATALOG
from server.limits import LIMITS

README = Path(__file__).resolve().parent.parent / "README.md"


def models_table() -> str:
    """The catalog as a table."""
    rows = ["| name | for | origin | source | licence |", "| --- | --- | --- | --- | --- |"]
    rows += [f"| `{s.name}` | {s.job} | {s.origin} | `{s.source}` | {s.license} |" for s in CATALOG]
    return "\n".join(rows)


def limits_table() -> str:
    """Every limit, and what happens beyond it."""
    rows = ["| limit | value | beyond it |", "| --- | --- | --- |"]
    return "\n".join([*rows, *(f"| {' | '.join(row)} |" for row in LIMITS)])


def put(text: str, name: str, content: str) -> str:
    """``content`` between the markers ``<!-- name -->`` and ``<!-- /name -->`` of ``text``."""
    pattern = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    assert pattern.search(text), f"the README has no place for {name}"
    return pattern.sub(lambda found: f"{found[1]}{content}\n{found[2]}", text)


def main() -> None:
    """Write the tables."""
    text = README.read_text("utf-8")
    for name, table in (("models", models_table()), ("limits", limits_table())):
        text = put(text, name, table)
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
