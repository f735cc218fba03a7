"""Text → tokens, for whatever somebody may type."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import TextError
from core.text.results import Tokens
from core.text.tokens import MAX_CHARACTERS, clean, encode, fair_cut

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)  # surrogates, controls and all
TRICKY = st.lists(
    st.sampled_from(
        (
            *("the", "cat", "##s", " ", "\n", "\0", "[SEP]", "[CLS]", "[MASK]", "[UNK]", "[PAD]", "سلام"),
            *(
                "می\u200cروم",
                "\u202e",
                "\u2066",
                "😀",
                "\ud800",
                "\udfff",
                "\ufffd",
                "e\u0301",
                "日本",
                "<script>",
                "${x}",
                "{{x}}",
            ),
            "a" * 120,
        )
    ),
    max_size=40,
).map("".join)


def assert_consistent(tokens: Tokens, limit: int) -> None:
    """Everything that the rest of the lab relies on."""
    T = len(tokens)
    assert {len(part) for part in (tokens.texts, tokens.ids, tokens.segments, tokens.special, tokens.words)} == {T}
    assert 3 <= T <= limit
    frame = [text for text, special in zip(tokens.texts, tokens.special, strict=True) if special]
    assert frame in (["[CLS]", "[SEP]"], ["[CLS]", "[SEP]", "[SEP]"])
    assert tokens.special[0]
    assert tokens.special[-1]
    assert tokens.segments == tuple(sorted(tokens.segments))
    assert (1 in tokens.segments) == (len(frame) == 3)
    assert [word < 0 for word in tokens.words] == list(tokens.special)
    inner = [word for word in tokens.words if word >= 0]
    assert inner == sorted(inner), "words are counted from left to right"
    assert all(isinstance(text, str) for text in tokens.texts)
    "".join(tokens.texts).encode("utf-8")  # fails where a lone surrogate is left


def assert_consistent_or_refused(tokenizer: Any, a: str, b: str, *, limit: int, special: bool = False) -> None:
    refused = None
    try:
        tokens = encode(tokenizer, a, b, limit=limit, special=special)
    except TextError as error:
        refused = error
    if refused is None:
        assert_consistent(tokens, limit)
    else:
        assert refused.sentence().endswith("."), "a whole sentence, not a bare code"


@given(ANY_TEXT | TRICKY, ANY_TEXT | TRICKY, st.booleans(), st.integers(5, 64))
def test_any_text_gives_consistent_tokens_or_a_sentence(tiny_bert: Any, a: str, b: str, special: bool, n: int) -> None:
    assert_consistent_or_refused(tiny_bert.processor, a, b, limit=n, special=special)


@settings(max_examples=60)
@given(ANY_TEXT | TRICKY, ANY_TEXT | TRICKY)
def test_any_text_gives_consistent_tokens_of_minilm_or_a_sentence(minilm: Any, a: str, b: str) -> None:
    assert_consistent_or_refused(minilm.processor, a, b, limit=512)


@given(st.one_of(st.none(), st.integers(), st.binary(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_what_is_not_text_is_refused(tiny_bert: Any, value: object) -> None:
    with pytest.raises(TextError, match="must be text"):
        encode(tiny_bert.processor, value)
    with pytest.raises(TextError, match="must be text"):
        encode(tiny_bert.processor, "cat", value)


def test_a_sentence_becomes_its_pieces_between_special_tokens(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, "The cats sat.")
    assert tokens.texts == ("[CLS]", "the", "cat", "##s", "sat", ".", "[SEP]")
    assert tokens.words == (-1, 0, 1, 1, 2, 3, -1)
    assert tokens.segments == (0,) * 7
    assert tokens.special == (True, False, False, False, False, False, True)
    assert tokens.ids == tuple(tiny_bert.processor.token_to_id(text) for text in tokens.texts)
    assert tokens.notes == ()


def test_a_pair_becomes_two_segments_whose_words_are_counted_through(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, "the cat", "a dog sat")
    assert tokens.texts == ("[CLS]", "the", "cat", "[SEP]", "a", "dog", "sat", "[SEP]")
    assert tokens.segments == (0, 0, 0, 0, 1, 1, 1, 1)
    assert tokens.words == (-1, 0, 1, -1, 2, 3, 4, -1)


def test_tokens_are_those_of_transformers(minilm: Any) -> None:
    import transformers

    from core.models.catalog import find

    theirs = transformers.AutoTokenizer.from_pretrained(find("minilm-l6").folder)
    for a, b in [("I enjoyed watching this movie", ""), ("Unbelievably, it's 3.14!", "من از دیدن این فیلم لذت بردم")]:
        expected = theirs(a, b or None)
        tokens = encode(minilm.processor, a, b)
        assert list(tokens.ids) == expected["input_ids"]
        assert list(tokens.segments) == expected["token_type_ids"]
        assert list(tokens.texts) == theirs.convert_ids_to_tokens(expected["input_ids"])


# What may be typed, one by one.


@pytest.mark.parametrize("text", ["", " ", " \t\n\r ", "\u00a0\u2003"], ids=["nothing", "space", "tabs", "wide"])
def test_an_empty_sentence_is_refused(tiny_bert: Any, text: str) -> None:
    with pytest.raises(TextError, match="empty; type some words"):
        encode(tiny_bert.processor, text)


def test_a_second_sentence_alone_says_where_to_type(tiny_bert: Any) -> None:
    with pytest.raises(TextError, match="into the first field"):
        encode(tiny_bert.processor, "  ", "the dog")


@pytest.mark.parametrize("text", ["\u200b\u200d", "\ufffd", "\u202e"], ids=["zero width", "replacement", "bidi mark"])
def test_a_sentence_of_which_nothing_is_left_says_so(minilm: Any, text: str) -> None:
    with pytest.raises(TextError, match="Nothing of this text is left"):
        encode(minilm.processor, text)


def test_emoji_alone_are_said_to_be_unknown(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, "😀🎬")
    assert set(tokens.texts[1:-1]) == {"[UNK]"}
    assert [note.code for note in tokens.notes] == ["attention.notes.all_unknown"]


def test_an_emoji_among_words_is_counted(tiny_bert: Any) -> None:
    (note,) = encode(tiny_bert.processor, "the movie 😀 .").notes
    assert (note.code, note.values) == ("attention.notes.unknown", {"count": 1})


@pytest.mark.parametrize("count", [10**6, 5 * 10**6])
def test_a_million_characters_are_refused_before_the_tokenizer_sees_them(count: int) -> None:
    class Never:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError("the tokenizer was asked")

    with pytest.raises(TextError, match=rf"{count:,} characters; at most 20,000"):
        encode(Never(), "a" * count)
    with pytest.raises(TextError, match=rf"{count:,} characters; at most 20,000"):
        encode(Never(), "a", "b" * count)


def test_the_longest_allowed_text_is_taken_and_cut(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, ("the cat " * MAX_CHARACTERS)[:MAX_CHARACTERS], limit=64)
    assert len(tokens) == 64


def test_more_tokens_than_the_limit_are_cut_and_the_count_is_said(minilm: Any) -> None:
    tokens = encode(minilm.processor, "movie " * 600)
    assert len(tokens) == 512
    assert tokens.texts[-1] == "[SEP]"
    (note,) = tokens.notes
    assert (note.code, note.values) == ("attention.notes.cut", {"total": 602, "limit": 512})


@pytest.mark.parametrize("name", ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]"])
def test_a_typed_special_token_is_literal_text(minilm: Any, name: str) -> None:
    tokens = encode(minilm.processor, f"good {name} movie")
    assert sum(tokens.special) == 2
    assert name not in tokens.texts[1:-1]
    assert [text for text in tokens.texts if text in "[]"] == ["[", "]"]


def test_a_typed_special_token_is_the_token_where_that_is_asked_for(minilm: Any) -> None:
    tokens = encode(minilm.processor, "a [MASK] movie [SEP]", special=True)
    assert tokens.texts == ("[CLS]", "a", "[MASK]", "movie", "[SEP]", "[SEP]")
    assert tokens.ids[2] == minilm.processor.token_to_id("[MASK]") == 103
    assert tokens.special == (True, False, False, False, False, True), "what was typed is not the model's own frame"
    assert tokens.words == (-1, 0, 1, 2, 3, -1)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${alert(1)}", "{{constructor}}", "<img src=x>"])
def test_markup_stays_the_text_that_it_is(minilm: Any, text: str) -> None:
    tokens = encode(minilm.processor, text)
    joined = "".join(piece.removeprefix("##") for piece in tokens.texts[1:-1])
    assert joined == text.replace(" ", "")


def test_persian_keeps_its_letters_and_its_order(minilm: Any) -> None:
    tokens = encode(minilm.processor, "من از دیدن این فیلم لذت بردم")
    assert "".join(piece.removeprefix("##") for piece in tokens.texts[1:-1]) == "منازدیدناینفیلملذتبردم"
    assert len({word for word in tokens.words if word >= 0}) == 7
    (note,) = tokens.notes
    assert note.code == "attention.notes.split"
    assert float(str(note.values["rate"])) >= 3


@pytest.mark.parametrize("mark", ["\u200c", "\u200f", "\u202b", "\u2067"], ids=["zwnj", "rlm", "rle", "rli"])
def test_marks_that_nobody_sees_leave_no_token(minilm: Any, mark: str) -> None:
    plain, marked = encode(minilm.processor, "کتاب"), encode(minilm.processor, f"{mark}کتاب{mark}")
    assert marked.ids == plain.ids


def test_control_characters_are_left_out_and_counted(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, "the\0 c\x07at\x1b sat\n on")
    assert tokens.texts == ("[CLS]", "the", "cat", "sat", "on", "[SEP]")
    (note,) = tokens.notes
    assert (note.code, note.values) == ("attention.notes.controls", {"count": 3})


def test_lone_surrogates_are_replaced_and_counted(tiny_bert: Any) -> None:
    tokens = encode(tiny_bert.processor, "the \ud83d cat", "\udc00 dog")
    assert tokens.texts == ("[CLS]", "the", "cat", "[SEP]", "dog", "[SEP]")
    assert [(note.code, note.values["count"]) for note in tokens.notes] == [("attention.notes.surrogates", 1)] * 2


@given(ANY_TEXT)
def test_a_clean_text_can_be_sent_and_has_no_controls(text: str) -> None:
    cleaned, notes = clean(text)
    cleaned.encode("utf-8")
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\t\n\r"]
    changed = sum(unicodedata.category(c) in ("Cs", "Cc") and c not in "\t\n\r" for c in text)
    assert sum(int(str(note.values["count"])) for note in notes) == changed
    assert clean(cleaned) == (cleaned, [])


# Two sentences that do not fit.


def test_a_pair_longer_than_the_limit_is_cut_on_both_sides(minilm: Any) -> None:
    tokens = encode(minilm.processor, "cat " * 400, "dog " * 300)
    assert len(tokens) == 512
    assert tokens.texts.count("cat") == 254
    assert tokens.texts.count("dog") == 255
    assert [note.code for note in tokens.notes] == ["attention.notes.cut"]


def test_a_short_sentence_of_a_long_pair_is_kept_whole(minilm: Any) -> None:
    tokens = encode(minilm.processor, "cat " * 700, "a dog sat")
    assert tokens.texts[-4:] == ("a", "dog", "sat", "[SEP]")
    assert tokens.texts.count("cat") == 506


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(2, 1000))
def test_a_fair_cut_fills_the_room_and_takes_from_the_longer_one(first: int, second: int, room: int) -> None:
    a, b = fair_cut(first, second, room)
    assert 0 <= a <= first
    assert 0 <= b <= second
    assert a + b == min(room, first + second)
    for mine, whole, other in ((a, first, b), (b, second, a)):
        assert mine == whole or mine >= other - 1, "nobody is cut below the other one's share"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(2, 500))
def test_a_fair_cut_is_even_handed(first: int, second: int, room: int) -> None:
    one, other = fair_cut(first, second, room), fair_cut(second, first, room)
    assert abs(one[0] - other[1]) <= 1


# How well the vocabulary covers a text.


def codes(tokens: Tokens) -> list[str]:
    return [note.code.removeprefix("attention.notes.") for note in tokens.notes]


@pytest.mark.parametrize(
    "text", ["unaffable", "backpropagation", "Xqwzjk", "Donaudampfschifffahrtsgesellschaft", "q7z"]
)
def test_a_word_in_latin_letters_is_never_called_another_language(minilm: Any, text: str) -> None:
    tokens = encode(minilm.processor, text)
    assert len(tokens) >= 5, "it is split into three pieces or more"
    assert codes(tokens) == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("This is unaffable backpropagation", False),
        ("The value 0x3f2a9c8b of 3.14159 is odd", False),
        ("Ich habe diesen Film sehr genossen", False),
        ("great 😀", False),
        ("I like " + "a" * 101, False),
        ("J'ai adoré ce film", False),
        ("Я люблю этот фильм", True),
        ("나는 이 영화를 좋아한다", True),
        ("我喜欢这部电影", True),
        ("کتاب", True),
    ],
)
def test_another_language_is_told_by_the_share_of_unknown_and_single_letter_pieces(
    minilm: Any, text: str, other: bool
) -> None:
    assert ("split" in codes(encode(minilm.processor, text))) is other


def test_the_second_sentence_of_a_pair_may_be_the_one_in_another_language(minilm: Any) -> None:
    tokens = encode(minilm.processor, "I enjoyed watching this movie very much indeed", "فیلم خوب")
    assert codes(tokens) == ["split"]


def test_a_word_beyond_the_tokenizers_limit_is_said_to_be_too_long(minilm: Any) -> None:
    fits, beyond = encode(minilm.processor, "a" * 100), encode(minilm.processor, "a" * 101)
    assert codes(fits) == []
    assert beyond.texts == ("[CLS]", "[UNK]", "[SEP]")
    assert codes(beyond) == ["long", "only_unknown"]
    assert beyond.notes[0].values == {"count": 1, "limit": 100}


def test_a_long_word_among_others_leaves_them_their_meaning(minilm: Any) -> None:
    assert codes(encode(minilm.processor, f"a good {'x' * 150} movie")) == ["long"]


def test_thai_is_said_to_have_a_character_that_the_vocabulary_lacks(minilm: Any) -> None:
    tokens = encode(minilm.processor, "ฉันชอบดูหนังเรื่องนี้")
    assert set(tokens.texts[1:-1]) == {"[UNK]"}
    assert minilm.processor.token_to_id("น") is not None, "it does know some of them"
    assert codes(tokens) == ["all_partly"]
    assert codes(encode(minilm.processor, "😀🎬")) == ["all_unknown"], "of these it knows none"


def test_the_text_behind_each_unknown_token_is_kept(minilm: Any) -> None:
    tokens = encode(minilm.processor, "a ฉัน movie 😀", "good 日本")
    behind = {i: source for i, source in enumerate(tokens.behind) if source}
    assert behind == {i: "ฉัน😀"[3 * (i > 3) :][:3] for i, text in enumerate(tokens.texts) if text == "[UNK]"}


@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("pair", [("[CLS] a good movie [SEP]", ""), ("a good movie [SEP]", ""), ("good", "[CLS] bad")])
def test_a_text_that_brings_its_own_frame_gets_a_hint(minilm: Any, pair: tuple[str, str], special: bool) -> None:
    assert codes(encode(minilm.processor, *pair, special=special)) == ["framed_twice" if special else "framed"]
    assert codes(encode(minilm.processor, "one [SEP] two", special=special)) == []


@given(ANY_TEXT | TRICKY, st.booleans())
def test_any_tokens_have_the_characters_behind_them(tiny_bert: Any, text: str, special: bool) -> None:
    try:
        tokens = encode(tiny_bert.processor, text, special=special)
    except TextError:
        return
    assert len(tokens.sources) == len(tokens.behind) == len(tokens)
    cleaned, _ = clean(text)
    assert all(source in cleaned for source in tokens.sources)
