"""What the viewer of a class's own test set asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from components.cifar.questions import Class
from components.page.questions import Name, Question
from components.shared.questions import Base64
from core.data.test_sets import MAX_PICTURES, NO_CLASS, Origin

Square = Annotated[StrictStr, Field(max_length=80_000)]  # a PNG of 96×96 at most, in base64
Label = Annotated[StrictInt, Field(ge=0, le=NO_CLASS)]  # the last is none of the ten


class OwnPictureAsk(Question):
    """A picture of the class's own test set: the square that the page cut out, as a PNG of 96×96 at most."""

    want: Literal["cifar.own_picture"] = "cifar.own_picture"
    square: Square
    source: Origin = "file"
    beit: Name = ""


class OwnAgainAsk(Question):
    """Pictures of the own test set, each its bytes in base64, through another BEiT."""

    want: Literal["cifar.own_again"] = "cifar.own_again"
    pixels: Annotated[list[Base64], Field(min_length=1, max_length=100)]
    beit: Name = ""


class OwnTallyAsk(Question):
    """How both models stand on the own test set. ``predicted``: of each model, what it said of each picture."""

    want: Literal["cifar.own_tally"] = "cifar.own_tally"
    labels: Annotated[list[Label], Field(max_length=MAX_PICTURES)]
    predicted: Annotated[list[Annotated[list[Class], Field(max_length=MAX_PICTURES)]], Field(max_length=2)]
    beit: Name = ""


class OwnOpenAsk(Question):
    """A zip of labelled pictures, through both models, a part some pictures.

    ``name``: of a set of the data folder; "" for the zip that comes with the question.
    """

    want: Literal["cifar.own_open"] = "cifar.own_open"
    name: Name = ""
    beit: Name = ""
