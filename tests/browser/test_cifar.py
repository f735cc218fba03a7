"""The CIFAR-10 lab in a browser, over tiny models and enough pictures that an evaluation can be watched and stopped."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.lab.disagreement import disagreement
from core.lab.lab import Lab
from core.lab.pictures import classify_picture
from core.networks.classifier import Classifier
from core.texts import say
from tests.browser.conftest import Watch
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.data.test_galleries import write_parquet
from tests.serving import serving

expect.set_options(timeout=30_000)  # the machine may be busy with others' work
FIRST = "&source=shipped&place=0"
COPIES = 500  # of the twenty pictures: 10,000 for the data folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return root


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose test split is the shipped pictures many times over, each changed in one pixel of its own."""
    root = tmp_path_factory.mktemp("data")
    pixels = np.tile(shipped().pixels, (COPIES, 1, 1, 1))
    places = np.arange(len(pixels))
    pixels[:, 0, 0] = np.stack([places % 251, places // 251, 255 - pixels[:, 0, 0, 2]], axis=1)
    write_parquet(root / "cifar10" / "test.parquet", pixels, np.tile(shipped().labels, COPIES))
    write_parquet(root / "cifar10" / "train.parquet", shipped().pixels, shipped().labels)
    return root


@pytest.fixture(scope="module")
def lab(folders: Path, data: Path) -> Lab:
    return lab_of(folders, data=data)


@pytest.fixture(scope="module")
def url(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        answer = Classifier.probabilities

        def unhurried(self: Classifier, pixels: Any) -> Any:
            time.sleep(len(pixels) / 4000)  # else these tiny models would be done before anybody could press Stop
            return answer(self, pixels)

        patch.setattr(Classifier, "probabilities", unhurried)
        with serving(lab) as address:
            yield address


def open_view(page: Page, url: str, view: str, more: str = "") -> None:
    page.goto(f"{url}/?lab=cifar&view={view}{more}")


def state(page: Page, viewer: str = "evaluation") -> Any:
    return page.locator(f"#cifar-{viewer} .lab-viewer")


def total(page: Page, matrix: int = 0) -> int:
    """The sum of a matrix as it stands on the page."""
    script = """([n]) => [...document.querySelectorAll('#cifar-evaluation .cifar-matrices .cifar-one')[n]
        .querySelectorAll('.cifar-cell')].reduce((sum, cell) => sum + (Number(cell.textContent) || 0), 0)"""
    return int(page.evaluate(script, [matrix]))


def seen(page: Page) -> int:
    text = page.locator("#cifar-evaluation .cifar-status").inner_text()
    numbers = re.findall(r"[\d,]+", text)
    return int(numbers[0].replace(",", ""))


def prepare(page: Page, url: str, count: int) -> None:
    """Open the view by a link that names the count; the recorded run is there to begin with."""
    open_view(page, url, "evaluation", f"&count={count}&source=data")
    expect(state(page)).to_have_attribute("data-state", "done", timeout=120_000)


def start(page: Page, url: str, count: int) -> None:
    """Prepare, and press Start."""
    prepare(page, url, count)
    page.click("#cifar-start")


def test_the_first_view_opens_with_both_models_answers(page: Page, url: str, lab: Lab, watch: Watch) -> None:
    page.goto(url)
    page.get_by_role("tab", name="CIFAR-10").click()
    models = page.locator("#cifar-picture .cifar-model")
    expect(models).to_have_count(2)
    expect(models.first).to_contain_text("%")
    place = disagreement(lab, shipped(), np.arange(20))
    expect(page.locator(f".cifar-pick[data-place='{place}']")).to_have_attribute("aria-pressed", "true")
    named = say("en", f"cifar.classes.{CIFAR10[shipped().labels[place]]}")
    expect(page.locator("#cifar-picture")).to_contain_text(f"Labelled: {named}")
    expect(page.locator("#cifar-picture .cifar-agree")).to_contain_text("They disagree")


def test_both_matrices_grow_beside_the_first_picture_and_lead_to_the_live_evaluation(
    page: Page, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.pictures.recorded.STEP", 2)  # of the twenty pictures that these models were recorded on
    open_view(page, url, "picture")
    sums = """() => [...document.querySelectorAll('#cifar-picture .cifar-one')].map((one) =>
        [...one.querySelectorAll('.cifar-cell')].reduce((sum, cell) => sum + (Number(cell.textContent) || 0), 0))"""
    again = "document.querySelector('.cifar-grown button')"
    page.wait_for_selector(".cifar-grown")
    assert page.evaluate(f"() => {{ {again}.click(); return ({sums})(); }}") == [2, 2]
    pick(page, 4)  # another picture leaves them as they are
    expect(page.locator(".cifar-grown")).to_contain_text("20 of 20")
    assert page.evaluate(sums) == [20, 20]
    page.locator("#cifar-picture .cifar-cell").first.click()
    expect(page.locator("#cifar-evaluation")).to_be_visible()


def test_who_wants_no_motion_sees_the_whole_recording_at_once(
    page: Page, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.pictures.recorded.STEP", 2)
    page.emulate_media(reduced_motion="reduce")
    open_view(page, url, "picture")
    page.wait_for_selector(".cifar-grown")
    said = "(() => { document.querySelector('.cifar-grown button').click();"
    assert "20 of 20" in page.evaluate(f"{said} return document.querySelector('.cifar-grown').textContent; }})()")


def test_a_link_opens_its_picture_and_an_upload_is_shown_as_the_models_get_it(
    page: Page, url: str, tmp_path: Path, watch: Watch
) -> None:
    open_view(page, url, "picture", "&source=shipped&place=3")
    expect(page.locator("#cifar-picture")).to_contain_text("Labelled: airplane")
    Image.new("RGB", (60, 40), (10, 200, 30)).save(tmp_path / "<img src=x onerror=alert(1)>.png")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "<img src=x onerror=alert(1)>.png")
    expect(page.locator("#cifar-picture")).to_contain_text("40×40 of 60×40 to 32×32")
    pixel = page.evaluate(
        "[...document.querySelector('.cifar-shown canvas').getContext('2d').getImageData(5, 5, 1, 1).data]"
    )
    assert pixel == [10, 200, 30, 255]
    page.click("[data-given=patches]")
    expect(page.locator(".cifar-patches canvas")).to_have_count(64)
    assert watch.dialogs == []


def shown_pixel(page: Page) -> list[int]:
    script = "[...document.querySelector('.cifar-shown canvas').getContext('2d').getImageData(5, 5, 1, 1).data]"
    found: list[int] = page.evaluate(script)
    return found


def test_the_square_of_a_wide_picture_is_chosen_by_slider_and_by_pointer(page: Page, url: str, tmp_path: Path) -> None:
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, :40], wide[:, 40:80], wide[:, 80:] = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    open_view(page, url, "picture")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "wide.png")
    view = page.locator("#cifar-picture")
    expect(view).to_contain_text("40×40 of 120×40 to 32×32")
    assert shown_pixel(page) == [0, 200, 0, 255]
    slider = page.get_by_label(say("en", "cifar.picture.square"))
    slider.focus()
    slider.press("Home")
    page.wait_for_function(
        "document.querySelector('.cifar-shown canvas').getContext('2d').getImageData(5, 5, 1, 1).data[0] === 200"
    )
    page.locator(".cifar-whole").click(position={"x": 130, "y": 10})
    page.wait_for_function(
        "document.querySelector('.cifar-shown canvas').getContext('2d').getImageData(5, 5, 1, 1).data[2] === 200"
    )
    expect(page.locator(".cifar-whole img")).to_have_count(1)


def test_a_white_picture_is_said_to_have_nothing_on_it_and_a_class_to_be_forced(
    page: Page, url: str, tmp_path: Path
) -> None:
    open_view(page, url, "picture")
    view = page.locator("#cifar-picture")
    expect(view).to_contain_text("Labelled")
    forced, plain = say("en", "cifar.picture.forced"), say("en", "cifar.picture.plain")
    assert forced not in view.inner_text()
    Image.new("RGB", (32, 32), (255, 255, 255)).save(tmp_path / "white.png")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "white.png")
    expect(view).to_contain_text(forced)
    expect(view).to_contain_text(plain)
    assert "scaled from" not in view.inner_text(), "32×32 is not scaled to 32×32"


def test_the_matrix_is_normalised_by_what_was_said_too(page: Page, url: str) -> None:
    prepare(page, url, 20)
    expect(state(page)).to_have_attribute("data-state", "done")
    cells = "[...document.querySelector('#cifar-evaluation .cifar-matrix').querySelectorAll('.cifar-cell')]"
    read = f"{cells}.map((cell) => Number(cell.textContent) || 0)"
    counts = np.array(page.evaluate(read)).reshape(10, 10)
    for numbers, axis in (("column", 0), ("row", 1)):
        page.locator("#cifar-evaluation .cifar-numbers").select_option(numbers)
        shares = np.array(page.evaluate(read)).reshape(10, 10)
        sums = counts.sum(axis=axis, keepdims=True)
        expected = np.floor(100 * np.divide(counts, sums, out=np.zeros(counts.shape), where=sums > 0) + 0.5)
        np.testing.assert_array_equal(shares, expected)
        label = page.evaluate(f"{cells}.find((cell) => Number(cell.textContent)).getAttribute('aria-label')")
        assert label.endswith(f"of this {numbers})")


def test_a_broken_upload_gets_one_sentence_and_the_next_one_works(page: Page, url: str, tmp_path: Path) -> None:
    open_view(page, url, "picture")
    expect(page.locator("#cifar-picture .cifar-model")).to_have_count(2)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "broken.png")
    failed = page.locator("#cifar-picture .lab-failed")
    expect(failed).to_contain_text("damaged")
    page.get_by_label("Remove Image").click()
    Image.new("RGB", (32, 32), (1, 2, 3)).save(tmp_path / "whole.png")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "whole.png")
    expect(page.locator("#cifar-picture")).to_contain_text("No label is known")
    expect(failed).to_have_count(0)


