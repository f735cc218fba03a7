"""What the page needs to draw an annotation by itself, and files of drawings, read as ``/score`` reads them."""

from __future__ import annotations

from typing import Any

from PIL import Image

from components.page.desk import Context
from components.page.viewer import packed
from components.segmentation.answers import shown
from components.segmentation.messages import shown_size, stored
from components.segmentation.questions import GroundAsk, ReadingAsk
from components.segmentation.truth import class_name
from core.data.labels import ade20k
from core.errors import ImageError
from core.lab.lab import Lab
from core.lab.scene import annotation_of
from core.texts import say


def ground(lab: Lab, ask: GroundAsk, context: Context) -> dict[str, Any]:
    """What is drawn on: the model's id of every pixel (H, W) of the picture's own size, and all of ADE20K's classes.

    ``picture``: a file of that size where the browser would show another picture than the model saw, and the page has
    no more than a small one; else None. Errors: those of decoding, an unknown model.
    """
    question = shown(lab, ask, context)
    result, picture = question.result(), question.picture()
    height, width = result.classes.shape
    larger = picture.notes and shown_size(width, height) != (width, height)
    image = stored(Image.fromarray(picture.pixels), "JPEG", quality=90) if larger else None
    return {
        "size": [width, height],
        "ids": packed(result.classes),
        "names": {str(known.id): class_name(context.language, known.id) for known in ade20k()},
        "colors": {str(known.id): known.color for known in ade20k()},
        "known": [int(id) for id in result.known],
        "picture": image and context.file("ground.jpg", image),
    }


def reading(lab: Lab, ask: ReadingAsk, context: Context) -> dict[str, Any]:
    """A file of a drawing, which comes along: its id of every pixel (H, W), and sentences on how it was read.

    Errors: those of :func:`core.data.annotations.read_annotation`; ImageError where no file came.
    """
    picture = shown(lab, ask, context).picture()
    read = annotation_of(lab, context.annotation, picture)
    if read is None:
        raise ImageError("images.gone")
    return {"ids": packed(read.ids), "notes": [say(context.language, note) for note in read.notes]}
