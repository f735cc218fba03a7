"""The Attention lab: sentences in, every head of every layer out."""

from __future__ import annotations

import json
from dataclasses import dataclass

import gradio as gr

from components.attention import answers, fill, grades, journey, scissors, verdict
from components.attention.bertviz import bertviz
from components.attention.builder import build as build_bert
from components.attention.questions import (
    BertvizAsk,
    BuildAsk,
    EmbeddingsAsk,
    FillAsk,
    FillContrastAsk,
    FillLensAsk,
    FillReasonsAsk,
    InsideAsk,
    JourneyAsk,
    JourneyHeadAsk,
    JourneyPlanAsk,
    JourneyTrailAsk,
    LayerAsk,
    LookAsk,
    OcclusionAsk,
    PruneAsk,
    SentencesAsk,
    TraceAsk,
    VerdictAsk,
)
from components.page.desk import Desk, Handler
from components.page.i18n import label
from components.page.lanes import IN_THE_PAGE, LIGHT, LONG, MODEL
from components.page.questions import Question
from components.page.viewer import viewer
from core.lab.lab import Lab
from core.lab.verdict import stages
from core.texts import LANGUAGES, say

EXAMPLES = ("reference", "pair", "pronoun", "persian")
LOOK = "(model, a, b, special) => AttentionLab.tell('attention', 'look', {model, a, b, special})"
# Another model: the field names the one that answered in the end.
CHOSEN = "(model, a, b, special) => AttentionLab.heard('attention', 'chosen', {model, a, b, special})"

JOURNEY: dict[type[Question], Handler] = {
    JourneyPlanAsk: journey.plan,
    JourneyAsk: journey.walk,
    JourneyHeadAsk: journey.head,
    JourneyTrailAsk: journey.trail,
}
FILL: dict[type[Question], Handler] = {
    FillAsk: fill.answer,
    FillReasonsAsk: fill.reasons,
    FillLensAsk: fill.lens,
    FillContrastAsk: fill.contrast,
}


@dataclass(frozen=True)
class Parts:
    """The fields above the viewer: two sentences, a model, a button, an example a chip, how [MASK] is read.

    ``opened``, which nobody sees, brings the sentences of a link into the fields.
    """

    a: gr.Textbox
    b: gr.Textbox
    model: gr.Dropdown
    go: gr.Button
    chips: dict[str, gr.Button]
    special: gr.Checkbox
    opened: gr.Button


def example(name: str) -> tuple[str, str]:
    """The two sentences of an example; they are the same in every language of the page."""
    return say("en", f"attention.examples.{name}.a"), say("en", f"attention.examples.{name}.b")


def build(desk: Desk, demo: gr.Blocks) -> None:
    """Lay out the lab and connect it."""
    connect(desk, demo, lay_out(desk.lab))


def lay_out(lab: Lab) -> Parts:
    """The fields, and under them the viewer."""
    with gr.Row(elem_classes="lab-input", equal_height=True):
        a, b = _sentences()
        model = gr.Dropdown(
            [(spec.title, spec.name) for spec in lab.offered("attention")],
            value=lab.find("", "attention").name,
            label=label("attention.model"),
            scale=2,
            min_width=170,
            elem_id="attention-model",
        )
        go = gr.Button(label("attention.look"), variant="primary", scale=1, min_width=90, elem_id="attention-look")
    with gr.Row(elem_classes="lab-chips"):
        chips = {
            name: gr.Button(
                label(f"attention.examples.{name}.name"), size="sm", scale=0, min_width=84, elem_id=f"attention-{name}"
            )
            for name in EXAMPLES
        }
        special = gr.Checkbox(False, label=label("attention.special"), container=False, min_width=300)
    viewer("attention", elem_id="attention-viewer")
    return Parts(a, b, model, go, chips, special, gr.Button(visible="hidden", elem_id="attention-opened"))


def _sentences() -> tuple[gr.Textbox, gr.Textbox]:
    first_a, first_b = example("reference")
    a = gr.Textbox(
        first_a,
        label=label("attention.sentence_a"),
        lines=1,
        max_lines=4,
        scale=4,
        min_width=250,
        elem_id="attention-a",
    )
    b = gr.Textbox(
        first_b,
        label=label("attention.sentence_b"),
        placeholder=label("attention.sentence_b_hint"),
        lines=1,
        max_lines=4,
        scale=3,
        min_width=220,
        elem_id="attention-b",
    )
    return a, b


def connect(desk: Desk, demo: gr.Blocks, parts: Parts) -> None:
    """Let the fields tell the viewer, and the desk answer it."""
    inputs = [parts.model, parts.a, parts.b, parts.special]
    for trigger in (parts.go.click, parts.a.submit, parts.b.submit):
        trigger(None, inputs, None, js=LOOK, **IN_THE_PAGE)
    parts.model.input(None, inputs, [parts.model], js=CHOSEN, trigger_mode="multiple", **IN_THE_PAGE)
    for name, chip in parts.chips.items():
        chip.click(None, [parts.model, parts.special], [parts.a, parts.b], js=_chosen(name), **IN_THE_PAGE)
    for trigger in (demo.load, parts.opened.click):
        trigger(None, None, [parts.a, parts.b, parts.model, parts.special], js=_opening(desk.lab), **IN_THE_PAGE)
    desk.takes(VerdictAsk, verdict.answer, MODEL)
    desk.takes(TraceAsk, scissors.trace, MODEL)
    desk.takes(PruneAsk, scissors.prune, LONG)
    desk.takes(LookAsk, answers.look, MODEL)
    desk.takes(InsideAsk, answers.inside, MODEL)
    desk.takes(EmbeddingsAsk, answers.embeddings, MODEL)
    desk.takes(OcclusionAsk, answers.occlusion, MODEL)
    for ask, answer in (JOURNEY | FILL).items():
        desk.takes(ask, answer, MODEL)
    desk.takes(LayerAsk, answers.layer, LIGHT)
    desk.takes(BertvizAsk, bertviz, LIGHT)
    desk.takes(BuildAsk, build_bert, LIGHT)
    desk.takes(SentencesAsk, grades.answer, LIGHT)


def readers(lab: Lab) -> dict[str, str]:
    """By language of the page: the first model whose files are here that has read it. English needs none: all have."""
    here = [spec for spec in lab.offered("attention") if lab.status(spec) == "here"]
    found = {
        language: [spec.name for spec in here if language in spec.languages]
        for language in LANGUAGES
        if language != "en"
    }
    return {language: names[0] for language, names in found.items() if names}


def _opening(lab: Lab) -> str:
    """The viewer reads the page's link and asks, and the fields show what it opened with.

    It is told which models have read the page's language, and the network whose training the Scene tells.
    """
    names = [stage.model.name for stage in stages(lab)]
    told = {"readers": readers(lab), "judge": names[-1] if names else ""}
    return f"() => AttentionLab.heard('attention', 'opened', {json.dumps(told)})"


def _chosen(name: str) -> str:
    """What a chip does in the page: its sentences are looked at, and stand in the fields."""
    sentences = json.dumps(example(name))
    return (
        f"(model, special) => {{ const [a, b] = {sentences};"
        " AttentionLab.tell('attention', 'look', {model, a, b, special}); return [a, b]; }"
    )
