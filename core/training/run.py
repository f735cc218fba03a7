"""From options to a finished model folder: train, write beside the destination, evaluate what was written, swap in."""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from pathlib import Path
from typing import Any

import torch
import tqdm  # type: ignore[import-untyped]

from core.data.decoding import require_room
from core.errors import DataError
from core.training.cards import card
from core.training.checkpoint import Checkpoint
from core.training.hashes import model_hashes
from core.training.loop import fit
from core.training.precision import chosen_device, fast_bfloat16
from core.training.recipe import Options, Recipe
from core.training.task import EpochLog

ROOM = 300 * 10**6  # bytes for checkpoints and the folder
LOOKED = 4  # steps after which a training from a file looks whether a line is due


def run(options: Options, recipe: Recipe) -> Path:
    """Train ``recipe`` and return the folder.

    From a packed file it trains only, and returns the checkpoint's: such a file holds nothing to measure by. With
    ``--resume`` and a folder of data sets the same command then measures and writes, wherever that is.
    """
    for folder in (options.work, options.destination.parent):
        require_room(folder, ROOM)
    device = chosen_device(options.device)
    recipe.task.to(device)
    if options.compile:
        recipe.task.compile()
    checkpoint = Checkpoint(options.work / options.folder, machine(recipe.mixes, device))
    if not options.resume:
        shutil.rmtree(checkpoint.folder, ignore_errors=True)
    with Lines() if options.from_file else Bar() as shown:
        every = LOOKED if options.from_file else 20
        for log in fit(recipe.task, recipe.length, options.seed, checkpoint=checkpoint, every=every):
            shown.show(log)
    if not checkpoint.logs:
        raise DataError("training.nothing_trained", minutes=options.minutes)
    if options.from_file:
        return checkpoint.folder
    network = recipe.task.averaged()
    checkpoint.best_weights(network)
    return finish(options, recipe, network.cpu(), checkpoint.logs, recipe.task.keep, checkpoint.machines)


def finish(
    options: Options,
    recipe: Recipe,
    network: torch.nn.Module,
    logs: list[dict[str, Any]],
    keep: str | None,
    where: list[dict[str, Any]],
) -> Path:
    """Write the folder whole: nothing half-written ever stands at the destination.

    ``keep``: as in :class:`Task`; ``where``: the machines that trained, in order.
    """
    destination = options.destination
    half = destination.with_name(f"{destination.name}.{os.getpid()}.half")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(parents=True)
        recipe.write(network.eval(), half)
        evaluation = {"recipe": options.folder, "sha256": model_hashes(half), **recipe.evaluate(half)}
        log = training_log(options, recipe, network, logs, keep, where)
        write_json(half / "evaluation.json", evaluation)
        write_json(half / "training_log.json", log)
        (half / "README.md").write_text(card(options, recipe, log, evaluation, half / "model.safetensors"), "utf-8")
        swap(half, destination)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return destination


def swap(half: Path, destination: Path) -> None:
    """Put the finished folder in the place of the old one."""
    old = destination.with_name(f"{destination.name}.{os.getpid()}.old")
    if destination.exists():
        destination.rename(old)
    half.rename(destination)
    shutil.rmtree(old, ignore_errors=True)


def training_log(
    options: Options,
    recipe: Recipe,
    network: torch.nn.Module,
    logs: list[dict[str, Any]],
    keep: str | None,
    where: list[dict[str, Any]],
) -> dict[str, Any]:
    """What ``training_log.json`` holds."""
    least = min(logs, key=lambda row: row["validation"].get("loss", float("inf")))
    kept = logs[-1]
    if keep is not None:
        sign = -1 if keep == "loss" else 1
        kept = max(logs, key=lambda row: sign * row["validation"][keep])
    return {
        "recipe": options.folder,
        "command": options.command(),
        "seed": options.seed,
        "parameters": sum(p.numel() for p in network.parameters()),
        "minutes": round(logs[-1]["seconds"] / 60, 1),
        "machine": where[-1],
        **({"machines": where} if len(where) > 1 else {}),
        "versions": versions(),
        "hyper_parameters": recipe.facts(),
        "epoch_of_least_validation_loss": least["epoch"],
        "epoch_shipped": kept["epoch"],
        "epochs": [rounded(row) for row in logs],
    }


def machine(mixes: bool, device: torch.device) -> dict[str, Any]:
    """The kind of machine, without its name."""
    kind = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    dtype = "bfloat16 autocast" if mixes and fast_bfloat16(device) else "float32"
    return {"processor": kind, "cores": os.cpu_count(), "threads": torch.get_num_threads(), "arithmetic": dtype}


def versions() -> dict[str, str]:
    """Versions of what computed."""
    import transformers

    return {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__}


def rounded(value: Any) -> Any:
    """The same JSON with floats to six significant digits."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def write_json(path: Path, value: dict[str, Any]) -> None:
    """One top-level key a line, so that a diff can be read and a list of 10,000 does not take 10,000 lines."""
    rows = [f"{json.dumps(key)}: {json.dumps(rounded(item), ensure_ascii=False)}" for key, item in value.items()]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


class Lines:
    """A line of progress at most once a second, for a log that is read while it grows."""

    def __enter__(self) -> Lines:
        self.last = float("-inf")
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, log: EpochLog) -> None:
        """Print where ``log`` stands, always at the end of an epoch."""
        now = time.monotonic()
        if not log.done and now - self.last < 1:
            return
        self.last = now
        figures = " ".join(f"{name} {value:.4f}" for name, value in log.validation.items())
        print(
            f"{log.progress:6.1%}  {log.seconds:.0f} s  epoch {log.epoch}  loss {log.train_loss:.4f}  "
            f"accuracy {log.train_accuracy:.4f}  {figures}".rstrip(),
            flush=True,
        )


class Bar:
    """A progress bar with loss, accuracy and time left; a line an epoch where there is no terminal."""

    def __enter__(self) -> Bar:
        self.bar = tqdm.tqdm(
            total=100, unit="%", bar_format="{percentage:5.1f}% |{bar:20}| {elapsed}<{remaining} {postfix}"
        )
        self.bar.mininterval = 0.5 if self.bar.fp.isatty() else 30
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def show(self, log: EpochLog) -> None:
        """Move the bar to where ``log`` stands."""
        self.bar.set_postfix_str(
            f"epoch {log.epoch} loss {log.train_loss:.3f} acc {log.train_accuracy:.3f}", refresh=False
        )
        self.bar.update(100 * log.progress - self.bar.n)
        if log.done:
            figures = " ".join(f"{name} {value:.4f}" for name, value in log.validation.items())
            tqdm.tqdm.write(
                f"epoch {log.epoch}  {log.seconds:.0f} s  train loss {log.train_loss:.4f} "
                f"accuracy {log.train_accuracy:.4f}  validation {figures}"
            )
