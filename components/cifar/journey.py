"""The way of a picture's patch through the BEiT that names its class."""

from __future__ import annotations

from typing import Any

from components.cifar.questions import TripHeadAsk, TripPlanAsk, TripQuestion, TripTrailAsk, TripWalkAsk
from components.page.desk import Context, Desk
from components.page.lanes import MODEL
from components.page.viewer import viewer
from components.shared.journey import patch_head, patch_trail, patch_walk, plan_content
from components.shared.pixels import read_pixels
from core.lab.lab import Lab
from core.lab.picture_journey import PictureTrip


def lay_out() -> None:
    """The view is its viewer alone."""
    viewer("cifar/journey", elem_id="cifar-journey")


def connect(desk: Desk) -> None:
    """Let the desk answer the viewer."""
    desk.takes(TripPlanAsk, plan, MODEL)
    desk.takes(TripWalkAsk, walk, MODEL)
    desk.takes(TripHeadAsk, head, MODEL)
    desk.takes(TripTrailAsk, trail, MODEL)


def asked(lab: Lab, ask: TripQuestion) -> PictureTrip:
    """Which pass a question is about. Errors: RangeError, UnavailableError."""
    return PictureTrip.of(lab, read_pixels(ask.pixels), ask.beit)


def plan(lab: Lab, ask: TripPlanAsk, context: Context) -> dict[str, Any]:
    """The steps of the network."""
    return plan_content(asked(lab, ask).plan(context.loading))


def walk(lab: Lab, ask: TripWalkAsk, context: Context) -> dict[str, Any]:
    """A patch in a layer."""
    return patch_walk(asked(lab, ask), ask)


def head(lab: Lab, ask: TripHeadAsk, context: Context) -> dict[str, Any]:
    """A patch in a head."""
    return patch_head(asked(lab, ask), ask)


def trail(lab: Lab, ask: TripTrailAsk, context: Context) -> dict[str, Any]:
    """What a patch's state is made of."""
    return patch_trail(asked(lab, ask), ask.layer, ask.token)
