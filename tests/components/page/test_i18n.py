"""Every text that the code asks for is there, in every language that the page speaks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

import app
from components.page.i18n import label, language_of, shown_keys, translations
from core.data.labels import ade20k
from core.lab.lab import Lab
from core.plurals import EITHER, fields
from core.settings import Settings
from core.texts import LANGUAGES, RIGHT_TO_LEFT, TEXTS, say, texts

ROOT = Path(__file__).resolve().parents[3]
KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_-]+)+")


def asked_in_python(functions: Collection[str] = ("label", "say", "Note")) -> set[tuple[str, str]]:
    """(file, key) of every ``label("…")`` and ``say(language, "…")`` with a literal key, and of notes of results."""
    found = set()
    for path in sorted(
        [*(p for room in ("core", "components", "server") for p in (ROOT / room).rglob("*.py")), ROOT / "app.py"]
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            place = {"label": 0, "say": 1, "Note": 0}.get(node.func.id)
            if node.func.id not in functions or place is None or len(node.args) <= place:
                continue
            literals = [arg.value for arg in ast.walk(node.args[place]) if isinstance(arg, ast.Constant)]
            keys = [text for text in literals if isinstance(text, str) and KEY.fullmatch(text)]
            found |= {(str(path.relative_to(ROOT)), key) for key in keys}
    return found


def asked_in_scripts() -> set[tuple[str, str]]:
    """(file, key) of every literal key that a viewer's script asks for."""
    found = set()
    for path in sorted((ROOT / "assets" / "viewers").rglob("*.js")):
        # A script may have a `t` of its own that puts its area before the key; only whole keys have a dot.
        keys = re.findall(r"\bt\(\s*\"([a-z]+\.[^\"]+)\"", path.read_text("utf-8"))
        found |= {(str(path.relative_to(ROOT)), key) for key in keys}
    return found


def by_file(asked: set[tuple[str, str]]) -> dict[str, list[str]]:
    return {file: sorted(key for where, key in asked if where == file) for file in sorted({file for file, _ in asked})}


ASKED = by_file(asked_in_python() | asked_in_scripts())


def test_code_and_scripts_ask_for_texts() -> None:
    assert ASKED.keys() >= {"components/attention/tab.py", "core/text/tokens.py", "assets/viewers/attention/main.js"}


@pytest.mark.parametrize("file", ASKED)
def test_every_text_that_is_asked_for_is_there(file: str) -> None:
    assert [key for key in ASKED[file] if key not in texts("en")] == []


@pytest.mark.parametrize("path", sorted((TEXTS / "en").glob("*.json")), ids=lambda path: path.stem)
def test_every_text_is_a_sentence_that_can_be_filled(path: Path) -> None:
    for key, text in texts("en").items():
        if key.startswith(f"{path.stem}."):
            if not key.startswith("training.card."):  # filled with format, for its figures
                assert not set("{}") & set(EITHER.sub("", text)), f"{key} has braces that are no field"
            assert isinstance(text, str), key
            assert "\n" in text or text == text.strip(), f"{key} begins or ends with blanks"
            assert all(name.isidentifier() for name in fields(text)), f"{key} has a field without a name"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_translation_has_no_key_of_its_own_and_the_same_fields(language: str) -> None:
    for key, text in texts(language).items():
        assert key in texts("en"), f"{language} has {key}, and English has not"
        assert fields(text) <= fields(texts("en")[key]), key


def test_a_text_is_filled_with_values_that_stay_plain() -> None:
    said = say("en", "attention.errors.range", name="{low}", low=1, high=6, value="{0.__class__}")
    assert said == "{low} must be a whole number from 1 to 6; {0.__class__} was given."


def test_a_language_that_lacks_a_text_says_it_in_english() -> None:
    assert say("xx", "app.name") == say("en", "app.name")
    assert texts("xx") == {}


def test_an_unknown_key_is_an_error_while_the_page_is_built() -> None:
    with pytest.raises(KeyError):
        label("attention.no_such_text")
    with pytest.raises(KeyError):
        say("en", "attention.no_such_text")


def test_the_browser_gets_the_labels_that_components_show_in_every_language() -> None:
    with gr.Blocks() as demo, gr.Tab(label("app.tabs.learn")):
        gr.Button(label("app.again"))
        gr.Dropdown([(label("app.close"), "a"), ("b", "b")], label=label("app.language"))
        gr.Markdown(label("app.privacy.kept"))
    keys = {"app.tabs.learn", "app.again", "app.close", "app.language", "app.privacy.kept"}
    assert shown_keys(demo) == keys
    for language in LANGUAGES:
        words = texts("en") | texts(language)
        assert translations(demo).translations[language] == {key: words[key] for key in keys}


def test_every_label_that_is_asked_for_is_shown_by_some_component() -> None:
    demo = app.create_app(Lab(Settings(offline=True, device="cpu", data=None)))
    literal = {key for file, key in asked_in_python(("label",)) if file.startswith("components/")}
    assert literal - shown_keys(demo) == set(), "a label made in a handler would not reach the page"


def test_only_persian_is_written_from_the_right() -> None:
    assert set(RIGHT_TO_LEFT) == {"fa"} <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("parameters", "language"),
    [({"lang": "fa"}, "fa"), ({"lang": "en"}, "en"), ({}, "en"), ({"lang": "xx"}, "en"), ({"lang": "../fa"}, "en")],
)
def test_the_language_is_that_of_the_pages_address(parameters: dict[str, str], language: str) -> None:
    request: Any = SimpleNamespace(query_params=parameters)
    assert language_of(request) == language


def test_without_a_request_the_language_is_english() -> None:
    assert language_of(None) == "en"


def test_files_hold_no_key_twice() -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
        return dict(pairs)

    for path in TEXTS.rglob("*.json"):
        json.loads(path.read_text("utf-8"), object_pairs_hook=once)


def test_english_names_of_classes_are_those_of_the_table() -> None:
    english = {key: text for key, text in texts("en").items() if key.startswith("classes.")}
    assert english == {f"classes.{row.id}": row.name for row in ade20k()}
