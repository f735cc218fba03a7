"""The Attention lab: sentences in, every head of every layer out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from components.attention import messages
from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.viewer import asks, event_data, viewer
from core.checks import written
from core.errors import LabError, RangeError
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.texts import say

EXAMPLES = ("reference", "pair", "pronoun", "persian")
MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}
MOST = 999_999  # the largest number that is read from a link
SLICES: dict[str, Any] = {"concurrency_id": "slices", "concurrency_limit": 8, "api_visibility": "private"}


def example(name: str) -> tuple[str, str]:
    """The two sentences of an example; they are the same in every language of the page."""
    return say("en", f"attention.examples.{name}.a"), say("en", f"attention.examples.{name}.b")


def linked_look(query: dict[str, str], lab: Lab) -> tuple[Look, int]:
    """Look and layer (from 0) that a link names; the reference's sentence where it names none."""
    a, b = example("reference")
    if "a" in query:
        a, b = query["a"], query.get("b", "")
    masked = [position for m in query.get("masked", "").split(",") if (position := written(m, MOST)) is not None]
    given = {
        "model": query.get("model", ""),
        "a": a,
        "b": b,
        "special": query.get("special") == "1",
        "masked": masked,
        "segments": query.get("segments", "normal"),
    }
    return Look.read(given, lab), (written(query.get("layer"), MOST) or 1) - 1


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the lab inside ``tab`` and connect it."""
    offered = [(spec.title, spec.name) for spec in lab.offered("attention")]
    default = lab.find("", "attention").name
    first_a, first_b = example("reference")
    with gr.Row(elem_classes="lab-input", equal_height=True):
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
        model = gr.Dropdown(
            offered, value=default, label=label("attention.model"), scale=2, min_width=170, elem_id="attention-model"
        )
        go = gr.Button(label("attention.look"), variant="primary", scale=1, min_width=90, elem_id="attention-look")
    with gr.Row(elem_classes="lab-chips"):
        chips = [
            gr.Button(
                label(f"attention.examples.{name}.name"), size="sm", scale=0, min_width=84, elem_id=f"attention-{name}"
            )
            for name in EXAMPLES
        ]
        special = gr.Checkbox(False, label=label("attention.special"), container=False, min_width=300)
    view = viewer("attention", elem_id="attention-viewer")

    @shown
    def show(
        model: str,
        a: str,
        b: str,
        special: bool,
        request: gr.Request,
        progress: Any = gr.Progress(),  # noqa: B008
    ) -> str:
        look = Look.read({"model": model, "a": a, "b": b, "special": special}, lab)
        return _looked(lab, look, 0, 0, request, progress)

    @shown
    def again(event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        ask = _ask(event)
        layer = ask.get("layer") if isinstance(ask.get("layer"), int) else 0
        return _looked(lab, Look.read(ask.get("look"), lab), layer, messages.slot_of(ask), request, progress)

    def answered(event: gr.EventData, request: gr.Request, answers: dict[str, Any]) -> str:
        ask = _ask(event)
        make = answers.get(str(ask.get("want")))
        if make is None:
            raise RangeError("attention.want", choices=", ".join(answers))
        return str(make(lab, Look.read(ask.get("look"), lab), ask, language_of(request)))

    @shown
    def answer(event: gr.EventData, request: gr.Request) -> str:
        return answered(event, request, messages.SLICED)

    @shown
    def work(event: gr.EventData, request: gr.Request) -> str:
        return answered(event, request, messages.WORKED)

    @shown
    def open_page(request: gr.Request) -> tuple[Any, ...]:
        def opened(query: dict[str, str], *notes: str) -> tuple[Any, ...]:
            look, layer = linked_look(query, lab)
            return look.a, look.b, look.model, look.special, _looked(lab, look, layer, 0, request, None, notes)

        try:
            return opened(dict(request.query_params))
        except LabError as error:  # a link that leads nowhere says why, above what a page without one opens with
            language = language_of(request)
            return opened({}, say(language, "attention.link_failed", reason=error.sentence(language)))

    inputs = [model, a, b, special]
    for trigger in (go.click, a.submit, b.submit, model.input):
        trigger(show, inputs, view, show_progress="minimal", trigger_mode="once", **MODEL_WORK)
    for name, chip in zip(EXAMPLES, chips, strict=True):
        sentences = example(name)
        picked = chip.click(lambda chosen=sentences: chosen, None, [a, b], queue=False, api_visibility="private")
        picked.then(show, inputs, view, show_progress="minimal", **MODEL_WORK)
    # Two sides of a comparison may ask at once, and neither may be dropped.
    asks(view, "submit", again, None, view, show_progress="minimal", trigger_mode="multiple", **MODEL_WORK)
    asks(view, "select", answer, None, view, show_progress="hidden", trigger_mode="multiple", **SLICES)
    asks(view, "input", work, None, view, show_progress="hidden", trigger_mode="multiple", **MODEL_WORK)
    demo.load(open_page, None, [a, b, model, special, view], show_progress="hidden", **MODEL_WORK)


def _ask(event: gr.EventData) -> dict[str, Any]:
    """What a viewer sent with its event."""
    ask = event_data(event)
    if not isinstance(ask, dict):
        raise RangeError("attention.not_a_look")
    return ask


def _looked(
    lab: Lab, look: Look, layer: int, slot: int, request: gr.Request, progress: Any, notes: Sequence[str] = ()
) -> str:
    language = language_of(request)

    def report(share: float) -> None:
        if progress is not None:
            progress(share, desc=say(language, "app.loading_model"))

    attention = text.attention(lab, look, report)
    return messages.looked(lab, look, attention, layer, slot, language, notes)
