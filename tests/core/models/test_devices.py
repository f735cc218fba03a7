"""Where models run."""

import pytest
import torch

from core.errors import UnavailableError
from core.models.devices import HALF_FROM, choose_device, choose_dtype, free, is_out_of_memory, zero_gpu


@pytest.fixture(params=[False, True], ids=["no card", "a card"])
def card(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """torch as it answers on a machine without and with a graphics card; no tensor goes there."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: request.param)
    return bool(request.param)


def test_auto_takes_the_card_where_there_is_one(card: bool) -> None:
    assert choose_device("auto") == ("cuda" if card else "cpu")


def test_cpu_is_cpu(card: bool) -> None:
    assert choose_device("cpu") == "cpu"


def test_asking_for_a_card_that_is_not_there_says_so(card: bool) -> None:
    if card:
        assert choose_device("cuda") == "cuda"
    else:
        with pytest.raises(UnavailableError, match="--device cpu"):
            choose_device("cuda")


def test_half_precision_is_for_big_models_on_a_card() -> None:
    assert choose_dtype("cpu", 10 * HALF_FROM) is torch.float32
    assert choose_dtype("cuda", HALF_FROM - 1) is torch.float32
    assert choose_dtype("cuda", HALF_FROM) is torch.float16


@pytest.mark.parametrize(("value", "expected"), [(None, False), ("", False), ("0", False), ("1", True), ("true", True)])
def test_zero_gpu_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str | None, expected: bool
) -> None:
    if value is None:
        monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    else:
        monkeypatch.setenv("SPACES_ZERO_GPU", value)
    assert zero_gpu() is expected


def test_only_the_cards_own_error_is_lack_of_its_memory() -> None:
    assert is_out_of_memory(torch.cuda.OutOfMemoryError("CUDA out of memory"))
    assert not is_out_of_memory(MemoryError())


def test_freeing_a_cpu_asks_nothing_of_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: asked.append(1))
    free("cpu")
    assert asked == []
    free("cuda")
    assert asked == [1]
