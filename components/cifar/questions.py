"""What the CIFAR-10 lab's viewers ask. Ranges are core's where core can be read without a model library."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from components.page.questions import Floor, Name, Place, Question, Seed, Share
from components.shared.questions import Base64, HeadOfToken, TokenInLayer
from core.pictures.evaluation import MAX_COUNT

ChangeName = Literal["pixels", "patches", "shift", "rotate", "blur", "fgsm", "pgd"]
Hidden = Literal["512-256-128", "256-128-64", "64", "1024-512"]
Count = Annotated[StrictInt, Field(ge=1, le=MAX_COUNT)]  # of pictures
Which = Annotated[StrictInt, Field(ge=0, le=10**9)]  # place in a source, counted from 0; the source knows its length
Class = Annotated[StrictInt, Field(ge=0, le=9)]
RunName = Annotated[StrictStr, Field(max_length=40)]  # random


class OpenAsk(Question):
    """The picture to begin with, and some to choose from. A source that is not here becomes the shipped pictures.

    ``place``: null for one of those on which the models disagree.
    """

    want: Literal["cifar.open"] = "cifar.open"
    source: Name = ""
    place: Which | None = 0
    beit: Name = ""


class PictureAsk(Question):
    """A picture of a source by its place, through both models."""

    want: Literal["cifar.picture"] = "cifar.picture"
    source: Name
    place: Which
    beit: Name = ""


class DrawAsk(Question):
    """Other pictures of a source to choose from, and the first of them."""

    want: Literal["cifar.draw"] = "cifar.draw"
    source: Name
    beit: Name = ""


class UploadAsk(Question):
    """The picture that comes with the question, cut and scaled to 32×32.

    ``place``: which square of it, along its longer side: 0 at the left or top, 1 at the right or bottom.
    """

    want: Literal["cifar.upload"] = "cifar.upload"
    place: Share = 0.5
    beit: Name = ""


class AgainAsk(Question):
    """A picture that the page shows, through another BEiT. ``pixels``: its bytes in base64."""

    want: Literal["cifar.again"] = "cifar.again"
    pixels: Base64
    beit: Name = ""


class EvaluateAsk(Question):
    """``count`` test pictures through both models, a part several times a second."""

    want: Literal["cifar.evaluate"] = "cifar.evaluate"
    count: Count
    source: Name
    seed: Seed = 0
    beit: Name = ""


class ReplayAsk(Question):
    """What the view shows before anybody asked: the recorded run, or one of the shipped pictures."""

    want: Literal["cifar.replay"] = "cifar.replay"


class GrowthAsk(Question):
    """The recorded run step by step, its matrices alone, which the page plays beside a picture."""

    want: Literal["cifar.growth"] = "cifar.growth"


class CellAsk(Question):
    """The pictures behind a cell of a confusion matrix, or of a difference.

    ``run``: name of an evaluation, of which the page shows the first ``seen`` pictures.
    """

    want: Literal["cifar.cell", "cifar.difference"]
    run: RunName
    seen: Count
    model: Annotated[StrictInt, Field(ge=0, le=1)]
    truth: Class
    predicted: Class


class WorstAsk(Question):
    """The mistakes of which a model was surest."""

    want: Literal["cifar.worst"] = "cifar.worst"
    run: RunName
    seen: Count
    model: Annotated[StrictInt, Field(ge=0, le=1)]


class CurvesAsk(Question):
    """The recorded trainings."""

    want: Literal["cifar.curves"] = "cifar.curves"


class TrainAsk(Question):
    """A training of the MLP, a part some times an epoch. The same ranges as ``core.pictures.live_training``."""

    want: Literal["cifar.train"] = "cifar.train"
    pictures: Annotated[StrictInt, Field(ge=10, le=5000)]
    epochs: Annotated[StrictInt, Field(ge=1, le=20)]
    learning_rate: Annotated[float, Field(ge=0.0001, le=0.1, strict=True, allow_inf_nan=False)]
    dropout: Annotated[float, Field(ge=0, le=0.9, strict=True, allow_inf_nan=False)]
    hidden: Hidden
    source: Name


class TwinsAsk(Question):
    """How the MLP and its twin that learned from shuffled pixels compare."""

    want: Literal["cifar.twins"] = "cifar.twins"


class MeasureAsk(Question):
    """Accuracy of all models against the strength of a change, a part a strength."""

    want: Literal["cifar.measure"] = "cifar.measure"
    change: ChangeName
    count: Count
    source: Name


class ChangedAsk(Question):
    """A few pictures changed. ``strength``: in the change's own unit; core knows how strong each may be."""

    want: Literal["cifar.changed"] = "cifar.changed"
    change: ChangeName
    strength: Annotated[float, Field(ge=0, le=180, strict=True, allow_inf_nan=False)]
    source: Name


class TripQuestion(Question):
    """A question about a picture's pass through a BEiT. ``pixels``: the picture's bytes in base64."""

    pixels: Base64
    beit: Name = ""


class TripPlanAsk(TripQuestion):
    """The steps of the network, with the lines that run."""

    want: Literal["cifar.journey_plan"] = "cifar.journey_plan"


class TripWalkAsk(TripQuestion, TokenInLayer):
    """A patch in a layer."""

    want: Literal["cifar.journey"] = "cifar.journey"


class TripHeadAsk(TripQuestion, HeadOfToken):
    """What a head compares a patch with."""

    want: Literal["cifar.journey_head"] = "cifar.journey_head"


class TripTrailAsk(TripQuestion):
    """Which patches a patch's state, or the mean of all for null, is made of after a layer, 0 being the embedding."""

    want: Literal["cifar.journey_trail"] = "cifar.journey_trail"
    layer: Floor
    token: Place | None
