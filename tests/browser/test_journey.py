"""The Journey in Chromium: one flies from the Scene into one product and back, on numbers of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from core.lab import scene_journey, text, text_journey
from core.lab.lab import Lab
from core.lab.picture_journey import PictureTrip
from core.lab.text import Look
from core.texts import say
from tests.browser.conftest import Watch

OPENING = say("en", "attention.scene.opening")
LOOK = {"model": "bert-imdb", "a": OPENING}
AT_END = "The classifier read the state of [CLS] and says: negative, 96 %."


def part(page: Page, selector: str) -> Locator:
    return page.locator(f"#attention-viewer .journey-{selector}")


def level(page: Page, name: str) -> None:
    expect(part(page, "figure")).to_have_attribute("data-level", name)


def open_journey(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?view=journey{query}")
    expect(part(page, "figure")).to_have_attribute("data-level", re.compile("."), timeout=60_000)


def test_the_last_stage_is_one_press_from_the_scene_and_one_product_four_more(page: Page, app_url: str) -> None:
    page.goto(app_url)
    expect(page.locator(".scene-told")).to_contain_text("One word decides", timeout=60_000)
    page.locator("[data-door=journey]").click()
    expect(part(page, "told")).to_contain_text(AT_END)
    expect(part(page, "says")).to_have_text("negative 96 %")
    part(page, "floor").filter(has_text="Layer 4").click()
    level(page, "layer")
    page.locator(".journey-tile[data-head='2']").click()
    level(page, "head")
    page.locator(".journey-pair").filter(has_text="boring").click()
    level(page, "product")
    expect(part(page, "path")).to_have_text(re.compile("The whole network.*Layer 4.*Head 2.*boring"))


def test_every_number_is_of_the_run(page: Page, app_url: str, lab: Lab) -> None:
    look = Look.read(LOOK, lab)
    traced = text.trace(lab, look)
    boring = traced.attention.tokens.texts.index("boring")
    open_journey(page, app_url, "&layer=4&at=softmax&level=head&head=2")
    rows = page.locator(".journey-table tbody tr")
    expect(rows).to_have_count(len(traced.attention.tokens))
    walk = text_journey.walk(lab, look, 4, 0).arrays
    shown = rows.nth(boring).locator(".journey-number")
    score, scaled, _, share = (walk[name][1][boring] for name in ("scores", "scaled", "masked", "weights"))
    assert [float(one.replace("−", "-").rstrip(" %")) for one in shown.all_inner_texts()] == pytest.approx(
        [score, scaled, scaled, 100 * share], abs=0.06
    )
    page.locator(".journey-head canvas[data-array=query]").hover(position={"x": 2, "y": 4})
    told = part(page, "reading").inner_text()
    query = text_journey.head(lab, look, 4, 2, 0).query[0]
    assert float(told.split(":")[1].replace("−", "-")) == pytest.approx(float(query), abs=0.006)


def test_the_river_says_what_the_state_is_made_of(page: Page, app_url: str, lab: Lab) -> None:
    look = Look.read(LOOK, lab)
    labels = text.attention(lab, look).tokens.texts
    open_journey(page, app_url)
    for measure in text_journey.KINDS:
        page.locator(f"[data-by={measure}]").click()
        shares = text_journey.trails(lab, look, 4, 0)[measure].shares[0]
        best = int(shares.argmax())
        expect(part(page, "told")).to_contain_text(f"made of {100 * float(shares[best]):.0f} % “{labels[best]}")
        shown = page.locator(f".journey-place[data-place='{best}'] small")
        expect(shown).to_have_text(f"{100 * float(shares[best]):.0f} %")
    assert page.locator(".journey-stream").count() > 20


def test_the_keyboard_walks_through_the_whole_pass(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&layer=0&at=token&level=layer")
    expect(part(page, "at")).to_have_text("1 of 55")
    for key, expected in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 55), ("Home", 1)):
        page.keyboard.press(key)
        expect(part(page, "at")).to_have_text(f"{expected} of 55")
    page.keyboard.press("Escape")
    level(page, "stack")
    page.keyboard.press("Enter")
    level(page, "layer")
    seen = []
    page.keyboard.press("Home")
    for at in range(1, 55):
        expect(part(page, "figure")).to_have_attribute("data-at", str(at))
        seen.append(part(page, "told").inner_text())
        page.keyboard.press("ArrowRight")
    assert all(seen)
    assert len(set(seen)) > 34, seen  # some steps say the same in every layer
    expect(part(page, "told")).to_have_text(AT_END)


def test_it_plays_from_the_beginning_to_the_answer_and_can_be_stopped(page: Page, app_url: str) -> None:
    open_journey(page, app_url)
    expect(part(page, "told")).to_contain_text(AT_END)
    play = page.get_by_role("button", name="Play", exact=True)
    play.click()
    expect(part(page, "at")).to_have_text("16 of 55")
    page.get_by_role("button", name="Pause", exact=True).click()
    at = part(page, "at").inner_text()
    page.wait_for_timeout(2000)  # longer than a moment stays
    expect(part(page, "at")).to_have_text(at)
    part(page, "speed").select_option("4")
    play.click()
    expect(part(page, "told")).to_contain_text(AT_END)
    expect(play).to_be_visible()


def test_another_word_is_followed_to_the_words_that_fit_there(page: Page, app_url: str, lab: Lab) -> None:
    look = Look.read(LOOK, lab)
    traced = text.trace(lab, look)
    film = traced.attention.tokens.texts.index("film")
    open_journey(page, app_url)
    page.locator(f".journey-place[data-place='{film}']").click()
    said = text_journey.walk(lab, look, traced.attention.layers + 1, film).said
    expect(part(page, "told")).to_contain_text(f"“{said[0][0]}”, {100 * said[0][1]:.0f} %")
    part(page, "deeper").click()
    expect(page.locator(".journey-answer .journey-bar")).to_have_count(5)


def test_the_running_line_is_of_the_file_and_its_shape_of_this_run(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&layer=2&at=gelu&level=layer")
    expect(page.locator(".journey-code mark")).to_contain_text("wide = self.gelu(self.intermediate(x))")
    expect(page.locator(".journey-code pre")).to_have_text(
        re.compile(r"wide = .*narrow: Tensor = .*return narrow", re.DOTALL)
    )
    expect(part(page, "runs")).to_contain_text("(B, T, F) = (1, 12, 512)")
    page.locator(".journey-title").filter(has_text="softmax").click()
    expect(page.locator(".journey-code mark")).to_contain_text("weights = masked.softmax(dim=-1)")


def test_a_link_opens_the_same_moment(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&layer=3&at=mix&level=head&head=3&token=9&by=rollout")
    told = part(page, "told")
    expect(part(page, "path")).to_have_text(re.compile("Layer 3.*Head 3"))
    before = told.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(told).not_to_have_text(before)
    page.wait_for_url(re.compile("at=softmax"))
    sentence = told.inner_text()
    page.goto(page.url)
    expect(told).to_have_text(sentence, timeout=60_000)
    level(page, "head")
    assert all(name in page.url for name in ("by=rollout", "token=9", "head=3"))


@pytest.mark.parametrize(
    "query", ["&layer=99&head=99&level=product&token=500&key=400", "&at=nothing&level=none&layer=-4"]
)
def test_a_link_to_what_is_not_there_opens_what_is(page: Page, app_url: str, query: str) -> None:
    open_journey(page, app_url, query)
    expect(part(page, "told")).not_to_be_empty()


def test_the_tour_has_twelve_moments_that_arrow_keys_step_through(page: Page, app_url: str) -> None:
    open_journey(page, app_url)
    expect(part(page, "told")).to_contain_text(AT_END)
    part(page, "tour-begin").click()
    titles = []
    for moment in range(1, 13):
        expect(page.locator(".journey-tour h3")).to_have_text(re.compile(f"^{moment} of 12 · "))
        titles.append(page.locator(".journey-tour h3").inner_text())
        expect(part(page, "told")).not_to_be_empty()
        if moment < 12:
            page.keyboard.press("ArrowRight")
    assert len(set(titles)) == 12
    expect(part(page, "told")).to_contain_text("The classifier read the state")
    page.wait_for_url(re.compile("moment=12"))
    part(page, "tour-leave").click()
    expect(part(page, "tour-begin")).to_be_visible()


def test_a_link_names_a_moment_of_the_tour_alone(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&moment=10")
    expect(page.locator(".journey-tour h3")).to_contain_text("10 of 12")
    expect(part(page, "runs")).to_contain_text("self.gelu")


def test_a_failure_is_said_in_place_and_tried_again(page: Page, watch: Watch, app_url: str) -> None:
    open_journey(page, app_url)
    expect(part(page, "told")).to_contain_text(AT_END)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        if "journey_head" in (route.request.post_data or "") and not asked:
            asked.append("once")
            route.fulfill(status=503, content_type="application/json", body="{}")
        else:
            route.continue_()

    page.route("**/queue/join*", refuse)
    part(page, "floor").filter(has_text="Layer 2").click()
    level(page, "layer")
    page.locator(".journey-tile[data-head='1']").click()
    expect(part(page, "failed")).not_to_be_empty()
    page.locator(".journey-failed button").click()
    level(page, "head")
    expect(part(page, "failed")).to_be_empty()
    page.unroute("**/queue/join*")
    watch.faults = [fault for fault in watch.faults if "503" not in fault]  # the browser's own word for it


def test_reduced_motion_shows_stills(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_journey(page, app_url, "&layer=1&at=project&level=layer")
    moving = (
        "document.querySelector('.journey-room').getAnimations({subtree: true})"
        ".filter(one => !(one instanceof CSSTransition)).length"
    )
    page.keyboard.press("ArrowRight")
    expect(part(page, "runs")).to_contain_text("scores =")
    assert page.evaluate(moving) == 0
    assert page.locator(".journey-flying").count() == 0
    page.emulate_media(reduced_motion="no-preference")


def test_numbers_fly_where_they_are_used(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&layer=1&at=mix&level=layer")
    page.evaluate(
        "new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(node => {"
        " if (node.className === 'journey-flying') window.flown = (window.flown ?? 0) + 1; })))"
        ".observe(document.querySelector('.journey-room'), {childList: true})"
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.flown > 0")
    expect(page.locator(".journey-flying")).to_have_count(0)


def test_what_is_shown_can_be_saved(page: Page, app_url: str, tmp_path: Path, lab: Lab) -> None:
    open_journey(page, app_url, "&layer=2&at=mix&level=layer")
    expect(part(page, "told")).not_to_be_empty()
    with page.expect_download() as saved:
        page.locator("#attention-viewer .lab-exports").get_by_role("button", name="JSON").click()
    file = tmp_path / "journey.json"
    saved.value.save_as(file)
    told = json.loads(file.read_text())
    expected = text_journey.walk(lab, Look.read(LOOK, lab), 2, 0).arrays["out"]
    assert told["arrays"]["out"] == pytest.approx(expected.tolist(), rel=2e-3, abs=1e-3)
    assert (told["layer"], told["step"], told["token"]) == (2, "mix", 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "least"), [(1280, 800, 0.35), (390, 844, 0.18)])
def test_it_fits_a_laptop_and_a_phone_from_the_right_too(
    page: Page, app_url: str, theme: str, width: int, height: int, least: float
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    language = "fa" if theme == "dark" else "en"
    open_journey(page, app_url, f"&lang={language}&__theme={theme}")
    expect(part(page, "says")).to_be_visible()
    box = part(page, "figure").bounding_box()
    assert box is not None
    assert box["width"] * (min(height, box["y"] + box["height"]) - box["y"]) / (width * height) >= least
    for name in ("stack", "layer", "head", "product"):
        level(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if name == "stack":
            page.locator(".journey-floor[data-layer='3']").click()
        elif name != "product":
            part(page, "deeper").click()


def test_a_sentence_of_512_tokens_can_be_followed(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?view=journey&model=minilm-l6#a={'word+' * 600}")
    expect(part(page, "figure")).to_have_attribute("data-level", "stack", timeout=60_000)
    expect(part(page, "told")).not_to_be_empty(timeout=60_000)
    assert page.locator(".journey-place").count() < 20
    part(page, "floor").filter(has_text="Layer 2").click()
    level(page, "layer")
    part(page, "deeper").click()
    level(page, "head")
    expect(part(page, "rest")).to_contain_text("other")


def open_patch(page: Page, url: str, query: str = "") -> Locator:
    page.goto(f"{url}/?lab=segmentation&view=journey{query}")
    figure = page.locator("#segmentation-viewer .journey-figure")
    expect(figure).to_have_attribute("data-at", re.compile("."), timeout=60_000)
    return figure


def test_a_patch_is_followed_from_its_pixels_to_its_class(page: Page, ready_url: str, lab: Lab) -> None:
    figure = open_patch(page, ready_url)
    told = figure.locator(".journey-told")
    expect(told).to_have_text(re.compile(r"Read by the head for classes, patch 13·13 is \w.*, \d+ %"))
    maps = figure.locator(".journey-map-box")
    expect(maps).to_have_count(10)
    expect(figure.locator(".journey-map")).to_have_count(10)
    box = maps.first.bounding_box()
    assert box is not None
    maps.first.click(position={"x": box["width"] * 0.1, "y": box["height"] * 0.1})
    expect(told).to_contain_text("patch 3·3")
    figure.locator(".journey-floor[data-layer='0']").click()
    expect(told).to_have_text(re.compile("The 768 numbers of the patch's pixels become 128"))
    expect(figure.locator(".journey-pixels canvas")).to_be_visible()
    page.wait_for_url(re.compile("token=51"))


def test_the_position_bias_of_a_head_is_added_where_words_have_none(page: Page, ready_url: str) -> None:
    figure = open_patch(page, ready_url, "&token=301&layer=4&at=bias&level=head&head=1")
    first = figure.locator(".journey-table tbody tr").first.locator(".journey-number")
    scaled, biased = (float(first.nth(i).inner_text().replace("−", "-")) for i in (1, 2))
    assert scaled != biased
    expect(figure.locator(".journey-runs")).to_contain_text("bias.row(query)")
    expect(figure.locator(".journey-rest")).to_contain_text("561 tokens")


def test_the_colours_of_the_heads_stand_under_their_own_numbers_from_the_right_too(page: Page, app_url: str) -> None:
    open_journey(page, app_url, "&layer=1&at=project&level=layer&lang=fa")
    places = page.evaluate(
        "[...document.querySelector('.journey-heads-of').children].map(one => one.getBoundingClientRect().left)"
    )
    assert places == sorted(places)  # as the cells above them, which are drawn from the left
    assert len(places) == 4


def open_square(page: Page, url: str, query: str = "") -> Locator:
    page.goto(f"{url}/?lab=cifar&view=journey&source=shipped&place=2{query}")
    figure = page.locator("#cifar-journey .journey-figure")
    expect(figure).to_have_attribute("data-at", re.compile("."), timeout=60_000)
    return figure


def test_a_patch_of_a_small_picture_is_followed_to_the_class_of_the_whole(page: Page, app_url: str, lab: Lab) -> None:
    gallery = lab.galleries.open("shipped")
    trip = PictureTrip.of(lab, np.asarray(gallery.pixels[2]))
    top = trip.plan().sizes["L"]
    name, share = max(scene_journey.walk(trip, top + 1, 1).said, key=lambda one: one[1])
    figure = open_square(page, app_url)
    told = figure.locator(".journey-told")
    expect(told).to_contain_text(f"The classifier read the mean of all patches and says: {name}, {100 * share:.0f} %.")
    maps = figure.locator(".journey-map-box")
    expect(maps).to_have_count(top + 1)
    box = maps.first.bounding_box()
    assert box is not None
    maps.first.click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.1})
    expect(page).to_have_url(re.compile("token=3(&|$)"))
    figure.locator(f".journey-floor[data-layer='{top + 1}']").click()
    logits = scene_journey.walk(trip, top + 1, 3).arrays["logits"]
    figure.locator(".journey-title").filter(has_text="Scores").click()
    shown = figure.locator(".journey-bars").first.locator(".journey-bar span").all_inner_texts()
    assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(logits.tolist(), rel=0.02, abs=0.02)


def test_the_journey_of_a_small_picture_follows_the_first_view(page: Page, app_url: str) -> None:
    figure = open_square(page, app_url)
    page.locator("#cifar-views [role=tab][data-tab-id=picture]").click()
    page.locator(".cifar-pick[data-place='5']").click()
    expect(page).to_have_url(re.compile("place=5"))
    page.locator("#cifar-views [role=tab][data-tab-id=journey]").click()
    expect(page).to_have_url(re.compile("view=journey.*place=5"))
    figure.locator(".journey-floor[data-layer='2']").click()
    expect(figure).to_have_attribute("data-level", "layer")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["laptop", "phone"])
def test_who_takes_the_tour_sees_the_picture_beside_the_card(page: Page, app_url: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_journey(page, app_url, "&moment=1")
    for moment in range(2, 6):
        page.locator(".journey-tour-on").click()
        expect(page.locator(".journey-tour h3")).to_have_text(re.compile(f"^{moment} of 12 · "))
    assert page.evaluate("scrollY") == 0, "the next moment is on the screen that shows the picture"
    expect(part(page, "room")).to_be_in_viewport(ratio=0.7)
