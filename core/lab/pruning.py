"""How few heads keep the accuracy, in the lab: which sentences, one run a question, and what it came to is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from core.checks import MAX_SEED, choice, whole
from core.data.labels import SENTIMENT
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.verdict import stages
from core.learn.claims.claim import Samples
from core.learn.claims.samples import draw
from core.progress import Progress
from core.stops import Stopped, never

if TYPE_CHECKING:
    from core.text.pruning import Pruning

Source = Literal["reviews", "graded"]  # kinds of samples that have labels
SOURCES: tuple[Source, ...] = get_args(Source)
FEWEST, MOST = 8, 400  # sentences


@dataclass(frozen=True)
class PruningQuestion:
    """Which stage's network, on how many labelled sentences of which source at most, drawn in which order."""

    model: str
    count: int
    source: Source
    seed: int

    @classmethod
    def read(
        cls, lab: Lab, model: str = "", count: object = MOST, source: str = SOURCES[0], seed: object = 0
    ) -> PruningQuestion:
        """With no model named, the trained one's. Errors: RangeError."""
        names = [stage.model.name for stage in stages(lab)]
        if not names:
            raise RangeError("attention.no_verdict")
        sentences = whole("attention.range", "count", count, FEWEST, MOST)
        kind: Source = choice("scissors.source", source, SOURCES)  # type: ignore[assignment]
        start = whole("attention.range", "seed", seed, 0, MAX_SEED)
        return cls(choice("attention.stage", model or names[-1], names), sentences, kind, start)

    def key(self) -> tuple[str, ...]:
        """For the cache of results."""
        return ("pruning", self.model, str(self.count), self.source, str(self.seed))


@dataclass(frozen=True)
class PruningRun:
    """How a search stands; ``source``: where its sentences come from."""

    pruning: Pruning
    source: str


def pruning(
    lab: Lab, question: PruningQuestion, stopped: Stopped = never, progress: Progress | None = None
) -> Iterator[PruningRun]:
    """A step for each head; all at once where the search was made before. Errors: those of core for models."""
    from core.text.pruning import Labelled, prune

    kept: list[PruningRun] = lab.results.get(question.key(), list)
    if kept:
        yield from kept
        return
    drawn = draw(question.source, lab.galleries, question.count, question.seed)
    sample = Labelled(drawn.source, drawn.texts, named(drawn))
    steps: list[PruningRun] = []
    with lab.use(question.model, "attention", progress) as loaded:
        given = (loaded, sample, question.seed)
        with closing(lab.engine.steps(prune, *given, stopped=stopped)) as found:  # type: ignore[type-var]
            for step in found:
                steps.append(PruningRun(step, drawn.source))
                yield steps[-1]
    if steps and steps[-1].pruning.done:
        lab.results.put(question.key(), steps)


def named(drawn: Samples) -> tuple[str, ...]:
    """The labels of a sample, by name."""
    return tuple(SENTIMENT[label] for label in drawn.labels)
