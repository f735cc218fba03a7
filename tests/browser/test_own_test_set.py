"""The class's own test set in a browser: added, cut, labelled, answered, saved and opened again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.data.test_sets import read_test_set
from core.lab.lab import Lab
from core.metrics import wilson_interval
from core.texts import say
from server.upload_store import own_folder
from tests.browser.conftest import Watch
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.data.set_files import changed, files_of, noise, zipped
from tests.serving import serving

NONE = 10


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root, data = tmp_path_factory.mktemp("cifar"), tmp_path_factory.mktemp("data")
    write_folders(root)
    (data / "test_sets").mkdir()
    pictures = list(shipped().pixels[:6])
    (data / "test_sets" / "7b.zip").write_bytes(zipped(files_of(pictures, ["cat", "none", *["ship"] * 4])))
    return lab_of(root, data=data)


@pytest.fixture(scope="module")
def url(lab: Lab) -> Iterator[str]:
    with serving(lab) as address:
        yield address


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three wide photographs: on the left a picture of the test set, on the right another one."""
    root = tmp_path_factory.mktemp("pictures")
    paths = []
    for i in range(3):
        wide = np.concatenate([shipped().pixels[i], shipped().pixels[i + 10]], axis=1)  # (32, 64, 3)
        paths.append(root / f"wide{i}.png")
        Image.fromarray(wide).save(paths[-1])
    return paths


def begin(page: Page, url: str, more: str = "") -> None:
    page.goto(f"{url}/?lab=cifar&view=evaluation&source=own{more}")
    expect(page.locator("#cifar-evaluation .lab-viewer")).to_have_attribute("data-state", "own", timeout=120_000)


def give(page: Page, *paths: Path | str | dict[str, Any]) -> None:
    page.set_input_files(".cifar-own-files", list(paths))  # type: ignore[arg-type]


def label(page: Page, place: int) -> None:
    """Say what is on the picture, and wait until it has been answered."""
    name = page.locator(".cifar-own-name").inner_text()
    page.click(f"[data-label='{place}']")
    page.wait_for_function("(name) => document.querySelector('.cifar-own-name')?.innerText !== name", arg=name)


def counted(page: Page, matrix: int) -> int:
    script = """([n]) => [...document.querySelectorAll('#cifar-evaluation .cifar-matrices .cifar-one')[n]
        .querySelectorAll('.cifar-cell')].reduce((sum, cell) => sum + (Number(cell.textContent) || 0), 0)"""
    return int(page.evaluate(script, [matrix]))


def expect_counted(page: Page, count: int) -> None:
    number = say("en", "cifar.state.own", seen=count, source=say("en", "cifar.sources.own"))
    expect(page.locator("#cifar-evaluation .cifar-status")).to_have_text(number)
    assert counted(page, 0) == counted(page, 1) == count


def saved(page: Page) -> bytes:
    with page.expect_download() as waiting:
        page.click("[data-own=save]")
    return Path(waiting.value.path()).read_bytes()


def opened(page: Page, content: bytes) -> None:
    page.set_input_files(".cifar-own-zip", {"name": "of <b>7b.zip", "mimeType": "application/zip", "buffer": content})


def added(page: Page, *pixels: np.ndarray) -> None:
    """Pictures of 32×32, each labelled a cat."""
    for i, one in enumerate(pixels):
        file = io.BytesIO()
        Image.fromarray(one).save(file, "PNG")
        give(page, {"name": f"{i}.png", "mimeType": "image/png", "buffer": file.getvalue()})
        expect(page.locator(".cifar-own-name")).to_contain_text(f"{i}.png")
        label(page, 3)


