"""The live evaluation: two matrices that grow, and the pictures behind every cell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import SHOWN, evaluation_message, pictures_message
from components.cifar.parts import Chosen, asked, chosen, leased, recordings, sources, whole
from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.stops import Stops
from components.page.viewer import asks, message, viewer
from core.data.galleries import DATA, Galleries, Pixels
from core.engines.zerogpu import EVALUATION, borrow_steps
from core.errors import DataError, LabError, RangeError
from core.lab.lab import Lab
from core.pictures.evaluation import evaluate, paced
from core.pictures.mistakes import cell_places, only_wrong_places, worst_places
from core.pictures.recorded import RECORDED, replay
from core.pictures.results import Evaluation
from core.texts import say

COUNT = 1000  # pictures that the page offers to begin with
PAUSE = 0.1  # seconds between two steps of a replay, which would else be over before it is seen
# Long jobs wait for each other and not for a slot that a single picture needs.
LONG: dict[str, Any] = {"concurrency_id": "cifar-long", "concurrency_limit": 2, "api_visibility": "private"}
QUICK: dict[str, Any] = {"concurrency_id": "slices", "concurrency_limit": 8, "api_visibility": "private"}


@dataclass(frozen=True, eq=False)
class Run:
    """What this browser tab's evaluation has come to, for the cells that somebody clicks."""

    evaluation: Evaluation
    parts: Chosen
    hashes: tuple[str, ...] | None = None  # of a recorded run's pictures


def slowly(steps: Iterator[Evaluation]) -> Iterator[Evaluation]:
    """A replay at a pace at which a class can follow."""
    for step in steps:
        yield step
        time.sleep(PAUSE)


def stream(lab: Lab, galleries: Galleries, request: dict[str, Any], stopped: Any, report: Any) -> Iterator[Run]:
    """The steps of the evaluation that ``request`` (count, source, seed, beit) asks for."""
    count, source, seed = request["count"], request["source"], request["seed"]
    parts = chosen(lab, request["beit"])
    if source == RECORDED:
        found = recordings(parts)
        if not found:
            raise DataError("cifar.no_recording", model=", ".join(spec.name for spec in parts.values()))
        parts = {part: spec for part, spec in parts.items() if part in found}
        hashes = next(iter(found.values())).hashes
        for step in slowly(replay(list(found.values()), count, seed, stopped)):
            yield Run(step, parts, hashes)
        return
    gallery = galleries.open(source)
    with leased(lab, parts, report) as classifiers:
        steps = borrow_steps(EVALUATION, stopped, evaluate, list(classifiers.values()), gallery, count, seed)
        for step in paced(steps):
            yield Run(step, parts)


def pixels_of(galleries: Galleries, run: Run, picked: Any) -> Pixels | None:
    """The pictures at ``picked``; None for a recorded run whose pictures are not at hand."""
    places = run.evaluation.order[picked]
    if run.hashes is None:
        return np.asarray(galleries.open(run.evaluation.source).pixels[places])
    if DATA not in galleries.sources:
        return None
    gallery = galleries.open(DATA)
    found = [gallery.places.get(run.hashes[place]) for place in places]
    return None if None in found else np.asarray(gallery.pixels[found])


