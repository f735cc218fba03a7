"""The public endpoints of plain values. Their names and answers are stable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from components.attention.messages import said
from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.lanes import LIGHT, MODEL
from core.errors import TextError
from core.lab import text
from core.lab.fill import FillQuestion
from core.lab.fill import fill as filled
from core.lab.lab import Lab
from core.lab.text import Look

if TYPE_CHECKING:
    from core.text.fill import Place


def place_of(place: Place) -> dict[str, Any]:
    """A [MASK] as ``/fill`` answers it."""
    likely = [{"token": one.token, "probability": round(one.probability, 6)} for one in place.candidates]
    return {"position": place.position, "candidates": likely}


def build(lab: Lab) -> None:
    """Register ``/attend``, ``/fill`` and ``/models``."""

    @shown
    def attend(
        sentence_a: str, sentence_b: str = "", model: str = "", layer: int = 1, request: gr.Request | None = None
    ) -> dict[str, Any]:
        """One layer (counted from 1) of a BERT's attention over a sentence or a pair; row = query.

        ``notes``: sentences about what was cut, left out or is unknown to the model.
        """
        from core.text.attend import check_range

        if not isinstance(sentence_a, str) or not isinstance(sentence_b, str):
            raise TextError("attention.not_text")
        look = Look(lab.find(model, "attention").name, sentence_a, sentence_b)
        attention = text.attention(lab, look)
        layer = check_range("layer", layer, 1, attention.layers)
        return {
            "model": look.model,
            "tokens": list(attention.tokens.texts),
            "segments": list(attention.tokens.segments),
            "layers": attention.layers,
            "heads": attention.heads,
            "layer": layer,
            "attention": np.round(attention.weights[layer - 1].astype(float), 6).tolist(),
            "notes": said(attention.tokens, language_of(request)),
        }

    @shown
    def fill(sentence: str, model: str = "", top: int = 5, request: gr.Request | None = None) -> dict[str, Any]:
        """What a BERT expects at each [MASK] of a sentence, the likeliest first; the default is the bundled one.

        ``position``: among ``tokens``, from 0. ``top``: candidates of each place. ``notes``: as in ``/attend``.
        """
        found = filled(lab, FillQuestion.read(lab, sentence, model, top=top))
        if not found.masks:
            raise TextError("masked.no_mask", limit=len(found.tokens))
        return {
            "model": found.model,
            "tokens": list(found.tokens.texts),
            "masks": [place_of(place) for place in found.masks],
            "notes": said(found.tokens, language_of(request)),
        }

    @shown
    def models() -> list[dict[str, Any]]:
        """Every model that can be loaded here, and whether it is."""
        return lab.models()

    gr.api(attend, api_name="attend", **MODEL.options)
    gr.api(fill, api_name="fill", **MODEL.options)
    gr.api(models, api_name="models", **LIGHT.options)