def test_pictures_are_added_cut_labelled_answered_saved_and_opened_again(
    page: Page, url: str, pictures: list[Path]
) -> None:
    begin(page, url)
    expect_counted(page, 0)
    give(page, *pictures)
    expect(page.locator(".cifar-own-name")).to_contain_text("wide0.png · 1 of 3")
    frame = page.locator(".cifar-crop-frame")
    for _ in range(4):
        frame.press("Shift+ArrowLeft")
    for _ in range(2):
        frame.press("Shift+ArrowLeft")
    expect(frame).to_have_attribute("aria-label", say("en", "cifar.own.square", side=32, x=0, y=0))
    label(page, 3)
    expect_counted(page, 1)
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(frame).to_have_attribute("aria-label", say("en", "cifar.own.square", side=32, x=32, y=0))
    label(page, 8)
    expect_counted(page, 2)
    label(page, NONE)
    expect_counted(page, 2)
    expect(page.locator("#cifar-own .cifar-own-some h3")).to_contain_text("none of the ten")
    expect(page.locator("#cifar-own .cifar-own-some figure")).to_contain_text("%")
    expect(page.locator("#cifar-own .cifar-own-last")).to_contain_text("file: wide2.png")
    expect(page.locator("#cifar-evaluation canvas.cifar-thumbs")).to_have_count(4)
    expect(page.locator("#cifar-evaluation .cifar-agree")).to_contain_text("McNemar")
    first = saved(page)
    found = read_test_set(first)
    np.testing.assert_array_equal(found[0].pixels, shipped().pixels[0])
    np.testing.assert_array_equal(found[1].pixels, shipped().pixels[11])
    assert [one.label for one in found] == [3, 8, NONE]
    page.click("[data-own=empty]")
    expect(page.locator("[data-own=empty]")).to_have_text(say("en", "cifar.own.empty_sure"))
    page.click("[data-own=empty]")
    expect_counted(page, 0)
    opened(page, first)
    expect_counted(page, 2)
    expect(page.locator("#cifar-pictures figure")).to_have_count(3)
    expect(page.locator("#cifar-pictures figure").first).to_contain_text("of <b>7b.zip")
    assert saved(page) == first
    opened(page, first)
    expect(page.locator("#cifar-own .lab-notes")).to_contain_text("3 pictures of it were here already")
    assert not [path for path in own_folder().rglob("*.zip") if path.is_file()], "the server keeps no zip"


def test_accuracies_have_their_intervals_and_cells_lead_to_their_pictures(page: Page, url: str) -> None:
    begin(page, url)
    added(page, *shipped().pixels[:4])
    expect_counted(page, 4)
    for m in range(2):
        one = page.locator("#cifar-evaluation .cifar-one").nth(m)
        diagonal = one.locator("[data-cell='3-3']").inner_text()
        hits = int(diagonal) if diagonal.isdigit() else 0
        low, high = (f"{100 * share:.1f} %" for share in wilson_interval(hits, 4))
        expect(one.locator(".cifar-said")).to_contain_text(say("en", "cifar.interval", low=low, high=high))
    cell = page.locator("#cifar-evaluation .cifar-cell:has(canvas)").first
    count = int(cell.inner_text())
    cell.click()
    expect(page.locator("#cifar-pictures figure")).to_have_count(count)
    expect(page.locator("#cifar-pictures h3")).to_contain_text("true cat")
    page.locator("#cifar-pictures figure .cifar-own-label").first.select_option(str(NONE))
    expect_counted(page, 3)
    expect(page.locator("#cifar-pictures figure")).to_have_count(count - 1)
    page.locator("#cifar-own .cifar-own-remove").click()
    expect(page.locator("#cifar-own .cifar-own-some")).to_have_count(0)
    expect_counted(page, 3)


def test_a_set_outlives_a_change_of_language_and_is_read_from_the_right(page: Page, url: str) -> None:
    begin(page, url)
    added(page, *shipped().pixels[:2])
    page.wait_for_timeout(1500)  # until the tab has kept it
    begin(page, url, "&lang=fa")
    expect(page.locator("#cifar-pictures figure")).to_have_count(2)
    own = page.locator("#cifar-own .lab-viewer")
    expect(own).to_have_attribute("dir", "rtl")
    expect(own).to_contain_text(say("fa", "cifar.own.save"))
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("۲ تصویر شمرده می‌شود")
    assert counted(page, 0) == 2
    give(page, {"name": "x.png", "mimeType": "image/png", "buffer": b"broken"})
    expect(own).to_contain_text("این مرورگر نمی‌تواند آن را به‌صورت تصویر بخواند")


