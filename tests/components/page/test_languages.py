"""Every text is there in every language, with the same fields."""

import json
import re
from string import Formatter

import pytest

from core.plurals import PLURAL, fields
from core.texts import LANGUAGES, TEXTS, texts

AREAS = sorted(path.stem for path in (TEXTS / "en").glob("*.json"))


ENGLISH = "training.card."  # the cards of trained models: files of the repository, which no page shows


def keys_of(language: str, area: str) -> dict[str, str]:
    found = {key: text for key, text in texts(language).items() if key.split(".")[0] == area}
    return {key: text for key, text in found.items() if not key.startswith(ENGLISH)}


def fields_of(text: str) -> set[str]:
    plain = re.sub(PLURAL, "", text)
    return fields(text) | {name for _, name, _, _ in Formatter().parse(plain) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_no_text_is_missing_or_superfluous(language: str, area: str) -> None:
    expected, found = set(keys_of("en", area)), set(keys_of(language, area))
    assert expected - found == set(), "these texts are missing"
    assert found - expected == set(), "these texts belong to no English one"


@pytest.mark.parametrize("area", AREAS)
def test_a_persian_text_mentions_the_same_values(area: str) -> None:
    english, persian = keys_of("en", area), keys_of("fa", area)
    wrong = {key for key in english.keys() & persian.keys() if fields_of(english[key]) != fields_of(persian[key])}
    assert wrong == set()


@pytest.mark.parametrize("area", AREAS)
def test_a_persian_text_has_persian_letters_unless_it_is_a_name(area: str) -> None:
    persian = keys_of("fa", area)
    letters = re.compile("[\u0600-\u06ff]")
    bare = {key for key, text in persian.items() if not letters.search(re.sub(r"\{\w+\}", "", text))}
    assert {key for key in bare if persian[key] != keys_of("en", area).get(key)} == set()


@pytest.mark.parametrize("area", AREAS)
def test_persian_is_written_with_persian_letters_and_digits(area: str) -> None:
    """Arabic ya, kaf and digits are other signs. Latin digits stand in names, formulas and code alone."""
    wrong = {key for key, text in keys_of("fa", area).items() if re.search("[يكةۀ٠-٩]", text)}
    assert wrong == set()
    mixed = {key for key, text in keys_of("fa", area).items() if re.search("[۰-۹][0-9]|[0-9][۰-۹]", text)}
    assert mixed == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_plain_trees_of_texts(language: str) -> None:
    def check(tree: object) -> None:
        if isinstance(tree, dict):
            for value in tree.values():
                check(value)
        else:
            assert isinstance(tree, str)

    for path in (TEXTS / language).glob("*.json"):
        check(json.loads(path.read_text("utf-8")))
