"""In Chromium: the first picture of the page, and how soon the Scene follows a touch and a letter."""

from __future__ import annotations

import statistics
from itertools import pairwise

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks._pages import served_empty, served_lab
from tests.benchmarks._timing import row
from tools.screenshot import FLAGS, chromium

ROUNDS = 5
LIVE = ".scene-figure:not(.scene-empty) .scene-word"
PAINT = """() => new Promise((done) => {
  const told = () => performance.getEntriesByName("first-contentful-paint")[0];
  const wait = () => (told() ? done(told().startTime) : setTimeout(wait, 20));
  wait();
})"""
# From the event to the frame after the one in which the picture has changed.
TOUCH = """(word) => new Promise((done) => {
  const one = document.querySelector(`.scene-word[data-word="${word}"]`);
  const was = one.getAttribute("aria-pressed");
  const wait = () => {
    if (one.getAttribute("aria-pressed") === was) requestAnimationFrame(wait);
    else requestAnimationFrame(() => done(performance.now() - begun));
  };
  const begun = performance.now();
  one.click();
  wait();
})"""
TYPE = """(text) => new Promise((done) => {
  const field = document.querySelector(".scene-field"), words = document.querySelector(".scene-words");
  const drawn = () => words.textContent.includes(text.split(" ").at(-1)) && !words.matches(".scene-stale");
  const wait = () => {
    if (drawn()) requestAnimationFrame(() => done(performance.now() - begun));
    else requestAnimationFrame(wait);
  };
  const begun = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  wait();
})"""
SENTENCE = "I hated the start, but what a great film, a surprise to everybody in the room"


def first_paint(browser: Browser, url: str) -> float:
    """Milliseconds until a new visitor sees something of a page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    found: float = page.evaluate(PAINT)
    context.close()
    return found


def live_picture(browser: Browser, url: str) -> float:
    """Milliseconds until the Scene can be touched."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(LIVE)
    found: float = page.evaluate("performance.now()")
    context.close()
    return found


def typed(page: Page) -> list[float]:
    """Milliseconds from each new word to its picture."""
    words = SENTENCE.split()
    texts = [" ".join(words[:count]) for count in range(3, len(words) + 1)]
    return [page.evaluate(TYPE, text) for _, text in pairwise(texts)]


def main() -> None:
    """Print seconds and ratios."""
    with served_lab() as url, served_empty() as empty, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        paints = [(first_paint(browser, url), first_paint(browser, empty)) for _ in range(ROUNDS + 1)][1:]
        ours, theirs = (statistics.median(column) / 1000 for column in zip(*paints, strict=True))
        row("first picture : first paint of an empty Blocks app", ours, theirs, wanted="at most 0.5 s later")
        live = statistics.median(live_picture(browser, url) for _ in range(3)) / 1000
        row("first picture : a Scene that can be touched", ours, live)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        page.wait_for_selector(LIVE)
        touches = [page.evaluate(TOUCH, word) for word in (7, 7, 3, 3, 4, 4, 7, 7)]
        new = typed(page)
        browser.close()
    row("touch to picture, median : the slowest", statistics.median(touches), max(touches), "ms", "under 50 ms")
    row("a word typed to its picture, median : the slowest", statistics.median(new), max(new), "ms", "at most 150 ms")
