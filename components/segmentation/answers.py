"""Who answers the Segmentation lab's questions. Results become plain data in :mod:`messages`."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from components.page.desk import Context
from components.segmentation import examples, messages
from components.segmentation.questions import ExportAsk, PatchAsk, SceneAsk, ShownQuestion, SquareAsk, StepsAsk
from components.shared.pixels import sent_pixels
from core.checks import share
from core.data.labels import palette
from core.data.photographs import withheld
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion, annotation_of
from core.pictures.squares import small_square, square_box
from core.scene.results import Segmentation
from core.texts import say


def look(lab: Lab, ask: SceneAsk, context: Context) -> dict[str, Any]:
    """All that the page needs to draw a picture's classes; ``files`` of an example, and ``picture`` where the browser
    would show another one than the model saw.

    Errors: those of decoding, of models, of examples.
    """
    sent = examples.files(lab, ask.example, context) if ask.example else None
    path, annotation = (context.picture, context.annotation) if sent is None else _paths(*sent)
    question = SceneQuestion.of_file(lab, path, ask.model, ask.mode)
    picture = question.picture()
    truth = annotation_of(lab, annotation, picture, ask.counting)  # checked before anybody waits for a model

    def windows(share: float, /) -> None:
        context.progress(share, say(context.language, "segmentation.windows.working"))

    answer = messages.segmented(question, truth, context.language, context.loading, windows)
    if picture.notes:
        answer["picture"] = context.file("picture.webp", messages.shown_picture(picture.pixels))
    if sent is not None:
        answer["files"] = {"picture": sent[0], "annotation": sent[1]}
    return answer


def _paths(picture: dict[str, Any], annotation: dict[str, Any] | None) -> tuple[str, str | None]:
    return picture["path"], annotation["path"] if annotation else None


def shown(lab: Lab, ask: ShownQuestion, context: Context) -> SceneQuestion:
    """What a question is about. Errors: an unknown model."""
    return SceneQuestion.of_digest(lab, context.picture, ask.shown.model, ask.shown.mode, ask.shown.digest)


def patch(lab: Lab, ask: PatchAsk, context: Context) -> dict[str, Any]:
    """Where a patch looks. Errors: RangeError for a layer that the model has not, or a place that is none."""
    place = None if ask.cls else (_part("down", ask.down), _part("across", ask.across))
    return messages.patch(shown(lab, ask, context), ask.layer, place, context.language)


def _part(name: str, value: float | None) -> float:
    return share("segmentation.range", name, value)


def square(lab: Lab, ask: SquareAsk, context: Context) -> dict[str, Any]:
    """``{pixels, box}``: a square of the picture in 32×32, and where it lies, in the picture's own pixels."""
    pixels = shown(lab, ask, context).picture().pixels
    box = square_box(pixels.shape[1], pixels.shape[0], ask.down, ask.across, ask.part)
    return {"pixels": sent_pixels(small_square(pixels, box)), "box": list(box)}


def steps(lab: Lab, ask: StepsAsk, context: Context) -> dict[str, Any]:
    """The steps, each with the file of its picture."""
    question = shown(lab, ask, context)
    answer = messages.steps(question)
    for step, (stage, _) in zip(answer["steps"], question.stages(), strict=True):
        step["picture"] = context.file("step.png", messages.stored(Image.fromarray(stage.picture), "PNG"))
    return answer


def export(lab: Lab, ask: ExportAsk, context: Context) -> dict[str, Any]:
    """The file to be saved, of the picture's own size. Errors: RangeError for one that may not be handed on."""
    question = shown(lab, ask, context)
    if ask.what == "overlay" and question.digest in withheld():
        raise RangeError("segmentation.held")
    image = exported(question, question.result(), ask)
    return {"file": context.file(f"segmentation-{ask.what}.png", messages.stored(image, "PNG", compress_level=4))}


def exported(question: SceneQuestion, result: Segmentation, ask: ExportAsk) -> Image.Image:
    """The ids, their colours, or these over the picture."""
    if ask.what == "ids":
        return Image.fromarray(result.classes)
    colors = Image.fromarray(palette()[result.classes])
    if ask.what == "colors":
        return colors
    picture = Image.fromarray(question.picture().pixels)
    if not ask.fade:
        return Image.blend(picture, colors, ask.opacity)
    strength = np.maximum(0, 2 * result.confidence.astype(float) - 255) * ask.opacity  # as maps.js has it
    mask = Image.fromarray(strength.round().astype(np.uint8)).resize(picture.size, Image.Resampling.BILINEAR)
    return Image.composite(colors, picture, mask)
