"""The picture alone on the screen: by the key P or from the menu, until P, Escape or its button."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.texts import say
from tests.browser.menu import open_menu

Make = Callable[..., tuple[BrowserContext, object]]
READY = 180_000  # milliseconds for a model to load
PLAIN = "document.documentElement.dataset.projector === undefined"
# Pixels of the smallest text in the picture that is seen.
SMALLEST = """() => {
  const seen = (node) => node.getBoundingClientRect().width > 0;
  const picture = [...document.querySelectorAll("[data-picture]")].find(seen);
  const written = [picture, ...picture.querySelectorAll("*")].filter(
    (node) => seen(node) && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  return Math.min(999, ...written.map((node) => parseFloat(getComputedStyle(node).fontSize)));
}"""


def opened(page: Page, url: str, name: str) -> None:
    lab, _, view = name.partition("/")
    page.goto(f"{url}/?lab={lab}&view={view}")
    page.wait_for_selector(f"#lab-{lab} [data-picture]:not(.scene-empty)", timeout=READY)


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768), (1600, 1200)], ids=["16:9", "4:3", "large 4:3"])
@pytest.mark.parametrize("name", ["attention/scene", "segmentation", "cifar", "learn"])
def test_p_shows_the_picture_alone_and_escape_all_of_the_page(
    new_context: Make, ready_url: str, name: str, size: tuple[int, int]
) -> None:
    page = new_context(viewport={"width": size[0], "height": size[1]})[0].new_page()
    opened(page, ready_url, name)
    picture = page.locator(f"#lab-{name.partition('/')[0]} [data-picture]")
    before = picture.bounding_box()
    page.keyboard.press("p")
    for away in ("#lab-header", "#labs > .tab-wrapper", "#lab-privacy", "footer", ".lab-beside >> nth=0"):
        expect(page.locator(away).first).to_be_hidden()
    box = picture.bounding_box()
    assert box is not None
    assert before is not None
    assert box["width"] * box["height"] > before["width"] * before["height"]
    assert box["x"] >= -1
    assert box["y"] >= -1
    assert box["x"] + box["width"] <= size[0] + 1
    assert box["y"] + box["height"] <= size[1] + 1
    assert page.evaluate(SMALLEST) >= 24
    page.keyboard.press("Escape")
    expect(page.locator("#lab-header")).to_be_visible()
    expect(page.locator("#lab-leave")).to_have_count(0)


def test_p_and_the_button_in_the_corner_leave_and_the_page_stands_where_it_stood(page: Page, ready_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    opened(page, ready_url, "learn")
    page.evaluate("scrollTo(0, 120)")
    page.keyboard.press("p")
    page.wait_for_selector("#lab-leave")
    page.keyboard.press("P")
    page.wait_for_function(PLAIN)
    assert page.evaluate("scrollY") == 120
    page.keyboard.press("p")
    page.locator("#lab-leave").click()
    page.wait_for_function(PLAIN)


def test_p_is_a_letter_where_somebody_types_and_a_command_with_a_modifier(page: Page, ready_url: str) -> None:
    opened(page, ready_url, "learn")
    open_menu(page)
    page.locator(".lab-lesson-maker summary").press("Enter")
    title = page.locator(".lab-lesson-maker [name=title]")
    title.focus()
    page.keyboard.type("Pp")
    expect(title).to_have_value("Pp")
    assert page.evaluate(PLAIN)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+p")
    assert page.evaluate(PLAIN)


def test_the_menu_shows_the_picture_alone_and_says_where_a_view_has_none(page: Page, ready_url: str) -> None:
    opened(page, ready_url, "learn")
    open_menu(page)
    page.get_by_role("button", name=say("en", "app.projector.name")).click()
    expect(page.locator("#lab-menu")).to_be_hidden()
    page.keyboard.press("Escape")
    page.goto(f"{ready_url}/?lab=models")
    page.wait_for_selector("#models-viewer .lab-models-table")
    page.keyboard.press("p")
    assert page.evaluate(PLAIN)
    open_menu(page)
    page.get_by_role("button", name=say("en", "app.projector.name")).click()
    expect(page.get_by_text(say("en", "app.projector.none"))).to_be_visible()
