"""The Models tab in Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.lab.lab import Lab

TABLE = "#models-viewer .lab-models-table"


def open_tab(page: Page, url: str, **query: str) -> None:
    page.goto(f"{url}/?" + "&".join(f"{name}={value}" for name, value in ({"lab": "models"} | query).items()))
    page.wait_for_selector(TABLE)


def test_the_loaded_model_is_shown_as_loaded(page: Page, app_url: str, lab: Lab) -> None:
    open_tab(page, app_url)
    row = page.locator(f'{TABLE} tr[data-model="minilm-l6"]')
    expect(row).to_contain_text("Loaded on CPU")
    expect(row).to_contain_text("22,713,216")
    loaded = {model["name"]: model["bytes"] for model in lab.models() if model["loaded"]}  # other files load more
    assert loaded["minilm-l6"] == 90852864
    meter = page.locator("#models-viewer [role=meter]").first
    expect(meter).to_have_attribute("aria-valuenow", str(sum(loaded.values())))


def test_what_is_not_pinned_says_so(page: Page, app_url: str) -> None:
    open_tab(page, app_url)
    expect(page.locator(f'{TABLE} tr[data-model="beit-cifar10-jadohu"]')).to_contain_text("Unpinned")
    expect(page.locator(f'{TABLE} tr[data-model="bert-base-uncased"]')).to_contain_text("86b5e093")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_does_not_scroll_sideways(
    new_context: Callable[..., tuple[BrowserContext, object]], app_url: str, theme: str
) -> None:
    page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
    open_tab(page, app_url, __theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    widest = page.evaluate(
        f"Math.max(...[...document.querySelectorAll('{TABLE} td')].map(c => c.getBoundingClientRect().right))"
    )
    assert widest <= 390
    head = page.locator(f"{TABLE} thead").bounding_box()
    assert head is not None
    assert head["width"] <= 1, "the column names stand in each card instead"


def test_the_table_is_one_for_a_screen_reader_on_a_phone_too(
    new_context: Callable[..., tuple[BrowserContext, object]], app_url: str
) -> None:
    page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
    open_tab(page, app_url)
    table = page.get_by_role("table", name="Models")
    expect(table.get_by_role("columnheader")).to_have_count(7)
    assert table.get_by_role("cell").count() >= 7 * 5


def test_it_asks_only_while_it_is_seen(page: Page, app_url: str) -> None:
    open_tab(page, app_url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request("**/queue/join*"):
        pass  # it asks by itself
    page.locator("#labs [role=tab]").first.click()
    page.wait_for_selector("#attention-viewer", state="visible")
    page.wait_for_timeout(1500)  # longer than the pause between two questions
    asked.clear()
    page.wait_for_timeout(2500)
    assert [url for url in asked if "queue/join" in url] == []


def test_persian_reads_from_right_to_left(page: Page, app_url: str) -> None:
    open_tab(page, app_url, lang="fa")
    first = page.locator(f"{TABLE} th[scope=col]").first.bounding_box()
    last = page.locator(f"{TABLE} th[scope=col]").last.bounding_box()
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]


def test_a_model_of_many_classes_folds_their_names(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=segmentation")
    notes = page.locator("#segmentation-viewer .lab-notes")
    expect(notes).to_contain_text("knows 90 of", timeout=90_000)
    names = notes.locator("details p")
    expect(names).to_be_hidden()
    notes.locator("summary").click()
    expect(names).to_contain_text("refrigerator")
