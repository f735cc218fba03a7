"""One picture through both models: what each says, what it cost, and what each was given."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from components.cifar.messages import classified_part, gallery_part, notes, read_pixels
from components.cifar.parts import MODEL_WORK, asked, beits
from components.page.feedback import loading, shown
from components.page.i18n import label, language_of
from components.page.picture_input import picture_input
from components.page.viewer import asks, message, viewer
from core.checks import whole, written
from core.data.galleries import DATA, HUB, SHIPPED, Gallery, Pixels
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.pictures import classify_picture
from core.pictures.evaluation import MAX_COUNT
from core.progress import Progress

CHOICE = 20  # pictures to choose from at a time
MAX_PLACE = 10**9  # of a picture in its source; whether there is one is known once the source is open


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``opened``: whether this browser tab has seen its first picture."""

    picture: Any
    model: gr.Dropdown
    view: gr.HTML
    opened: gr.State


def lay_out(lab: Lab) -> Parts:
    """The view's components; nothing happens yet."""
    with gr.Row():
        with gr.Column(scale=1, min_width=230):
            picture = picture_input(
                label=label("cifar.picture.upload"),
                sources=["upload", "webcam", "clipboard"],
                height=190,
                elem_id="cifar-upload",
                buttons=[],
            )
            with gr.Accordion(label("cifar.more"), open=False):
                model = gr.Dropdown(**beits(lab), label=label("cifar.beit_model"), elem_id="cifar-picture-model")
        with gr.Column(scale=4, min_width=300):
            view = viewer("cifar-picture", elem_id="cifar-picture")
    return Parts(picture, model, view, gr.State(False))


def drawn(gallery: Gallery, seed: int | None) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places of pictures to choose from: the first ones, or ``CHOICE`` drawn with ``seed``; all where they are few."""
    if seed is None or len(gallery) <= CHOICE:
        return np.arange(min(CHOICE, len(gallery)))
    return np.random.default_rng(seed).permutation(len(gallery))[:CHOICE]


def look_of(shown_now: str) -> dict[str, Any]:
    """The picture that a viewer's message shows, with its label and place where it has them. Raises ``RangeError``.

    It comes back from the page, so nothing in it is believed.
    """
    try:
        given = json.loads(shown_now)["classified"]
        look: dict[str, Any] = {"pixels": read_pixels(given["pixels"])}
    except (ValueError, KeyError, TypeError) as error:
        raise RangeError("cifar.not_a_request") from error
    for name, high in (("truth", 9), ("place", MAX_COUNT)):
        if given.get(name) is not None:
            look[name] = whole("cifar.not_a_request", name, given[name], 0, high, strict=True)
    if given.get("source") in (SHIPPED, DATA, HUB):
        look["source"] = given["source"]
    return look


def answer(lab: Lab, pixels: Pixels, beit: object, progress: Progress, **look: Any) -> str:
    """What the models say of one picture (32, 32, 3); ``look``: what else is known of it."""
    gallery: dict[str, Any] = {"gallery": look.pop("gallery")} if "gallery" in look else {}
    classified = classified_part(classify_picture(lab, pixels, beit, progress), **look)
    return message("picture", classified=classified, **gallery)


def from_gallery(lab: Lab, source: str, place: int, beit: object, progress: Progress, *, fresh: bool = False) -> str:
    """A picture of a source by its place; ``fresh``: with the first of the source's pictures to choose from."""
    gallery = lab.galleries.open(source)
    given = {"gallery": gallery_part(gallery, drawn(gallery, None), lab.galleries.sources)} if fresh else {}
    return _of(lab, gallery, place, beit, progress, given)


def redrawn(lab: Lab, source: str, beit: object, progress: Progress) -> str:
    """Other pictures of a source to choose from, and the first of them."""
    gallery = lab.galleries.open(source)
    places = drawn(gallery, secrets.randbelow(2**32))
    given = {"gallery": gallery_part(gallery, places, lab.galleries.sources)}
    return _of(lab, gallery, int(places[0]), beit, progress, given)


def _of(lab: Lab, gallery: Gallery, place: int, beit: object, progress: Progress, given: dict[str, Any]) -> str:
    if place >= len(gallery):
        raise RangeError("cifar.place_out_of_range", high=len(gallery) - 1, source=gallery.source)
    look = {"truth": int(gallery.labels[place]), "place": place, "source": gallery.source}
    return answer(lab, np.asarray(gallery.pixels[place]), beit, progress, **given, **look)


def uploaded(lab: Lab, path: str | None, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """An uploaded picture, cut and scaled to 32×32."""
    if path is None:
        return gr.skip()
    from core.data.images import decode, read
    from core.networks.classifier import fit

    given = decode(read(path))
    height, width = given.pixels.shape[:2]
    look = {"notes": notes(language_of(request), given.notes), "size": [width, height]}
    return answer(lab, fit(given.pixels), beit, loading(request, progress), **look)


def picked(lab: Lab, event: gr.EventData, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
    """A picture that somebody chose, or another draw."""
    ask, listen = asked(event), loading(request, progress)
    source = ask["source"] if isinstance(ask.get("source"), str) else lab.galleries.default
    if ask.get("want") == "draw":
        return redrawn(lab, source, beit, listen)
    place = whole("cifar.not_a_request", "place", ask.get("place"), 0, MAX_PLACE, strict=True)
    return from_gallery(lab, source, place, beit, listen)


def again(lab: Lab, shown_now: str, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """The picture that is shown, through another BEiT."""
    if not shown_now:
        return gr.skip()
    look = look_of(shown_now)
    return answer(lab, look.pop("pixels"), beit, loading(request, progress), **look)


def first(lab: Lab, request: gr.Request, progress: Any) -> str:
    """The picture that a link names, else the first of the shipped ones."""
    query = request.query_params if request.query_params.get("lab") == "cifar" else {}
    source = query["source"] if query.get("source") in lab.galleries.sources else SHIPPED
    place = written(query.get("place"), MAX_PLACE) or 0
    return from_gallery(lab, source, place, query.get("beit", ""), loading(request, progress), fresh=True)


def opening(lab: Lab, done: bool, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """The first picture, once."""
    return (gr.skip(), True) if done else (first(lab, request, progress), True)


def linked(lab: Lab, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """The first picture where a link opens this lab."""
    wanted = request.query_params.get("lab") == "cifar"
    return (first(lab, request, progress), True) if wanted else (gr.skip(), gr.skip())


def build(lab: Lab, lab_tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the view and connect it; it shows its first picture when the lab's tab is opened."""
    parts = lay_out(lab)
    more = {"show_progress": "minimal", **MODEL_WORK}
    # A picture that is given while an earlier one is answered is answered next, not dropped.
    latest = {"trigger_mode": "always_last", **more}
    parts.picture.input(shown(uploaded, lab), [parts.picture, parts.model], parts.view, **latest)
    parts.model.input(shown(again, lab), [parts.view, parts.model], parts.view, **more)
    asks(parts.view, "select", shown(picked, lab), parts.model, parts.view, **more)
    lab_tab.select(shown(opening, lab), parts.opened, [parts.view, parts.opened], **more)
    demo.load(shown(linked, lab), None, [parts.view, parts.opened], **more)
