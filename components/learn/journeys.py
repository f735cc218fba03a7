"""The moment of a journey at which a station's player opens, and what it is of."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.learn.stations import Station
from components.learn.text_figures import sentence
from components.shared.pixels import sent_pixels
from core.data.galleries import SHIPPED
from core.errors import LabError
from core.lab import text
from core.lab.lab import Lab
from core.lab.picture_journey import PictureTrip
from core.lab.text import Look
from core.progress import Progress


def journey_of(lab: Lab, station: Station, a: str, report: Progress) -> dict[str, Any] | None:
    """What a player of the station's moment is handed; None where it has none, or where its model is not here."""
    view = next((one for one in station.opens if one.view == "journey"), None)
    makers = {"attention": _words, "cifar": _square}
    if view is None or view.lab not in makers:
        return None
    fields = dict(view.fields)
    try:
        guide = makers[view.lab](lab, fields, a, report)
    except LabError:
        return None  # the figures say what is missing
    at = {"layer": int(fields["layer"]), "at": fields["at"], "level": fields["level"]}
    return guide | {"moment": at | {"head": int(fields.get("head", 1))}}


def _words(lab: Lab, fields: dict[str, str], a: str, report: Progress) -> dict[str, Any]:
    """A sentence through the network that the link names."""
    model = lab.find(fields["model"], "attention")
    look = Look(model.name, sentence(lab, a).a)
    tokens = text.attention(lab, look, report).tokens
    longest = max(range(len(tokens)), key=lambda i: 0 if tokens.special[i] else len(tokens.texts[i]))
    place = 0 if fields["at"] == "verdict" else longest  # the classifier reads [CLS]
    named = {"texts": list(tokens.texts), "behind": list(tokens.behind)}
    return {"kind": "words", "look": look.sent(), "tokens": named, "model": model.title, "place": place}


def _square(lab: Lab, fields: dict[str, str], a: str, report: Progress) -> dict[str, Any]:
    """A shipped picture through the default BEiT of the CIFAR-10 lab."""
    pixels = np.asarray(lab.galleries.open(SHIPPED).pixels[int(fields["place"])])
    trip = PictureTrip.of(lab, pixels)
    side, _ = trip.passed(report).trace.grid
    title = lab.find(trip.model, "cifar10-beit").title
    return {
        "kind": "square",
        "pixels": sent_pixels(pixels),
        "beit": trip.model,
        "side": side,
        "model": title,
        "place": None,
    }
