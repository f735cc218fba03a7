"""A view of a lab, opened as a person does: by its button in the row, or out of the menu at the row's end."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def pick_view(page: Page, lab: str, view: str) -> None:
    """Open ``view`` of "attention" or "segmentation"."""
    row = page.locator(f"#{lab}-viewer .lab-views")
    button = row.locator(f"[data-view={view}]")
    if button.get_attribute("role") == "menuitemradio":
        row.locator(".lab-more-views").click()
    button.click()
    expect_view(page, lab, view)


def expect_view(page: Page, lab: str, view: str) -> None:
    """The one that is open."""
    chosen = page.locator(
        f"#{lab}-viewer .lab-views :is([role=tab][aria-selected=true], [aria-checked=true])[data-view]"
    )
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-view", view)
