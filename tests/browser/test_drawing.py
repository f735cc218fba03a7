"""Drawing the ground truth of a picture by oneself, in Chromium: by mouse, by touch and by keyboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from core.data.annotations import decode_annotation
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion
from core.scene.score import score
from core.texts import say
from tests.browser.test_accessibility import SETTLED, serious
from tests.browser.test_layouts import FAULTS, SIZES
from tests.browser.views import pick_view
from tests.components.segmentation_lab import PLACE, lab_of, save, write_model
from tests.core.data.test_images import saved
from tests.core.scenes import noise
from tests.serving import serving

WIDTH, HEIGHT = 240, 160
MINE = "[data-place=mine]"
Make = Callable[..., tuple[BrowserContext, Any]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("models") / PLACE
    write_model(folder, image_size=128)
    return lab_of(folder)


@pytest.fixture(scope="module")
def url(lab: Lab) -> Iterator[str]:
    with serving(lab) as address:
        yield address


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two even halves, dark and light, so that there is an edge, and some noise to find classes in."""
    pixels = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    pixels[:, WIDTH // 2 :] = 200
    pixels[100:, :60] = noise(60, 60)
    return save(tmp_path_factory.mktemp("pictures") / "halves.png", pixels)


def open_picture(page: Page, url: str, path: str, **query: str) -> None:
    """A picture of one's own in the studio."""
    fields = {"lab": "segmentation", "view": "truth", "drawing": "1"} | query
    page.goto(f"{url}/?" + "&".join(f"{name}={value}" for name, value in fields.items()))
    page.wait_for_selector(".draw-ready", timeout=90_000)
    page.locator("#segmentation-upload .icon-button-wrapper button").last.click()
    page.locator("#segmentation-upload input[type=file]").first.set_input_files(path)
    with Image.open(path) as image:
        size = list(image.size)
    page.wait_for_function(
        "([w, h]) => document.querySelector('.draw-figures')?.dataset.ignored === String(w * h)",
        arg=size,
        timeout=90_000,
    )
    page.evaluate("scrollTo(0, 0)")


def at(page: Page, across: float, down: float, place: str = MINE) -> tuple[float, float]:
    """The point of the page at a part of the picture, which is fitted into its place."""
    box = page.locator(place).bounding_box()
    assert box is not None
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    left = box["x"] + (box["width"] - WIDTH * scale) / 2
    top = box["y"] + (box["height"] - HEIGHT * scale) / 2
    return left + across * WIDTH * scale, top + down * HEIGHT * scale


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """Draw with the mouse."""
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point), steps=4)
    page.mouse.up()


def figures(page: Page) -> dict[str, float | None]:
    """What the figures beside the picture are, in full precision."""
    page.wait_for_timeout(400)  # they are shown some times a second while one draws
    data = page.locator(".draw-figures:not(.draw-between)").evaluate("node => ({...node.dataset})")
    return {name: float(value) for name, value in data.items()}


def saved_drawing(page: Page) -> bytes:
    with page.expect_download() as waiting:
        page.locator("[data-draw=save]").click()
    assert waiting.value.suggested_filename == "drawing-ids.png"
    return Path(waiting.value.path()).read_bytes()


def drawn(page: Page, size: tuple[int, int] = (WIDTH, HEIGHT)) -> np.ndarray:
    return decode_annotation(saved_drawing(page), *size)


def exported(page: Page) -> dict[str, list[list[str]]]:
    """The rows of the CSV file, by what the drawing is compared with."""
    with page.expect_download() as waiting:
        page.locator(".lab-segmentation .lab-exports button", has_text="CSV").click()
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    found: dict[str, list[list[str]]] = {}
    for against, *row in list(csv.reader(io.StringIO(text)))[1:]:
        found.setdefault(against, []).append(row)
    return found


def open_file(page: Page, kind: str, data: bytes, name: str = "theirs.png") -> None:
    page.locator(f"[data-file={kind}]").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def png(ids: np.ndarray) -> bytes:
    return saved(Image.fromarray(ids.astype(np.uint8)))


