"""What the Segmentation lab answers its viewer, and the endpoint ``/segment``."""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from components.models.tab import contents
from components.segmentation import answers, examples, messages
from components.segmentation.questions import ExportAsk, PatchAsk, SceneAsk, StepsAsk
from core.data.annotations import Annotation
from core.data.labels import palette, scene_class
from core.data.photographs import photographs
from core.errors import ImageError, MemoryLimitError, RangeError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion
from core.networks.scene_head import fast_head
from core.scene.doubt import energy
from core.scene.patches import reaches
from core.texts import say, texts
from server.upload_store import own_folder
from tests.asking import Page
from tests.components.segmentation_lab import PLACE, context, lab_of, save, write_model
from tests.core.data.test_images import gradient, png_header, saved
from tests.core.scenes import noise
from tests.serving import serving


@pytest.fixture(scope="module")
def question(lab: Lab, file: str) -> SceneQuestion:
    return SceneQuestion.of_file(lab, file, "", "exact")


def unpacked(text: str, dtype: Any = np.uint8) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype)


def opened(path: str) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def drawn(file: dict[str, Any]) -> np.ndarray:
    return np.asarray(opened(file["path"]))


def test_the_first_message_holds_all_that_hovering_and_isolating_need(question: SceneQuestion) -> None:
    told = messages.segmented(question, None, "en")
    result = question.result()
    assert told["size"] == told["drawn"] == [60, 40]
    np.testing.assert_array_equal(unpacked(told["ids"]).reshape(40, 60), result.classes)
    np.testing.assert_array_equal(unpacked(told["confidence"]).reshape(told["confidence_size"]), result.confidence)
    assert told["areas"] == [[int(i), int((result.classes == i).sum())] for i in result.ids]
    assert sum(pixels for _, pixels in told["areas"]) == 2400
    for id, _ in told["areas"]:
        assert told["classes"][str(id)] == {"name": scene_class(id).name, "color": scene_class(id).color}
    assert told["known"] == ["building", "sky", "tree", "road", "car"]
    assert told["truth"] is None


def test_the_page_draws_its_own_file_where_that_shows_what_the_model_saw(lab: Lab, file: str, tmp_path: Path) -> None:
    told = answers.look(lab, SceneAsk(), context(file))
    assert "picture" not in told
    assert "files" not in told
    glass = np.dstack([noise(), np.full((40, 60), 100, np.uint8)])
    told = answers.look(lab, SceneAsk(), context(save(tmp_path / "glass.png", glass)))
    assert told["notes"]
    seen = SceneQuestion.of_file(lab, str(tmp_path / "glass.png"), "", "exact").picture().pixels
    assert drawn(told["picture"]).shape == seen.shape == (40, 60, 3)
    assert np.abs(drawn(told["picture"]).astype(int) - seen).mean() < 12, "a WebP of it"


def test_no_answer_holds_a_picture_as_text(lab: Lab, file: str) -> None:
    told = answers.look(lab, SceneAsk(), context(file))
    steps = answers.steps(lab, StepsAsk(shown=told["shown"]), context(file))
    saved = answers.export(lab, ExportAsk(shown=told["shown"], what="overlay"), context(file))
    assert "data:" not in str((told, steps, saved))


def test_a_large_picture_goes_out_at_1280_pixels_and_its_areas_are_those_of_all_pixels(
    lab: Lab, tmp_path: Path
) -> None:
    large = SceneQuestion.of_file(lab, save(tmp_path / "large.png", noise(1500, 2000)), "", "exact")
    told = messages.segmented(large, None, "en")
    assert told["size"] == [2000, 1500]
    assert told["drawn"] == [1280, 960]
    with Image.open(io.BytesIO(messages.shown_picture(noise(1500, 2000)))) as shown_picture:
        assert shown_picture.size == (1280, 960)
    shown = unpacked(told["ids"])
    assert set(shown) <= {id for id, _ in told["areas"]}
    assert len(shown) == 1280 * 960
    assert sum(pixels for _, pixels in told["areas"]) == 2000 * 1500


