"""What stands on the page before its modules run: the Scene as the live one will draw it, or grey shapes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from core.texts import say

Make = Callable[..., tuple[BrowserContext, Any]]
GRADIO = re.compile(r"/assets/index-[\w-]+\.js")  # without it nothing of the live page is there
FIRST, LIVE = "#lab-first .first-", "#attention-viewer .scene-"
NEAR = {"boxes": 1.5, "ends": 3.5}  # pixels; a line may end a little above or below its word
# Places, sizes and colours of the picture's parts, by the beginning of their selectors.
SEEN = """(start) => {
  const all = (name) => [...document.querySelectorAll(start + name)];
  const box = (node) => {
    const {left, top, width, height} = node.getBoundingClientRect();
    return [left, top, width, height];
  };
  const style = (name, what) => all(name).map((node) => getComputedStyle(node)[what]);
  const parts = ["figure", "told", "dial", "hand", "verdict", "words", "caption"];
  return {
    boxes: [...parts, "word", "bar i", "word small"].flatMap((name) => all(name).map(box)),
    widths: all("lines path").map((node) => parseFloat(node.style.strokeWidth)),
    ends: all("lines path").map((node) => node.getAttribute("d").split(" ").slice(-2).map(Number)),
    texts: ["told", "verdict", "caption", "word"].flatMap((name) => all(name).map((node) => node.textContent)),
    colours: ["told", "verdict", "caption", "figure", "bar i", "key"].flatMap((name) => style(name, "color")),
    fills: ["figure", "bar i", "pin"].flatMap((name) => [...style(name, "backgroundColor"), ...style(name, "fill")]),
    theirs: style("told", "fontFamily"),
  };
}"""


class Held:
    """The live page's way in, which opens when a test says so."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[Route] | None = []
        page.route(GRADIO, self._came)

    def _came(self, route: Route) -> None:
        if self.waiting is None:
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self) -> None:
        waiting, self.waiting = self.waiting, None
        assert waiting, "nothing of the live page came"
        for route in waiting:
            route.continue_()


@pytest.fixture
def held(page: Page) -> Held:
    return Held(page)


def plain(text: str) -> str:
    """Without the marks of direction."""
    return re.sub("[\u2066-\u2069]", "", text).strip()


@pytest.mark.parametrize(
    ("width", "height", "language", "theme"),
    [(1280, 800, "en", "light"), (1920, 1080, "fa", "dark"), (820, 1180, "en", "dark"), (390, 844, "fa", "light")],
)
def test_the_scene_is_there_at_once_and_the_live_one_looks_the_same(
    page: Page, app_url: str, held: Held, width: int, height: int, language: str, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{app_url}/?lang={language}&__theme={theme}", wait_until="commit")
    expect(page.locator(f"{FIRST}word")).to_have_count(9)
    page.wait_for_selector(f"{FIRST}lines path[d]", state="attached")  # its script waits for the page's styles
    assert page.locator(".scene-word").count() == 0
    first = page.evaluate(SEEN, FIRST)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("status")).to_have_text(say(language, "app.opening"))
    held.let_go()
    page.wait_for_selector(f"{LIVE}figure:not(.scene-empty)", timeout=60_000)
    expect(page.locator("#lab-first")).to_have_count(0)
    page.wait_for_timeout(600)  # what swings comes to rest
    live = page.evaluate(SEEN, LIVE)
    for name, near in NEAR.items():
        for one, other in zip(first[name], live[name], strict=True):
            assert one == pytest.approx(other, abs=near), name
    assert first["widths"] == pytest.approx(live["widths"], abs=0.2)
    assert [plain(text) for text in first["texts"]] == [plain(text) for text in live["texts"]]
    for name in ("colours", "fills", "theirs"):
        assert first[name] == live[name], name


@pytest.mark.parametrize("address", ["?lab=segmentation", "?view=heads", "?lab=learn&view=quiz", "#a=Another+one"])
def test_elsewhere_grey_shapes_stand_there_until_the_view_does(
    page: Page, app_url: str, held: Held, address: str
) -> None:
    page.goto(f"{app_url}/{address}", wait_until="commit")
    expect(page.locator(f"{FIRST}row").first).to_be_visible()
    expect(page.locator(f"{FIRST}word")).to_have_count(0)
    held.let_go()
    expect(page.locator("#lab-first")).to_have_count(0, timeout=60_000)
    assert page.locator(".lab-viewer:not(#lab-header *):visible").count() > 0


def test_the_address_of_the_sentence_itself_keeps_its_picture(page: Page, app_url: str, held: Held) -> None:
    sentence = say("en", "attention.scene.opening").replace(" ", "+")
    page.goto(f"{app_url}/?lab=attention&view=scene#a={sentence}", wait_until="commit")
    expect(page.locator(f"{FIRST}word")).to_have_count(9)
    assert held.waiting


def test_it_goes_where_the_live_page_does_not_come(page: Page, app_url: str, held: Held) -> None:
    page.clock.install()
    page.goto(app_url, wait_until="commit")
    expect(page.locator(f"{FIRST}word")).to_have_count(9)
    page.clock.fast_forward(21_000)
    expect(page.locator("#lab-first")).to_have_count(0)
    assert held.waiting


def test_it_goes_where_the_scene_cannot_be_loaded(page: Page, app_url: str, watch: Any) -> None:
    page.route("**/attention/scene_dial.js", lambda route: route.fulfill(status=404, body=""))
    page.goto(app_url)
    expect(page.locator("#attention-viewer .lab-broken")).to_be_visible(timeout=60_000)
    expect(page.locator("#lab-first")).to_have_count(0)
    watch.begin()  # the browser says what could not be loaded
