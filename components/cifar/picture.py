"""One picture through both models: what each says, what it cost, and what each was given."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import classified_part, gallery_part, notes
from components.cifar.parts import beits
from components.cifar.questions import AgainAsk, DrawAsk, OpenAsk, PictureAsk, UploadAsk
from components.page.desk import Context, Desk
from components.page.i18n import label
from components.page.lanes import MODEL
from components.page.picture_input import own_picture
from components.page.viewer import viewer
from components.shared.pixels import read_pixels
from core.data.galleries import SHIPPED, Gallery, Pixels
from core.errors import ImageError, RangeError
from core.lab.disagreement import disagreement
from core.lab.lab import Lab
from core.lab.pictures import classify_picture

CHOICE = 20  # pictures to choose from at a time


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view: an upload, and which BEiT answers."""

    picture: Any
    model: gr.Dropdown


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    viewer("cifar/picture", elem_id="cifar-picture")
    with gr.Row(equal_height=False, elem_classes="lab-boxes"):
        picture = own_picture(label("cifar.picture.upload"), "cifar-upload")
        with gr.Column(min_width=260), gr.Accordion(label("cifar.more"), open=False):
            model = gr.Dropdown(**beits(lab), label=label("cifar.beit_model"), elem_id="cifar-picture-model")
    return Parts(picture, model)


def connect(desk: Desk, parts: Parts) -> None:
    """Let the components tell the viewer, and the desk answer it."""
    parts.picture.input(
        None, parts.picture, None, js="(picture) => AttentionLab.tell('cifar/picture', 'upload', picture)"
    )
    # The field names the model that answered in the end.
    through = "(beit) => AttentionLab.heard('cifar/picture', 'through', beit)"
    parts.model.input(None, parts.model, [parts.model], js=through, trigger_mode="multiple")
    desk.takes(OpenAsk, opened, MODEL)
    desk.takes(PictureAsk, picked, MODEL)
    desk.takes(DrawAsk, drawn_anew, MODEL)
    desk.takes(UploadAsk, uploaded, MODEL)
    desk.takes(AgainAsk, again, MODEL)


def drawn(gallery: Gallery, seed: int | None) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places of pictures to choose from: the first ones, or ``CHOICE`` drawn with ``seed``; all where they are few."""
    if seed is None or len(gallery) <= CHOICE:
        return np.arange(min(CHOICE, len(gallery)))
    return np.random.default_rng(seed).permutation(len(gallery))[:CHOICE]


def answer(lab: Lab, pixels: Pixels, beit: str, context: Context, **look: Any) -> dict[str, Any]:
    """What the models say of one picture (32, 32, 3); ``look``: what else is known of it."""
    return classified_part(classify_picture(lab, pixels, beit, context.loading), **look)


def from_gallery(lab: Lab, gallery: Gallery, place: int, beit: str, context: Context) -> dict[str, Any]:
    """A picture of a source by its place. Errors: RangeError where there is none."""
    if place >= len(gallery):
        raise RangeError("cifar.place_out_of_range", high=len(gallery) - 1, source=gallery.source)
    look = {"truth": int(gallery.labels[place]), "place": place, "source": gallery.source}
    return answer(lab, np.asarray(gallery.pixels[place]), beit, context, **look)


def opened(lab: Lab, ask: OpenAsk, context: Context) -> dict[str, Any]:
    """``{classified, gallery}``: the picture that a link names, or one on which the models disagree, with the first of
    its source's to choose from."""
    gallery = lab.galleries.open(ask.source if ask.source in lab.galleries.sources else SHIPPED)
    places = drawn(gallery, None)
    place = disagreement(lab, gallery, places, ask.beit, context.loading) if ask.place is None else ask.place
    classified = from_gallery(lab, gallery, place, ask.beit, context)
    return {"classified": classified, "gallery": gallery_part(gallery, places, lab.galleries.sources)}


def picked(lab: Lab, ask: PictureAsk, context: Context) -> dict[str, Any]:
    """``{classified}``: a picture that somebody chose."""
    return {"classified": from_gallery(lab, lab.galleries.open(ask.source), ask.place, ask.beit, context)}


def drawn_anew(lab: Lab, ask: DrawAsk, context: Context) -> dict[str, Any]:
    """``{classified, gallery}``: other pictures of a source to choose from, and the first of them."""
    gallery = lab.galleries.open(ask.source)
    places = drawn(gallery, secrets.randbelow(2**32))
    classified = from_gallery(lab, gallery, int(places[0]), ask.beit, context)
    return {"classified": classified, "gallery": gallery_part(gallery, places, lab.galleries.sources)}


def uploaded(lab: Lab, ask: UploadAsk, context: Context) -> dict[str, Any]:
    """``{classified}``: the picture that came, cut and scaled to 32×32. Errors: ImageError."""
    from core.data.images import decode, read
    from core.networks.classifier import fit

    if context.picture is None:
        raise ImageError("images.gone")
    given = decode(read(context.picture))
    height, width = given.pixels.shape[:2]
    look = {"notes": notes(context.language, given.notes), "size": [width, height], "square": ask.place}
    return {"classified": answer(lab, fit(given.pixels, ask.place), ask.beit, context, **look)}


def again(lab: Lab, ask: AgainAsk, context: Context) -> dict[str, Any]:
    """``{classified}``: the picture that the page shows; what else is known of it, the page knows."""
    return {"classified": answer(lab, read_pixels(ask.pixels), ask.beit, context)}
