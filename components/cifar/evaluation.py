"""The live evaluation: two matrices that grow, and the pictures behind every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import SHOWN, evaluation_message, pictures_message
from components.cifar.parts import LONG, asked, beits
from components.page.feedback import bound, loading, shown
from components.page.i18n import label
from components.page.stops import running, stops_by
from components.page.viewer import asks, message, viewer
from core.checks import MAX_SEED, whole, written
from core.errors import DataError, LabError, RangeError
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, Run, evaluation, pixels_of, sources
from core.pictures.evaluation import MAX_COUNT
from core.pictures.mistakes import cell_places, only_wrong_places, worst_places
from core.pictures.recorded import RECORDED
from core.stops import Stops

COUNT = 1000  # pictures that the page offers to begin with
QUICK: dict[str, Any] = {"concurrency_id": "slices", "concurrency_limit": 8, "api_visibility": "private"}


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``kept``: this browser tab's run, for the cells that somebody clicks."""

    count: gr.Number
    source: gr.Dropdown
    seed: gr.Number
    model: gr.Dropdown
    start: gr.Button
    stop: gr.Button
    view: gr.HTML
    pictures: gr.HTML
    kept: Any


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    choices = [(label(f"cifar.sources.{name}"), name) for name in sources(lab)]
    with gr.Row(equal_height=False, elem_classes="lab-input"):
        count = gr.Number(
            COUNT, label=label("cifar.count"), precision=0, minimum=1, maximum=MAX_COUNT, min_width=110,
            elem_id="cifar-count",
        )  # fmt: skip
        source = gr.Dropdown(
            choices, value=lab.galleries.default, label=label("cifar.source"), min_width=200, elem_id="cifar-source"
        )
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.start"), variant="primary", elem_id="cifar-start")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-stop")
    with gr.Accordion(label("cifar.more"), open=False), gr.Row():
        seed = gr.Number(0, label=label("cifar.seed"), precision=0, minimum=0, elem_id="cifar-seed")
        model = gr.Dropdown(**beits(lab), label=label("cifar.beit_model"), elem_id="cifar-beit")
    view = viewer("cifar-evaluation", elem_id="cifar-evaluation")
    pictures = viewer("cifar-pictures", elem_id="cifar-pictures")
    return Parts(count, source, seed, model, start, stop, view, pictures, gr.State(None, time_to_live=3600))


def run(
    lab: Lab, stops: Stops, count: float, source: str, seed: float, beit: str, request: gr.Request,
    progress: Any = gr.Progress(),  # noqa: B008
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """The evaluation that the form asks for, and a last message that says how it ended."""
    question = EvaluationQuestion.read(count, source, seed, beit)
    now: Run | None = None
    with running(stops, request) as stopped:
        for now in evaluation(lab, question, stopped, loading(request, progress)):
            yield now, evaluation_message(now, "running"), message("nothing")
    if now is not None:
        yield now, evaluation_message(now, "done" if now.done else "stopped"), gr.skip()


def opening(lab: Lab, now: Run | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
    """What the view shows before anybody asked: the recorded run, or one of the shipped pictures."""
    if now is not None:
        yield gr.skip(), gr.skip()
        return
    first = EvaluationQuestion(MAX_COUNT, RECORDED if RECORDED in sources(lab) else "shipped")
    for now in evaluation(lab, first):
        yield now, evaluation_message(now, "done" if now.done else "running")


def select(lab: Lab, event: gr.EventData, now: Run | None, request: gr.Request) -> str:
    """The pictures behind a click."""
    if now is None:
        raise DataError("cifar.lost")
    return looked(lab, now, asked(event))


def linked(lab: Lab, request: gr.Request) -> Any:
    """Count, source and seed as a link names them; what it does not name stays."""
    query = request.query_params
    if query.get("lab") != "cifar" or query.get("view") != "evaluation":
        return gr.skip(), gr.skip(), gr.skip()
    count, seed = (written(query.get(name), MAX_SEED) for name in ("count", "seed"))
    known = query.get("source") in sources(lab)
    given = count, query["source"] if known else None, seed
    return tuple(gr.skip() if value is None else value for value in given)


def looked(lab: Lab, run: Run, ask: dict[str, Any]) -> str:
    """The pictures that a click asks for: a cell of a matrix, of a difference matrix, or the worst mistakes."""
    evaluated, want = run.evaluation, ask.get("want")
    model = _sent(ask, "model", len(evaluated.answers) - 1)
    title: dict[str, Any] = {"want": want, "model": model}
    if want == "worst":
        picked = worst_places(evaluated, model)
    elif want in ("cell", "difference"):
        truth, predicted = _sent(ask, "truth", 9), _sent(ask, "predicted", 9)
        picked = cell_places(evaluated, model, truth, predicted)
        title |= {"truth": truth, "predicted": predicted}
        if want == "difference":
            if len(evaluated.answers) != 2:
                raise RangeError("cifar.not_a_request")
            picked = np.intersect1d(picked, only_wrong_places(evaluated, model, 1 - model))
    else:
        raise RangeError("cifar.not_a_request")
    try:
        pixels = pixels_of(lab, run, picked[:SHOWN])
    except LabError:
        pixels = None  # the source is gone: what is known without the pictures is still shown
    return pictures_message(run, picked, title, pixels)


def _sent(ask: dict[str, Any], name: str, high: int) -> int:
    return whole("cifar.not_a_request", name, ask.get(name), 0, high, strict=True)


def connect(lab: Lab, parts: Parts, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Let the view answer; it opens with the recorded run, or one of the shipped pictures."""
    stops = stops_by(parts.stop)
    kept, view, pictures = parts.kept, parts.view, parts.pictures
    inputs = [parts.count, parts.source, parts.seed, parts.model]
    for trigger in (parts.start.click, parts.count.submit):
        trigger(shown(run, lab, stops), inputs, [kept, view, pictures], show_progress="minimal", **LONG)
    asks(view, "select", shown(select, lab), kept, pictures, shows=pictures, show_progress="minimal", **QUICK)
    demo.load(bound(linked, lab), None, inputs[:3], queue=False, api_visibility="private")
    tab.select(shown(opening, lab), kept, [kept, view], show_progress="minimal", **LONG)


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the view and connect it."""
    connect(lab, lay_out(lab), tab, demo)
