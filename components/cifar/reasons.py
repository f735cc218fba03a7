"""Tests of the reasons that are given for the gap between the two models: change the pictures and measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from components.cifar.messages import changed_message, robustness_message
from components.cifar.parts import LONG, MODEL_WORK, described
from components.page.feedback import loading, shown
from components.page.i18n import label
from components.page.stops import running, stops_by
from components.page.viewer import message, viewer
from core.errors import LabError
from core.lab.lab import Lab
from core.lab.picture_runs import RobustnessQuestion, RobustnessRun, robustness
from core.lab.pictures import BEIT, ChangeQuestion, changed_pictures, chosen
from core.metrics import mcnemar, wilson_interval
from core.pictures.changes import CHANGES, check_change
from core.pictures.evaluation import MAX_COUNT
from core.pictures.recorded import aligned, read_recording
from core.stops import Stops

COUNT = 200  # pictures that the page offers to begin with


def permuted_twins(lab: Lab) -> dict[str, Any]:
    """The recorded runs of the MLP and of its twin that learned from shuffled pixels; empty where one is not bundled.

    ``p_value``: McNemar's, of both on the same pictures.
    """
    try:
        parts = chosen(lab, permuted=True)
        parts = {part: spec for part, spec in parts.items() if part != BEIT and spec.folder is not None}
        runs = aligned([read_recording(spec.folder, spec.name) for spec in parts.values() if spec.folder is not None])
    except LabError:
        return {}
    if len(runs) != 2:
        return {}
    models = []
    for about, run in zip(described(parts), runs, strict=True):
        hits, total = int((run.truth == run.predicted).sum()), len(run)
        models.append({**about, "accuracy": hits / total, "interval": wilson_interval(hits, total)})
    test = mcnemar(*(run.predicted == run.truth for run in runs))
    return {"models": models, "total": len(runs[0]), "p_value": test.p_value}


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``changed``: the viewer of changed pictures; ``view``: that of the curves."""

    change: gr.Dropdown
    count: gr.Number
    source: gr.Dropdown
    strength: gr.Slider
    start: gr.Button
    stop: gr.Button
    changed: gr.HTML
    view: gr.HTML


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    changes = [(label(f"cifar.changes.{name}.name"), name) for name in CHANGES]
    choices = [(label(f"cifar.sources.{name}"), name) for name in lab.galleries.sources]
    with gr.Row(elem_classes="lab-input"):
        change = gr.Dropdown(
            changes, value="pixels", label=label("cifar.change"), min_width=190, elem_id="cifar-change"
        )
        count = gr.Number(
            COUNT, label=label("cifar.count"), precision=0, minimum=1, maximum=MAX_COUNT, min_width=110,
            elem_id="cifar-reasons-count",
        )  # fmt: skip
        source = gr.Dropdown(
            choices, value=lab.galleries.default, label=label("cifar.source"), min_width=190,
            elem_id="cifar-reasons-source",
        )  # fmt: skip
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.measure"), variant="primary", elem_id="cifar-measure")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-reasons-stop")
    strength = gr.Slider(0, 1, value=1, step=0.05, label=label("cifar.strength"), elem_id="cifar-strength")
    changed = viewer("cifar-changed", elem_id="cifar-changed")
    view = viewer("cifar-reasons", elem_id="cifar-reasons", value=message("twins", **permuted_twins(lab)))
    return Parts(change, count, source, strength, start, stop, changed, view)


def run(
    lab: Lab, stops: Stops, name: str, count: float, source: str, request: gr.Request,
    progress: Any = gr.Progress(),  # noqa: B008
) -> Iterator[str]:  # fmt: skip
    """The measurement that the form asks for, and a last message that says how it ended."""
    question = RobustnessQuestion.read(name, count, source)
    last: RobustnessRun | None = None
    with running(stops, request) as stopped:
        for last in robustness(lab, question, stopped, loading(request, progress)):
            yield robustness_message(last, question, "running")
    if last is not None:
        done = len(last.curve.strengths) == question.strengths
        yield robustness_message(last, question, "done" if done else "stopped")


def preview(lab: Lab, name: str, strength: float, source: str, request: gr.Request) -> str:
    """A few pictures changed as the form says."""
    question = ChangeQuestion.read(name, strength, source)
    return changed_message(changed_pictures(lab, question), question)


def another(name: str, request: gr.Request) -> Any:
    """The slider of another change, at half its strength."""
    kind, _ = check_change(name, 0)
    half = round(kind.strongest / 2 / kind.step) * kind.step
    return gr.Slider(maximum=kind.strongest, step=kind.step, value=half)


def build(lab: Lab, tab: gr.Tab) -> None:
    """Lay out the view and connect it."""
    parts = lay_out(lab)
    work = shown(run, lab, stops_by(parts.stop))
    parts.start.click(work, [parts.change, parts.count, parts.source], parts.view, show_progress="minimal", **LONG)
    inputs, look = [parts.change, parts.strength, parts.source], shown(preview, lab)
    more = {"show_progress": "minimal", **MODEL_WORK}
    parts.strength.release(look, inputs, parts.changed, trigger_mode="always_last", **more)
    switched = parts.change.input(shown(another), parts.change, parts.strength, queue=False, api_visibility="private")
    switched.then(look, inputs, parts.changed, **more)
    parts.source.input(look, inputs, parts.changed, **more)
    tab.select(look, inputs, parts.changed, **more)
