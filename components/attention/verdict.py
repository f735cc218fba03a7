"""The Scene's question: which word decides; and its answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from components.attention.messages import said
from components.attention.questions import AboutVerdict, VerdictAsk
from components.page.desk import Context
from components.page.viewer import packed, thousandths
from core.lab import verdict
from core.lab.lab import Lab
from core.lab.verdict import Stage, VerdictQuestion
from core.texts import say

if TYPE_CHECKING:
    from core.text.verdict import Verdict


def question_of(lab: Lab, ask: AboutVerdict) -> VerdictQuestion:
    """What is asked, heads counted from 0. Errors: those of :meth:`core.lab.verdict.VerdictQuestion.read`."""
    cut = [(layer - 1, head - 1) for layer, head in ask.cut]
    return VerdictQuestion.read(lab, ask.sentence, ask.model, ask.without, cut)


def answer(lab: Lab, ask: VerdictAsk, context: Context) -> dict[str, Any]:
    """A sentence with each of its words left out in turn."""
    question = question_of(lab, ask)
    found = verdict.verdict(lab, question, context.loading)
    recorded = verdict.reasons(lab, question.model)
    return {
        **content(found),
        "model": question.model,
        "stages": [stage_row(stage) for stage in verdict.stages(lab)],
        "notes": [*said(found.tokens, context.language), *readers(lab, context.language)],
        "recorded": None if recorded is None else asdict(recorded),
    }


def content(found: Verdict) -> dict[str, Any]:
    """What the page draws. Words count from 0, layers and heads from 1; shares in thousandths."""
    L, H, _ = found.heads.shape
    return {
        "words": [{"text": word.text, "before": word.before, "after": word.after} for word in found.words],
        "without": list(found.without),
        "cut": [[layer + 1, head + 1] for layer, head in found.cut],
        "label": found.label,
        "probability": round(found.probability, 5),
        "leftOut": [None if np.isnan(p) else round(float(p), 5) for p in found.left_out],
        "layers": L,
        "heads": H,
        "attention": packed(thousandths(found.heads)),  # L × H × W
        "lines": packed(thousandths(found.lines)),  # W × L × W
        "agreement": None if found.agreement is None else round(found.agreement, 3),
    }


def stage_row(stage: Stage) -> dict[str, Any]:
    """A moment of the training, as the page's slider has it."""
    reached = stage.reached
    figures = {name: value for name, value in asdict(reached).items() if name != "file"}
    return {"name": stage.model.name, **figures}


def readers(lab: Lab, language: str) -> list[str]:
    """On a page in another language than the network's: which models have read that one."""
    titles = [spec.title for spec in lab.catalog if spec.job == "attention" and language in spec.languages]
    if language == "en" or not titles:
        return []
    return [say(language, "attention.scene.readers", models="; ".join(titles))]
