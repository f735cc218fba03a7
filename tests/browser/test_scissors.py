"""Scissors, trace and the search for the fewest heads in Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lab.lab import Lab
from core.lab.verdict import VerdictQuestion, verdict
from core.texts import say
from tests.browser.test_scene import DECIDES, OPENING, open_scene, part, word


def head(page: Page, name: str) -> Locator:
    return page.locator(f"[data-snip='{name}']")


def saved(page: Page, kind: str, within: str = "#attention-viewer .lab-beside") -> str:
    with page.expect_download() as waiting:
        page.locator(f"{within} .lab-exports").get_by_role("button", name=kind, exact=True).click()
    return Path(waiting.value.path()).read_text("utf-8-sig")


def probability(lab: Lab, cut: list[tuple[int, int]], without: list[int] | None = None) -> float:
    return verdict(lab, VerdictQuestion.read(lab, OPENING, "", without or [], cut)).probability


def test_a_head_is_switched_off_and_dial_lines_and_sentence_move(page: Page, app_url: str, lab: Lab) -> None:
    open_scene(page, app_url)
    expect(head(page, "2.3")).to_be_hidden()
    page.get_by_role("button", name="Scissors: switch heads off").click()
    hand = part(page, "hand").evaluate("node => node.style.transform")
    head(page, "2.3").click()
    head(page, "2.2").click()
    head(page, "4.4").click()
    p, q = probability(lab, [(1, 1), (1, 2), (3, 3)]), probability(lab, [])
    said = f"With 3 of 16 heads switched off P(positive) goes from {100 * q:.1f} % to {100 * p:.0f} %"
    expect(part(page, "told")).to_contain_text(said)
    expect(part(page, "verdict")).to_have_text(f"positive {100 * p:.0f} %")
    expect(part(page, "caption")).to_contain_text("mean of the 2 of 4 heads that are on")
    assert part(page, "hand").evaluate("node => node.style.transform") != hand
    expect(head(page, "2.3")).to_have_attribute("aria-pressed", "true")
    expect(head(page, "2")).to_have_attribute("aria-pressed", "mixed")
    page.get_by_role("button", name="All heads back").click()
    expect(part(page, "told")).to_have_text(DECIDES)
    expect(head(page, "2.3")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("button", name="All heads back")).to_be_disabled()


def test_a_layer_goes_by_keyboard_with_one_stop_for_all_heads(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    page.get_by_role("button", name="Scissors: switch heads off").click()
    stops = page.locator("[data-snip][tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowDown")
    expect(head(page, "2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(head(page, "2.4")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(head(page, "2.1")).to_have_attribute("aria-pressed", "false")
    expect(part(page, "told")).to_contain_text("With 3 of 16 heads")
    expect(page).to_have_url(re.compile(r"cut=2\.2_2\.3_2\.4"))


def test_a_link_restores_the_heads_and_drops_those_that_are_not_there(page: Page, app_url: str, lab: Lab) -> None:
    open_scene(page, app_url, "&cut=2.3_9.1_4.4&without=7")
    p = 100 * probability(lab, [(1, 2), (3, 3)], [7])
    expect(part(page, "told")).to_contain_text("With 2 of 16 heads")
    expect(part(page, "told")).to_contain_text("Without “boring”")
    expect(part(page, "verdict")).to_contain_text(f"{max(p, 100 - p):.0f} %")
    expect(head(page, "4.4")).to_have_attribute("aria-pressed", "true")
    expect(word(page, "boring")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"cut=2\.3_4\.4"))
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV"))))
    assert {row["heads_off"] for row in rows} == {"2.3_4.4"}


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180), (1280, 800)])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_grid_has_room_beside_dial_and_words(
    page: Page, app_url: str, width: int, height: int, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_scene(page, app_url, f"&cut=2.3&lang={language}")
    expect(part(page, "told")).to_have_text(re.compile("^" + say(language, "scissors.told").split("{")[0]))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.evaluate(
        "[...document.querySelectorAll('[data-snip], .scene-dial')].map(node => node.getBoundingClientRect().toJSON())"
    )
    figure = page.locator("#attention-viewer .scene-figure").bounding_box()
    assert figure is not None
    assert figure["height"] <= height
    assert all(figure["x"] <= box["left"] and box["right"] <= figure["x"] + figure["width"] for box in boxes)
    assert all(box["width"] >= 43 and box["height"] >= 43 for box in boxes)


def test_the_verdict_is_traced_to_its_words_by_three_methods(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    part(page, "verdict").get_by_role("button").click()
    rows = page.locator(".trace-table tbody tr")
    expect(rows).to_have_count(9)
    expect(page.locator(".trace-table thead th")).to_have_text(
        ["Word", "Leaving out", "Integrated gradients", "Attention rollout"]
    )
    expect(page.locator(".trace-told")).to_contain_text(re.compile(r"gradients and Attention rollout: \W?\+0\.97"))
    expect(page.locator(".trace-told")).to_contain_text("1 of 3 pairs")
    expect(rows.nth(7).locator("td").first).to_have_text(re.compile("−0.94"))
    expect(rows.nth(7)).to_be_in_viewport()
    word(page, "boring").click()
    expect(rows.nth(7).locator("td").first).to_have_text("–")
    found = json.loads(saved(page, "JSON"))
    assert len(found["trace"]["methods"]["gradients"]) == 9
    assert found["trace"]["methods"]["gradients"][7] is None
    assert found["trace"]["error"] < 0.01
    table = list(csv.DictReader(io.StringIO(saved(page, "CSV"))))
    assert table[7]["trace_integrated_gradients"] == ""
    assert float(table[3]["trace_rollout"]) > 0


def test_the_search_grows_stops_and_is_saved(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    page.get_by_text("How few heads keep 95 % of the accuracy?").click()
    status = page.locator(".scissors-status")
    page.get_by_role("button", name="Start the search").click()
    expect(status).to_contain_text(re.compile(r"[1-9]\d? of 16 heads are off"), timeout=60_000)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("Stopped with")
    page.get_by_role("button", name="Again, with other halves").click()
    expect(status).to_contain_text("of 16 keep 95 % of the accuracy", timeout=90_000)
    expect(page.locator(".scissors-figure .chart-plot polyline")).to_have_count(4)
    found = json.loads(saved(page, "JSON", ".scissors-figure"))
    assert len(found["held"]) == 17
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV", ".scissors-figure"))))
    assert [int(row["heads_left"]) for row in rows] == list(range(16, -1, -1))
    page.get_by_role("button", name="Switch these heads off").click()
    expect(part(page, "told")).to_contain_text(f"With {16 - found['fewest']} of 16 heads")
