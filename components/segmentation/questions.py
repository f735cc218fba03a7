"""What the Segmentation lab's viewer asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from components.page.questions import Flag, Layer, Name, Question, Share
from components.shared.questions import HeadOfToken, TokenInLayer

Mode = Literal["exact", "quick"]
Digest = Annotated[StrictStr, Field(pattern="^[0-9a-f]{64}$")]


class Shown(BaseModel):
    """Which result a page shows: model, mode, and SHA-256 of the picture's file, which comes along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Name
    mode: Mode
    digest: Digest


class SceneAsk(Question):
    """The classes of the picture that comes along, or of an example's; compared with the annotation, if one comes.

    ``counting``: how the annotation's numbers are meant; see :mod:`core.data.annotations`.
    """

    want: Literal["segmentation.look"] = "segmentation.look"
    model: Name = ""
    mode: Mode = "exact"
    example: Name = ""
    counting: Literal["guess", "from_one", "from_zero"] = "guess"


class ShownQuestion(Question):
    """A question about a result that the page shows. It says which, so that the server keeps nothing for a page."""

    shown: Shown


class PatchAsk(ShownQuestion):
    """Where a patch looks in a layer: the patch at a place, ``down`` and ``across`` as parts of 1, or [CLS]."""

    want: Literal["segmentation.patch"] = "segmentation.patch"
    layer: Layer
    cls: Flag = False
    down: Share | None = None
    across: Share | None = None


class SquareAsk(ShownQuestion):
    """A square of the picture, reduced to 32×32: its middle, and its side as a part of the picture's shorter one."""

    want: Literal["segmentation.square"] = "segmentation.square"
    down: Share = 0.5
    across: Share = 0.5
    part: Annotated[float, Field(ge=0.05, le=1, strict=True, allow_inf_nan=False)] = 1.0


class StepsAsk(ShownQuestion):
    """Every step from the picture to its classes."""

    want: Literal["segmentation.steps"] = "segmentation.steps"


class ScenePlanAsk(ShownQuestion):
    """The steps of the network, with the lines that run."""

    want: Literal["segmentation.journey_plan"] = "segmentation.journey_plan"


class SceneWalkAsk(ShownQuestion, TokenInLayer):
    """A patch in a layer."""

    want: Literal["segmentation.journey"] = "segmentation.journey"


class SceneHeadAsk(ShownQuestion, HeadOfToken):
    """What a head compares a patch with."""

    want: Literal["segmentation.journey_head"] = "segmentation.journey_head"


class SceneTrailAsk(ShownQuestion, TokenInLayer):
    """Which patches a patch's state is made of after a layer, 0 being the embedding."""

    want: Literal["segmentation.journey_trail"] = "segmentation.journey_trail"


class ExportAsk(ShownQuestion):
    """A picture of full size to be saved; ``opacity`` is that of the classes over the picture, less where the model is
    unsure if they ``fade``.
    """

    want: Literal["segmentation.export"] = "segmentation.export"
    what: Literal["ids", "colors", "overlay"]
    opacity: Share = 0.6
    fade: Flag = False


class GroundAsk(ShownQuestion):
    """What one draws an annotation on: the model's classes in full size, and the names of all that there are."""

    want: Literal["segmentation.ground"] = "segmentation.ground"


class ReadingAsk(ShownQuestion):
    """The classes in a file of a drawing, which comes along as the annotation of the picture."""

    want: Literal["segmentation.reading"] = "segmentation.reading"
