"""The Segmentation lab in Chromium: what the browser does by itself, and what it asks the server for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from core.data.photographs import photographs
from core.lab.lab import Lab
from core.texts import say
from tests.browser.conftest import Watch
from tests.browser.views import expect_view, pick_view
from tests.components.segmentation_lab import PLACE, lab_of, save, write_model
from tests.components.whole_lab import Leases
from tests.core.data.test_images import saved
from tests.core.scenes import noise
from tests.serving import serving

VIEWER = "#segmentation-viewer"
CANVAS = f"{VIEWER} canvas.seg-canvas"
THUMBS = f"{VIEWER} .seg-strip [role=tab]"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("models") / PLACE
    write_model(folder, image_size=128)
    return lab_of(folder)


@pytest.fixture(scope="module")
def leases(lab: Lab) -> Leases:
    return Leases(lab)


@pytest.fixture(scope="module")
def url(lab: Lab, leases: Leases) -> Iterator[str]:
    with serving(lab) as address:
        yield address


def open_lab(page: Page, url: str, **query: str) -> None:
    """The lab with its example on the canvas."""
    page.goto(f"{url}/?" + "&".join(f"{name}={value}" for name, value in ({"lab": "segmentation"} | query).items()))
    page.wait_for_selector(CANVAS, timeout=90_000)


def pixel(page: Page, selector: str = CANVAS) -> list[int]:
    """The colour in the middle of a canvas."""
    script = "c => [...c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data]"
    return page.locator(selector).first.evaluate(script)


def asked(page: Page) -> list[str]:
    """Collects the addresses of what the page asks for from now on, heartbeats apart."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if "heartbeat" not in request.url else None)
    return found


def upload(page: Page, path: str, box: str = "#segmentation-upload") -> None:
    page.locator(f"{box} input[type=file]").first.set_input_files(path)


def link_fields(page: Page) -> dict[str, Any]:
    """What the view's link would say."""
    module = "'./' + AttentionLab.base + 'lib/links.js'"
    fields: dict[str, Any] = page.evaluate(f"import({module}).then((links) => links.views.segmentation())")
    return fields


def test_an_upload_becomes_an_overlay_that_the_browser_redraws_alone(page: Page, url: str, tmp_path: Path) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    mine = noise(90, 140)
    mine[20:70, 45:95] = (200, 100, 50)  # large, since the picture travels as a JPEG, which smears borders
    upload(page, save(tmp_path / "mine.png", mine))
    expect(page.locator(f"{CANVAS}[width='140'][height='90']")).to_be_visible(timeout=60_000)
    requests = asked(page)
    seen = []
    for opacity in (0, 50, 100):
        page.locator("[data-seg=names]").set_checked(False)
        page.locator("[data-seg=opacity]").fill(str(opacity))
        seen.append(pixel(page)[:3])
    np.testing.assert_allclose(seen[0], (200, 100, 50), atol=8)
    np.testing.assert_allclose(seen[1], (np.array(seen[0]) + seen[2]) / 2, atol=2)
    page.locator("[data-seg=outlines]").check()
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    expect(page.locator(".lab-tip")).to_contain_text("confidence")
    expect(page.locator(".lab-tip")).to_contain_text("of the picture")
    page.locator(".seg-class").first.click()
    expect(page.locator(".seg-class").first).to_have_attribute("aria-pressed", "true")
    page.locator(".seg-all").click()
    expect(page.locator(".seg-class[aria-pressed=true]")).to_have_count(0)
    assert requests == [], "opacity, outlines, hover and isolating need no server"


def test_colours_fade_where_the_model_is_unsure_until_somebody_wants_them_full(page: Page, url: str) -> None:
    open_lab(page, url, opacity="100", names="0")
    fade = page.locator("[data-seg=fade]")
    expect(fade).to_be_checked()
    colours = (
        "canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
    )
    count = f"{colours}.data.buffer)).size"
    classes = page.locator(".seg-class").count()
    assert page.locator(CANVAS).evaluate(count) > 20 * classes, "the picture shows through"
    fade.uncheck()
    assert page.locator(CANVAS).evaluate(count) == classes, "nothing but the classes' colours"
    assert link_fields(page)["fade"] == 0


