"""The game of masked words in Chromium: whole rounds by keyboard, what is kept, and what never leaves the tab."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.data.covered_words import covered_words
from core.lab.fill import FillQuestion, guess
from core.lab.lab import Lab
from core.text.guess import Guessed
from tests.browser.test_attention_views import asks
from tests.browser.test_masked import open_masked, part

GUESSES = ("story", "time", "soundtrack")


def game(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer .game-{selector}")


def pressed(page: Page, name: str) -> Locator:
    return page.locator(f"#attention-viewer [data-game={name}]")


def field(page: Page) -> Locator:
    return page.get_by_label("Your guess: one word")


def open_game(page: Page, url: str, query: str = "&round=1") -> None:
    page.goto(f"{url}/?view=masked{query}")
    expect(game(page, "line")).to_be_visible(timeout=60_000)


def found(lab: Lab, number: int, word: str) -> Guessed:
    one = covered_words()[number - 1]
    return guess(lab, FillQuestion.read(lab, one.text, covered=[one.covered]), word)


def behind(one: Guessed) -> tuple[float, float]:
    """Bits of the guess, and of the covered word, behind the first guess."""
    assert one.truth is not None
    logs = one.guess.log_probability, one.truth.log_probability
    return (one.first - logs[0]) / math.log(2), (one.first - logs[1]) / math.log(2)


def test_three_rounds_are_played_by_keyboard_alone_and_saved(
    page: Page, app_url: str, lab: Lab, tmp_path: Path
) -> None:
    open_masked(page, app_url)
    pressed(page, "open").focus()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(part(page, "told")).to_contain_text("Round 1 of 20")
    told = [found(lab, number, word) for number, word in enumerate(GUESSES, 1)]
    with asks(page) as asked:
        for number, word in enumerate(GUESSES, 1):
            expect(game(page, "hole")).to_be_visible()
            assert covered_words()[number - 1].word not in game(page, "line").inner_text().replace("soundtrack", "")
            page.keyboard.type(word)
            page.keyboard.press("Enter")
            expect(pressed(page, "next")).to_be_focused()
            mine, theirs = behind(told[number - 1])
            expect(game(page, "figure")).to_contain_text(f"\u2066{mine:.1f}\u2069 bits behind its first guess")
            expect(game(page, "figure")).to_contain_text(f"the covered word \u2066{theirs:.1f}\u2069 bits")
            expect(game(page, "mine")).to_have_count(1)
            if number < len(GUESSES):
                page.keyboard.press("Enter")
                expect(field(page)).to_be_focused()
    sent = [ask["guess"] for ask in asked if ask["want"] == "attention.guess"]
    assert sent == list(GUESSES)
    mine, theirs = (sum(column) for column in zip(*map(behind, told), strict=True))
    expect(game(page, "score")).to_contain_text(f"After 3 rounds: class 1 found, \u2066{mine:.1f}\u2069 bits")
    expect(game(page, "score")).to_contain_text(f"network 1 found, \u2066{theirs:.1f}\u2069 bits")
    page.keyboard.press("Tab")
    expect(pressed(page, "end")).to_be_focused()
    page.keyboard.press("Enter")
    expect(pressed(page, "again")).to_be_focused()
    expect(game(page, "rounds").locator("tbody tr")).to_have_count(3)
    expect(game(page, "rounds").locator("tfoot")).to_contain_text("1 of 3")
    with page.expect_download() as download:
        page.locator("#attention-viewer .lab-beside").get_by_role("button", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "game.csv")
    lines = (tmp_path / "game.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert [lines[2].split(",")[i] for i in (0, -1)] == ["2", "bert-imdb"]
    for word in GUESSES:
        assert word not in page.url


def test_the_guess_stands_among_the_networks_bars(page: Page, app_url: str, lab: Lab) -> None:
    open_game(page, app_url, "&round=2")
    field(page).fill("Elephants")
    field(page).press("Enter")
    one = found(lab, 2, "elephants")
    bars = game(page, "middle").locator(".masked-token")
    expect(bars).to_have_count(6)
    assert bars.all_inner_texts()[:5] == [likely.token for likely in one.candidates]
    expect(game(page, "mine").or_(game(page, "middle").locator(".masked-rank")).first).to_be_visible()
    pieces = len(one.guess.pieces)
    assert pieces > 1, "it is no entry of this vocabulary"
    expect(page.locator("#attention-viewer .game-below .scene-notes")).to_contain_text(f"is {pieces} pieces")
    expect(page.locator("#attention-viewer .game-below .scene-notes")).to_contain_text("by the chain rule")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type a word to guess"),
        ("two words", "A guess is one word; here are 2"),
        ("سلام", "is not made of signs"),
        ("🙂", "Type a word to guess"),
    ],
)
def test_what_is_no_guess_is_told_in_place_and_costs_no_round(page: Page, app_url: str, typed: str, told: str) -> None:
    open_game(page, app_url)
    field(page).fill(typed)
    field(page).press("Enter")
    expect(page.locator("#attention-viewer .game-below .scene-failed")).to_contain_text(told)
    expect(game(page, "hole")).to_be_visible()
    expect(game(page, "score")).to_contain_text("Nothing is scored yet")


def test_hostile_text_is_text(page: Page, app_url: str) -> None:
    open_game(page, app_url)
    page.get_by_text("Play with your own sentence").click()
    own = page.locator("#attention-viewer [name=own]")
    own.fill("<img src=x onerror=alert(1)> is a *film* ${alert(1)} {{7*7}}")
    own.press("Enter")
    expect(game(page, "line")).to_have_text("<img src=x onerror=alert(1)> is a  ${alert(1)} {{7*7}}")
    expect(field(page)).to_be_focused()
    page.keyboard.type("<b>movie</b>")
    page.keyboard.press("Enter")
    expect(game(page, "middle").locator("b")).to_have_count(1)
    expect(game(page, "word")).to_have_text("film")
    pressed(page, "next").click()
    expect(part(page, "told")).to_contain_text("Round 1 of 20")


def test_a_sentence_with_a_typed_mask_is_played_without_points(page: Page, app_url: str) -> None:
    open_game(page, app_url)
    page.get_by_text("Play with your own sentence").click()
    own = page.locator("#attention-viewer [name=own]")
    own.fill("?!")
    own.press("Enter")
    expect(page.get_by_text("Type a sentence with a word that can be covered.")).to_be_visible()
    own.fill("The [MASK] was very good.")
    own.press("Enter")
    field(page).fill("acting")
    field(page).press("Enter")
    expect(game(page, "figure")).to_contain_text("Nobody but the writer knows the word. ")
    expect(game(page, "figure")).to_contain_text("The round does not count.")
    expect(game(page, "score")).to_contain_text("Nothing is scored yet")


def test_another_language_keeps_the_game_and_a_link_its_round_alone(page: Page, app_url: str) -> None:
    open_game(page, app_url, "&round=4")
    field(page).fill("peculiar")
    field(page).press("Enter")
    expect(game(page, "score")).to_contain_text("After 1 round:")
    expect(page).to_have_url(re.compile("round=4"))
    assert "peculiar" not in page.url
    address = page.url
    page.goto(f"{address.split('#')[0]}&lang=fa#{address.split('#')[-1]}")
    expect(game(page, "score")).to_contain_text("پس از ۱ دور", timeout=60_000)
    expect(game(page, "figure")).to_contain_text("«peculiar»")
    expect(game(page, "below")).to_contain_text("انگلیسی می‌مانند")
    assert part(page, "told").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert game(page, "line").evaluate("node => getComputedStyle(node).direction") == "ltr"
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator(".game-line")).to_be_visible(timeout=60_000)
    expect(other.locator("#attention-viewer .game-figure")).to_contain_text("Round 4 of 20")
    expect(other.locator("#attention-viewer .game-score")).to_contain_text("Nothing is scored yet")


@pytest.mark.parametrize("query", ["&round=999", "&round=0", "&round=x"])
def test_a_round_that_is_not_there_opens_the_nearest_or_the_view(page: Page, app_url: str, query: str) -> None:
    open_masked(page, app_url, "") if query != "&round=999" else open_game(page, app_url, query)
    page.goto(f"{app_url}/?view=masked{query}")
    if query == "&round=999":
        expect(part(page, "told")).to_contain_text("Round 20 of 20", timeout=60_000)
    else:
        expect(part(page, "word").first).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("query", ["", "&lang=fa", "&__theme=dark"])
def test_it_fits_a_phone(page: Page, app_url: str, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_game(page, app_url, f"&round=1{query}")
    page.locator("#attention-viewer [name=guess]").fill("story")
    page.locator("#attention-viewer [name=guess]").press("Enter")
    expect(game(page, "middle").locator(".masked-bars")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    pressed(page, "end").click()
    expect(game(page, "rounds")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
