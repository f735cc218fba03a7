"""Tests of the reasons that are given for the gap between the two models: change the pictures and measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from components.cifar.evaluation import LONG
from components.cifar.messages import robustness_message, sprite
from components.cifar.parts import BEIT, chosen, described, leased
from components.cifar.picture import MODEL_WORK
from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.stops import Stops
from components.page.viewer import message, viewer
from core.data.galleries import Galleries, Pixels
from core.engines.zerogpu import EVALUATION, PICTURE, borrow, borrow_steps
from core.errors import LabError
from core.lab.lab import Lab
from core.metrics import mcnemar, wilson_interval
from core.pictures.changes import CHANGES, Change, check_change
from core.pictures.recorded import aligned, read_recording
from core.texts import say

if TYPE_CHECKING:
    from core.networks.classifier import Classifier

COUNT = 200  # pictures that the page offers to begin with
PREVIEWED = 6


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


def answered(
    classifiers: list[Classifier], pixels: Pixels, labels: NDArray[np.uint8], change: Change, strength: float
) -> list[tuple[Pixels, NDArray[np.float32]]]:
    """Of each classifier the pictures (n, 32, 32, 3) that it is given, and its probabilities (n, K)."""
    from core.pictures.robustness import changed

    answers = []
    for classifier in classifiers:
        given = changed(classifier, pixels, labels, change, strength)
        answers.append((given, classifier.probabilities(given)))
    return answers


def build(lab: Lab, galleries: Galleries, tab: gr.Tab) -> None:
    """Lay out the view and connect it."""
    changes = [(label(f"cifar.changes.{name}.name"), name) for name in CHANGES]
    choices = [(label(f"cifar.sources.{name}"), name) for name in galleries.sources]
    with gr.Row(elem_classes="lab-input"):
        change = gr.Dropdown(
            changes, value="pixels", label=label("cifar.change"), min_width=190, elem_id="cifar-change"
        )
        count = gr.Number(
            COUNT, label=label("cifar.count"), precision=0, minimum=1, maximum=10_000, min_width=110,
            elem_id="cifar-reasons-count",
        )  # fmt: skip
        source = gr.Dropdown(
            choices, value=galleries.default, label=label("cifar.source"), min_width=190, elem_id="cifar-reasons-source"
        )
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.measure"), variant="primary", elem_id="cifar-measure")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-reasons-stop")
    strength = gr.Slider(0, 1, value=1, step=0.05, label=label("cifar.strength"), elem_id="cifar-strength")
    changed_view = viewer("cifar-changed", elem_id="cifar-changed")
    view = viewer("cifar-reasons", elem_id="cifar-reasons", value=message("twins", **permuted_twins(lab)))
    stops = Stops()

    @shown
    def run(
        name: str,
        count: float,
        source: str,
        request: gr.Request,
        progress: Any = gr.Progress(),  # noqa: B008
    ) -> Iterator[str]:
        from core.pictures.robustness import measure

        kind, _ = check_change(name, 0)
        language, steps = language_of(request), len(kind.strengths())

        def report(share: float) -> None:
            progress(share, desc=say(language, "app.loading_model"))

        parts = chosen(lab, permuted=True)
        last = None
        with leased(lab, parts, report) as found, stops.running(request) as stopped:
            given = (list(found.values()), galleries.open(source), name, count, 0)
            for last in borrow_steps(EVALUATION, stopped, measure, *given):
                yield robustness_message(last, parts, "running", kind.unit, steps)
        if last is not None:
            state = "done" if len(last.strengths) == steps else "stopped"
            yield robustness_message(last, parts, state, kind.unit, steps)

    @shown
    def preview(name: str, strength: float, source: str, request: gr.Request) -> str:
        kind, checked = check_change(name, strength)
        gallery = galleries.open(source)
        pixels, labels = np.asarray(gallery.pixels[:PREVIEWED]), gallery.labels[:PREVIEWED]
        parts = chosen(lab)
        models = []
        with leased(lab, parts) as found:
            answers = borrow(PICTURE, answered, list(found.values()), pixels, labels, kind, checked)
            for about, (given, p) in zip(described(parts), answers, strict=True):
                guesses = p.argmax(axis=1)
                said = [[int(guess), round(float(row[guess]), 4)] for guess, row in zip(guesses, p, strict=True)]
                models.append({**about, "sprite": sprite(given), "said": said})
        return message(
            "changed", change=name, strength=checked, unit=kind.unit, labels=labels.tolist(), models=models,
            original=sprite(pixels), attack=kind.attack,
        )  # fmt: skip

    @shown
    def another(name: str, request: gr.Request) -> Any:
        kind, _ = check_change(name, 0)
        half = round(kind.strongest / 2 / kind.step) * kind.step
        return gr.Slider(maximum=kind.strongest, step=kind.step, value=half)

    def halt(request: gr.Request) -> None:
        stops.stop(request)

    start.click(run, [change, count, source], view, show_progress="minimal", **LONG)
    stop.click(halt, None, None, queue=False, api_visibility="private")
    inputs = [change, strength, source]
    strength.release(preview, inputs, changed_view, show_progress="minimal", trigger_mode="always_last", **MODEL_WORK)
    chosen_change = change.input(another, change, strength, queue=False, api_visibility="private")
    chosen_change.then(preview, inputs, changed_view, show_progress="minimal", **MODEL_WORK)
    source.input(preview, inputs, changed_view, show_progress="minimal", **MODEL_WORK)
    tab.select(preview, inputs, changed_view, show_progress="minimal", **MODEL_WORK)
