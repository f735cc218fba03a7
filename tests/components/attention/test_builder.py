"""The form of create_BERT: counts, refusals in the page's words, and the GELUs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import norm

from components.attention.builder import FIELDS, build, gelus
from components.attention.questions import BuildAsk
from core.lab.lab import Lab
from core.networks.bert import PRESETS
from core.text.parameters import LIMITS, total
from core.texts import texts
from tests.components.attention.answering import answered

VIEWERS = Path(__file__).resolve().parents[3] / "assets" / "viewers" / "attention"


def asked(lab: Lab, config: object, **more: object) -> dict[str, Any]:
    return answered(build, lab, BuildAsk.model_validate({"config": config} | more))


def fields(preset: str) -> dict[str, Any]:
    return {name: getattr(PRESETS[preset], name) for name in FIELDS}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_counted_part_by_part(lab: Lab, preset: str) -> None:
    answer = asked(lab, fields(preset))
    assert answer["config"] == fields(preset)
    assert answer["total"] == total(PRESETS[preset]) == sum(part["count"] for part in answer["parts"])
    assert answer["bytes"] == 4 * answer["total"]
    assert answer["head_width"] * PRESETS[preset].num_heads == PRESETS[preset].hidden_size


def test_12_and_3072_are_set_against_each_other(lab: Lab) -> None:
    base, reference = asked(lab, fields("base")), asked(lab, fields("base") | {"intermediate_size": 12})
    assert (base["against"]["intermediate_size"], reference["against"]["intermediate_size"]) == (12, 3072)
    assert base["against"]["total"] == reference["total"]
    assert reference["against"]["total"] == base["total"] == 109_482_240
    assert reference["against"]["feed_forward"] == base["feed_forward"]


def test_the_presets_are_those_of_the_model(lab: Lab) -> None:
    assert asked(lab, {})["presets"] == {name: fields(name) for name in PRESETS}


def test_a_refused_form_says_why_in_the_words_of_the_page_and_marks_its_field(lab: Lab) -> None:
    answer = asked(lab, {"num_layers": 0})
    assert answer["problem"] == "encoder layers L must be a whole number from 1 to 200; 0 was given."
    assert answer["marked"] == ["num_layers"]
    assert "total" not in answer


def test_heads_that_do_not_divide_the_hidden_size_mark_both_fields(lab: Lab) -> None:
    answer = asked(lab, {"hidden_size": 100, "num_heads": 12})
    assert answer["problem"] == "The hidden size 100 must be a multiple of the number of heads, 12."
    assert answer["marked"] == ["hidden_size", "num_heads"]


@given(st.dictionaries(st.sampled_from(FIELDS), st.integers() | st.text(max_size=50) | st.none() | st.floats()))
@settings(max_examples=60, deadline=None)
def test_every_form_is_answered_with_counts_or_with_a_reason(config: dict[str, Any]) -> None:
    answer = asked(Lab(), config)
    assert ("total" in answer) != ("problem" in answer)


def test_the_curves_come_only_where_they_are_asked_for(lab: Lab) -> None:
    assert asked(lab, {})["curves"] is None
    assert asked(lab, {}, curves=True)["curves"] == gelus()


def test_the_curves_are_the_two_gelus_and_their_difference() -> None:
    curves = {name: np.array(values) for name, values in gelus().items()}
    x = curves["x"]
    assert (x[0], x[-1], len(x)) == (-4, 4, 161)
    np.testing.assert_allclose(curves["exact"], x * norm.cdf(x), atol=1e-6)
    tanh = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    np.testing.assert_allclose(curves["tanh"], tanh, atol=1e-6)
    np.testing.assert_allclose(curves["difference"], x * norm.cdf(x) - tanh, atol=1e-6)
    assert 4e-4 < np.abs(curves["difference"]).max() < 5e-4


def test_an_empty_form_is_bert_base(lab: Lab) -> None:
    assert asked(lab, {})["total"] == 109_482_240


@pytest.mark.parametrize("config", [None, "x", [1], {"num_heads": []}, {"num_heads": True}, {"x" * 101: 1}])
def test_what_is_no_form_is_refused(config: object) -> None:
    with pytest.raises(ValidationError):
        BuildAsk.model_validate({"config": config})


def test_everything_that_the_form_names_has_a_text() -> None:
    known = texts("en")
    names = [f"fields.{name}" for name in (*FIELDS, *LIMITS)] + [f"presets.{name}" for name in PRESETS]
    parts = asked(Lab(), {})["parts"]
    for name in [*names, *(f"parts.{part['name']}" for part in parts)]:
        assert f"attention.build.{name}" in known


# Files of the form say `t("count")` for its own texts, as do those of its figure.
PREFIXES = {"build_": "attention.build.", "figure": "attention.build.figure."}


@pytest.mark.parametrize("path", sorted(VIEWERS.glob("*.js")), ids=lambda path: path.name)
def test_every_text_that_a_view_asks_for_exists(path: Path) -> None:
    script = path.read_text("utf-8")
    keys = set(re.findall(r'\b(?:t|text)\("((?:attention|app)\.[\w.]+)"', script))
    prefix = next((own for start, own in PREFIXES.items() if path.name.startswith(start)), None)
    if prefix:
        keys |= {prefix + key for key in re.findall(r'(?<![.\w])t\("([\w.]+)"', script)}
    assert keys <= set(texts("en"))


def test_the_views_ask_for_many_texts() -> None:
    scripts = [path.read_text("utf-8") for path in VIEWERS.glob("*.js")]
    assert sum(len(re.findall(r'\b(?:t|text)\("attention\.', script)) for script in scripts) > 50
    assert sum(len(re.findall(r'(?<![.\w])t\("\w+"', script)) for script in scripts) > 40
