"""The answers to the Attention lab's questions about a look."""

from __future__ import annotations

from typing import Any

from components.attention import messages
from components.attention.questions import (
    AboutLook,
    EmbeddingsAsk,
    InsideAsk,
    LayerAsk,
    LookAsk,
    OcclusionAsk,
)
from components.page.desk import Context
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look


def look_of(lab: Lab, ask: AboutLook) -> Look:
    """The look that a question is about, its model by name. Errors: UnknownModelError, UnavailableError."""
    return Look.read(ask.look.model_dump(), lab)


def look(lab: Lab, ask: LookAsk, context: Context) -> dict[str, Any]:
    """All about a look, after a forward pass where it was not looked at before."""
    found = look_of(lab, ask)
    return messages.looked(lab, found, text.attention(lab, found, context.loading), ask.layer, context.language)


def layer(lab: Lab, ask: LayerAsk, context: Context) -> dict[str, Any]:
    """Another layer of the look, or the same one with its tokens shown otherwise."""
    attention = text.attention(lab, look_of(lab, ask))
    return {"layer": messages.layer_content(attention, ask.layer, hide=ask.hide, merge=ask.merge)}


def inside(lab: Lab, ask: InsideAsk, context: Context) -> dict[str, Any]:
    """One head worked through."""
    from core.text.attend import check_range, room_for_padding

    found = look_of(lab, ask)
    attention = text.attention(lab, found)
    at = check_range("layer", ask.layer, 1, attention.layers)
    head = check_range("head", ask.head, 1, attention.heads)
    query = None if ask.query is None else check_range("query", ask.query, 0, len(attention.tokens) - 1)
    room = room_for_padding(text.config(lab, found), attention.tokens) > 0
    steps = text.steps(lab, found, at - 1, head - 1, padding=int(ask.padding))
    return {**messages.steps_content(steps, query), "room": room}


def embeddings(lab: Lab, ask: EmbeddingsAsk, context: Context) -> dict[str, Any]:
    """How long the three summands of the input are, token by token."""
    return messages.embeddings_content(text.embeddings(lab, look_of(lab, ask)))


def occlusion(lab: Lab, ask: OcclusionAsk, context: Context) -> dict[str, Any]:
    """What leaving each token out changes."""
    found = look_of(lab, ask)
    return messages.occlusion_content(text.left_out(lab, found), text.attention(lab, found))
