"""The Scene in Chromium: on screen at page load, answered at a touch, and nothing of it is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from core.lab.lab import Lab
from core.lab.verdict import VerdictQuestion, stages, verdict
from core.texts import say
from tests.browser.test_attention_views import asks
from tests.browser.views import pick_view

OPENING = say("en", "attention.scene.opening")
NEGATION = say("en", "attention.scene.examples.not.text")
DECIDES = re.compile("One word decides: without “boring”")


def part(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer .scene-{selector}")


def word(page: Page, text: str) -> Locator:
    return part(page, "word").filter(has_text=re.compile(rf"^\W*{text}\b"))


def open_scene(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?view=scene{query}")
    expect(part(page, "word").first).to_be_visible(timeout=60_000)


def test_a_page_opens_on_one_word_that_decides_with_measured_numbers(page: Page, app_url: str, lab: Lab) -> None:
    page.goto(app_url)
    expect(part(page, "told")).to_have_text(DECIDES, timeout=60_000)
    found = verdict(lab, VerdictQuestion.read(lab, OPENING, "", []))
    boring = [one.text for one in found.words].index("boring")
    p, q = 100 * (1 - found.probability), 100 * float(found.left_out[boring])
    expect(part(page, "told")).to_contain_text(f"negative ({p:.0f} %) turns into positive ({q:.0f} %)")
    points = round(100 * (float(found.left_out[boring]) - found.probability))
    expect(word(page, "boring").locator("small")).to_have_text(re.compile(rf"\+{points}\b"))
    expect(part(page, "verdict")).to_have_text(f"negative {p:.0f} %")
    expect(page.locator("#attention-a")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height", "least"), [(1920, 1080, 0.35), (1280, 800, 0.35), (820, 1180, 0.35), (390, 844, 0.18)]
)
def test_the_picture_fills_the_first_screen(page: Page, app_url: str, width: int, height: int, least: float) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_scene(page, app_url)
    box = page.locator("#attention-viewer [data-picture]").bounding_box()
    assert box is not None
    seen = box["width"] * (min(height, box["y"] + box["height"]) - box["y"])
    assert seen / (width * height) >= least
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = page.evaluate(
        "[...document.querySelectorAll('.scene-word')].every(node => {"
        " const [a, b] = [node.getBoundingClientRect(), node.closest('figure').getBoundingClientRect()];"
        " return a.left >= b.left - 1 && a.right <= b.right + 1 && a.bottom <= b.bottom + 1; })"
    )
    assert inside


def test_a_touch_is_answered_without_a_request_and_two_words_after_it(page: Page, app_url: str, lab: Lab) -> None:
    open_scene(page, app_url)
    expect(part(page, "told")).to_have_text(DECIDES)
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: held.append(route))
    word(page, "boring").click()
    expect(part(page, "told")).to_have_text("Without “boring”: positive, 98 %.")
    expect(word(page, "boring")).to_have_attribute("aria-pressed", "true")
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")
    word(page, "masterpiece").click()
    found = verdict(lab, VerdictQuestion.read(lab, OPENING, "", [3, 7]))
    p = found.probability
    said = f"{'positive' if p > 0.5 else 'negative'}, {100 * max(p, 1 - p):.0f} %"
    expect(part(page, "told")).to_have_text(f"Without “masterpiece”, “boring”: {said}.")
    page.get_by_role("button", name="Put all back").click()
    expect(part(page, "told")).to_have_text(DECIDES)


def test_typing_changes_the_picture_with_one_question_at_a_time(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    with asks(page) as asked:
        part(page, "field").fill("")
        expect(part(page, "failed")).to_have_text("Write a word or more.")
        part(page, "field").press_sequentially("This movie is not good", delay=15)
        expect(part(page, "told")).to_contain_text("without “not”")
        expect(part(page, "word")).to_have_count(5)
    wants = [ask["want"] for ask in asked]
    assert 1 <= wants.count("attention.verdict") < len("This movie is not good")
    expect(page).to_have_url(re.compile(r"#a=This\+movie\+is\+not\+good$"))


def test_another_word_takes_the_place_of_one(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    word(page, "boring").click()
    page.get_by_label("Another word for “boring”").fill("brilliant")
    page.keyboard.press("Enter")
    expect(part(page, "told")).to_contain_text("“brilliant” in place of “boring”: positive")
    expect(part(page, "field")).to_have_value(OPENING.replace("boring", "brilliant"))


def test_the_training_plays_from_fog_to_a_verdict(page: Page, app_url: str, lab: Lab) -> None:
    open_scene(page, app_url)
    last = len(stages(lab))
    page.get_by_role("button", name="Play the training").click()
    expect(part(page, "stage")).to_contain_text(f"1 of {last} · untrained")
    expect(part(page, "told")).to_contain_text("No word matters here")
    expect(part(page, "stage")).to_contain_text(f"{last} of {last} · trained", timeout=30_000)
    expect(part(page, "told")).to_have_text(DECIDES)
    expect(page.get_by_role("button", name="Play the training")).to_be_visible()
    slider = part(page, "training").locator("input")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(part(page, "stage")).to_contain_text(f"{last - 1} of {last}")
    expect(page).to_have_url(re.compile(f"stage={last - 1}"))


def test_a_reload_and_a_link_keep_the_scene(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    page.locator("[data-example=not]").click()
    word(page, "not").click()
    page.locator("[data-scene-layer='3']").click()
    page.locator("[data-scene-head='2']").click()
    expect(page).to_have_url(re.compile(r"layer=3&head=2.*without=3.*#a=This"))
    told = part(page, "told").inner_text()
    assert told.startswith("Without “not”")
    page.reload()
    expect(part(page, "told")).to_have_text(told, timeout=60_000)
    expect(page.locator("[data-scene-layer='3']")).to_have_attribute("aria-checked", "true")
    expect(page.locator("[data-scene-head='2']")).to_have_attribute("aria-checked", "true")
    expect(part(page, "caption")).to_contain_text("layer 3, head 2")


def test_the_same_sentence_is_in_all_views(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    page.locator("[data-example=not]").click()
    expect(part(page, "word")).to_have_count(5)
    page.get_by_role("button", name="All heads on this sentence").click()
    tokens = page.locator("#attention-viewer .lab-from bdi")
    expect(tokens).to_have_text(["[CLS]", "this", "movie", "is", "not", "good", ".", "[SEP]"])
    field = page.locator("#attention-a textarea")
    expect(field).to_have_value(NEGATION)
    field.fill("A great film")
    page.click("#attention-look")
    expect(tokens).to_have_count(5)
    pick_view(page, "attention", "scene")
    expect(part(page, "word")).to_have_count(3)
    expect(part(page, "field")).to_have_value("A great film")


def test_words_are_one_stop_that_the_arrows_walk(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    word(page, "I").focus()
    page.keyboard.press("ArrowRight")
    expect(word(page, "expected")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(word(page, "film")).to_be_focused()
    page.keyboard.press("Enter")
    expect(part(page, "told")).to_contain_text("Without “film”")
    expect(word(page, "film")).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('scene-word')")


def test_a_guess_comes_before_the_measurement(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    check = part(page, "check")
    check.locator("summary").click()
    expect(check).to_contain_text("Is that the word that changes the verdict most?")
    expect(check).not_to_contain_text("Spearman")
    check.get_by_role("button", name="Yes").click()
    expect(check).to_contain_text("Spearman")
    expect(check).to_contain_text("Over 500 test reviews")
    expect(check).to_contain_text(re.compile("^.*(Right|Not so)"))


def test_what_is_saved_is_what_is_shown(page: Page, app_url: str, lab: Lab, tmp_path: Path) -> None:
    open_scene(page, app_url)
    expect(part(page, "told")).to_have_text(DECIDES)
    saved = {}
    for kind in ("PNG", "CSV", "JSON"):
        with page.expect_download() as download:
            page.locator("#attention-viewer .lab-beside").get_by_role("button", name=kind, exact=True).click()
        saved[kind] = tmp_path / f"scene.{kind}"
        download.value.save_as(saved[kind])
    found = verdict(lab, VerdictQuestion.read(lab, OPENING, "", []))
    told = json.loads(saved["JSON"].read_text())
    changes = [one["change"] for one in told["words"]]
    assert changes == pytest.approx(list(found.left_out - found.probability), abs=1e-4)
    assert saved["CSV"].read_text().count("\n") == len(found.words)
    with Image.open(saved["PNG"]) as picture:
        assert picture.width >= 1600
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    assert (213, 94, 0) in colours, "a bar against"
    assert any(blue > 240 and red < 200 for red, _, blue in colours), "the lines"


def test_a_failure_is_said_in_place_and_can_be_tried_again(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    part(page, "field").fill("x" * 1999 + " " + "y" * 9)
    expect(part(page, "word").first).to_contain_text("xxx")
    page.goto(f"{app_url}/?view=scene&stage=99&without=88&layer=77&auto=0#a=good")
    expect(part(page, "told")).to_contain_text("good", timeout=60_000)


def test_a_persian_page_has_the_scene_in_english_from_the_right(page: Page, app_url: str) -> None:
    open_scene(page, app_url, "&lang=fa")
    expect(part(page, "told")).to_contain_text("یک واژه تعیین می‌کند: بدون «\u2068boring\u2069»")
    assert part(page, "told").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert part(page, "words").evaluate("node => getComputedStyle(node).direction") == "ltr"
    expect(part(page, "notes")).to_contain_text("multilingual")


def test_what_the_network_misjudges_is_told_by_grade_and_opens_in_the_scene(page: Page, app_url: str) -> None:
    open_scene(page, app_url)
    panel = page.locator("#attention-viewer [data-grades]")
    panel.locator("summary").first.click()
    expect(panel.locator("tbody tr")).to_have_count(6)
    expect(panel).to_contain_text("88.5 %")
    expect(panel.locator("tbody tr").nth(3)).to_contain_text(re.compile(r"30\.0 %.*19\.1; 43\.8.*−58\.5"))
    panel.locator("details").nth(1).locator("summary").click()
    missed = panel.locator("details").nth(1).locator(".scene-missed a").first
    text = missed.inner_text()
    missed.click()
    expect(part(page, "field")).to_have_value(text)
    expect(word(page, text.split()[0])).to_be_visible()
    expect(part(page, "verdict")).to_have_text(re.compile("negative"))
    assert "view=scene" in page.url
