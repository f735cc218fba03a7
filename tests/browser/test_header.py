"""The header: one slim row, a menu that keyboard and touch open and close, and the way past it all to the picture."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.texts import say
from tests.browser.menu import open_menu

Make = Callable[..., tuple[BrowserContext, object]]
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_header_is_one_row_and_its_menu_moves_nothing(
    new_context: Make, app_url: str, width: int, language: str
) -> None:
    page = new_context(viewport={"width": width, "height": 800})[0].new_page()
    page.goto(f"{app_url}/?lab=models&lang={language}")
    page.wait_for_selector("#models-viewer .lab-models-table")
    header, tabs = page.locator("#lab-header"), page.locator("#labs > .tab-wrapper")
    before = header.bounding_box(), tabs.bounding_box()
    assert before[0] is not None
    assert before[0]["height"] < 48
    open_menu(page)
    assert (header.bounding_box(), tabs.bounding_box()) == before
    panel = page.locator("#lab-menu").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    left, name = page.locator(".lab-menu-button").bounding_box(), page.locator("#lab-header h1").bounding_box()
    assert left is not None
    assert name is not None
    assert (left["x"] > name["x"]) == (language == "en"), "the menu stands where a line ends"


def test_the_menu_works_from_the_keyboard(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=models")
    button, panel = page.locator(".lab-menu-button"), page.locator("#lab-menu")
    button.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(FOCUSED) == "EN"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED).startswith(say("en", "app.lesson.name")), "from the first it goes to the last"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == say("en", "app.link")
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == "EN"
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_escape_leaves_the_lesson_s_form_first_and_the_menu_after_it(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=models")
    open_menu(page)
    maker = page.locator(".lab-lesson-maker")
    maker.locator("summary").press("Enter")
    maker.locator("[name=question]").fill("one\ntwo")
    page.keyboard.press("ArrowUp")
    expect(maker.locator("[name=question]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(maker.locator("[name=title]")).to_be_hidden()
    expect(page.locator("#lab-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#lab-menu")).to_be_hidden()


def test_a_press_elsewhere_and_a_second_one_on_the_button_close_the_menu(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=models")
    panel = page.locator("#lab-menu")
    open_menu(page)
    page.mouse.click(300, 500)
    expect(panel).to_be_hidden()
    open_menu(page)
    page.locator(".lab-menu-button").click()
    expect(panel).to_be_hidden()


def test_the_text_has_three_sizes_and_the_chosen_one_stays(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=models")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    seen = []
    for step in (0, 1, 2):
        open_menu(page)
        page.locator(f".lab-size[data-step='{step}']").click()
        expect(page.locator(".lab-size[aria-checked=true]")).to_have_attribute("data-step", str(step))
        seen.append(page.evaluate(size))
    assert seen == pytest.approx([seen[0], 1.25 * seen[0], 1.5 * seen[0]])
    page.reload()
    page.wait_for_selector("#lab-header h1")
    assert page.evaluate(size) == seen[2]


def test_the_language_links_say_their_language(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=models")
    open_menu(page)
    links = page.locator(".lab-languages a")
    assert links.evaluate_all("all => all.map(one => [one.lang, one.hreflang])") == [["en", "en"], ["fa", "fa"]]
    expect(page.locator(".lab-languages [aria-current]")).to_have_attribute("hreflang", "en")
    page.locator(".lab-languages [hreflang=fa]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_a_skip_link_comes_first_and_leads_to_the_picture(page: Page, ready_url: str) -> None:
    page.goto(f"{ready_url}/?lab=segmentation")
    page.wait_for_selector("#segmentation-viewer [data-picture]", timeout=180_000)
    page.keyboard.press("Tab")
    skip = page.locator(".lab-skip")
    expect(skip).to_be_focused()
    expect(skip).to_have_text(say("en", "app.to_picture"))
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-picture]') !== null")
    assert "#lab-picture" not in page.url, "the address stays the link to what is on screen"
