"""The live evaluation: two matrices that grow, and the pictures behind every cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar import own
from components.cifar.messages import SHOWN, evaluation_content, growth_content, pictures_content
from components.cifar.parts import beits, count_field, follows, source_field
from components.cifar.questions import CellAsk, EvaluateAsk, GrowthAsk, ReplayAsk, WorstAsk
from components.page.desk import Context, Desk
from components.page.i18n import label
from components.page.lanes import LIGHT, LONG
from components.page.viewer import viewer
from core.checks import MAX_SEED
from core.data.test_set_folder import PREFIX
from core.errors import LabError, RangeError
from core.lab.kept_runs import kept_evaluation, kept_run
from core.lab.lab import Lab
from core.lab.own_set import OWN
from core.lab.picture_counts import to_evaluate
from core.lab.picture_runs import EvaluationQuestion, Run, pixels_of, recorded_steps, sources
from core.pictures.evaluation import MAX_COUNT
from core.pictures.mistakes import cell_places, only_wrong_places, worst_places
from core.pictures.recorded import RECORDED
from core.pictures.results import Evaluation

COUNT = 1000  # pictures that the page offers to begin with
START = "(...given) => AttentionLab.tell('cifar/evaluation', 'start', ...given)"
STOP = "() => AttentionLab.tell('cifar/evaluation', 'stop')"
CHOSEN = "(...given) => AttentionLab.tell('cifar/own', 'chosen', ...given)"
# Count, source and seed as a link names them; what it does not name stays.
LINKED = """(count, source, seed) => {
  const query = new URLSearchParams(location.search);
  if (query.get("lab") !== "cifar" || query.get("view") !== "evaluation") return [count, source, seed];
  const written = (name, now) => {
    const text = query.get(name) ?? "";
    return /^[0-9]{1,10}$/.test(text) && Number(text) <= %d ? Number(text) : now;
  };
  const known = %s.includes(query.get("source"));
  return [written("count", count), known ? query.get("source") : source, written("seed", seed)];
}"""


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view."""

    count: gr.Number
    source: gr.Dropdown
    seed: gr.Number
    model: gr.Dropdown
    start: gr.Button
    stop: gr.Button
    offered: list[str]  # sources


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    counts = to_evaluate(lab)
    with gr.Row(equal_height=False, elem_classes="lab-input"):
        count = count_field(counts, COUNT, "cifar-count")
        source = source_field(counts, (OWN,), min_width=200, elem_id="cifar-source")
        with gr.Column(min_width=180):
            start = gr.Button(label("cifar.start"), variant="primary", elem_id="cifar-start")
            stop = gr.Button(label("cifar.stop"), elem_id="cifar-stop")
    with gr.Accordion(label("cifar.more"), open=False), gr.Row():
        seed = gr.Number(0, label=label("cifar.seed"), precision=0, minimum=0, elem_id="cifar-seed")
        model = gr.Dropdown(**beits(lab), label=label("cifar.beit_model"), elem_id="cifar-beit")
    viewer("cifar/own", elem_id="cifar-own")
    viewer("cifar/evaluation", elem_id="cifar-evaluation")
    viewer("cifar/pictures", elem_id="cifar-pictures")
    return Parts(count, source, seed, model, start, stop, [*counts, OWN])


def connect(desk: Desk, demo: gr.Blocks, parts: Parts) -> None:
    """Let the components tell the viewer, and the desk answer it."""
    inputs = [parts.count, parts.source, parts.seed, parts.model]
    for trigger in (parts.start.click, parts.count.submit):
        trigger(None, inputs, None, js=START)
    parts.stop.click(None, None, None, js=STOP)
    follows(parts.source, parts.count, lambda: to_evaluate(desk.lab))
    for field in (parts.source, parts.model):
        field.change(None, [parts.source, parts.model], None, js=CHOSEN)
    demo.load(None, inputs[:3], inputs[:3], js=LINKED % (MAX_SEED, json.dumps(parts.offered)))
    desk.takes(EvaluateAsk, evaluate, LONG)
    desk.takes(ReplayAsk, replay, LONG)
    desk.takes(GrowthAsk, growth, LIGHT)
    desk.takes(CellAsk, cell, LIGHT)
    desk.takes(WorstAsk, worst, LIGHT)
    own.connect(desk)


def evaluate(lab: Lab, ask: EvaluateAsk, context: Context) -> Iterator[dict[str, Any]]:
    """How the evaluation stands, again and again, each time with its name."""
    question = EvaluationQuestion.read(ask.count, ask.source, ask.seed, ask.beit)
    yield from _told(lab, question, context)


def replay(lab: Lab, ask: ReplayAsk, context: Context) -> Iterator[dict[str, Any]]:
    """The recorded run, or one of the shipped pictures, as any other evaluation."""
    yield from _told(lab, EvaluationQuestion(MAX_COUNT, RECORDED if RECORDED in sources(lab) else "shipped"), context)


def growth(lab: Lab, ask: GrowthAsk, context: Context) -> dict[str, Any]:
    """``{growth}``: the matrices of the recorded run as they grew, or None where nothing was recorded."""
    return {"growth": growth_content(recorded_steps(lab))}


def _told(lab: Lab, question: EvaluationQuestion, context: Context) -> Iterator[dict[str, Any]]:
    left_out = lab.galleries.open(question.source).left_out if question.source.startswith(PREFIX) else 0
    with closing(kept_evaluation(lab, question, context.stopped, context.loading)) as steps:  # type: ignore[type-var]
        for name, run in steps:
            yield {"run": name, "none": left_out, **evaluation_content(run, "done" if run.done else "running")}


def cell(lab: Lab, ask: CellAsk, context: Context) -> dict[str, Any]:
    """The pictures in a cell of a matrix, or of a difference matrix. Errors: DataError where the run is not kept."""
    run = kept_run(lab, ask.run, ask.seen)
    evaluated = _has(run, ask.model)
    picked = cell_places(evaluated, ask.model, ask.truth, ask.predicted)
    if ask.want == "cifar.difference":
        if len(evaluated.answers) != 2:
            raise RangeError("cifar.not_a_request")
        picked = np.intersect1d(picked, only_wrong_places(evaluated, ask.model, 1 - ask.model))
    return _shown(
        lab, run, picked, {"what": ask.want.removeprefix("cifar."), **ask.model_dump(exclude={"want", "run", "seen"})}
    )


def worst(lab: Lab, ask: WorstAsk, context: Context) -> dict[str, Any]:
    """The mistakes of which a model was surest. Errors: DataError where the run is not kept, or a recorded one."""
    run = kept_run(lab, ask.run, ask.seen)
    return _shown(lab, run, worst_places(_has(run, ask.model), ask.model), {"what": "worst", "model": ask.model})


def _has(run: Run, model: int) -> Evaluation:
    """The run's evaluation, in which there is that model. Errors: RangeError."""
    if model >= len(run.evaluation.answers):
        raise RangeError("cifar.not_a_request")
    return run.evaluation


def _shown(
    lab: Lab, run: Run, picked: np.ndarray[tuple[int], np.dtype[np.int64]], title: dict[str, Any]
) -> dict[str, Any]:
    try:
        pixels = pixels_of(lab, run, picked[:SHOWN])
    except LabError:
        pixels = None  # the source is gone: what is known without the pictures is still shown
    return pictures_content(run, picked, title, pixels)
