"""The card of a model folder: what it is, what it learned from and under which terms, what it reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.data.weights import parameters_in
from core.plurals import filled
from core.texts import TEXTS
from core.training.masked_stages import stage_table
from core.training.recipe import Options, Recipe


def sentences() -> dict[str, Any]:
    """The English texts of the cards."""
    texts: dict[str, Any] = json.loads((TEXTS / "en" / "training.json").read_text("utf-8"))["card"]
    return texts


def card(options: Options, recipe: Recipe, log: dict[str, Any], evaluation: dict[str, Any], weights: Path) -> str:
    """README.md of a model folder, whose file ``weights`` is."""
    texts = sentences()
    about = texts["models"][options.folder if options.folder in texts["models"] else options.name]
    terms = "\n".join(f"- {texts['data'][key]}" for key in recipe.data_terms)
    settings = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in log["hyper_parameters"].items())
    machine = log["machine"]
    page: str = texts["page"]
    told = recipe.told(evaluation)
    return page.format(
        title=options.folder,
        license=about["license"],
        what=about["what"].format(**told.values),
        more=told.sections,
        use=about["use"],
        limits=about["limits"],
        terms=terms,
        command=log["command"],
        minutes=log["minutes"],
        epochs=log["epochs"][-1]["epoch"],
        shipped=log["epoch_shipped"],
        machine=filled(texts["machine"], machine, "en"),
        parameters=counted(log, weights),
        settings=settings,
        results=results({**texts["figures"], **told.figures}, evaluation),
        hashes="\n".join(f"- `{name}`: `{digest}`" for name, digest in evaluation["sha256"].items()),
    )


def counted(log: dict[str, Any], weights: Path) -> str:
    """The parameters of the file, and how many more the training had, such as those of an auxiliary head."""
    found = parameters_in(weights)
    total = found.total if found is not None else log["parameters"]
    more = log["parameters"] - total
    return f"{total:,}" + (f" {sentences()['training_alone'].format(count=f'{more:,}')}" if more > 0 else "")


def results(names: dict[str, str], evaluation: dict[str, Any]) -> str:
    """The headline figures of an evaluation as a table, by their ``names``."""
    rows = [f"| {names.get(name, name)} | {value:.4f} |" for name, value in evaluation["figures"].items()]
    if "stages" in evaluation:
        rows += ["", stage_table(evaluation["stages"], sentences()["stages"])]
    return "\n".join(rows)
