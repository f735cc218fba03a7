"""The walk-through: one station at a time, its text, its formula, and a figure drawn from a live model."""

from __future__ import annotations

from typing import Any

from components.learn.journeys import journey_of
from components.learn.picture_figures import PICTURE_FIGURES
from components.learn.questions import FigureAsk, TextAsk
from components.learn.stations import BY_NAME, Station
from components.learn.text_figures import TEXT_FIGURES, sentence
from components.page.desk import Context
from core.checks import choice
from core.errors import LabError
from core.lab.lab import Lab
from core.learn.links import STATIONS, View
from core.networks.steps import source_code
from core.progress import Progress
from core.texts import RIGHT_TO_LEFT, say

FOLLOW = ("heads", "matrix", "inside")  # views of the Attention lab that show one layer and head


def station_of(name: object) -> Station:
    """The station of that name. Errors: RangeError, which names the choices."""
    return BY_NAME[choice("learn.unknown_station", name, STATIONS)]


def text_of(station: Station, language: str) -> str:
    """Title, sentences, formula and sources as Markdown."""
    key = f"learn.stations.{station.name}"
    number = STATIONS.index(station.name) + 1
    title = f"## {number}. {say(language, f'{key}.title')}"
    formula = f"$$\n{station.formula}\n$$"
    read = say(language, f"{key}.read")
    sources = f"<small>{say(language, 'learn.sources')}: <bdi>{station.sources}</bdi></small>"
    return "\n\n".join((title, say(language, f"{key}.text"), formula, read, sources))


def text(lab: Lab, ask: TextAsk, context: Context) -> dict[str, Any]:
    """A station's text, and whether it is read from right to left. No model is asked. Errors: RangeError."""
    station = station_of(ask.station)
    return {"text": text_of(station, context.language), "rtl": context.language in RIGHT_TO_LEFT}


def figures_of(lab: Lab, station: Station, a: str, report: Progress) -> tuple[list[Any], str | None]:
    """The station's figures, each with the title of the model that it is of, and of the one that drew them now.

    Errors: those of core.
    """
    title: str | None
    if station.name in TEXT_FIGURES:
        look = sentence(lab, a)
        figures = TEXT_FIGURES[station.name](lab, look, report)
        title = lab.find(look.model, "attention").title
    else:
        figures = PICTURE_FIGURES[station.name](lab, report)
        title = next((figure["model"] for figure in figures if "model" in figure), None)
    return [{"model": title, **figure, **recorded(lab, figure)} for figure in figures], title


def recorded(lab: Lab, figure: dict[str, Any]) -> dict[str, str]:
    """The title of the model whose training a figure was recorded from; nothing for a figure that is drawn now."""
    folder = figure.get("recorded")
    if folder is None:
        return {}
    return {"model": next((spec.title for spec in lab.catalog if spec.source == folder), folder)}


def link(view: View, figures: list[Any], a: str) -> dict[str, str]:
    """The fields of a view's link; the Attention lab opens at the layer, head and token that the figure shows."""
    fields = view.query()
    if view.lab != "attention" or view.view not in FOLLOW:
        return fields
    shown = figures[0]["fields"] if figures else {}
    named = {name: str(shown[name]) for name in ("layer", "head", "query") if name in shown}
    if "query" in named:
        named["token"] = named.pop("query")
    return {**({"a": a} if a else {}), **fields, **named}


def figure(lab: Lab, ask: FigureAsk, context: Context) -> dict[str, Any]:
    """A station's figures, its journey's moment, links and code; where a model is missing, why there is no figure.

    Errors: RangeError.
    """
    station = station_of(ask.station)
    figures: list[Any] = []
    problem, model = None, None
    try:
        figures, model = figures_of(lab, station, ask.a, context.loading)
    except LabError as error:
        problem = error.sentence(context.language)
    return {
        "station": station.name,
        "figures": figures,
        "journey": journey_of(lab, station, ask.a, context.loading),
        "model": model,
        "problem": problem,
        "opens": [link(view, figures, ask.a) for view in station.opens],
        "code": [{"place": place, "lines": source_code(place)} for place in station.code],
    }
