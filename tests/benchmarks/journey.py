"""In Chromium: what a frame of the Journey costs while it plays, and how soon a touch is drawn in a long sentence."""

from __future__ import annotations

import statistics
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks._pages import served_lab
from tests.benchmarks._timing import row
from tools.screenshot import FLAGS, chromium

SIXTEEN = "I expected a real masterpiece and got a slow, boring and empty film"  # 16 tokens with [CLS], [SEP]
READY = ".journey-figure[data-at]"
SECONDS = 12
# Frames while it plays: how long between two, and how much of the main thread's time each task of scripts took.
PLAY = """(seconds) => new Promise((done) => {
  const frames = [], scripts = [], perFrame = [];
  let mine = 0;
  const own = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (work) => own((time) => {
    const begun = performance.now();
    work(time);
    scripts.push(performance.now() - begun);
    mine += performance.now() - begun;
  });
  let last = performance.now();
  const end = last + 1000 * seconds;
  const tick = (now) => {
    frames.push(now - last);
    perFrame.push(mine);
    mine = 0;
    last = now;
    if (now < end) own(tick);
    else { window.requestAnimationFrame = own; done({frames, scripts, perFrame}); }
  };
  document.querySelector(".journey-play").click();
  own(tick);
})"""
# From a press on another layer to the frame after the one in which it is drawn.
TOUCH = """(layer) => new Promise((done) => {
  const figure = document.querySelector(".journey-figure");
  const wait = () => {
    if (figure.dataset.level !== "layer") requestAnimationFrame(wait);
    else requestAnimationFrame(() => done(performance.now() - begun));
  };
  const begun = performance.now();
  document.querySelector(`.journey-floor[data-layer="${layer}"]`).click();
  wait();
})"""


def opened(page: Page, url: str, query: str, text: str) -> None:
    """A journey at its first step."""
    page.goto(f"{url}?view=journey{query}#a={text.replace(' ', '+')}")
    page.wait_for_selector(READY, timeout=120_000)
    page.wait_for_timeout(1000)


def percentile(values: list[float], share: float) -> float:
    """The value that so many stay at or below."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def touches(page: Page) -> list[float]:
    """Milliseconds from a press on a layer to its picture, whose numbers were fetched by a round before."""
    found = []
    for _ in range(2):
        found = []
        for layer in (2, 3, 4, 5):
            found.append(page.evaluate(TOUCH, layer))
            page.locator(".journey-up").first.click()
            page.wait_for_selector('.journey-figure[data-level="stack"]')
    return found


def main() -> None:
    """Print milliseconds and ratios."""
    with served_lab() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        opened(page, url, "&model=bert-imdb&layer=0&at=token&level=layer", SIXTEEN)
        page.locator(".journey-speed").select_option("4")
        told: dict[str, Any] = page.evaluate(PLAY, SECONDS)
        frames, scripts = told["frames"], told["scripts"]
        share = percentile(told["perFrame"], 0.95)
        row(
            "script a frame, 95 % : that of a frame that draws a step",
            share,
            percentile(scripts, 0.5),
            "ms",
            "at most 8 ms",
        )
        rate = 1000 / statistics.mean(frames)
        row("frames a second : 30", rate, 30.0, "", "at least 30")
        opened(page, url, "&model=minilm-l6", " ".join(["word"] * 600))
        long = touches(page)
        browser.close()
    row("512 tokens, touch to picture, median : the slowest", statistics.median(long), max(long), "ms", "within 200 ms")
