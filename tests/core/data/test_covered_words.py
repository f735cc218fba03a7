"""The sentences of the game: twenty, each with one word that stands in it once, none of them another's."""

from __future__ import annotations

import itertools

from core.data.covered_words import covered_words
from core.data.sentences import Sentence, every_sentence
from tests.core.data.test_sentences import likeness


def plain(text: str) -> Sentence:
    return Sentence(text, "", "", "en")


def test_each_covers_a_word_of_its_own_that_stands_in_it_once() -> None:
    found = covered_words()
    assert len(found) == 20
    assert len({one.word for one in found}) == 20
    for one in found:
        assert one.text == " ".join(one.text.split())
        assert one.text[-1] in ".!?"
        assert one.word.isalpha()
        assert one.word == one.word.lower()
        assert one.text.lower().split().count(one.word) <= 1
        assert 5 <= len(one.text.split()) <= 20


def test_none_is_like_another_nor_like_one_of_the_judged_sentences() -> None:
    mine = [plain(one.text) for one in covered_words()]
    others = [one for one in every_sentence() if one.language == "en"]
    assert all(likeness(a, b) < 0.5 for a, b in itertools.combinations(mine, 2))
    assert all(likeness(a, b) < 0.6 for a in mine for b in others)
