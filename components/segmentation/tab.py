"""The Segmentation lab: a picture in, the class of every pixel out."""

from __future__ import annotations

import json
from dataclasses import dataclass

import gradio as gr

from components.page.desk import Desk, Handler
from components.page.i18n import label
from components.page.lanes import LIGHT, MODEL
from components.page.picture_input import own_picture, picture_input
from components.page.questions import Question
from components.page.viewer import viewer
from components.segmentation import answers, drawing, examples, journey
from components.segmentation.questions import (
    ExportAsk,
    GroundAsk,
    PatchAsk,
    ReadingAsk,
    SceneAsk,
    SceneHeadAsk,
    ScenePlanAsk,
    SceneTrailAsk,
    SceneWalkAsk,
    SquareAsk,
    StepsAsk,
)
from core.lab.lab import Lab

# An upload that another one follows at once is two events, and neither waits for the other.
EACH = {"trigger_mode": "multiple"}
UPLOADED = "(picture, model) => { AttentionLab.tell('segmentation', 'look', {picture, model}); return [null]; }"
AGAIN = "(picture, model, annotation) => AttentionLab.tell('segmentation', 'look', {picture, model, annotation})"
# Another model: the field names the one that answered in the end.
CHOSEN = "(picture, model, annotation) => AttentionLab.heard('segmentation', 'chosen', {picture, model, annotation})"

JOURNEY: dict[type[Question], Handler] = {
    ScenePlanAsk: journey.plan,
    SceneWalkAsk: journey.walk,
    SceneHeadAsk: journey.head,
    SceneTrailAsk: journey.trail,
}


@dataclass(frozen=True)
class Parts:
    """The boxes beside the viewer: an example a chip, a picture, a model, an annotation.

    ``opened``, which nobody sees, brings those of a link into the boxes.
    """

    chips: dict[str, gr.Button]
    picture: gr.Image
    model: gr.Dropdown
    annotation: gr.Image
    opened: gr.Button


def build(desk: Desk, demo: gr.Blocks) -> None:
    """Lay out the lab and connect it; it shows an example when its viewer is first seen."""
    connect(desk, demo, lay_out(desk.lab))


def lay_out(lab: Lab) -> Parts:
    """The viewer first, which has the picture; below it the examples, and a row of boxes."""
    offered = [(spec.title, spec.name) for spec in lab.offered("segmentation")]
    viewer("segmentation", elem_id="segmentation-viewer")
    with gr.Row(elem_classes="lab-chips"):
        chips = {
            name: gr.Button(
                label(f"segmentation.examples.{name}"), size="sm", scale=0, min_width=90, elem_id=f"segmentation-{name}"
            )
            for name in examples.names(lab)
        }
    with gr.Row(equal_height=False, elem_classes="lab-boxes"):
        picture = own_picture(label("segmentation.picture"), "segmentation-upload")
        model = gr.Dropdown(
            offered, value=offered[0][1] if offered else None, label=label("segmentation.model"), min_width=220,
            elem_id="segmentation-model",
        )  # fmt: skip
        with (
            gr.Column(min_width=260),
            gr.Accordion(label("segmentation.annotation.title"), open=False, elem_id="segmentation-more"),
        ):
            annotation = picture_input(
                label=label("segmentation.annotation.upload"),
                sources=["upload"],
                elem_id="segmentation-annotation",
            )
    return Parts(chips, picture, model, annotation, gr.Button(visible="hidden", elem_id="segmentation-opened"))


def connect(desk: Desk, demo: gr.Blocks, parts: Parts) -> None:
    """Let the boxes tell the viewer, and the desk answer it."""
    parts.picture.input(None, [parts.picture, parts.model], parts.annotation, js=UPLOADED, **EACH)
    asked = [parts.picture, parts.model, parts.annotation]
    parts.model.input(None, asked, parts.model, js=CHOSEN, **EACH)
    for trigger in (parts.annotation.input, parts.annotation.clear):
        trigger(None, asked, None, js=AGAIN, **EACH)
    for name, chip in parts.chips.items():
        picked = f"(model) => AttentionLab.heard('segmentation', 'example', {json.dumps(name)}, model)"
        chip.click(None, parts.model, [parts.picture, parts.annotation], js=picked, **EACH)
    for trigger in (demo.load, parts.opened.click):
        trigger(None, None, [parts.picture, parts.annotation, parts.model], js=_opening(desk.lab))
    desk.takes(SceneAsk, answers.look, MODEL)
    desk.takes(PatchAsk, answers.patch, MODEL)
    desk.takes(StepsAsk, answers.steps, MODEL)
    desk.takes(SquareAsk, answers.square, LIGHT)
    for ask, answer in JOURNEY.items():
        desk.takes(ask, answer, MODEL)
    desk.takes(ExportAsk, answers.export, LIGHT)
    desk.takes(GroundAsk, drawing.ground, MODEL)  # which runs anew where the cache has lost it
    desk.takes(ReadingAsk, drawing.reading, LIGHT)


def _opening(lab: Lab) -> str:
    """What a page opens with in the browser: the viewer is told what there is, and the boxes show what it took."""
    offered = lab.offered("segmentation")
    found = {
        "examples": examples.names(lab),
        "photos": examples.sources(lab),
        "sets": examples.data_sets(lab),
        "models": [spec.name for spec in offered],
        "bundled": any(spec.origin == "bundled" for spec in offered),
    }
    return f"() => AttentionLab.heard('segmentation', 'opened', {json.dumps(found)})"