def test_a_picture_of_weak_scores_asks_whether_it_is_of_none_of_the_classes(
    page: Page, url: str, lab: Lab, tmp_path: Path
) -> None:
    folder = lab.find(PLACE, "segmentation").folder
    assert folder is not None
    (folder / "doubt.json").write_text('{"energy": 1000, "share": 0.05}')
    try:
        open_lab(page, url)
        expect(page.locator(".seg-doubt")).to_contain_text(say("en", "segmentation.doubt.title"))
    finally:
        (folder / "doubt.json").unlink()
    page.reload()
    page.wait_for_selector(CANVAS, timeout=90_000)
    expect(page.locator(".seg-doubt")).to_have_count(0)


def test_the_legend_sorts_by_area_and_adds_up(page: Page, url: str) -> None:
    open_lab(page, url)
    shares = [float(text.split()[0]) for text in page.locator(".seg-class b").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.5)
    expect(page.locator(VIEWER)).to_contain_text("knows only 5 classes")


def test_the_keyboard_walks_isolates_and_shows_all(page: Page, url: str) -> None:
    open_lab(page, url)
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".seg-said")).to_contain_text("confidence")
    page.keyboard.press("Enter")
    expect(page.locator(".seg-class[aria-pressed=true]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".seg-class[aria-pressed=true]")).to_have_count(0)


def test_a_touch_of_the_photograph_leads_to_where_that_patch_looks(page: Page, url: str) -> None:
    open_lab(page, url)
    expect(page.locator(".seg-touch")).to_have_text(say("en", "segmentation.touch"))
    canvas = page.locator(CANVAS)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    expect(page.locator("canvas.seg-patch")).to_be_visible()
    expect_view(page, "segmentation", "patch")
    fields = link_fields(page)
    assert [float(fields[name]) for name in ("down", "across")] == pytest.approx([0.75, 0.25], abs=0.01)


def test_a_click_asks_once_where_that_patch_looks(page: Page, url: str) -> None:
    open_lab(page, url, view="patch")
    expect(page.locator("canvas.seg-patch")).to_be_visible()
    expect(page.locator(".seg-heads button")).to_have_count(4)
    box = page.locator("canvas.seg-patch").bounding_box()
    assert box is not None
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url) if "queue/join" in request.url else None)
    before = pixel(page, "canvas.seg-patch")
    page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.wait_for_function(
        "before => { const c = document.querySelector('canvas.seg-patch'); return c &&"
        " [...c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data].join() !== before }",
        arg=",".join(map(str, before)),
    )
    assert len(calls) == 1
    expect(page.locator(".seg-score")).to_have_count(5)
    page.locator("[data-seg=reach]").select_option("convolution-3")
    expect(page.locator(".seg-reach")).to_contain_text("3×3 convolutions")
    page.locator(".seg-heads button").nth(2).click()
    expect(page.locator(".seg-heads button").nth(2)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("radio", name="rollout").click()
    assert len(calls) == 1, "another head, rollout and what convolutions reach need no server"


def test_the_tip_says_what_is_there_after_a_click_and_after_enter(page: Page, url: str) -> None:
    open_lab(page, url, view="patch", layer="3", head="1")
    canvas, tip = page.locator("canvas.seg-patch"), page.locator(".lab-tip")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    before = tip.inner_text()
    page.mouse.down()
    page.mouse.up()
    expect(tip).not_to_have_text(before)
    clicked = tip.inner_text()
    page.mouse.move(box["x"] + box["width"] * 0.1 + 1, box["y"] + box["height"] * 0.1)
    expect(tip).to_have_text(clicked)
    page.mouse.move(1, 1)
    expect(tip).to_be_hidden()
    canvas.focus()
    page.keyboard.press("ArrowRight")
    walked = tip.inner_text()
    page.keyboard.press("Enter")
    expect(tip).not_to_have_text(walked)
    expect(page.locator("canvas.seg-patch")).to_be_focused()


def test_all_heads_are_drawn_in_one_scale_which_is_shown(page: Page, url: str) -> None:
    open_lab(page, url, view="patch", layer="3", head="2")
    expect(page.locator(".seg-scale")).to_have_count(1)
    top = page.locator(".seg-scale span").last.inner_text()
    page.locator(".seg-heads button").nth(3).click()
    assert page.locator(".seg-scale span").last.inner_text() == top
    expect(page.locator(".seg-scale span").first).to_have_text("0.00 %")
    page.get_by_role("radio", name="rollout").click()
    expect(page.locator(".seg-scale")).to_have_count(2)
    assert page.locator(".seg-scale span").last.inner_text() == top


def test_without_an_annotation_there_is_no_iou_and_with_one_there_is(page: Page, url: str, tmp_path: Path) -> None:
    open_lab(page, url, view="overlay")
    upload(page, save(tmp_path / "own.png", noise(427, 640)))
    pick_view(page, "segmentation", "truth")
    expect(page.locator(".seg-none")).to_contain_text("no IoU", timeout=60_000)
    ids = np.full((427, 640), 3, np.uint8)
    ids[:100] = 0
    page.locator("#segmentation-more button").first.click()
    upload(page, save(tmp_path / "annotation.png", ids), "#segmentation-annotation")
    expect(page.locator(".seg-summary")).to_contain_text("Mean IoU", timeout=60_000)
    expect(page.locator(".seg-summary")).to_contain_text(f"{100 * 100 / 427:.1f} % of the picture not annotated")
    expect(page.locator(".seg-figure")).to_have_count(4)
    page.wait_for_timeout(200)
    assert pixel(page, "[data-map=grey] canvas")[:3] == [3, 3, 3]


def test_without_a_data_folder_photographs_of_packages_have_an_annotation_whose_source_is_named(
    page: Page, url: str
) -> None:
    open_lab(page, url, view="truth", example="china")
    source = page.locator(".seg-source")
    expect(page.locator(".seg-summary")).to_contain_text("Mean IoU", timeout=60_000)
    photo = photographs()["china"]
    expect(page.locator(".seg-drawn")).to_contain_text(f"reaches a mean IoU of {photo.scored:.2f}")
    expect(page.locator(".seg-drawn")).to_contain_text(f"the drawings agree to {photo.agreement:.2f}")
    expect(source).to_contain_text("danielbuechele")
    expect(page.locator(".seg-figure")).to_have_count(4)
    page.locator("#segmentation-lion").click()
    expect(source).to_contain_text("gradio, which does not say", timeout=60_000)
    pick_view(page, "segmentation", "overlay")
    expect(source).to_contain_text("gradio, which does not say")
    saves = page.locator(f"{VIEWER} [data-save]").filter(visible=True)
    expect(saves).to_have_count(2)
    expect(page.locator(VIEWER)).to_contain_text(say("en", "segmentation.save.held"))


def test_a_wrong_annotation_says_what_is_wrong(page: Page, url: str, tmp_path: Path) -> None:
    open_lab(page, url)
    page.locator("#segmentation-more button").first.click()
    upload(page, save(tmp_path / "small.png", np.ones((3, 5), np.uint8)), "#segmentation-annotation")
    expect(page.get_by_text("This annotation is 5 × 3 pixels, but the picture is 640 × 427")).to_be_visible()


def test_the_boxes_for_pictures_list_the_kinds_that_are_read(page: Page, url: str) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    box = page.locator("#segmentation-upload input[type=file]").first
    accepted = str(box.get_attribute("accept")).split(",")
    assert accepted[:3] == ["image/jpeg", "image/png", "image/webp"]
    assert not any("hei" in kind or "*" in kind for kind in accepted), "or a telephone sends its own kind"


def test_a_heic_photo_that_the_browser_can_show_is_made_a_jpeg_there(page: Page, url: str) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    shown = saved(Image.fromarray(noise(90, 140)))  # Chromium decodes no HEIC, and looks at the content of a file
    box = page.locator("#segmentation-upload input[type=file]").first
    page.route("**/gradio_api/upload*", lambda route: route.continue_())  # else the browser tells nothing of its body
    with page.expect_request("**/gradio_api/upload*") as sent:
        box.set_input_files({"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": shown})
    assert b"\xff\xd8\xff" in (sent.value.post_data_buffer or b"")
    expect(page.locator(f"{CANVAS}[width='140'][height='90']")).to_be_visible(timeout=60_000)


def test_a_heic_photo_that_is_dropped_is_made_a_jpeg_too(page: Page, url: str) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    page.locator("#segmentation-upload input[type=file]").first.wait_for(state="attached")
    content = list(saved(Image.fromarray(noise(90, 150))))
    drop = """content => {
        const given = new DataTransfer();
        given.items.add(new File([new Uint8Array(content)], "IMG_2.heic", {type: ""}));
        const place = document.querySelector("#segmentation-upload input[type=file]").parentElement;
        place.dispatchEvent(new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, content)
    expect(page.locator(f"{CANVAS}[width='150'][height='90']")).to_be_visible(timeout=60_000)


def test_a_heic_photo_that_the_browser_cannot_show_is_refused_with_a_sentence(page: Page, url: str) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    photo = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)
    box = page.locator("#segmentation-upload input[type=file]").first
    box.set_input_files({"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": photo})
    expect(page.get_by_text(say("en", "images.errors.heic"))).to_be_visible()


def test_how_it_works_shows_the_steps_and_their_code(page: Page, url: str) -> None:
    open_lab(page, url)
    pick_view(page, "segmentation", "steps")
    expect(page.locator(THUMBS)).to_have_count(9)
    page.locator(f"{THUMBS}[data-step=classes]").click()
    step = page.locator(".seg-step[data-step=classes]")
    expect(step).to_contain_text("427 × 640")
    step.locator("summary").click()
    expect(step.locator("pre")).to_contain_text("def winners")


def test_one_walks_along_the_steps_by_arrow_keys_and_by_two_buttons(page: Page, url: str) -> None:
    page.goto(f"{url}/?lab=segmentation&view=steps")
    thumbs, chosen = page.locator(THUMBS), page.locator(f"{THUMBS}[aria-selected=true]")
    expect(thumbs).to_have_count(9)
    assert thumbs.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1, "one tab stop"
    names = thumbs.evaluate_all("all => all.map((one) => one.dataset.step)")
    back, on = page.locator("[data-way=back]"), page.locator("[data-way=on]")
    expect(back).to_be_disabled()
    chosen.focus()
    for name in names[1:]:
        page.keyboard.press("ArrowRight")
        expect(page.locator(".seg-step-picture")).to_have_attribute("data-step", name)
        expect(chosen).to_be_focused()
    box, row = chosen.bounding_box(), page.locator(".seg-strip").bounding_box()
    assert box is not None
    assert row is not None
    assert row["x"] - 1 <= box["x"]
    assert box["x"] + box["width"] <= row["x"] + row["width"] + 1, "the chosen one is in sight"
    expect(on).to_be_disabled()
    back.click()
    expect(page.locator(".seg-step")).to_have_attribute("data-step", names[-2])
    expect(back).to_be_focused()
    assert link_fields(page)["step"] == 8
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".seg-step")).to_have_attribute("data-step", names[-4])
    strip = page.locator(".seg-along").bounding_box()
    assert strip is not None
    assert strip["y"] + strip["height"] <= 900, "picture and strip are seen at once"
    expect(page).to_have_url(re.compile("step=6"))
    page.reload()
    expect(page.locator(".seg-step")).to_have_attribute("data-step", names[-4])


@pytest.mark.parametrize("width", [1280, 390])
def test_no_line_of_the_code_is_cut(page: Page, url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{url}/?lab=segmentation&view=steps")
    expect(page.locator(THUMBS)).to_have_count(9)
    sizes = []
    for i in range(9):
        page.locator(THUMBS).nth(i).click()
        page.evaluate("document.querySelectorAll('.seg-step details').forEach((node) => (node.open = true))")
        sizes += page.locator(".seg-step pre").evaluate_all(
            "nodes => nodes.map((node) => [node.scrollWidth - node.clientWidth, node.getBoundingClientRect().right])"
        )
    assert len(sizes) >= 6
    assert all(over <= 0 and right <= width for over, right in sizes)


def test_a_picture_of_a_step_that_does_not_come_says_so_and_is_asked_for_again(
    page: Page, url: str, watch: Watch
) -> None:
    page.route("**/file=**", lambda route: route.abort() if "step" in route.request.url else route.continue_())
    page.goto(f"{url}/?lab=segmentation&view=steps&step=9")
    step = page.locator(".seg-step-picture[data-step=classes]")
    expect(step.get_by_role("alert")).to_contain_text(say("en", "app.picture_gone"))
    page.unroute("**/file=**")
    step.get_by_role("button", name=say("en", "app.again")).click()
    expect(step.locator("img")).to_be_visible()
    watch.faults.clear()  # pictures that did not come are errors in the console, as they should be


def test_a_link_restores_the_view(page: Page, url: str) -> None:
    query = {"view": "patch", "example": "tower", "layer": "3", "head": "2", "down": "0.1", "across": "0.9"}
    open_lab(page, url, **query)
    expect_view(page, "segmentation", "patch")
    expect(page.get_by_role("radiogroup", name="Layer").get_by_role("radio", name="3")).to_be_checked()
    fields = link_fields(page)
    assert {name: str(fields[name]) for name in ("view", "example", "layer", "head")} == {
        name: query[name] for name in ("view", "example", "layer", "head")
    }
    assert float(fields["down"]) == 0.1
    assert fields["model"] == PLACE


def test_a_file_is_saved_at_full_size(page: Page, url: str) -> None:
    open_lab(page, url)
    with page.expect_download() as waiting:
        page.locator("[data-save=ids]").click()
    path = waiting.value.path()
    with Image.open(path) as image:
        assert image.size == (640, 427)
        assert image.mode == "L"


def test_the_same_file_is_saved_twice(page: Page, url: str) -> None:
    open_lab(page, url)
    button = page.locator("[data-save=overlay]")
    for _ in range(2):
        with page.expect_download() as waiting:
            button.click()
        assert waiting.value.suggested_filename == "segmentation-overlay.png"
        expect(button).to_have_text(say("en", "segmentation.save.overlay"))


def test_a_picture_that_its_browser_would_show_otherwise_is_the_one_that_the_model_saw(
    page: Page, url: str, tmp_path: Path
) -> None:
    open_lab(page, url)
    page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
    upload(page, save(tmp_path / "glass.png", np.zeros((90, 140, 4), np.uint8)))
    expect(page.locator(f"{CANVAS}[width='140'][height='90']")).to_be_visible(timeout=60_000)
    expect(page.locator(VIEWER)).to_contain_text(say("en", "images.notes.over_white"))
    page.locator("[data-seg=names]").set_checked(False)
    page.locator("[data-seg=opacity]").fill("0")
    assert pixel(page) == [255, 255, 255, 255]


def test_a_run_that_fails_is_said_in_its_place_and_tried_again_from_there(page: Page, url: str, leases: Leases) -> None:
    open_lab(page, url, example="tower")
    failed = page.locator(f"{VIEWER} .lab-failed")
    with leases.failing():
        page.locator("[data-mode=quick]").click()
        expect(failed).to_contain_text(say("en", "app.failed"))
        expect(page.locator(f"{VIEWER} .seg-busy")).to_have_count(0)
        expect(page.locator("[data-mode=exact]")).to_be_checked()
    failed.locator(".lab-again").click()
    expect(page.locator("[data-mode=quick]")).to_be_checked()
    expect(failed).to_have_count(0)
    assert link_fields(page)["example"] == "tower"


def test_a_save_that_fails_is_said_and_its_button_offers_it_again(page: Page, url: str, watch: Watch) -> None:
    open_lab(page, url)
    button, failed = page.locator("[data-save=ids]"), page.locator(f"{VIEWER} .lab-failed")
    page.route("**/file=**/segmentation-ids.png", lambda route: route.fulfill(status=404))
    button.click()
    expect(failed).to_contain_text(say("en", "app.no_answer"))
    expect(button).to_have_text(say("en", "segmentation.save.ids"))
    page.unroute("**/file=**/segmentation-ids.png")
    with page.expect_download():
        failed.locator(".lab-again").click()
    expect(failed).to_have_count(0)
    watch.faults = [fault for fault in watch.faults if "status of 404" not in fault]


def test_an_answer_that_comes_after_the_view_changed_waits_for_its_own_view(
    page: Page, url: str, leases: Leases
) -> None:
    open_lab(page, url, down="0.3", across="0.7")
    with leases.held():
        with page.expect_request("**/queue/join*"):
            pick_view(page, "segmentation", "patch")
        expect(page.locator(f"{VIEWER} .lab-wait").filter(visible=True)).to_have_count(1)
        pick_view(page, "segmentation", "truth")
        expect(page.locator(".seg-summary")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator(".seg-summary")).to_be_visible()
    expect(page.locator("canvas.seg-patch")).to_have_count(0)
    pick_view(page, "segmentation", "patch")
    expect(page.locator("canvas.seg-patch")).to_be_visible()


def test_an_answer_about_a_picture_that_is_no_longer_shown_is_not_drawn_over_the_next(
    page: Page, url: str, leases: Leases, tmp_path: Path
) -> None:
    open_lab(page, url, view="patch", down="0.2", across="0.8")
    expect(page.locator("canvas.seg-patch")).to_be_visible()
    mine = [save(tmp_path / f"{width}.png", noise(90, width, seed=width)) for width in (120, 130)]
    with leases.held():
        page.get_by_role("radiogroup", name="Layer").get_by_role("radio", name="4").click()
        for path in mine:
            with page.expect_request("**/queue/join*"):
                page.locator("#segmentation-upload").get_by_role("button", name="Remove Image").click()
                upload(page, path)
    expect(page.locator("canvas.seg-patch[width='130']")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1500)
    expect(page.locator("canvas.seg-patch")).to_have_attribute("width", "130")
    assert link_fields(page)["example"] == ""


@pytest.mark.parametrize("view", ["overlay", "patch"])
def test_a_phone_does_not_scroll_sideways(
    new_context: Callable[..., tuple[BrowserContext, Any]], url: str, view: str
) -> None:
    page = new_context(viewport={"width": 390, "height": 844})[0].new_page()
    open_lab(page, url, view=view)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(CANVAS).first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390


def test_a_ticked_box_looks_ticked(page: Page, url: str) -> None:
    open_lab(page, url)
    boxes = page.locator(f"{VIEWER} input[type=checkbox]")
    drawn = boxes.evaluate_all("all => all.map(box => getComputedStyle(box).appearance)")
    assert drawn == ["auto"] * boxes.count() != []


def test_the_classes_have_persian_names_on_a_persian_page(page: Page, url: str) -> None:
    open_lab(page, url, lang="fa")
    names = page.locator(f"{VIEWER} .seg-class").all_inner_texts()
    assert names
    assert not any("a" <= letter <= "z" for name in names for letter in name.lower())
