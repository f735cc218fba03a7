"""What the viewers of the CIFAR-10 lab are sent."""

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import classification_report

from components.cifar.curves import curves_message
from components.cifar.evaluation import looked
from components.cifar.messages import classified_part, evaluation_message, listed, read_pixels
from components.cifar.parts import described, missing
from components.cifar.picture import look_of
from components.cifar.reasons import permuted_twins
from components.cifar.training import training_message
from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.errors import DataError, RangeError, UnavailableError, UnknownModelError
from core.lab.lab import Lab
from core.lab.picture_runs import (
    EvaluationQuestion,
    Run,
    TrainingQuestion,
    bundled_matrix,
    evaluation,
    sources,
    training,
)
from core.lab.pictures import chosen, classify_picture, leased
from core.pictures.curves import early_stop
from tests.components.cifar_lab import NAMES, lab_of, write_folders


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return root


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def lab(folders: Path) -> Lab:
    return lab_of(folders)


def run_of(lab: Lab, **request: Any) -> Run:
    *_, last = evaluation(lab, EvaluationQuestion(**{"count": 20, "source": "shipped", **request}))
    return last


def pixels_in(text: str, count: int) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(count, 32, 32, 3)


def test_both_models_answer_and_the_third_only_where_it_is_wanted(lab: Lab) -> None:
    assert list(chosen(lab)) == ["mlp", "beit"]
    assert list(chosen(lab, permuted=True)) == ["mlp", "beit", "permuted"]
    colors = [about["color"] for about in described(chosen(lab, permuted=True))]
    assert len(set(colors)) == 3


@pytest.mark.parametrize(
    ("without", "parts", "lacking"),
    [
        (("beit-cifar10",), ["mlp"], ["beit"]),
        (("mlp-cifar10",), ["beit"], ["mlp"]),
        (("mlp-cifar10", "mlp-cifar10-permuted"), ["beit"], ["mlp"]),
    ],
)
def test_a_model_that_is_not_bundled_is_left_out_and_named(
    folders: Path, without: Any, parts: Any, lacking: Any
) -> None:
    found = chosen(lab_of(folders, without))
    assert list(found) == parts
    assert missing(found) == lacking


def test_without_any_model_a_sentence_says_how_to_train_them(folders: Path) -> None:
    with pytest.raises(UnavailableError, match=r"core\.training"):
        chosen(lab_of(folders, NAMES))


def test_a_beit_that_is_not_in_the_catalog_is_refused(lab: Lab) -> None:
    with pytest.raises(UnknownModelError):
        chosen(lab, "../../etc")


def test_a_picture_is_answered_by_each_model_with_its_cost(lab: Lab) -> None:
    said = classify_picture(lab, shipped().pixels[3])
    part, results = classified_part(said, truth=0), said.results
    assert [model["part"] for model in part["models"]] == ["mlp", "beit"]
    assert part["truth"] == 0
    for model in part["models"]:
        assert sum(model["probabilities"]) == pytest.approx(1, abs=1e-4)
        assert model["parameters"] > 0
        assert model["multiply_adds"] > 0
    assert part["models"][1]["patch"] == 4
    np.testing.assert_array_equal(read_pixels(part["pixels"]), shipped().pixels[3])
    assert results["mlp"].model == "mlp-cifar10"


@given(st.one_of(st.text(), st.binary().map(lambda b: base64.b64encode(b).decode()), st.integers(), st.none()))
def test_what_is_not_a_picture_is_refused_when_the_page_sends_it_back(sent: Any) -> None:
    with pytest.raises(RangeError):
        read_pixels(sent)


def test_a_picture_that_the_page_shows_can_be_asked_about_again(lab: Lab) -> None:
    from components.page.viewer import message

    part = classified_part(classify_picture(lab, shipped().pixels[3]), truth=0, place=3, source="shipped")
    look = look_of(message("picture", classified=part))
    np.testing.assert_array_equal(look.pop("pixels"), shipped().pixels[3])
    assert look == {"truth": 0, "place": 3, "source": "shipped"}


@pytest.mark.parametrize(
    "sent",
    ["", "{", "null", "[]", '{"classified": 3}', '{"classified": {"pixels": "AA=="}}', '{"classified": {"pixels": 5}}'],
)
def test_a_broken_look_is_refused(sent: str) -> None:
    with pytest.raises(RangeError):
        look_of(sent)


