"""The row of views: six at most, and a menu of the others at its end."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.texts import say
from tests.browser.views import expect_view, pick_view

Make = Callable[..., tuple[BrowserContext, Any]]
ROW = "#attention-viewer .lab-views"
MOST = 6
SCREENS = {"laptop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
# Whether all buttons of the row stand in one line, and how far what is seen of it reaches out of the page.
LINE = """(row) => {
  const seen = [...row.querySelectorAll("[role=tab]")].map((one) => one.getBoundingClientRect());
  const scroll = row.querySelector(".lab-first-views"), more = row.querySelector(".lab-more-views");
  const boxes = [scroll, more].map((one) => one.getBoundingClientRect());
  return {
    lines: new Set(seen.map((box) => Math.round(box.bottom))).size,
    out: Math.max(...boxes.map((box) => Math.max(-box.left, box.right - innerWidth))),
    hidden: scroll.scrollWidth - scroll.clientWidth,
  };
}"""


def opened(page: Page, url: str, **query: str) -> Locator:
    page.goto(f"{url}/?" + "&".join(f"{name}={value}" for name, value in query.items()))
    row = page.locator(ROW)
    expect(row).to_be_visible(timeout=60_000)
    return row


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_row_is_one_line_and_has_six_views_at_most(
    new_context: Make, app_url: str, screen: str, language: str
) -> None:
    width, height = SCREENS[screen]
    page = new_context(viewport={"width": width, "height": height})[0].new_page()
    row = opened(page, app_url, view="build", lang=language)
    assert row.locator("[role=tab][data-view]").count() <= MOST
    found = row.evaluate(LINE)
    assert found["lines"] == 1
    assert found["out"] <= 0
    if screen != "phone":
        assert found["hidden"] <= 0, "no view has to be looked for"
    expect(row.locator(".lab-more-views")).to_have_text(say(language, "attention.views.build"))
    row.locator(".lab-more-views").click()
    box = row.locator("[role=menu]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    pick_view(page, "attention", "heads")
    expect(row.locator("[role=menu]")).to_be_hidden()
    expect(row.locator(".lab-more-views")).to_have_text(say(language, "app.more_views"))


@pytest.mark.parametrize(("language", "back"), [("en", "ArrowLeft"), ("fa", "ArrowRight")])
def test_the_keyboard_opens_the_menu_walks_in_it_and_leaves_it(
    page: Page, app_url: str, language: str, back: str
) -> None:
    row = opened(page, app_url, view="scene", lang=language)
    more = row.locator(".lab-more-views")
    assert row.locator("[tabindex='0']").count() == 1
    row.locator("[data-view=scene]").focus()
    page.keyboard.press(back)  # from the first to the last, which opens nothing by itself
    expect(more).to_be_focused()
    expect_view(page, "attention", "scene")
    page.keyboard.press("Enter")
    items = row.get_by_role("menuitemradio")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(items.first).to_be_hidden()
    expect(more).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    name = items.last.inner_text()
    page.keyboard.press("Enter")
    expect(items.first).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).to_have_text(name)
    expect(page.get_by_role("tab", name=name, exact=True, selected=True)).to_have_count(1)
    assert row.locator("[tabindex='0']").count() == 1
    page.keyboard.press("ArrowDown")
    expect(items.last).to_be_focused()  # the one that is open
    page.keyboard.press("Tab")
    expect(items.first).to_be_hidden()


def test_a_press_elsewhere_closes_the_menu(page: Page, app_url: str) -> None:
    row = opened(page, app_url, view="scene")
    row.locator(".lab-more-views").click()
    expect(row.get_by_role("menu")).to_be_visible()
    page.locator("#lab-header h1").click()
    expect(row.get_by_role("menu")).to_be_hidden()
    expect_view(page, "attention", "scene")
