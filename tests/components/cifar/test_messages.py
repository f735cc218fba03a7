"""What the viewers of the CIFAR-10 lab are answered."""

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import gradio as gr
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError
from sklearn.metrics import classification_report, confusion_matrix

from components.cifar import evaluation as evaluation_view
from components.cifar.curves import recorded
from components.cifar.messages import classified_part, evaluation_content, is_plain, listed
from components.cifar.parts import described, missing
from components.cifar.picture import again, opened, picked, uploaded
from components.cifar.questions import (
    AgainAsk,
    CellAsk,
    ChangeName,
    CurvesAsk,
    EvaluateAsk,
    GrowthAsk,
    Hidden,
    OpenAsk,
    PictureAsk,
    TrainAsk,
    UploadAsk,
    WorstAsk,
)
from components.cifar.reasons import permuted_twins
from components.cifar.training import train, training_content
from components.page.desk import Context
from components.page.questions import Files
from components.shared.pixels import read_pixels
from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.errors import DataError, ImageError, RangeError, UnavailableError, UnknownModelError
from core.lab.disagreement import disagreement
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

CONTEXT = Context("en", gr.Request(), Files(None, None), lambda: False)


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
    shown = picked(lab, PictureAsk(source="shipped", place=3), CONTEXT)["classified"]
    assert {name: shown[name] for name in ("truth", "place", "source")} == {"truth": 0, "place": 3, "source": "shipped"}
    sent = again(lab, AgainAsk(pixels=shown["pixels"]), CONTEXT)["classified"]
    assert sent == {name: shown[name] for name in ("pixels", "classes", "models", "plain", "missing")}


@pytest.mark.parametrize("sent", ["", "{", "null", "AA==", "é" * 3072])
def test_a_broken_look_is_refused(lab: Lab, sent: str) -> None:
    with pytest.raises(RangeError):
        again(lab, AgainAsk(pixels=sent), CONTEXT)


def test_the_first_picture_is_that_of_the_link_or_the_first_shipped_one(lab: Lab) -> None:
    for asked, place in ((OpenAsk(), 0), (OpenAsk(source="nowhere"), 0), (OpenAsk(source="shipped", place=7), 7)):
        found = opened(lab, asked, CONTEXT)
        assert (found["classified"]["source"], found["classified"]["place"]) == ("shipped", place)
        assert found["gallery"]["places"] == list(range(20))
        np.testing.assert_array_equal(pixels_in(found["gallery"]["sprite"], 20), shipped().pixels)
    with pytest.raises(RangeError, match="from 0 to 19"):
        opened(lab, OpenAsk(place=20), CONTEXT)


def test_a_page_that_leaves_it_open_gets_a_picture_on_which_the_models_disagree(lab: Lab) -> None:
    found = opened(lab, OpenAsk(place=None), CONTEXT)
    place = disagreement(lab, shipped(), np.arange(20))
    assert found["classified"]["place"] == place
    mlp, beit = (int(np.argmax(model["probabilities"])) for model in found["classified"]["models"])
    assert mlp != beit, "these two differ on some of the twenty"


def test_the_recorded_run_comes_whole_for_the_page_to_play(lab: Lab, folders: Path) -> None:
    growth = evaluation_view.growth(lab, GrowthAsk(), CONTEXT)["growth"]
    assert growth["seen"] == sorted(set(growth["seen"]))
    assert growth["seen"][-1] == growth["total"]
    for name, model in zip(("mlp-cifar10", "beit-cifar10"), growth["models"], strict=True):
        assert model["name"] == name
        assert [int(np.sum(step)) for step in model["confusion"]] == growth["seen"]
        final = json.loads((folders / name / "evaluation.json").read_text())["confusion"]
        assert model["confusion"][-1] == final


def test_without_a_recording_there_is_nothing_to_play(tmp_path: Path) -> None:
    write_folders(tmp_path)
    for place in tmp_path.glob("*/evaluation.json"):
        place.unlink()
    assert evaluation_view.growth(lab_of(tmp_path), GrowthAsk(), CONTEXT) == {"growth": None}


