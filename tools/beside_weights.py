"""What is measured of a bundled model and kept beside its weights, under their SHA-256."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.data.recordings import WEIGHTS, read_evaluation
from core.lab.lab import Lab
from core.models.spec import Job
from core.settings import Settings

Measure = Callable[..., dict[str, Any]]  # a loaded model, the sets of scenes it was evaluated on, a cache


def measure_and_keep(
    program: str,
    about: str | None,
    file: str,
    measure: Measure,
    *,
    job: Job = "segmentation",
    by_pictures: bool = False,
) -> None:
    """Measure the model that the command line names; write ``file`` into its folder, and print it.

    ``by_pictures``: the command line may also say on how many pictures at most, which ``measure`` takes by that name.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("name", help=f"a bundled model of {job}")
    if by_pictures:
        parser.add_argument("--pictures", type=int, default=None, help="on so many pictures at most (all)")
    options = vars(parser.parse_args())
    name = options.pop("name")
    lab = Lab(Settings(offline=True, device="cpu"))
    folder = lab.find(name, job).folder
    assert folder is not None, "a bundled model has a folder"
    evaluated = read_evaluation(folder)
    sets = [found.name for found in evaluated.scenes]
    with tempfile.TemporaryDirectory() as work, lab.use(name, job) as model:
        found = {"sha256": evaluated.hashes[WEIGHTS], **measure(model, sets, Path(work), **options)}
    (folder / file).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))
