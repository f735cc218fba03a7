"""What the views ask that several labs show."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictStr

from components.page.questions import Floor, Head, Layer, Place, Question

Base64 = Annotated[StrictStr, Field(max_length=4096)]  # 3,072 bytes: a picture of 32×32
MaskName = Annotated[StrictStr, Field(max_length=40)]  # "blocks-7", "random-7", or a bit a patch in base 16


class TokenInLayer(Question):
    """Which token of a pass, in which layer: 0 is the embedding, the one after the last is what reads the states.

    Token 0 is [CLS].
    """

    layer: Floor
    token: Place


class HeadOfToken(Question):
    """Which token of a pass, in which head of a layer."""

    layer: Layer
    head: Head
    token: Place


class TokensAsk(Question):
    """What every visual token looks like, and how well covered patches were named in the recorded evaluation."""

    want: Literal["restore.tokens"] = "restore.tokens"


class RestoreAsk(Question):
    """What stands under the covered patches of a picture."""

    want: Literal["restore.look"] = "restore.look"
    pixels: Base64
    mask: MaskName


class LookedAsk(Question):
    """Where a patch, counted from 0, looks in a layer, and in all layers up to it."""

    want: Literal["restore.looked"] = "restore.looked"
    pixels: Base64
    mask: MaskName
    patch: Place
    layer: Layer
