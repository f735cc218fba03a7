import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix
from transformers import BeitForImageClassification, BeitForSemanticSegmentation, BeitImageProcessorPil

from core.training import beit_street
from core.training.cifar_beit import small_config
from core.training.command import main
from core.training.counting import confusions, epochs_of
from core.training.fine_tune_data import output_table

ROOT = Path(__file__).resolve().parents[3]
TINY = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32, "drop_path_rate": 0.0}


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """A tiny BEiT of each kind, saved as any checkpoint is."""
    torch.manual_seed(0)
    root = tmp_path_factory.mktemp("bases")
    pictures = BeitForImageClassification(
        small_config(**TINY, num_hidden_layers=2, id2label={0: "cat", 1: "dog"}, label2id=None)
    )
    places = {"num_hidden_layers": 4, "out_indices": [1, 2, 3, 4], "image_size": 32}
    scenes = BeitForSemanticSegmentation(beit_street.small_config(**TINY, **places))
    for name, model in (("pictures", pictures), ("scenes", scenes)):
        model.save_pretrained(root / name)
        size = {"height": 32, "width": 32}
        BeitImageProcessorPil(size=size, do_center_crop=False, do_reduce_labels=False).save_pretrained(root / name)
    return root


def options(lab_data, work, *more):
    return ["--data", str(lab_data), "--work", str(work / "runs"), "--output", str(work / "made"), *more]


@pytest.fixture(scope="module")
def alone(bases, lab_data, tmp_path_factory):
    """One epoch on CIFAR-10 in one process, 8 pictures a step."""
    work = tmp_path_factory.mktemp("alone")
    arguments = ["beit-cifar10", "--base", str(bases / "pictures"), "--epochs", "1", "--learning-rate", "0.001"]
    assert main([*arguments, *options(lab_data, work, "--batch-size", "8", "--train-size", "48")]) == 0
    return work / "made"


def test_a_checkpoint_for_other_classes_is_fine_tuned_to_ours(alone):
    model = BeitForImageClassification.from_pretrained(alone)
    assert model.config.num_labels == 10
    assert model.config.id2label[9] == "truck"
    log = json.loads((alone / "training_log.json").read_text("utf-8"))
    assert log["epochs"][0]["validation"].keys() == {"loss", "accuracy", "mean_iou"}
    evaluation = json.loads((alone / "evaluation.json").read_text("utf-8"))
    assert evaluation["figures"]["accuracy"] == pytest.approx(log["epochs"][0]["validation"]["accuracy"])


def test_a_segmentation_checkpoint_is_fine_tuned_and_measured(bases, lab_data, tmp_path):
    arguments = ["beit-street", "--base", str(bases / "scenes"), "--epochs", "2", "--batch-size", "4"]
    assert main([*arguments, *options(lab_data, tmp_path)]) == 0
    log = json.loads((tmp_path / "made" / "training_log.json").read_text("utf-8"))
    assert len(log["epochs"]) == 2
    assert log["epochs"][1]["train_loss"] < log["epochs"][0]["train_loss"]
    assert log["hyper_parameters"]["base"] == "scenes"


@pytest.mark.slow
def test_two_processes_come_to_the_figures_of_one(alone, bases, lab_data, tmp_path):
    # What accelerate launch starts on GPUs; on CPUs it would want MPI.
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["-m", "core.training"]
    command += ["beit-cifar10", "--base", str(bases / "pictures"), "--epochs", "1", "--learning-rate", "0.001"]
    command += options(lab_data, tmp_path, "--batch-size", "4", "--train-size", "48")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr[-3000:]
    logs = [json.loads((f / "training_log.json").read_text("utf-8")) for f in (alone, tmp_path / "made")]
    assert [log["hyper_parameters"]["processes"] for log in logs] == [1, 2]
    one, two = (log["epochs"][-1]["validation"] for log in logs)
    assert two["accuracy"] == pytest.approx(one["accuracy"], abs=1e-6)
    # Which pictures are mirrored differs, as each process draws its own.
    assert two["loss"] == pytest.approx(one["loss"], rel=1e-2)


def test_counts_of_each_picture_are_scikit_learns():
    rng = np.random.default_rng(0)
    labels, said = rng.integers(0, 4, (3, 50)), rng.integers(0, 4, (3, 50))
    labels[:, :5] = 255
    found = confusions(torch.from_numpy(labels), torch.from_numpy(said), 4)
    for k in range(3):
        oracle = confusion_matrix(labels[k, 5:], said[k, 5:], labels=range(4))
        assert (found[k].numpy() == oracle).all()


def test_a_checkpoint_of_150_classes_means_the_ids_and_any_other_goes_by_name():
    class All:
        num_labels = 150

    class Some:
        num_labels, id2label = 2, {0: "road", 1: "car"}

    assert [output_table(All)[id] for id in (0, 1, 150, 151)] == [255, 0, 149, 255]
    assert [output_table(Some)[id] for id in (0, 7, 21, 3)] == [255, 0, 1, 255]


def test_the_trainers_history_becomes_rows_of_the_log():
    history = [
        {"epoch": 1.0, "loss": 2.0, "learning_rate": 0.1},
        {"epoch": 1.0, "eval_loss": 1.5, "eval_accuracy": 0.5, "eval_mean_iou": 0.25},
        {"epoch": 1.0, "train_runtime": 3.0},
    ]
    (row,) = epochs_of(history, {1: 4.0})
    assert (row["epoch"], row["train_loss"], row["seconds"]) == (1, 2.0, 4.0)
    assert row["validation"] == {"loss": 1.5, "accuracy": 0.5, "mean_iou": 0.25}