def test_the_table_of_a_prediction_that_is_the_annotation_is_perfect(question: SceneQuestion) -> None:
    truth = question.result().classes.copy()
    truth[:10] = 0
    part = messages.segmented(question, Annotation(truth, None, None, ()), "en")["truth"]
    assert part["mean_iou"] == 1
    assert part["pixel_accuracy"] == 1
    assert part["ignored"] == 600
    assert part["pixels"] == 1800
    assert part["foreign"] == 0
    assert all(row[1] == row[2] for row in part["rows"])


def test_the_table_is_what_a_person_would_count(question: SceneQuestion) -> None:
    classes = question.result().classes
    truth = np.full_like(classes, 3)
    truth[0, :5] = 0
    truth[1, :7] = 16  # a table, which this model does not know
    part = messages.segmented(question, Annotation(truth, None, None, ()), "en")["truth"]
    kept = truth > 0
    for id, both, either, iou, found in part["rows"]:
        mine, theirs = (classes == id) & kept, (truth == id) & kept
        assert both == (mine & theirs).sum()
        assert either == (mine | theirs).sum()
        assert iou == pytest.approx(both / either, abs=1e-6)
        assert found is None if not theirs.any() else found == pytest.approx(both / theirs.sum(), abs=1e-6)
    assert part["mean_iou"] == pytest.approx(np.mean([row[3] for row in part["rows"]]), abs=1e-6)
    assert (part["ignored"], part["foreign"], part["foreign_names"]) == (5, 7, ["table"])


def test_an_annotation_of_another_size_is_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    for name in ("config.json", "preprocessor_config.json", "model.safetensors"):  # loading these would be an error
        (tmp_path / name).write_text("not a model")
    picture = save(tmp_path / "a.png", noise())
    wrong = save(tmp_path / "wrong.png", np.ones((3, 3), np.uint8))
    with pytest.raises(ImageError, match="3 × 3"):
        answers.look(lab_of(tmp_path), SceneAsk(), context(picture, wrong))


@pytest.mark.parametrize("place", [{"down": 0.3, "across": 0.9}, {"cls": True}])
def test_a_patch_message_holds_the_row_that_core_computes(
    lab: Lab, file: str, question: SceneQuestion, place: dict[str, Any]
) -> None:
    told = answers.patch(lab, PatchAsk(shown=question.sent(), layer=3, **place), context(file))
    query = 0 if "cls" in place else 8
    assert told["query"] == query
    seen = question.patch(query, 2)
    np.testing.assert_array_equal(unpacked(told["weights"], "<f4").reshape(4, 17), seen.weights)
    np.testing.assert_array_equal(unpacked(told["rollout"], "<f4"), seen.rollout)
    assert bool(told["scores"]) == (query > 0)
    assert sum(p for _, p in told["scores"]) == pytest.approx(1 if query else 0, abs=1e-3)
    for kernel in messages.KERNELS:
        expected = reaches((4, 4), query, kernel, 4, 3)
        assert [r["patches"] for r in told["reach"][kernel]] == [r.patches for r in expected]


@pytest.fixture(scope="module")
def page(lab: Lab) -> Iterator[Page]:
    with serving(lab) as url:
        made = Page(url)
        yield made
        made.close()


@pytest.fixture(scope="module")
def uploaded(page: Page, file: str) -> dict[str, Any]:
    """The picture as the page's components hold it."""
    return upload_to(page, file)


def upload_to(page: Page, file: str) -> dict[str, Any]:
    with open(file, "rb") as content:
        answer = page.http.post("/gradio_api/upload", files={"files": (Path(file).name, content)})
    return {"path": answer.raise_for_status().json()[0], "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    ("ask", "low"),
    [
        ({"layer": 5, "cls": True}, 1),
        ({"layer": 0, "cls": True}, 1),
        ({"layer": "1", "cls": True}, 1),
        ({"layer": 2}, 0),
        ({"layer": 2, "down": 1.5, "across": 0}, 0),
        ({"layer": 2, "down": "NaN", "across": 0}, 0),
        ({"layer": 2, "down": True, "across": 0}, 0),
    ],
)
def test_a_patch_out_of_range_names_the_range(
    page: Page, uploaded: dict[str, Any], question: SceneQuestion, ask: dict[str, Any], low: int
) -> None:
    asked = {"want": "segmentation.patch", "shown": question.sent(), **ask}
    error = page.said(asked, picture=uploaded)[-1]["error"]
    assert (error["field"], error["low"]) == ("layer" if low else "down", low)
    assert str(low) in error["sentence"]
    assert str(error["high"]) in error["sentence"]


