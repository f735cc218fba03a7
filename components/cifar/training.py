"""Train the MLP in the page: choose within limits, watch the curves, compare with the bundled one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import listed
from components.cifar.parts import COLORS
from components.page.feedback import loading, shown
from components.page.i18n import label, language_of
from components.page.stops import running, stops_by
from components.page.viewer import message, viewer
from core.lab.lab import Lab
from core.lab.picture_runs import TrainingQuestion, TrainingRun, training
from core.lab.pictures import MLP
from core.metrics import wilson_interval
from core.stops import Stops
from core.texts import say

# The whole app trains one network at a time; whoever comes later sees the place in the queue.
ALONE: dict[str, Any] = {"concurrency_id": "cifar-training", "concurrency_limit": 1, "api_visibility": "private"}
HIDDEN = ("512-256-128", "256-128-64", "64", "1024-512")
DEFAULTS = {"pictures": 2000, "epochs": 10, "learning_rate": 0.005, "dropout": 0.0, "hidden": HIDDEN[0]}


def training_message(run: TrainingRun, source: str, state: str) -> str:
    """How a training stands. ``state``: running, stopped or done."""
    now = run.training
    hits, seen = int(np.trace(now.confusion)), int(now.confusion.sum())
    return message(
        "training",
        state=state,
        source=source,
        color=COLORS[MLP],
        epochs=now.epochs,
        progress=now.progress,
        curves=[listed(row) for row in now.curves],  # a rate that is too high ends in infinities
        confusion=now.confusion.tolist(),
        interval=wilson_interval(hits, seen),
        bundled=None if run.bundled is None else run.bundled.tolist(),
        pictures=now.pictures,
        held=now.held,
        parameters=now.parameters,
        seconds=now.seconds,
    )


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``choices``: pictures, epochs, learning rate, dropout, hidden layers, source."""

    choices: list[Any]
    start: gr.Button
    stop: gr.Button
    view: gr.HTML


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    offered = [(label(f"cifar.sources.{name}"), name) for name in lab.galleries.sources]
    with gr.Row(elem_classes="lab-input"):
        pictures = gr.Slider(
            100, 5000, DEFAULTS["pictures"], step=100, label=label("cifar.pictures_to_learn"), min_width=150
        )
        epochs = gr.Slider(1, 20, DEFAULTS["epochs"], step=1, label=label("cifar.epochs"), min_width=150)
        dropout = gr.Slider(0, 0.9, DEFAULTS["dropout"], step=0.1, label=label("cifar.dropout"), min_width=150)
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.train"), variant="primary", elem_id="cifar-train")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-train-stop")
    with gr.Accordion(label("cifar.more"), open=False), gr.Row():
        rate = gr.Dropdown(
            [(str(r), r) for r in (0.0005, 0.001, 0.005, 0.02, 0.1)], value=DEFAULTS["learning_rate"],
            label=label("cifar.learning_rate"), elem_id="cifar-rate",
        )  # fmt: skip
        hidden = gr.Dropdown(list(HIDDEN), value=HIDDEN[0], label=label("cifar.hidden"), elem_id="cifar-hidden")
        source = gr.Dropdown(
            offered, value=lab.galleries.default, label=label("cifar.source"), elem_id="cifar-training-source"
        )
    view = viewer("cifar-training", elem_id="cifar-training", value=message("idle"))
    return Parts([pictures, epochs, rate, dropout, hidden, source], start, stop, view)


def run(
    lab: Lab, stops: Stops, pictures: float, epochs: float, rate: float, dropout: float, hidden: str, source: str,
    request: gr.Request, progress: Any = gr.Progress(),  # noqa: B008
) -> Iterator[str]:  # fmt: skip
    """The training that the form asks for, and a last message that says how it ended."""
    question = TrainingQuestion.read(
        source, pictures=pictures, epochs=epochs, learning_rate=rate, dropout=dropout, hidden=hidden
    )
    now: TrainingRun | None = None
    with running(stops, request) as stopped:
        progress(0.0, desc=say(language_of(request), "cifar.reading_pictures"))
        for now in training(lab, question, stopped, loading(request, progress)):
            yield training_message(now, source, "running")
    if now is not None:
        yield training_message(now, source, "done" if now.done else "stopped")


def build(lab: Lab) -> None:
    """Lay out the view and connect it."""
    parts = lay_out(lab)
    work = shown(run, lab, stops_by(parts.stop))
    parts.start.click(work, parts.choices, parts.view, show_progress="minimal", **ALONE)
