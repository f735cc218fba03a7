"""The Learn lab in Chromium: stations, links that open what they promise, claims, quiz, both directions."""

import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from components.learn import claims as learn_claims
from components.learn import walk as learn_walk
from components.learn.picture_figures import PICTURE_FIGURES
from components.learn.text_figures import TEXT_FIGURES, Figure
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.learn.links import STATIONS
from core.learn.quiz import QUESTIONS
from core.text.attend import attend
from core.texts import texts

expect.set_options(timeout=30_000)  # the first answer waits for a model to load
Make = Callable[..., tuple[BrowserContext, object]]
MATRIX = "#learn-figure .learn-matrix"


def open_learn(page: Page, url: str, **query: str) -> None:
    page.goto(f"{url}/?" + "&".join(f"{name}={value}" for name, value in ({"lab": "learn"} | query).items()))


def test_the_first_station_is_on_screen_and_its_matrix_is_the_models(page: Page, app_url: str, lab: Lab) -> None:
    open_learn(page, app_url)
    page.wait_for_selector(MATRIX)
    with lab.use("", "attention") as loaded:
        found = attend(loaded, "I enjoyed watching this movie")
    expected = found.weights[found.layers // 2].mean(axis=0)
    cells = page.locator(f"{MATRIX} tbody td").all_inner_texts()
    assert [float(cell) for cell in cells] == pytest.approx(expected.ravel().tolist(), abs=0.0056)
    expect(page.locator("#learn-text .katex").first).to_be_visible()


def test_next_goes_through_the_stations_and_a_link_opens_one(page: Page, app_url: str) -> None:
    open_learn(page, app_url, station="vectors")
    expect(page.locator("#learn-text h2")).to_contain_text("3. ")
    page.wait_for_selector("#learn-figure canvas")
    page.locator("#learn-stations button", has_text=texts("en")["learn.on"]).click()
    expect(page.locator("#learn-text h2")).to_contain_text("4. ")
    expect(page.locator("#learn-figure .journey-told")).to_contain_text("Scores become shares")
    page.locator("#learn-figure .learn-stills summary").click()
    expect(page.locator("#learn-figure .learn-bar-row").first).to_be_visible()
    expect(page.locator("#learn-stations [aria-current=step]")).to_have_text("4")


def test_no_text_of_another_station_stands_under_the_number_of_this_one(
    page: Page, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_learn(page, app_url, station="vectors")
    text = page.locator("#learn-text")
    expect(text.locator("h2")).to_contain_text("3. ")
    expect(text).to_be_visible()
    go, plain = threading.Event(), learn_walk.text_of

    def held(station: Any, language: str) -> str:
        assert go.wait(60)
        return plain(station, language)

    monkeypatch.setattr(learn_walk, "text_of", held)
    page.locator("[data-station=softmax]").click()
    expect(page.locator("#learn-stations [aria-current=step]")).to_have_text("4")
    expect(text).to_be_hidden()
    go.set()
    expect(text.locator("h2")).to_contain_text("4. ")
    expect(text).to_be_visible()
    page.locator("[data-station=softmax]").click()  # the same text again changes nothing, and is there
    expect(text).to_be_visible()
    expect(text.locator("h2")).to_contain_text("4. ")


def test_a_station_without_its_model_says_so_and_keeps_its_links(page: Page, app_url: str) -> None:
    open_learn(page, app_url, station=STATIONS[-1])
    expect(page.locator("#learn-figure .learn-opens a").first).to_be_visible()
    figures = page.locator("#learn-figure canvas").count()
    assert figures or page.locator("#learn-figure .lab-notes").is_visible()


@pytest.mark.parametrize(
    ("station", "shown"),
    [
        ("attention", "#attention-viewer [data-view=matrix][aria-selected=true]"),
        ("heads", "#attention-viewer [data-view=grid][aria-selected=true]"),
        ("versus", "#cifar-view-evaluation-button[aria-selected=true]"),
    ],
)
def test_a_stations_link_opens_the_view_that_it_names(page: Page, app_url: str, station: str, shown: str) -> None:
    open_learn(page, app_url, station=station)
    page.locator("#learn-figure .learn-opens a").first.click()
    expect(page.locator(shown)).to_be_visible()


def test_a_claim_is_tried_and_its_verdict_has_its_numbers(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="intermediate")
    verdict = page.locator("#claim-intermediate .learn-verdict")
    expect(verdict).to_contain_text("53,043,600")
    expect(verdict).to_contain_text(texts("en")["learn.verdicts.refuted"])
    page.locator("#claim-parallel input").fill("2")
    page.locator("#claim-parallel input").press("Tab")
    page.locator("#claim-parallel .learn-try").click()
    expect(page.locator("#claim-parallel .learn-verdict")).to_contain_text(texts("en")["learn.verdicts.partly"])
    expect(page.locator("#claim-parallel")).to_contain_text("2 sentences, seed 0")


def test_a_sample_size_out_of_range_is_refused_with_a_sentence(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="intermediate")
    page.wait_for_selector("#claim-intermediate .learn-verdict")
    page.locator("#claim-stacks input").fill("5000")
    page.locator("#claim-stacks input").press("Tab")
    page.locator("#claim-stacks .learn-try").click()
    failed = page.locator("#claim-stacks .lab-failed")
    expect(failed).to_contain_text("from 1 to 1000")
    expect(page.locator("#learn-claims .lab-failed")).to_have_count(1)
    page.locator("#claim-stacks input").fill("2")
    page.locator("#claim-stacks input").press("Tab")
    page.locator("#claim-stacks .learn-try").click()
    expect(page.locator("#claim-stacks .learn-verdict")).to_be_visible()
    expect(failed).to_have_count(0)


def test_a_claim_whose_figure_is_on_screen_can_be_tried_again_and_again(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="intermediate")
    verdict, button = page.locator("#claim-intermediate .learn-verdict"), page.locator("#claim-intermediate .learn-try")
    expect(verdict).to_be_visible()
    for _ in range(2):
        verdict.evaluate("(node) => { node.dataset.old = 'yes'; }")
        button.click()
        expect(page.locator("#claim-intermediate .learn-verdict:not([data-old])")).to_be_visible()
        expect(verdict).to_contain_text("53,043,600")
        expect(button).to_be_enabled()


def test_the_same_table_is_saved_twice(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="intermediate")
    button = page.locator("#claim-intermediate .lab-exports button", has_text=texts("en")["app.csv"])
    for _ in range(2):
        with page.expect_download() as saved:
            button.click()
        assert "53043600" in saved.value.path().read_text("utf-8")


def test_a_claim_that_fails_says_so_in_its_place_and_is_tried_again_from_there(
    page: Page, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> object:
        raise RuntimeError("for a moment")

    open_learn(page, app_url, view="claims", claim="intermediate")
    expect(page.locator("#claim-intermediate .learn-verdict")).to_be_visible()
    failed = page.locator("#claim-intermediate .lab-failed")
    with monkeypatch.context() as patch:
        patch.setattr(learn_claims, "tried", broken)
        page.locator("#claim-intermediate .learn-try").click()
        expect(failed).to_contain_text(texts("en")["app.failed"])
    expect(page.locator("#claim-intermediate .learn-try")).to_be_enabled()
    failed.locator("button").click()
    expect(failed).to_have_count(0)
    expect(page.locator("#claim-intermediate .learn-verdict")).to_be_visible()


def test_a_stations_text_is_there_though_its_figure_failed(
    page: Page, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> list[Figure]:
        raise RuntimeError("for a moment")

    failed = page.locator("#learn-figure .lab-failed")
    with monkeypatch.context() as patch:
        patch.setitem(TEXT_FIGURES, "self", broken)
        open_learn(page, app_url, station="self")
        expect(failed).to_contain_text(texts("en")["app.failed"])
        expect(page.locator("#learn-text h2")).to_contain_text("2. ")
        expect(page.locator("#learn-figure .lab-wait")).to_be_hidden()
    failed.locator("button").click()
    expect(page.locator("#learn-figure .journey-figure[data-level=layer]")).to_be_visible()
    expect(page.locator(MATRIX)).to_have_count(1)
    expect(failed).to_have_count(0)


def test_a_figure_that_cannot_be_drawn_says_why_in_its_place(
    page: Page, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = UnavailableError("cifar.no_models")

    def absent(*given: object) -> list[Figure]:
        raise missing

    monkeypatch.setitem(PICTURE_FIGURES, "masking", absent)
    open_learn(page, app_url, station="masking")
    expect(page.locator("#learn-figure .lab-notes")).to_contain_text(missing.sentence("en"))
    expect(page.locator("#learn-figure .learn-opens a").first).to_be_visible()
    expect(page.locator("#learn-text h2")).to_contain_text("10. ")


def test_a_figure_that_comes_after_the_station_changed_is_left_out(
    page: Page, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, drawn = threading.Event(), threading.Event(), TEXT_FIGURES["self"]

    def held(*given: Any) -> list[Figure]:
        begun.set()
        assert go_on.wait(60)
        return drawn(*given)

    monkeypatch.setitem(TEXT_FIGURES, "self", held)
    open_learn(page, app_url)
    expect(page.locator(MATRIX)).to_be_visible()
    page.locator("[data-station=self]").click()
    expect(page.locator("#learn-text h2")).to_contain_text("2. ")  # it does not wait for the figure
    assert begun.wait(30)
    page.locator("[data-station=softmax]").click()
    bars = page.locator("#learn-figure .learn-bar-row").first
    expect(bars).to_be_attached()
    go_on.set()
    page.locator("[data-station=encoder]").click()  # whatever was said to the page before, it has heard by then
    expect(page.locator("#learn-text h2")).to_contain_text("6. ")
    expect(bars).to_be_attached()
    expect(page.locator("#learn-figure .journey-told")).to_contain_text("GELU")
    expect(page.locator(MATRIX)).to_have_count(0)


def test_the_walk_goes_in_its_order_by_keyboard(page: Page, app_url: str) -> None:
    open_learn(page, app_url, station="vectors")
    expect(page.locator("#learn-stations [aria-current=step]")).to_have_text("3")
    page.locator("#learn-stations button").first.focus()
    said = []
    for _ in range(len(STATIONS) + 2):
        said.append(page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Tab")
    words = texts("en")
    assert said == [words["learn.back"], *(str(i + 1) for i in range(len(STATIONS))), words["learn.on"]]
    page.locator("#learn-stations button").last.focus()
    for number in (4, 5):
        page.keyboard.press("Enter")
        expect(page.locator("#learn-text h2")).to_contain_text(f"{number}. ")
    page.locator("#learn-stations button").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#learn-stations [aria-current=step]")).to_have_text("4")
    expect(page.locator("#learn-text h2")).to_contain_text("4. ")


def test_the_score_counts_right_answers_and_stays_in_the_browser(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="quiz")
    page.wait_for_selector("#learn-quiz .learn-question")
    # What the page itself asks when it opens is over then.
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    expected = 0
    for place, question in enumerate(QUESTIONS[:6]):
        chosen = question.right if place % 2 else question.options[0]
        expected += chosen == question.right
        page.locator(f"#learn-quiz [data-question={question.name}] input[value={chosen}]").check()
    score = page.locator("#learn-quiz .learn-score").inner_text()
    assert [int(number) for number in re.findall(r"\d+", score)] == [expected, 6, len(QUESTIONS)]
    assert not [url for url in sent if "queue/join" in url or "/call/" in url]


def test_questions_about_ones_own_sentence_are_answered_by_the_model(page: Page, app_url: str, lab: Lab) -> None:
    open_learn(page, app_url, view="quiz")
    page.locator("#learn-quiz .learn-sentence").fill("The dog lay on the rug")
    page.locator("#learn-quiz .learn-ask").click()
    pieces = page.locator("#learn-quiz [data-question=live_pieces]")
    expect(pieces).to_be_visible()
    assert page.locator("#learn-quiz [data-question^=live_]").count() >= 5
    with lab.use("", "attention") as loaded:
        right = len(attend(loaded, "The dog lay on the rug").tokens)
    pieces.locator(f"input[value='{right}']").check()
    expect(pieces.locator(".learn-right")).to_be_visible()


def test_text_that_looks_like_markup_is_shown_as_text(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="quiz")
    page.locator("#learn-quiz .learn-sentence").fill("<img src=x onerror=alert(1)> ${7*7}")
    page.locator("#learn-quiz .learn-ask").click()
    expect(page.locator("#learn-quiz bdi", has_text="<img src=x").first).to_be_visible()
    assert page.locator("#learn-quiz img").count() == 0


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("view", ["walk", "claims", "quiz", "table"])
def test_a_phone_does_not_scroll_sideways_in_either_direction(
    new_context: Make, app_url: str, view: str, language: str
) -> None:
    page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
    open_learn(page, app_url, view=view, lang=language)
    page.wait_for_selector(
        {"walk": MATRIX, "claims": ".learn-verdict", "quiz": ".learn-option", "table": ".learn-row"}[view]
    )
    assert page.evaluate("document.documentElement.dir") == {"en": "ltr", "fa": "rtl"}[language]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    quiz = page.get_by_role("tab", name=texts(language)["learn.views.quiz"], exact=True)
    assert quiz.filter(visible=True).count() == 1


def test_persian_text_runs_right_to_left_and_formulas_left_to_right(page: Page, app_url: str) -> None:
    open_learn(page, app_url, lang="fa")
    formula = page.locator("#learn-text .katex").first
    expect(formula).to_be_visible()
    direction = "(node) => getComputedStyle(node).direction"
    assert page.locator("#learn-text p").first.evaluate(direction) == "rtl"
    assert formula.evaluate(direction) == "ltr"
    page.wait_for_selector(MATRIX)
    assert page.locator(MATRIX).evaluate(direction) == "ltr"
    expect(page.locator("#learn-text h2")).to_contain_text(texts("fa")["learn.stations.attention.title"])


def test_a_lesson_about_one_claim_shows_that_one(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="intermediate", controls="0")
    expect(page.locator("#claim-intermediate .learn-verdict")).to_be_visible()
    expect(page.locator("#learn-claims .learn-claim")).to_have_count(1)
    expect(page.locator(".learn-claims-seed")).to_be_hidden()


def test_a_stations_link_opens_the_layer_and_head_of_its_figure(page: Page, app_url: str) -> None:
    open_learn(page, app_url, station="self")
    opens = page.locator("#learn-figure .learn-opens a").first
    expect(opens).to_be_visible()
    wanted = parse_qs(urlsplit(opens.get_attribute("href") or "").query)
    opens.click()
    layer = page.locator("#attention-viewer .lab-chip[data-layer][aria-checked=true]")
    expect(layer).to_have_text(wanted["layer"][0])
    expect(page.locator("#attention-viewer .lab-head[aria-pressed=true]")).to_have_text(wanted["head"])


def test_no_link_of_the_table_is_without_a_name(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="table")
    page.wait_for_selector("#learn-table .learn-row")
    names = page.locator("#learn-table .learn-link").all_inner_texts()
    assert len(names) > 60
    assert [name for name in names if re.search(r"\w+\.\w+\.\w+", name)] == [], json.dumps(names)


def test_a_claim_about_a_picture_shows_the_picture_with_and_without(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="claims", claim="scene", count="1")
    claim = page.locator("#claim-scene")
    expect(claim.locator(".learn-verdict")).to_be_visible(timeout=90_000)
    expect(claim.locator(".learn-exhibits figure").first).to_be_visible()
    blank = (
        "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every((v) => v === 0)"
    )
    for canvas in claim.locator(".learn-exhibits canvas").all():
        canvas.scroll_into_view_if_needed()
        page.wait_for_function(f"(canvas) => !({blank})(canvas)", arg=canvas.element_handle())
    assert claim.locator(".learn-key span").count() >= 1


def test_the_quiz_prints_black_on_white_with_what_was_chosen(page: Page, app_url: str) -> None:
    open_learn(page, app_url, view="quiz", __theme="dark")
    page.locator("#learn-quiz [data-question=stacks] input[value=true]").check()
    expect(page.locator("#learn-quiz .learn-picked")).to_have_text(f"({texts('en')['learn.picked']})")
    expect(page.locator("#learn-quiz .learn-sheet")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#learn-quiz .learn-sheet")).to_be_visible()
    for part in ("#lab-header", "footer", "#lab-privacy", "#learn-quiz button >> nth=0", "#learn-quiz .learn-link"):
        expect(page.locator(part).first).to_be_hidden()
    colours = "(node) => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    for part in ("body", "#learn-quiz legend", "#learn-quiz .learn-why"):
        ink, paper = page.locator(part).first.evaluate(colours)
        assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)"), part
    chosen, other = (page.locator(f"#learn-quiz [data-question=stacks] input[value={v}]") for v in ("true", "false"))
    assert chosen.evaluate(colours)[1] != other.evaluate(colours)[1]


def test_a_recorded_curve_names_the_model_that_was_trained(page: Page, app_url: str) -> None:
    open_learn(page, app_url, station="bert")
    lines = page.locator("#learn-figure .lab-said")
    live = ["drawn from BERT · masked words, now", "drawn from MiniLM-L6, now"]
    past = [f"recorded of {name}, not drawn now" for name in ("BERT · masked words", "BERT · IMDB")]
    expect(lines).to_have_text([*live, *past])
    above = page.locator("#learn-figure .learn-lines").evaluate(
        "(svg) => [...document.querySelectorAll('#learn-figure .lab-said')].map("
        "(line) => Boolean(line.compareDocumentPosition(svg) & Node.DOCUMENT_POSITION_FOLLOWING))"
    )
    assert above == [True, True, True, False], "each stands under what it tells of"
