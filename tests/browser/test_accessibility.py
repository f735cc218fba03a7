"""axe (https://github.com/dequelabs/axe-core) finds nothing serious, on every tab, in both languages and themes."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.menu import open_menu

VIEWS = {
    "attention": ("", "build"),
    "segmentation": ("", "restore"),
    "cifar": ("", "restore"),
    "learn": ("walk", "claims", "quiz", "table"),
    "models": ("",),
}
SEEN = {
    "attention": "#attention-viewer .lab-tabs",
    "segmentation": "#lab-segmentation",
    "cifar": "#cifar-views",
    "learn": "#learn-views",
    "models": "#models-viewer .lab-models-table",
}
DONE = {"walk": "#learn-figure .learn-opens", "claims": "#learn-claims .learn-verdict"}  # left earlier, a stream breaks
# Gradio's own note of an error has a button inside what it calls a button; it is gone after ten seconds.
SETTLED = """() => document.querySelectorAll('.lab-viewer').length > 0
  && ![...document.querySelectorAll('.html-container, .prose')].some((node) => getComputedStyle(node).opacity < 1)"""
CONTEXT = {"exclude": [[".toast-wrap"]]}
expect.set_options(timeout=30_000)  # the first answer waits for a model to load
Make = Callable[..., tuple[BrowserContext, object]]


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical: the rule, and where."""
    found = Axe().run(page, context=CONTEXT, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("en", "dark"), ("fa", "light"), ("fa", "dark")])
@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_serious(new_context: Make, app_url: str, name: str, language: str, theme: str) -> None:
    page = new_context()[0].new_page()
    views = VIEWS[name] if (language, theme) in (("en", "light"), ("fa", "dark")) else VIEWS[name][:1]
    for view in views:
        page.goto(f"{app_url}/?lab={name}&view={view}&lang={language}&__theme={theme}")
        page.wait_for_selector(SEEN[name])
        page.wait_for_function(SETTLED)
        if view in DONE:
            page.wait_for_selector(DONE[view])
        assert serious(page) == []


def test_axe_sees_what_is_wrong(page: Page) -> None:
    page.set_content(
        "<html lang='en'><title>x</title><main><p style='color:#ccc;background:#fff'>pale</p></main></html>"
    )
    assert [fault.split(":")[0] for fault in serious(page)] == ["color-contrast"]


def test_the_learn_lab_works_from_the_keyboard(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=learn&view=quiz")
    first = page.locator("#learn-quiz [data-question=stacks] input").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#learn-quiz .learn-score")).to_contain_text("1")
    expect(page.locator("#learn-quiz [data-question=stacks] .learn-right")).to_be_visible()


def test_a_larger_text_stays_after_a_reload(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=learn&view=table")
    page.wait_for_selector("#learn-table .learn-row")
    before = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    open_menu(page)
    page.locator("#lab-header .lab-size[data-step='1']").click()
    after = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert float(after.removesuffix("px")) == pytest.approx(1.25 * float(before.removesuffix("px")))
    page.reload()
    page.wait_for_selector("#learn-table .learn-row")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == after


def test_a_list_and_a_form_over_the_page_close_when_the_keyboard_moves_on(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?view=heads")
    expect(page.locator("#attention-viewer .lab-headview")).to_be_visible(timeout=60_000)
    lists = page.locator("ul[role=listbox]")
    page.locator("#attention-model input").focus()
    expect(lists).to_have_count(1)
    page.keyboard.press("Tab")
    expect(lists).to_have_count(0)
    expect(page.locator("#attention-model input")).to_have_value("MiniLM-L6")
    open_menu(page)
    maker = page.locator(".lab-lesson-maker")
    maker.locator("summary").press("Enter")
    maker.locator("[name=title]").fill("kept")
    maker.locator("button").press("Tab")
    expect(maker).not_to_have_attribute("open", "")
    expect(maker.locator("[name=title]")).to_have_value("kept")
