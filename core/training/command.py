"""The options of ``python -m core.training`` and what each name runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from core.errors import DataError, LabError
from core.training.check import check_all
from core.training.recipe import RUNS, Options
from core.training.recipes import RECIPES, scratch_recipe
from core.training.table import put_table


def positive(text: str) -> int:
    """A whole number above 0."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text}")
    return value


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m core.training", description=__doc__)
    made.add_argument(
        "name", choices=[*RECIPES, "check", "table"], metavar="NAME", help="; ".join((*RECIPES, "check", "table"))
    )
    made.add_argument("--data", type=Path, help="folder of the data sets (default: LAB_DATA, else the hub)")
    made.add_argument("--output", type=Path, help="the finished folder (default: assets/models/NAME)")
    made.add_argument("--work", type=Path, default=RUNS, help="checkpoints and decoded pictures (default: runs)")
    made.add_argument("--minutes", type=float, help="train for so long, whatever that is in epochs")
    made.add_argument("--epochs", type=positive)
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    made.add_argument("--base", metavar="CHECKPOINT", help="fine-tune this hub id or folder")
    made.add_argument("--train-size", type=positive)
    made.add_argument("--test-size", type=positive)
    made.add_argument("--batch-size", type=positive)
    made.add_argument("--learning-rate", type=float)
    made.add_argument("--preset", choices=["reference", "small"])
    made.add_argument("--permute", action="store_true", help="mlp-cifar10: shuffle the pixels' places, once for all")
    made.add_argument(
        "--no-pretraining", dest="pretraining", action="store_false", help="bert-imdb: all of the time for the classes"
    )
    return made


def train(options: Options) -> Path | None:
    """Run the recipe of that name; the folder, or None in a process that leaves the writing to another."""
    if options.base is not None or (options.preset == "reference" and options.name.startswith("beit-")):
        if not options.name.startswith("beit-"):
            raise DataError("training.base_is_for_beit", name=options.name)
        from core.training.fine_tune import FineTuned  # imports transformers

        return FineTuned(options, scratch_recipe(options.name)).fine_tune()
    from core.training.run import run

    recipe = scratch_recipe(options.name)(options)
    if recipe.threads is not None:
        torch.set_num_threads(recipe.threads)
    return run(options, recipe)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where it worked, 1 with one plain sentence where it did not."""
    made = parser()
    options = Options(**vars(made.parse_args(arguments)))
    if options.permute and options.name != "mlp-cifar10":
        made.error("--permute belongs to mlp-cifar10")
    if not options.pretraining and options.name != "bert-imdb":
        made.error("--no-pretraining belongs to bert-imdb")
    try:
        if options.name == "check":
            return 1 if check_all(options) else 0
        if options.name == "table":
            print(put_table())
            return 0
        folder = train(options)
        if folder is not None:
            print(folder)
    except LabError as error:
        print(error.sentence(), file=sys.stderr)
        return 1
    return 0
