"""Texts with values in them, and the form that a language has for a count: the plural subset of ICU's messages.

``"{count, plural, one {# picture} other {# pictures}} of {total}"``: ``#`` is the count. viewers/lib/i18n.js does the
same in the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLURAL = r"\{(\w+), plural, ((?:\w+ \{[^{}]*\} ?)+)\}"
FIELD = r"\{(\w+)\}"
EITHER = re.compile(f"{PLURAL}|{FIELD}")
BRANCH = re.compile(r"(\w+) \{([^{}]*)\}")
GROUPS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", ",٬ \u00a0\u2066\u2069")
WRITTEN = re.compile(r"\d+(\.\d+)?")
LATIN = "0123456789.,"
QUOTES = ("«", "“", "„", '"')
NUMBER = re.compile(r"[\u2066\u2068]?[+\-−]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?( ?%)?\u2069?")


def form(language: str, count: object) -> str:
    """``one`` or ``other``, by the rules of Unicode's CLDR; a number may be written out, its thousands grouped."""
    text = str(count).translate(GROUPS).lstrip("+-")
    if not WRITTEN.fullmatch(text):
        return "other"
    if language == "fa":  # i = 0 or n = 1
        return "one" if float(text) <= 1 else "other"
    return "one" if text == "1" else "other"  # i = 1 and v = 0


def numeral(value: object, digits: str = LATIN) -> str:
    """The value as text; a number in the digits of a sentence, everything else, such as a shape or a name, as it is."""
    text = str(value)
    return text.translate(str.maketrans(LATIN, digits)) if NUMBER.fullmatch(text) else text


def filled(template: str, values: Mapping[str, object], language: str, digits: str = LATIN) -> str:
    """The template with its fields filled by plain text. KeyError for a field that has no value."""

    def put(found: re.Match[str]) -> str:
        counted, branches, field = found.groups()
        if counted is None:
            quoted = found.string[: found.start()].endswith(QUOTES)  # somebody's own words
            return str(values[field]) if quoted else numeral(values[field], digits)
        forms: dict[str, str] = dict(BRANCH.findall(branches))
        chosen = forms.get(form(language, values[counted])) or forms["other"]
        return chosen.replace("#", numeral(values[counted], digits))

    return EITHER.sub(put, template)


def fields(template: str) -> set[str]:
    """The names of the values that a template takes."""
    return {name for counted, _, field in EITHER.findall(template) if (name := counted or field)}
