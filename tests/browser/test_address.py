"""The address is the link to what is on screen: a reload, another language and a link lose nothing of what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.menu import open_menu
from tests.browser.test_segmentation import noise, save, upload
from tests.browser.views import expect_view

SENTENCE = "The café’s #1 dish & 50 % more"


def at(page: Page, *parts: str) -> None:
    """Wait until the address has all of these parts."""
    expect(page).to_have_url(re.compile("".join(f"(?=.*{re.escape(part)})" for part in parts)))


def selected(page: Page, lab: str, view: str) -> None:
    expect_view(page, lab, view)


def look(page: Page, text: str) -> None:
    page.locator("#attention-a textarea").fill(text)
    page.click("#attention-look")


def held(page: Page, module: str) -> list[Route]:
    """Requests for a viewer's module, which wait until a test lets them go."""
    routes: list[Route] = []
    page.route(f"**/{module}", lambda route: routes.append(route))
    return routes


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_sentence_sent_before_the_viewer_is_there_is_the_one_that_it_shows(
    page: Page, app_url: str, language: str
) -> None:
    routes = held(page, "attention/main.js")
    page.goto(f"{app_url}/?lab=attention&view=matrix&lang={language}")
    look(page, SENTENCE)
    assert routes
    for route in routes:
        route.continue_()
    at(page, "view=matrix", "#a=The+caf")
    expect(page.locator("#attention-a textarea")).to_have_value(SENTENCE)


def test_a_sentence_typed_before_the_viewer_is_there_stays_in_its_field(page: Page, app_url: str) -> None:
    routes = held(page, "attention/main.js")
    page.goto(f"{app_url}/?lab=attention&view=matrix")
    page.locator("#attention-a textarea").fill(SENTENCE)
    assert routes
    for route in routes:
        route.continue_()
    expect(page.locator("#attention-viewer .lab-said")).to_contain_text("7 tokens", timeout=60_000)
    page.wait_for_timeout(500)  # gradio fills the fields after the viewer has drawn
    expect(page.locator("#attention-a textarea")).to_have_value(SENTENCE)


def test_a_reload_and_another_language_keep_sentence_view_and_layer(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=attention&view=matrix")
    look(page, SENTENCE)
    page.locator("#attention-viewer [role=radiogroup]").get_by_role("radio", name="2", exact=True).first.click()
    at(page, "view=matrix", "layer=2", "#a=The+caf")
    assert "caf" not in page.url.split("#")[0], "what was typed is sent to no server"
    page.reload()
    field = page.locator("#attention-a textarea")
    expect(field).to_have_value(SENTENCE, timeout=60_000)
    selected(page, "attention", "matrix")
    page.locator("#attention-a textarea").fill("typed and not looked at")
    open_menu(page)
    page.click(".lab-languages [hreflang=fa]")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(field).to_have_value("typed and not looked at", timeout=60_000)
    selected(page, "attention", "matrix")
    at(page, "lang=fa", "layer=2")


def test_a_link_inside_the_app_opens_without_a_new_page_and_the_way_back_does_too(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=learn&station=attention")
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    page.evaluate("window.samePage = true")
    page.locator(".learn-opens a", has_text="Matrix").click()
    selected(page, "attention", "matrix")
    at(page, "lab=attention", "view=matrix", "layer=4")
    look(page, SENTENCE)
    at(page, "caf")
    page.go_back()
    expect(page.locator(".learn-opens a").first).to_be_visible()
    at(page, "lab=learn", "station=attention")
    page.locator(".learn-opens a", has_text="Claims").click()
    expect(page.locator("#learn-views [role=tab][data-tab-id=claims]")).to_have_attribute("aria-selected", "true")
    page.click("#labs [role=tab][data-tab-id=attention]")
    expect(page.locator("#attention-a textarea")).to_have_value(SENTENCE)
    assert page.evaluate("window.samePage")


def test_a_picture_of_ones_own_survives_a_reload_and_stays_in_its_tab(
    page: Page, app_url: str, tmp_path: Path, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    page.goto(f"{app_url}/?lab=segmentation")
    canvas = page.locator("#segmentation-viewer .lab-main canvas").first
    expect(canvas).to_be_visible(timeout=60_000)
    upload(page, save(tmp_path / "mine.png", noise(60, 150, seed=3)))
    at(page, "own=1")
    page.reload()
    expect(canvas).to_be_visible(timeout=60_000)
    width, height = canvas.evaluate("node => [node.width, node.height]")
    assert width / height == pytest.approx(150 / 60, rel=0.05)
    expect(page.locator("#segmentation-upload img")).to_be_visible()
    theirs = new_context()[0].new_page()
    theirs.goto(page.url)
    expect(theirs.locator("#segmentation-viewer .lab-notes")).to_contain_text("stayed in the tab", timeout=60_000)


def test_what_both_classifiers_said_of_ones_own_picture_survives_a_reload(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    page.goto(f"{app_url}/?lab=cifar")
    shown = page.locator("#cifar-picture .cifar-shown")
    expect(shown).to_be_visible(timeout=60_000)
    upload(page, save(tmp_path / "mine.png", noise(60, 150, seed=3)), "#cifar-upload")
    expect(shown).to_contain_text("150×60")
    said = page.locator("#cifar-picture .cifar-said-of").inner_text()
    at(page, "own=1")
    page.reload()
    expect(shown).to_contain_text("150×60", timeout=60_000)
    assert page.locator("#cifar-picture .cifar-said-of").inner_text() == said


def test_a_text_too_long_for_a_link_survives_a_reload_until_its_owner_deletes_it(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    text = ("a long sentence of many words " * 70).strip()
    page.goto(f"{app_url}/?lab=attention&view=heads")
    field = page.locator("#attention-a textarea")
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    look(page, text)
    at(page, "#typed=here")
    page.reload()
    expect(field).to_have_value(text, timeout=60_000)
    theirs = new_context()[0].new_page()
    theirs.goto(page.url)
    expect(theirs.locator("#attention-viewer .lab-notes")).to_contain_text("too long", timeout=60_000)
    page.click("#lab-delete")
    assert page.evaluate("sessionStorage.getItem('lab-typed')") is None
    page.wait_for_timeout(2_000)  # after a click the address is looked at again, which still shows the text
    assert page.evaluate("sessionStorage.getItem('lab-typed')") is None


def test_answers_of_the_quiz_survive_a_reload(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=learn&view=quiz")
    page.locator(".learn-question input").first.check()
    score = page.locator(".learn-score").inner_text()
    page.reload()
    expect(page.locator(".learn-score")).to_have_text(score, timeout=60_000)
    expect(page.locator(".learn-question").first.locator(".learn-why").first).to_be_visible()
