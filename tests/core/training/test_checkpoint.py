import pytest
import torch
from torch import nn

from core.training.checkpoint import Checkpoint
from core.training.ema import Ema
from core.training.loop import fit
from core.training.muon import muon_for
from core.training.task import Length, Step, Task


class Points(Task):
    """A small network on 24 points, in any number format."""

    def __init__(self, dtype):
        torch.manual_seed(0)
        self.network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).to(dtype)
        self.optimizer = muon_for(self.network, 0.02, 0.01, ("2.",))
        self.ema = Ema(self.network, 0.9)
        generator = torch.Generator().manual_seed(1)
        self.x = torch.randn(24, 4, generator=generator).to(dtype)
        self.y = self.x[:, :3].argmax(1)

    def steps(self):
        return 6

    def batches(self, epoch, generator):
        yield from torch.split(torch.randperm(24, generator=generator), 4)

    def loss(self, rows, progress):
        scores = self.network(self.x[rows])
        loss = nn.functional.cross_entropy(scores.float(), self.y[rows])
        return Step(loss, (scores.argmax(1) == self.y[rows]).sum(), len(rows))

    def validate(self, network):
        return {"loss": float(nn.functional.cross_entropy(network(self.x).float(), self.y))}


def trained(dtype, folder, epochs, **more):
    task = Points(dtype)
    return task, list(fit(task, Length(epochs=epochs), checkpoint=Checkpoint(folder, **more)))


@pytest.mark.parametrize("first", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("second", [torch.float32, torch.float64, torch.bfloat16])
def test_a_training_goes_on_in_another_number_format(tmp_path, first, second):
    trained(first, tmp_path, 2)
    after, rest = trained(second, tmp_path, 4)
    assert [log.epoch for log in rest] == [3, 4]
    assert rest[-1].validation["loss"] < 1.1  # chance is ln 3
    assert {p.dtype for p in [*after.network.parameters(), *after.ema.network.parameters()]} == {second}


def test_what_was_restored_is_what_was_saved_to_the_precision_of_the_coarser_format(tmp_path):
    before, _ = trained(torch.float32, tmp_path, 2)
    after = Points(torch.float64)
    Checkpoint(tmp_path).restore(after)
    for a, b in zip(before.averaged().parameters(), after.averaged().parameters(), strict=True):
        assert torch.equal(a.double(), b)
    for weight, values in after.optimizer.state.items():
        for name, value in values.items():
            assert name == "step" or value.dtype == weight.dtype == torch.float64


def test_every_machine_that_trained_is_remembered_once(tmp_path):
    here, there = {"processor": "one"}, {"processor": "another"}
    trained(torch.float32, tmp_path, 2, machine=here)
    trained(torch.float32, tmp_path, 3, machine=here)
    trained(torch.float32, tmp_path, 4, machine=there)
    found = Checkpoint(tmp_path)
    found.restore(Points(torch.float32))
    assert found.machines == [here, there]
