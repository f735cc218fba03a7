"""Train the MLP in the page: choose within limits, watch the curves, compare with the bundled one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, get_args

import gradio as gr
import numpy as np

from components.cifar.messages import CLASSES, listed
from components.cifar.parts import COLORS, follows, source_field
from components.cifar.questions import Hidden, TrainAsk
from components.page.desk import Context, Desk
from components.page.i18n import label
from components.page.lanes import TRAINING
from components.page.viewer import viewer
from core.data.galleries import without_network
from core.lab.lab import Lab
from core.lab.picture_counts import to_learn_from
from core.lab.picture_runs import TrainingQuestion, TrainingRun, training
from core.lab.pictures import MLP
from core.metrics import wilson_interval
from core.texts import say

FEWEST = 10  # training pictures
HIDDEN = get_args(Hidden)
DEFAULTS: dict[str, Any] = {"pictures": 2000, "epochs": 10, "learning_rate": 0.005, "dropout": 0.0, "hidden": HIDDEN[0]}
START = "(...given) => AttentionLab.tell('cifar/training', 'start', ...given)"
STOP = "() => AttentionLab.tell('cifar/training', 'stop')"


def training_content(run: TrainingRun, source: str) -> dict[str, Any]:
    """How a training stands."""
    now = run.training
    hits, seen = int(np.trace(now.confusion)), int(now.confusion.sum())
    return {
        "state": "done" if run.done else "running",
        "source": source,
        "color": COLORS[MLP],
        "classes": CLASSES,
        "epochs": now.epochs,
        "progress": now.progress,
        "curves": [listed(row) for row in now.curves],  # a rate that is too high ends in infinities
        "confusion": now.confusion.tolist(),
        "interval": wilson_interval(hits, seen),
        "bundled": None if run.bundled is None else run.bundled.tolist(),
        "pictures": now.pictures,
        "held": now.held,
        "parameters": now.parameters,
        "seconds": now.seconds,
    }


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``choices``: pictures, epochs, learning rate, dropout, hidden layers, source."""

    choices: list[Any]
    start: gr.Button
    stop: gr.Button


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    counts = to_learn_from(lab)
    most = counts[without_network(counts)]
    with gr.Row(elem_classes="lab-input"):
        pictures = gr.Slider(
            FEWEST, most, min(DEFAULTS["pictures"], most), step=1,
            label=label("cifar.pictures_to_learn"), min_width=150, elem_id="cifar-training-pictures",
        )  # fmt: skip
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
        source = source_field(counts, elem_id="cifar-training-source")
    viewer("cifar/training", elem_id="cifar-training")
    return Parts([pictures, epochs, rate, dropout, hidden, source], start, stop)


def connect(desk: Desk, parts: Parts) -> None:
    """Let the components tell the viewer, and the desk answer it.

    The whole app trains one network at a time; whoever comes later sees the place in the queue.
    """
    follows(parts.choices[-1], parts.choices[0], lambda: to_learn_from(desk.lab))
    parts.start.click(None, parts.choices, None, js=START)
    parts.stop.click(None, None, None, js=STOP)
    desk.takes(TrainAsk, train, TRAINING)


def train(lab: Lab, ask: TrainAsk, context: Context) -> Iterator[dict[str, Any]]:
    """How the training stands, again and again."""
    question = TrainingQuestion.read(ask.source, **ask.model_dump(exclude={"want", "source"}))
    context.progress(0.0, say(context.language, "cifar.reading_pictures"))
    with closing(training(lab, question, context.stopped, context.loading)) as steps:  # type: ignore[type-var]
        for run in steps:
            yield training_content(run, ask.source)
