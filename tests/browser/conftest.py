"""Chromium for the tests of the page, closed to everything beyond this machine.

A request to another machine, an error in the console, an exception of the page's own scripts and a dialog that no test
asked for fail the test in which they happen.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, Route, expect, sync_playwright

from core.errors import BusyError
from core.lab.lab import Lab
from tests.workers import absent
from tools.screenshot import FLAGS

expect.set_options(timeout=30_000)  # milliseconds; a busy machine is slow, and that is no fault of the page

ELSEWHERE = re.compile(r"^(?:https?|wss?)://(?!127\.0\.0\.1[:/])")
# Chromium loads two pages of its own address bar for every context, which costs as much as a third of our page. Of
# several lists it reads the last, so this one repeats what Playwright switches off (and its address bar).
OFF = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PaintHolding,PreconnectToSearch,TcpPortRandomizationWin,ThirdPartyStoragePartitioning,"
    "PreloadTopChromeWebUI,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium(bundled: str) -> str | None:
    """The browser of the system, or playwright's own where that was installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (bundled if Path(bundled).is_file() else None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file. Not one for all: while it is there, nothing else may run an event loop in this thread."""
    with sync_playwright() as playwright:
        program = find_chromium(playwright.chromium.executable_path)
        if program is None:
            absent("Chromium")
        chromium = playwright.chromium.launch(executable_path=program, args=[*FLAGS, f"--disable-features={OFF}"])
        yield chromium
        chromium.close()


# What gradio's client says when a page is left, or closed at a test's end, while a request is under way.
LEFT = ("console: AbortError: signal is aborted", "console: Unexpected error Connection errored out")


class Watch:
    """Sees what a page must not do.

    ``dialogs``: texts of the dialogs so far, each closed at once; ``expect_dialogs``: set by a test that wants some.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.dialogs: list[str] = []
        self.expect_dialogs = False
        context.route(ELSEWHERE, self._refuse)
        context.on("console", lambda line: self._note(line.type == "error", f"console: {line.text}"))
        context.on("weberror", lambda error: self._note(True, f"script: {error.error}"))
        context.on("dialog", self._close)

    def _note(self, wrong: bool, text: str) -> None:
        if wrong and not text.startswith(LEFT):
            self.faults.append(text)

    def _refuse(self, route: Route) -> None:
        self.faults.append(f"request beyond this machine: {route.request.url}")
        route.abort()

    def _close(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def check(self) -> None:
        """Fail for what was seen."""
        assert self.faults == []
        assert self.expect_dialogs or self.dialogs == []


@pytest.fixture(scope="session")
def ready_url(lab: Lab, app_url: str) -> str:
    """The address of the whole app once every lab's first models are loaded: a busy machine takes minutes for that, and
    a page gives up sooner."""
    for job in ("segmentation", "cifar10-mlp", "cifar10-beit"):
        for _ in range(20):
            try:
                with lab.use("", job):
                    break
            except BusyError:
                continue  # it goes on loading
    return app_url


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., tuple[BrowserContext, Watch]]]:
    """Makes watched browser contexts, each like a browser of another person: no cookie or storage is shared."""
    made: list[tuple[BrowserContext, Watch]] = []

    def make(**options: Any) -> tuple[BrowserContext, Watch]:
        values = {"viewport": {"width": 1280, "height": 900}, "service_workers": "block", "locale": "en-US"}
        context = browser.new_context(**values | options)
        context.set_default_timeout(30_000)
        made.append((context, Watch(context)))
        return made[-1]

    yield make
    for context, _ in made:
        context.close()
    for _, watch in made:
        watch.check()


@pytest.fixture
def watched(new_context: Callable[..., tuple[BrowserContext, Watch]]) -> tuple[BrowserContext, Watch]:
    """The context of ``page``, and what watches it."""
    return new_context()


@pytest.fixture
def watch(watched: tuple[BrowserContext, Watch]) -> Watch:
    """What watches ``page``."""
    return watched[1]


@pytest.fixture
def page(watched: tuple[BrowserContext, Watch]) -> Page:
    """An empty tab of a desktop's size."""
    return watched[0].new_page()


__all__ = ["Error", "Watch", "browser", "new_context", "page", "ready_url", "watch", "watched"]
