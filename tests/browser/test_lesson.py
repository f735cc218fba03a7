"""A lesson's link: in every lab it hides the controls of that lab and carries a title and a question for the class."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.texts import texts
from tests.browser.menu import open_menu

expect.set_options(timeout=60_000)  # the first answer waits for a model to load
Make = Callable[..., tuple[BrowserContext, object]]
PLACES = {  # lab → view, what shows that it is there, and the controls that a quiet link hides
    "attention": ("matrix", "#attention-viewer canvas.lab-matrix", "#attention-viewer .lab-controls"),
    "segmentation": ("overlay", "#segmentation-viewer canvas", "#segmentation-viewer .lab-tabs"),
    "cifar": ("curves", "#lab-cifar .lab-beside", "#cifar-views > .tab-wrapper"),
    "learn": ("walk", "#learn-figure .learn-opens", "#learn-stations .learn-stops"),
    "models": ("", "#models-viewer .lab-models-table", None),
}
LESSON = {"title": "Why <b>square</b>?", "question": "Count the ${cells}.\nThen double the words."}


def opened(page: Page, url: str, name: str, **more: str) -> None:
    page.goto(f"{url}/?{urlencode({'lab': name, 'view': PLACES[name][0]} | more)}")


@pytest.mark.parametrize("name", PLACES)
def test_a_lesson_link_shows_its_title_and_question_as_text_over_every_lab(page: Page, app_url: str, name: str) -> None:
    opened(page, app_url, name, **LESSON)
    board = page.locator("#lab-header .lab-lesson")
    expect(board.locator("h2")).to_have_text(LESSON["title"])
    assert board.locator("p").inner_text() == LESSON["question"]
    assert board.locator("b").count() == 0


@pytest.mark.parametrize("name", [name for name, (_, _, hidden) in PLACES.items() if hidden])
def test_a_quiet_link_hides_the_controls_and_not_the_picture(page: Page, app_url: str, name: str) -> None:
    _, there, hidden = PLACES[name]
    assert hidden is not None
    opened(page, app_url, name)
    expect(page.locator(hidden).first).to_be_visible()
    opened(page, app_url, name, controls="0")
    expect(page.locator(there).first).to_be_visible()
    expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"lab": "attention", "view": "heads", "layer": "3", "on": "2.5"}, "Layer 3 · Heads 2, 5"),
        ({"lab": "attention", "view": "inside", "layer": "2", "head": "4"}, "Layer 2 · Head 4"),
        ({"lab": "segmentation", "view": "patch", "layer": "2", "head": "3"}, "Layer 2 · Head 3"),
    ],
)
def test_a_quiet_link_says_which_layer_and_head_is_shown(
    page: Page, app_url: str, query: dict[str, str], said: str
) -> None:
    page.goto(f"{app_url}/?{urlencode(query | {'controls': '0'})}")
    shown = page.locator(f"#{query['lab']}-viewer .lab-shown")
    expect(shown).to_have_text(said)
    expect(shown).to_be_visible()
    page.goto(f"{app_url}/?{urlencode(query)}")
    expect(shown).to_have_text(said)
    expect(shown).to_be_hidden()


def test_a_quiet_link_leaves_the_other_labs_as_they_are(page: Page, app_url: str) -> None:
    opened(page, app_url, "learn", controls="0")
    expect(page.locator(PLACES["learn"][1]).first).to_be_visible()
    expect(page.locator("#learn-views > .tab-wrapper").first).to_be_hidden()
    page.get_by_role("tab", name=texts("en")["app.tabs.attention"], exact=True).click()
    expect(page.locator("#attention-viewer .lab-tabs")).to_be_visible()


def test_a_quiz_keeps_its_own_tools_in_a_quiet_link(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lab=learn&view=quiz&controls=0")
    expect(page.locator("#learn-quiz .learn-sentence")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_teacher_makes_a_lesson_link_of_what_is_on_screen(new_context: Make, app_url: str, language: str) -> None:
    page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
    page.add_init_script("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); };")
    opened(page, app_url, "learn", station="softmax", lang=language)
    expect(page.locator("#learn-text h2")).to_contain_text("4. ")
    open_menu(page)
    maker = page.locator(".lab-lesson-maker")
    maker.locator("summary").focus()
    page.keyboard.press("Enter")
    maker.locator("[name=title]").fill("A & B")
    maker.locator("[name=question]").fill("چرا؟")
    maker.locator("[name=quiet]").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    maker.locator(".lab-lesson-copy").click()
    page.wait_for_function("copied.length === 1")
    made = page.evaluate("copied[0]")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(made).query).items()}
    assert asked == {
        "lang": language, "lab": "learn", "view": "walk", "station": "softmax",
        "title": "A & B", "question": "چرا؟", "controls": "0",
    }  # fmt: skip
    page.keyboard.press("Escape")
    expect(maker.locator("[name=title]")).to_be_hidden()
    page.goto(made)
    expect(page.locator(".lab-lesson p")).to_have_text("چرا؟")
    expect(page.locator("#learn-stations .learn-stops")).to_be_hidden()
