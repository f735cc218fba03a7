"""What the Scene's network makes of the sentences written for this app: a table by grade, and every sentence."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from components.attention.questions import SentencesAsk
from components.page.desk import Context
from core.lab import verdict
from core.lab.lab import Lab

if TYPE_CHECKING:
    from core.text.graded import Graded, ReviewScore


def answer(lab: Lab, ask: SentencesAsk, context: Context) -> dict[str, Any]:
    """``grades``: empty where nothing was measured of the network that is here. No model is asked."""
    found = verdict.graded(lab)
    return {"grades": []} if found is None else content(*found)


def content(found: Graded, reviews: ReviewScore) -> dict[str, Any]:
    """Of each grade how many were judged rightly, and its sentences, those that were not first; shares from 0 to 1."""
    judged = list(zip(found.sentences, found.positive, found.right, strict=True))
    rows = [
        {
            "name": score.name,
            "right": score.right,
            "total": score.total,
            "low": round(score.low, 4),
            "high": round(score.high, 4),
            "sentences": [
                {"text": one.text, "label": one.label, "positive": positive, "right": right}
                for one, positive, right in sorted(judged, key=lambda row: row[2])
                if one.grade == score.name
            ],
        }
        for score in found.scores
    ]
    return {"grades": rows, **asdict(reviews)}
