import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.data.datasets import Pictures
from core.networks.mlp import MlpConfig
from core.training import loop
from core.training.checkpoint import Checkpoint
from core.training.ema import Ema
from core.training.loop import ActiveClock, fit, warm_cosine
from core.training.mlp import MlpRecipe, MlpTask
from core.training.muon import muon_for
from core.training.task import Length, Step, Task


class LineTask(Task):
    """Dropout, Muon, AdamW and an average, on 24 points."""

    keep = "loss"

    def __init__(self):
        torch.manual_seed(0)
        self.network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
        self.optimizer = muon_for(self.network, 0.02, 0.01, ("3.",))
        self.ema = Ema(self.network, 0.9)
        generator = torch.Generator().manual_seed(1)
        self.x = torch.randn(24, 4, generator=generator)
        self.y = self.x[:, :3].argmax(1)

    def steps(self):
        return 6

    def batches(self, epoch, generator):
        yield from torch.split(torch.randperm(24, generator=generator), 4)

    def loss(self, rows, progress):
        scores = self.network(self.x[rows])
        return Step(
            nn.functional.cross_entropy(scores, self.y[rows]), int((scores.argmax(1) == self.y[rows]).sum()), len(rows)
        )

    def validate(self, network):
        assert not network.training
        return {"loss": float(nn.functional.cross_entropy(network(self.x), self.y))}

    def factor(self, progress):
        return warm_cosine(progress, 0.2)


class SgdTask(MlpTask):
    """The MLP's own task on twelve pictures."""

    def __init__(self):
        rng = np.random.default_rng(0)
        pictures = Pictures(rng.integers(0, 256, (12, 8, 8, 3), dtype=np.uint8), np.arange(12) % 10)
        super().__init__(MlpConfig(size=8, hidden=(8,)), pictures, pictures, MlpRecipe(batch_size=4, learning_rate=0.1))


def curve(logs):
    return [replace(log, seconds=0.0) for log in logs]


@pytest.mark.parametrize("make", [LineTask, SgdTask])
def test_a_run_cut_off_goes_on_with_the_very_curve_of_one_that_was_not(make, tmp_path):
    whole_task = make()
    whole = curve(fit(whole_task, Length(epochs=5), seed=7))
    first = make()
    logs = fit(first, Length(epochs=5), seed=7, checkpoint=Checkpoint(tmp_path))
    cut = curve([next(logs), next(logs)])
    logs.close()
    second, checkpoint = make(), Checkpoint(tmp_path)
    rest = curve(fit(second, Length(epochs=5), seed=7, checkpoint=checkpoint))
    assert cut + rest == whole
    assert [row["epoch"] for row in checkpoint.logs] == [1, 2, 3, 4, 5]
    for a, b in zip(whole_task.averaged().parameters(), second.averaged().parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_run_that_is_done_has_nothing_left_to_do(tmp_path):
    list(fit(LineTask(), Length(epochs=2), checkpoint=Checkpoint(tmp_path)))
    checkpoint = Checkpoint(tmp_path)
    assert list(fit(LineTask(), Length(epochs=2), checkpoint=checkpoint)) == []
    assert len(checkpoint.logs) == 2


def test_a_checkpoint_is_one_safetensors_file_whose_notes_are_json(tmp_path):
    from safetensors import safe_open

    list(fit(LineTask(), Length(epochs=1), checkpoint=Checkpoint(tmp_path)))
    with safe_open(tmp_path / "state.safetensors", "pt") as file:
        assert json.loads(file.metadata()["state"])["epoch"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.safetensors", "state.safetensors"]


def test_the_best_epochs_weights_are_kept(tmp_path):
    task, checkpoint = LineTask(), Checkpoint(tmp_path)
    losses = iter([0.5, 0.2, 0.9])
    kept = []

    def validate(network):
        kept.append([p.clone() for p in network.parameters()])
        return {"loss": next(losses)}

    task.validate = validate
    list(fit(task, Length(epochs=3), checkpoint=checkpoint))
    network = task.averaged()
    assert checkpoint.best_weights(network)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), kept[1], strict=True))


def test_stop_is_asked_before_each_step():
    asked = iter([False] * 8 + [True])
    logs = list(fit(LineTask(), Length(epochs=9), stop=lambda: next(asked)))
    assert [log.epoch for log in logs] == [1]  # six steps, then two of the next epoch


def test_progress_inside_an_epoch_is_told_as_not_done():
    logs = list(fit(LineTask(), Length(epochs=1), every=2))
    assert [log.done for log in logs] == [False, False, False, True]
    assert logs[0].validation == {}
    assert logs[-1].validation.keys() == {"loss"}


def test_minutes_end_a_run_wherever_it_stands(monkeypatch):
    now = iter(float(i) for i in range(10_000))
    monkeypatch.setattr(loop.time, "perf_counter", lambda: next(now))
    logs = list(fit(LineTask(), Length(minutes=10 / 60)))
    assert logs[-1].progress == 1.0
    assert 10 <= logs[-1].seconds <= 14


def test_a_stopped_process_does_not_use_up_its_minutes(monkeypatch):
    times = iter([0.0, 1.0, 2.0, 3602.0, 3603.0])
    monkeypatch.setattr(loop.time, "perf_counter", lambda: next(times))
    clock = ActiveClock()
    assert [clock.tick() for _ in range(4)] == [1.0, 2.0, 12.0, 13.0]


def test_the_schedule_rises_then_falls_to_nothing():
    values = [warm_cosine(p / 100, 0.1) for p in range(101)]
    assert values.index(max(values)) == 10
    assert max(values) == pytest.approx(1)
    assert values[-1] == pytest.approx(0, abs=1e-9)
    assert values[:11] == sorted(values[:11])
    assert values[10:] == sorted(values[10:], reverse=True)


def test_a_length_is_either_epochs_or_minutes():
    for wrong in ({}, {"epochs": 1, "minutes": 1.0}):
        with pytest.raises(AssertionError, match="either epochs or minutes"):
            Length(**wrong)


@pytest.mark.parametrize("make", [LineTask, SgdTask])
def test_a_compiled_task_has_the_curve_and_the_names_of_a_plain_one(make):
    plain, compiled = make(), make()
    compiled.to(torch.device("cpu"))
    compiled.compile(backend="eager")
    first, second = (list(fit(task, Length(epochs=2))) for task in (plain, compiled))
    for a, b in zip(first, second, strict=True):
        assert b.train_loss == pytest.approx(a.train_loss, rel=1e-5)
    assert plain.network.state_dict().keys() == compiled.network.state_dict().keys()
