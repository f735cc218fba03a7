"""Links as earlier versions made them still open what they name, and what is saved there is what was saved before.

``links.json`` has the links, and for each what a person sees: by roles, labels and texts, so that it holds whatever the
page is made of.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.browser.conftest import Watch, browser

__all__ = ["browser"]
PATIENCE = 120_000
LINKS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("links.json").read_text("utf-8"))

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    """One tab for all links, so that scripts and styles come from its cache; it wants no motion."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce", service_workers="block")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(
        "window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); };"
    )
    yield context.new_page(), Watch(context)
    context.close()


def one(found: Locator) -> Locator:
    """The first of them that can be seen; hidden labs have fields of the same name."""
    return found.filter(visible=True).first


def field(page: Page, name: str) -> Locator:
    """The field of that name, whether one types, chooses or drags there."""
    roles: tuple[Any, ...] = ("textbox", "combobox", "slider", "spinbutton")
    return one(reduce(Locator.or_, (page.get_by_role(role, name=name, exact=True) for role in roles)))


def check_place(page: Page, link: dict[str, Any]) -> None:
    """The open lab and view, and the page's own direction and light."""
    if "direction" in link:
        expect(page.locator("html")).to_have_attribute("dir", link["direction"])
    for name in filter(None, (link.get("lab"), link.get("view"))):
        expect(one(page.get_by_role("tab", name=name, exact=True, selected=True))).to_be_visible(timeout=PATIENCE)
    if link.get("dark"):
        ink = one(page.get_by_role("heading", level=1)).evaluate("node => getComputedStyle(node).color")
        assert min(map(int, re.findall(r"\d+", ink)[:3])) > 150, "light letters"


def check_choices(page: Page, link: dict[str, Any]) -> None:
    """What is chosen in fields, groups of buttons and boxes."""
    for label, value in link.get("values", {}).items():
        expect(field(page, label)).to_have_value(value, timeout=PATIENCE)
    for group, name in link.get("checked", {}).items():
        radio = page.get_by_role("radiogroup", name=group, exact=True).get_by_role("radio", name=name, exact=True)
        expect(one(radio)).to_be_checked(timeout=PATIENCE)
    for group, names in link.get("pressed", {}).items():
        pressed = page.get_by_role("group", name=group, exact=True).get_by_role("button", pressed=True)
        expect(pressed).to_have_text(
            [re.compile(rf"^{re.escape(name)}(\s*[\d.]+ %)?$") for name in names], timeout=PATIENCE
        )
    for name, down in link.get("buttons", {}).items():
        expect(one(page.get_by_role("button", name=name, exact=True, pressed=down))).to_be_visible(timeout=PATIENCE)
    for name, ticked in link.get("boxes", {}).items():
        expect(one(page.get_by_role("checkbox", name=name, exact=True))).to_be_checked(checked=ticked, timeout=PATIENCE)


def check_sight(page: Page, link: dict[str, Any]) -> None:
    """Texts, headings and pictures that are there, and what is not."""
    for text in link.get("seen", ()):
        expect(one(page.get_by_text(text))).to_be_visible(timeout=PATIENCE)
    for text in link.get("headings", ()):
        expect(one(page.get_by_role("heading", name=text))).to_be_visible(timeout=PATIENCE)
    for name in link.get("images", ()):
        expect(one(page.get_by_role("img", name=name))).to_be_visible(timeout=PATIENCE)
    for role, name in link.get("hidden", {}).items():
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(0)  # roles of what is hidden do not count
    for text in link.get("unseen", ()):
        expect(page.get_by_text(text, exact=True).filter(visible=True)).to_have_count(0)


def saved(page: Page, button: str) -> Download:
    """What the button of that name gives, once nothing is on its way to the page any more."""
    expect(page.get_by_text("Working …").filter(visible=True)).to_have_count(0, timeout=PATIENCE)
    with page.expect_download() as waiting:
        one(page.get_by_role("button", name=button, exact=True)).click()
    return waiting.value


def check_file(file: Download, wanted: dict[str, Any]) -> None:
    """Name, kind and content of a saved file."""
    assert file.suggested_filename == wanted["name"]
    content = Path(file.path()).read_bytes()
    if wanted["name"].endswith(".csv"):
        text = content.decode("utf-8")
        assert text.startswith("\ufeff" + wanted["header"])
        lines = text.removeprefix("\ufeff").split("\r\n")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1, "a table"
        assert len(rows) - 1 == wanted.get("rows", len(rows) - 1)
        assert lines[1].startswith(wanted.get("first", ""))
    elif wanted["name"].endswith(".json"):
        assert set(wanted["keys"]) <= set(json.loads(content))
    else:
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == "PNG"
            assert list(image.size) == wanted.get("size", list(image.size))
            assert image.mode == wanted.get("mode", image.mode)
            assert all(side >= least for side, least in zip(image.size, wanted.get("least", (1, 1)), strict=True))
            assert len(image.convert("RGB").getcolors(1_000_000) or range(9)) > 2, "something is drawn"


def check(page: Page, link: dict[str, Any]) -> None:
    """All that a link's entry says of the page."""
    check_place(page, link)
    check_choices(page, link)
    check_sight(page, link)


@pytest.mark.parametrize("link", LINKS, ids=[link["name"] for link in LINKS])
def test_a_link_opens_what_it_opened_and_saves_what_it_saved(
    tab: tuple[Page, Watch], program_url: str, link: dict[str, Any]
) -> None:
    page, watch = tab
    page.goto(f"{program_url}/?{urlencode(link['query'])}")
    check(page, link)
    for wanted in link.get("exports", ()):
        check_file(saved(page, wanted["button"]), wanted)
    if link.get("again"):  # the link that the page itself makes of this
        one(page.get_by_role("button", name="Link to this view", exact=True)).click()
        page.wait_for_function("copied.length === 1")
        page.goto(page.evaluate("copied[0]"))
        check(page, link)
    try:
        watch.check()
    finally:
        watch.faults.clear()
        watch.dialogs.clear()