def test_it_is_all_done_by_keyboard(page: Page, url: str, pictures: list[Path]) -> None:
    begin(page, url)
    give(page, pictures[0], pictures[1])
    expect(page.locator(".cifar-crop-frame")).to_be_visible()
    page.locator(".cifar-crop-frame").focus()
    page.keyboard.press("-")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.label") == "0"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.label") == str(NONE)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".cifar-own-name")).to_contain_text("2 of 2")
    page.wait_for_function("document.activeElement.dataset.label === '0'")
    page.keyboard.press("Enter")
    expect_counted(page, 2)


def test_a_finger_moves_and_resizes_the_square_on_a_phone(
    url: str, pictures: list[Path], new_context: Callable[..., tuple[BrowserContext, Watch]]
) -> None:
    context, _ = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    begin(page, url, "&__theme=dark")
    give(page, pictures[0], pictures[1])
    page.locator("[data-label='3']").tap()
    expect(page.locator(".cifar-own-name")).to_contain_text("2 of 2")
    frame = page.locator(".cifar-crop-frame")
    expect(frame).to_be_visible()
    frame.scroll_into_view_if_needed()
    touch = context.new_cdp_session(page)

    def drag(x: float, y: float, dx: float, dy: float) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 5):
            points = [{"x": x + dx * step / 4, "y": y + dy * step / 4}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box = frame.bounding_box()
    assert box
    drag(box["x"] + 40, box["y"] + 40, -200, 0)
    expect(frame).to_have_attribute("aria-label", say("en", "cifar.own.square", side=32, x=0, y=0))
    box = frame.bounding_box()
    assert box
    drag(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6, -300, -300)
    expect(frame).to_have_attribute("aria-label", say("en", "cifar.own.square", side=16, x=0, y=0))
    label(page, CIFAR10.index("ship"))
    expect_counted(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392


def test_turned_animated_broken_and_too_large_pictures(page: Page, url: str) -> None:
    begin(page, url)
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:, :40] = (250, 10, 10)
    turned, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 3, "of a secret place"
    Image.fromarray(upright).save(turned, "PNG", exif=exif)
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("blue", "lime", "red")]
    animated = io.BytesIO()
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:], duration=20, loop=0)
    large = io.BytesIO()
    Image.new("L", (9000, 9000)).save(large, "PNG")
    kinds = {"turned": turned, "broken": io.BytesIO(b"\x89PNG\r\n\x1a\nbroken"), "large": large, "animated": animated}
    files = [{"name": name, "mimeType": "image/png", "buffer": file.getvalue()} for name, file in kinds.items()]
    give(page, *files)
    expect(page.locator(".cifar-own-name")).to_contain_text("turned")
    for _ in range(6):
        page.locator(".cifar-crop-frame").press("Shift+ArrowRight")
    label(page, 0)
    expect(page.locator(".cifar-own-name")).to_contain_text("animated")
    notes = page.locator("#cifar-own .lab-notes")
    expect(notes).to_contain_text("broken: this browser cannot read it")
    expect(notes).to_contain_text("large: more than 50 million pixels")
    page.wait_for_timeout(100)
    label(page, 1)
    content = saved(page)
    found = read_test_set(content)
    assert found[0].pixels[16, 16].tolist() == [250, 10, 10], "upright: what was left is right"
    assert found[1].pixels[16, 16].tolist() == [0, 0, 255], "the first frame"
    assert b"secret" not in content
    assert b"eXIf" not in content


