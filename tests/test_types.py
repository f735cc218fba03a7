"""The types of questions in the page's modules are those of the models on the server."""

from __future__ import annotations

from typing import Literal, get_args

import pytest
from pydantic import BaseModel, Field

import app
from components.page.questions import Layer, Name, Question, union_of
from core.lab.lab import Lab
from core.settings import Settings
from tools.types import TARGET, of_the_app, questions, type_of, written


def test_the_file_of_types_is_current() -> None:
    assert TARGET.read_text("utf-8") == of_the_app(), "run: python -m tools.types"


def test_the_app_takes_every_question_that_has_a_type() -> None:
    demo = app.create_app(Lab(Settings(offline=True, device="cpu", data=None)))
    lanes = [event for event in demo.config["dependencies"] if str(event["api_name"]).startswith("ask_")]
    taken = sorted(want for lane in lanes for want in lane["api_description"].split())
    assert taken == sorted(want for one in questions() for want in get_args(one.model_fields["want"].annotation))


class Inner(BaseModel):
    """A part of a question."""

    a: str


class Ask(Question):
    """What it asks."""

    want: Literal["test.ask"] = "test.ask"
    layer: Layer
    name: Name | None = None
    mode: Literal["exact", "fast"] = "fast"
    places: list[int] = Field(default_factory=list, max_length=9)
    inner: Inner


class Other(Question):
    want: Literal["test.other", "test.third"]


def test_each_question_is_a_type_of_its_own() -> None:
    assert (
        written(union_of([Ask, Other])).partition("\n\n")[2]
        == """\
/** What it asks. */
export type Ask = {
  want: "test.ask";
  layer: number; // ≥ 1, ≤ 100
  name?: string | null;
  mode?: "exact" | "fast";
  places?: (number)[];
  inner: Inner;
};

/** A part of a question. */
export type Inner = {
  a: string;
};

export type Other = {
  want: "test.other" | "test.third";
};

export type Question =
  | Ask
  | Other;
"""
    )


def test_a_kind_of_value_that_no_question_has_yet_is_an_error() -> None:
    with pytest.raises(KeyError):
        type_of({"type": "something"})
    assert type_of({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}) == "[number, string]"
