"""Words as a person sees them, and their tokens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TextError
from core.text.tokens import clean, encode
from core.text.words import Word, words_of

WRITTEN = st.text(st.sampled_from("ab cé.,!'-()é  \t\nشی🙂[]MASKfi\ufb01ǅ"), max_size=40) | st.text(max_size=20)


def found(tokenizer: Any, text: str, **options: Any) -> tuple[Word, ...]:
    return words_of(clean(text)[0], encode(tokenizer, text, **options))


def test_signs_around_a_word_are_apart_from_it_and_signs_alone_are_a_word(tiny_bert: Any) -> None:
    words = found(tiny_bert.processor, "I don't (really) like it!! -- no")
    assert [(word.before, word.text, word.after) for word in words] == [
        ("", "I", ""),
        ("", "don't", ""),
        ("(", "really", ")"),
        ("", "like", ""),
        ("", "it", "!!"),
        ("", "--", ""),
        ("", "no", ""),
    ]


def test_a_word_has_the_places_of_all_its_pieces(minilm: Any) -> None:
    words = found(minilm.processor, "An unaffable, well-known man.")
    tokens = encode(minilm.processor, "An unaffable, well-known man.")
    pieces = {word.text: "".join(tokens.texts[place].removeprefix("##") for place in word.places) for word in words}
    assert pieces == {"An": "an", "unaffable": "unaffable", "well-known": "well-known", "man": "man"}


@given(WRITTEN)
def test_words_are_all_that_is_written_and_no_token_is_in_two(tiny_bert: Any, text: str) -> None:
    try:
        words = found(tiny_bert.processor, text)
    except TextError:
        return
    places = [place for word in words for place in word.places]
    assert places == sorted(set(places))
    assert all(word.places and word.text for word in words)
    chunks = clean(text)[0].split()
    whole = [word.before + word.text + word.after for word in words]
    assert set(whole) <= set(chunks)


@pytest.mark.parametrize("limit", [4, 6])
def test_words_that_were_cut_off_are_left_out(tiny_bert: Any, limit: int) -> None:
    words = found(tiny_bert.processor, "one two three four five six", limit=limit)
    assert all(place < limit - 1 for word in words for place in word.places)
    assert words