def build(lab: Lab, galleries: Galleries, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the view and connect it; it opens with the recorded run, or one of the shipped pictures."""
    offered = [(spec.title, spec.name) for spec in lab.offered("cifar10-beit")]
    choices = [(label(f"cifar.sources.{name}"), name) for name in sources(lab, galleries)]
    with gr.Row(equal_height=False, elem_classes="lab-input"):
        count = gr.Number(
            COUNT, label=label("cifar.count"), precision=0, minimum=1, maximum=10_000, min_width=110,
            elem_id="cifar-count",
        )  # fmt: skip
        source = gr.Dropdown(
            choices, value=galleries.default, label=label("cifar.source"), min_width=200, elem_id="cifar-source"
        )
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.start"), variant="primary", elem_id="cifar-start")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-stop")
    with gr.Accordion(label("cifar.more"), open=False), gr.Row():
        seed = gr.Number(0, label=label("cifar.seed"), precision=0, minimum=0, elem_id="cifar-seed")
        model = gr.Dropdown(
            offered, value=offered[0][1] if offered else None, label=label("cifar.beit_model"), elem_id="cifar-beit"
        )
    view = viewer("cifar-evaluation", elem_id="cifar-evaluation")
    pictures = viewer("cifar-pictures", elem_id="cifar-pictures")
    kept: Any = gr.State(None, time_to_live=3600)
    stops = Stops()

    @shown
    def run(
        count: float,
        source: str,
        seed: float,
        beit: str,
        request: gr.Request,
        progress: Any = gr.Progress(),  # noqa: B008
    ) -> Iterator[tuple[Any, ...]]:
        language = language_of(request)

        def report(share: float) -> None:
            progress(share, desc=say(language, "app.loading_model"))

        asked_for = {"count": count, "source": source, "seed": seed, "beit": beit}
        now: Run | None = None
        with stops.running(request) as stopped:
            for now in stream(lab, galleries, asked_for, stopped, report):
                yield now, evaluation_message(now.evaluation, now.parts, "running"), message("nothing")
        if now is not None:
            whole_run = now.evaluation.seen == now.evaluation.total
            state = "done" if whole_run else "stopped"
            yield now, evaluation_message(now.evaluation, now.parts, state), gr.skip()

    @shown
    def opening(now: Run | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if now is not None:
            yield gr.skip(), gr.skip()
            return
        recorded = RECORDED in sources(lab, galleries)
        first = {"count": 10_000, "source": RECORDED if recorded else "shipped", "seed": 0, "beit": ""}
        for now in stream(lab, galleries, first, lambda: False, lambda share: None):
            state = "done" if now.evaluation.seen == now.evaluation.total else "running"
            yield now, evaluation_message(now.evaluation, now.parts, state)

    @shown
    def look(event: gr.EventData, now: Run | None, request: gr.Request) -> str:
        if now is None:
            raise DataError("cifar.lost")
        return looked(galleries, now, asked(event))

    def halt(request: gr.Request) -> None:
        stops.stop(request)

    def linked(request: gr.Request) -> Any:
        query = request.query_params
        if query.get("lab") != "cifar" or query.get("view") != "evaluation":
            return gr.skip(), gr.skip(), gr.skip()
        numbers = [int(query[n]) if query.get(n, "").isdigit() else gr.skip() for n in ("count", "seed")]
        known = query.get("source") in sources(lab, galleries)
        return numbers[0], query["source"] if known else gr.skip(), numbers[1]

    started = [start.click, count.submit]
    for trigger in started:
        trigger(run, [count, source, seed, model], [kept, view, pictures], show_progress="minimal", **LONG)
    stop.click(halt, None, None, queue=False, api_visibility="private")
    asks(view, "select", look, kept, pictures, shows=pictures, show_progress="minimal", **QUICK)
    demo.load(linked, None, [count, source, seed], queue=False, api_visibility="private")
    tab.select(opening, kept, [kept, view], show_progress="minimal", **LONG)


def looked(galleries: Galleries, run: Run, ask: dict[str, Any]) -> str:
    """The pictures that a click asks for: a cell of a matrix, of a difference matrix, or the worst mistakes."""
    evaluation, want = run.evaluation, ask.get("want")
    model = whole(ask, "model", len(evaluation.answers) - 1)
    title: dict[str, Any] = {"want": want, "model": model}
    if want == "worst":
        picked = worst_places(evaluation, model)
    elif want in ("cell", "difference"):
        truth, predicted = whole(ask, "truth", 9), whole(ask, "predicted", 9)
        picked = cell_places(evaluation, model, truth, predicted)
        title |= {"truth": truth, "predicted": predicted}
        if want == "difference":
            if len(evaluation.answers) != 2:
                raise RangeError("cifar.not_a_request")
            picked = np.intersect1d(picked, only_wrong_places(evaluation, model, 1 - model))
    else:
        raise RangeError("cifar.not_a_request")
    try:
        pixels = pixels_of(galleries, run, picked[:SHOWN])
    except LabError:
        pixels = None  # the source is gone: what is known without the pictures is still shown
    return pictures_message(evaluation, run.parts, picked, title, pixels)
