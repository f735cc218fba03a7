"""The page of documentation about questions and answers names what is there."""

from __future__ import annotations

import re
from pathlib import Path

from components.page.desk import Desk
from components.page.questions import Envelope

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "protocol.md").read_text("utf-8")
FOLDERS = ("", "components/page", "assets/viewers/lib")


def test_every_file_that_it_names_is_there() -> None:
    names = set(re.findall(r"`([\w/]+\.(?:py|js|mjs|d\.ts))`", TEXT))
    assert len(names) >= 10
    assert [name for name in names if not any((ROOT / folder / name).is_file() for folder in FOLDERS)] == []


def test_it_has_every_field_of_what_is_sent_and_every_kind_of_item() -> None:
    assert all(f'"{name}"' in TEXT for name in Envelope.model_fields)
    source = (ROOT / "components" / "page" / "desk.py").read_text("utf-8")
    kinds = set(re.findall(r'yield (?:_json\()?\{(?:"id": [\w.]+, )?"(\w+)":', source)) - {"id"}
    assert kinds >= {"answer", "part", "error", "stopped", "reload", "end"}
    for kind in kinds:
        assert re.search(rf"\| `\{{id,[^|]*{kind}", TEXT), kind
    assert hasattr(Desk, "routes")
    assert "POST lab/stop" in TEXT
