"""``python -m core.training table``: the results of all model folders as one table, put between marks in the README."""

from __future__ import annotations

from pathlib import Path

from core.data.recordings import EVALUATION, TRAINING_LOG, content
from core.data.weights import parameters_in
from core.errors import DataError
from core.training.recipe import MODELS

START, END = "<!-- results -->", "<!-- /results -->"
README = MODELS.parent.parent / "README.md"


def results_table(models: Path = MODELS) -> str:
    """A row a folder; its figures are those of ``evaluation.json``."""
    rows = [
        "| model | parameters | weights | trained | measured on | result |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for path in sorted(models.glob(f"*/{EVALUATION}")):
        evaluation, log = content(path), content(path.parent / TRAINING_LOG)
        size = sum(file.stat().st_size for file in path.parent.glob("*.safetensors")) / 10**6
        found = parameters_in(path.parent / "model.safetensors")
        total = found.total if found is not None else log["parameters"]
        epochs, minutes = log["epochs"][-1]["epoch"], log["minutes"]
        figures = evaluation["figures"]
        if "sets" in evaluation:
            measured = "<br>".join(f"{name}, {row['data']['count']}" for name, row in evaluation["sets"].items())
            others = list(evaluation["sets"])[1:]
            result = f"mIoU {figures['mean_iou']:.3f}, pixels {figures['pixel_accuracy']:.3f}"
            for name in others:
                result += f"<br>mIoU {figures[f'{name}_mean_iou']:.3f}, pixels {figures[f'{name}_pixel_accuracy']:.3f}"
        else:
            measured = f"{evaluation['data']['name']} {evaluation['data']['split']}, {evaluation['data']['count']:,}"
            result = f"accuracy {figures['accuracy']:.4f}"
            if "psnr" in figures:
                result = f"covered patches {result}, {figures['psnr']:.1f} dB"
            if "accuracy_32_tokens" in figures:
                result += f"<br>{figures['accuracy_32_tokens']:.4f} from 32 tokens"
            if "masked_top1" in figures:
                result += f"<br>masked words {figures['masked_top1']:.3f}, {figures['masked_top5']:.3f} among five"
        rows.append(
            f"| `{path.parent.name}` | {total:,} | {size:.1f} MB | {minutes:g} min, {epochs} epochs "
            f"| {measured} | {result} |"
        )
    return "\n".join(rows)


def put_table(readme: Path = README, models: Path = MODELS) -> str:
    """Replace what stands between the marks; the table is returned."""
    table = results_table(models)
    text = readme.read_text("utf-8") if readme.is_file() else ""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise DataError("training.no_marks", file=readme.name, start=START, end=END)
    readme.write_text(f"{before}{START}\n{table}\n{END}{after}", "utf-8")
    return table
