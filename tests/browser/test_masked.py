"""Masked words in Chromium: covered at a touch, typed, played, walked by keyboard, saved, and nothing of it is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core.lab.fill import FillQuestion, fill, lens, reasons
from core.lab.fill_contrast import ContrastQuestion, contrast
from core.lab.lab import Lab
from core.lab.verdict import stages
from core.texts import say
from tests.browser.test_attention_views import asks
from tests.browser.views import pick_view

OPENING = say("en", "attention.scene.opening")


def part(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer .masked-{selector}")


def word(page: Page, place: int) -> Locator:
    return page.locator(f"#attention-viewer .masked-word[data-word='{place}']")


def open_masked(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?view=masked{query}")
    expect(part(page, "word").first).to_be_visible(timeout=60_000)


def tokens(page: Page) -> list[str]:
    return part(page, "token").all_inner_texts()


def test_it_opens_with_a_covered_word_and_measured_numbers(page: Page, app_url: str, lab: Lab) -> None:
    page.goto(app_url)
    pick_view(page, "attention", "masked")
    (place,) = fill(lab, FillQuestion.read(lab, OPENING, covered=[8])).masks
    first = place.candidates[0]
    expect(part(page, "told")).to_contain_text(f"“{first.token}” ({100 * first.probability:.0f} %)")
    assert place.probability is not None
    expect(part(page, "told")).to_contain_text(f"“film”, is guess {place.rank} of 8,000")
    assert tokens(page) == [one.token for one in place.candidates]
    expect(word(page, 8)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#attention-a")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height", "least"), [(1920, 1080, 0.3), (1280, 800, 0.3), (820, 1180, 0.3), (390, 844, 0.18)]
)
def test_the_picture_fills_the_first_screen(page: Page, app_url: str, width: int, height: int, least: float) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_masked(page, app_url)
    box = page.locator("#attention-viewer [data-picture]").bounding_box()
    assert box is not None
    assert box["width"] * (min(height, box["y"] + box["height"]) - box["y"]) / (width * height) >= least
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = page.evaluate(
        "[...document.querySelectorAll('.masked-word, .masked-bars')].every(node => {"
        " const [a, b] = [node.getBoundingClientRect(), node.closest('figure').getBoundingClientRect()];"
        " return a.left >= b.left - 1 && a.right <= b.right + 1 && a.bottom <= b.bottom + 1; })"
    )
    assert inside


def test_words_are_covered_and_seen_again_and_several_at_once(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url)
    word(page, 7).click()
    expect(part(page, "bars")).to_have_count(2)
    both = fill(lab, FillQuestion.read(lab, OPENING, covered=[7, 8])).masks
    found = sum(place.rank == 1 for place in both)
    expect(part(page, "told")).to_contain_text(f"{found} of 2 covered pieces come first")
    word(page, 8).click()
    expect(part(page, "told")).to_contain_text("The word that stood there, “boring”, is guess 260 of 8,000")
    own = part(page, "own").filter(has_text="boring")
    expect(own).to_have_count(1)
    page.get_by_role("button", name="Uncover all").click()
    expect(part(page, "told")).to_contain_text("Touch a word")
    expect(part(page, "bars")).to_have_count(0)
    expect(page.get_by_role("button", name="Uncover all")).to_be_hidden()


def test_what_is_typed_is_filled_with_one_question_at_a_time(page: Page, app_url: str) -> None:
    open_masked(page, app_url)
    with asks(page) as asked:
        part(page, "field").fill("")
        part(page, "field").press_sequentially("This is the best [MASK] of all", delay=15)
        expect(part(page, "told")).to_contain_text("In the place of [MASK] the network expects")
        expect(part(page, "word")).to_have_count(7)
    wants = [ask["want"] for ask in asked]
    assert 1 <= wants.count("attention.fill") < len("This is the best [MASK] of all")
    expect(page).to_have_url(re.compile(r"view=masked.*#a=This\+is\+the\+best\+%5BMASK%5D\+of\+all$"))


def test_the_training_plays_from_fog_to_a_guess(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url, "&cover=9")
    untrained = fill(lab, FillQuestion.read(lab, OPENING, "bert-imdb-untrained", [8])).masks[0]
    page.get_by_role("button", name="Play the training").click()
    expect(page.locator("#attention-viewer .scene-stage:visible")).to_contain_text("1 of 6 · untrained")
    expect(part(page, "told")).to_contain_text(f"is guess {untrained.rank:,} of 8,000")
    expect(page.locator("#attention-viewer .scene-stage:visible")).to_contain_text("6 of 6", timeout=30_000)
    expect(part(page, "told")).to_contain_text("“movie”")


def test_what_made_the_difference_is_measured_and_set_beside_attention(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url, "&cover=9")
    page.locator("[data-part=reasons] summary").click()
    found = reasons(lab, FillQuestion.read(lab, OPENING, covered=[8]), 0)
    assert found.agreement is not None
    told = part(page, "part-told")
    expect(told).to_contain_text(f"agree by \u2066{found.agreement:.2f}\u2069".replace("-", "−"))
    rows = part(page, "reasons").locator("tbody tr")
    expect(rows).to_have_count(8)
    change = f"{100 * abs(float(found.moved[7])):.1f}".rstrip("0").rstrip(".")
    expect(rows.nth(7)).to_contain_text(change)
    expect(page).to_have_url(re.compile("open=reasons"))


def test_each_layer_is_asked_and_the_last_says_what_the_network_says(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url, "&cover=9&open=lens")
    found = lens(lab, FillQuestion.read(lab, OPENING, covered=[8]))
    rows = part(page, "lens").locator("tbody tr")
    expect(rows).to_have_count(len(found.floors))
    top = rows.first.locator("td bdi").all_inner_texts()
    assert top == tokens(page)
    cell = rows.last.locator("td").first
    cell.hover()
    guess = found.floors[0].candidates[0][0].token
    expect(page.locator(".lab-tip")).to_contain_text(f"embedding: {guess} is guess 1")


def test_every_moment_of_the_training_stands_below_the_other(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url, "&cover=8")
    page.locator("[data-part=training] summary").click()
    names = [stage.model.name for stage in stages(lab)]
    found = [fill(lab, FillQuestion.read(lab, OPENING, name, [7])).masks[0] for name in names]
    told = part(page, "part-told")
    expect(told).to_contain_text(f"from guess {found[0].rank:,} (")
    expect(told).to_contain_text(f"to guess {found[-1].rank:,} (")
    rows = part(page, "stages").locator("tbody tr")
    expect(rows).to_have_count(len(names))
    for i, place in enumerate(found):
        expect(rows.nth(i).locator("td bdi").first).to_have_text(
            place.candidates[0].token.replace("##", "…"), timeout=30_000
        )


def test_two_words_are_compared_with_a_number_its_noise_and_a_caution(page: Page, app_url: str, lab: Lab) -> None:
    open_masked(page, app_url)
    bias = page.locator("[data-part=bias]")
    bias.locator("summary").click()
    question = ContrastQuestion.read(lab, "", ("nurse", "engineer"), ("she", "he"))
    found = contrast(lab, question)
    loud = abs(found.shift) > found.floor
    expect(bias).to_contain_text(f"noise floor of {found.floor:.2f}" if loud else "within the noise")
    expect(bias.locator("tbody tr")).to_have_count(8)
    expect(bias).to_contain_text("says nothing of the people spoken of")
    bias.get_by_label("first word").fill("unbelievably long")
    bias.get_by_role("button", name="Compare").click()
    expect(bias.get_by_role("alert")).to_contain_text("is not one entry of this network's vocabulary")
    bias.get_by_label("first word").fill("they")
    bias.get_by_role("button", name="Compare").click()
    expect(bias.locator(".masked-part-told")).to_contain_text("“they” against “he”")


def test_a_reload_and_a_link_keep_all_of_it(page: Page, app_url: str) -> None:
    open_masked(page, app_url)
    page.locator("[data-masked-example=acting]").click()
    expect(part(page, "bars")).to_have_count(2)
    page.locator("[data-part=lens] summary").click()
    page.locator("[data-masked-which='1']").click()
    expect(page).to_have_url(re.compile(r"cover=2\.7&mask=2&open=lens#a=The\+acting"))
    told, state = part(page, "told").inner_text(), page.locator("[data-part=lens]").inner_text
    expect(part(page, "lens")).to_be_visible()
    before = state()
    page.reload()
    expect(part(page, "told")).to_have_text(told, timeout=60_000)
    expect(part(page, "lens")).to_be_visible()
    assert state() == before


def test_words_are_one_stop_that_the_arrows_walk(page: Page, app_url: str) -> None:
    open_masked(page, app_url)
    word(page, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(word(page, 1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(word(page, 8)).to_be_focused()
    page.keyboard.press("Enter")
    expect(part(page, "told")).to_contain_text("Touch a word")
    expect(word(page, 8)).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('masked-word')")


def test_the_sentence_goes_along_to_the_other_views(page: Page, app_url: str) -> None:
    open_masked(page, app_url)
    part(page, "field").fill("A great film")
    expect(part(page, "word")).to_have_count(3)
    pick_view(page, "attention", "heads")
    expect(page.locator("#attention-viewer .lab-from bdi")).to_have_text(["[CLS]", "a", "great", "film", "[SEP]"])
    pick_view(page, "attention", "scene")
    expect(page.locator("#attention-viewer .scene-word")).to_have_count(3)


def test_the_journey_goes_on_with_the_network_that_answered_and_with_what_is_covered(page: Page, app_url: str) -> None:
    open_masked(page, app_url, "&model=bert-imdb-untrained&cover=8")
    expect(part(page, "told")).to_contain_text("of 8,000")
    pick_view(page, "attention", "journey")
    expect(page).to_have_url(re.compile(r"view=journey.*model=bert-imdb-untrained"), timeout=60_000)
    expect(page).to_have_url(re.compile(r"masked=8(&|#)"))
    expect(page.locator("#attention-viewer .journey-figure")).to_contain_text("[MASK]")
    pick_view(page, "attention", "masked")
    page.locator("[data-masked-example=best]").click()
    expect(part(page, "told")).to_contain_text("In the place of [MASK]")
    pick_view(page, "attention", "journey")
    expect(page).to_have_url(re.compile(r"special=1"))
    expect(page.locator("#attention-viewer .journey-figure")).to_contain_text("[MASK]")


def test_a_direct_link_hands_its_sentence_and_network_on_to_the_journey(page: Page, app_url: str) -> None:
    open_masked(page, app_url, "#a=A+great+film+with+a+dull+end")
    expect(part(page, "told")).to_contain_text("of 8,000")
    pick_view(page, "attention", "journey")
    expect(page).to_have_url(re.compile(r"view=journey.*model=bert-imdb(&|#).*#a=A\+great\+film"), timeout=60_000)


def test_a_network_without_the_head_says_so_and_leads_back(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?view=masked&model=minilm-l6")
    failed = page.locator("#attention-viewer .scene-failed")
    expect(failed).to_contain_text("MiniLM-L6 has no head for masked words", timeout=60_000)
    failed.get_by_role("button", name="Ask the network that is here").click()
    expect(part(page, "told")).to_contain_text("“movie”")
    away = page.locator("[data-network=bert-base-uncased]")
    expect(away).to_be_disabled()
    expect(away).to_have_attribute("title", re.compile("offline"))


def test_what_is_saved_is_what_is_shown(page: Page, app_url: str, lab: Lab, tmp_path: Path) -> None:
    open_masked(page, app_url, "&cover=8&open=reasons")
    expect(part(page, "reasons")).to_be_visible()
    saved = {}
    for kind in ("PNG", "CSV", "JSON"):
        with page.expect_download() as download:
            page.locator("#attention-viewer .lab-beside").get_by_role("button", name=kind, exact=True).click()
        saved[kind] = tmp_path / f"masked.{kind}"
        download.value.save_as(saved[kind])
    (place,) = fill(lab, FillQuestion.read(lab, OPENING, covered=[7])).masks
    told = json.loads(saved["JSON"].read_text())
    assert told["model"] == "bert-imdb"
    (mask,) = told["masks"]
    assert [one["token"] for one in mask["candidates"]] == [one.token for one in place.candidates]
    assert (mask["hidden"], mask["rank"]) == ("boring", 260)
    assert told["reasons"]["words"] == [0, 1, 2, 3, 4, 5, 6, 8]
    assert told["lens"] is None, "it is not open"
    lines = saved["CSV"].read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["part", *["guess"] * 6, *["reason"] * 8]
    with Image.open(saved["PNG"]) as picture:
        assert picture.width >= 1600
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    assert {(0, 114, 178), (0, 158, 115)} <= colours, "a guess, and the covered word"


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)> [MASK]", "${alert(1)} {{7*7}} [MASK]"])
def test_what_is_typed_is_text(page: Page, app_url: str, text: str) -> None:
    open_masked(page, app_url)
    part(page, "field").fill(text)
    expect(part(page, "told")).to_contain_text("In the place of [MASK]")
    shown = "".join(part(page, "text").all_inner_texts()).replace(" ", "")
    assert shown == text.replace(" ", "")


def test_a_long_and_a_covered_text_end_in_a_sentence(page: Page, app_url: str) -> None:
    open_masked(page, app_url)
    part(page, "field").fill("[MASK] " * 40)
    expect(page.locator("#attention-viewer .scene-failed")).to_contain_text("at most 32 are filled at once")
    part(page, "field").fill("good [MASK]")
    expect(part(page, "bars")).to_have_count(1)


def test_a_persian_page_has_it_from_the_right_and_its_sentence_from_the_left(page: Page, app_url: str) -> None:
    open_masked(page, app_url, "&lang=fa&cover=8")
    expect(part(page, "told")).to_contain_text(re.compile("حدس ۲۶۰ از \u2068۸٬۰۰۰\u2069"))
    assert part(page, "told").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert part(page, "words").evaluate("node => getComputedStyle(node).direction") == "ltr"
    expect(page.locator("#attention-viewer .scene-notes:visible")).to_contain_text("multilingual")
    part(page, "field").fill("این فیلم [MASK] بود")
    expect(part(page, "bars")).to_have_count(1)
    expect(part(page, "words")).to_contain_text("فیلم")
    assert part(page, "words").evaluate("node => getComputedStyle(node).direction") == "rtl"
