"""What the documents for contributors say is so: files are there, drawings are the rules, code runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from core import texts as texts_module
from tests.test_imports import BELOW

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted(
    [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md", ROOT / "deploy" / "README.md"]
)
PLACE = re.compile(r"`((?:app|assets|components|core|deploy|docs|server|tests|tools)(?:/[\w.-]+)*/?(?:\.py|\.md)?)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def named(path: Path) -> list[str]:
    """Every file or folder of the project that a document names."""
    return sorted({place for place in PLACE.findall(path.read_text("utf-8")) if "/" in place or place.endswith(".py")})


def code(name: str) -> list[str]:
    """The Python blocks of a document, without their indentation in a list."""
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```", (ROOT / "docs" / name).read_text("utf-8"), re.S | re.M)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in blocks]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(path: Path) -> None:
    assert [place for place in named(path) if not (ROOT / place).exists()] == []
    assert [link for link in LINK.findall(path.read_text("utf-8")) if not (path.parent / link).exists()] == []


def test_the_drawing_holds_every_room_and_no_arrow_but_the_rules() -> None:
    drawing = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("```mermaid")[2].partition("```")[0]
    arrows = set(re.findall(r"(\w+) --> (\w+)", drawing))
    inside = {(a, b) for a, b in arrows if a in BELOW}
    assert {a for pair in inside for a in pair} == set(BELOW)
    rules = {(room, other.partition(".")[0]) for room, others in BELOW.items() for other in others}
    assert inside <= rules
    missing = {(a, b) for a, b in rules if not leads(inside, a, b)}
    assert missing <= {("pictures", "engines")}, "engines.workers computes for pictures, and knows nothing of engines"


def leads(arrows: set[tuple[str, str]], start: str, end: str) -> bool:
    """Whether the arrows lead from one room to another, on whatever way."""
    reached, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        for a, b in arrows:
            if a == here and b not in reached:
                reached.add(b)
                waiting.append(b)
    return end in reached


def test_every_room_is_described() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = [f"{top}/{path.name}/" for top in ("core", "components") for path in sorted((ROOT / top).iterdir())
               if path.is_dir() and any(path.glob("*.py"))]  # fmt: skip
    assert [folder for folder in folders if f"`{folder}`" not in text] == []


def test_the_model_of_the_document_loads_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for block in code("add-a-model.md"):
        exec(compile(block, "add-a-model.md", "exec", dont_inherit=True), names)  # our own text
    assert names["found"].tokens.texts[1:-1] == ("i", "enjoyed", "watching", "this", "movie")
    assert capsys.readouterr().out.startswith(f"{names['found'].layers} {names['found'].heads} (")


def test_the_claim_of_the_document_is_found_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.learn import claims
    from core.learn.claims import Claim, Samples, structure

    names: dict[str, Any] = {}
    for block in code("add-a-claim.md"):
        exec(compile(block, "add-a-claim.md", "exec", dont_inherit=True), names)  # our own text
    monkeypatch.setattr(structure, "narrow", names["narrow"], raising=False)
    monkeypatch.setitem(claims.CLAIMS, "narrow", Claim("narrow", ("text",), "none", 1))
    monkeypatch.setitem(claims.EXPERIMENTS, "structure", (*claims.EXPERIMENTS["structure"], "narrow"))
    network = SimpleNamespace(config=SimpleNamespace(hidden_size=32))
    model = SimpleNamespace(spec=SimpleNamespace(name="tiny"), network=network)
    finding = claims.run("narrow", {"text": model}, Samples("none"), 0)
    assert (finding.verdict, finding.models) == ("supported", ("tiny",))


def test_the_question_of_the_document_is_taken_and_answered() -> None:
    from components.page.desk import Context, Desk
    from components.page.questions import Files
    from core.lab.lab import Lab

    names: dict[str, Any] = {}
    for block in code("add-a-view.md"):
        exec(compile(block, "add-a-view.md", "exec", dont_inherit=True), names)  # our own text
    desk = Desk(Lab())
    desk.takes(names["NormAsk"], names["norms"])
    ask = desk.union().validate_python({"want": "attention.norms", "layer": 3})
    context = Context("fa", gr.Request(), Files(None, None), lambda: False)
    assert desk.taken["attention.norms"].handler(desk.lab, ask, context) == {"layer": 3, "language": "fa"}


def test_a_language_is_a_folder_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.errors import TextError

    shutil.copytree(texts_module.TEXTS, tmp_path / "texts")
    shutil.copytree(tmp_path / "texts" / "en", tmp_path / "texts" / "de")
    sentences = tmp_path / "texts" / "de" / "attention.json"
    sentences.write_text(sentences.read_text("utf-8").replace("The sentence", "Der Satz"), "utf-8")
    monkeypatch.setattr(texts_module, "TEXTS", tmp_path / "texts")
    monkeypatch.setattr(texts_module, "LANGUAGES", (*texts_module.LANGUAGES, "de"))
    texts_module.texts.cache_clear()
    try:
        assert TextError("attention.empty").sentence("de").startswith("Der Satz")
        assert texts_module.texts("de").keys() == texts_module.texts("en").keys()
    finally:
        texts_module.texts.cache_clear()


def test_these_tests_see_a_missing_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("See `core/nowhere.py`, `core/text/` and `app.py`.", "utf-8")
    assert named(page) == ["app.py", "core/nowhere.py", "core/text/"]
