"""The words of a sentence as a person sees them, and the tokens that each is made of.

A word is what stands between white space, less the signs around it: "don't" is one, as is the "film" of "(film)".
"""

from __future__ import annotations

from dataclasses import dataclass

from core.text.results import Tokens


@dataclass(frozen=True)
class Word:
    """A word, the signs that touch it, and the places of its tokens among all.

    Where there are signs alone, such as "!!", they are the word.
    """

    text: str
    before: str
    after: str
    places: tuple[int, ...]


def words_of(sentence: str, tokens: Tokens) -> tuple[Word, ...]:
    """The words of a sentence that was tokenized with no second one beside it; those that were cut off are left out.

    ``sentence``: as :func:`core.text.tokens.clean` gives it.
    """
    spans = _spans(sentence, tokens)  # by place of a token: where its characters begin and end
    found = []
    start = 0
    for chunk in sentence.split():
        start = sentence.index(chunk, start)
        end = start + len(chunk)
        inside = [place for place, (low, high) in spans.items() if low >= start and high <= end]
        if inside:
            found.append(_word(sentence, start, end, {place: spans[place] for place in inside}))
        start = end
    return tuple(found)


def _spans(sentence: str, tokens: Tokens) -> dict[int, tuple[int, int]]:
    """Where each token's characters stand; sources are slices of the sentence, one after the other."""
    spans, at = {}, 0
    for place, (source, special) in enumerate(zip(tokens.sources, tokens.special, strict=True)):
        if special or not source:
            continue
        at = sentence.index(source, at)
        spans[place] = (at, at + len(source))
        at += len(source)
    return spans


def _word(sentence: str, start: int, end: int, spans: dict[int, tuple[int, int]]) -> Word:
    """What stands from ``start`` to ``end``, its outer signs apart."""
    letters = [place for place, (low, high) in spans.items() if any(c.isalnum() for c in sentence[low:high])]
    if not letters:
        return Word(sentence[start:end], "", "", tuple(spans))
    first, last = letters[0], letters[-1]
    low, high = spans[first][0], spans[last][1]
    places = tuple(place for place in spans if first <= place <= last)
    return Word(sentence[low:high], sentence[start:low], sentence[high:end], places)
