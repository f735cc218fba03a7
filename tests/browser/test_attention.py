"""The Attention lab as a person uses it, in Chromium; what is on screen is what core computed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.text.attend import attend
from core.text.heads import strongest
from tests.browser.menu import open_menu
from tests.browser.views import pick_view

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page
REFERENCE = "I enjoyed watching this movie"
SCENE = ["[CLS]", "i", "expected", "a", "masterpiece", "and", "got", "a", "boring", "film", ".", "[SEP]"]
TOKENS = ["[CLS]", "i", "enjoyed", "watching", "this", "movie", "[SEP]"]
VIEWS = ["heads", "matrix", "grid", "inside", "embeddings", "compare", "bertviz", "build"]
PHONE = {"width": 390, "height": 844}
LABEL = 92  # pixels that a matrix leaves for its labels


def viewer(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer {selector}")


def open_lab(page: Page, url: str, **query: object) -> None:
    """The lab by its link, once the first answer is there."""
    page.goto(f"{url}/?{urlencode({'lab': 'attention', 'view': 'heads', **query})}")
    expect(viewer(page, ".lab-said")).not_to_be_empty(timeout=60_000)


def look(page: Page, a: str, b: str = "") -> None:
    """Type one sentence or two and ask for them."""
    page.locator("#attention-a textarea").fill(a)
    page.locator("#attention-b textarea").fill(b)
    page.locator("#attention-look").click()


def shown_tokens(page: Page, side: str = "from") -> list[str]:
    return viewer(page, f".lab-{side} bdi").all_inner_texts()


def expect_tokens(page: Page, tokens: list[str]) -> None:
    for side in ("from", "to"):
        expect(viewer(page, f".lab-{side} bdi")).to_have_text(tokens)


def point_at(page: Page, token: int, side: str = "from") -> list[float]:
    """Hover a token; the numbers that appear beside the tokens of the other side."""
    viewer(page, f'.lab-{side} [data-token="{token}"]').hover()
    values = viewer(page, f".lab-{'to' if side == 'from' else 'from'} output")
    expect(values.first).to_have_text(re.compile(r"^\d\.\d{3}$"))
    return [float(text) for text in values.all_inner_texts()]


def pressed(page: Page) -> list[int]:
    heads = viewer(page, '.lab-head[aria-pressed="true"]')
    return [int(text) for text in heads.all_inner_texts()]


def chosen_layer(page: Page) -> Locator:
    return viewer(page, '[data-layer][aria-checked="true"]')


def ink(page: Page, canvas: str) -> int:
    """How many pixels of a canvas are drawn on."""
    count: int = viewer(page, canvas).evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"
    )
    return count


# Heads.


def test_the_heads_open_on_the_references_sentence(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?view=heads")
    expect_tokens(page, TOKENS)
    expect(viewer(page, ".lab-said")).to_contain_text("MiniLM-L6 (bundled, runs here) answered: 7 tokens, 6 layers")
    expect(page.locator("#attention-a textarea")).to_have_value(REFERENCE)
    assert pressed(page) == list(range(1, 13))
    assert chosen_layer(page).inner_text() == "1"
    assert ink(page, "canvas") > 500
    expect(viewer(page, ".lab-explain")).to_contain_text("Each token asks a question")


def test_pointing_at_a_token_shows_the_exact_weights(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, REFERENCE).weights
    open_lab(page, app_url)
    np.testing.assert_allclose(point_at(page, 2), weights[0, :, 2].mean(0), atol=0.0011)
    viewer(page, '[data-layer="3"]').click()
    expect(chosen_layer(page)).to_have_text("4")
    np.testing.assert_allclose(point_at(page, 5), weights[3, :, 5].mean(0), atol=0.0011)
    np.testing.assert_allclose(point_at(page, 1, "to"), weights[3, :, :, 1].mean(0), atol=0.0011)


def test_a_double_click_leaves_one_head_and_its_own_weights(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, REFERENCE).weights
    open_lab(page, app_url)
    all_heads = ink(page, "canvas")
    viewer(page, '[data-head="4"]').dblclick()
    expect(viewer(page, '.lab-head[aria-pressed="true"]')).to_have_text("5")
    assert ink(page, "canvas") < all_heads
    np.testing.assert_allclose(point_at(page, 3), weights[0, 4, 3], atol=0.00051)
    viewer(page, '[data-head="0"]').click()
    expect(viewer(page, '.lab-head[aria-pressed="true"]')).to_have_text(["1", "5"])
    viewer(page, '[data-head="0"]').click()
    expect(viewer(page, '.lab-head[aria-pressed="true"]')).to_have_text("5")
    viewer(page, "details.lab-astable summary").click()
    expect(viewer(page, "details.lab-astable tbody tr")).to_have_count(7)
    cells = viewer(page, "details.lab-astable tbody tr").nth(3).locator("td").all_inner_texts()
    assert cells[0] == "watching"
    np.testing.assert_allclose([float(cell) for cell in cells[1:]], weights[0, 4, 3], atol=0.00051)


def test_pointing_at_a_line_names_its_head_its_ends_and_its_weight(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, REFERENCE).weights
    layer, head, _ = strongest(attend(minilm, REFERENCE), "self")
    open_lab(page, app_url, layer=layer + 1, head=head + 1)
    token = int(np.diagonal(weights[layer, head]).argmax())
    canvas = viewer(page, ".lab-headview canvas")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 26 * token + 13)
    expect(page.locator(".lab-tip")).to_have_text(
        f"head {head + 1}: “{TOKENS[token]}” looks at “{TOKENS[token]}” — {weights[layer, head, token, token]:.3f}"
    )


def test_pieces_are_joined_and_special_tokens_hidden_on_demand(page: Page, app_url: str) -> None:
    open_lab(page, app_url, a="Unbelievably good")
    whole = shown_tokens(page)
    assert any(token.startswith("##") for token in whole)
    viewer(page, "details.lab-more summary").click()
    viewer(page, "details.lab-more input[type=checkbox]").nth(1).check()
    expect_tokens(page, ["[CLS]", "unbelievably", "good", "[SEP]"])
    viewer(page, "details.lab-more input[type=checkbox]").nth(0).check()
    expect_tokens(page, ["unbelievably", "good"])
    assert sum(point_at(page, 0)) == pytest.approx(1, abs=0.002)


# Matrix and grid.


def cell_centre(page: Page, row: int, column: int, size: int) -> tuple[float, float]:
    box = viewer(page, "canvas.lab-matrix").bounding_box()
    assert box
    cell = (box["width"] - LABEL - 4) / size
    return box["x"] + LABEL + cell * (column + 0.5), box["y"] + LABEL + cell * (row + 0.5)


def test_pointing_at_a_cell_of_the_matrix_names_it_and_its_weight(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, REFERENCE).weights
    open_lab(page, app_url, view="matrix", layer=2, head=3)
    viewer(page, "canvas.lab-matrix").scroll_into_view_if_needed()
    page.mouse.move(*cell_centre(page, 2, 5, 7))
    said = viewer(page, "output.lab-value")
    expect(said).to_have_text(f"“enjoyed” looks at “movie”: {weights[1, 2, 2, 5]:.3f}")
    viewer(page, "canvas.lab-matrix").press("ArrowDown")
    expect(said).to_have_text(f"“watching” looks at “movie”: {weights[1, 2, 3, 5]:.3f}")
    viewer(page, "canvas.lab-matrix").press("ArrowLeft")
    expect(said).to_have_text(f"“watching” looks at “this”: {weights[1, 2, 3, 4]:.3f}")


def test_a_click_in_the_grid_of_all_heads_opens_that_head(page: Page, app_url: str, minilm: Any) -> None:
    attention = attend(minilm, REFERENCE)
    layer, head, share = strongest(attention, "previous")
    open_lab(page, app_url, view="grid")
    expect(viewer(page, ".lab-thumb")).to_have_count(72)
    first = viewer(page, ".lab-table tbody tr").first
    assert first.locator("td").all_inner_texts()[:3] == [str(layer + 1), str(head + 1), f"{share:.3f}"]
    viewer(page, '[data-head="3.5"]').click()
    expect(page.locator("#lab-view-matrix")).to_have_attribute("aria-selected", "true")
    expect(chosen_layer(page)).to_have_text("3")
    assert pressed(page) == [5]
    pick_view(page, "attention", "grid")
    first.click()
    expect(chosen_layer(page)).to_have_text(str(layer + 1))
    assert pressed(page) == [head + 1]


# Sentences.


def test_a_pair_is_typed_or_picked_and_its_blocks_are_shown_apart(page: Page, app_url: str, minilm: Any) -> None:
    open_lab(page, app_url)
    page.locator("#attention-pair").click()
    pair = ["[CLS]", "the", "cat", "sat", "on", "the", "mat", "[SEP]", "the", "dog", "lay", "on", "the", "rug", "[SEP]"]
    expect_tokens(page, pair)
    look(page, "a cat", "one dog here")
    expect_tokens(page, ["[CLS]", "a", "cat", "[SEP]", "one", "dog", "here", "[SEP]"])
    pick_view(page, "attention", "matrix")
    viewer(page, "details.lab-more summary").click()
    viewer(page, "details.lab-more select").select_option("A→B")
    viewer(page, "canvas.lab-matrix").scroll_into_view_if_needed()
    weights = attend(minilm, "a cat", "one dog here").weights
    page.mouse.move(*cell_centre(page, 2, 1, 4))
    expect(viewer(page, "output.lab-value")).to_have_text(f"“cat” looks at “dog”: {weights[0, 0, 2, 5]:.3f}")


def test_512_tokens_are_drawn_scrolled_and_walked_through(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    page.set_default_timeout(120_000)
    look(page, "movie " * 600)
    expect(viewer(page, ".lab-from bdi")).to_have_count(512, timeout=120_000)
    expect(viewer(page, ".lab-notes")).to_contain_text("602 tokens")
    assert ink(page, ".lab-headview canvas") > 1000
    viewer(page, '[data-layer="5"]').click()
    expect(chosen_layer(page)).to_have_text("6", timeout=120_000)
    expect(viewer(page, ".lab-from bdi")).to_have_count(512, timeout=120_000)
    assert len(point_at(page, 300)) == 512
    pick_view(page, "attention", "matrix")
    expect(viewer(page, "canvas.lab-matrix")).to_be_visible(timeout=120_000)


def test_persian_runs_from_the_right_and_is_said_to_be_split(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    page.locator("#attention-persian").click()
    expect(viewer(page, ".lab-from")).to_have_attribute("dir", "rtl")
    expect(viewer(page, ".lab-notes")).to_contain_text("was not trained on this language")
    expect(page.locator("#attention-a textarea")).to_have_value("من از دیدن این فیلم لذت بردم")
    typed = page.locator("#attention-a textarea")
    assert typed.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext", "it runs as its first letter does"
    look(page, REFERENCE)
    expect_tokens(page, TOKENS)
    expect(viewer(page, ".lab-from")).to_have_attribute("dir", "ltr")


def test_what_is_refused_says_why_and_what_is_odd_says_so(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    look(page, "   ")
    expect(page.get_by_text("The sentence is empty; type some words.")).to_be_visible()
    expect_tokens(page, TOKENS)
    look(page, "😀🎬")
    expect(viewer(page, ".lab-notes")).to_contain_text("knows none of these characters")
    look(page, "a [MASK] movie")
    expect_tokens(page, ["[CLS]", "a", "[", "mask", "]", "movie", "[SEP]"])
    expect(viewer(page, ".lab-notes")).to_be_empty()
    page.get_by_label("are special tokens").check()
    page.locator("#attention-look").click()
    expect_tokens(page, ["[CLS]", "a", "[MASK]", "movie", "[SEP]"])


def test_another_model_answers_and_is_named(page: Page, app_url: str) -> None:
    open_lab(page, app_url, a="the cat sat")
    page.locator("#attention-model input").click()
    page.get_by_role("option", name="Tiny", exact=True).click()
    expect(viewer(page, ".lab-said")).to_contain_text(
        "Tiny (bundled, runs here) answered: 5 tokens, 3 layers × 4 heads"
    )
    assert pressed(page) == [1, 2, 3, 4]
    expect(viewer(page, "[data-layer]").filter(has_text=re.compile(r"^\d$"))).to_have_count(3)


# Inside and embeddings.


def test_the_steps_of_a_head_are_shown_in_real_numbers(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, REFERENCE).weights
    open_lab(page, app_url, view="inside", layer=2, head=4, token=3)
    expect(viewer(page, ".lab-code li")).to_have_count(5)
    expect(viewer(page, ".lab-code")).to_contain_text("weights = masked.softmax(dim=-1)")
    for key in range(7):
        cells = viewer(page, f'tr[data-key="{key}"] td').all_inner_texts()
        assert cells[0] == TOKENS[key]
        score, scaled, masked, weight = (float(cell) for cell in cells[1:5])
        assert scaled == pytest.approx(score / 32**0.5, abs=0.001)
        assert masked == scaled
        assert weight == pytest.approx(weights[1, 3, 3, key], abs=0.00051)
    viewer(page, '[data-layer="4"]').click()
    expect(viewer(page, 'tr[data-key="0"] td').nth(4)).to_have_text(f"{weights[4, 3, 3, 0]:.3f}")


def test_a_token_is_masked_segments_are_swapped_and_tokens_are_left_out(page: Page, app_url: str) -> None:
    open_lab(page, app_url, view="embeddings", a="the cat", b="a dog")
    viewer(page, '[data-mask="2"]').click()
    expect(viewer(page, '[data-mask="2"]')).to_have_text("[MASK]")
    expect(viewer(page, '[data-mask="2"]')).to_have_attribute("aria-pressed", "true")
    viewer(page, '[data-segments="swapped"]').click()
    expect(viewer(page, '[data-segments="swapped"]')).to_have_attribute("aria-checked", "true")
    expect(viewer(page, "tbody tr").first.locator("td").nth(3)).to_have_text("B")
    viewer(page, '[data-mask="2"]').click()
    expect(viewer(page, '[data-mask="2"]')).to_have_text("cat")
    viewer(page, ".lab-occlude").click()
    expect(viewer(page, ".lab-occlusion tbody tr")).to_have_count(4)


# Saving, and links.


def save(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        viewer(page, ".lab-exports").get_by_role("button", name=name, exact=True).click()
    assert waiting.value.suggested_filename == f"attention-heads.{name.lower()}"
    return Path(waiting.value.path()).read_bytes()


def test_what_is_saved_holds_the_numbers_of_the_view(page: Page, app_url: str, minilm: Any) -> None:
    weights = attend(minilm, '=cat, "sat"').weights
    open_lab(page, app_url, a='=cat, "sat"', layer=2, head=6)
    assert pressed(page) == [6]
    rows = list(csv.DictReader(io.StringIO(save(page, "CSV").decode("utf-8-sig"))))
    tokens = ["[CLS]", "=", "cat", ",", '"', "sat", '"', "[SEP]"]
    assert len(rows) == 64
    for row in rows:
        q, k = int(row["query"]) - 1, int(row["key"]) - 1
        assert (row["layer"], row["head"]) == ("2", "6")
        assert row["key_token"].removeprefix("'") == tokens[k], "a formula is kept from running by a quote before it"
        assert not row["query_token"].startswith("=")
        assert float(row["weight"]) == pytest.approx(weights[1, 5, q, k], abs=0.00051)
    saved = json.loads(save(page, "JSON"))
    assert (saved["model"], saved["a"], saved["layer"], saved["tokens"]) == ("minilm-l6", '=cat, "sat"', 2, tokens)
    assert [head["head"] for head in saved["heads"]] == [6]
    np.testing.assert_allclose(saved["heads"][0]["weights"], weights[1, 5], atol=0.00051)
    with Image.open(io.BytesIO(save(page, "PNG"))) as picture:
        assert picture.format == "PNG"
        assert picture.width >= 1600
        assert picture.height > 2 * (8 * 26 + 54), "what it shows is written over it"
        colors = picture.convert("RGB").resize((64, 64)).getcolors(maxcolors=64 * 64)
        assert colors is not None
        assert len(colors) > 10


def link_of(page: Page) -> str:
    """The view's link, as its button copies it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    viewer(page, ".lab-exports").get_by_role("button", name="Link to this view").click()
    expect(viewer(page, ".lab-exports").get_by_role("button", name="Copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_link_shows_another_person_the_same_view(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    open_lab(page, app_url, a="the cat", b="a dog", view="matrix", layer=3, head=5, hide=1)
    viewer(page, '[data-layer="4"]').click()
    expect(chosen_layer(page)).to_have_text("5")
    link = link_of(page)
    query, typed = (parse_qs(part) for part in (urlsplit(link).query, urlsplit(link).fragment))
    expected = {"lab": ["attention"], "view": ["matrix"], "model": ["minilm-l6"]}
    assert query == expected | {"layer": ["5"], "head": ["5"], "hide": ["1"]}
    assert typed == {"a": ["the cat"], "b": ["a dog"]}, "what was typed stands where no server reads it"
    other, _ = new_context()
    theirs = other.new_page()
    theirs.goto(link)
    expect(theirs.locator("#lab-view-matrix")).to_have_attribute("aria-selected", "true", timeout=60_000)
    expect(chosen_layer(theirs)).to_have_text("5")
    assert pressed(theirs) == [5]
    expect(theirs.locator("#attention-b textarea")).to_have_value("a dog")
    pick_view(theirs, "attention", "heads")
    expect_tokens(theirs, ["the", "cat", "a", "dog"])


def test_a_double_click_on_look_is_one_question_and_the_next_one_works(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/queue/join" in request.url else None)
    page.locator("#attention-a textarea").fill("the dog slept")
    page.locator("#attention-look").dblclick()
    expect_tokens(page, ["[CLS]", "the", "dog", "slept", "[SEP]"])
    assert len(asked) == 1
    look(page, "the cat sat")
    expect_tokens(page, ["[CLS]", "the", "cat", "sat", "[SEP]"])
    expect(page.locator("[data-testid=toast-body]")).to_have_count(0)


def test_two_people_at_once_each_see_their_own_sentence(
    page: Page, app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    other, _ = new_context()
    theirs = other.new_page()
    open_lab(page, app_url)
    open_lab(theirs, app_url)
    for round_ in ("one", "two"):
        look(page, f"mine {round_}")
        look(theirs, f"yours {round_}")
        expect_tokens(theirs, ["[CLS]", "yours", round_, "[SEP]"])
        expect_tokens(page, ["[CLS]", "mine", round_, "[SEP]"])


# For everybody.


def test_the_keyboard_walks_through_the_views_and_the_tokens(page: Page, app_url: str) -> None:
    open_lab(page, app_url)
    page.locator("#attention-look").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "lab-view-heads":
            break
    assert page.evaluate("document.activeElement.id") == "lab-view-heads"
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lab-view-matrix")).to_be_focused()
    expect(page.locator("#lab-view-matrix")).to_have_attribute("aria-selected", "true")
    for view in ("heads", "journey", "scene"):
        page.keyboard.press("ArrowLeft")
        expect(page.locator(f"#lab-view-{view}")).to_have_attribute("aria-selected", "true")
    expect(viewer(page, ".scene-told")).not_to_be_empty(timeout=60_000)
    for view in ("journey", "heads"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"#lab-view-{view}")).to_have_attribute("aria-selected", "true")
    expect_tokens(page, SCENE)  # which the Journey goes on with
    viewer(page, '.lab-from [data-token="2"]').focus()
    expect(viewer(page, ".lab-to output").first).to_have_text(re.compile(r"^\d\.\d{3}$"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.token") == "3"


def test_on_a_phone_no_view_scrolls_sideways(
    app_url: str, new_context: Callable[..., tuple[BrowserContext, Any]]
) -> None:
    context, _ = new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    open_lab(page, app_url, a="A sentence of some length, with unbelievably long words", __theme="dark")
    for view in VIEWS:
        pick_view(page, "attention", view)
        expect(viewer(page, "[role=tabpanel]")).to_have_attribute("aria-labelledby", f"lab-view-{view}")
        expect(viewer(page, ".lab-wait")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view


def test_persian_turns_the_whole_page_around(page: Page, app_url: str) -> None:
    joins: list[str] = []
    page.on("request", lambda request: joins.append(request.url) if "queue/join" in request.url else None)
    open_lab(page, app_url, lang="fa")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["fa", "rtl"]
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert joins
    assert all(parse_qs(urlsplit(url).query).get("lang") == ["fa"] for url in joins), "errors come in that language"
    expect(viewer(page, ".lab-from")).to_have_attribute("dir", "ltr")
    open_menu(page)
    page.locator("nav.lab-languages a", has_text="EN").click()
    expect_tokens(page, TOKENS)
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]


def test_a_teacher_shows_a_view_with_a_title_and_no_controls(page: Page, app_url: str) -> None:
    open_lab(page, app_url, title="Who does “it” mean?", controls=0, view="matrix")
    expect(page.locator("#lab-header .lab-lesson h2")).to_have_text("Who does “it” mean?")
    expect(viewer(page, ".lab-controls")).to_be_hidden()
    expect(viewer(page, "canvas.lab-matrix")).to_be_visible()
