"""The options of ``python -m core.training`` and what each name runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from core.errors import DataError, LabError
from core.training.check import check_all
from core.training.pack import write_pack
from core.training.recipe import RUNS, Options
from core.training.recipes import PRETRAINED, RECIPES, TUNED, scratch_recipe
from core.training.table import put_table

OTHERS = ("check", "table", "pack")


def size_in_bytes(text: str) -> int:
    """A size such as 55MB (millions of bytes)."""
    number = text.upper().removesuffix("MB")
    try:
        value = int(float(number) * 10**6)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a size such as 55MB, got {text}")
    return value


def positive(text: str) -> int:
    """A whole number above 0."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text}")
    return value


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m core.training", description=__doc__)
    made.add_argument("name", choices=[*RECIPES, *OTHERS], metavar="NAME", help="; ".join((*RECIPES, *OTHERS)))
    made.add_argument("what", nargs="?", choices=list(RECIPES), metavar="RECIPE", help="of pack: whose data")
    made.add_argument(
        "--data", type=Path, help="folder of the data sets, or a file that pack wrote (default: LAB_DATA, else the hub)"
    )
    made.add_argument("--limit", type=size_in_bytes, metavar="55MB", help="of pack: the largest size of the file")
    made.add_argument("--to", type=Path, metavar="FILE", help="of pack: the file to write")
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
    made.add_argument(
        "--device", choices=["auto", "cpu", "cuda"], default="auto", help="auto: a GPU where there is one"
    )
    made.add_argument("--compile", action="store_true", help="compile what a step computes: slow to start, then faster")
    made.add_argument("--permute", action="store_true", help="mlp-cifar10: shuffle the pixels' places, once for all")
    made.add_argument(
        "--no-pretraining",
        dest="pretraining",
        action="store_false",
        help="bert-imdb, beit-cifar10: classes alone",
    )
    return made


def pack(options: Options, limit: int | None, to: Path) -> str:
    """Write the data of a recipe into one file; what was written, in a sentence."""
    recipe = scratch_recipe(options.name)
    made = recipe.packed(recipe.load(options), limit)
    write_pack(made, options.name, to)
    return f"{to}: {to.stat().st_size / 10**6:.1f} MB"


def train(options: Options) -> Path | None:
    """Run the recipe of that name; the folder, or None in a process that leaves the writing to another."""
    if options.base is not None or (options.preset == "reference" and options.name in TUNED):
        if options.name not in TUNED:
            raise DataError("training.base_is_for_beit", name=options.name)
        from core.training.fine_tune import FineTuned  # imports transformers

        return FineTuned(options, scratch_recipe(options.name)).fine_tune()
    from core.training.run import run

    made = scratch_recipe(options.name)
    if options.from_file and not made.packs:
        raise DataError("training.no_pack", name=options.name)
    recipe = made(options)
    if recipe.threads is not None:
        torch.set_num_threads(recipe.threads)
    return run(options, recipe)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where it worked, 1 with one plain sentence where it did not."""
    made = parser()
    given = vars(made.parse_args(arguments))
    what, limit, to = (given.pop(name) for name in ("what", "limit", "to"))
    options = Options(**given)
    packing = options.name == "pack"
    if packing != (what is not None) or packing != (to is not None) or (limit is not None and not packing):
        made.error("pack needs a RECIPE and --to FILE; nothing else takes them")
    if options.permute and options.name != "mlp-cifar10":
        made.error("--permute belongs to mlp-cifar10")
    if not options.pretraining and options.name not in PRETRAINED:
        made.error(f"--no-pretraining belongs to {' and '.join(PRETRAINED)}")
    try:
        if options.name == "check":
            return 1 if check_all(options) else 0
        if options.name == "table":
            print(put_table())
            return 0
        if options.name == "pack":
            print(pack(replace(options, name=what), limit, to))
            return 0
        folder = train(options)
        if folder is not None:
            print(folder)
    except LabError as error:
        print(error.sentence(), file=sys.stderr)
        return 1
    return 0
