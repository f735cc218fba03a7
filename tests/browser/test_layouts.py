"""No view of any lab scrolls sideways or lets one button, field or text lie over another, in any size, theme, language.

The suite takes rows in which every two of these meet; ``-m long`` takes every row.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, product
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.views import pick_view
from tests.pairs import covering

Make = Callable[..., tuple[BrowserContext, Any]]
Row = tuple[str, str, str, str]
SIZES = {"projector": (1920, 1080), "laptop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
THEMES, LANGUAGES = ("light", "dark"), ("en", "fa")
OURS = {  # labs whose row of views is ours; the others have gradio's tabs
    "attention": (
        "scene",
        "journey",
        "heads",
        "matrix",
        "grid",
        "inside",
        "masked",
        "compare",
        "embeddings",
        "bertviz",
        "build",
    ),
    "segmentation": ("overlay", "truth", "patch", "journey", "restore", "steps"),
}
TABS = {
    "cifar": ("picture", "journey", "evaluation", "curves", "training", "reasons"),
    "learn": ("walk", "claims", "quiz", "table"),
    "models": ("",),
}
LABS = OURS | TABS
READY = 180_000  # milliseconds for a model to load
# What reaches out of the page, and which two of what one presses, types into or reads lie over each other: those that
# are seen, no one inside the other, by more than two pixels each way.
FAULTS = """(lab) => {
  const root = document.querySelector(`#lab-${lab}`);
  const inline = (node) => getComputedStyle(node).display === "inline"; // part of a text, and may run over two lines
  const seen = (node) =>
    node.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !inline(node);
  const named = "button, input:not([type=range]), select, textarea, summary, p, h1, h2, h3, figcaption, a[href]";
  const clipped = (node, box) => {  // to what its scrolling ancestors let through
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflow === "visible") continue;
      const outer = at.getBoundingClientRect();
      [left, right] = [Math.max(left, outer.left), Math.min(right, outer.right)];
      [top, bottom] = [Math.max(top, outer.top), Math.min(bottom, outer.bottom)];
    }
    return {node, left, top, right, bottom};
  };
  const floats = (node) => node.closest(".lab-menu, .lab-others, .lab-tip, [role=listbox], .toast-wrap, .scene-words");
  const boxes = [...document.querySelectorAll("#lab-header, #labs > .tab-wrapper, #" + root.id)]
    .flatMap((part) => [...part.querySelectorAll(named)])
    .filter((node) => seen(node) && !floats(node) && (node.textContent.trim() || node.matches("input, textarea")))
    .map((node) => clipped(node, node.getBoundingClientRect()))
    .filter((box) => box.right - box.left > 4 && box.bottom - box.top > 4);
  const said = ({node}) => `${node.tagName.toLowerCase()}.${node.className} ${node.textContent.trim().slice(0, 30)}`;
  const faults = [];
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((two) => {
    if (one.node.contains(two.node) || two.node.contains(one.node)) return;
    const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (wide > 2 && high > 2) faults.push(`${said(one)} / ${said(two)}`);
  }));
  const wider = document.documentElement.scrollWidth - innerWidth;
  if (wider > 0) faults.push(`the page scrolls sideways by ${wider}`);
  return faults;
}"""


def rows_of(lab: str, all_of_them: bool) -> list[Row]:
    """Language, theme, size, view; those with one page together."""
    columns = (LANGUAGES, THEMES, tuple(SIZES), LABS[lab])
    return sorted(product(*columns) if all_of_them else covering(*columns))


def show(page: Page, lab: str, view: str) -> None:
    """Open a view of the open page and wait until it is drawn."""
    if lab in OURS:
        pick_view(page, lab, view)
    elif view:
        page.evaluate("id => document.getElementById(id).click()", f"{lab}-view-{view}-button")
        expect(page.locator(f"#{lab}-view-{view}-button")).to_have_attribute("aria-selected", "true")
        expect(page.locator(f"#{lab}-view-{view} .lab-viewer").first).not_to_be_empty()
    if lab != "cifar":  # there it says what nobody has started
        expect(page.locator(f"#lab-{lab} .lab-wait:visible")).to_have_count(0, timeout=READY)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def check(make: Make, url: str, lab: str, rows: list[Row]) -> None:
    """Every row of a lab; one page for each language and theme."""
    faults = {}
    for (language, theme), group in groupby(rows, key=lambda row: row[:2]):
        page = make(viewport={"width": 1280, "height": 800})[0].new_page()
        page.goto(f"{url}/?lab={lab}&lang={language}&__theme={theme}")
        page.wait_for_selector(f"#lab-{lab} .lab-viewer > *", state="attached", timeout=READY)
        expect(page.locator("#lab-first")).to_have_count(0, timeout=READY)
        for *_, size, view in group:
            page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
            show(page, lab, view)
            found = page.evaluate(FAULTS, lab)
            if found:
                page.wait_for_timeout(700)  # what follows a change of size comes to rest
                found = page.evaluate(FAULTS, lab)
            if found:
                faults[(language, theme, size, view)] = found
        page.close()
    assert faults == {}


@pytest.mark.parametrize("name", LABS)
def test_nothing_overlaps_where_every_two_meet(new_context: Make, ready_url: str, name: str) -> None:
    check(new_context, ready_url, name, rows_of(name, False))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", LABS)
def test_nothing_overlaps_anywhere(new_context: Make, ready_url: str, name: str) -> None:
    check(new_context, ready_url, name, rows_of(name, True))


def test_this_test_sees_what_overlaps_and_what_is_wide(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    page.set_content(
        "<body style='margin:0'><div id='lab-x'><button style='position:absolute;left:0;top:0'>one</button>"
        "<p style='position:absolute;left:10px;top:5px;margin:0'>two</p>"
        "<p style='position:absolute;left:10px;top:105px'>three</p><div style='width:900px;height:1px'></div></div>"
    )
    found = page.evaluate(FAULTS, "x")
    assert found == ["button. one / p. two", "the page scrolls sideways by 100"]
