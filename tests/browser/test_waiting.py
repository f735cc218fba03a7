"""What a page says while its request waits in the queue, and when no answer comes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.lab.lab import Lab
from core.texts import say
from tests.browser.views import pick_view
from tests.components.whole_lab import Leases, lab_of, write_models
from tests.serving import serving

LONG = 90_000  # milliseconds; the machine may be busy with others' work
QUEUE = "#lab-queue"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root = tmp_path_factory.mktemp("models")
    write_models(root)
    return lab_of(root)


@pytest.fixture(scope="module")
def leases(lab: Lab) -> Leases:
    return Leases(lab)


@pytest.fixture(scope="module")
def url(lab: Lab, leases: Leases) -> Iterator[str]:
    lab.warm_up()
    with serving(lab) as address:
        yield address


HEADS = "&view=heads"  # the view that has the fields of the lab


def attention(page: Page) -> None:
    page.wait_for_selector("#attention-viewer canvas, #attention-viewer svg", timeout=LONG)


def segmentation(page: Page) -> None:
    page.wait_for_selector("#segmentation-viewer canvas.seg-canvas", timeout=LONG)


def picture(page: Page) -> None:
    page.wait_for_selector("#cifar-picture .cifar-bar", timeout=LONG)


def walk(page: Page) -> None:
    page.wait_for_selector("#learn-figure .learn-matrix", timeout=LONG)


def claims(page: Page) -> None:
    page.wait_for_selector("#claim-layers .learn-verdict", timeout=LONG)


def quiz(page: Page) -> None:
    page.wait_for_selector("#learn-quiz .learn-question", timeout=LONG)


def view(name: str, lab: str = "attention") -> Callable[[Page], None]:
    return lambda page: pick_view(page, lab, name)


def another_model(page: Page) -> None:
    pick_view(page, "attention", "compare")
    page.select_option("[data-compare=model1]", "bert-sentiment")


def occlude(page: Page) -> None:
    pick_view(page, "attention", "embeddings")
    page.click(".lab-occlude")


def pressed(selector: str, place: int = 0) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).nth(place).click()


@pytest.mark.parametrize(
    ("query", "ready", "act", "viewer", "answer"),
    [
        ("lab=attention&a=one", attention, view("inside"), "#attention-viewer", ".lab-code li"),
        ("lab=attention&a=two", attention, view("embeddings"), "#attention-viewer", "[data-mask]"),
        ("lab=attention&a=three", attention, another_model, "#attention-viewer", "[data-side='1'] canvas"),
        ("lab=segmentation", segmentation, view("patch", "segmentation"), "#segmentation-viewer",
         "canvas.seg-patch"),
        ("lab=cifar", picture, pressed(".cifar-pick", 3), "#cifar-picture",
         ".cifar-pick[data-place='3'][aria-pressed=true]"),
        ("lab=learn", walk, pressed("[data-station=patches]"), "#learn-figure", "canvas"),
        ("lab=learn&view=claims", claims, pressed("#claim-stacks .learn-try"), "#learn-claims",
         "#claim-stacks .learn-verdict"),
        ("lab=learn&view=quiz", quiz, pressed(".learn-ask"), "#learn-quiz", "bdi"),
    ],
    ids=["inside", "embeddings", "compare", "patch", "cifar", "walk", "claims", "quiz"],
)  # fmt: skip
def test_a_viewer_says_that_no_answer_came_and_asks_again(
    page: Page, url: str, leases: Leases, query: str, ready: Any, act: Any, viewer: str, answer: str
) -> None:
    page.goto(f"{url}/?{query}")
    ready(page)
    failed = page.locator(f"{viewer} .lab-failed")
    with leases.failing():
        act(page)
        expect(failed).to_contain_text(say("en", "app.failed"))
        for waiting in page.locator(f"{viewer} .lab-wait").all():
            expect(waiting).to_be_hidden()
        failed.locator(".lab-again").click()
        expect(failed).to_be_visible()  # it fails once more, and is offered once more
    failed.locator(".lab-again").click()
    expect(page.locator(f"{viewer} {answer}").first).to_be_visible()
    expect(failed).to_have_count(0)


def test_a_figure_that_did_not_come_when_its_lab_was_opened_is_no_longer_waited_for(
    page: Page, url: str, leases: Leases
) -> None:
    failed = page.locator("#learn-figure .lab-failed")
    with leases.failing():
        page.goto(f"{url}/?lab=learn&station=masking")
        expect(failed).to_contain_text(say("en", "app.failed"))
        expect(page.locator("#learn-figure .lab-wait")).to_be_hidden()
    failed.locator(".lab-again").click()
    expect(page.locator("#learn-figure .learn-bar-row").first).to_be_visible()


def test_what_was_asked_for_by_a_button_can_be_asked_for_again(page: Page, url: str, leases: Leases) -> None:
    page.goto(f"{url}/?lab=attention&a=four")
    attention(page)
    view("embeddings")(page)
    expect(page.locator("#attention-viewer [data-mask]").first).to_be_visible()
    with leases.failing():
        page.click(".lab-occlude")
        expect(page.locator("#attention-viewer .lab-failed")).to_be_visible()
        expect(page.locator(".lab-occlude")).to_be_enabled()
        expect(page.locator(".lab-occlude")).to_have_text(say("en", "attention.embeddings.occlusion"))
    page.click(".lab-occlude")
    expect(page.locator("#attention-viewer .lab-occlusion")).to_be_visible()
    expect(page.locator("#attention-viewer .lab-failed")).to_have_count(0)


def test_a_view_that_failed_asks_by_itself_when_it_is_opened_again(page: Page, url: str, leases: Leases) -> None:
    page.goto(f"{url}/?lab=attention&a=five")
    attention(page)
    with leases.failing():
        view("inside")(page)
        expect(page.locator("#attention-viewer .lab-failed")).to_be_visible()
    view("heads")(page)
    view("inside")(page)
    expect(page.locator("#attention-viewer .lab-code li").first).to_be_visible()
    expect(page.locator("#attention-viewer .lab-failed")).to_have_count(0)


@pytest.fixture
def blocked(url: str, leases: Leases) -> Iterator[Callable[[], None]]:
    """Call it, and both places for model work are taken, with one request waiting."""
    from gradio_client import Client
    from gradio_client.utils import Status

    client = Client(url, verbose=False, analytics_enabled=False)
    jobs: list[Any] = []
    with leases.held():

        def block() -> None:
            jobs.extend(client.submit(f"blocking {id(jobs)} {i}", api_name="/attend") for i in range(3))
            until = time.monotonic() + 60
            while Counter(job.status().code for job in jobs) != {Status.PROCESSING: 2, Status.IN_QUEUE: 1}:
                assert time.monotonic() < until, [job.status().code for job in jobs]
                time.sleep(0.05)

        yield block
    for job in jobs:
        assert job.result(timeout=60)["layers"] == 6
    client.close()


@pytest.mark.parametrize(
    ("name", "language", "ready", "act"),
    [
        ("attention", "fa", attention, pressed("#attention-look")),
        ("segmentation", "en", segmentation, pressed("#lab-segmentation .lab-chips button")),
        ("cifar", "fa", picture, pressed(".cifar-pick", 5)),
        ("learn", "en", walk, pressed("[data-station=self]")),
    ],
    ids=["attention", "segmentation", "cifar", "learn"],
)
def test_every_lab_says_which_place_its_request_has_in_the_queue(
    page: Page, url: str, blocked: Any, leases: Leases, name: str, language: str, ready: Any, act: Any
) -> None:
    leases.open.set()
    page.goto(f"{url}/?lab={name}&lang={language}{HEADS if name == 'attention' else ''}")
    ready(page)
    leases.open.clear()
    blocked()
    act(page)
    line = page.locator(QUEUE)
    expect(line).to_have_text(say(language, "app.queue", place=2, size=2))
    leases.open.set()
    expect(line).to_have_count(0)


def test_nothing_is_said_of_a_queue_that_nobody_has_to_wait_in(page: Page, url: str) -> None:
    page.goto(f"{url}/?lab=attention&a=six")
    attention(page)
    page.evaluate(
        "window.seen = []; new MutationObserver(() => {"
        " if (document.getElementById('lab-queue')) window.seen.push(1); }).observe(document.body, {childList: true})"
    )
    page.click("#attention-look")
    view("inside")(page)
    expect(page.locator("#attention-viewer .lab-code li").first).to_be_visible()
    assert page.evaluate("window.seen") == []
