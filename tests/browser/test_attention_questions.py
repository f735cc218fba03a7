"""Questions of the Attention lab in Chromium: answers are drawn where they belong, and what fails says so in place."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.attention import messages
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.text.attend import attend
from core.texts import say
from tests.browser.test_attention import (
    REFERENCE,
    TOKENS,
    chosen_layer,
    expect_tokens,
    look,
    open_lab,
    point_at,
    viewer,
)
from tests.browser.test_attention_views import asks
from tests.browser.views import pick_view

SLOW, SLOWER = "the slow cat", "the slower cat"


class Gate:
    """Looks at a sentence that is shut in here are answered when the test opens it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shut: dict[str, threading.Event] = {}
        self.begun: dict[str, threading.Event] = {}
        self.inner = text.attention
        monkeypatch.setattr(text, "attention", self.attention)

    def close(self, sentence: str) -> None:
        self.shut[sentence], self.begun[sentence] = threading.Event(), threading.Event()

    def attention(self, lab: Lab, look: Look, *more: Any) -> Any:
        if look.a in self.shut:
            self.begun[look.a].set()
            assert self.shut[look.a].wait(60), "the test never let this look go on"
        return self.inner(lab, look, *more)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(monkeypatch)
    yield gate
    for event in gate.shut.values():
        event.set()


def once(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let the next layer do something first; those after it are as ever."""
    inner = messages.layer_content
    pending = [act]

    def content(*given: Any, **named: Any) -> Any:
        if pending:
            pending.pop()()
        return inner(*given, **named)

    monkeypatch.setattr(messages, "layer_content", content)


def test_the_same_look_twice_is_asked_and_answered_twice(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    with asks(page) as seen:
        for count in (1, 2):
            viewer(page, ".lab-said").evaluate("node => { node.textContent = ''; }")
            page.locator("#attention-look").click()
            expect(viewer(page, ".lab-said")).to_contain_text("answered: 7 tokens")
            assert [ask["want"] for ask in seen] == ["attention.look"] * count


def test_the_same_export_twice_is_saved_twice(page: Page, app_url: str) -> None:
    open_lab(page, app_url, view="bertviz")
    expect(viewer(page, "iframe")).to_be_visible()
    for name in ("JSON", "PNG"):
        saved = []
        for _ in range(2):
            viewer(page, "iframe").content_frame.locator("#vis svg").first.wait_for()
            with page.expect_download() as waiting:
                viewer(page, ".lab-exports").get_by_role("button", name=name, exact=True).click()
            saved.append(Path(waiting.value.path()).read_bytes())
        assert saved[0] == saved[1] != b""


def test_a_layer_that_fails_says_so_in_place_and_comes_when_asked_again(
    page: Page, app_url: str, minilm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_lab(page, app_url)

    def fail() -> None:
        raise OSError("the disk is gone")

    once(monkeypatch, fail)
    viewer(page, '[data-layer="3"]').click()
    bar = viewer(page, ".lab-failed")
    expect(bar).to_contain_text(say("en", "app.failed"))
    expect(viewer(page, ".lab-wait")).to_be_hidden()
    bar.get_by_role("button", name="Try again").click()
    expect_tokens(page, TOKENS)
    expect(bar).to_have_count(0)
    np.testing.assert_allclose(point_at(page, 5), attend(minilm, REFERENCE).weights[3, :, 5].mean(0), atol=0.0011)


def test_an_answer_after_the_view_changed_is_kept_for_its_view(
    page: Page, app_url: str, minilm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_lab(page, app_url)
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert go_on.wait(60)

    once(monkeypatch, wait)
    viewer(page, '[data-layer="4"]').click()
    expect(viewer(page, ".lab-wait")).to_be_visible()
    assert begun.wait(30)
    pick_view(page, "attention", "grid")
    viewer(page, '[data-head="2.5"]').click()  # opens another layer's matrix
    named = re.compile("^Attention of layer 2, head 5")
    expect(viewer(page, "canvas.lab-matrix")).to_have_attribute("aria-label", named)
    go_on.set()
    with asks(page) as seen:
        page.wait_for_timeout(500)
        expect(viewer(page, "canvas.lab-matrix")).to_have_attribute("aria-label", named)
        expect(chosen_layer(page)).to_have_text("2")
        pick_view(page, "attention", "heads")
        viewer(page, '[data-layer="4"]').click()
        expect_tokens(page, TOKENS)
        np.testing.assert_allclose(point_at(page, 5), attend(minilm, REFERENCE).weights[4, :, 5].mean(0), atol=0.0011)
    assert seen == [], "it is there, though it came while something else was looked at"


def test_a_look_takes_the_place_of_one_that_is_on_its_way(page: Page, app_url: str, gate: Gate) -> None:
    open_lab(page, app_url)
    gate.close(SLOW)
    look(page, SLOW)
    assert gate.begun[SLOW].wait(30)
    expect(viewer(page, ".lab-working")).to_have_text(say("en", "app.working"))
    look(page, "the quick dog")
    quick = ["[CLS]", "the", "quick", "dog", "[SEP]"]
    expect_tokens(page, quick)
    expect(viewer(page, ".lab-working")).to_be_empty()
    gate.shut[SLOW].set()
    page.wait_for_timeout(500)
    expect_tokens(page, quick)
    expect(viewer(page, ".lab-failed")).to_have_count(0)


def test_two_sides_may_ask_at_once_and_each_gets_its_own(page: Page, app_url: str, gate: Gate) -> None:
    for sentence in (SLOW, SLOWER):
        gate.close(sentence)
    open_lab(page, app_url, view="compare", a1=SLOW, a2=SLOWER)
    for sentence in (SLOW, SLOWER):
        assert gate.begun[sentence].wait(30)
    gate.shut[SLOWER].set()
    expect(viewer(page, "[data-side='2'] .lab-which")).to_contain_text(SLOWER)
    expect(viewer(page, "[data-side='1'] .lab-wait")).to_be_visible()
    gate.shut[SLOW].set()
    expect(viewer(page, "[data-side='1'] .lab-which")).to_contain_text(SLOW)
    expect(viewer(page, ".lab-pane canvas")).to_have_count(2)


def test_what_a_person_asked_for_stays_though_the_link_is_answered_late(page: Page, app_url: str, gate: Gate) -> None:
    gate.close(SLOW)
    page.goto(f"{app_url}/?lab=attention&a={SLOW}")
    assert gate.begun[SLOW].wait(60)
    look(page, "the quick dog")
    expect_tokens(page, ["[CLS]", "the", "quick", "dog", "[SEP]"])
    gate.shut[SLOW].set()
    page.wait_for_timeout(500)
    expect(page.locator("#attention-a textarea")).to_have_value("the quick dog")
    expect_tokens(page, ["[CLS]", "the", "quick", "dog", "[SEP]"])
