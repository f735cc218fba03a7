"""Counts in sentences, in the form that each language has for them; the page's helper says the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.errors import RangeError
from core.plurals import PLURAL, fields, filled, form
from core.text.parameters import read_config
from core.texts import LANGUAGES, say, texts

ROOT = Path(__file__).resolve().parents[2]
COUNTS = [0, 1, 2, 10, 1.5, 0.5, "1", "1.0", "0.3", "1,000", "1,868,138", "−3", "-1", "many", "\u20661\u2069", ""]
TEMPLATE = "{n, plural, one {# token} other {# tokens}}, {m, plural, one {# layer} other {# layers}} of {name}"


def test_each_count_of_a_sentence_takes_its_own_form() -> None:
    assert filled(TEMPLATE, {"n": 1, "m": 6, "name": "x"}, "en") == "1 token, 6 layers of x"
    assert filled(TEMPLATE, {"n": "1,000", "m": "1", "name": "{n}"}, "en") == "1,000 tokens, 1 layer of {n}"
    assert fields(TEMPLATE) == {"n", "m", "name"}
    with pytest.raises(KeyError):
        filled("{count}", {}, "en")


def test_the_forms_are_those_of_cldr() -> None:
    assert [form("en", n) for n in (0, 1, 2, "1.0")] == ["other", "one", "other", "other"]
    assert [form("fa", n) for n in (0, 1, 2, 0.5, 1.5)] == ["one", "one", "other", "one", "other"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_python_and_the_page_say_the_same(language: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    script = (
        f"globalThis.AttentionLab = {{language: '{language}', base: ''}};"
        "const { form, filled } = await import('./assets/viewers/lib/i18n.js');"
        f"const counts = {json.dumps(COUNTS)};"
        f"const template = {json.dumps(TEMPLATE)};"
        "console.log(JSON.stringify(counts.map((n) => [form(n), filled(template, {n, m: 1, name: 'x'}, false)])));"
    )
    command = [node, "--input-type=module", "-e", script]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert told == [[form(language, n), filled(TEMPLATE, {"n": n, "m": 1, "name": "x"}, language)] for n in COUNTS]


NOUNS = "tokens|pictures|patches|layers|heads|questions|classes|reviews|sentences|epochs|parameters|strengths|weights"


def test_no_english_text_prints_a_count_before_a_plural_of_its_own() -> None:
    """What may be one is in a plural; the exceptions are limits, sums and sizes of a network, which never are."""
    never_one = {"limit", "total", "all", "heads", "layers", "patches", "wide", "narrow", "parameters", "window"}
    for key, text in texts("en").items():
        if key.endswith(".other"):
            continue
        for field in re.findall(rf"\{{(\w+)\}} (?:[a-z-]+ )?(?:{NOUNS})\b", re.sub(PLURAL, "", text)):
            assert field in never_one or key.startswith("training."), f"{key}: {field}"


def test_one_token_and_one_picture_are_said_so() -> None:
    assert say("en", "attention.notes.unknown", count=1).startswith("1 token is not")
    assert say("en", "attention.notes.unknown", count=2).startswith("2 tokens are not")
    assert say("en", "cifar.few", seen=1).startswith("Only 1 picture so far")
    assert say("en", "attention.answered", model="m", origin="o", tokens=1, layers=1, heads=2, seconds=0) == (
        "m (o) answered: 1 token, 1 layer × 2 heads, 0 s"
    )
    assert "1 نقد" in say("fa", "learn.sample.reviews", total=1, seed=0, source="x")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2.5, "num_layers must be a whole number from 1 to 200; 2.5 was given."),
        (None, "num_layers must be a whole number from 1 to 200; the field is empty."),
        ("", "num_layers must be a whole number from 1 to 200; the field is empty."),
        ("²", "num_layers must be a whole number from 1 to 200; ² was given."),
        (0, "num_layers must be a whole number from 1 to 200; 0 was given."),
    ],
)
def test_a_field_of_a_form_says_what_it_takes_and_an_empty_one_is_empty(value: object, said: str) -> None:
    with pytest.raises(RangeError) as caught:
        read_config({"num_layers": value})
    assert caught.value.sentence("en") == said
    assert "None" not in caught.value.sentence("fa")


def test_no_sentence_about_a_value_shows_pythons_none() -> None:
    """Every error that repeats what was given has a sentence for an empty field."""
    repeated = [key for key, text in texts("en").items() if "{value} was given" in text]
    assert len(repeated) >= 3
    assert [key for key in repeated if f"{key}_empty" not in texts("en")] == []
