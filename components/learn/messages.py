"""Results of the Learn lab as its viewers are sent them."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.page.viewer import packed
from core.data.labels import scene_class
from core.lab.claims import available
from core.lab.lab import Lab
from core.learn.claims import CLAIMS, Finding
from core.learn.claims.claim import Condition, Exhibit
from core.learn.links import ROWS
from core.learn.quiz import QUESTIONS, Question


def finding_content(lab: Lab, finding: Finding) -> dict[str, Any]:
    """A finding with its models' titles, its pictures and the colours of the classes in them."""
    classes = dict.fromkeys(id for one in finding.exhibits for id in one.classes)
    titles = [spec.title for name in finding.models for spec in lab.catalog if spec.name == name]
    return {
        "claim": finding.claim,
        "verdict": finding.verdict,
        "unit": finding.unit,
        "conditions": [_condition(one) for one in finding.conditions],
        "total": finding.total,
        "values": dict(finding.values),
        "source": finding.source,
        "seed": finding.seed,
        "models": titles or list(finding.models),
        "exhibits": [_exhibit(one) for one in finding.exhibits],
        "classes": [{"id": id, "color": scene_class(id).color} for id in classes],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "name": condition.name,
        "value": float(np.float32(condition.value)),
        "low": condition.low,
        "high": condition.high,
        "control": condition.control,
        "fields": dict(condition.fields),
    }


def _exhibit(one: Exhibit) -> dict[str, Any]:
    return {"name": one.name, "picture": packed(np.frombuffer(one.rgb, np.uint8)), "size": [one.height, one.width]}


def claims_content(lab: Lab) -> dict[str, Any]:
    """All claims: what is sampled of each, how many by default, at most and here at all, and the models it needs."""
    here = {claim.sample: available(lab, claim.sample) for claim in CLAIMS.values()}
    claims = [
        {
            "name": claim.name,
            "sample": claim.sample,
            "count": min(claim.count, here[claim.sample]) if here[claim.sample] else claim.count,
            "most": min(claim.most, here[claim.sample]) if here[claim.sample] else claim.most,
            "available": here[claim.sample],
            "parts": list(claim.parts),
        }
        for claim in CLAIMS.values()
    ]
    return {"claims": claims}


def question_content(question: Question) -> dict[str, Any]:
    """A question of the quiz as the page keeps it."""
    return {
        "name": question.name,
        "options": list(question.options),
        "right": question.right,
        "live": question.live,
        "station": question.station,
        "fields": question.fields,
        "notes": list(question.notes),
    }


def quiz_content() -> dict[str, Any]:
    """The questions that need no model."""
    return {"questions": [question_content(question) for question in QUESTIONS]}


def rows_content() -> dict[str, Any]:
    """The rows of the report with the links of their views."""
    rows = [{"section": row.section, "name": row.name, "views": [view.query() for view in row.views]} for row in ROWS]
    return {"rows": rows}
