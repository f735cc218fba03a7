"""In Chromium: from the click on a layer to its picture, at 128 tokens, against a whole new look."""

from __future__ import annotations

import statistics

from playwright.sync_api import sync_playwright

from app import create_app, serve
from core.lab.lab import Lab
from core.settings import Settings
from server.admission import Service
from tests.benchmarks._timing import row
from tests.benchmarks.attention import sized
from tools.screenshot import FLAGS, chromium

CHANGE = """(layer) => new Promise((done) => {
  const picture = document.querySelector('#attention-viewer .lab-picture'), begun = performance.now();
  const drawn = () => {
    if (!picture.querySelector('canvas')) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  };
  const watch = new MutationObserver(drawn);
  watch.observe(picture, {childList: true, subtree: true});
  document.querySelector(`[data-layer="${layer}"]`).click();
})"""
LOOK = """() => new Promise((done) => {
  const said = document.querySelector('#attention-viewer .lab-said'), begun = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  });
  watch.observe(said, {childList: true, characterData: true, subtree: true});
  document.querySelector('#attention-look').click();
})"""


def main() -> None:
    """Print both and their ratio."""
    lab = Lab(Settings(offline=True))
    with lab.use("", "attention") as loaded:
        text = sized(loaded, 126)
    service = Service.of(lab)
    demo = create_app(lab, service)
    _, url, _ = serve(demo, Settings(port=0, offline=True), service=service, prevent_thread_lock=True, quiet=True)
    changes, again, looks = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector(".lab-headview canvas", timeout=120_000)
        for i in range(3):
            page.fill("#attention-a textarea", f"{text} {i}")
            looks.append(page.evaluate(LOOK))
            page.wait_for_timeout(400)
            changes += [page.evaluate(CHANGE, layer) for layer in (1, 2, 3, 4, 5)]
            again += [page.evaluate(CHANGE, layer) for layer in (0, 1, 2, 3, 4)]
        browser.close()
    demo.close()
    look = statistics.median(looks)
    row("a layer never seen, 128 tokens, click to picture : the look", statistics.median(changes), look, "ms")
    row("a layer seen before : the look", statistics.median(again), look, "ms")