def test_the_report_of_an_evaluation_is_scikit_learns(lab: Lab) -> None:
    run = run_of(lab)
    sent = json.loads(evaluation_message(run, "done"))
    for model, answers in zip(sent["models"], run.evaluation.answers, strict=True):
        expected = classification_report(
            run.evaluation.truth, answers.predicted, labels=range(10), target_names=CIFAR10, output_dict=True,
            zero_division=0,
        )  # fmt: skip
        for name, row in zip(CIFAR10, model["report"], strict=True):
            figures = [expected[name][column] for column in ("precision", "recall", "f1-score", "support")]
            assert row == pytest.approx(figures, abs=1e-4)
        assert np.sum(model["confusion"]) == sent["seen"] == 20
        low, high = model["interval"]
        assert low <= model["accuracy"] <= high


def test_the_shipped_pictures_and_the_recorded_run_are_offered_without_data_and_hub(lab: Lab) -> None:
    assert sources(lab) == ["shipped", "recorded"]


def test_a_recorded_run_is_marked_and_equals_what_was_written(lab: Lab, folders: Path) -> None:
    run = run_of(lab, source="recorded", count=10_000)
    sent = json.loads(evaluation_message(run, "done"))
    assert sent["source"] == "recorded"
    assert sent["pace"] is None
    for model in sent["models"]:
        written = json.loads((folders / model["name"] / "evaluation.json").read_text())
        assert model["confusion"] == written["confusion"]


def test_without_a_recording_the_replay_is_refused_in_a_sentence(folders: Path, tmp_path: Path) -> None:
    write_folders(tmp_path)
    for name in NAMES:
        (tmp_path / name / "evaluation.json").unlink()
    with pytest.raises(DataError, match="live evaluation"):
        run_of(lab_of(tmp_path), source="recorded")


def cells(run: Run, model: int) -> Iterator[tuple[int, int]]:
    yield from zip(*map(list, np.nonzero(run.evaluation.answers[model].confusion)), strict=True)


def test_every_cell_opens_on_its_own_pictures(lab: Lab) -> None:
    run = run_of(lab)
    for model in (0, 1):
        for truth, predicted in cells(run, model):
            ask = {"want": "cell", "model": model, "truth": int(truth), "predicted": int(predicted)}
            sent = json.loads(looked(lab, run, ask))
            assert sent["total"] == run.evaluation.answers[model].confusion[truth, predicted] == len(sent["items"])
            shown = pixels_in(sent["sprite"], len(sent["items"]))
            for item, picture in zip(sent["items"], shown, strict=True):
                assert item["truth"] == truth
                assert item["said"][model][0] == predicted
                np.testing.assert_array_equal(picture, shipped().pixels[item["place"]])


def test_a_cell_of_a_recorded_run_lists_what_is_known_without_the_pictures(lab: Lab) -> None:
    run = run_of(lab, source="recorded")
    truth, predicted = (int(x) for x in next(cells(run, 0)))
    ask = {"want": "cell", "model": 0, "truth": truth, "predicted": predicted}
    sent = json.loads(looked(lab, run, ask))
    assert sent["sprite"] is None
    assert sent["items"][0]["said"][0] == [predicted]


def test_a_recorded_run_finds_its_pictures_by_their_hash(folders: Path, tmp_path: Path) -> None:
    from tests.core.data.test_galleries import write_parquet

    order = np.random.default_rng(0).permutation(20)  # the rows stand in another order than in the recording
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels[order], shipped().labels[order])
    lab = lab_of(folders, data=tmp_path)
    run = run_of(lab, source="recorded")
    truth, predicted = (int(x) for x in next(cells(run, 1)))
    ask = {"want": "cell", "model": 1, "truth": truth, "predicted": predicted}
    sent = json.loads(looked(lab, run, ask))
    shown = pixels_in(sent["sprite"], len(sent["items"]))
    for item, picture in zip(sent["items"], shown, strict=True):
        np.testing.assert_array_equal(picture, shipped().pixels[item["place"]])


