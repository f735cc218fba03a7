import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.data.datasets import Pictures
from core.errors import DataError
from core.training.command import main
from core.training.pack import Pack, read_pack, write_pack
from core.training.pack_cifar import CifarData, packed_cifar, unpacked_cifar
from core.training.pack_pictures import cut_sheets, fitting, joined, parted, png, read_image, sheets, smaller

ROOT = Path(__file__).parents[3]
PROGRAM = """
import socket, sys
for name in ("datasets", "pydantic", "pyarrow", "pandas", "sklearn", "scipy", "gradio"):
    sys.modules[name] = None  # an import raises

def refused(*_, **__):
    raise AssertionError("a training from a file asked the network")

socket.socket.connect = socket.getaddrinfo = refused
import torch
torch.set_num_threads(1)
from core.training.command import main
sys.exit(main(sys.argv[1:]))
"""


def test_what_was_written_is_read_and_no_half_file_is_left(tmp_path):
    path = tmp_path / "below" / "data.pack"
    pack = Pack({"a": np.arange(6, dtype=np.int16).reshape(2, 3), "b": np.zeros(0, np.uint8)}, {"names": ["x", 1.5]})
    write_pack(pack, "some", path)
    found = read_pack(path, "some")
    assert found.facts == pack.facts
    assert found.arrays.keys() == pack.arrays.keys()
    assert all(np.array_equal(found.arrays[key], value) for key, value in pack.arrays.items())
    assert [file.name for file in path.parent.iterdir()] == ["data.pack"]
    assert path.stat().st_size == pytest.approx(pack.size, abs=600)


def test_another_recipes_file_and_what_is_no_pack_are_told_in_a_sentence(tmp_path):
    path = tmp_path / "data.pack"
    write_pack(Pack({}), "some", path)
    with pytest.raises(DataError, match=r"data\.pack holds the data of some, not of other"):
        read_pack(path, "other")
    path.write_bytes(b"\x00" * 20)
    with pytest.raises(DataError, match="is no file that"):
        read_pack(path, "some")
    save_file({"a": np.zeros(2)}, path)
    with pytest.raises(DataError, match="is no file that"):
        read_pack(path, "some")
    save_file({"a": np.zeros(2)}, path, {"pack": json.dumps({"version": 0, "recipe": "some", "facts": {}})})
    with pytest.raises(DataError, match="is no file that"):
        read_pack(path, "some")


def test_files_behind_one_another_come_apart_again():
    files = [b"one", b"", b"three"]
    data, starts = joined(files)
    assert starts.tolist() == [0, 3, 3, 8]
    assert list(parted(data, starts)) == files


@pytest.mark.parametrize("count", [1, 40, 41, 1601])
def test_sheets_are_cut_into_the_pictures_that_they_were_made_of(count):
    pictures = np.random.default_rng(0).integers(0, 256, (count, 4, 6, 3), dtype=np.uint8)
    found = list(sheets(pictures))
    assert len(found) == -(-count // 1600)
    assert np.array_equal(cut_sheets([png(sheet) for sheet in found], count, (4, 6)), pictures)


def test_a_label_map_stays_exact_and_shrinks_without_a_new_class():
    rng = np.random.default_rng(0)
    mask = rng.choice(np.array([0, 2, 150], np.uint8), (60, 90))
    picture = rng.integers(0, 256, (60, 90, 3), dtype=np.uint8)
    assert np.array_equal(read_image(png(mask)), mask)
    small, ids = smaller(picture, mask, 30)
    assert small.shape == (20, 30, 3)
    assert ids.shape == (20, 30)
    assert set(np.unique(ids)) <= {0, 2, 150}
    assert smaller(picture, mask, 90)[0] is picture


def test_the_finest_choice_that_fits_is_taken_and_hopeless_ones_are_only_sampled():
    asked = []

    def made(size, every):
        asked.append((size, every))
        return Pack({"a": np.zeros(size * len(range(0, 160, every)), np.uint8)})

    pack = fitting("some", made, (100, 50, 10), 160, 160 * 20)
    assert pack.arrays["a"].nbytes == 1600
    assert [size for size, every in asked if every == 1] == [10]
    with pytest.raises(DataError, match="does not fit into"):
        fitting("some", made, (100, 50), 160, 100)
    assert fitting("some", made, (100, 50), 160, None).arrays["a"].nbytes == 16000


def test_small_pictures_survive_a_pack_but_for_what_jpeg_loses():
    y, x = np.mgrid[:32, :32]
    base = np.stack([y * 8, x * 8, (x + y) * 4], axis=2)
    images = np.stack([(base + 3 * k) % 256 // 2 for k in range(50)]).astype(np.uint8)
    data = CifarData(Pictures(images, np.arange(50) % 10), Pictures(images[:5], np.arange(5)))
    found = unpacked_cifar(packed_cifar(data, None))
    assert np.array_equal(found.train.labels, data.train.labels)
    assert len(found.held_out) == 5
    assert np.abs(found.train.images.astype(int) - images).mean() < 3
    limit = packed_cifar(data, None).size - 1000
    tight = packed_cifar(data, limit)
    assert tight.size <= limit
    assert tight.facts["jpeg_quality"] < 95


@pytest.fixture(scope="module")
def cifar_file(lab_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    path = folder / "cifar.pack"
    arguments = ["pack", "beit-cifar10", "--data", str(lab_data), "--limit", "1MB", "--to", str(path)]
    assert main([*arguments, "--work", str(folder)]) == 0
    return path


def test_a_training_from_a_file_needs_neither_data_sets_nor_network_and_is_measured_elsewhere(
    cifar_file, lab_data, tmp_path
):
    arguments = ["beit-cifar10", "--epochs", "1", "--batch-size", "16", "--work", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments, "--data", str(cifar_file)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "epoch 1  loss" in done.stdout
    assert done.stdout.splitlines()[-1] == str(tmp_path / "beit-cifar10")
    folder = tmp_path / "model"
    assert main([*arguments, "--resume", "--data", str(lab_data), "--output", str(folder)]) == 0
    log = json.loads((folder / "training_log.json").read_text("utf-8"))
    assert [row["epoch"] for row in log["epochs"]] == [1]
    assert json.loads((folder / "evaluation.json").read_text("utf-8"))["data"]["count"] == 20


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mlp-cifar10"], "cannot be packed"),
        (["beit-scenes"], "holds the data of beit-cifar10, not of beit-scenes"),
    ],
)
def test_a_file_is_refused_by_recipes_that_it_is_not_of(cifar_file, tmp_path, capsys, arguments, sentence):
    assert main([*arguments, "--data", str(cifar_file), "--work", str(tmp_path)]) == 1
    assert sentence in capsys.readouterr().err


def test_a_recipe_that_cannot_be_packed_says_so(tmp_path, capsys):
    assert main(["pack", "bert-sentiment", "--to", str(tmp_path / "file")]) == 1
    assert "cannot be packed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["pack"],
        ["pack", "beit-cifar10"],
        ["check", "beit-cifar10"],
        ["table", "--to", "x"],
        ["beit-cifar10", "--limit", "5MB"],
        ["pack", "beit-cifar10", "--to", "x", "--limit", "0"],
    ],
)
def test_an_incomplete_command_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "error" in capsys.readouterr().err
