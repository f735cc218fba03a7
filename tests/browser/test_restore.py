"""Masked patches in Chromium, in both labs: whatever is covered, the numbers on the page are those of core."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.data.galleries import shipped
from core.lab.lab import Lab
from core.lab.restore import RestoreQuestion
from core.pictures.restore import Restoration, hexadecimal
from core.texts import say
from tests.browser.conftest import Watch
from tests.browser.views import pick_view

SHIP = "&source=shipped&place=1"
ROOTS = {"cifar": "#cifar-journey", "segmentation": "#segmentation-viewer"}
Make = Callable[..., tuple[BrowserContext, Watch]]


def part(page: Page, selector: str, lab: str = "cifar") -> Locator:
    return page.locator(f"{ROOTS[lab]} .restore{selector}")


def opened(page: Page, url: str, query: str = SHIP, lab: str = "cifar") -> None:
    page.goto(f"{url}/?lab={lab}&view=restore{query}")
    expect(part(page, "[data-mask]", lab)).to_have_attribute("data-mask", re.compile("[0-9a-f]{16}"), timeout=90_000)


def settled(page: Page, mask: str, lab: str = "cifar") -> None:
    expect(part(page, "[data-mask]", lab)).to_have_attribute("data-mask", mask, timeout=30_000)


def mask_of(page: Page, lab: str = "cifar") -> str:
    return part(page, "[data-mask]", lab).get_attribute("data-mask") or ""


def of_ship(lab: Lab, mask: str) -> Restoration:
    return RestoreQuestion.written(lab, np.asarray(shipped().pixels[1]), mask).restored()


def count_said(page: Page, name: str) -> str:
    return part(page, f"-score[data-score={name}] b").inner_text().strip("\u2068\u2069 ")


def assert_counts(page: Page, found: Restoration) -> None:
    """The page's counts are those of core, for the network and both guesses."""
    total = len(found.covered)
    shares = {"accuracy": found.accuracy, **found.baselines}
    for name, share in shares.items():
        expected = "–" if share is None else f"{round(share * total)} of {total} · {100 * share:.0f} %"
        expect(part(page, f"-score[data-score={name}] b")).to_have_text(expected)
    pressed = part(page, "-cell[aria-pressed=true]")
    expect(pressed).to_have_count(total)


def test_a_result_is_there_before_anybody_has_clicked(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url)
    found = of_ship(lab, "blocks-4")
    assert mask_of(page) == hexadecimal(found.mask)
    assert_counts(page, found)
    expect(part(page, "-said")).to_contain_text(f"{int(found.right.sum())} patch")
    expect(part(page, "-is")).to_contain_text("8,192")
    box = part(page, "-seen .restore-frame").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800


def test_the_pointer_covers_what_it_is_drawn_over_and_uncovers_it(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url, f"{SHIP}&mask={'0' * 16}")
    expect(part(page, "-said")).to_have_text(say("en", "restore.none"))
    boxes = [part(page, f"-cell[data-patch='{place}']").bounding_box() for place in (9, 12)]
    (x0, y0), (x1, y1) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box)
    for mask in ("0078000000000000", "0" * 16):
        page.mouse.move(x0, y0)
        page.mouse.down()
        page.mouse.move(x1, y1, steps=20)
        page.mouse.up()
        settled(page, mask)
    page.mouse.click(x0, y0)
    settled(page, "0040000000000000")
    assert_counts(page, of_ship(lab, "0040000000000000"))


