"""One picture through both models: what each says, what it cost, and what each was given."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from components.cifar.messages import classified_part, gallery_part, notes, read_pixels
from components.cifar.parts import asked, chosen, leased, whole
from components.page.feedback import shown
from components.page.i18n import label, language_of
from components.page.upload import upload
from components.page.viewer import asks, message, viewer
from core.data.galleries import DATA, HUB, SHIPPED, Galleries, Gallery, Pixels
from core.engines.zerogpu import PICTURE, borrow
from core.errors import RangeError
from core.lab.lab import Lab
from core.pictures.evaluation import MAX_COUNT
from core.pictures.results import Classification
from core.texts import say

if TYPE_CHECKING:
    from core.networks.classifier import Classifier

CHOICE = 20  # pictures to choose from at a time
MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}


def classify_picture(
    lab: Lab, pixels: Pixels, beit: object, progress: Any = None, **look: Any
) -> tuple[dict[str, Any], dict[str, Classification]]:
    """One picture (32, 32, 3) through the models that are here: the page's part, and the results by part."""
    parts = chosen(lab, beit)
    with leased(lab, parts, progress) as classifiers:
        results = borrow(PICTURE, said, classifiers, pixels)
        sides = {part: (classifier.side, classifier.patch) for part, classifier in classifiers.items()}
    return classified_part(parts, results, pixels, sides, **look), results


def said(classifiers: dict[str, Classifier], pixels: Pixels) -> dict[str, Classification]:
    """What each classifier says of one picture (32, 32, 3), by part."""
    from core.pictures.classify import classify

    return {part: classify(classifier, pixels[None]) for part, classifier in classifiers.items()}


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
        look = {"pixels": read_pixels(given["pixels"])}
    except (ValueError, KeyError, TypeError) as error:
        raise RangeError("cifar.not_a_request") from error
    for name, high in (("truth", 9), ("place", MAX_COUNT)):
        if given.get(name) is not None:
            look[name] = whole(given, name, high)
    if given.get("source") in (SHIPPED, DATA, HUB):
        look["source"] = given["source"]
    return look


def build(lab: Lab, galleries: Galleries, lab_tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the view and connect it; it shows its first picture when the lab's tab is opened."""
    offered = [(spec.title, spec.name) for spec in lab.offered("cifar10-beit")]
    with gr.Row():
        with gr.Column(scale=1, min_width=230):
            picture = upload(
                label=label("cifar.picture.upload"),
                sources=["upload", "webcam", "clipboard"],
                height=190,
                elem_id="cifar-upload",
                buttons=[],
            )
            with gr.Accordion(label("cifar.more"), open=False):
                model = gr.Dropdown(
                    offered, value=offered[0][1] if offered else None, label=label("cifar.beit_model"),
                    elem_id="cifar-picture-model",
                )  # fmt: skip
        with gr.Column(scale=4, min_width=300):
            view = viewer("cifar-picture", elem_id="cifar-picture")
    opened = gr.State(False)

    def reporter(request: gr.Request, progress: Any) -> Any:
        language = language_of(request)
        return lambda share: progress(share, desc=say(language, "app.loading_model"))

    def answer(pixels: Pixels, beit: object, report: Any, gallery: Gallery | None = None, **look: Any) -> str:
        draw = look.pop("draw", None)
        more = {}
        if gallery is not None:
            more["gallery"] = gallery_part(gallery, drawn(gallery, draw), galleries.sources)
        return message("picture", classified=classify_picture(lab, pixels, beit, report, **look)[0], **more)

    def from_gallery(
        source: str, place: int, beit: object, report: Any, *, fresh: bool, draw: int | None = None
    ) -> str:
        gallery = galleries.open(source)
        if draw is not None:
            place = int(drawn(gallery, draw)[0])
        if place >= len(gallery):
            raise RangeError("cifar.place_out_of_range", high=len(gallery) - 1, source=source)
        look = {"truth": int(gallery.labels[place]), "place": place, "source": source}
        given = {"gallery": gallery, "draw": draw} if fresh else {}
        return answer(np.asarray(gallery.pixels[place]), beit, report, **given, **look)

    @shown
    def uploaded(path: str | None, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        if path is None:
            return gr.skip()
        from core.data.images import decode, read
        from core.networks.classifier import fit

        given = decode(read(path))
        height, width = given.pixels.shape[:2]
        look = {"notes": notes(language_of(request), given.notes), "size": [width, height]}
        return answer(fit(given.pixels), beit, reporter(request, progress), **look)

    @shown
    def picked(event: gr.EventData, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        ask, report = asked(event), reporter(request, progress)
        source = ask.get("source") if isinstance(ask.get("source"), str) else galleries.default
        if ask.get("want") == "draw":
            return from_gallery(source, 0, beit, report, fresh=True, draw=secrets.randbelow(2**32))
        return from_gallery(source, whole(ask, "place", 10**9), beit, report, fresh=False)

    @shown
    def again(shown_now: str, beit: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        if not shown_now:
            return gr.skip()
        look = look_of(shown_now)
        return answer(look.pop("pixels"), beit, reporter(request, progress), **look)

    def first(request: gr.Request, progress: Any) -> str:
        query = request.query_params if request.query_params.get("lab") == "cifar" else {}
        source = query.get("source") if query.get("source") in galleries.sources else SHIPPED
        place = int(query["place"]) if query.get("place", "").isdigit() else 0
        return from_gallery(source, place, query.get("beit", ""), reporter(request, progress), fresh=True)

    @shown
    def opening(done: bool, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        return (gr.skip(), True) if done else (first(request, progress), True)

    @shown
    def linked(request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        wanted = request.query_params.get("lab") == "cifar"
        return (first(request, progress), True) if wanted else (gr.skip(), gr.skip())

    more = {"show_progress": "minimal", **MODEL_WORK}
    picture.input(uploaded, [picture, model], view, **more)
    model.input(again, [view, model], view, **more)
    asks(view, "select", picked, model, view, **more)
    lab_tab.select(opening, opened, [view, opened], **more)
    demo.load(linked, None, [view, opened], **more)
