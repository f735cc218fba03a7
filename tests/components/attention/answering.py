"""Ask a handler of the lab as the desk does."""

from __future__ import annotations

from typing import Any

from components.page.desk import Handler
from components.page.questions import Question
from core.lab.lab import Lab
from tests.components.answering import context


def answered(handler: Handler, lab: Lab, ask: Question, language: str = "en") -> dict[str, Any]:
    """The one answer to a question."""
    found: dict[str, Any] = handler(lab, ask, context(language))
    return found
