"""The tree of errors and their sentences."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from core import errors
from core.errors import ImageError, InputError, LabError, RangeError, TextError
from core.plurals import fields
from core.texts import TEXTS

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, LabError)}


def raised() -> list[tuple[str, str, frozenset[str]]]:
    """Every error that the code raises with a literal code: where, the code, and the values that it is given."""
    found = []
    for path in sorted(
        [*(p for room in ("core", "components", "server") for p in (ROOT / room).rglob("*.py")), ROOT / "app.py"]
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES):
                continue
            texts = [arg.value for first in node.args[:1] for arg in ast.walk(first) if isinstance(arg, ast.Constant)]
            codes = [text for text in texts if isinstance(text, str) and re.fullmatch(r"\w+\.\w+", text)]
            names = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            found += [(f"{path.relative_to(ROOT)}:{node.lineno}", code, names) for code in codes]
    return found


RAISED = raised()


def test_there_are_errors_to_look_at() -> None:
    assert len(RAISED) > 20


@pytest.mark.parametrize(("place", "code", "names"), RAISED, ids=[f"{place} {code}" for place, code, _ in RAISED])
def test_every_error_has_a_sentence_whose_fields_it_fills(place: str, code: str, names: frozenset[str]) -> None:
    area, _, name = code.partition(".")
    sentences = json.loads((TEXTS / "en" / f"{area}.json").read_text("utf-8")).get("errors", {})
    assert name in sentences
    assert sentences[name].rstrip("”\"')").endswith((".", "?", "!"))
    missing = fields(sentences[name]) - names
    assert missing == set(), f"{place} leaves out {missing}"


def test_a_sentence_is_filled_with_its_values() -> None:
    error = RangeError("attention.range", name="layer", low=1, high=6, value="9")
    assert error.sentence() == "layer must be a whole number from 1 to 6; 9 was given."
    assert str(error) == error.sentence("en")


def test_values_are_plain_text_whatever_they_hold() -> None:
    value = "{low.__class__} {0} %s ${x}"
    error = RangeError("attention.range", name="layer", low=1, high=6, value=value)
    assert value in error.sentence()


def test_a_language_without_the_sentence_says_it_in_english() -> None:
    error = TextError("attention.empty")
    assert error.sentence("xx") == error.sentence("en") != ""


def test_a_language_cannot_name_another_folder() -> None:
    assert TextError("attention.empty").sentence("../en").startswith("The sentence")


def test_a_code_without_a_sentence_is_still_readable() -> None:
    assert ImageError("images.never_written", limit=3).sentence() == "images.never_written: {'limit': 3}"
    assert ImageError("nowhere.at_all").sentence() == "nowhere.at_all"


def test_what_a_person_sent_can_be_told_from_what_we_failed_at() -> None:
    for kind in (TextError, ImageError, RangeError):
        assert issubclass(kind, InputError)
    for name in ("ModelError", "DataError", "BusyError"):
        assert not issubclass(getattr(errors, name), InputError)


def test_the_drawing_of_the_tree_shows_every_error() -> None:
    assert set(re.findall(r"\b\w+Error\b", str(errors.__doc__))) == CLASSES
