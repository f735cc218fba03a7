"""Questions of the page, as pydantic models: every range of a value that the page sends stands here or in a subclass.

A lab's questions are subclasses with their own ``want``, such as ``want: Literal["attention.layer"]``. Fields are
strict: nothing is converted, and nothing unknown is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from core.data.images import MAX_PIXELS
from core.text.tokens import MAX_CHARACTERS
from core.texts import say

WORD = 100  # characters of a name

Name = Annotated[StrictStr, Field(max_length=WORD)]
Sentence = Annotated[StrictStr, Field(max_length=4 * MAX_CHARACTERS)]  # core says how long one may be
Layer = Annotated[StrictInt, Field(ge=1, le=100)]  # counted from 1; core knows how many a model has
Floor = Annotated[StrictInt, Field(ge=0, le=101)]  # a layer, the embedding below, or what is above the last
Head = Annotated[StrictInt, Field(ge=1, le=100)]
Place = Annotated[StrictInt, Field(ge=0, le=10_000)]  # of a token, counted from 0
Pixel = Annotated[StrictInt, Field(ge=0, le=MAX_PIXELS)]
Share = Annotated[float, Field(ge=0, le=1, strict=True, allow_inf_nan=False)]
Seed = Annotated[StrictInt, Field(ge=0, le=2**32 - 1)]
Flag = StrictBool


class Question(BaseModel):
    """What a viewer asks. Each subclass has ``want: Literal["lab.name"]``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    want: Any


def union_of(questions: Iterable[type[Question]]) -> TypeAdapter[Question]:
    """Some questions as one type, told apart by ``want``."""
    models = list(dict.fromkeys(questions))
    if len(models) == 1:
        return TypeAdapter(models[0])  # pydantic tells two apart at least
    tagged: Any = Annotated[reduce(or_, models), Field(discriminator="want")]
    return TypeAdapter(tagged)


class Files(NamedTuple):
    """Paths of what came with a question; None for what did not."""

    picture: str | None
    annotation: str | None


class Envelope(BaseModel):
    """What the page sends: the question under its ``id``, and the ``version`` of the page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[StrictStr, Field(min_length=1, max_length=WORD)]
    version: Annotated[StrictStr, Field(max_length=WORD)]
    ask: dict[str, Any]


def refusal(question: type[Question] | None, error: ValidationError, language: str) -> dict[str, Any]:
    """The error ``app.question`` as the page gets it: a sentence, the field, and its range where it has one."""
    first = error.errors(include_url=False, include_input=False)[0]
    tags = get_args(question.model_fields["want"].annotation) if question is not None else ()
    # A union puts its tag before a field, and the kind of its member, such as "constrained-int", after it.
    named = (part for part in first["loc"] if part not in tags)
    place = tuple(part for part in named if isinstance(part, int) or part.isidentifier())
    field = ".".join(str(part) for part in place) or "want"
    found: dict[str, Any] = {"code": "app.question", "field": field} | _range(question, place)
    if len(found) > 2:
        low, high = found.get("low", "−∞"), found.get("high", "∞")
        return found | {"sentence": say(language, "app.question_range", field=field, low=low, high=high)}
    return found | {"sentence": say(language, "app.question", field=field)}


def _range(question: type[Question] | None, place: tuple[int | str, ...]) -> dict[str, Any]:
    """``low`` and ``high`` of a field as its JSON schema has them."""
    if question is None or not place or place[0] not in question.model_fields:
        return {}
    schema = question.model_json_schema()["properties"][place[0]]
    options = [schema, *schema.get("anyOf", [])]
    names = {"low": "minimum", "high": "maximum"}
    return {name: one[key] for one in options for name, key in names.items() if key in one}
