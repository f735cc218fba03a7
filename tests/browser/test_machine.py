"""The whole page while every request beyond loopback is aborted: each lab is used, and nothing else is asked for."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.errors import BusyError
from core.lab.lab import Lab
from core.texts import say
from tests.browser.conftest import Watch
from tests.browser.views import pick_view

BUSY = 120_000  # ms: models load for the first time, on a machine that may be busy with others' work
OWN = ("data:", "blob:", "about:")


def open_tab(page: Page, lab: str) -> None:
    page.get_by_role("tab", name=say("en", f"app.tabs.{lab}"), exact=True).click()


def load(lab: Lab) -> None:
    """Have every default model here, however long that takes on a busy machine; a page would give up and say so."""
    for job in ("attention", "segmentation", "cifar10-mlp", "cifar10-beit"):
        while True:
            try:
                with lab.use("", job):
                    break
            except BusyError:
                continue


def test_every_lab_is_used_without_a_request_beyond_this_machine(
    page: Page, app_url: str, lab: Lab, watch: Watch
) -> None:
    load(lab)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(app_url)
    expect(page.locator("#attention-viewer .scene-told")).to_contain_text("One word decides", timeout=BUSY)
    pick_view(page, "attention", "heads")
    expect(page.locator("#attention-viewer")).to_contain_text("enjoyed", timeout=BUSY)  # before, it forgets
    page.locator("#attention-a textarea").fill("the dog slept")
    page.click("#attention-look")
    expect(page.locator("#attention-viewer")).to_contain_text("slept", timeout=BUSY)
    open_tab(page, "segmentation")
    expect(page.locator("#segmentation-viewer canvas.seg-canvas").first).to_be_visible(timeout=BUSY)
    open_tab(page, "cifar")
    expect(page.locator("#cifar-picture .cifar-model").first).to_contain_text("%", timeout=BUSY)
    open_tab(page, "learn")
    expect(page.locator("#learn-figure .learn-matrix").first).to_be_visible(timeout=BUSY)
    expect(page.locator("#learn-text .katex").first).to_be_visible(timeout=BUSY)
    open_tab(page, "models")
    expect(page.locator("#models-viewer tr[data-model]").first).to_be_visible(timeout=BUSY)
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((app_url, *OWN, app_url.replace("http", "ws", 1)))] == []
    assert watch.faults == []


def test_a_request_beyond_this_machine_is_aborted_and_noticed(page: Page, watch: Watch) -> None:
    with page.expect_event("requestfailed"):
        page.set_content("<img src='http://192.0.2.1/picture.png'>")  # an address that RFC 5737 leaves to examples
    expect(page.locator("img")).to_have_js_property("naturalWidth", 0)
    assert watch.faults[0] == "request beyond this machine: http://192.0.2.1/picture.png"
    watch.faults.clear()
