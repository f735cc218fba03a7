"""The class's own test set, as its viewer asks about it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import binomtest

from components.cifar.evaluation import evaluate
from components.cifar.own import added, asked_again, opened, tally
from components.cifar.own_questions import OwnAgainAsk, OwnOpenAsk, OwnPictureAsk, OwnTallyAsk
from components.cifar.questions import EvaluateAsk
from components.page.desk import Context
from components.page.made_files import MadeFiles
from components.page.questions import Files
from core.data.galleries import shipped
from core.data.test_sets import MAX_PICTURES, NO_CLASS
from core.errors import DataError, ImageError, RangeError
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, evaluation
from core.metrics import wilson_interval
from core.networks.classifier import fit
from server.upload_store import UploadStore
from tests.components.answering import context
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.data.set_files import files_of, noise, png, zipped


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return root


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    (root / "test_sets").mkdir()
    labels = ["cat", "none", "ship"]
    made = zipped(files_of(list(shipped().pixels[:3]), labels, [noise(96)]))
    (root / "test_sets" / "7b.zip").write_bytes(made)
    return root


@pytest.fixture(scope="module")
def lab(folders: Path, data: Path) -> Lab:
    return lab_of(folders, data=data)


def text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def bare(pixels: np.ndarray) -> str:
    return text(np.ascontiguousarray(pixels).tobytes())


def sent(path: Path) -> Context:
    """With a zip that was uploaded to ``path``."""
    uploads = UploadStore(path.parent)
    return replace(context(), files=Files(str(path), None), made=MadeFiles(uploads))


def test_one_picture_is_answered_as_an_evaluation_answers_it(lab: Lab) -> None:
    *_, run = evaluation(lab, EvaluationQuestion(20, "shipped"))
    for at, place in enumerate(run.evaluation.order[:4]):
        answer = added(lab, OwnPictureAsk(square=text(png(shipped().pixels[place]))), context())
        assert answer["picture"]["pixels"] == bare(shipped().pixels[place])
        for m, one in enumerate(run.evaluation.answers):
            assert one.probabilities is not None
            np.testing.assert_allclose(answer["said"][m][0], one.probabilities[at], atol=1e-5)


def test_a_square_is_scaled_as_an_upload_is_and_comes_back_with_its_hashes(lab: Lab) -> None:
    square = noise(96)
    made = added(lab, OwnPictureAsk(square=text(png(square)), source="camera"), context())["picture"]
    assert made["pixels"] == bare(fit(square))
    assert made["source"] == "camera"
    for name in ("picture", "square"):
        assert hashlib.sha256(base64.b64decode(made[name])).hexdigest() == made[f"{name}_sha256"]


@pytest.mark.parametrize(
    "content", [b"", b"no picture", png(noise(97)), png(noise(64)[:32]), png(noise())[:200]],
    ids=["nothing", "text", "too large", "no square", "broken"],
)  # fmt: skip
def test_what_is_no_square_gets_a_sentence(lab: Lab, content: bytes) -> None:
    with pytest.raises(ImageError):
        added(lab, OwnPictureAsk(square=text(content)), context())
    with pytest.raises(ImageError):
        added(lab, OwnPictureAsk(square="not base64!"), context())


def test_nothing_of_a_picture_is_kept_among_the_results(lab: Lab) -> None:
    before = len(lab.results)
    added(lab, OwnPictureAsk(square=text(png(noise(50, 3)))), context())
    assert len(lab.results) == before


def test_figures_are_those_of_the_pictures_that_count(lab: Lab) -> None:
    """Ten pictures of a class and two of none: the first model is right on nine of ten, the second on two."""
    labels = [3] * 10 + [NO_CLASS] * 2
    predicted = [[3] * 9 + [5] + [3, 3], [3] * 2 + [5] * 8 + [1, 1]]
    answer = tally(lab, OwnTallyAsk(labels=labels, predicted=predicted), context())
    first, second = answer["models"]
    assert (answer["seen"], answer["total"], answer["none"]) == (10, 10, 2)
    assert (first["accuracy"], second["accuracy"]) == (0.9, 0.2)
    assert first["interval"] == wilson_interval(9, 10)
    assert np.sum(first["confusion"]) == np.sum(second["confusion"]) == 10
    assert (answer["only_first_right"], answer["only_second_right"]) == (7, 0)
    assert answer["p_value"] == pytest.approx(binomtest(0, 7).pvalue)
    assert answer["sets"] == ("set:7b",)


def test_an_empty_set_has_figures_too_and_lists_of_other_lengths_are_refused(lab: Lab) -> None:
    empty = tally(lab, OwnTallyAsk(labels=[], predicted=[]), context())
    assert (empty["seen"], empty["models"][0]["accuracy"], empty["models"][0]["interval"]) == (0, None, (0.0, 1.0))
    only_none = tally(lab, OwnTallyAsk(labels=[NO_CLASS], predicted=[[1], [2]]), context())
    assert (only_none["seen"], only_none["none"]) == (0, 1)
    for predicted in ([], [[1]], [[1, 2], [1]], [[1], [1, 2]]):
        with pytest.raises(RangeError):
            tally(lab, OwnTallyAsk(labels=[1], predicted=predicted), context())
    with pytest.raises(ValidationError):
        OwnTallyAsk(labels=[11], predicted=[])


def test_a_zip_is_opened_asked_and_deleted(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "of" / "set.zip"
    path.parent.mkdir()
    path.write_bytes(zipped(files_of(list(shipped().pixels[:3]), ["cat", "none", "ship"], [noise(96)])))
    (part,) = opened(lab, OwnOpenAsk(), sent(path))
    assert not path.exists(), "nothing of it stays on this machine"
    assert part["total"] == 3
    assert [picture["label"] for picture in part["pictures"]] == [3, NO_CLASS, 8]
    assert ["square" in picture for picture in part["pictures"]] == [True, False, False]
    again = asked_again(lab, OwnAgainAsk(pixels=[picture["pixels"] for picture in part["pictures"]]), context())
    np.testing.assert_allclose(again["said"], part["said"], atol=1e-5)


def test_a_zip_that_is_refused_is_deleted_too(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "of" / "set.zip"
    path.parent.mkdir()
    path.write_bytes(b"no zip")
    with pytest.raises(DataError):
        list(opened(lab, OwnOpenAsk(), sent(path)))
    assert not path.exists()
    with pytest.raises(ImageError):
        list(opened(lab, OwnOpenAsk(), context()))


def test_a_thousand_pictures_come_in_parts(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "of" / "set.zip"
    path.parent.mkdir()
    path.write_bytes(zipped(files_of([noise(seed=i) for i in range(MAX_PICTURES)])))
    parts = list(opened(lab, OwnOpenAsk(), sent(path)))
    assert len(parts) > 10
    pictures = [picture for part in parts for picture in part["pictures"]]
    assert len({picture["picture_sha256"] for picture in pictures}) == MAX_PICTURES
    labels = [picture["label"] for picture in pictures]
    predicted = [[int(np.argmax(p)) for part in parts for p in part["said"][m]] for m in range(2)]
    assert tally(lab, OwnTallyAsk(labels=labels, predicted=predicted), context())["seen"] == MAX_PICTURES


def test_who_leaves_stops_the_opening(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "of" / "set.zip"
    path.parent.mkdir()
    path.write_bytes(zipped(files_of([noise(seed=i) for i in range(100)])))
    stopped = replace(sent(path), stopped=lambda: True)
    assert list(opened(lab, OwnOpenAsk(), stopped)) == []


def test_a_set_of_the_data_folder_is_opened_by_name_and_evaluated_as_any_source(lab: Lab) -> None:
    (part,) = opened(lab, OwnOpenAsk(name="set:7b"), context())
    assert part["total"] == 3
    with pytest.raises(DataError):
        list(opened(lab, OwnOpenAsk(name="set:../../etc/passwd"), context()))
    *_, last = evaluate(lab, EvaluateAsk(count=100, source="set:7b"), context())
    said: dict[str, Any] = last
    assert (said["state"], said["seen"], said["none"], said["source"]) == ("done", 2, 1, "set:7b")
