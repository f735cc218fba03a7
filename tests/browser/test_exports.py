"""What is saved of a view: pictures for a slide, with what they show written on them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_attention import open_lab, viewer

SENTENCE = "the cat sat on the mat"
# Every text that is written on a canvas of its own, the picture's title among them.
LISTEN = """
window.written = [];
const plain = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
  window.written.push(text.replace(/[\u2066-\u2069]/g, ""));
  return plain.call(this, text, ...where);
};
"""


def picture_of(page: Page) -> tuple[Image.Image, list[str]]:
    """The PNG of the open view, and what was written while it was made."""
    page.evaluate("window.written = []")
    with page.expect_download() as waiting:
        viewer(page, ".lab-exports").get_by_role("button", name="PNG", exact=True).click()
    with Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())) as picture:
        return picture.convert("RGB"), page.evaluate("window.written")


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("heads", ["MiniLM-L6", "Layer 2", "Heads 6"]),
        ("matrix", ["MiniLM-L6", "Layer 2", "Head 6"]),
        ("grid", ["MiniLM-L6", "All heads"]),
        ("inside", ["MiniLM-L6", "Layer 2", "Head 6"]),
        ("embeddings", ["MiniLM-L6", "Embeddings"]),
        ("compare", ["Side by side"]),
    ],
)
def test_a_saved_picture_is_wide_and_says_sentence_model_layer_and_head(
    page: Page, app_url: str, minilm: Any, view: str, said: list[str]
) -> None:
    page.add_init_script(LISTEN)
    open_lab(page, app_url, a=SENTENCE, layer=2, head=6, view=view)
    expect(viewer(page, ".lab-picture .lab-wait")).to_have_count(0, timeout=60_000)
    picture, written = picture_of(page)
    assert picture.width >= 1600
    assert any(SENTENCE in line for line in written), written[-8:]
    title = next((line for line in written if said[-1] in line), "")
    assert [part for part in said if part not in title] == []
    band = picture.crop((0, 0, picture.width, 90))
    assert len(band.getcolors(100_000) or []) > 2, "the title stands in its place"


def test_on_a_phone_a_picture_is_as_wide(page: Page, app_url: str, minilm: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lab(page, app_url, a=SENTENCE, view="matrix")
    expect(viewer(page, "canvas.lab-matrix")).to_be_visible()
    assert picture_of_plain(page).width >= 1600


def picture_of_plain(page: Page) -> Image.Image:
    with page.expect_download() as waiting:
        viewer(page, ".lab-exports").get_by_role("button", name="PNG", exact=True).click()
    with Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())) as picture:
        return picture.copy()