def test_a_camera_is_looked_through_where_that_is_allowed(page: Page, url: str) -> None:
    page.add_init_script("""navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 64;
      const pen = canvas.getContext('2d');
      setInterval(() => { pen.fillStyle = 'rgb(20, 200, 40)'; pen.fillRect(0, 0, 64, 64); }, 20);
      window.stream = canvas.captureStream();
      return window.stream;
    }""")
    begin(page, url)
    page.click("[data-own=camera]")
    page.wait_for_function("document.querySelector('.cifar-camera')?.videoWidth > 0")
    page.click("[data-own=take]")
    expect(page.locator(".cifar-own-name")).to_contain_text("camera")
    assert page.evaluate("window.stream.getTracks().every((track) => track.readyState === 'ended')")
    label(page, 6)
    (found,) = read_test_set(saved(page))
    assert found.source == "camera"
    assert abs(found.pixels[16, 16].astype(int) - (20, 200, 40)).max() < 12


@pytest.mark.parametrize("refused", [False, True])
def test_without_a_camera_of_the_pages_own_a_photograph_is_chosen(page: Page, url: str, refused: bool) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }"
        if refused
        else "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"  # as over plain http
    )
    begin(page, url)
    if refused:
        page.click("[data-own=camera]")
        expect(page.locator("#cifar-own .lab-notes")).to_have_text(say("en", "cifar.own.no_camera"))
    with page.expect_file_chooser() as choosing:
        page.click("[data-own=camera]")
    field = choosing.value.element
    assert field.get_attribute("capture") == "environment"
    assert (field.get_attribute("accept") or "").startswith("image/")


def test_a_picture_is_pasted(page: Page, url: str) -> None:
    begin(page, url)
    page.evaluate("""async () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 50;
      const blob = await new Promise((resolve) => canvas.toBlob(resolve));
      const data = new DataTransfer();
      data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }""")
    expect(page.locator(".cifar-own-name")).to_contain_text("clipboard")
    label(page, 2)
    assert [one.source for one in read_test_set(saved(page))] == ["clipboard"]


def test_a_wrong_zip_gets_a_sentence_and_leaves_the_set_as_it_was(page: Page, url: str) -> None:
    begin(page, url)
    added(page, shipped().pixels[0])
    files = files_of([noise()])
    files["pictures/0001.png"] = files_of([noise(seed=1)])["pictures/0001.png"]
    failed = page.locator("#cifar-own .lab-failed")
    for content, words in (
        (zipped(files), "its SHA-256 is another one"),
        (zipped({**files_of([noise()]), "../x.png": b""}), "does not belong"),
        (changed(lambda manifest: manifest["pictures"][0].update(label="zebra")), "labels pictures/0001.png “zebra”"),
        (b"no zip", "no zip"),
    ):
        opened(page, content)
        expect(failed).to_contain_text(words)
        expect_counted(page, 1)
    opened(page, zipped(files_of([noise(seed=9)])))
    expect(failed).to_have_count(0)
    expect_counted(page, 2)


def test_a_thousand_pictures_are_opened_and_one_more_is_refused(page: Page, url: str) -> None:
    begin(page, url)
    opened(page, zipped(files_of([noise(seed=i) for i in range(1000)])))
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("1,000 pictures count", timeout=120_000)
    expect(page.locator("#cifar-pictures figure")).to_have_count(48)
    give(page, {"name": "x.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator("#cifar-own .lab-notes")).to_contain_text("up to 1,000 pictures")


def test_a_zip_of_the_data_folder_is_a_source_and_opens_as_our_own(page: Page, url: str) -> None:
    page.goto(f"{url}/?lab=cifar&view=evaluation&source=set:7b&count=5")
    expect(page.locator("#cifar-evaluation .lab-viewer")).to_have_attribute("data-state", "done", timeout=120_000)
    page.click("#cifar-start")
    status = page.locator("#cifar-evaluation .cifar-status")
    expect(status).to_contain_text("7b.zip")
    expect(status).to_contain_text("All 5 seen")
    expect(page.locator("#cifar-evaluation .lab-notes")).to_contain_text("1 picture is none of the ten")
    begin(page, url)
    page.click("[data-set='set:7b']")
    expect_counted(page, 5)
    expect(page.locator("#cifar-pictures figure").first).to_contain_text("7b.zip")
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(saved(page))).read("manifest.json"))
    assert {len(one["sha256"]) for one in manifest["pictures"]} == {len(hashlib.sha256().hexdigest())}