def test_a_picture_of_just_32_by_32_is_not_said_to_be_scaled(page: Page, url: str, tmp_path: Path) -> None:
    open_view(page, url, "picture")
    expect(page.locator("#cifar-picture .cifar-model")).to_have_count(2)
    Image.new("RGB", (32, 32), (1, 2, 3)).save(tmp_path / "exact.png")
    page.set_input_files("#cifar-upload input[type=file]", tmp_path / "exact.png")
    expect(page.locator("#cifar-picture")).to_contain_text("No label is known")
    expect(page.locator("#cifar-picture")).not_to_contain_text("to 32×32")


def test_matrices_grow_stop_and_open_on_their_pictures(page: Page, url: str) -> None:
    start(page, url, 10_000)
    expect(state(page)).to_have_attribute("data-state", "running")
    sums = []
    while len(set(sums)) < 3 and state(page).get_attribute("data-state") == "running":
        sums.append(total(page))
        page.wait_for_timeout(150)
    assert sums == sorted(sums)
    assert len(set(sums)) >= 3
    page.click("#cifar-stop")
    expect(state(page)).to_have_attribute("data-state", "stopped")
    assert total(page, 0) == total(page, 1) == seen(page) < 10_000
    matrix = page.locator("#cifar-evaluation .cifar-one").first
    with page.expect_download() as waiting:
        page.locator("#cifar-evaluation .lab-exports button", has_text="PNG").click()
    with Image.open(waiting.value.path()) as image:
        assert image.width > 1200
    cell = matrix.locator(".cifar-cell", has_text=re.compile(r"^\d+$")).first
    count = int(cell.inner_text())
    cell.click()
    figures = page.locator("#cifar-pictures figure")
    expect(figures).to_have_count(min(count, 48))
    expect(figures.first.locator("canvas")).to_have_count(1)
    expect(figures.first).to_contain_text("%")


