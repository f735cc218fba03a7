"""``python -m core.training check``: whether each model folder is what its card, log and evaluation say it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from core.data.datasets import data_root
from core.data.recordings import EVALUATION, TRAINING_LOG, content
from core.training.hashes import model_hashes
from core.training.recipe import MODELS, Options
from core.training.recipes import RECIPES, scratch_recipe

FILE_LIMIT, TOTAL_LIMIT = 10 * 10**6, 90 * 10**6  # bytes
SAMPLE = 100  # inputs of a re-evaluation
NEEDED = ("config.json", "model.safetensors", "README.md", TRAINING_LOG, EVALUATION)


def check_all(options: Options, models: Path = MODELS) -> list[str]:
    """What is wrong, a sentence each; prints each folder as it is checked."""
    folders = sorted(path.parent for path in models.glob("*/config.json"))
    wrong: list[str] = [] if folders else [f"{models.name} holds no model folder"]
    for folder in folders:
        found = list(problems(folder, options))
        print(f"{folder.name}: {'; '.join(found) if found else 'as recorded'}", flush=True)
        wrong += [f"{folder.name}: {problem}" for problem in found]
    assets = models.parent if models == MODELS else models
    total = sum(path.stat().st_size for path in assets.rglob("*") if path.is_file())
    if total > TOTAL_LIMIT:
        wrong.append(f"all of {assets.name} takes {total:,} bytes, more than {TOTAL_LIMIT:,}")
    return wrong


def problems(folder: Path, options: Options) -> Iterator[str]:
    """What is wrong with one folder."""
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        yield f"{', '.join(missing)} missing"
        return
    large = [path.name for path in folder.iterdir() if path.stat().st_size >= FILE_LIMIT]
    if large:
        yield f"{', '.join(large)} of 10 MB or more"
    log, evaluation = content(folder / TRAINING_LOG), content(folder / EVALUATION)
    if not log or not evaluation:
        yield f"{TRAINING_LOG} or {EVALUATION} is no JSON object"
        return
    if evaluation["sha256"] != model_hashes(folder):
        yield "the files are not those that were evaluated"
        return
    count = parameters(folder / "model.safetensors")
    if not count <= log["parameters"]:
        yield f"{count:,} weights in the file, but {log['parameters']:,} in the log"
    if log["epoch_shipped"] not in [row["epoch"] for row in log["epochs"]]:
        yield f"epoch {log['epoch_shipped']} was shipped, but is not in the log"
    yield from counts_disagree(evaluation)
    if data_root(options.data) is not None:
        yield from sample_disagrees(folder, evaluation, options)


def parameters(path: Path) -> int:
    """How many numbers a weight file holds."""
    with safe_open(path, "np") as file:
        return sum(int(np.prod(file.get_slice(name).get_shape())) for name in file.keys())  # noqa: SIM118


def counts_disagree(evaluation: Mapping[str, Any]) -> Iterator[str]:
    """Figures that do not follow from the counts beside them."""
    if "sets" in evaluation:
        for name, found in evaluation["sets"].items():
            mean = np.mean([row["intersection"] / row["union"] for row in found["classes"].values()])
            figure = evaluation["figures"]["mean_iou" if name == next(iter(evaluation["sets"])) else f"{name}_mean_iou"]
            if abs(mean - figure) > 1e-4:
                yield f"mean IoU on {name} is {figure}, but its counts give {mean:.4f}"
        return
    if "hits" in evaluation:
        accuracy = sum(evaluation["hits"]) / evaluation["masks"]["covered"]
        if abs(accuracy - evaluation["figures"]["accuracy"]) > 1e-4:
            yield f"accuracy is {evaluation['figures']['accuracy']}, but the hits give {accuracy:.4f}"
        return
    counts = np.array(evaluation["confusion"])
    accuracy = np.trace(counts) / counts.sum()
    if abs(accuracy - evaluation["figures"]["accuracy"]) > 1e-4:
        yield f"accuracy is {evaluation['figures']['accuracy']}, but the confusion matrix gives {accuracy:.4f}"
    if counts.sum() != evaluation["data"]["count"]:
        yield f"the confusion matrix holds {counts.sum()} of {evaluation['data']['count']}"
    if "predicted" in evaluation:
        grown = np.zeros_like(counts)
        np.add.at(grown, (evaluation["true"], evaluation["predicted"]), 1)
        if (grown != counts).any() or len(evaluation["hashes"]) != counts.sum():
            yield "the recorded predictions do not give the confusion matrix"


def sample_disagrees(folder: Path, evaluation: Mapping[str, Any], options: Options) -> Iterator[str]:
    """Measure a sample anew: answers may differ in a few near-ties between machines, and no more."""
    name = next(known for known in RECIPES if evaluation["recipe"].startswith(known))
    scenes = "sets" in evaluation
    sample = Options(name, options.data, work=options.work, test_size=5 if scenes else SAMPLE)
    again = scratch_recipe(name).measure(folder, sample)
    if scenes:
        for data, found in again["sets"].items():
            before = evaluation["sets"][data]["right"][: len(found["right"])]
            if np.abs(np.array(before) - found["right"]).sum() > 0.001 * found["pixels"]:
                yield f"a re-evaluation of {len(found['right'])} pictures of {data} gives other classes"
        return
    if "hits" in again:
        before = evaluation["hits"][: len(again["hits"])]
        total = again["masks"]["covered"]
        same = total - int(np.abs(np.array(before) - again["hits"]).sum())
    elif "right" in again:
        same = sum(a == b for a, b in zip(evaluation["right"], again["right"], strict=False))
        total = len(again["right"])
    else:
        recorded = dict(zip(evaluation["hashes"], evaluation["predicted"], strict=True))
        pairs = list(zip(again["hashes"], again["predicted"], strict=True))
        same, total = sum(recorded.get(digest) == said for digest, said in pairs), len(pairs)
    if same < 0.98 * total:
        yield f"a re-evaluation gives the recorded answer for {same} of {total} only"
