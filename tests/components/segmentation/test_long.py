"""A long picture in the lab and by its endpoints: its classes come from windows, and whatever is shown says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from components.segmentation import answers, messages
from components.segmentation.questions import ExportAsk, PatchAsk, SceneAsk, StepsAsk
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion
from core.scene.segment import analyse, scores_at
from core.scene.windows import windows_of
from core.texts import texts
from tests.components.segmentation_lab import context, save
from tests.core.scenes import noise

HEIGHT, WIDTH = 40, 200


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save(tmp_path_factory.mktemp("long") / "long.png", noise(HEIGHT, WIDTH))


@pytest.fixture(scope="module")
def question(lab: Lab, long: str) -> SceneQuestion:
    return SceneQuestion.of_file(lab, long, "", "exact")


@pytest.fixture(scope="module")
def count() -> int:
    windows = windows_of(HEIGHT, WIDTH)
    assert windows is not None
    return windows.count


@pytest.fixture(scope="module")
def expected(lab: Lab) -> Any:
    with lab.use("", "segmentation") as loaded:
        return analyse(loaded, noise(HEIGHT, WIDTH))[1]


def test_the_page_is_told_of_the_windows_and_of_their_seconds(lab: Lab, long: str, count: int) -> None:
    told = answers.look(lab, SceneAsk(), context(long))
    assert told["windows"] == count > 1
    seen = SceneQuestion.of_file(lab, long, "", "exact").seen()
    assert told["seconds"]["encoder"] == round(seen.trace.seconds + seen.result.encoder_seconds, 3)
    (note,) = told["notes"]
    assert f"cut into {count} overlapping windows" in note
    assert told["confidence_size"] == list(seen.result.scores.shape[1:])
    usual = answers.look(lab, SceneAsk(), context(save(Path(long).parent / "usual.png", noise(40, 64))))
    assert (usual["windows"], usual["notes"]) == (1, [])


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_sentence_on_windows_says_how_many_where_it_should(language: str) -> None:
    said = {key: text for key, text in texts(language).items() if key.startswith("segmentation.windows.")}
    assert set(said) == {f"segmentation.windows.{name}" for name in ("working", "answered", "patch", "steps")}
    assert all("{windows}" in text for key, text in said.items() if not key.endswith("working"))
    for way in ("wide", "tall"):
        assert "{windows}" in texts(language)[f"segmentation.squeeze.{way}"]


def test_how_far_it_is_is_heard_window_by_window(lab: Lab, tmp_path: Path) -> None:
    wide = SceneQuestion.of_file(lab, save(tmp_path / "wide.png", noise(30, 150)), "", "exact")
    heard: list[float] = []
    messages.segmented(wide, None, "en", None, heard.append)
    count = wide.result().windows
    assert heard == [i / count for i in range(count)]


def test_a_patch_is_that_of_the_whole_picture_and_its_scores_are_those_of_the_windows(
    lab: Lab, long: str, question: SceneQuestion, expected: Any
) -> None:
    told = answers.patch(lab, PatchAsk(shown=question.sent(), layer=2, down=0.1, across=0.99), context(long))
    assert told["query"] == 4, "the last patch of the first of four rows"
    assert told["scores"] == [[id, round(p, 5)] for id, p in scores_at(expected, 0.1, 0.99)]


def test_the_steps_show_the_windows_before_their_scores(
    lab: Lab, long: str, question: SceneQuestion, count: int
) -> None:
    told = answers.steps(lab, StepsAsk(shown=question.sent()), context(long))
    names = [step["name"] for step in told["steps"]]
    assert names == ["picture", "squeezed", "patches", "tokens", *["layer"] * 3, "windows", "scores", "classes"]
    shapes = {step["name"]: step["shape"] for step in told["steps"]}
    assert shapes["windows"] == [count, HEIGHT, 53, 3]
    assert shapes["scores"] == [5, 16, 60]
    assert shapes["squeezed"] == [3, 64, 64]
    assert "falling" in told["code"]["windows"]
    for language in ("en", "fa"):
        assert {"segmentation.steps.names.windows", "segmentation.steps.read.windows"} <= set(texts(language))


def test_the_step_of_the_windows_is_brightest_where_most_of_them_count(question: SceneQuestion) -> None:
    (stage,) = [stage for stage, step in question.stages() if step == "windows"]
    shown = stage.picture.astype(float).sum(axis=(0, 2)) / np.maximum(noise(HEIGHT, WIDTH).sum(axis=(0, 2)), 1)
    windows = windows_of(HEIGHT, WIDTH)
    assert windows is not None
    cover = [sum(low <= x < high for low, high in windows.boxes(16, WIDTH)) for x in range(WIDTH)]
    assert cover[0] == cover[-1] == 1 < max(cover)
    np.testing.assert_allclose(shown, np.array(cover) / max(cover), atol=0.02)


def test_exports_fade_along_the_whole_picture(lab: Lab, long: str, question: SceneQuestion, expected: Any) -> None:
    made = answers.exported(question, question.result(), ExportAsk(shown=question.sent(), what="ids"))
    np.testing.assert_array_equal(np.asarray(made), expected.classes)
    faded = answers.exported(question, question.result(), ExportAsk(shown=question.sent(), what="overlay", fade=True))
    assert faded.size == (WIDTH, HEIGHT)


def test_segment_answers_the_windows_classes(client: Any, long: str, expected: Any, count: int) -> None:
    from gradio_client import handle_file

    answer, mask = client.predict(handle_file(long), "", api_name="/segment")
    assert (answer["width"], answer["height"]) == (WIDTH, HEIGHT)
    with Image.open(mask) as image:
        np.testing.assert_array_equal(np.asarray(image), expected.classes)
    assert any(f"{count} overlapping windows" in note for note in answer["notes"])
    shares = {entry["id"]: entry["share"] for entry in answer["classes"]}
    assert shares == {
        int(id): pytest.approx(float((expected.classes == id).mean()), abs=1e-6) for id in np.unique(expected.classes)
    }


def test_score_counts_the_windows_classes(client: Any, long: str, expected: Any, tmp_path: Path) -> None:
    from gradio_client import handle_file

    truth = expected.classes.copy()
    truth[:, :50] = 0
    truth[:10, 50:] = 16  # which the model does not know
    files = (handle_file(long), handle_file(save(tmp_path / "truth.png", truth)))
    answer = client.predict(*files, "", api_name="/score")
    assert answer["pixel_accuracy"] == pytest.approx(0.75, abs=1e-5)
    assert answer["ignored"] == HEIGHT * 50
    assert any("overlapping windows" in note for note in answer["notes"])
