"""The page while its server is killed and started anew on the same port."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from core.texts import say
from tests.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PATIENT = 120_000  # ms: the program starts, on a machine that may be busy with others' work
VIEW = "#attention-viewer .lab-viewer"
EVALUATION = "?lab=cifar&view=evaluation&source=recorded&count=10000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("server"), "--offline")
    program.start()
    yield program
    program.kill()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Not a watched one: a server that is away is an error in the console by design."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(PATIENT)
    yield context
    context.close()


class Streams:
    """The streams that answers come in, as far as a page has some open."""

    def __init__(self, page: Page) -> None:
        self.open = 0
        page.on("request", lambda request: self._count(request, 1))
        for ended in ("requestfinished", "requestfailed"):
            page.on(ended, lambda request: self._count(request, -1))  # type: ignore[call-overload]

    def _count(self, request: Request, by: int) -> None:
        self.open += by * ("/queue/data" in request.url)

    def until_none(self, page: Page) -> None:
        """Wait until the page expects nothing more, so that it does not notice when its server goes away."""
        for _ in range(PATIENT // 100):
            page.wait_for_timeout(100)
            if not self.open:
                return
        pytest.fail("the page never came to rest")


def sentence(page: Page, text: str) -> None:
    page.locator("#attention-a textarea").fill(text)


def open_evaluation(page: Page, url: str) -> Locator:
    """The view with the recorded run, which has come to its end; what tells its state."""
    page.goto(f"{url}/{EVALUATION}")
    state = page.locator("#cifar-evaluation .lab-viewer")
    expect(state).to_have_attribute("data-state", "done", timeout=PATIENT)
    return state


def run_to_its_end(page: Page, state: Locator, count: int) -> None:
    page.locator("#cifar-count input").fill(str(count))
    page.click("#cifar-start")
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text(f"All {count} seen", timeout=PATIENT)
    expect(state).to_have_attribute("data-state", "done", timeout=PATIENT)


def test_a_page_that_was_idle_during_a_restart_just_works_or_says_what_is_lost(
    server: Program, context: BrowserContext
) -> None:
    attention, cifar = context.new_page(), context.new_page()
    streams = [(Streams(page), page) for page in (attention, cifar)]
    attention.goto(f"{server.url}/?view=heads")
    expect(attention.locator(VIEW)).to_contain_text("enjoyed", timeout=PATIENT)
    state = open_evaluation(cifar, server.url)
    for stream, page in streams:
        stream.until_none(page)
    server.kill()
    server.start()
    sentence(attention, "the dog slept")
    attention.click("#attention-look")
    expect(attention.locator(VIEW)).to_contain_text("slept", timeout=PATIENT)
    cifar.locator("#cifar-evaluation .cifar-cell", has_text=re.compile(r"^\d+$")).first.click()
    expect(cifar.get_by_text(say("en", "cifar.errors.lost"))).to_be_visible(timeout=PATIENT)
    run_to_its_end(cifar, state, 300)
    for page in (attention, cifar):
        expect(page.locator("#lab-back")).to_have_count(0)


def test_a_page_that_was_at_work_during_a_restart_opens_its_view_again_and_says_what_is_lost(
    server: Program, context: BrowserContext
) -> None:
    attention, cifar = context.new_page(), context.new_page()
    attention.goto(f"{server.url}/?view=heads&title=Lesson+1")
    expect(attention.locator(VIEW)).to_contain_text("enjoyed", timeout=PATIENT)
    state = open_evaluation(cifar, server.url)
    cifar.click("#cifar-start")
    expect(state).to_have_attribute("data-state", "running", timeout=PATIENT)
    server.kill()
    sentence(attention, "a mouse ran & hid")
    attention.click("#attention-look")
    for page in (attention, cifar):
        expect(page.get_by_text("Connection to the server was lost")).to_be_visible(timeout=PATIENT)
    server.start()
    for page in (attention, cifar):
        expect(page.locator("#lab-back")).to_contain_text(say("en", "app.lost"), timeout=PATIENT)
    address = urlsplit(attention.url)
    kept, typed = parse_qs(address.query), parse_qs(address.fragment)
    assert (typed["a"], kept["title"]) == (["a mouse ran & hid"], ["Lesson 1"])
    expect(attention.locator("#attention-a textarea")).to_have_value("a mouse ran & hid", timeout=PATIENT)
    expect(attention.locator(VIEW)).to_contain_text("mouse", timeout=PATIENT)
    expect(state).to_have_attribute("data-state", "done", timeout=PATIENT)
    run_to_its_end(cifar, state, 300)
    attention.locator("#lab-back button").click()
    expect(attention.locator("#lab-back")).to_have_count(0)
    attention.reload()
    expect(attention.locator(VIEW)).to_contain_text("mouse", timeout=PATIENT)
    expect(attention.locator("#lab-back")).to_have_count(0)
