"""Whether a network expects one word rather than another because of whom a sentence speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import TextError
from core.lab.fill import FillQuestion
from core.lab.lab import Lab
from core.lab.result_cache import digest_of
from core.progress import Progress
from core.texts import say

if TYPE_CHECKING:
    from core.text.fill_contrast import Contrast

TEMPLATES = 8  # sentences, in English, the same on every page
LONGEST = 40  # characters of a word that is put into them


@dataclass(frozen=True)
class ContrastQuestion:
    """``who``: the two that are spoken of; ``words``: the two that compete for [MASK]; ``model``: by name."""

    model: str
    who: tuple[str, str]
    words: tuple[str, str]

    @classmethod
    def read(cls, lab: Lab, model: str, who: tuple[str, str], words: tuple[str, str]) -> ContrastQuestion:
        """Errors: TextError for a word that is empty or too long; those of :meth:`core.lab.fill.FillQuestion.read`."""
        for word in (*who, *words):
            if not 1 <= len(word.strip()) <= LONGEST:
                raise TextError("masked.who", limit=LONGEST)
        name = FillQuestion.read(lab, "", model).model
        return cls(name, (who[0].strip(), who[1].strip()), (words[0].strip(), words[1].strip()))

    def pairs(self) -> list[tuple[str, str]]:
        """The sentences about the one and about the other."""
        return [(self._sentence(i, 0), self._sentence(i, 1)) for i in range(1, TEMPLATES + 1)]

    def _sentence(self, number: int, side: int) -> str:
        return say("en", f"masked.bias.templates.{number}", who=self.who[side])

    def key(self) -> tuple[str, ...]:
        """For the cache of results: what was typed as a hash, so that the cache holds no text of anybody's."""
        return ("contrast", self.model, digest_of(self.who, self.words))


def contrast(lab: Lab, question: ContrastQuestion, progress: Progress | None = None) -> Contrast:
    """Log odds of both words in all sentences. Errors: those of :func:`core.text.fill_contrast.fill_contrast`."""
    from core.text.fill_contrast import fill_contrast

    given = (question.pairs(), question.words)
    return lab.kept(question.key(), question.model, "attention", fill_contrast, *given, progress=progress)
