"""Tests of the reasons that are given for the gap between the two models: change the pictures and measure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from components.cifar.messages import changed_content, robustness_content
from components.cifar.parts import count_field, described, follows, source_field
from components.cifar.questions import ChangedAsk, MeasureAsk, TwinsAsk
from components.page.desk import Context, Desk
from components.page.feedback import shown
from components.page.i18n import label
from components.page.lanes import LONG, MODEL
from components.page.viewer import viewer
from core.errors import LabError
from core.lab.lab import Lab
from core.lab.picture_counts import to_evaluate
from core.lab.picture_runs import RobustnessQuestion, robustness
from core.lab.pictures import ChangeQuestion, changed_pictures
from core.lab.twins import twins as twins_of
from core.metrics import equivalence, wilson_interval
from core.pictures.changes import CHANGES, check_change
from core.pictures.recorded import RECORDED

COUNT = 200  # pictures that the page offers to begin with
START = "(...given) => AttentionLab.tell('cifar/reasons', 'start', ...given)"
STOP = "() => AttentionLab.tell('cifar/reasons', 'stop')"
LOOK = "(...given) => AttentionLab.tell('cifar/changed', 'look', ...given)"


def permuted_twins(lab: Lab) -> dict[str, Any]:
    """The recorded runs of the MLP and of its twin that learned from shuffled pixels; empty where one is not bundled.

    ``verdict`` and the rest: of :func:`core.metrics.equivalence`, of both on the same pictures.
    """
    try:
        parts, runs = twins_of(lab)
    except LabError:
        return {}
    models = []
    for about, run in zip(described(parts), runs.values(), strict=True):
        hits, total = int((run.truth == run.predicted).sum()), len(run)
        models.append({**about, "accuracy": hits / total, "interval": wilson_interval(hits, total)})
    test = equivalence(*(run.predicted == run.truth for run in runs.values()))
    return {"models": models, "total": total, "verdict": test.verdict, **asdict(test)}


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view."""

    change: gr.Dropdown
    count: gr.Number
    source: gr.Dropdown
    strength: gr.Slider
    start: gr.Button
    stop: gr.Button


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    changes = [(label(f"cifar.changes.{name}.name"), name) for name in CHANGES]
    counts = _counts(lab)
    with gr.Row(elem_classes="lab-input"):
        change = gr.Dropdown(
            changes, value="pixels", label=label("cifar.change"), min_width=190, elem_id="cifar-change"
        )
        count = count_field(counts, COUNT, "cifar-reasons-count")
        source = source_field(counts, min_width=190, elem_id="cifar-reasons-source")
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.measure"), variant="primary", elem_id="cifar-measure")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-reasons-stop")
    strength = gr.Slider(0, 1, value=1, step=0.05, label=label("cifar.strength"), elem_id="cifar-strength")
    viewer("cifar/changed", elem_id="cifar-changed")
    viewer("cifar/reasons", elem_id="cifar-reasons")
    return Parts(change, count, source, strength, start, stop)


def _counts(lab: Lab) -> dict[str, int]:
    """Test pictures by source; a recorded run cannot be changed."""
    return {source: count for source, count in to_evaluate(lab).items() if source != RECORDED}


def another(name: str, request: gr.Request) -> Any:
    """The slider of another change, at half its strength."""
    kind, _ = check_change(name, 0)
    half = round(kind.strongest / 2 / kind.step) * kind.step
    return gr.Slider(maximum=kind.strongest, step=kind.step, value=half)


def connect(desk: Desk, tab: gr.Tab, parts: Parts) -> None:
    """Let the components tell the viewers, and the desk answer them."""
    parts.start.click(None, [parts.change, parts.count, parts.source], None, js=START)
    parts.stop.click(None, None, None, js=STOP)
    follows(parts.source, parts.count, lambda: _counts(desk.lab))
    inputs = [parts.change, parts.strength, parts.source]
    switched = parts.change.input(shown(another), parts.change, parts.strength, queue=False, api_visibility="private")
    for trigger in (parts.strength.release, switched.then, parts.source.input, tab.select):
        trigger(None, inputs, None, js=LOOK)
    desk.takes(TwinsAsk, twins)
    desk.takes(MeasureAsk, measure, LONG)
    desk.takes(ChangedAsk, changed, MODEL)


def twins(lab: Lab, ask: TwinsAsk, context: Context) -> dict[str, Any]:
    """What settles the report's claim, as far as it is bundled."""
    return permuted_twins(lab)


def measure(lab: Lab, ask: MeasureAsk, context: Context) -> Iterator[dict[str, Any]]:
    """How the measurement stands, strength by strength."""
    question = RobustnessQuestion.read(ask.change, ask.count, ask.source)
    with closing(robustness(lab, question, context.stopped, context.loading)) as steps:  # type: ignore[type-var]
        for run in steps:
            done = len(run.curve.strengths) == question.strengths
            yield robustness_content(run, question, "done" if done else "running")


def changed(lab: Lab, ask: ChangedAsk, context: Context) -> dict[str, Any]:
    """A few pictures changed as the form says. Errors: RangeError for what is too strong for this change."""
    question = ChangeQuestion.read(ask.change, ask.strength, ask.source)
    return changed_content(changed_pictures(lab, question, context.loading), question)
