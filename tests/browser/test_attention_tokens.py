"""Tokens of the Attention lab in Chromium: what is behind them, which of two equal ones is meant, several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from core.text.attend import attend

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page
LABEL = 92  # pixels that a matrix leaves for its labels


def viewer(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer {selector}")


def open_lab(page: Page, url: str, **query: object) -> None:
    """The lab by its link, once the first answer is there."""
    page.goto(f"{url}/?{urlencode({'lab': 'attention', **query})}")
    expect(viewer(page, ".lab-said")).not_to_be_empty(timeout=60_000)


def test_the_text_behind_an_unknown_token_is_shown_on_hover(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, "a ฉัน movie").weights
    open_lab(page, app_url, a="a ฉัน movie")
    token = viewer(page, '.lab-from [data-token="2"]')
    expect(token).to_have_attribute("title", "[UNK] = ฉัน")
    expect(token).to_have_attribute("aria-label", "3: [UNK] = ฉัน")
    expect(viewer(page, '.lab-from [data-token="1"][title]')).to_have_count(0)
    page.locator("#lab-view-matrix").click()
    canvas = viewer(page, "canvas.lab-matrix")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        canvas.press(key)
    said = f"“[UNK] = ฉัน” looks at “a”: {weights[0, 0, 2, 1]:.3f}"
    expect(viewer(page, "output.lab-value")).to_have_text(said)
    page.locator("#lab-view-embeddings").click()
    expect(viewer(page, '[data-mask="2"]')).to_have_attribute("title", "ฉัน")


def test_two_equal_words_are_told_apart_by_their_places(page: Page, app_url: str, minilm: Any) -> None:
    sentence = "the cat saw the dog"
    weights = attend(minilm, sentence).weights
    open_lab(page, app_url, a=sentence, view="matrix", layer=1, head=1)
    canvas = viewer(page, "canvas.lab-matrix")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        canvas.press(key)
    said = f"“the (2)” looks at “the (5)”: {weights[0, 0, 1, 4]:.3f}"
    expect(viewer(page, "output.lab-value")).to_have_text(said)
    canvas.press("ArrowDown")
    expect(viewer(page, "output.lab-value")).to_have_text(f"“cat” looks at “the (5)”: {weights[0, 0, 2, 4]:.3f}")