def test_the_difference_view_and_the_surest_mistakes_open_pictures(page: Page, url: str) -> None:
    start(page, url, 200)
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 200 seen")
    page.click("[data-mode=difference]")
    expect(page.locator("#cifar-evaluation .cifar-one").first).to_contain_text("wrong")
    page.click("[data-worst='0']")
    expect(page.locator("#cifar-pictures figure").first).to_be_visible()
    expect(page.locator("#cifar-pictures h3")).to_contain_text("surest")


def test_a_recorded_run_says_so_and_lists_cells_without_pictures(page: Page, url: str) -> None:
    open_view(page, url, "evaluation")
    expect(page.locator("#cifar-evaluation")).to_contain_text("This is a recording")
    page.locator("#cifar-evaluation .cifar-cell", has_text=re.compile(r"^\d+$")).first.click()
    expect(page.locator("#cifar-pictures li").first).to_have_text(re.compile(r"^#\d+ \w+"))
    expect(page.locator("#cifar-pictures")).to_contain_text("not at hand")
    expect(page.locator("#cifar-pictures figure")).to_have_count(0)  # no empty squares


def test_two_browsers_keep_apart_and_a_stop_in_one_leaves_the_other_running(
    url: str, new_context: Callable[..., tuple[BrowserContext, Watch]]
) -> None:
    first, second = (new_context()[0].new_page() for _ in range(2))
    prepare(first, url, 10_000)
    prepare(second, url, 700)
    first.click("#cifar-start")
    second.click("#cifar-start")
    first.click("#cifar-stop")
    expect(state(first)).to_have_attribute("data-state", "stopped")
    expect(second.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 700 seen")
    assert total(second, 0) == total(second, 1) == 700
    assert total(first, 0) == total(first, 1) == seen(first)


def free(lab: Lab) -> bool:
    """Whether nobody computes any more, or soon so: a wait for a state, not a measure of speed."""
    for _ in range(200):
        if not any(model.uses for model in lab.registry.state()):
            return True
        time.sleep(0.1)
    return False


def starts(page: Page) -> list[str]:
    """Collects the evaluations that the page asks for from now on."""
    found: list[str] = []

    def note(request: Any) -> None:
        if "/queue/join" in request.url and '"cifar.evaluate"' in (request.post_data or ""):
            found.append(request.url)

    page.on("request", note)
    return found


def test_stop_ends_the_computing_says_so_and_the_next_run_works(page: Page, url: str, lab: Lab) -> None:
    start(page, url, 10_000)
    expect(state(page)).to_have_attribute("data-state", "running")
    page.click("#cifar-stop")
    expect(state(page)).to_have_attribute("data-state", "stopped")
    done = seen(page)
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text(f"Stopped after {done:,} of 10,000")
    assert free(lab)
    assert seen(page) == done < 10_000
    page.click("#cifar-stop")  # once more, when nothing runs
    page.locator("#cifar-count input").fill("300")
    page.click("#cifar-start")
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 300 seen")
    assert total(page, 0) == total(page, 1) == 300


def test_a_double_click_on_start_is_one_run_and_the_next_one_works(page: Page, url: str, lab: Lab) -> None:
    prepare(page, url, 700)
    asked = starts(page)
    page.dblclick("#cifar-start")
    sums = [total(page)]  # a page that was held up may be done by now
    while state(page).get_attribute("data-state") != "done" or "700" not in page.inner_text(".cifar-status"):
        sums.append(total(page))
        page.wait_for_timeout(100)
    assert sums[sums.index(min(sums)) :] == sorted(sums[sums.index(min(sums)) :]), "a second run would begin anew"
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 700 seen")
    assert len(asked) == 1
    assert total(page, 0) == total(page, 1) == 700
    assert free(lab)
    page.locator("#cifar-count input").fill("200")
    page.click("#cifar-start")
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 200 seen")
    expect(page.locator("[data-testid=toast-body], .lab-failed")).to_have_count(0)


def test_two_tabs_of_one_browser_keep_their_own_result_and_their_own_stop(
    url: str, new_context: Callable[..., tuple[BrowserContext, Watch]]
) -> None:
    context = new_context()[0]
    first, second = context.new_page(), context.new_page()
    prepare(first, url, 10_000)
    prepare(second, url, 700)
    first.click("#cifar-start")
    expect(state(first)).to_have_attribute("data-state", "running")
    second.click("#cifar-start")
    first.click("#cifar-stop")  # at once: whoever waited for the other one would find this one done
    expect(state(first)).to_have_attribute("data-state", "stopped")
    expect(second.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 700 seen")
    assert total(second, 0) == total(second, 1) == 700
    assert total(first, 0) == total(first, 1) == seen(first) != 700
    for page in (first, second):  # a cell opens on the pictures of its own tab's run
        cell = page.locator("#cifar-evaluation .cifar-one").first.locator(".cifar-cell", has_text=re.compile(r"^\d+$"))
        count = int(cell.first.inner_text())
        cell.first.click()
        expect(page.locator("#cifar-pictures figure")).to_have_count(min(count, 48))


def test_whoever_leaves_frees_the_models(
    url: str, lab: Lab, new_context: Callable[..., tuple[BrowserContext, Watch]]
) -> None:
    context, _ = new_context()
    page = context.new_page()
    start(page, url, 10_000)
    expect(state(page)).to_have_attribute("data-state", "running")
    for _ in range(100):
        if any(model.uses for model in lab.registry.state()):
            break
        page.wait_for_timeout(100)  # the page says "running" before the server has begun
    assert any(model.uses for model in lab.registry.state())
    page.close()
    waited = 0
    while any(model.uses for model in lab.registry.state()) and waited < 200:
        time.sleep(0.1)
        waited += 1
    assert not any(model.uses for model in lab.registry.state())


def test_the_curves_mark_where_over_fitting_begins(page: Page, url: str) -> None:
    open_view(page, url, "curves")
    expect(page.locator("#cifar-curves .chart-plot")).to_have_count(4)
    expect(page.locator("#cifar-curves")).to_contain_text("least validation loss: epoch 6")
    expect(page.locator("#cifar-curves")).to_contain_text("report")


def test_a_training_draws_its_curves_beside_the_bundled_matrix(page: Page, url: str) -> None:
    open_view(page, url, "training")
    epochs = page.get_by_label("number input for Epochs")
    epochs.fill("3")  # as many as make a curve
    epochs.press("Tab")
    page.click("#cifar-train")
    expect(state(page, "training")).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.locator("#cifar-training .chart-plot")).to_have_count(2)
    expect(page.locator("#cifar-training .cifar-one")).to_have_count(2)


def test_chips_and_report_count_what_the_matrix_counts_while_it_grows(page: Page, url: str) -> None:
    prepare(page, url, 3000)
    page.locator("#cifar-evaluation summary", has_text="Report").first.click()
    page.click("#cifar-start")
    expect(state(page)).to_have_attribute("data-state", "running")
    apart = r"""() => [...document.querySelectorAll('#cifar-evaluation .cifar-tables > section')].flatMap((one, m) => {
      const matrix = document.querySelectorAll('#cifar-evaluation .cifar-matrices .cifar-one')[m];
      const cell = (place) => Number(matrix.querySelector(`[data-cell="${place}"]`).textContent) || 0;
      const row = (r) => [...Array(10).keys()].reduce((sum, c) => sum + cell(`${r}-${c}`), 0);
      const chips = [...one.querySelectorAll('[data-pair]')].map((chip) =>
        [Number(chip.textContent.match(/\d+$/)[0]), cell(chip.dataset.pair)]);
      const names = [...matrix.querySelectorAll('.cifar-rowname')].map((name) => name.textContent);
      const support = [...one.querySelectorAll('tbody tr')].map((line) =>
        [Number(line.lastChild.textContent), row(names.indexOf(line.firstChild.textContent))]);
      return [...chips, ...support].filter(([said, counted]) => said !== counted);
    })"""
    looks = 0
    while state(page).get_attribute("data-state") == "running":
        assert page.evaluate(apart) == []
        looks += 1
    assert looks > 5
    assert page.evaluate(apart) == []
    assert page.locator("#cifar-evaluation [data-pair]").count() > 0


def test_what_a_training_came_to_is_said_as_it_came(page: Page, url: str) -> None:
    """The folder has twenty training pictures: the slider ends there, and the sentence has the last epoch's shares."""
    open_view(page, url, "training")
    pictures = page.get_by_label("number input for Training pictures")
    assert (pictures.get_attribute("max"), pictures.input_value()) == ("20", "20")
    epochs = page.get_by_label("number input for Epochs")
    epochs.fill("3")
    epochs.press("Tab")
    page.click("#cifar-train")
    expect(state(page, "training")).to_have_attribute("data-state", "done", timeout=60_000)
    said = page.locator("#cifar-training .cifar-outcome").inner_text()
    accuracy = page.locator("#cifar-training .chart-plot").nth(1)
    accuracy.focus()
    accuracy.press("End")
    for _ in range(3):
        accuracy.press("ArrowRight")
    shown = page.locator("#cifar-training output.chart-reading").nth(1).inner_text()
    train, held = re.findall(r"[\d.]+ %", said)[:2]
    assert train in shown
    assert held in shown
    assert "the 1000 others" in said
    assert "by heart" not in said or float(train.removesuffix(" %")) >= 95


def test_a_reason_is_measured_and_the_pictures_are_shown(page: Page, url: str) -> None:
    open_view(page, url, "reasons")
    expect(page.locator("#cifar-changed canvas")).to_have_count(18)
    page.click("#cifar-measure")
    expect(state(page, "reasons")).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.locator("#cifar-reasons .chart-plot polyline")).to_have_count(4)


