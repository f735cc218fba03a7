"""The menu in the page's header."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def open_menu(page: Page) -> None:
    """Open it as a person does, by its button; one that is open stays so."""
    button = page.locator("#lab-header .lab-menu-button")
    expect(button).to_be_visible(timeout=60_000)
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    expect(page.locator("#lab-menu")).to_be_visible()
