"""Which word decides, by a network of ours at any moment of its training."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.checks import choice
from core.data.recordings import WEIGHTS, TrainingStage, read_evaluation
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.result_cache import digest_of
from core.models.catalog import ModelSpec
from core.progress import Progress

if TYPE_CHECKING:
    from core.text.graded import Graded, ReviewScore
    from core.text.reasons import Reasons
    from core.text.verdict import Verdict

TRAINED = "bert-imdb"  # the folder whose weights tell the story of a training


@dataclass(frozen=True)
class Stage:
    """A moment of the training: the model that the catalog has of it, and what it could then."""

    model: ModelSpec
    reached: TrainingStage


def stages(lab: Lab) -> list[Stage]:
    """The moments of the training in their order; the last is the trained network. Kept, for each letter asks it."""

    def found() -> list[Stage]:
        specs = {spec.weights: spec for spec in lab.offered("attention") if spec.source == TRAINED}
        folder = specs[WEIGHTS].folder if WEIGHTS in specs else None
        reached = read_evaluation(folder).stages if folder is not None else ()
        return [Stage(specs[one.file], one) for one in reached if one.file in specs]

    return lab.results.get(("stages", TRAINED), found)


@dataclass(frozen=True)
class VerdictQuestion:
    """A sentence, the model of a stage by name, the words (from 0) that are left out from the start, and the heads that
    are switched off: layer and head, from 0."""

    sentence: str
    model: str
    without: tuple[int, ...]
    cut: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(
        cls, lab: Lab, sentence: str, model: str, without: list[int], cut: Iterable[tuple[int, int]] = ()
    ) -> VerdictQuestion:
        """With no model named, the trained one's. Errors: RangeError (none of the stages)."""
        names = [stage.model.name for stage in stages(lab)]
        if not names:
            raise RangeError("attention.no_verdict")
        name = choice("attention.stage", model or names[-1], names)
        return cls(sentence, name, tuple(sorted(set(without))), tuple(sorted(set(cut))))

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results: the sentence as a hash, so that the cache holds no text of anybody's."""
        changed = (str(list(self.without)), str(list(self.cut)))
        return ("verdict", self.model, digest_of(self.sentence), *changed, *map(str, more))


def reasons(lab: Lab, model: str) -> Reasons | None:
    """What was measured over many reviews of the trained network; nothing of its earlier stages."""
    from core.text.reasons import reasons_of

    spec = lab.find(model, "attention")
    return reasons_of(spec.folder) if spec.weights == WEIGHTS else None


def graded(lab: Lab) -> tuple[Graded, ReviewScore] | None:
    """What was measured of the trained network on the sentences written for this app, and on test reviews."""
    from core.text.graded import graded_of, reviews_of

    folder = next((stage.model.folder for stage in reversed(stages(lab))), None)
    found, reviews = graded_of(folder), reviews_of(folder)
    return None if found is None or reviews is None else (found, reviews)


def verdict(lab: Lab, question: VerdictQuestion, progress: Progress | None = None) -> Verdict:
    """The sentence with each of its words left out in turn. Errors: those of :func:`core.text.verdict.verdict`."""
    from core.text.verdict import verdict

    given = (question.sentence, question.without, question.cut)
    return lab.kept(question.key(), question.model, "attention", verdict, *given, progress=progress)
