import json

import numpy as np
import pytest
import torch

from core.networks.mlp import load_mlp
from core.training import beit_street, bert_sentiment, run
from core.training.check import check_all, problems
from core.training.command import main
from core.training.recipe import Options
from core.training.table import END, START, put_table


def train(lab_data, tmp_path, name, *more):
    folder = tmp_path / "models" / name
    options = ["--data", str(lab_data), "--work", str(tmp_path / "runs"), "--output", str(folder)]
    return main([name, *options, *more]), folder


@pytest.fixture
def mlp(lab_data, tmp_path):
    code, folder = train(lab_data, tmp_path, "mlp-cifar10", "--epochs", "2", "--learning-rate", "0.01")
    assert code == 0
    return folder


def test_a_trained_folder_has_everything_and_its_figures_are_those_of_its_weights(mlp, lab_data, tmp_path):
    names = {path.name for path in mlp.iterdir()}
    assert names == {"config.json", "model.safetensors", "README.md", "training_log.json", "evaluation.json"}
    evaluation = json.loads((mlp / "evaluation.json").read_text("utf-8"))
    assert evaluation["data"]["count"] == len(evaluation["hashes"]) == 20
    right = np.mean(np.array(evaluation["true"]) == np.array(evaluation["predicted"]))
    assert evaluation["figures"]["accuracy"] == pytest.approx(right)
    assert np.array(evaluation["confusion"]).sum() == 20
    log = json.loads((mlp / "training_log.json").read_text("utf-8"))
    assert [row["epoch"] for row in log["epochs"]] == [1, 2]
    assert log["parameters"] == 1_738_890
    assert log["command"] == "python -m core.training mlp-cifar10 --epochs 2 --learning-rate 0.01"
    assert list(problems(mlp, Options("check", lab_data, work=tmp_path / "runs"))) == []


def test_the_card_names_data_terms_command_and_result(mlp):
    card = (mlp / "README.md").read_text("utf-8")
    assert card.startswith("---\nlicense: other\n")
    for part in ("Krizhevsky", "python -m core.training mlp-cifar10", "| accuracy |", "1,738,890", "Limits"):
        assert part in card
    assert "{" not in card


def test_no_path_of_the_machine_gets_into_the_folder(mlp, lab_data, tmp_path):
    for path in mlp.glob("*.*"):
        if path.suffix in (".json", ".md"):
            text = path.read_text("utf-8")
            assert str(tmp_path) not in text
            assert str(lab_data) not in text


def test_a_killed_command_resumes_to_the_very_weights_of_one_that_ran_through(lab_data, tmp_path, monkeypatch):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for folder in (whole, cut):
        folder.mkdir()
    assert train(lab_data, whole, "mlp-cifar10", "--epochs", "3")[0] == 0

    def killed(bar, log):
        if log.done and log.epoch == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run.Bar, "show", killed)
        with pytest.raises(KeyboardInterrupt):
            train(lab_data, cut, "mlp-cifar10", "--epochs", "3")
    assert not (cut / "models").exists() or not list((cut / "models").iterdir())
    code, folder = train(lab_data, cut, "mlp-cifar10", "--epochs", "3", "--resume")
    assert code == 0
    for a, b in zip(load_mlp(folder).parameters(), load_mlp(whole / "models/mlp-cifar10").parameters(), strict=True):
        assert torch.equal(a, b)
    curves = [json.loads((f / "models/mlp-cifar10/training_log.json").read_text())["epochs"] for f in (whole, cut)]
    for row in curves[0] + curves[1]:
        del row["seconds"]
    assert curves[0] == curves[1]


def test_permuted_pixels_make_a_folder_of_their_own_by_the_same_recipe(lab_data, tmp_path):
    code, folder = train(lab_data, tmp_path, "mlp-cifar10", "--epochs", "1", "--permute")
    assert code == 0
    assert load_mlp(folder).config.permutation is not None
    assert json.loads((folder / "training_log.json").read_text())["recipe"] == "mlp-cifar10-permuted"