def test_the_difference_of_two_models_opens_on_its_pictures(lab: Lab) -> None:
    run = run_of(lab)
    sent = json.loads(evaluation_message(run, "done"))
    for model, name in ((0, "only_first_wrong"), (1, "only_second_wrong")):
        for truth, predicted in zip(*map(list, np.nonzero(np.array(sent[name]))), strict=True):
            ask = {"want": "difference", "model": model, "truth": int(truth), "predicted": int(predicted)}
            found = json.loads(looked(lab, run, ask))
            assert found["total"] == sent[name][truth][predicted]
            assert all(item["said"][1 - model][0] == item["truth"] for item in found["items"])


@pytest.mark.parametrize(
    "ask",
    [{}, {"want": "cell"}, {"want": "cell", "model": 2, "truth": 0, "predicted": 0}, {"want": "all", "model": 0},
     {"want": "cell", "model": 0, "truth": 10, "predicted": 0},
     {"want": "cell", "model": 0, "truth": "1", "predicted": 0},
     {"want": "cell", "model": True, "truth": 0, "predicted": 0}],
)  # fmt: skip
def test_a_request_that_the_page_would_not_send_is_refused(lab: Lab, ask: dict[str, Any]) -> None:
    with pytest.raises(RangeError):
        looked(lab, run_of(lab), ask)


def test_the_curves_say_where_over_fitting_begins_and_what_the_report_measured(lab: Lab) -> None:
    sent = json.loads(curves_message(lab))
    assert [training["part"] for training in sent["trainings"]] == ["mlp", "beit"]
    first = sent["trainings"][0]
    assert first["turn"] == 6
    losses = np.array(first["validation_loss"])
    for patience, epoch in first["stops"].items():
        expected = early_stop(losses, int(patience))
        assert epoch == (None if expected is None else expected + 1)
    assert sent["report"]["beit"]["validation_accuracy"][3] == 0.971
    assert sent["report"]["mlp"]["accuracy"] == 0.52


def test_missing_curves_are_named(folders: Path) -> None:
    sent = json.loads(curves_message(lab_of(folders, ("beit-cifar10",))))
    assert sent["missing"] == ["beit"]


def test_the_twins_are_compared_on_the_same_pictures(lab: Lab, folders: Path) -> None:
    twins = permuted_twins(lab)
    written = [json.loads((folders / name / "evaluation.json").read_text()) for name in NAMES[:2]]
    assert [m["accuracy"] for m in twins["models"]] == [np.mean(np.equal(w["true"], w["predicted"])) for w in written]
    assert twins["total"] == 20
    assert 0 < twins["p_value"] <= 1
    assert permuted_twins(lab_of(folders, ("mlp-cifar10-permuted",))) == {}


def test_a_training_is_compared_with_the_bundled_mlp_on_its_validation_pictures(lab: Lab) -> None:
    from core.pictures.live_training import split

    _, held = split(shipped(), shipped())
    bundled = bundled_matrix(lab, held)
    with leased(lab, {"mlp": chosen(lab)["mlp"]}) as found:
        guesses = found["mlp"].probabilities(held.images).argmax(1)
    assert np.trace(bundled) == (guesses == held.labels).sum()
    wished = {"pictures": 100, "epochs": 2, "learning_rate": 0.001, "dropout": 0.0, "hidden": "64"}
    *_, last = training(lab, TrainingQuestion.read("shipped", **wished))
    assert last.done
    sent = json.loads(training_message(last, "shipped", "done"))
    assert len(sent["curves"]) == 2
    assert np.sum(sent["confusion"]) == np.sum(bundled) == len(held)
    assert sent["bundled"] == bundled.tolist()


def test_a_loss_without_bounds_is_sent_as_nothing() -> None:
    assert listed([1.5, np.inf, np.nan, -np.inf]) == [1.5, None, None, None]


def test_every_text_that_the_scripts_ask_for_exists() -> None:
    import re

    from core.texts import texts

    known = texts("en")
    scripts = Path(__file__).resolve().parents[3] / "assets" / "viewers" / "cifar"
    asked = set()
    for script in scripts.glob("*.js"):
        asked |= set(re.findall(r't\("((?:cifar|app)\.[\w.]+)"', script.read_text("utf-8")))
    assert len(asked) > 60
    assert sorted(asked - set(known)) == []
