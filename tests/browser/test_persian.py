"""The page in Persian: what runs from the right, and which sentence it opens with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from core.lab.lab import Lab
from core.models.catalog import CATALOG
from core.settings import Settings
from core.texts import say, texts
from tests.serving import serving

PERSIAN = say("en", "attention.examples.persian.a")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A lab whose first model says that it has read Persian."""
    first = next(spec for spec in CATALOG if spec.job == "attention")
    catalog = [replace(spec, languages=("en", "fa")) if spec is first else spec for spec in CATALOG]
    with serving(Lab(Settings(offline=True, device="cpu", data=None), catalog=catalog)) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "sentence"), [("fa", PERSIAN), ("en", say("en", "attention.examples.reference.a"))]
)
def test_a_page_opens_with_a_sentence_in_its_language_where_a_model_can_read_it(
    page: Page, url: str, language: str, sentence: str
) -> None:
    page.goto(f"{url}/?lang={language}")
    expect(page.locator("#attention-a textarea")).to_have_value(sentence, timeout=60_000)
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty()


def test_where_no_model_here_has_read_persian_the_sentence_stays_english(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lang=fa")
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    expect(page.locator("#attention-a textarea")).to_have_value(say("en", "attention.examples.reference.a"))


def test_a_sentence_has_persian_digits_and_a_matrix_latin_ones(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lang=fa&view=heads")
    expect(page.locator("#attention-viewer .lab-said")).to_contain_text("۷ توکن", timeout=60_000)
    expect(page.locator("#attention-viewer .lab-head").first).to_have_text("1")
    page.locator('#attention-viewer .lab-from [data-token="2"]').hover()
    expect(page.locator("#attention-viewer .lab-to output").first).to_have_text(re.compile(r"^0\.\d{3}$"))


def test_captions_run_from_the_right_even_beside_pictures_that_do_not(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=segmentation&view=patch&lang=fa")
    caption = page.locator("#segmentation-viewer .lab-main .lab-caption").first
    expect(caption).to_be_visible(timeout=60_000)
    assert caption.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert (
        page.locator("#segmentation-viewer .lab-main").first.evaluate("node => getComputedStyle(node).direction")
        == "ltr"
    )


@pytest.mark.parametrize(("language", "left", "right"), [("en", "Left", "Right"), ("fa", "چپ", "راست")])
def test_the_caption_of_the_heads_says_which_side_asks(language: str, left: str, right: str) -> None:
    said = texts(language)["attention.caption_heads"]
    assert said.index(left) < said.index("query") < said.index(right) < said.index("key")