def test_the_keyboard_walks_and_covers(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url, f"{SHIP}&mask={'0' * 16}")
    stops = part(page, "-cell[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    for key in ("ArrowRight", "Space", "ArrowDown", "Space", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    settled(page, "40c0000000000000")
    page.keyboard.press("Space")
    settled(page, "4040000000000000")
    assert_counts(page, of_ship(lab, "4040000000000000"))


def test_a_finger_covers(new_context: Make, app_url: str) -> None:
    context, _ = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    opened(page, app_url, f"{SHIP}&mask={'0' * 16}")
    part(page, "-cell[data-patch='3']").tap()
    settled(page, "1000000000000000")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    size = part(page, "-cell[data-patch='3']").bounding_box()
    assert size is not None
    assert size["width"] >= 40


def test_the_buttons_cover_two_fifths_and_uncover_all(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url)
    before = mask_of(page)
    for kind in ("blocks", "random"):
        part(page, f"-buttons [data-cover={kind}]").click()
        expect(part(page, "[data-mask]")).not_to_have_attribute("data-mask", before)
        expect(page).to_have_url(re.compile(rf"[?&]mask={kind}-\d+"))
        seed = re.search(rf"mask=({kind}-\d+)", page.url)
        assert seed is not None
        assert_counts(page, of_ship(lab, seed[1]))
        before = mask_of(page)
    part(page, "-buttons [data-cover=none]").click()
    settled(page, "0" * 16)
    expect(part(page, "-cell[aria-pressed=true]")).to_have_count(0)


def test_the_candidates_of_a_patch_are_those_of_core(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url)
    found = of_ship(lab, "blocks-4")
    for i in (0, 7):
        part(page, f"-cell[data-patch='{found.covered[i]}']").hover()
        expect(part(page, "-candidates")).to_have_attribute("data-patch", str(found.covered[i]))
        shown = part(page, "-card:not(.restore-own)")
        tokens = [int(card.get_attribute("data-token") or -1) for card in shown.all()]
        assert tokens == found.candidates[i].tolist()
        for card, share in zip(shown.all(), found.probabilities[i], strict=True):
            expect(card.locator("b")).to_have_text(f"{100 * share:.1f} %")
        own = part(page, "-own")
        expect(own).to_have_attribute("data-token", str(found.tokens[found.covered[i]]))


def test_where_a_covered_patch_looked_is_drawn_on_the_picture(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url)
    question = RestoreQuestion.written(lab, np.asarray(shipped().pixels[1]), "blocks-4")
    patch = int(question.restored().covered[3])
    part(page, f"-cell[data-patch='{patch}']").hover()
    part(page, "-looked").check()
    part(page, f"-cell[data-patch='{patch}']").hover()
    shares = question.looked(patch, 6).rollout[1:].copy()
    shares[patch] = 0
    dot = part(page, f"-cell[data-patch='{int(shares.argmax())}'] i")
    expect(dot).to_have_attribute("style", re.compile(r"--look: ?1(\.0+)?"))
    drawn = part(page, "-cell i").evaluate_all(
        "all => all.filter((i) => Number(i.style.getPropertyValue('--look')) > 0).length"
    )
    assert drawn == int((shares > 1 / 64).sum())


def test_a_link_a_reload_and_another_language_keep_picture_and_mask(page: Page, app_url: str) -> None:
    opened(page, app_url, f"{SHIP}&mask=00ff00ff00000000")
    settled(page, "00ff00ff00000000")
    page.reload()
    settled(page, "00ff00ff00000000")
    opened(page, app_url, f"{SHIP}&mask=00ff00ff00000000&lang=fa")
    settled(page, "00ff00ff00000000")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(part(page, "-said")).to_contain_text("۱۶ تکه")
    assert "place=1" in page.url
    for wrong in ("<script>", "blocks-99999999999", "zz", "8" * 17):
        page.goto(f"{app_url}/?lab=cifar&view=restore{SHIP}&mask={wrong}")
        expect(page.locator(f"{ROOTS['cifar']} :is(.restore-cell, .lab-failed)").first).to_be_attached(timeout=60_000)


def test_the_picture_is_that_of_the_lab_and_the_other_mode_is_one_press_away(
    page: Page, app_url: str, lab: Lab
) -> None:
    opened(page, app_url)
    page.locator("[data-mode=journey]").click()
    expect(page.locator(f"{ROOTS['cifar']} .journey-figure")).to_be_visible(timeout=60_000)
    expect(part(page, "-figure")).to_be_hidden()
    expect(page).to_have_url(re.compile("view=journey"))
    page.locator("[data-mode=restore]").click()
    expect(part(page, "-figure")).to_be_visible()
    expect(page).to_have_url(re.compile("view=restore"))
    page.get_by_role("tab", name=say("en", "cifar.views.picture"), exact=True).click()
    page.locator(".cifar-pick").nth(4).click()
    expect(page.locator(".cifar-pick[aria-pressed=true]")).to_have_count(1)
    page.wait_for_function("() => document.querySelector('.cifar-pick[data-place=\"4\"]')?.ariaPressed === 'true'")
    page.get_by_role("tab", name=say("en", "cifar.views.journey"), exact=True).click()
    expected = RestoreQuestion.written(lab, np.asarray(shipped().pixels[4]), "blocks-4").restored()
    expect(part(page, "-score[data-score=accuracy] b")).to_contain_text(f"{int(expected.right.sum())} of")
    expect(page).to_have_url(re.compile("place=4"))


def test_what_is_exported_is_what_is_on_screen(page: Page, app_url: str, lab: Lab) -> None:
    opened(page, app_url)
    found, saved = of_ship(lab, "blocks-4"), {}
    for kind in ("PNG", "CSV", "JSON"):
        with page.expect_download() as waiting:
            page.locator(f"{ROOTS['cifar']} .lab-exports:visible button").filter(has_text=kind).click()
        saved[kind] = Path(waiting.value.path())
    content = json.loads(saved["JSON"].read_text("utf-8"))
    assert content["model"] == "beit-cifar10-pretrained"
    assert content["mask"] == hexadecimal(found.mask)
    assert content["right"]["accuracy"] == int(found.right.sum())
    rows = saved["CSV"].read_text("utf-8-sig").splitlines()
    assert len(rows) == 65
    assert rows[0].startswith("row,column,token,covered")
    assert sum(row.split(",")[3] == "1" for row in rows[1:]) == len(found.covered)
    with Image.open(saved["PNG"]) as image:
        assert image.width >= 1600
        assert len(np.unique(np.asarray(image.resize((64, 64)).convert("L")))) > 30


def test_a_square_of_the_photograph_is_reduced_and_said_so(page: Page, app_url: str) -> None:
    opened(page, app_url, "&example=china", "segmentation")
    said = page.locator(".seg-squared")
    expect(said).to_contain_text("427×427 of 640×427")
    pixels = part(page, "-seen canvas", "segmentation").evaluate("canvas => canvas.toDataURL()")
    photograph = page.locator("canvas.seg-square")
    box = photograph.bounding_box()
    assert box is not None
    photograph.click(position={"x": 10, "y": box["height"] / 2})
    expect(page).to_have_url(re.compile(r"square=0\.\d+_0\.\d+_1"))
    page.wait_for_function(
        "before => document.querySelector('#segmentation-viewer .restore-seen canvas').toDataURL() !== before",
        arg=pixels,
    )
    page.locator("[data-part='0.5']").click()
    expect(said).to_contain_text("of 640×427")
    expect(said).not_to_contain_text("427×427 of")
    mask = mask_of(page, "segmentation")
    expect(page).to_have_url(re.compile(r"square=[\d.]+_[\d.]+_0\.5"))
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    settled(page, mask, "segmentation")
    expect(said).to_contain_text(re.compile("21[34]×21[34] of 640×427"))


def test_both_labs_show_one_view_and_a_mask_can_be_drawn_in_each(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=segmentation&example=china")
    pick_view(page, "segmentation", "restore")
    expect(part(page, "-cell", "segmentation")).to_have_count(64, timeout=60_000)
    part(page, "-buttons [data-cover=none]", "segmentation").click()
    settled(page, "0" * 16, "segmentation")
    part(page, "-cell[data-patch='63']", "segmentation").click()
    settled(page, "0000000000000001", "segmentation")


@pytest.mark.parametrize("name", ROOTS)
def test_nothing_of_it_scrolls_sideways_on_a_phone(new_context: Make, app_url: str, name: str) -> None:
    for language in ("en", "fa"):
        page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
        opened(page, app_url, f"&lang={language}&__theme=dark", name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.close()


def test_a_question_that_fails_is_said_in_place_and_can_be_asked_again(
    page: Page, app_url: str, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(page, app_url)

    def broken(*_: object) -> None:
        raise RuntimeError("broken, as the test wants it")

    with monkeypatch.context() as patch:
        patch.setattr(RestoreQuestion, "restored", broken)
        part(page, "-buttons [data-cover=random]").click()
        expect(page.locator(f"{ROOTS['cifar']} .lab-failed")).to_be_visible()
    page.locator(f"{ROOTS['cifar']} .lab-failed .lab-again").click()
    expect(page.locator(f"{ROOTS['cifar']} .lab-failed")).to_have_count(0)
    expect(page).to_have_url(re.compile("mask=random"))
