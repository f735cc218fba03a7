"""The Segmentation lab: a picture in, the class of every pixel out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.made_files import examples_folder
from components.page.picture_input import picture_input
from components.page.viewer import asks, event_data, message, viewer
from components.segmentation import messages
from core.data import scene_examples
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion, annotation_of
from core.texts import say

MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}
SLICES: dict[str, Any] = {"concurrency_id": "slices", "concurrency_limit": 8, "api_visibility": "private"}


def example_files(lab: Lab, name: str) -> tuple[str, str | None]:
    """An example as files that gradio may serve: picture, and annotation or None. Errors: RangeError, DataError."""
    example = scene_examples.load(name, lab.settings.data, lab.settings.offline)
    folder = examples_folder()
    picture, annotation = folder / f"{example.name}.jpg", folder / f"{example.name}-annotation.png"
    if not picture.exists():
        picture.write_bytes(example.picture)
    if example.annotation is None:
        return str(picture), None
    if not annotation.exists():
        annotation.write_bytes(example.annotation)
    return str(picture), str(annotation)


def show(
    lab: Lab,
    path: str | None,
    model: object,
    mode: object,
    annotation: str | None,
    request: gr.Request,
    progress: Any,
    example: str | None = None,
) -> str:
    """The viewer's message about a file, an annotation and a model."""
    language = language_of(request)
    question = SceneQuestion.of_file(lab, path, model, mode)
    height, width = question.picture().pixels.shape[:2]
    truth = annotation_of(lab, annotation, width, height)  # checked before anybody waits for a model

    def report(share: float) -> None:
        if progress is not None:
            progress(share, desc=say(language, "app.loading_model"))

    return messages.segmented(question, truth, language, report, example)


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the lab inside ``tab`` and connect it; it shows an example when the tab is first opened."""
    offered = [(spec.title, spec.name) for spec in lab.offered("segmentation")]
    examples = scene_examples.names(lab.settings.data, lab.settings.offline)
    bundled = any(lab.find(name, "segmentation").origin == "bundled" for _, name in offered)
    with gr.Row(elem_classes="lab-chips"):
        chips = [
            gr.Button(label(f"segmentation.examples.{name}"), size="sm", min_width=60, elem_id=f"segmentation-{name}")
            for name in examples
        ]
    with gr.Row():
        with gr.Column(scale=1, min_width=230):
            picture = picture_input(
                label=label("segmentation.picture"),
                sources=["upload", "webcam", "clipboard"],
                height=190,
                elem_id="segmentation-upload",
                buttons=[],
            )
            model = gr.Dropdown(
                offered, value=offered[0][1] if offered else None, label=label("segmentation.model"),
                elem_id="segmentation-model",
            )  # fmt: skip
            with gr.Accordion(label("segmentation.annotation.title"), open=False, elem_id="segmentation-more"):
                annotation = picture_input(
                    label=label("segmentation.annotation.upload"),
                    sources=["upload"],
                    height=150,
                    elem_id="segmentation-annotation",
                    buttons=[],
                )
        with gr.Column(scale=4, min_width=300):
            view = viewer("segmentation", elem_id="segmentation-viewer")
    mode, opened = gr.State("exact"), gr.State(False)

    @shown
    def uploaded(path: str | None, model: str, mode: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        if path is None:
            return gr.skip(), None
        return show(lab, path, model, mode, None, request, progress), None

    @shown
    def again(
        path: str | None, model: str, mode: str, note: str | None, request: gr.Request,
        progress: Any = gr.Progress(),  # noqa: B008
    ) -> Any:  # fmt: skip
        return gr.skip() if path is None else show(lab, path, model, mode, note, request, progress)

    @shown
    def switched(
        event: gr.EventData, path: str | None, model: str, note: str | None, request: gr.Request,
        progress: Any = gr.Progress(),  # noqa: B008
    ) -> Any:  # fmt: skip
        mode = data.get("mode") if isinstance(data := event_data(event), dict) else None
        return show(lab, path, model, mode, note, request, progress), mode

    def answered(event: gr.EventData, path: str | None, request: gr.Request, answers: dict[str, Any]) -> str:
        ask = data if isinstance(data := event_data(event), dict) else {}
        make = answers.get(str(ask.get("want")))
        if make is None:
            raise RangeError("segmentation.want", choices=", ".join(answers))
        return str(make(SceneQuestion.of_ask(lab, path, ask), ask, language_of(request)))

    @shown
    def answer(event: gr.EventData, path: str | None, request: gr.Request) -> str:
        return answered(event, path, request, messages.SAVED)

    @shown
    def examine(event: gr.EventData, path: str | None, request: gr.Request) -> str:
        return answered(event, path, request, messages.WORKED)

    def example(name: str, model: str, mode: str, request: gr.Request, progress: Any) -> tuple[Any, ...]:
        files = example_files(lab, name)
        return *files, show(lab, files[0], model, mode, files[1], request, progress, name), True

    def pick(name: str) -> Any:
        @shown
        def picked(model: str, mode: str, request: gr.Request, progress: Any = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
            return example(name, model, mode, request, progress)

        return picked

    def linked(query: Any) -> tuple[str, str, str]:
        """Example, model and mode that a link names, or what stands there without one."""
        wanted, modes = query.get("example"), ("exact", "quick")
        named = query.get("model", "")
        known = [name for _, name in offered]
        return (
            wanted if wanted in examples else examples[0],
            named if named in known else known[0],
            query["mode"] if query.get("mode") in modes else modes[0],
        )

    @shown
    def opening(done: bool, request: gr.Request, progress: Any = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        query = request.query_params if request.query_params.get("lab") == "segmentation" else {}
        if done or not examples:
            return (gr.skip(),) * 6
        # A hub model is fetched when somebody asks for it, not because a tab was opened.
        if not (bundled or "model" in query):
            return gr.skip(), gr.skip(), message("none", key="segmentation.no_model"), True, gr.skip(), gr.skip()
        name, chosen, chosen_mode = linked(query)
        return *example(name, chosen, chosen_mode, request, progress), chosen, chosen_mode

    @shown
    def loading(request: gr.Request, progress: Any = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        return opening(request.query_params.get("lab") != "segmentation", request, progress)

    slow = {"show_progress": "minimal", "show_progress_on": view, **MODEL_WORK}
    # Gradio would drop the upload that follows at once on a removal.
    latest = {"trigger_mode": "always_last", **slow}
    picture.input(uploaded, [picture, model, mode], [view, annotation], **latest)
    for trigger in (model.input, annotation.input, annotation.clear):
        trigger(again, [picture, model, mode, annotation], view, **latest)
    for name, chip in zip(examples, chips, strict=True):
        chip.click(pick(name), [model, mode], [picture, annotation, view, opened], trigger_mode="once", **slow)
    asks(view, "submit", switched, [picture, model, annotation], [view, mode], **slow)
    asks(view, "select", answer, picture, view, show_progress="hidden", trigger_mode="multiple", **SLICES)
    asks(view, "input", examine, picture, view, show_progress="hidden", trigger_mode="multiple", **MODEL_WORK)
    everything = [picture, annotation, view, opened, model, mode]
    tab.select(opening, opened, everything, **slow)
    demo.load(loading, None, everything, **slow)
