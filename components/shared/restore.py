"""Covered patches of a picture of 32×32 as the page is sent them, whichever lab shows the picture."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.page.desk import Context, Desk
from components.page.lanes import MODEL
from components.page.viewer import packed
from components.shared.pixels import read_pixels
from components.shared.questions import LookedAsk, RestoreAsk, TokensAsk
from core.lab.lab import Lab
from core.lab.restore import RestoreQuestion, visual_tokens


def connect(desk: Desk) -> None:
    """Let the desk answer the viewer."""
    desk.takes(TokensAsk, tokens, MODEL)
    desk.takes(RestoreAsk, look, MODEL)
    desk.takes(LookedAsk, looked, MODEL)


def tokens(lab: Lab, ask: TokensAsk, context: Context) -> dict[str, Any]:
    """All tokens' pictures one after another, and what was recorded of the model. Errors: those of a lease."""
    found = visual_tokens(lab, progress=context.loading)
    return {
        "model": {"name": found.spec.name, "title": found.spec.title},
        "count": len(found.pictures),
        "patch": found.pictures.shape[1],
        "grid": list(found.grid),
        "layers": found.layers,
        "pictures": packed(found.pictures),
        "recorded": None if found.recorded is None else asdict(found.recorded),
    }


def look(lab: Lab, ask: RestoreAsk, context: Context) -> dict[str, Any]:
    """Tokens by their numbers: the page has their pictures. Errors: RangeError."""
    from core.pictures.restore import FREQUENT, hexadecimal

    found = RestoreQuestion.written(lab, read_pixels(ask.pixels), ask.mask).restored(context.loading)
    return {
        "mask": hexadecimal(found.mask),
        "covered": found.covered.tolist(),
        "tokens": found.tokens.tolist(),
        "candidates": found.candidates.tolist(),
        "probabilities": _rounded(found.probabilities),
        "chance": _rounded(found.chance),
        "frequent": FREQUENT,
        "copied": None if found.copied is None else found.copied.tolist(),
    }


def looked(lab: Lab, ask: LookedAsk, context: Context) -> dict[str, Any]:
    """The mean of the heads, and rollout, [CLS] first. Errors: RangeError."""
    question = RestoreQuestion.written(lab, read_pixels(ask.pixels), ask.mask)
    seen = question.looked(ask.patch, ask.layer)
    return {
        "patch": ask.patch,
        "layer": ask.layer,
        "mean": _rounded(seen.weights.mean(0)),
        "all": _rounded(seen.rollout),
    }


def _rounded(values: NDArray[np.float32]) -> Any:
    return np.round(values.astype(float), 5).tolist()
