"""The public endpoints ``/segment`` and ``/score``. Their names and answers are stable."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.lanes import MODEL
from components.page.made_files import MadeFiles
from components.segmentation.notes import doubt, picture_notes
from components.segmentation.truth import foreign, foreign_sentence, number, reading_notes
from core.data.labels import scene_class
from core.errors import ImageError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion, annotation_of
from core.scene.score import score as agreement
from core.scene.score import shift_of


def build(lab: Lab, made: MadeFiles) -> None:
    """Register both. The masks are files of the session that asked, and go with them."""
    image, model = gr.File(type="filepath", visible=False), gr.Textbox("", visible=False)
    shares, mask = gr.JSON(visible=False), gr.File(visible=False)
    called = gr.Button(visible=False)
    called.click(shown(segment, lab, made), [image, model], [shares, mask], api_name="segment", **MODEL.options)
    annotation, scores = gr.File(type="filepath", visible=False), gr.JSON(visible=False)
    asked = gr.Button(visible=False)
    asked.click(shown(score, lab), [image, annotation, model], scores, api_name="score", **MODEL.options)


def segment(
    lab: Lab, made: MadeFiles, image: str | None, model: str, request: gr.Request
) -> tuple[dict[str, Any], str]:
    """One picture: its classes with their shares, and a PNG with the ADE20K id of every pixel."""
    if not isinstance(image, str):
        raise ImageError("images.gone")
    question = SceneQuestion.of_file(lab, image, model, "exact")
    result = question.result()
    height, width = result.classes.shape
    classes = [
        {"id": known.id, "name": known.name, "color": known.color, "share": round(float(share), 6)}
        for known, share in zip((scene_class(int(i)) for i in result.ids), result.shares, strict=True)
    ]
    file = made.path(request, f"segment-{question.digest}-{question.model}", "mask.png")
    Image.fromarray(result.classes).save(file)
    notes = said_of(question, language_of(request))
    return {"model": question.model, "width": width, "height": height, "classes": classes, "notes": notes}, str(file)


def said_of(question: SceneQuestion, language: str) -> list[str]:
    """What has to be said about a picture beside its classes."""
    return [*picture_notes(question, language), *filter(None, [doubt(question, language)])]


def score(lab: Lab, image: str | None, annotation: str | None, model: str, request: gr.Request) -> dict[str, Any]:
    """A picture's classes against its annotation, read as the page reads it: mean IoU, and each class that occurs.

    ``ignored``: pixels that are not annotated, and left out. Errors: those of decoding, an unknown model.
    """
    if not isinstance(image, str) or not isinstance(annotation, str):
        raise ImageError("images.gone")
    question = SceneQuestion.of_file(lab, image, model, "exact")
    truth = annotation_of(lab, annotation, question.picture())  # checked before anybody waits for a model
    assert truth is not None, "a file came"
    result, language = question.result(), language_of(request)
    report = agreement(result.classes, truth.ids)
    shift = shift_of(result.classes, truth, report)
    notes = [*said_of(question, language), *reading_notes(truth, report, shift, language)]
    if unknown := foreign(result.known, truth.ids):
        notes.append(foreign_sentence(unknown, report, language))
    return {
        "mean_iou": number(report.mean_iou),
        "pixel_accuracy": number(report.pixel_accuracy),
        "ignored": report.ignored,
        "classes": [
            {"id": id, "name": scene_class(id).name, "iou": number(float(report.iou[id]))}
            for id in np.flatnonzero(report.union).tolist()
        ],
        "notes": notes,
    }
