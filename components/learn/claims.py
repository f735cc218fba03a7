"""The claims: each is tried on the live model, and its verdict is computed and shown with its sample size."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np

from components.page.feedback import loading, shown
from components.page.i18n import language_of
from components.page.viewer import asks, event_data, message, packed, viewer
from core.data.labels import scene_class
from core.errors import InputError, LabError
from core.lab.claims import tried
from core.lab.lab import Lab
from core.learn.claims import CLAIMS, Finding, check_claim, check_sample

MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}


def finding_message(lab: Lab, finding: Finding) -> str:
    """What the page is sent of a finding."""
    conditions = [
        {
            "name": condition.name,
            "value": float(np.float32(condition.value)),
            "low": condition.low,
            "high": condition.high,
            "control": condition.control,
            "fields": dict(condition.fields),
        }
        for condition in finding.conditions
    ]
    classes = dict.fromkeys(id for one in finding.exhibits for id in one.classes)
    titles = [spec.title for name in finding.models for spec in lab.catalog if spec.name == name]
    return message(
        "finding",
        claim=finding.claim,
        verdict=finding.verdict,
        unit=finding.unit,
        conditions=conditions,
        total=finding.total,
        values=dict(finding.values),
        source=finding.source,
        seed=finding.seed,
        models=titles or list(finding.models),
        exhibits=[
            {"name": one.name, "picture": packed(np.frombuffer(one.rgb, np.uint8)), "size": [one.height, one.width]}
            for one in finding.exhibits
        ],
        classes=[{"id": id, "color": scene_class(id).color} for id in classes],
    )


def contents() -> str:
    """All claims, for the page's first drawing."""
    claims = [
        {
            "name": claim.name,
            "sample": claim.sample,
            "count": claim.count,
            "most": claim.most,
            "parts": list(claim.parts),
        }
        for claim in CLAIMS.values()
    ]
    return message("claims", claims=claims)


def build(lab: Lab, view_tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay the view out and connect it."""
    view = viewer("learn-claims", elem_id="learn-claims", value=contents())

    @shown
    def attempt(event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        ask = data if isinstance(data := event_data(event), dict) else {}
        language = language_of(request)
        claim = check_claim(ask.get("claim"))
        count, seed = check_sample(ask.get("count"), ask.get("seed"), claim.most)

        try:
            return finding_message(lab, tried(lab, claim, count, seed, loading(request, progress)))
        except InputError:
            raise
        except LabError as error:
            return message("failed", claim=claim.name, problem=error.sentence(language), parts=list(claim.parts))

    asks(view, "submit", attempt, None, view, show_progress="minimal", trigger_mode="multiple", **MODEL_WORK)