def test_no_view_scrolls_sideways_on_a_phone(
    url: str, new_context: Callable[..., tuple[BrowserContext, Watch]]
) -> None:
    context = new_context(viewport={"width": 390, "height": 800})[0]
    for view in ("picture", "journey", "evaluation", "curves", "training", "reasons"):
        page = context.new_page()
        open_view(page, url, view)
        expect(page.locator(f"#cifar-{view} .lab-panel")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 392
        page.close()


def test_views_are_exported_as_csv_and_png(page: Page, url: str) -> None:
    open_view(page, url, "picture")
    for view, header in (("picture", "class,mlp-cifar10,beit-cifar10"), ("curves", "model,epoch,train_loss")):
        if view != "picture":
            page.get_by_role("tab", name=say("en", f"cifar.views.{view}"), exact=True).click()
        buttons = page.locator(f"#cifar-{view} .lab-exports button")
        with page.expect_download() as waiting:
            buttons.filter(has_text="CSV").click()
        text = Path(waiting.value.path()).read_text("utf-8-sig")
        assert text.startswith(header)
        digits = [re.sub(r"e[-+]\d+$|[-.]|^0\.?0*", "", cell) for cell in re.findall(r"-?\d+\.\d+(?:e-\d+)?", text)]
        assert digits
        assert max(map(len, digits)) <= 6, "no noise behind what a float of 32 bits knows"
        with page.expect_download() as waiting:
            buttons.filter(has_text="PNG").click()
        with Image.open(waiting.value.path()) as image:
            assert image.format == "PNG"
            assert image.width >= 1600
            assert len(image.convert("RGB").getcolors(1_000_000) or []) > 5


def exported(page: Page, view: str, kind: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"#cifar-{view} .lab-exports button", has_text=kind).click()
    return Path(waiting.value.path()).read_bytes()


def pick(page: Page, place: int) -> None:
    page.click(f".cifar-pick[data-place='{place}']")


def shows(page: Page, place: int) -> None:
    expect(page.locator(f".cifar-pick[data-place='{place}']")).to_have_attribute("aria-pressed", "true")


def test_the_same_picture_twice_is_answered_twice_and_the_same_export_twice_saved_twice(page: Page, url: str) -> None:
    open_view(page, url, "picture", FIRST)
    asked: list[str] = []
    page.on("request", lambda request: asked.append("") if '"cifar.picture"' in (request.post_data or "") else None)
    for times in (1, 2, 3):
        shows(page, 0 if times == 1 else 4)
        page.evaluate("document.querySelector('.cifar-said-of').dataset.before = '1'")
        pick(page, 4)
        expect(page.locator(".cifar-said-of[data-before]")).to_have_count(0)
        shows(page, 4)
        assert len(asked) == times
    assert exported(page, "picture", "CSV") == exported(page, "picture", "CSV")
    assert exported(page, "picture", "JSON") == exported(page, "picture", "JSON")


def test_an_answer_that_comes_after_another_picture_was_chosen_is_not_drawn(
    page: Page, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, answered, held = threading.Event(), threading.Event(), shipped().pixels[4]

    def slow(lab: Lab, pixels: Any, *more: Any) -> Any:
        mine = np.array_equal(pixels, held)
        if mine:
            assert going.wait(60)
        try:
            return classify_picture(lab, pixels, *more)
        finally:
            if mine:
                answered.set()

    open_view(page, url, "picture", FIRST)
    shows(page, 0)
    monkeypatch.setattr("components.cifar.picture.classify_picture", slow)
    page.evaluate("""() => {
      window.drawn = [];
      const note = () => window.drawn.push(document.querySelector(".cifar-pick[aria-pressed=true]")?.dataset.place);
      new MutationObserver(note).observe(document.querySelector("#cifar-picture .lab-viewer"), {
        subtree: true, attributes: true, attributeFilter: ["aria-pressed"]});
    }""")
    pick(page, 4)
    pick(page, 6)
    shows(page, 6)
    going.set()
    assert answered.wait(60)
    pick(page, 2)
    shows(page, 2)
    drawn = page.evaluate("window.drawn")
    assert "4" not in drawn
    assert {"6", "2"} <= set(drawn)


def own(route: Route) -> None:
    """Break the page's own questions, and none of gradio's, whose client would think that the server is away."""
    if re.search(r"session_hash\W+[0-9a-f]{24}\b", route.request.post_data or ""):
        route.abort()
    else:
        route.fallback()


def test_a_failure_is_said_in_its_place_and_asked_again_from_there(
    page: Page, url: str, lab: Lab, watch: Watch
) -> None:
    open_view(page, url, "picture", FIRST)
    shows(page, 0)
    page.route("**/queue/join*", own)
    pick(page, 3)
    failed = page.locator("#cifar-picture .lab-failed")
    expect(failed).to_contain_text(say("en", "app.no_answer"))
    page.unroute("**/queue/join*")
    failed.locator("button").click()
    shows(page, 3)
    expect(failed).to_have_count(0)
    watch.faults = [fault for fault in watch.faults if "ERR_FAILED" not in fault]  # the browser's own word for it


def test_a_cell_of_an_evaluation_that_is_no_longer_kept_says_so_and_the_next_run_opens_its_cells(
    page: Page, url: str, lab: Lab
) -> None:
    start(page, url, 200)
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 200 seen")
    cell = page.locator("#cifar-evaluation .cifar-cell", has_text=re.compile(r"^\d+$")).first
    lab.forget()
    cell.click()
    failed = page.locator("#cifar-pictures .lab-failed")
    expect(failed).to_contain_text(say("en", "cifar.errors.lost"))
    page.click("#cifar-start")
    expect(failed).to_have_count(0)
    expect(page.locator("#cifar-evaluation .cifar-status")).to_contain_text("All 200 seen")
    cell.click()
    expect(page.locator("#cifar-pictures figure").first).to_be_visible()


def test_a_pages_second_long_job_is_refused_in_its_place_while_the_first_goes_on(
    page: Page, url: str, lab: Lab, monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    monkeypatch.setattr("server.limits.LONG_SECONDS", 0.3)
    start(page, url, 10_000)
    expect(state(page)).to_have_attribute("data-state", "running")
    page.get_by_role("tab", name=say("en", "cifar.views.reasons"), exact=True).click()
    page.click("#cifar-measure")
    expect(page.locator("#cifar-reasons .lab-failed")).to_contain_text(say("en", "app.errors.long_job"))
    page.get_by_role("tab", name=say("en", "cifar.views.evaluation"), exact=True).click()
    page.click("#cifar-stop")
    expect(state(page)).to_have_attribute("data-state", "stopped")
    assert free(lab)
    watch.faults = [fault for fault in watch.faults if "429" not in fault]  # the browser's own word for it
