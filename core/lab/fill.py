"""Masked words: which networks fill them, and what they expect in the place of a hidden word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import RangeError, TextError
from core.lab.lab import Lab
from core.lab.result_cache import digest_of
from core.lab.verdict import stages
from core.models.catalog import ModelSpec
from core.progress import Progress

if TYPE_CHECKING:
    from core.text.fill import Filled
    from core.text.fill_reasons import FillReasons
    from core.text.guess import Guessed
    from core.text.lens import Lens

T = TypeVar("T")


def fillers(lab: Lab) -> list[ModelSpec]:
    """The models that fill masked words, the one that is asked where none is named first."""
    found = [spec for spec in lab.offered("attention") if spec.fills]
    trained = [stage.model.name for stage in stages(lab)][-1:]
    return sorted(found, key=lambda spec: spec.name not in trained)


@dataclass(frozen=True)
class FillQuestion:
    """A sentence, the words of it (from 0) that are covered, and how many candidates of each place are wanted."""

    sentence: str
    model: str
    covered: tuple[int, ...] = ()
    top: int = 5

    @classmethod
    def read(
        cls, lab: Lab, sentence: object, model: str = "", covered: Sequence[int] = (), top: int = 5
    ) -> FillQuestion:
        """With no model named, the first of ``fillers``.

        Errors: TextError (not text, or a model without the head for masked words), RangeError (no model fills them),
        UnknownModelError, UnavailableError.
        """
        if not isinstance(sentence, str):
            raise TextError("attention.not_text")
        offered = fillers(lab)
        if not model and not offered:
            raise RangeError("masked.none")
        spec = lab.find(model, "attention") if model else offered[0]
        if not spec.fills:
            choices = ", ".join(one.name for one in offered)
            raise TextError("masked.no_head_of", name=spec.title, choices=choices)
        return cls(sentence, spec.name, tuple(covered), top)

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results: the sentence as a hash, so that the cache holds no text of anybody's."""
        return ("fill", self.model, digest_of(self.sentence, self.covered, self.top), *map(str, more))


def fill(lab: Lab, question: FillQuestion, progress: Progress | None = None) -> Filled:
    """What stands at each [MASK]. Errors: those of :func:`core.text.fill.fill`."""
    from core.text.fill import fill

    return _kept(lab, question, (), fill, question.top, progress=progress)


def reasons(lab: Lab, question: FillQuestion, mask: int) -> FillReasons:
    """Which words made the difference to the first guess at the [MASK] of that number, from 0.

    Errors: those of :func:`core.text.fill_reasons.fill_reasons`.
    """
    from core.text.fill_reasons import fill_reasons

    return _kept(lab, question, ("reasons", mask), fill_reasons, mask)


def lens(lab: Lab, question: FillQuestion) -> Lens:
    """What the network's heads make of every layer's states. Errors: those of :func:`core.text.lens.lens`."""
    from core.text.lens import lens

    return _kept(lab, question, ("lens",), lens, question.top)


def guess(lab: Lab, question: FillQuestion, word: str, progress: Progress | None = None) -> Guessed:
    """How likely ``word`` is at the one hole of the sentence. Errors: those of :func:`core.text.guess.guess`."""
    from core.text.guess import guess

    return _kept(lab, question, ("guess", digest_of(word)), guess, word, question.top, progress=progress)


def _kept(
    lab: Lab,
    question: FillQuestion,
    name: tuple[object, ...],
    work: Callable[..., T],
    *arguments: Any,
    progress: Progress | None = None,
) -> T:
    """``work(model, sentence, covered, *arguments)``, kept under the question's key and ``name``."""
    given = (question.sentence, question.covered, *arguments)
    return lab.kept(question.key(*name), question.model, "attention", work, *given, progress=progress)
