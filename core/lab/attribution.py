"""A verdict traced back to its words, in the lab; what leaving words out told is kept, and is not worked out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lab.lab import Lab
from core.lab.verdict import VerdictQuestion, verdict
from core.progress import Progress

if TYPE_CHECKING:
    from core.text.attribution import Attribution


def attribution(lab: Lab, question: VerdictQuestion, progress: Progress | None = None) -> Attribution:
    """Three methods for the sentence of a verdict. Errors: those of :func:`core.lab.verdict.verdict`."""
    from core.text.attribution import attribution

    found = verdict(lab, question, progress)
    key = question.key("attribution")
    return lab.kept(key, question.model, "attention", attribution, found, progress=progress)
