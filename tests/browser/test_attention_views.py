"""BertViz and two heads side by side in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Request, expect

from tests.browser.conftest import Watch
from tests.browser.views import pick_view

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
SAID = "#attention-viewer .lab-said"
PHONE = {"width": 390, "height": 844}


def open_view(page: Page, url: str, view: str, **query: str) -> None:
    """A view of the lab by its link, with the sentence's answer there."""
    page.goto(f"{url}/?{urlencode({'lab': 'attention', 'view': view} | query)}")
    expect(page.locator(SAID)).not_to_be_empty(timeout=60_000)


def frame_of(page: Page) -> Frame:
    """The frame in which BertViz draws, once it has."""
    page.frame_locator("iframe.lab-bertviz").locator("svg").first.wait_for()
    handle = page.locator("iframe.lab-bertviz").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None
    return frame


@contextmanager
def asks(page: Page) -> Iterator[list[dict[str, Any]]]:
    """What the viewer asks of the server meanwhile."""
    seen: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if "/queue/join" in request.url:
            first = json.loads(request.post_data or "{}")["data"][0]
            if isinstance(first, dict) and first["ask"]["want"].startswith("attention."):
                seen.append(first["ask"])

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


def test_bertviz_draws_every_line_of_its_layer_on_white_also_in_the_dark(page: Page, app_url: str) -> None:
    open_view(page, app_url, "bertviz", __theme="dark")
    assert page.evaluate("document.body.classList.contains('dark')")
    frame = frame_of(page)
    assert frame.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert frame.evaluate("d3.version") == "5.7.0"
    assert frame.locator("#attention line").count() == 12 * 7 * 7
    assert frame.locator("#layer").input_value() == "0"


def test_another_layer_comes_without_the_libraries(page: Page, app_url: str) -> None:
    open_view(page, app_url, "bertviz")
    frame_of(page)
    with asks(page) as seen:
        page.locator('#attention-viewer [data-layer="3"]').click()
        expect(page.frame_locator("iframe.lab-bertviz").locator("#layer")).to_have_value("3")
        page.locator('#attention-viewer [data-layer="0"]').click()
        expect(page.frame_locator("iframe.lab-bertviz").locator("#layer")).to_have_value("0")
    assert [(ask["layer"], ask["libraries"]) for ask in seen] == [(4, False)], "a page that was here is not asked again"


def test_bertviz_is_shut_in_its_frame(page: Page, watch: Watch, app_url: str) -> None:
    open_view(page, app_url, "bertviz")
    frame = frame_of(page)
    assert page.locator("iframe.lab-bertviz").get_attribute("sandbox") == "allow-scripts"
    read_page = "(() => { try { return String(parent.document); } catch (error) { return error.name; } })()"
    assert frame.evaluate(read_page) == "SecurityError"
    assert watch.faults == []
    assert frame.evaluate(f"fetch('{app_url}/').then(() => 'sent', () => 'refused')") == "refused"
    assert any("Content Security Policy" in fault for fault in watch.faults)
    watch.faults.clear()


def test_markup_in_a_sentence_is_text_in_bertviz(page: Page, app_url: str) -> None:
    open_view(page, app_url, "bertviz", a="</script><script>alert(1)</script><img src=x onerror=alert(2)> ${alert(3)}")
    frame = frame_of(page)
    assert "script" in frame.locator("#left text").all_text_contents()
    assert frame.locator("img").count() == 0
    page.locator("[data-bertviz=model]").click()
    expect(page.frame_locator("iframe.lab-bertviz").locator(".attn_background")).to_have_count(72)


@pytest.mark.parametrize("view", ["head", "model"])
def test_bertviz_fits_its_frame(page: Page, app_url: str, view: str) -> None:
    sentence = "The animal didn't cross the street because it was too tired to walk over the wide and busy road today"
    open_view(page, app_url, "bertviz", a=sentence, bertviz=view)
    frame = frame_of(page)
    over = "(({scrollWidth, clientWidth, scrollHeight, clientHeight}) => [scrollWidth - clientWidth,"
    assert frame.evaluate(f"{over} scrollHeight - clientHeight])(document.documentElement)") == [0, 0]
    drawn = frame.evaluate("document.querySelector('svg').getBoundingClientRect().height")
    box = page.locator("iframe.lab-bertviz").bounding_box()
    assert box is not None
    assert drawn / box["height"] > 0.75, "the frame is not much higher than what is drawn in it"
    expect(page.locator(".lab-notice")).to_have_count(1 if view == "model" else 0)


