"""A prediction against its annotation, on the page and by the endpoint ``/score``: one reading of annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from components.segmentation import answers
from components.segmentation.questions import ExportAsk, SceneAsk
from core.data.labels import palette, scene_class
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion
from core.texts import say
from tests.components.segmentation_lab import PLACE, context
from tests.core.data.test_annotations import grey, greys, reordered, with_orientation
from tests.core.data.test_images import saved
from tests.core.scenes import noise
from tests.serving import serving


@pytest.fixture(scope="module")
def truth(lab: Lab, file: str) -> np.ndarray:
    """An annotation that agrees with most of the prediction, and has a class which the model does not know."""
    ids = SceneQuestion.of_file(lab, file, "", "exact").result().classes.copy()
    ids[:8] = 0
    ids[8:14, :20] = 16
    ids[30:, 40:] = 3
    return ids


@pytest.fixture(scope="module")
def score(lab: Lab, file: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., dict[str, Any]]]:
    """What ``/score`` says of the picture with an annotation of these bytes."""
    from gradio_client import Client, handle_file

    path = tmp_path_factory.mktemp("annotations") / "annotation.png"
    with serving(lab) as url:
        client = Client(url, verbose=False, analytics_enabled=False)

        def ask(annotation: bytes, **more: Any) -> dict[str, Any]:
            path.write_bytes(annotation)
            answer: dict[str, Any] = client.predict(
                handle_file(more.pop("picture", file)), handle_file(str(path)), api_name="/score", **more
            )
            return answer

        yield ask
        client.close()


def shown(lab: Lab, file: str, annotation: bytes, folder: Path, **more: Any) -> dict[str, Any]:
    """What the page gets of the same."""
    path = folder / "annotation.png"
    path.write_bytes(annotation)
    part: dict[str, Any] = answers.look(lab, SceneAsk(**more), context(file, str(path)))["truth"]
    return part


FORMS: dict[str, Callable[[np.ndarray], bytes]] = {
    "re-ordered palette of greys": lambda ids: reordered(greys(ids)),
    "re-ordered palette of colours": lambda ids: reordered(palette()[ids]),
    "re-ordered GIF of colours": lambda ids: reordered(palette()[ids], "GIF"),
    "coloured PNG": lambda ids: saved(Image.fromarray(palette()[ids])),
    "grey RGB": lambda ids: saved(Image.fromarray(greys(ids))),
    "grey RGBA": lambda ids: saved(Image.fromarray(ids).convert("RGBA")),
    "grey LA": lambda ids: saved(Image.fromarray(ids).convert("LA")),
    "16 bits": lambda ids: saved(Image.fromarray(ids.astype(np.uint16) * 257)),
    "255 is not annotated": lambda ids: grey(np.where(ids == 0, 255, ids.astype(int) - 1)),
    "EXIF turned": lambda ids: with_orientation(np.rot90(ids), 6),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_annotation_scores_as_its_plain_form_does(
    lab: Lab, file: str, truth: np.ndarray, score: Callable[..., dict[str, Any]], tmp_path: Path, form: str
) -> None:
    plain, found = score(grey(truth)), score(FORMS[form](truth))
    assert 0.1 < plain["mean_iou"] < 0.99
    assert {**found, "notes": []} == {**plain, "notes": []}
    assert (found["notes"] == plain["notes"]) == (form == "grey LA"), "what was not plain is said"
    part = shown(lab, file, FORMS[form](truth), tmp_path)
    assert (part["mean_iou"], part["pixel_accuracy"], part["ignored"]) == (
        plain["mean_iou"], plain["pixel_accuracy"], plain["ignored"]
    )  # fmt: skip
    assert set(part["notes"]) <= set(found["notes"])


def test_the_coloured_png_that_the_page_saves_scores_as_a_perfect_annotation(
    lab: Lab, file: str, score: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    sent = answers.look(lab, SceneAsk(), context(file))["shown"]
    made = answers.export(lab, ExportAsk(shown=sent, what="colors"), context(file))["file"]
    assert score(Path(made["path"]).read_bytes())["mean_iou"] == 1


def test_score_answers_what_a_person_would_count(
    lab: Lab, file: str, truth: np.ndarray, score: Callable[..., dict[str, Any]]
) -> None:
    answer = score(grey(truth))
    assert list(answer) == ["mean_iou", "pixel_accuracy", "ignored", "classes", "notes"]
    classes, kept = SceneQuestion.of_file(lab, file, "", "exact").result().classes, truth > 0
    assert answer["ignored"] == (~kept).sum() == 480
    assert answer["pixel_accuracy"] == pytest.approx((classes == truth)[kept].mean(), abs=1e-6)
    for row in answer["classes"]:
        mine, theirs = (classes == row["id"]) & kept, (truth == row["id"]) & kept
        assert row["iou"] == pytest.approx((mine & theirs).sum() / (mine | theirs).sum(), abs=1e-6)
        assert row["name"] == scene_class(row["id"]).name
    assert answer["mean_iou"] == pytest.approx(np.mean([row["iou"] for row in answer["classes"]]), abs=1e-6)
    assert {row["id"] for row in answer["classes"]} == {*np.unique(truth[kept]), *np.unique(classes[kept])}
    assert any("table" in note for note in answer["notes"]), "a class that this model does not know"


def test_numbers_that_seem_shifted_by_one_are_told_so_and_can_be_chosen(
    lab: Lab, file: str, score: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    right = SceneQuestion.of_file(lab, file, "", "exact").result().classes
    shifted = right - 1  # ids from 0, and nothing that is not annotated: nothing tells by itself
    answer = score(grey(shifted))
    assert answer["mean_iou"] < 0.5
    said = say("en", "segmentation.truth.shift.from_zero", mine=f"{answer['mean_iou']:.3f}", theirs="1.000")
    assert said in answer["notes"]
    part = shown(lab, file, grey(shifted), tmp_path)
    assert (part["counting"], part["shift"]) == ("from_one", "from_zero")
    chosen = shown(lab, file, grey(shifted), tmp_path, counting="from_zero")
    assert (chosen["mean_iou"], chosen["counting"], chosen["shift"]) == (1, "from_zero", None)
    assert shown(lab, file, grey(right), tmp_path)["shift"] is None


def test_an_annotation_of_nothing_says_that_there_is_nothing_to_compare(score: Callable[..., dict[str, Any]]) -> None:
    answer = score(grey(np.zeros((40, 60), np.uint8)))
    assert (answer["mean_iou"], answer["pixel_accuracy"], answer["ignored"]) == (None, None, 2400)
    assert say("en", "images.annotation.empty") in answer["notes"]


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (grey(np.ones((3, 5))), "5 × 3 pixels"),
        (saved(Image.fromarray(noise()[..., 0] > 100)), "black and white"),
        (saved(Image.fromarray(noise())), "not ADE20K"),
        (saved(Image.fromarray(noise()), "JPEG"), "JPEG"),
        (b"no picture", "text"),
        (b"", "empty"),
    ],
)
def test_score_refuses_with_one_sentence(score: Callable[..., dict[str, Any]], annotation: bytes, said: str) -> None:
    with pytest.raises(Exception, match=said) as caught:
        score(annotation)
    assert "Traceback" not in str(caught.value)


def test_score_names_the_models_that_there_are(score: Callable[..., dict[str, Any]], truth: np.ndarray) -> None:
    with pytest.raises(Exception, match=PLACE):
        score(grey(truth), model="no-such-model")