def test_a_question_without_what_it_is_about_is_refused(question: SceneQuestion) -> None:
    sent = question.sent()
    for shown in (None, 3, {}, {"model": PLACE}, {"model": 1, "mode": 2, "digest": 3}, sent | {"digest": "x"}):
        with pytest.raises(ValidationError, match="shown"):
            StepsAsk(shown=shown)
    with pytest.raises(ValidationError, match="down"):
        PatchAsk(shown=sent, layer=2, down=float("nan"), across=0.0)
    with pytest.raises(ValidationError, match="'exact' or 'quick'"):
        SceneAsk(mode="sideways")


def test_a_page_that_holds_another_picture_by_now_is_told_so(page: Page, lab: Lab, file: str, tmp_path: Path) -> None:
    mine, other = (upload_to(page, save(tmp_path / f"{i}.png", noise(seed=20 + i))) for i in range(2))
    told = page.answer({"want": "segmentation.look"}, picture=mine)
    ask = {"want": "segmentation.steps", "shown": told["shown"]}
    lab.results.clear()
    error = page.said(ask, picture=other)[-1]["error"]
    assert (error["code"], error["sentence"]) == ("segmentation.changed", say("en", "segmentation.errors.changed"))
    assert page.said(ask)[-1]["error"]["code"] == "segmentation.no_picture"
    assert len(page.answer(ask, picture=mine)["steps"]) == 9, "computed again from the file that comes along"


def test_the_same_export_twice_is_the_same_file_twice(page: Page, uploaded: dict[str, Any]) -> None:
    shown = page.answer({"want": "segmentation.look"}, picture=uploaded)["shown"]
    ask = {"want": "segmentation.export", "shown": shown, "what": "ids"}
    first, second = (page.answer(ask, picture=uploaded)["file"] for _ in range(2))
    assert first == second
    fetched = page.http.get(f"/gradio_api/file={first['path']}").raise_for_status()
    assert fetched.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(fetched.content)) as image:
        assert image.size == (60, 40)


def test_an_example_comes_with_its_files_and_further_questions_go_with_them(page: Page) -> None:
    told = page.answer({"want": "segmentation.look", "example": "china"})
    assert told["size"] == [640, 427]
    assert told["truth"]["mean_iou"] > 0
    ask = {"want": "segmentation.patch", "shown": told["shown"], "layer": 1, "down": 0.5, "across": 0.5}
    assert page.answer(ask, picture=told["files"]["picture"])["query"] > 0
    error = page.said({"want": "segmentation.look", "example": "../../etc/passwd"})[-1]["error"]
    assert "china" in error["sentence"]


@pytest.mark.parametrize("name", ["china", "lion"])
def test_a_photograph_without_terms_is_in_no_saved_picture(page: Page, name: str) -> None:
    told = page.answer({"want": "segmentation.look", "example": name})
    ask = {"want": "segmentation.export", "shown": told["shown"]}
    files = {"picture": told["files"]["picture"]}
    assert page.answer({**ask, "what": "colors"}, **files)["file"]
    said = page.said({**ask, "what": "overlay"}, **files)[-1]
    if photographs()[name].terms is None:
        assert said["error"]["sentence"] == say("en", "segmentation.errors.held")
    else:
        assert "error" not in said


