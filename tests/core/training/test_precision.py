import pytest
import torch

from core.errors import UnavailableError
from core.training.command import main
from core.training.precision import chosen_device, mixed


def test_auto_is_a_gpu_only_where_there_is_one(monkeypatch):
    for present, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda found=present: found)
        assert chosen_device("auto").type == expected
        assert chosen_device("cpu").type == "cpu"
    with pytest.raises(UnavailableError, match="no GPU"):
        chosen_device("cuda")


def test_a_gpu_that_is_not_there_is_said_before_training(lab_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    folder = tmp_path / "models" / "made"
    arguments = ["mlp-cifar10", "--data", str(lab_data), "--work", str(tmp_path), "--output", str(folder)]
    assert main([*arguments, "--device", "cuda"]) == 1
    assert "no GPU" in capsys.readouterr().err
    assert not folder.exists()


def test_products_are_mixed_only_where_bfloat16_is_fast(monkeypatch):
    x = torch.ones(2, 2)
    for fast, dtype in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr("core.training.precision.fast_bfloat16", lambda device, found=fast: found)
        with mixed("cpu"):
            assert (x @ x).dtype == dtype