def link_fields(page: Page) -> dict[str, Any]:
    """What the link to the present view says."""
    module = "'./' + AttentionLab.base + 'lib/links.js'"
    fields: dict[str, Any] = page.evaluate(f"import({module}).then((links) => links.views.attention())")
    return fields


def weight(page: Page, side: int, row: int, column: int) -> float:
    """What the matrix of a side (3: the difference) says of a cell, read by the keyboard."""
    canvas = page.locator(".lab-pane").nth(side - 1).locator("canvas")
    for key, times in (("ArrowUp", 40), ("ArrowLeft", 40), ("ArrowDown", row), ("ArrowRight", column)):
        for _ in range(times if times < 40 else 8):
            canvas.press(key)
    said = page.locator(".lab-pane").nth(side - 1).locator("output").inner_text()
    found = re.search(r": ([+−-]?\d\.\d+)$", said)
    assert found, said
    return float(found[1].replace("−", "-"))


def test_two_heads_stand_side_by_side_without_asking_the_server(page: Page, app_url: str) -> None:
    open_view(page, app_url, "heads", layer="2", head="3")
    with asks(page) as seen:
        pick_view(page, "attention", "compare")
        expect(page.locator(".lab-which strong")).to_have_text(
            ["Layer 2, head 3 · MiniLM-L6", "Layer 2, head 4 · MiniLM-L6"]
        )
        expect(page.locator(".lab-pane canvas")).to_have_count(3)
    assert seen == []
    one, two, difference = (weight(page, side, 3, 5) for side in (1, 2, 3))
    assert difference == pytest.approx(one - two, abs=1e-9)


def test_another_sentence_on_one_side(page: Page, app_url: str) -> None:
    open_view(page, app_url, "compare")
    page.locator("[data-compare=sentence2]").select_option("other")
    page.locator("[data-compare=a2]").fill("I enjoyed watching this <b>film</b>")
    page.locator("[data-compare=a2]").press("Enter")
    expect(page.locator(".lab-pane").nth(1).locator(".lab-which")).to_contain_text("this <b>film</b>")
    expect(page.locator(".lab-pane").nth(2)).to_contain_text("The two sides have different tokens")
    page.locator("[data-compare=layer2]").select_option(index=4)
    expect(page.locator(".lab-which strong").nth(1)).to_have_text("Layer 5, head 1 · MiniLM-L6")
    page.locator("[data-as=lines]").click()
    expect(page.locator(".lab-pane").nth(1).locator(".lab-from .lab-token")).to_have_count(14)
    fields = link_fields(page)
    assert (fields["a2"], fields["layer2"], fields["as"]) == ("I enjoyed watching this <b>film</b>", 5, "lines")


def test_the_same_head_over_the_same_words_differs_nowhere(page: Page, app_url: str) -> None:
    one, two = "I enjoyed  watching this movie", "I ENJOYED watching this movie"
    open_view(page, app_url, "compare", a1=one, a2=two, head1="5", head2="5", layer2="1")
    expect(page.locator(".lab-pane").nth(2)).to_contain_text("The largest difference is 0.000")


def test_a_side_that_cannot_be_shown_leaves_the_other_one(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=attention&view=compare&model1=bert-base-uncased")  # of the hub: it is not offered here
    expect(page.get_by_text("works offline")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator(".lab-pane").nth(1).locator("canvas")).to_be_visible()
    page.locator("[data-compare=model1]").select_option("minilm-l6")
    expect(page.locator(".lab-pane canvas")).to_have_count(3)


def test_both_sides_can_be_saved(page: Page, app_url: str) -> None:
    open_view(page, app_url, "compare")
    expect(page.locator(".lab-pane canvas")).to_have_count(3)
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON", exact=True).click()
    content = json.loads(saved.value.path().read_text("utf-8"))
    assert [(side["layer"], side["head"]) for side in content["sides"]] == [(1, 1), (1, 2)]
    for side in content["sides"]:
        assert [sum(row) for row in side["weights"]] == pytest.approx([1] * 7, abs=5e-3)
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_phone_does_not_scroll_sideways(
    new_context: Callable[..., tuple[BrowserContext, object]], app_url: str, language: str
) -> None:
    page = new_context(viewport=PHONE)[0].new_page()
    open_view(page, app_url, "compare", lang=language)
    for view, ready in (("compare", ".lab-pane canvas"), ("bertviz", "iframe.lab-bertviz"), ("build", ".lab-encoder")):
        pick_view(page, "attention", view)
        page.locator(ready).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
