"""What somebody types is text in every view: no dialog opens, and no element of theirs gets into the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch
from tests.browser.views import pick_view

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page
PAYLOADS = [
    "<script>alert(1)</script>",
    "${alert(2)}",
    "{{constructor.constructor('alert(3)')()}}",
    "</script><script>alert(4)</script>",
    "<img src=x onerror=alert(5)>",
    '"><svg onload=alert(6)>',
    "'-alert(7)-'",
    "`${alert(8)}`",
    "\u003cimg src=x onerror=alert(9)\u003e",
    "javascript:alert(10)",
]
A, B = " ".join(PAYLOADS[:5]), " ".join(PAYLOADS[5:])
READY = {
    "heads": ".lab-headview",
    "matrix": "canvas.lab-matrix",
    "grid": ".lab-thumb >> nth=71",
    "inside": ".lab-code",
    "embeddings": "[data-mask] >> nth=3",
    "compare": ".lab-pane canvas >> nth=0",
    "bertviz": "iframe.lab-bertviz",
    "build": ".lab-explain",
}
FOREIGN = """() => {
  const found = [...document.querySelectorAll('img[src="x"], svg[onload], [onerror], [onload], a[href^="javascript"]')];
  const scripts = [...document.scripts].filter((s) => !s.src && s.textContent.trim().startsWith('alert('));
  return [...found, ...scripts].map((e) => e.outerHTML.slice(0, 200));
}"""


def assert_clean(page: Page, watch: Watch) -> None:
    """No dialog so far, and nothing in any frame that only what was typed could have put there."""
    assert watch.dialogs == []
    for frame in page.frames:
        assert frame.evaluate(FOREIGN) == [], frame.name


def look_at(page: Page, view: str) -> None:
    pick_view(page, "attention", view)
    expect(page.locator(f"#attention-viewer {READY[view]}").first).to_be_visible()


def test_the_check_sees_an_element_that_does_not_belong_there(page: Page, app_url: str, watch: Watch) -> None:
    page.goto(f"{app_url}/lab/version")  # a page without anything of the lab's
    watch.expect_dialogs = True
    page.evaluate("() => document.documentElement.append(document.createElement('b'))")
    page.evaluate("() => document.querySelector('b').setAttribute('onerror', 'x')")
    assert len(page.evaluate(FOREIGN)) == 1
    page.evaluate("() => alert('seen')")
    assert watch.dialogs == ["seen"]


def test_what_is_typed_is_text_in_every_view(page: Page, app_url: str, watch: Watch) -> None:
    page.goto(f"{app_url}/?view=heads")
    expect(page.locator("#attention-viewer .lab-headview")).to_be_visible(timeout=60_000)
    page.locator("#attention-a textarea").fill(A)
    page.locator("#attention-b textarea").fill(B)
    page.locator("#attention-look").click()
    expect(page.locator("#attention-viewer .lab-from bdi")).not_to_have_count(7)
    shown = page.locator("#attention-viewer .lab-from bdi").all_inner_texts()
    joined = "".join(text.removeprefix("##") for text in shown if text not in ("[CLS]", "[SEP]"))
    assert joined == (A + B).replace(" ", ""), "every character is there, as text"
    for view in READY:
        look_at(page, view)
        if view == "heads":
            page.locator("#attention-viewer .lab-astable summary").click()
        if view == "matrix":
            page.locator("#attention-viewer canvas.lab-matrix").hover()
        if view == "bertviz":
            page.frame_locator("iframe.lab-bertviz").locator("svg").first.wait_for()
        assert_clean(page, watch)


def test_what_is_typed_is_text_beside_what_leaving_it_out_changes(page: Page, app_url: str, watch: Watch) -> None:
    page.goto(f"{app_url}/?{urlencode({'lab': 'attention', 'view': 'embeddings', 'a': PAYLOADS[4], 'b': PAYLOADS[1]})}")
    page.locator("#attention-viewer .lab-occlude").click(timeout=60_000)
    expect(page.locator("#attention-viewer .lab-occlusion tbody tr").first).to_contain_text("<")
    page.locator('#attention-viewer [data-mask="2"]').click()
    expect(page.locator('#attention-viewer [data-mask="2"]')).to_have_text("[MASK]")
    assert_clean(page, watch)


@pytest.mark.parametrize("view", ["heads", "bertviz"])
def test_what_a_link_carries_is_text_wherever_it_is_shown(page: Page, app_url: str, watch: Watch, view: str) -> None:
    markup = PAYLOADS[4] + PAYLOADS[5] + PAYLOADS[0]
    query = {"lab": "attention", "view": view, "a": A, "b": B, "title": markup, "question": markup, "theme": markup}
    page.goto(f"{app_url}/?{urlencode(query | {'lang': markup, 'token': markup, 'top': markup})}")
    expect(page.locator(f"#attention-viewer {READY[view]}").first).to_be_visible(timeout=60_000)
    expect(page.locator(".lab-lesson :is(h2, p)")).to_have_text([markup, markup])
    expect(page.locator("#attention-a textarea")).to_have_value(A)
    if view == "bertviz":
        page.frame_locator("iframe.lab-bertviz").locator("svg").first.wait_for()
    assert_clean(page, watch)


def test_an_error_that_echoes_a_link_shows_it_as_text(page: Page, app_url: str, watch: Watch) -> None:
    page.goto(f"{app_url}/?{urlencode({'lab': 'attention', 'model': PAYLOADS[4]})}")
    said = page.get_by_text("There is no model")
    expect(said.first).to_contain_text(PAYLOADS[4], timeout=60_000)
    assert_clean(page, watch)


def test_bertviz_draws_in_a_frame_that_may_not_touch_the_page(page: Page, app_url: str, watch: Watch) -> None:
    page.goto(f"{app_url}/?{urlencode({'lab': 'attention', 'view': 'bertviz'})}")
    frame = page.locator("iframe.lab-bertviz")
    expect(frame).to_be_visible(timeout=60_000)
    assert frame.get_attribute("sandbox") == "allow-scripts"
    page.frame_locator("iframe.lab-bertviz").locator("svg").first.wait_for()
    handle = frame.element_handle()
    inner = handle.content_frame() if handle else None
    assert inner is not None
    reached = "() => { try { return parent.document.title } catch (e) { return 'refused' } }"
    assert inner.evaluate(reached) == "refused"


def test_a_second_person_never_sees_what_the_first_one_typed(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    page.goto(f"{app_url}/?view=heads")
    expect(page.locator("#attention-viewer .lab-headview")).to_be_visible(timeout=60_000)
    page.locator("#attention-a textarea").fill("zebra")
    page.locator("#attention-look").click()
    expect(page.locator("#attention-viewer .lab-from bdi").nth(1)).to_have_text("zebra")
    context, _ = new_context()
    theirs = context.new_page()
    theirs.goto(f"{app_url}/?view=heads")
    expect(theirs.locator("#attention-viewer .lab-headview")).to_be_visible(timeout=60_000)
    assert "zebra" not in theirs.content()
    assert "zebra" not in theirs.locator("#attention-a textarea").input_value()