def test_an_upload_is_cut_and_scaled_and_what_is_none_is_refused(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "green.png"
    Image.new("RGB", (60, 40), (10, 200, 30)).save(path)
    context = Context("en", gr.Request(), Files(str(path), None), lambda: False)
    found = uploaded(lab, UploadAsk(), context)["classified"]
    assert found["size"] == [60, 40]
    np.testing.assert_array_equal(read_pixels(found["pixels"]), np.full((32, 32, 3), (10, 200, 30)))
    with pytest.raises(ImageError):
        uploaded(lab, UploadAsk(), CONTEXT)


def test_an_upload_is_cut_where_the_page_says(lab: Lab, tmp_path: Path) -> None:
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, :40], wide[:, 80:] = 250, (0, 90, 0)
    path = tmp_path / "wide.png"
    Image.fromarray(wide).save(path)
    context = Context("en", gr.Request(), Files(str(path), None), lambda: False)
    for place, color in ((0.0, (250, 250, 250)), (0.5, (0, 0, 0)), (1.0, (0, 90, 0))):
        found = uploaded(lab, UploadAsk(place=place), context)["classified"]
        assert (found["square"], found["size"]) == (place, [120, 40])
        np.testing.assert_array_equal(read_pixels(found["pixels"]), np.full((32, 32, 3), color))
        assert found["plain"], "one colour all over"
    with pytest.raises(ValidationError):
        UploadAsk(place=1.5)


def test_a_picture_of_one_colour_is_told_from_one_with_something_on_it(lab: Lab) -> None:
    white = np.full((32, 32, 3), 255, np.uint8)
    faint = white.copy()
    faint[::2] -= 8
    assert [is_plain(pixels) for pixels in (white, faint, faint - np.uint8(100))] == [True, True, True]
    faint[0, 0, 0] -= 20
    assert not is_plain(faint)
    assert not any(is_plain(pixels) for pixels in shipped().pixels)


def test_the_report_of_an_evaluation_is_scikit_learns(lab: Lab) -> None:
    run = run_of(lab)
    sent = evaluation_content(run, "done")
    for model, answers in zip(sent["models"], run.evaluation.answers, strict=True):
        expected = classification_report(
            run.evaluation.truth, answers.predicted, labels=range(10), target_names=CIFAR10, output_dict=True,
            zero_division=np.nan,
        )  # fmt: skip
        for name, row in zip(CIFAR10, model["report"], strict=True):
            figures = [expected[name][column] for column in ("precision", "recall", "f1-score", "support")]
            if figures[3] == 0:
                assert row == [None, None, None, 0]
            else:
                assert [np.nan if figure is None else figure for figure in row] == pytest.approx(
                    figures, abs=1e-4, nan_ok=True
                )
        assert model["occurring"] == len(set(run.evaluation.truth.tolist())) < 10
        json.dumps(model, allow_nan=False)
        assert np.sum(model["confusion"]) == sent["seen"] == 20
        low, high = model["interval"]
        assert low <= model["accuracy"] <= high


def test_the_shipped_pictures_and_the_recorded_run_are_offered_without_data_and_hub(lab: Lab) -> None:
    assert sources(lab) == ["shipped", "recorded"]


def test_a_recorded_run_is_marked_and_equals_what_was_written(lab: Lab, folders: Path) -> None:
    run = run_of(lab, source="recorded", count=10_000)
    sent = evaluation_content(run, "done")
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


def kept(lab: Lab, run: Run) -> str:
    """The name under which a run is kept now."""
    lab.results.put(("cifar", "run", "test"), run)
    return "test"


def cell_of(lab: Lab, run: Run, kind: Any, model: int, truth: int, predicted: int) -> dict[str, Any]:
    place = {"model": model, "truth": int(truth), "predicted": int(predicted)}
    ask = CellAsk(want=f"cifar.{kind}", run=kept(lab, run), seen=run.evaluation.seen, **place)
    return evaluation_view.cell(lab, ask, CONTEXT)


