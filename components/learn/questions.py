"""What the Learn lab's viewers ask."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictFloat, StrictInt

from components.page.questions import Name, Question, Seed, Sentence

Number = StrictInt | StrictFloat | None  # what stands in a field for numbers; core says which range each claim has


class TextAsk(Question):
    """A station's text."""

    want: Literal["learn.text"] = "learn.text"
    station: Name


class FigureAsk(Question):
    """A station's figures. ``a``: the sentence of which they are drawn, or nothing for the reference's."""

    want: Literal["learn.figure"] = "learn.figure"
    station: Name
    a: Sentence = ""


class ClaimsAsk(Question):
    """All claims."""

    want: Literal["learn.claims"] = "learn.claims"


class ClaimAsk(Question):
    """A claim to be tried: on how many cases, drawn with which seed."""

    want: Literal["learn.claim"] = "learn.claim"
    claim: Name
    count: Number
    seed: Number = 0


class QuizAsk(Question):
    """The questions that need no model."""

    want: Literal["learn.quiz"] = "learn.quiz"


class LiveAsk(Question):
    """Questions about one's own sentence; ``seed`` orders their options."""

    want: Literal["learn.live"] = "learn.live"
    sentence: Sentence
    seed: Seed = 0


class RowsAsk(Question):
    """The rows of the report with their links."""

    want: Literal["learn.rows"] = "learn.rows"
