"""8-bit rows: what is read is what was written, up to half a step of each row."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from core.networks.row_bytes import read_weights, rows_from_bytes, rows_to_bytes


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), rows=st.integers(1, 9), columns=st.integers(1, 9), power=st.integers(-5, 4))
def test_no_entry_is_off_by_more_than_half_a_step_of_its_row(seed, rows, columns, power):
    generator = torch.Generator().manual_seed(seed)
    matrix = 10.0**power * torch.randn(rows, columns, generator=generator)
    matrix *= 10 ** torch.randint(-2, 1, (rows, 1), generator=generator)  # rows of very different size
    back = rows_from_bytes(rows_to_bytes({"w": matrix}))["w"]
    step = rows_to_bytes({"w": matrix})["w.scale"].float()[:, None]
    # a scale of float16 may lie a thousandth below the wanted one (more below 6e-5), and then the largest entry is cut
    assert ((back - matrix).abs() <= 0.5 * step + 2e-3 * matrix.abs() + 127 * 2.0**-25).all()


def test_vectors_stay_float16_and_matrices_take_a_quarter():
    state = {"w": torch.randn(64, 128), "b": torch.randn(128)}
    stored = rows_to_bytes(state)
    assert {name: tensor.dtype for name, tensor in stored.items()} == {
        "w": torch.int8,
        "w.scale": torch.float16,
        "b": torch.float16,
    }
    assert stored["w"].nbytes + stored["w.scale"].nbytes < 0.26 * state["w"].nbytes
    assert torch.equal(rows_from_bytes(stored)["b"], state["b"].half().float())


def test_a_row_of_zeros_stays_zeros():
    matrix = torch.zeros(3, 4)
    matrix[1] = 1
    torch.testing.assert_close(rows_from_bytes(rows_to_bytes({"w": matrix}))["w"], matrix, atol=1e-3, rtol=0)


def test_a_file_of_either_kind_is_read_in_float32(tmp_path):
    state = {"layer.weight": torch.randn(5, 7), "layer.bias": torch.randn(5), "scale": torch.ones(2)}
    save_file(rows_to_bytes(state), tmp_path / "bytes.safetensors")
    save_file({name: tensor.half() for name, tensor in state.items()}, tmp_path / "halves.safetensors")
    assert load_file(tmp_path / "bytes.safetensors")["layer.weight"].dtype == torch.int8
    for file, tolerance in (("bytes", 0.03), ("halves", 1e-3)):
        read = read_weights(tmp_path / f"{file}.safetensors")
        assert read.keys() == state.keys()
        assert {tensor.dtype for tensor in read.values()} == {torch.float32}
        torch.testing.assert_close(read, state, atol=tolerance, rtol=1e-3)


def test_scales_that_are_absent_or_do_not_fit_are_an_error():
    stored = rows_to_bytes({"w": torch.randn(4, 3)})
    with pytest.raises(ValueError, match="4 rows"):
        rows_from_bytes({**stored, "w.scale": torch.ones(3)})
    with pytest.raises(ValueError, match="no scales"):
        rows_from_bytes({"w": stored["w"]})
