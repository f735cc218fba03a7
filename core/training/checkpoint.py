"""What a killed run goes on from: weights, optimiser, average and log, in one safetensors file without any pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from core.training.task import EpochLog, Task


@dataclass(frozen=True)
class Position:
    """Where a restored training stands."""

    epoch: int
    seconds: float
    rates: list[float]
    best: float | None


class Checkpoint:
    """A folder with the newest state, replaced whole after each epoch, and the weights of the best epoch."""

    def __init__(self, folder: Path, machine: dict[str, Any] | None = None) -> None:
        self.folder, self.machine = folder, machine
        self.logs: list[dict[str, Any]] = []
        self.machines: list[dict[str, Any]] = []  # that trained, in order

    @property
    def path(self) -> Path:
        """The file of the newest state."""
        return self.folder / "state.safetensors"

    @property
    def best_path(self) -> Path:
        """The file of the best epoch's weights."""
        return self.folder / "best.safetensors"

    def save(self, task: Task, log: EpochLog, rates: list[float], best: float | None, better: bool) -> None:
        """Write the state after an epoch; a kill at any moment leaves the last one whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.logs.append(log.to_dict())
        if self.machine is not None and self.machine not in self.machines[-1:]:
            self.machines.append(self.machine)
        tensors = named_tensors(task.network, "network.")
        if task.ema is not None:
            tensors |= named_tensors(task.ema.network, "ema.")
        saved = task.optimizer.state_dict()
        plain: dict[str, dict[str, Any]] = {}
        for index, values in saved["state"].items():
            for name, value in values.items():
                if isinstance(value, Tensor):
                    tensors[f"optimizer.{index}.{name}"] = value.contiguous()
                elif value is not None:
                    plain.setdefault(str(index), {})[name] = value
        meta = {
            "epoch": log.epoch,
            "seconds": log.seconds,
            "rates": rates,
            "best": best,
            "logs": self.logs,
            "machines": self.machines,
            "groups": saved["param_groups"],
            "plain": plain,
            "updates": task.ema.updates if task.ema is not None else 0,
        }
        write_whole(tensors, self.path, {"state": json.dumps(meta)})
        if better:
            write_whole(named_tensors(task.averaged(), ""), self.best_path, {"epoch": str(log.epoch)})

    def restore(self, task: Task) -> Position | None:
        """Put the newest state into ``task``, on its device and in its number formats; None where there is none."""
        if not self.path.is_file():
            return None
        with safe_open(self.path, "pt") as file:
            meta = json.loads(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        load_named(task.network, tensors, "network.")
        if task.ema is not None:
            load_named(task.ema.network, tensors, "ema.")
            task.ema.updates = meta["updates"]
        state: dict[int, dict[str, Any]] = {int(index): dict(values) for index, values in meta["plain"].items()}
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, index, key = name.split(".", 2)
                state.setdefault(int(index), {})[key] = value
        task.optimizer.load_state_dict({"state": state, "param_groups": meta["groups"]})
        self.logs, self.machines = meta["logs"], meta.get("machines", [])
        return Position(meta["epoch"], meta["seconds"], meta["rates"], meta["best"])

    def best_weights(self, network: nn.Module) -> bool:
        """Put the best epoch's weights into ``network``; False where none were kept."""
        if not self.best_path.is_file():
            return False
        with safe_open(self.best_path, "pt") as file:
            load_named(network, {name: file.get_tensor(name) for name in file.keys()}, "")  # noqa: SIM118
        return True


def named_tensors(network: nn.Module, prefix: str) -> dict[str, Tensor]:
    """The weights of a network, each with storage of its own, as safetensors wants them."""
    return {prefix + name: value.detach().clone().contiguous() for name, value in network.state_dict().items()}


def load_named(network: nn.Module, tensors: dict[str, Tensor], prefix: str) -> None:
    """The inverse of :func:`named_tensors`."""
    picked = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
    network.load_state_dict(picked)


def write_whole(tensors: dict[str, Tensor], path: Path, metadata: dict[str, str]) -> None:
    """Write beside ``path`` and swap in, so that ``path`` is never half a file."""
    half = path.with_suffix(".half")
    save_file(tensors, half, metadata={"format": "pt", **metadata})
    half.replace(path)


def halves(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same weights with float32 as float16."""
    return {name: value.half() if value.dtype == torch.float32 else value for name, value in tensors.items()}