def test_the_steps_have_the_real_shapes_and_the_running_source(lab: Lab, file: str, question: SceneQuestion) -> None:
    told = answers.steps(lab, StepsAsk(shown=question.sent()), context(file))
    shapes = {step["name"]: step["shape"] for step in told["steps"]}
    assert shapes == {
        "picture": [40, 60, 3],
        "squeezed": [3, 64, 64],
        "patches": [16, 768],
        "tokens": [17, 32],
        "layer": [17, 32],
        "scores": [5, 16, 16],
        "classes": [40, 60],
    }
    np.testing.assert_array_equal(drawn(told["steps"][-1]["picture"]), palette()[question.result().classes])
    assert "scaled_dot_product_attention" in told["code"]["layer"]
    for step in told["steps"]:
        assert f"segmentation.steps.names.{step['name']}" in texts("en")
        assert drawn(step["picture"]).shape[:2] == tuple(reversed(step["size"]))


def test_exports_are_of_full_size(lab: Lab, tmp_path: Path) -> None:
    path = save(tmp_path / "large.png", noise(900, 1500))
    large = SceneQuestion.of_file(lab, path, "", "exact")
    classes = large.result().classes

    def file(ask: dict[str, Any]) -> np.ndarray:
        return drawn(answers.export(lab, ExportAsk(shown=large.sent(), **ask), context(path))["file"])

    np.testing.assert_array_equal(file({"what": "ids"}), classes)
    np.testing.assert_array_equal(file({"what": "colors"}), palette()[classes])
    np.testing.assert_array_equal(file({"what": "overlay", "opacity": 0}), noise(900, 1500))
    half = (noise(900, 1500).astype(float) + palette()[classes]) / 2
    np.testing.assert_allclose(file({"what": "overlay", "opacity": 0.5}), half, atol=1)
    with pytest.raises(ValidationError, match="overlay"):
        ExportAsk(shown=large.sent(), what="secrets")


def test_an_overlay_that_fades_is_as_strong_as_the_model_is_sure(lab: Lab, tmp_path: Path) -> None:
    path = save(tmp_path / "large.png", noise(160, 160))  # ten pixels of it for each place that the model scores
    question = SceneQuestion.of_file(lab, path, "", "exact")
    ask = ExportAsk(shown=question.sent(), what="overlay", opacity=0.8, fade=True)
    made = drawn(answers.export(lab, ask, context(path))["file"])[5::10, 5::10].astype(float)
    seen, colours = noise(160, 160)[5::10, 5::10], palette()[question.result().classes][5::10, 5::10]
    sure = question.result().confidence[..., None] / 255
    strength = 0.8 * np.maximum(0, 2 * sure - 1)
    inner = np.abs(made - ((1 - strength) * seen + strength * colours))[1:-1, 1:-1]
    assert np.median(inner) <= 2
    assert strength.max() > 0.3, "or nothing was seen"
    assert (strength == 0).any()


DOUBT = "doubt.json"


def test_a_picture_of_weak_scores_is_doubtful_by_what_was_measured_for_its_model(tmp_path: Path) -> None:
    write_model(tmp_path)
    lab, path = lab_of(tmp_path), save(tmp_path / "a.png", noise())
    question = SceneQuestion.of_file(lab, path, "", "exact")
    assert messages.segmented(question, None, "en")["doubt"] == "", "nothing was measured for this model"
    mine = energy(question.result())
    for limit, doubtful in ((mine - 0.01, False), (mine + 0.01, True)):
        (tmp_path / DOUBT).write_text(json.dumps({"energy": limit, "share": 0.05}))
        said = {language: messages.segmented(question, None, language)["doubt"] for language in ("en", "fa")}
        numbers = {"en": "95 %", "fa": "۹۵ %"}
        assert all((number in said[language]) == doubtful for language, number in numbers.items()), said
        assert (question.doubt() is not None) == doubtful
    assert SceneQuestion.of_file(lab, path, "", "quick").doubt() is None, "measured at the exact size"
    long = save(tmp_path / "long.png", noise(20, 60))
    assert SceneQuestion.of_file(lab, long, "", "exact").doubt() is None, "and not on long pictures"


