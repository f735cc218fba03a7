"""Train the MLP in the page: choose within limits, watch the curves, compare with the bundled one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import listed
from components.cifar.parts import COLORS, MLP, chosen, leased
from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.stops import Stops
from components.page.viewer import message, viewer
from core.data.datasets import Pictures
from core.data.galleries import Galleries
from core.data.labels import CIFAR10
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.metrics import Confusion, wilson_interval
from core.pictures.results import LiveTraining
from core.texts import say

# The whole app trains one network at a time; whoever comes later sees the place in the queue.
ALONE: dict[str, Any] = {"concurrency_id": "cifar-training", "concurrency_limit": 1, "api_visibility": "private"}
SEED = 0
HIDDEN = ("512-256-128", "256-128-64", "64", "1024-512")
DEFAULTS = {"pictures": 2000, "epochs": 10, "learning_rate": 0.005, "dropout": 0.0, "hidden": HIDDEN[0]}


def bundled_matrix(lab: Lab, held: Pictures, report: Any) -> list[list[int]] | None:
    """The bundled MLP's matrix on the same validation pictures; None where it is not here."""
    try:
        parts = {part: spec for part, spec in chosen(lab).items() if part == MLP}
    except UnavailableError:
        return None
    if not parts:
        return None
    with leased(lab, parts, report) as found:
        guesses = found[MLP].probabilities(held.images).argmax(axis=1)
    return Confusion(len(CIFAR10)).add(held.labels, guesses).counts.tolist()


def training_message(now: LiveTraining, source: str, bundled: list[list[int]] | None, state: str) -> str:
    """How a training stands. ``state``: running, stopped or done."""
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
        bundled=bundled,
        pictures=now.pictures,
        held=now.held,
        parameters=now.parameters,
        seconds=now.seconds,
    )


def build(lab: Lab, galleries: Galleries) -> None:
    """Lay out the view and connect it."""
    choices = [(label(f"cifar.sources.{name}"), name) for name in galleries.sources]
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
            choices, value=galleries.default, label=label("cifar.source"), elem_id="cifar-training-source"
        )
    view = viewer("cifar-training", elem_id="cifar-training", value=message("idle"))
    stops = Stops()

    @shown
    def run(
        pictures: float, epochs: float, rate: float, dropout: float, hidden: str, source: str,
        request: gr.Request, progress: Any = gr.Progress(),  # noqa: B008
    ) -> Iterator[str]:  # fmt: skip
        from core.pictures.live_training import Wish, split, train

        language = language_of(request)

        def report(share: float) -> None:
            progress(share, desc=say(language, "app.loading_model"))

        wish = Wish.read(pictures, epochs, rate, dropout, hidden)
        with stops.running(request) as stopped:
            progress(0.0, desc=say(language, "cifar.reading_pictures"))
            learned, held = split(galleries.training(source, wish.pictures, SEED), galleries.open(source), SEED)
            bundled = bundled_matrix(lab, held, report)
            now = None
            for now in train(wish, learned, held, stopped=stopped):
                yield training_message(now, source, bundled, "running")
        if now is not None:
            state = "done" if len(now.curves) == now.epochs else "stopped"
            yield training_message(now, source, bundled, state)

    def halt(request: gr.Request) -> None:
        stops.stop(request)

    start.click(run, [pictures, epochs, rate, dropout, hidden, source], view, show_progress="minimal", **ALONE)
    stop.click(halt, None, None, queue=False, api_visibility="private")
