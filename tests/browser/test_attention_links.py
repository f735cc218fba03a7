"""What a link of the Attention lab restores, and what the controls that it restores do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from core.text.attend import Options, attend
from tests.browser.test_attention import PHONE, REFERENCE, link_of, open_lab, viewer
from tests.browser.views import pick_view

ALL = [str(head) for head in range(1, 13)]


def on(page: Page) -> list[str]:
    return viewer(page, '.lab-head[aria-pressed="true"]').all_inner_texts()


def opened(new_context: Callable[..., tuple[BrowserContext, Any]], link: str) -> Page:
    theirs = new_context()[0].new_page()
    theirs.goto(link)
    expect(viewer(theirs, ".lab-said")).not_to_be_empty(timeout=60_000)
    return theirs


@pytest.mark.parametrize("off", [[], list(range(1, 10))])
def test_a_link_brings_the_heads_that_were_on(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]], off: list[int]
) -> None:
    open_lab(page, app_url)
    for head in off:
        viewer(page, f'.lab-head[data-head="{head - 1}"]').click()
    wanted = [head for head in ALL if int(head) not in off]
    assert on(page) == wanted
    assert on(opened(new_context, link_of(page))) == wanted


def test_a_link_brings_the_part_of_a_pair_and_the_caption_does_not_claim_whole_rows(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    open_lab(page, app_url, a="the cat", b="a dog", view="matrix")
    expect(viewer(page, ".lab-caption").first).to_contain_text("Each row adds up to 1")
    viewer(page, ".lab-more summary").click()
    viewer(page, ".lab-more select").select_option("A→B")
    expect(viewer(page, ".lab-caption").first).to_contain_text("a part of the pair")
    theirs = opened(new_context, link_of(page))
    expect(viewer(theirs, ".lab-caption").first).to_contain_text("a part of the pair")
    sides = [viewer(one, "canvas.lab-matrix").bounding_box() for one in (page, theirs)]
    assert sides[0]
    assert sides[1]
    assert (sides[0]["width"], sides[0]["height"]) == (sides[1]["width"], sides[1]["height"])


def test_a_click_on_the_right_keeps_who_looks_at_that_token(
    page: Page, app_url: str, minilm: Any, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    weights = attend(minilm, REFERENCE).weights[0].mean(axis=0)  # (T, T), mean over the heads of layer 1
    open_lab(page, app_url)
    viewer(page, '.lab-to [data-token="5"]').click()
    page.mouse.move(5, 5)
    for one in (page, opened(new_context, link_of(page))):
        expect(viewer(one, ".lab-from output").first).to_have_text(re.compile(r"^\d\.\d{3}$"))
        shown = [float(text) for text in viewer(one, ".lab-from output").all_inner_texts()]
        np.testing.assert_allclose(shown, weights[:, 5], atol=0.0011)
        assert viewer(one, ".lab-to output").all_inner_texts() == [""] * 7
    viewer(page, '.lab-from [data-token="2"]').click()  # the other side takes its place
    page.mouse.move(5, 5)
    shown = [float(text) for text in viewer(page, ".lab-to output").all_inner_texts()]
    np.testing.assert_allclose(shown, weights[2], atol=0.0011)


@pytest.mark.parametrize("query", [{"model": "nobody"}, {"segments": "odd"}, {"a": " "}])
def test_a_link_that_leads_nowhere_says_so_above_the_first_example(
    page: Page, app_url: str, query: dict[str, str]
) -> None:
    open_lab(page, app_url, **query)
    expect(viewer(page, ".lab-notes")).to_contain_text("The link could not be shown")
    expect(viewer(page, ".lab-from bdi")).to_have_count(7)
    expect(page.locator("#attention-a textarea")).to_have_value(REFERENCE)


@pytest.mark.parametrize(("view", "layer"), [("inside", "rollout"), ("bertviz", "mean"), ("matrix", "rollout")])
def test_after_a_mean_of_layers_every_view_has_its_controls(page: Page, app_url: str, view: str, layer: str) -> None:
    open_lab(page, app_url, view=view)
    expect(viewer(page, '[data-layer="0"]')).to_have_attribute("aria-checked", "true")
    pick_view(page, "attention", "heads")
    viewer(page, f'[data-layer="{layer}"]').click()
    expect(viewer(page, f'[data-layer="{layer}"]')).to_have_attribute("aria-checked", "true")
    pick_view(page, "attention", view)
    expect(viewer(page, '[data-layer][aria-checked="true"]')).to_have_text(layer if view == "matrix" else "6")


def test_swapped_segments_are_seen_beside_the_segments_as_they_are(page: Page, app_url: str, minilm: Any) -> None:
    open_lab(page, app_url, a="the cat", b="a dog", view="embeddings")
    viewer(page, '[data-contrast="swapped"]').click()
    expect(viewer(page, '.lab-pane [data-compare="segments2"]')).to_have_value("swapped")
    expect(viewer(page, ".lab-pane")).to_have_count(3, timeout=60_000)
    heads = [viewer(page, f'[data-compare="head{side}"]').input_value() for side in (1, 2)]
    assert heads == ["0", "0"], "the same head on both sides"
    plain = attend(minilm, "the cat", "a dog").weights[0, 0]
    swapped = attend(minilm, "the cat", "a dog", Options(segments="swapped")).weights[0, 0]
    most = np.abs(plain - swapped).max()
    assert most > 0.01
    expect(viewer(page, ".lab-pane").nth(2)).to_contain_text(f"{most:.3f}"[:4])
    pick_view(page, "attention", "embeddings")
    viewer(page, '[data-segments="swapped"]').click()
    expect(viewer(page, ".lab-notes")).to_contain_text("A and B are swapped")


def test_a_sentence_of_unknown_signs_is_not_drawn_as_if_it_meant_something(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    expect(viewer(page, ".lab-picture")).not_to_have_class(re.compile("lab-unknown"))
    page.locator("#attention-a textarea").fill("😀 🎈")
    page.locator("#attention-look").click()
    expect(viewer(page, ".lab-picture")).to_have_class(re.compile("lab-unknown"))
    assert viewer(page, ".lab-picture").evaluate("e => getComputedStyle(e).filter") == "grayscale(1)"


def test_leaving_out_is_not_offered_for_a_long_sentence(page: Page, app_url: str) -> None:
    open_lab(page, app_url, a="cat " * 150, view="embeddings")
    expect(viewer(page, ".lab-occlude")).to_be_disabled()
    expect(viewer(page, ".lab-picture")).to_contain_text("up to 128 tokens, and the sentence has 152")


def test_the_share_of_the_heaviest_lines_can_be_chosen(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    viewer(page, ".lab-more summary").click()
    ink = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length"
    drawn = []
    for share in (1, 10, 100):
        viewer(page, ".lab-more input[type=range]").fill(str(share))
        drawn.append(viewer(page, "canvas").first.evaluate(ink))
    assert 0 < drawn[0] < drawn[1] < drawn[2]
    assert parse_qs(urlsplit(link_of(page)).query)["top"] == ["100"]


def test_a_metric_sorts_by_a_click(page: Page, app_url: str) -> None:
    open_lab(page, app_url, view="grid")
    button = viewer(page, ".lab-table thead button").get_by_text("entropy")
    for rule in (lambda values: sorted(values, reverse=True), sorted):
        button.click()
        column = viewer(page, ".lab-table tbody tr td:nth-child(8)")
        values = [float(text) for text in column.all_inner_texts()]
        assert len(set(values)) > 10
        assert values == rule(values)


@pytest.mark.parametrize("view", ["inside", "embeddings", "bertviz"])
def test_a_view_of_tables_can_be_saved_as_a_picture(page: Page, app_url: str, view: str) -> None:
    open_lab(page, app_url, view=view)
    expect(viewer(page, ".lab-picture .lab-wait")).to_have_count(0, timeout=60_000)
    if view == "bertviz":
        viewer(page, "iframe").content_frame.locator("#vis svg").first.wait_for()
    with page.expect_download() as waiting:
        viewer(page, ".lab-exports").get_by_role("button", name="PNG").click()
    assert waiting.value.suggested_filename == f"attention-{view}.png"
    with Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())) as picture:
        assert picture.width > 300
        colors = picture.convert("RGB").resize((200, 200), Image.Resampling.NEAREST).getcolors(40_000)
        assert colors is not None
        assert len(colors) > 8


@pytest.mark.parametrize(("view", "name"), [("inside", "Inside a head"), ("bertviz", "BertViz")])
def test_on_a_phone_the_selected_view_is_in_sight(page: Page, app_url: str, view: str, name: str) -> None:
    page.set_viewport_size(PHONE)
    open_lab(page, app_url, view=view)
    chosen = viewer(page, ".lab-views [role=tab][aria-selected=true]")
    expect(chosen).to_contain_text(name)
    box = chosen.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