def draw_some(page: Page) -> None:
    """A stroke, an outline, a fill up to the edge, and something erased."""
    stroke(page, (0.1, 0.2), (0.4, 0.25), (0.3, 0.6))
    page.keyboard.press("2")
    page.keyboard.press("o")
    for corner in ((0.55, 0.1), (0.95, 0.2), (0.85, 0.6), (0.6, 0.5)):
        page.mouse.click(*at(page, *corner))
    page.mouse.click(*at(page, 0.55, 0.1))
    page.keyboard.press("3")
    page.keyboard.press("f")
    page.mouse.click(*at(page, 0.9, 0.9))
    page.keyboard.press("e")
    stroke(page, (0.2, 0.22), (0.25, 0.22))


def test_the_score_beside_a_drawing_is_that_of_the_endpoint_to_the_pixel(
    page: Page, url: str, lab: Lab, picture: str, tmp_path: Path
) -> None:
    from gradio_client import Client, handle_file

    open_picture(page, url, picture)
    draw_some(page)
    shown, file = figures(page), saved_drawing(page)
    with Image.open(io.BytesIO(file)) as image:
        assert (image.mode, image.size) == ("L", (WIDTH, HEIGHT))
    ids = decode_annotation(file, WIDTH, HEIGHT)
    assert len(np.unique(ids)) == 4, "three classes, and what is not annotated"
    path = tmp_path / "drawing.png"
    path.write_bytes(file)
    client = Client(url, verbose=False, analytics_enabled=False)
    said = client.predict(handle_file(picture), handle_file(str(path)), api_name="/score")
    client.close()
    assert shown["ignored"] == said["ignored"] == (ids == 0).sum()
    assert shown["iou"] == pytest.approx(said["mean_iou"], abs=1e-6)
    assert shown["accuracy"] == pytest.approx(said["pixel_accuracy"], abs=1e-6)
    report = score(SceneQuestion.of_file(lab, picture, "", "exact").result().classes, ids)
    counted = {int(id): (int(both), int(either)) for id, _, both, either, *_ in exported(page)["model"]}
    assert counted == {
        int(id): (int(report.intersection[id]), int(report.union[id])) for id in np.flatnonzero(report.union)
    }
    assert {row["id"]: row["iou"] for row in said["classes"]} == {
        id: pytest.approx(both / either, abs=1e-6) for id, (both, either) in counted.items()
    }


