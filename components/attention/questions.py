"""What the Attention lab's viewer asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt

from components.page.questions import Flag, Floor, Head, Layer, Name, Question, Seed, Sentence

LONGEST = 512  # positions of a BERT
FIELDS = 20  # of a form, at most

Position = Annotated[StrictInt, Field(ge=0, lt=LONGEST)]  # of a token, counted from 0
LayerName = Layer | Literal["mean", "rollout"]  # one of the network's own, or all of them averaged, or multiplied
Filled = StrictInt | StrictFloat | Name | None  # what a field of a form may hold; core says what it should


class LookGiven(BaseModel):
    """A look: which sentences, through which model (the default's where none is named), changed how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Name = ""
    a: Sentence = ""
    b: Sentence = ""
    special: Flag = False
    masked: Annotated[list[Position], Field(max_length=LONGEST)] = []
    segments: Literal["normal", "swapped", "zero"] = "normal"


class AboutLook(BaseModel):
    """What a question about a look has. The page sends it whole, so that the server keeps nothing for a session."""

    look: LookGiven


class LookAsk(AboutLook, Question):
    """All about a look, and one of its layers; a layer that it has not is brought into its range."""

    want: Literal["attention.look"] = "attention.look"
    layer: LayerName = 1


class LayerAsk(AboutLook, Question):
    """A layer, special tokens hidden or the pieces of words merged on demand."""

    want: Literal["attention.layer"] = "attention.layer"
    layer: LayerName
    hide: Flag = False
    merge: Flag = False


class InsideAsk(AboutLook, Question):
    """One head worked through. ``query``: of this token alone, which is much less of a long text, else of all.

    ``padding``: whether one [PAD] follows, as in a batch with a longer sentence.
    """

    want: Literal["attention.inside"] = "attention.inside"
    layer: Layer
    head: Head
    query: Position | None = None
    padding: Flag = False


class EmbeddingsAsk(AboutLook, Question):
    """What goes into the first layer."""

    want: Literal["attention.embeddings"] = "attention.embeddings"


class OcclusionAsk(AboutLook, Question):
    """What leaving each token out changes."""

    want: Literal["attention.occlusion"] = "attention.occlusion"


class BertvizAsk(AboutLook, Question):
    """A page of BertViz's. ``libraries``: whether what its script needs is wanted, too."""

    want: Literal["attention.bertviz"] = "attention.bertviz"
    view: Literal["head", "model"]
    layer: Layer
    libraries: Flag = False


class BuildAsk(Question):
    """What a configuration costs. ``curves``: whether the two GELUs are wanted, too."""

    want: Literal["attention.build"] = "attention.build"
    config: Annotated[dict[Name, Filled], Field(max_length=FIELDS)]
    curves: Flag = False


class JourneyPlanAsk(AboutLook, Question):
    """The steps of a look's network, with the lines that run."""

    want: Literal["attention.journey_plan"] = "attention.journey_plan"


class JourneyAsk(AboutLook, Question):
    """A token in a layer: 0 is the embedding, the one after the last is what reads the states."""

    want: Literal["attention.journey"] = "attention.journey"
    layer: Floor
    token: Position


class JourneyHeadAsk(AboutLook, Question):
    """What a head compares a token with."""

    want: Literal["attention.journey_head"] = "attention.journey_head"
    layer: Layer
    head: Head
    token: Position


class JourneyTrailAsk(AboutLook, Question):
    """Which tokens a token's state is made of after a layer, 0 being the embedding."""

    want: Literal["attention.journey_trail"] = "attention.journey_trail"
    layer: Floor
    token: Position


class AboutVerdict(Question):
    """What a question about a verdict has. ``model``: a moment of the training, the last where none is named.

    ``without``: words that are left out; ``cut``: layer and head of those that are switched off.
    """

    sentence: Sentence
    model: Name = ""
    without: Annotated[list[Position], Field(max_length=LONGEST, default_factory=list)]
    cut: Annotated[list[tuple[Layer, Head]], Field(max_length=LONGEST, default_factory=list)]


class VerdictAsk(AboutVerdict):
    """Which word decides."""

    want: Literal["attention.verdict"] = "attention.verdict"


class TraceAsk(AboutVerdict):
    """How much each word speaks for the verdict, by three methods."""

    want: Literal["attention.trace"] = "attention.trace"


class PruneAsk(Question):
    """How few heads keep the accuracy, a part for each head; ``count``: sentences at most."""

    want: Literal["attention.prune"] = "attention.prune"
    model: Name = ""
    count: Annotated[StrictInt, Field(ge=8, le=400)] = 400
    source: Name = "reviews"
    seed: Seed = 0


class AboutFill(Question):
    """What a question about masked words has. ``model``: the trained one where none is named; ``covered``: words."""

    sentence: Sentence
    model: Name = ""
    covered: Annotated[list[Position], Field(max_length=LONGEST, default_factory=list)]


class FillAsk(AboutFill):
    """What a network expects in the place of every covered word."""

    want: Literal["attention.fill"] = "attention.fill"


class FillReasonsAsk(AboutFill):
    """Which words made the difference to the first guess at one [MASK], which counts from 0."""

    want: Literal["attention.fill_reasons"] = "attention.fill_reasons"
    mask: Position = 0


class FillLensAsk(AboutFill):
    """What the heads on top of the network make of every layer's states."""

    want: Literal["attention.fill_lens"] = "attention.fill_lens"


class FillContrastAsk(Question):
    """Two words that compete for [MASK], in sentences about the one and about the other."""

    want: Literal["attention.fill_contrast"] = "attention.fill_contrast"
    model: Name = ""
    who: Name
    against: Name
    one: Name
    other: Name


class SentencesAsk(Question):
    """The sentences written for this app, and what the Scene's network makes of them."""

    want: Literal["attention.sentences"] = "attention.sentences"
