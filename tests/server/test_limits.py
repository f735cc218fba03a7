"""The limits: what the README and the page promise is what the code does."""

import re

from core.data import images
from core.text import tokens
from core.texts import texts
from server import limits
from tools.readme import README, limits_table


def test_the_readme_shows_every_limit_as_it_is() -> None:
    assert limits_table() in README.read_text("utf-8")
    assert len(limits_table().splitlines()) == len(limits.LIMITS) + 2


def test_the_page_promises_the_time_after_which_uploads_are_deleted() -> None:
    minutes = re.search(r"after (\d+) minutes", texts("en")["app.privacy.kept"])
    assert minutes is not None
    assert int(minutes[1]) * 60 == limits.KEEP_SECONDS


def test_a_picture_and_its_annotation_fit_into_one_upload() -> None:
    assert limits.UPLOAD_BYTES > 2 * images.MAX_BYTES


def test_the_longest_text_fits_into_a_request_in_any_alphabet_and_spelling() -> None:
    escaped = 2 * tokens.MAX_CHARACTERS * len("\\ud83d\\ude00")  # two sentences of emoji, each letter escaped
    assert escaped < limits.JSON_BYTES
