"""A test set that the class makes: its pictures stay in the page, which asks here what both models say of them.

One question a picture that is added, one for many that are asked anew, one for the figures of all, and one that opens a
zip: one that the page sends, which is deleted when it is read, or one of the data folder.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from components.cifar.messages import evaluation_content
from components.cifar.own_questions import OwnAgainAsk, OwnOpenAsk, OwnPictureAsk, OwnTallyAsk
from components.cifar.parts import described
from components.page.desk import Context, Desk
from components.page.lanes import LIGHT, LONG, MODEL
from components.shared.pixels import read_pixels
from core.data.galleries import Pixels
from core.data.images import read
from core.data.test_set_folder import set_file, set_sources
from core.data.test_sets import SetPicture, as_png, read_test_set
from core.errors import ImageError
from core.lab.lab import Lab
from core.lab.own_set import Said, made, said_of, tallied

AT_ONCE = 25  # pictures of a zip that are asked and told at a time


def connect(desk: Desk) -> None:
    """Let the desk answer the viewer."""
    desk.takes(OwnPictureAsk, added, MODEL)
    desk.takes(OwnAgainAsk, asked_again, MODEL)
    desk.takes(OwnTallyAsk, tally, LIGHT)
    desk.takes(OwnOpenAsk, opened, LONG)


def added(lab: Lab, ask: OwnPictureAsk, context: Context) -> dict[str, Any]:
    """``{models, picture, said}``: one picture as the models were given it, and what they say. Errors: ImageError."""
    try:
        square = base64.b64decode(ask.square, validate=True)
    except (ValueError, binascii.Error):
        raise ImageError("images.broken") from None
    picture = made(square, ask.source)
    said = said_of(lab, picture.pixels[None], ask.beit, context.loading)
    return {"models": described(said.parts), "picture": picture_part(picture), "said": said_part(said)}


def asked_again(lab: Lab, ask: OwnAgainAsk, context: Context) -> dict[str, Any]:
    """``{models, said}``: pictures that the page has, through another BEiT."""
    pixels = np.stack([read_pixels(one) for one in ask.pixels])  # (n, 32, 32, 3)
    said = said_of(lab, pixels, ask.beit, context.loading)
    return {"models": described(said.parts), "said": said_part(said)}


def tally(lab: Lab, ask: OwnTallyAsk, context: Context) -> dict[str, Any]:
    """How both models stand on the pictures so far, as of any evaluation; ``sets``: what the data folder offers."""
    run = tallied(lab, ask.labels, ask.predicted, ask.beit)
    content = evaluation_content(run, "own") | {"pace": None, "run": ""}
    none = len(ask.labels) - run.evaluation.seen
    return content | {"none": none, "sets": set_sources(lab.settings.data)}


def opened(lab: Lab, ask: OwnOpenAsk, context: Context) -> Iterator[dict[str, Any]]:
    """``{total, models, pictures, said}`` a part, until all pictures of a zip are there.

    Errors: DataError, ImageError.
    """
    pictures = read_test_set(set_file(lab.settings.data, ask.name) if ask.name else _sent(context))
    for start in range(0, len(pictures), AT_ONCE):
        if context.stopped():
            return
        some = pictures[start : start + AT_ONCE]
        said = said_of(lab, np.stack([picture.pixels for picture in some]), ask.beit, context.loading)
        parts = [picture_part(picture) | {"label": picture.label} for picture in some]
        yield {"total": len(pictures), "models": described(said.parts), "pictures": parts, "said": said_part(said)}


def _sent(context: Context) -> bytes:
    """The zip that came with the question; it is on this machine no longer than until it is read."""
    if context.picture is None:
        raise ImageError("cifar.set_not_sent")
    try:
        return read(context.picture)
    finally:
        context.made.drop(context.request, Path(context.picture))


def picture_part(picture: SetPicture) -> dict[str, Any]:
    """A picture as the page keeps it: its pixels, and both files of a zip with their SHA-256."""
    found = {"pixels": _text(np.ascontiguousarray(picture.pixels).tobytes()), "source": picture.source}
    found |= _file("picture", picture.pixels)
    return found if picture.square is None else found | _file("square", picture.square)


def said_part(said: Said) -> list[list[list[float]]]:
    """Of each model, of each picture, its ten probabilities."""
    return [[[round(float(p), 6) for p in row] for row in one] for one in said.probabilities]


def _file(name: str, pixels: Pixels) -> dict[str, str]:
    content = as_png(pixels)
    return {name: _text(content), f"{name}_sha256": hashlib.sha256(content).hexdigest()}


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