def test_every_cell_opens_on_its_own_pictures(lab: Lab) -> None:
    run = run_of(lab)
    for model in (0, 1):
        for truth, predicted in cells(run, model):
            sent = cell_of(lab, run, "cell", model, truth, predicted)
            assert sent["total"] == run.evaluation.answers[model].confusion[truth, predicted] == len(sent["items"])
            shown = pixels_in(sent["sprite"], len(sent["items"]))
            for item, picture in zip(sent["items"], shown, strict=True):
                assert item["truth"] == truth
                assert item["said"][model][0] == predicted
                np.testing.assert_array_equal(picture, shipped().pixels[item["place"]])


def test_a_cell_of_a_recorded_run_lists_what_is_known_without_the_pictures(lab: Lab) -> None:
    run = run_of(lab, source="recorded")
    truth, predicted = (int(x) for x in next(cells(run, 0)))
    sent = cell_of(lab, run, "cell", 0, truth, predicted)
    assert sent["sprite"] is None
    assert sent["items"][0]["said"][0] == [predicted]


def test_a_recorded_run_finds_its_pictures_by_their_hash(folders: Path, tmp_path: Path) -> None:
    from tests.core.data.test_galleries import write_parquet

    order = np.random.default_rng(0).permutation(20)  # the rows stand in another order than in the recording
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels[order], shipped().labels[order])
    lab = lab_of(folders, data=tmp_path)
    run = run_of(lab, source="recorded")
    truth, predicted = (int(x) for x in next(cells(run, 1)))
    sent = cell_of(lab, run, "cell", 1, truth, predicted)
    shown = pixels_in(sent["sprite"], len(sent["items"]))
    for item, picture in zip(sent["items"], shown, strict=True):
        np.testing.assert_array_equal(picture, shipped().pixels[item["place"]])


def test_the_difference_of_two_models_opens_on_its_pictures(lab: Lab) -> None:
    run = run_of(lab)
    sent = evaluation_content(run, "done")
    for model, name in ((0, "only_first_wrong"), (1, "only_second_wrong")):
        for truth, predicted in zip(*map(list, np.nonzero(np.array(sent[name]))), strict=True):
            found = cell_of(lab, run, "difference", model, truth, predicted)
            assert found["total"] == sent[name][truth][predicted]
            assert all(item["said"][1 - model][0] == item["truth"] for item in found["items"])


def test_the_surest_mistakes_come_first(lab: Lab) -> None:
    run = run_of(lab)
    for model in (0, 1):
        sent = evaluation_view.worst(lab, WorstAsk(run=kept(lab, run), seen=20, model=model), CONTEXT)
        sure = [item["said"][model][1] for item in sent["items"]]
        assert sure == sorted(sure, reverse=True)
        assert sent["total"] == 20 - np.trace(run.evaluation.answers[model].confusion)


def test_a_cell_is_that_of_as_many_pictures_as_the_page_shows(lab: Lab) -> None:
    run = run_of(lab)
    seen = 9
    guesses = [answers.predicted[:seen] for answers in run.evaluation.answers]
    expected = [confusion_matrix(run.evaluation.truth[:seen], said, labels=range(10)) for said in guesses]
    for model in (0, 1):
        total = 0
        for truth, predicted in cells(run, model):
            place = {"model": model, "truth": int(truth), "predicted": int(predicted)}
            found = evaluation_view.cell(
                lab, CellAsk(want="cifar.cell", run=kept(lab, run), seen=seen, **place), CONTEXT
            )
            assert found["total"] == expected[model][truth, predicted]
            total += found["total"]
        assert total == seen