def test_a_fill_stops_at_the_edge_of_the_picture_s_colours(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    page.locator("[data-draw=fill]").click()
    page.mouse.click(*at(page, 0.9, 0.9))
    ids = drawn(page)
    assert (ids[:, WIDTH // 2 :] > 0).all()
    assert (ids[:, : WIDTH // 2] == 0).all()


def test_what_is_drawn_is_undone_and_done_again(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    undo, redo = page.locator("[data-draw=undo]"), page.locator("[data-draw=redo]")
    expect(undo).to_be_disabled()
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    first = figures(page)
    stroke(page, (0.6, 0.8), (0.9, 0.75))
    second = figures(page)
    assert first["ignored"] > second["ignored"] > 0  # type: ignore[operator]
    page.keyboard.press("Control+z")
    assert figures(page) == first
    undo.click()
    expect(undo).to_be_disabled()
    assert figures(page)["ignored"] == WIDTH * HEIGHT
    redo.click()
    assert figures(page) == first
    page.keyboard.press("Control+Shift+z")
    assert figures(page) == second
    page.locator("[data-draw=clear]").click()
    assert figures(page)["ignored"] == WIDTH * HEIGHT
    page.keyboard.press("u")
    assert figures(page) == second


def test_a_drawing_outlives_another_view_another_picture_and_a_reload(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    before, ids = figures(page), drawn(page)
    pick_view(page, "segmentation", "overlay")
    pick_view(page, "segmentation", "truth")
    assert figures(page) == before
    page.locator("#segmentation-tower").click()
    page.wait_for_function(f"document.querySelector('.draw-figures').dataset.ignored !== '{int(before['ignored'])}'")
    page.locator("#segmentation-upload .icon-button-wrapper button").last.click()
    page.locator("#segmentation-upload input[type=file]").first.set_input_files(picture)
    page.wait_for_function(f"document.querySelector('.draw-figures').dataset.ignored === '{int(before['ignored'])}'")
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector(".draw-ready", timeout=90_000)
    assert figures(page) == before
    np.testing.assert_array_equal(drawn(page), ids)


def test_a_saved_drawing_is_opened_again_by_the_studio_and_by_the_annotation_s_box(
    page: Page, url: str, picture: str, tmp_path: Path
) -> None:
    open_picture(page, url, picture)
    draw_some(page)
    before, file = figures(page), saved_drawing(page)
    page.locator("[data-draw=clear]").click()
    open_file(page, "open", file)
    expect(page.locator(".draw-notes")).to_contain_text("theirs.png")
    assert figures(page) == before
    np.testing.assert_array_equal(drawn(page), decode_annotation(file, WIDTH, HEIGHT))
    path = tmp_path / "drawing.png"
    path.write_bytes(file)
    page.locator("[data-way=file]").click()
    page.locator("#segmentation-more").get_by_text(say("en", "segmentation.annotation.title")).click()
    page.locator("#segmentation-annotation input[type=file]").set_input_files(path)
    summary = page.locator(".seg-summary")
    expect(summary).to_contain_text(f"{before['iou']:.3f}", timeout=60_000)
    page.locator("[data-way=drawn]").click()
    assert figures(page) == before


def test_a_second_person_s_drawing_is_compared_side_by_side(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    mine = drawn(page)
    theirs = np.roll(mine, 9, axis=1)
    theirs[120:] = 7
    open_file(page, "second", png(theirs))
    expect(page.locator("[data-place=second]")).to_be_visible()
    boxes = [page.locator(place).bounding_box() for place in (MINE, "[data-place=second]")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"], "side by side"
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
    between = page.locator(".draw-between")

    def check() -> None:
        mine = drawn(page)
        both = (mine > 0) & (theirs > 0)
        ids = sorted({*np.unique(mine[both]), *np.unique(theirs[both])})
        ious = [
            (((mine == id) & (theirs == id) & both).sum() / (((mine == id) | (theirs == id)) & both).sum())
            for id in ids
        ]
        page.wait_for_timeout(300)
        assert float(between.get_attribute("data-iou") or "nan") == pytest.approx(float(np.mean(ious)))
        shares = {name: f"{100 * (one & ~other).mean():.1f} %" for name, one, other in
                  (("first", mine > 0, theirs > 0), ("second", theirs > 0, mine > 0))}  # fmt: skip
        expect(page.locator(".draw-numbers")).to_contain_text(say("en", "drawing.only", **shares))

    check()
    stroke(page, (0.2, 0.9), (0.8, 0.9))  # another class than theirs there
    check()
    page.locator("[data-shown=second]").click()
    expect(page.locator("[data-shown=second]")).to_be_checked()
    page.locator("[data-draw=leave]").click()
    expect(between).to_have_count(0)
    expect(page.locator("[data-shown=mine]")).to_be_checked()


@pytest.mark.parametrize("kind", ["open", "second"])
def test_a_file_that_is_no_drawing_of_this_picture_is_refused_in_place(
    page: Page, url: str, picture: str, kind: str
) -> None:
    open_picture(page, url, picture)
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    before = figures(page)
    ids = np.ones((HEIGHT, WIDTH))
    files = {
        "another size": (png(ids[:, :-1]), "239 × 160"),
        "no class": (png(200 * ids), "200"),
        "a photo": (saved(Image.fromarray(noise(HEIGHT, WIDTH))), "ADE20K"),
        "a text": (b"no picture at all", say("en", "images.errors.text")),
        "too many bytes": (bytes(10_000_001), say("en", "images.errors.too_many_bytes", limit=10)),
    }
    for name, (data, said) in files.items():
        open_file(page, kind, data, f"{name}.png")
        wrong = page.locator(".draw-wrong")
        expect(wrong).to_contain_text(name)
        expect(wrong).to_contain_text(said)
        assert figures(page) == before
    expect(page.locator("[data-place=second]")).to_be_hidden()
    open_file(page, kind, png(3 * ids))
    expect(page.locator(".draw-wrong")).to_be_hidden()


def test_the_keyboard_alone_draws_outlines_fills_and_erases(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    page.locator(MINE).focus()
    first = int(page.locator(".draw-one").first.get_attribute("data-class") or 0)
    other = int(page.locator(".draw-one").nth(1).get_attribute("data-class") or 0)

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    press("1", "b", "Enter")
    dab = drawn(page)
    assert set(np.unique(dab)) == {0, first}
    assert dab[HEIGHT // 2, WIDTH // 2] == first, "the cross begins in the middle"
    page.locator(MINE).focus()
    press("Space", *["ArrowRight"] * 4, "Space", "ArrowRight")
    line = drawn(page)
    assert (line > 0).sum() > 2 * (dab > 0).sum()
    page.locator(MINE).focus()
    press("e", *["ArrowLeft"] * 5, "Enter")
    assert drawn(page)[HEIGHT // 2, WIDTH // 2] == 0, "the cross is where it was left"
    page.locator(MINE).focus()
    press("2", "o", "Enter", *["ArrowUp"] * 6, "Enter", *["ArrowLeft"] * 6, "Enter", "Enter", "Backspace", "c")
    outlined = drawn(page)
    assert (outlined == other).sum() > 100
    page.locator(MINE).focus()
    press("1", "f", "Enter")
    assert (drawn(page) > 0).sum() > (outlined > 0).sum()
    page.locator(MINE).focus()
    press("Shift+ArrowLeft")
    expect(page.locator(".draw-said")).to_contain_text("model")
    scale = page.locator(".draw-scale").inner_text()
    press("+")
    expect(page.locator(".draw-scale")).not_to_have_text(scale)
    press("0")
    expect(page.locator(".draw-scale")).to_have_text(scale)


def test_the_tools_are_one_tab_stop_and_so_are_the_classes(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture)
    for group in (".draw-bar", ".draw-classes"):
        stops = page.locator(f"{group} button:not(:disabled)").evaluate_all("all => all.map((one) => one.tabIndex)")
        assert stops.count(0) == 1
    page.locator("[data-draw=brush]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-draw=outline]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-draw=outline]")).to_have_attribute("aria-pressed", "true")


def fingers(page: Page) -> Callable[..., None]:
    """What puts fingers on the screen at points of the page, as the browser's own protocol does."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    return touch


def test_one_finger_draws_and_two_zoom_without_drawing(new_context: Make, url: str, picture: str) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True)[0].new_page()
    open_picture(page, url, picture)
    page.locator(MINE).scroll_into_view_if_needed()
    top, touch = page.evaluate("scrollY"), fingers(page)
    touch("touchStart", at(page, 0.2, 0.3))
    for across in (0.3, 0.4, 0.5):
        touch("touchMove", at(page, across, 0.5))
    touch("touchEnd")
    before = figures(page)
    assert before["ignored"] < WIDTH * HEIGHT  # type: ignore[operator]
    assert page.evaluate("scrollY") == top, "the page stays under the finger"
    scale = page.locator(".draw-scale").inner_text()
    touch("touchStart", at(page, 0.4, 0.5))
    touch("touchMove", at(page, 0.42, 0.5))
    touch("touchStart", at(page, 0.42, 0.5), at(page, 0.6, 0.5))
    touch("touchMove", at(page, 0.2, 0.5), at(page, 0.8, 0.5))
    touch("touchEnd")
    expect(page.locator(".draw-scale")).not_to_have_text(scale)
    assert figures(page) == before, "what the first finger began is taken back"
    expect(page.locator("[data-draw=redo]")).to_be_disabled()
    page.locator("[data-draw=fit]").tap()
    expect(page.locator(".draw-scale")).to_have_text(scale)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_class_is_found_by_its_name_and_one_that_the_model_does_not_know_is_said_so(
    page: Page, url: str, picture: str
) -> None:
    open_picture(page, url, picture)
    known = page.locator(".draw-one").count()
    assert known == 5
    page.locator(".draw-search").fill("lamp")
    expect(page.locator(".draw-one").first).to_have_attribute("title", say("en", "drawing.strange", name="lamp"))
    page.locator(".draw-search").press("Enter")
    expect(page.locator(".draw-class")).to_contain_text("lamp")
    page.locator(".draw-search").fill("zzz")
    expect(page.get_by_text(say("en", "drawing.no_class"))).to_be_visible()
    page.locator(".draw-search").press("Escape")
    expect(page.locator(".draw-one")).to_have_count(known)


def test_a_persian_page_draws_from_right_to_left(page: Page, url: str, picture: str) -> None:
    open_picture(page, url, picture, lang="fa")
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    assert figures(page)["ignored"] < WIDTH * HEIGHT  # type: ignore[operator]
    ids = drawn(page)
    assert (ids[:, : WIDTH // 2] > 0).any(), "the picture itself is not mirrored"
    assert (ids[:, WIDTH // 2 :] == 0).all()
    names = [*page.locator(".draw-one span").all_inner_texts(), *page.locator(".draw-options").all_inner_texts()]
    assert not any("a" <= letter <= "z" for name in names for letter in name)
    first, last = (page.locator(f"[data-draw={name}]").bounding_box() for name in ("brush", "clear"))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"], "tools begin at the right"


def test_a_drawing_of_25_megapixels_is_drawn_undone_saved_and_opened_again(
    page: Page, url: str, tmp_path: Path
) -> None:
    side = 5000
    pixels = np.full((side, side, 3), 90, np.uint8)
    pixels[:, side // 2 :] = 190
    open_picture(page, url, save(tmp_path / "large.png", pixels))
    box = page.locator(MINE).bounding_box()
    assert box is not None
    middle, top, high = box["x"] + box["width"] / 2, box["y"], box["height"]
    page.mouse.move(middle - 0.3 * high, top + 0.2 * high)
    page.mouse.down()
    page.mouse.move(middle - 0.1 * high, top + 0.7 * high, steps=30)
    page.mouse.up()
    one = figures(page)
    assert 0 < side * side - (one["ignored"] or 0) < 0.1 * side * side
    page.locator("[data-draw=fill]").click()
    page.mouse.click(middle + 0.3 * high, top + 0.5 * high)
    page.wait_for_function("before => Number(document.querySelector('.draw-figures').dataset.ignored) < before",
                           arg=one["ignored"])  # fmt: skip
    two = figures(page)
    assert (one["ignored"] or 0) - (two["ignored"] or 0) == side * side / 2, "as far as the edge, to the pixel"
    file = saved_drawing(page)
    assert len(file) < 10_000_000
    assert (decode_annotation(file, side, side) == 0).sum() == two["ignored"]
    page.locator("[data-draw=undo]").click()
    assert figures(page) == one
    open_file(page, "open", file)
    expect(page.locator(".draw-notes")).to_contain_text("theirs.png", timeout=60_000)
    assert figures(page) == two


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fa", "dark")])
def test_nothing_overlaps_and_axe_finds_nothing_serious(
    new_context: Make, url: str, picture: str, language: str, theme: str
) -> None:
    page = new_context(viewport={"width": 1280, "height": 800})[0].new_page()
    open_picture(page, url, picture, lang=language, __theme=theme)
    stroke(page, (0.1, 0.2), (0.4, 0.25))
    open_file(page, "second", png(np.full((HEIGHT, WIDTH), 3)))
    expect(page.locator("[data-place=second]")).to_be_visible()
    page.wait_for_function(SETTLED)
    assert serious(page) == []
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        assert page.evaluate(FAULTS, "segmentation") == []
