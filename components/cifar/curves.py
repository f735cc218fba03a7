"""The recorded trainings of both models as curves, with the point where over-fitting begins."""

from __future__ import annotations

from typing import Any

from components.cifar.messages import listed
from components.cifar.parts import COLORS
from components.page.viewer import message, viewer
from core.errors import DataError, UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import BEIT, MLP
from core.pictures.curves import (
    REPORT_BEIT,
    REPORT_BEIT_ACCURACY,
    REPORT_MLP_ACCURACY,
    Curves,
    early_stop,
    read_curves,
    turning_point,
)

PATIENCE = tuple(range(1, 11))  # epochs, as the page offers them


def curves_part(curves: Curves, part: str, title: str) -> dict[str, Any]:
    """One training as the page draws it; epochs count from 1."""
    turn = turning_point(curves.validation_loss)
    stops = {str(p): early_stop(curves.validation_loss, p) for p in PATIENCE}
    return {
        "part": part,
        "title": title,
        "color": COLORS[part],
        "epochs": curves.epochs.tolist(),
        "train_loss": listed(curves.train_loss),
        "validation_loss": listed(curves.validation_loss),
        "train_accuracy": listed(curves.train_accuracy),
        "validation_accuracy": listed(curves.validation_accuracy),
        "shipped": curves.shipped,
        "turn": None if turn is None else int(curves.epochs[turn]),
        "stops": {p: None if at is None else int(curves.epochs[at]) for p, at in stops.items()},
        "dropout": curves.settings.get("dropout"),
    }


def curves_message(lab: Lab) -> str:
    """Both trainings, and the report's own figures."""
    trainings, lacking = [], []
    for part, job in ((MLP, "cifar10-mlp"), (BEIT, "cifar10-beit")):
        try:
            spec = lab.find("", job)  # type: ignore[arg-type]
            if spec.folder is None:
                raise DataError("cifar.no_curves", model=spec.name)
            trainings.append(curves_part(read_curves(spec.folder, spec.name), part, spec.title))
        except (DataError, UnavailableError):
            lacking.append(part)
    loss, validation, accuracy = zip(*REPORT_BEIT, strict=True)
    report = {
        MLP: {"accuracy": REPORT_MLP_ACCURACY},
        BEIT: {
            "accuracy": REPORT_BEIT_ACCURACY,
            "train_loss": loss,
            "validation_loss": validation,
            "validation_accuracy": accuracy,
        },
    }
    return message("curves", trainings=trainings, missing=lacking, report=report, patience=PATIENCE)


def build(lab: Lab) -> None:
    """Lay out the view; its content is known when the page is built."""
    viewer("cifar-curves", elem_id="cifar-curves", value=curves_message(lab))
