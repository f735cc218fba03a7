"""The sentences written for this app: as many of each kind, none twice, none in the words of another."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from core.data.sentences import GRADES, LABELS, Sentence, digest, every_sentence, sentences

LANGUAGES = {"en": (200, range(3, 26)), "fa": (40, range(4, 15))}  # how many, and words of each
NEGATIONS = re.compile(r"\b(not|never|no|nobody|nothing|none|neither|nor|hardly|without)\b|n't\b", re.I)


def words(one: Sentence) -> list[str]:
    return re.findall(r"[\w'’\u200c]+", one.text.lower())


def likeness(a: Sentence, b: Sentence) -> float:
    """Jaccard's: words that both have, of those that either has."""
    first, second = set(words(a)), set(words(b))
    return len(first & second) / len(first | second)


def test_all_of_them_are_of_a_known_kind() -> None:
    assert {one.language for one in every_sentence()} == set(LANGUAGES)
    for one in every_sentence():
        assert (one.grade in GRADES, one.label in LABELS) == (True, True)
        assert one.text == " ".join(one.text.split())
        assert one.text[-1] in ".!?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_grade_has_as_many_and_half_of_them_praise(language: str) -> None:
    total, lengths = LANGUAGES[language]
    found = sentences(language)
    assert len(found) == total
    counts = Counter((one.grade, one.label) for one in found)
    assert counts == dict.fromkeys(itertools.product(GRADES, LABELS), total // (len(GRADES) * len(LABELS)))
    assert all(len(words(one)) in lengths for one in found)


def test_each_grade_of_the_english_ones_has_fifty() -> None:
    for grade in GRADES:
        assert len(sentences(grades=(grade,))) >= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_is_there_twice_or_nearly_so(language: str) -> None:
    found = sentences(language)
    assert len({" ".join(words(one)) for one in found}) == len(found)
    for a, b in itertools.combinations(found, 2):
        if a.label == b.label:  # of two labels, a few differ in the words that decide, on purpose
            assert likeness(a, b) < 0.5, (a.text, b.text)
        assert likeness(a, b) < 0.8, (a.text, b.text)


@pytest.mark.parametrize("grade", GRADES)
def test_length_does_not_tell_the_label(grade: str) -> None:
    means = [
        sum(map(len, map(words, part))) / len(part)
        for part in ([one for one in sentences(grades=(grade,)) if one.label == label] for label in LABELS)
    ]
    assert 0.75 < means[0] / means[1] < 4 / 3


def test_the_negated_ones_negate_under_both_labels_and_the_plain_ones_do_not() -> None:
    assert all(NEGATIONS.search(one.text) for one in sentences(grades=("negated",)))
    assert not [one.text for one in sentences(grades=("plain",)) if NEGATIONS.search(one.text)]


def test_what_was_measured_is_bound_to_texts_and_labels() -> None:
    one = Sentence("A film.", "positive", "plain", "en")
    digests = {
        digest(part)
        for part in (
            [one],
            [one, one],
            [Sentence("A film!", "positive", "plain", "en")],
            [Sentence("A film.", "negative", "plain", "en")],
            [Sentence("A film.", "positive", "ironic", "en")],
        )
    }
    assert len(digests) == 5


def test_a_language_without_any_has_none() -> None:
    assert sentences("de") == ()
    assert sentences(grades=()) == ()
