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
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Error,
    Frame,
    Page,
    Request,
    expect,
    sync_playwright,
)

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
NOWHERE = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no name and no address but this machine's is found
USUAL: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "service_workers": "block", "locale": "en-US"}
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
        flags = [*FLAGS, f"--disable-features={OFF}", f"--host-resolver-rules={NOWHERE}"]
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


# What gradio's client says when a page is left, or closed at a test's end, while a request is under way.
LEFT = ("console: AbortError: signal is aborted", "console: Unexpected error Connection errored out")


class Watch:
    """Sees what a page must not do.

    ``dialogs``: texts of the dialogs so far, each closed at once; ``expect_dialogs``: set by a test that wants some.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.begin()
        context.on("requestfailed", self._refused)  # a route would see it too, and switch the browser's cache off
        context.on("console", lambda line: self._note(line.type == "error", f"console: {line.text}"))
        context.on("weberror", lambda error: self._note(True, f"script: {error.error}"))
        context.on("dialog", self._close)

    def begin(self) -> None:
        """Nothing was seen, and no dialog is expected."""
        self.faults: list[str] = []
        self.dialogs: list[str] = []
        self.expect_dialogs = False

    def _note(self, wrong: bool, text: str) -> None:
        if wrong and not text.startswith(LEFT):
            self.faults.append(text)

    def _refused(self, request: Request) -> None:
        if ELSEWHERE.match(request.url):
            self.faults.insert(0, f"request beyond this machine: {request.url}")

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
    for job in ("segmentation", "cifar10-mlp", "cifar10-beit", "masked-patches"):
        for _ in range(20):
            try:
                with lab.use("", job):
                    break
            except BusyError:
                continue  # it goes on loading
    return app_url


class Person:
    """Whose tests ask for ``page``: one context a file, so that the page's scripts stay in the browser's cache.

    Between two tests nothing else stays: no tab, cookie, storage, route or permission.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(**USUAL)
        self.watch = Watch(self.context)
        self._origins: set[str] = set()
        self.context.on("page", lambda page: page.on("framenavigated", self._visited))

    def _visited(self, frame: Frame) -> None:
        if frame.url.startswith("http"):
            self._origins.add("/".join(frame.url.split("/", 3)[:3]))

    def begin(self) -> None:
        """Open the one tab with which a test begins; what was stored before is gone."""
        self.context.set_default_timeout(30_000)
        session = self.context.new_cdp_session(self.context.new_page())
        for origin in self._origins:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        session.detach()
        self._origins.clear()
        self.watch.begin()

    def end(self) -> None:
        """Close what a test has left open, and fail for what was seen."""
        for page in self.context.pages:
            page.close()
        self.context.unroute_all()
        self.context.clear_permissions()
        self.context.clear_cookies()
        self.watch.check()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., tuple[BrowserContext, Watch]]]:
    """Makes watched browser contexts, each like a browser of another person: no cookie or storage is shared."""
    made: list[tuple[BrowserContext, Watch]] = []

    def make(**options: Any) -> tuple[BrowserContext, Watch]:
        context = browser.new_context(**USUAL | options)
        context.set_default_timeout(30_000)
        made.append((context, Watch(context)))
        return made[-1]

    yield make
    for context, _ in made:
        context.close()
    for _, watch in made:
        watch.check()


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[Person]:
    """Whose browser a file's tests use, one after the other."""
    someone = Person(browser)
    yield someone
    someone.context.close()


@pytest.fixture
def watched(person: Person) -> Iterator[tuple[BrowserContext, Watch]]:
    """The context of ``page``, and what watches it."""
    person.begin()
    yield person.context, person.watch
    person.end()


@pytest.fixture
def watch(watched: tuple[BrowserContext, Watch]) -> Watch:
    """What watches ``page``."""
    return watched[1]


@pytest.fixture
def page(watched: tuple[BrowserContext, Watch]) -> Page:
    """An empty tab of a desktop's size."""
    return watched[0].pages[0]


__all__ = [
    "Error",
    "Person",
    "Watch",
    "browser",
    "new_context",
    "page",
    "person",
    "ready_url",
    "watch",
    "watched",
]
