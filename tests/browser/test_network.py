"""A room without internet, in the browser: what only the hub has is grey, says why, and cannot be chosen."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.fetches import Fetches
from core.lab.lab import Lab
from core.models.catalog import CATALOG
from core.network import NoAnswerError, Reach
from core.settings import Settings
from core.texts import say
from tests.components.whole_lab import lab_of, write_models
from tests.serving import serving

REASON = say("en", "app.unreachable")
HUB_MODEL = "BERT-base (uncased)"
HUB_SCENES = "BEiT-base · ADE20K · 640"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab that may ask the hub, at whose address nobody listens."""
    root = tmp_path_factory.mktemp("models")
    write_models(root)
    with socket.socket() as taken, pytest.MonkeyPatch.context() as patch:
        taken.bind(("127.0.0.1", 0))
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
            patch.delenv(name, raising=False)
        patch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        patch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(root / "hub"))
        lab = Lab(Settings(offline=False, device="cpu", data=None), catalog=lab_of(root).catalog)
        lab.warm_up()
        yield lab


@pytest.fixture(scope="module")
def url(lab: Lab) -> Iterator[str]:
    with serving(lab) as address:
        yield address


def test_what_only_the_hub_has_is_grey_with_its_reason_and_cannot_be_chosen(page: Page, url: str) -> None:
    page.goto(f"{url}/?view=heads")
    field = page.locator("#attention-model input")
    before = field.input_value()
    field.click()
    option = page.locator("#attention-model li[role=option]", has_text=HUB_MODEL)
    expect(option).to_have_attribute("aria-disabled", "true")
    expect(option).to_have_attribute("title", REASON)
    assert REASON in option.evaluate("node => getComputedStyle(node, '::after').content")
    option.click(force=True)
    field.press("Escape")
    page.locator("#attention-a textarea").click()
    assert field.input_value() == before
    field.click()
    for _ in range(20):  # down the list by keys, to the first that is grey
        if page.locator("#attention-model li.active[data-away]").count():
            break
        field.press("ArrowDown")
    assert page.locator("#attention-model li.active[data-away]").count() == 1
    field.press("Enter")
    field.press("Escape")
    page.locator("#attention-a textarea").click()
    assert field.input_value() == before
    expect(page.locator("#attention-viewer .lab-said", has_text="answered").first).to_be_visible()
    assert page.locator(".lab-failed, .toast-wrap .toast-body").count() == 0


def test_scenes_and_sources_of_the_hub_are_grey_too(page: Page, url: str) -> None:
    page.goto(f"{url}?lab=segmentation")
    scene = page.locator("#segmentation-scene-115")
    expect(scene).to_have_attribute("title", REASON)
    scene.click(force=True)
    page.goto(f"{url}?lab=cifar")
    draw = page.locator("[data-draw=hub]")
    expect(draw).to_have_attribute("aria-disabled", "true")
    draw.click(force=True)
    page.goto(f"{url}?lab=cifar&view=evaluation")
    page.locator("#cifar-source input").click()
    hub = page.locator("#cifar-source li[role=option]", has_text=say("en", "cifar.sources.hub"))
    expect(hub).to_have_attribute("aria-disabled", "true")
    assert page.locator(".lab-failed").count() == 0


def test_where_the_hub_answers_again_nothing_is_grey(page: Page, url: str, lab: Lab) -> None:
    page.goto(f"{url}?lab=cifar")
    draw = page.locator("[data-draw=hub]")
    expect(draw).to_have_attribute("aria-disabled", "true")
    lab.fetches.reach.found(True)
    try:
        page.goto(f"{url}?lab=cifar")
        expect(draw).to_be_visible()
        page.wait_for_timeout(1000)
        expect(draw).not_to_have_attribute("aria-disabled", "true")
    finally:
        lab.fetches.reach.found(False)


def test_a_model_that_does_not_answer_is_said_once_and_the_field_names_the_one_that_did(
    page: Page, url: str, lab: Lab
) -> None:
    known = lab.fetches
    lab.fetches = Fetches(Reach(lambda: "http://hub", _nobody))
    lab.fetches.reach.found(True)  # as it was a moment ago
    lab.fetches.reach._known -= 59.5  # and is asked again by the time that somebody chooses
    try:
        page.goto(f"{url}/?view=heads")
        expect(page.locator("#attention-viewer .lab-said", has_text="answered").first).to_be_visible()
        field = page.locator("#attention-model input")
        before = field.input_value()
        page.wait_for_timeout(700)
        field.click()
        page.locator("#attention-model li[role=option]", has_text=HUB_MODEL).click()
        failed = page.locator(".lab-failed")
        expect(failed).to_have_count(1)
        expect(failed).to_contain_text("cannot be reached")
        expect(field).to_have_value(before)
        assert page.locator(".toast-wrap .toast-body").count() == 0
    finally:
        lab.fetches = known


def test_the_segmentation_labs_field_names_the_model_that_answered_too(page: Page, url: str, lab: Lab) -> None:
    known = lab.fetches
    lab.fetches = Fetches(Reach(lambda: "http://hub", _nobody))
    lab.fetches.reach.found(True)
    lab.fetches.reach._known -= 59.5
    try:
        page.goto(f"{url}?lab=segmentation")
        expect(page.locator("#segmentation-viewer canvas").first).to_be_visible(timeout=60_000)
        field = page.locator("#segmentation-model input")
        before = field.input_value()
        page.wait_for_timeout(700)
        field.click()
        page.locator("#segmentation-model li[role=option]", has_text=HUB_SCENES).click()
        expect(page.locator(".lab-failed")).to_contain_text("cannot be reached")
        expect(field).to_have_value(before)
    finally:
        lab.fetches = known


def _nobody(address: str) -> None:
    raise NoAnswerError(address)


def test_the_catalog_has_a_model_of_the_hub_for_this_test() -> None:
    assert HUB_MODEL in {spec.title for spec in CATALOG if spec.origin == "hub" and spec.job == "attention"}