@pytest.mark.parametrize(
    "ask",
    [{}, {"want": "cifar.cell"}, {"want": "cifar.cell", "model": 2, "truth": 0, "predicted": 0},
     {"want": "cifar.all", "model": 0}, {"want": "cifar.cell", "model": 0, "truth": 10, "predicted": 0},
     {"want": "cifar.cell", "model": 0, "truth": "1", "predicted": 0},
     {"want": "cifar.cell", "model": True, "truth": 0, "predicted": 0}],
)  # fmt: skip
def test_a_request_that_the_page_would_not_send_is_refused(ask: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CellAsk.model_validate({"run": "test", "seen": 20, **ask})


def test_a_model_that_a_run_has_not_is_refused(folders: Path) -> None:
    alone = lab_of(folders, ("beit-cifar10",))
    with pytest.raises(RangeError):
        cell_of(alone, run_of(alone), "cell", 1, 0, 0)
    with pytest.raises(RangeError):
        cell_of(alone, run_of(alone), "difference", 0, 0, 0)


def test_an_evaluation_is_kept_under_its_name_until_results_are_forgotten(folders: Path) -> None:
    own = lab_of(folders)
    ask = EvaluateAsk(count=20, source="shipped", seed=3)
    *_, last = evaluation_view.evaluate(own, ask, CONTEXT)
    run = run_of(own, seed=3)
    assert last["state"] == "done"
    assert [model["confusion"] for model in last["models"]] == [a.confusion.tolist() for a in run.evaluation.answers]
    worst = WorstAsk(run=last["run"], seen=20, model=0)
    assert evaluation_view.worst(own, worst, CONTEXT)["source"] == "shipped"
    own.forget()
    with pytest.raises(DataError, match="start it again"):
        evaluation_view.worst(own, worst, CONTEXT)


def test_a_job_ends_when_its_page_says_stop(lab: Lab) -> None:
    stopped = Context("en", gr.Request(), Files(None, None), lambda: True)
    assert list(evaluation_view.evaluate(lab, EvaluateAsk(count=20, source="shipped"), stopped)) == []


def test_the_curves_say_where_over_fitting_begins_and_what_the_report_measured(lab: Lab) -> None:
    sent = recorded(lab, CurvesAsk(), CONTEXT)
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
    sent = recorded(lab_of(folders, ("beit-cifar10",)), CurvesAsk(), CONTEXT)
    assert sent["missing"] == ["beit"]


def test_the_twins_are_compared_on_the_same_pictures(lab: Lab, folders: Path) -> None:
    twins = permuted_twins(lab)
    written = [json.loads((folders / name / "evaluation.json").read_text()) for name in NAMES[:2]]
    assert [m["accuracy"] for m in twins["models"]] == [np.mean(np.equal(w["true"], w["predicted"])) for w in written]
    assert twins["total"] == 20
    assert 0 < twins["p_value"] <= 1
    assert twins["verdict"] == "undecided", "twenty pictures show nothing"
    assert twins["low"] < twins["difference"] < twins["high"]
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
    sent = training_content(last, "shipped")
    assert len(sent["curves"]) == 2
    assert np.sum(sent["confusion"]) == np.sum(bundled) == len(held)
    assert sent["bundled"] == bundled.tolist()


def test_what_may_be_asked_of_a_training_and_a_change_is_what_core_knows() -> None:
    from core.pictures.changes import CHANGES
    from core.pictures.live_training import HIDDEN, LIMITS

    schema = TrainAsk.model_json_schema()["properties"]
    assert {name: (schema[name]["minimum"], schema[name]["maximum"]) for name in LIMITS} == LIMITS
    assert get_args(Hidden) == tuple(HIDDEN)
    assert get_args(ChangeName) == tuple(CHANGES)
    assert max(change.strongest for change in CHANGES.values()) == 180


def test_a_training_is_told_step_by_step(lab: Lab) -> None:
    ask = TrainAsk(pictures=100, epochs=2, learning_rate=0.001, dropout=0, hidden="64", source="shipped")
    parts = list(train(lab, ask, CONTEXT))
    assert {part["state"] for part in parts[:-1]} <= {"running"}
    assert (parts[-1]["state"], len(parts[-1]["curves"])) == ("done", 2)


def test_a_loss_without_bounds_is_sent_as_nothing() -> None:
    assert listed([1.5, np.inf, np.nan, -np.inf]) == [1.5, None, None, None]


def test_every_text_that_the_scripts_ask_for_exists() -> None:
    import re

    from core.texts import texts

    known = texts("en")
    scripts = Path(__file__).resolve().parents[3] / "assets" / "viewers" / "cifar"
    asked = set()
    for script in scripts.glob("*.js"):
        asked |= set(re.findall(r't\(\s*"((?:cifar|app)\.[\w.]+)"', script.read_text("utf-8")))
    assert len(asked) > 60
    assert sorted(asked - set(known)) == []