@pytest.mark.parametrize("name", ["bert-sentiment", "beit-cifar10", "beit-street"])
def test_each_recipe_writes_a_folder_that_passes_the_check(lab_data, tmp_path, monkeypatch, name):
    small, tiny = beit_street.small_config, {"hidden_size": 32, "num_hidden_layers": 4, "intermediate_size": 64}
    monkeypatch.setattr(beit_street, "SIZE", 64)
    monkeypatch.setattr(
        beit_street,
        "small_config",
        lambda: small(**tiny, image_size=64, num_attention_heads=2, out_indices=[1, 2, 3, 4]),
    )
    monkeypatch.setattr(beit_street.StreetTask, "steps", lambda self: 4)
    monkeypatch.setattr(bert_sentiment, "VOCABULARY", 120)
    code, folder = train(lab_data, tmp_path, name, "--epochs", "2", "--batch-size", "8")
    assert code == 0
    assert check_all(Options("check", lab_data, work=tmp_path / "runs"), tmp_path / "models") == []
    if name == "bert-sentiment":
        assert {path.stem for path in folder.glob("*.safetensors")} == {"untrained", "early", "model"}


def test_the_check_tells_other_weights_a_wrong_figure_and_a_missing_file(mlp, lab_data, tmp_path):
    options = Options("check", work=tmp_path / "runs")
    path = mlp / "evaluation.json"
    good = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**good, "figures": {**good["figures"], "accuracy": 0.99}}), "utf-8")
    assert "confusion matrix gives" in " ".join(problems(mlp, options))
    turned = [(said + 1) % 10 for said in good["predicted"]]
    path.write_text(json.dumps({**good, "predicted": turned}), "utf-8")
    told = " ".join(problems(mlp, Options("check", lab_data, work=tmp_path / "runs")))
    assert "do not give the confusion matrix" in told
    assert "for 0 of 20 only" in told
    path.write_text(json.dumps({**good, "sha256": {"model.safetensors": "0" * 64}}), "utf-8")
    assert "not those that were evaluated" in " ".join(problems(mlp, options))
    (mlp / "README.md").unlink()
    assert "README.md missing" in " ".join(problems(mlp, options))


def test_the_table_goes_between_its_marks_and_nowhere_else(mlp, tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{START}\nold\n{END}\nafter\n", "utf-8")
    table = put_table(readme, mlp.parent)
    assert "| `mlp-cifar10` | 1,738,890 |" in table
    assert readme.read_text("utf-8") == f"before\n{START}\n{table}\n{END}\nafter\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mlp-cifar10", "--data", "/nowhere"], "does not exist"),
        (["bert-sentiment", "--base", "somewhere"], "random weights only"),
        (["beit-scenes", "--base", "somewhere"], "use --base with beit-cifar10 or beit-street"),
        (["beit-cifar10", "--base", "./no-such-folder"], "cannot be read as a BEiT"),
    ],
)
def test_what_cannot_be_trained_is_said_in_a_sentence_and_leaves_no_folder(tmp_path, capsys, arguments, sentence):
    folder = tmp_path / "models" / "made"
    assert main([*arguments, "--output", str(folder), "--work", str(tmp_path / "runs")]) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told
    assert not folder.exists()


def test_a_disk_without_room_is_said_before_training(lab_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "ROOM", 10**18)
    code, folder = train(lab_data, tmp_path, "mlp-cifar10", "--epochs", "1")
    assert code == 1
    assert "MB are needed" in capsys.readouterr().err
    assert not folder.exists()


def test_an_evaluation_that_fails_leaves_the_old_folder_as_it_was(mlp, lab_data, tmp_path, monkeypatch):
    before = (mlp / "evaluation.json").read_bytes()
    monkeypatch.setattr(run, "card", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train(lab_data, tmp_path, "mlp-cifar10", "--epochs", "1")
    assert (mlp / "evaluation.json").read_bytes() == before
    assert [path.name for path in mlp.parent.iterdir()] == ["mlp-cifar10"]