def test_a_long_picture_says_how_it_is_squeezed_and_what_that_costs(tmp_path: Path) -> None:
    write_model(tmp_path)
    lab, path = lab_of(tmp_path), save(tmp_path / "long.png", noise(40, 200))
    question = SceneQuestion.of_file(lab, path, "", "exact")
    (said,) = messages.segmented(question, None, "en")["notes"]
    assert "5.0 times as wide as high" in said
    assert "50 × 10 of its pixels" in said, "a grid of 4 × 4 patches"
    assert "%" not in said, "nothing was measured for this model"
    rows = {"wide": [{"ratio": 4, "pixel_accuracy": 0.76}], "tall": [{"ratio": 4, "pixel_accuracy": 0.5}]}
    (tmp_path / "squeeze.json").write_text(json.dumps({"alone": {"pixel_accuracy": 0.91}, **rows}))
    for language, numbers in (("en", ("91 %", "76 %", "4.0")), ("fa", ("۹۱ %", "۷۶ %", "۴٫۰"))):
        (said,) = messages.segmented(question, None, language)["notes"]
        assert all(number in said for number in numbers), said
    tall = SceneQuestion.of_file(lab, save(tmp_path / "tall.png", noise(200, 40)), "", "exact")
    assert "50 %" in messages.segmented(tall, None, "en")["notes"][0]
    plain = SceneQuestion.of_file(lab, save(tmp_path / "plain.png", noise(40, 80)), "", "exact")
    assert messages.segmented(plain, None, "en")["notes"] == []


def test_examples_of_packages_become_files(lab: Lab) -> None:
    picture, annotation = examples.files(lab, "china", context())
    assert opened(picture["path"]).size == (640, 427)
    assert annotation is not None
    assert opened(annotation["path"]).size == (640, 427)
    told = examples.sources(lab)["china"]
    assert (told["package"], told["author"]) == ("sklearn", "danielbuechele (flickr)")
    assert examples.sources(lab)["lion"]["terms"] is None
    assert examples.data_sets(lab).keys().isdisjoint(examples.sources(lab))
    with pytest.raises(RangeError, match="china"):
        examples.files(lab, "../../etc/passwd", context())


def test_segment_answers_shares_and_a_mask_of_the_pictures_size(
    client: Any, question: SceneQuestion, file: str
) -> None:
    from gradio_client import handle_file

    answer, mask = client.predict(handle_file(file), "", api_name="/segment")
    assert (answer["model"], answer["width"], answer["height"]) == (PLACE, 60, 40)
    assert answer["notes"] == []
    assert sum(entry["share"] for entry in answer["classes"]) == pytest.approx(1, abs=1e-4)
    assert opened(mask).mode == "L"
    ids = np.asarray(opened(mask))
    np.testing.assert_array_equal(ids, question.result().classes)
    for entry in answer["classes"]:
        assert entry["color"] == scene_class(entry["id"]).color
        assert entry["share"] == pytest.approx((ids == entry["id"]).mean(), abs=1e-6)


def test_segment_says_what_was_done_to_the_picture_and_what_its_shape_costs(client: Any, tmp_path: Path) -> None:
    from gradio_client import handle_file

    glass = np.dstack([noise(40, 200), np.full((40, 200), 100, np.uint8)])
    answer, _ = client.predict(handle_file(save(tmp_path / "glass.png", glass)), "", api_name="/segment")
    assert say("en", "images.notes.over_white") in answer["notes"]
    assert any("5.0 times as wide as high" in note for note in answer["notes"])


def press_delete(client: Any) -> None:
    """What the page's button at its foot asks for, in the name of a client's session."""
    config = httpx.get(f"{client.src}config", timeout=60).json()
    button = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "lab-delete")
    event = next(dep["id"] for dep in config["dependencies"] if [button, "click"] in map(list, dep["targets"]))
    body = {"data": [[]], "fn_index": event, "session_hash": client.session_hash}
    httpx.post(f"{client.src}gradio_api/queue/join", json=body, timeout=60).raise_for_status()
    stream = {"url": f"{client.src}gradio_api/queue/data", "params": {"session_hash": client.session_hash}}
    with httpx.stream("GET", timeout=60, **stream) as answer:
        assert any('"process_completed"' in line and '"success":true' in line for line in answer.iter_lines())


