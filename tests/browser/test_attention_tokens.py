"""Tokens of the Attention lab in Chromium: what is behind them, which of two equal ones is meant, several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.text.attend import attend
from tests.browser.test_attention import open_lab, viewer
from tests.browser.views import pick_view

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page


def test_the_text_behind_an_unknown_token_is_shown_on_hover(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, "a ฉัน movie").weights
    open_lab(page, app_url, a="a ฉัน movie")
    unknown = viewer(page, '.lab-from [data-token="2"]')
    expect(unknown).to_have_attribute("title", "[UNK] = ฉัน")
    expect(unknown).to_have_attribute("aria-label", "3: [UNK] = ฉัน")
    expect(viewer(page, '.lab-from [data-token="1"][title]')).to_have_count(0)
    pick_view(page, "attention", "matrix")
    canvas = viewer(page, "canvas.lab-matrix")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        canvas.press(key)
    said = f"“[UNK] = ฉัน” looks at “a”: {weights[0, 0, 2, 1]:.3f}"
    expect(viewer(page, "output.lab-value")).to_have_text(said)
    pick_view(page, "attention", "embeddings")
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


def sums(page: Page, side: str) -> list[float]:
    """The numbers beside the tokens of a side."""
    return [float(text) for text in viewer(page, f".lab-{side} .lab-token output").all_inner_texts()]


def token(page: Page, side: str, place: int) -> Locator:
    return viewer(page, f'.lab-{side} [data-token="{place}"]')


def link_fields(page: Page) -> dict[str, Any]:
    """What the link to the present view says."""
    module = "'./' + AttentionLab.base + 'lib/links.js'"
    fields: dict[str, Any] = page.evaluate(f"import({module}).then((links) => links.views.attention())")
    return fields


def test_several_tokens_are_chosen_at_once_and_their_numbers_summed(page: Page, app_url: str, minilm: Any) -> None:
    sentence = "the cat saw the dog"
    weights = attend(minilm, sentence).weights[0].mean(axis=0)
    open_lab(page, app_url, a=sentence)
    token(page, "from", 1).click()
    token(page, "from", 4).click(modifiers=["Control"])
    page.locator("#lab-header").hover()
    expect(viewer(page, ".lab-chosen")).to_have_count(2)
    expected = weights[[1, 4]].sum(axis=0)
    np.testing.assert_allclose(sums(page, "to"), expected, atol=0.0021)
    names = ["[CLS]", "the (2)", "cat", "saw", "the (5)", "dog", "[SEP]"]
    said = f"the (2) + the (5), summed: they give most to “{names[int(expected.argmax())]}”, {expected.max():.3f} of 2."
    expect(viewer(page, ".lab-several")).to_have_text(said)
    token(page, "to", 2).click()
    expect(viewer(page, ".lab-chosen")).to_have_count(1)
    token(page, "to", 5).press("Control+Enter")
    page.locator("#lab-header").hover()
    np.testing.assert_allclose(sums(page, "from"), weights[:, [2, 5]].sum(axis=1), atol=0.0021)
    fields = link_fields(page)
    assert (fields["key"], fields["also"]) == (2, "5")
    open_lab(page, app_url, **{name: value for name, value in fields.items() if name != "lab"})
    expect(viewer(page, ".lab-to .lab-chosen")).to_have_count(2)
    np.testing.assert_allclose(sums(page, "from"), weights[:, [2, 5]].sum(axis=1), atol=0.0021)
    token(page, "to", 5).click(modifiers=["Control"])
    token(page, "to", 2).click(modifiers=["Control"])
    page.locator("#lab-header").hover()
    expect(viewer(page, ".lab-chosen")).to_have_count(0)


def test_a_long_press_on_a_touch_screen_adds_a_token_and_a_tap_chooses_one(
    app_url: str, minilm: Any, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    weights = attend(minilm, "the cat saw the dog").weights[0].mean(axis=0)
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)[0].new_page()
    open_lab(page, app_url, a="the cat saw the dog")
    token(page, "from", 1).tap()
    expect(viewer(page, ".lab-from .lab-chosen")).to_have_count(1)
    box = token(page, "from", 4).bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(viewer(page, ".lab-from .lab-chosen")).to_have_count(2)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(viewer(page, ".lab-several")).to_contain_text("the (2) + the (5), summed")
    expect(viewer(page, ".lab-from .lab-chosen")).to_have_count(2)
    np.testing.assert_allclose(sums(page, "to"), weights[[1, 4]].sum(axis=0), atol=0.0021)


def test_inside_a_head_a_token_of_padding_can_be_switched_on_and_the_mask_column_differs(
    page: Page, app_url: str, minilm: Any
) -> None:
    open_lab(page, app_url, a="the cat", b="a dog", view="inside", layer=2, head=4, token=2)
    cells = viewer(page, "tr[data-key] td:nth-child(4)")
    expect(cells).to_have_count(7)
    assert cells.all_inner_texts() == viewer(page, "tr[data-key] td:nth-child(3)").all_inner_texts()
    expect(viewer(page, ".lab-code")).to_contain_text("none of these 7 tokens is padding, so 0 is added")
    expect(viewer(page, ".lab-code")).not_to_contain_text("single sentence")
    before = viewer(page, "tr[data-key] td:nth-child(5)").all_inner_texts()
    viewer(page, ".lab-pad").check()
    expect(cells).to_have_count(8)
    row = viewer(page, 'tr[data-key="7"] td')
    expect(row.first).to_have_text("[PAD]")
    expect(row.nth(3)).to_have_text("−1,000,000,000")
    expect(row.nth(4)).to_have_text("0.000")
    assert viewer(page, "tr[data-key] td:nth-child(5)").all_inner_texts()[:7] == before
    expect(viewer(page, ".lab-code")).to_contain_text("[PAD] gets −1,000,000,000")
    assert link_fields(page)["pad"] == 1


def test_inside_a_head_a_long_text_is_there_at_once_and_says_how_far_it_is(page: Page, app_url: str) -> None:
    words = " ".join(f"word{i}" for i in range(600))
    open_lab(page, app_url, a=words)
    page.evaluate(
        """() => {
          window.said = [];
          const rows = () => document.querySelectorAll("#attention-viewer tr[data-key]").length;
          const note = () => window.said.push([rows(), document.querySelector(".lab-rows")?.textContent ?? ""]);
          const viewer = document.querySelector("#attention-viewer");
          new MutationObserver(note).observe(viewer, {childList: true, subtree: true});
        }"""
    )
    pick_view(page, "attention", "inside")
    expect(viewer(page, "tr[data-key]")).to_have_count(512, timeout=60_000)
    said = page.evaluate("window.said")
    assert [64, "Rows drawn: 64 of 512"] in said, "the first rows were there before the last"
    expect(viewer(page, ".lab-rows")).to_be_empty()
    expect(viewer(page, ".lab-pad")).to_be_disabled()
    viewer(page, ".lab-query").select_option("300")
    expect(viewer(page, ".lab-found")).to_contain_text("gives", timeout=60_000)
    expect(viewer(page, "tr[data-key]")).to_have_count(512, timeout=60_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ramps_start_from_the_pages_own_colour(page: Page, app_url: str, theme: str) -> None:
    def pixels(selector: str) -> np.ndarray:
        found = viewer(page, selector).first.evaluate(
            "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
        )
        return np.array(found).reshape(-1, 4)[:, :3].mean(axis=1)

    open_lab(page, app_url, view="grid", layer=1, head=3, __theme=theme)  # a head that looks at one token alone
    ground = np.mean([10, 15, 30] if theme == "dark" else [247, 251, 255])
    body = viewer(page, ".lab-picture").evaluate(
        """(node) => {
          while (getComputedStyle(node).backgroundColor === "rgba(0, 0, 0, 0)") node = node.parentElement;
          return getComputedStyle(node).backgroundColor;
        }"""
    )
    assert body == ("rgb(10, 15, 30)" if theme == "dark" else "rgb(255, 255, 255)")
    small = pixels('[data-head="1.3"] canvas')
    assert np.abs(small - ground).min() < 1, "what nobody looks at is the page's colour"
    far = small.max() if theme == "dark" else small.min()
    assert abs(far - ground) > 120, "and what everybody looks at is not"
    pick_view(page, "attention", "inside")
    strip = pixels(".lab-vector canvas")
    assert strip.mean() < 128 if theme == "dark" else strip.mean() > 128
    ramp = viewer(page, ".lab-ramp")
    pick_view(page, "attention", "matrix")
    expect(ramp).to_be_visible()
    first = "rgb(10, 15, 30)" if theme == "dark" else "rgb(247, 251, 255)"
    assert first in ramp.evaluate("e => getComputedStyle(e).backgroundImage").split(" 0%")[0][:60]