def test_deleting_ones_data_deletes_the_masks_that_were_made_for_this_session_and_no_others(
    client: Any, lab: Lab, tmp_path: Path
) -> None:
    from gradio_client import Client, handle_file

    def masks(file: str) -> list[Path]:
        return list(own_folder().glob(f"segment-{SceneQuestion.of_file(lab, file, '', 'exact').digest}-*/mask.png"))

    mine, shared = (save(tmp_path / f"{name}.png", noise(30 + i, 41)) for i, name in enumerate(("mine", "shared")))
    other = Client(client.src, verbose=False, analytics_enabled=False)
    try:
        for asking, file in ((client, mine), (client, shared), (other, shared)):
            asking.predict(handle_file(file), "", api_name="/segment")
        assert len(masks(mine)) == len(masks(shared)) == 1
        press_delete(client)
        assert masks(mine) == []
        assert len(masks(shared)) == 1
        press_delete(other)
        assert masks(shared) == []
    finally:
        other.close()


REFUSED = {
    "a bomb": (png_header(13_000, 13_000), "25 million pixels"),
    "truncated": (saved(gradient(64, 64))[:60], "damaged"),
    "empty": (b"", "empty"),
    "text": (b"just words", "text"),
    "html": (b"<!doctype html><script>alert(1)</script>", "text"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "JPEG"),
    "tiff": (saved(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF"), "TIFF"),
    "a strip": (saved(Image.new("L", (20_000, 1))), "20 times"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_segment_refuses_a_faulty_file_with_one_sentence_and_lives(
    client: Any, file: str, tmp_path: Path, fault: str
) -> None:
    from gradio_client import handle_file

    data, said = REFUSED[fault]
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with pytest.raises(Exception, match=said) as caught:
        client.predict(handle_file(str(path)), "", api_name="/segment")
    assert "Traceback" not in str(caught.value)
    answer, _ = client.predict(handle_file(file), "", api_name="/segment")
    assert answer["width"] == 60


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "BMP", "GIF"])
def test_segment_reads_the_other_kinds(client: Any, tmp_path: Path, kind: str) -> None:
    from gradio_client import handle_file

    path = tmp_path / f"picture.{kind.lower()}"
    path.write_bytes(saved(gradient(), kind))
    answer, _ = client.predict(handle_file(str(path)), "", api_name="/segment")
    assert (answer["width"], answer["height"]) == (24, 16)


def test_segment_names_the_models_that_there_are(client: Any, file: str) -> None:
    from gradio_client import handle_file

    with pytest.raises(Exception, match=PLACE):
        client.predict(handle_file(file), "no-such-model", api_name="/segment")


def test_an_upload_box_that_gradio_made_anew_still_opens_no_file() -> None:
    from gradio.data_classes import ImageData

    from components.page.picture_input import picture_input

    first = picture_input(label="picture")
    again = first.__class__(**first.constructor_args)
    for box in (first, again):
        assert box.preprocess(ImageData(path="/nowhere/picture.png")) == "/nowhere/picture.png"
        assert box.preprocess(None) is None
        assert box.get_block_name() == "image"


def test_the_registry_counts_the_fast_head_from_the_start_and_the_models_tab_shows_it(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    lab = lab_of(tmp_path / "model")
    with lab.use("", "segmentation") as loaded:
        weights = sum(tensor.nbytes for tensor in (*loaded.network.parameters(), *loaded.network.buffers()))
        head = fast_head(loaded.network)
        assert head is not None
        kept = weights + head.bytes_beside(loaded.network)
        assert kept > 1.5 * weights
        assert [model.bytes for model in lab.registry.state()] == [kept]
        shown = contents(lab)["devices"][0]["models"]
        assert [model["bytes"] for model in shown] == [kept]
        row = next(row for row in contents(lab)["rows"] if row["name"] == PLACE)
        assert row["bytes"] == kept


def test_there_must_be_room_for_the_fast_head_too(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    with lab_of(tmp_path / "model").use("", "segmentation") as loaded:
        need, weights = loaded.bytes, sum(p.nbytes for p in loaded.network.parameters())
    lab = lab_of(tmp_path / "model", memory=(weights + need) // 2)
    with pytest.raises(MemoryLimitError), lab.use("", "segmentation"):
        pass
