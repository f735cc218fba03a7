"""The walk-through: one station at a time, its text, its formula, and a figure drawn from a live model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from components.learn.picture_figures import PICTURE_FIGURES
from components.learn.stations import BY_NAME, Station, source_code
from components.learn.text_figures import TEXT_FIGURES, sentence
from components.page.feedback import loading, shown
from components.page.i18n import language_of
from components.page.viewer import asks, event_data, message, told, viewer
from core.checks import choice
from core.errors import LabError
from core.lab.lab import Lab
from core.learn.links import STATIONS, View
from core.texts import RIGHT_TO_LEFT, say

MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}
FOLLOW = ("heads", "matrix", "inside")  # views of the Attention lab that show one layer and head
DELIMITERS = [{"left": "$$", "right": "$$", "display": True}, {"left": "\\(", "right": "\\)", "display": False}]


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


def figures_of(lab: Lab, station: Station, query: dict[str, str], report: Any) -> tuple[list[Any], str | None]:
    """The station's figures and the title of the model that drew them."""
    if station.name in TEXT_FIGURES:
        look = sentence(lab, query)
        figures = TEXT_FIGURES[station.name](lab, look, report)
        return figures, lab.find(look.model, "attention").title
    figures = PICTURE_FIGURES[station.name](lab, report)
    return figures, next((figure["model"] for figure in figures if "model" in figure), None)


def link(view: View, figures: list[Any], query: dict[str, str]) -> dict[str, str]:
    """The fields of a view's link; the Attention lab opens at the layer, head and token that the figure shows."""
    fields = view.query()
    if view.lab != "attention" or view.view not in FOLLOW:
        return fields
    shown = figures[0]["fields"] if figures else {}
    named = {name: str(shown[name]) for name in ("layer", "head", "query") if name in shown}
    if "query" in named:
        named["token"] = named.pop("query")
    return {**({"a": query["a"]} if query.get("a") else {}), **fields, **named}


def figure_message(lab: Lab, station: Station, query: dict[str, str], language: str, report: Any) -> str:
    """What the figure's viewer is sent; where a model is missing, the sentence that says which."""
    figures: list[Any] = []
    problem, model = None, None
    try:
        figures, model = figures_of(lab, station, query, report)
    except LabError as error:
        problem = error.sentence(language)
    return message(
        "figures",
        station=station.name,
        figures=figures,
        model=model,
        problem=problem,
        opens=[link(view, figures, query) for view in station.opens],
        code=[{"place": place, "lines": source_code(place)} for place in station.code],
    )


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the view. ``opened``: whether this browser tab has seen its first figure."""

    stations: gr.HTML
    text: gr.Markdown
    figure: gr.HTML
    opened: gr.State


def lay_out() -> Parts:
    """The view's components; nothing happens yet."""
    stations = viewer("learn-stations", elem_id="learn-stations")
    with gr.Row(elem_classes="learn-station"):
        with gr.Column(scale=5, min_width=300):
            text = gr.Markdown("", latex_delimiters=DELIMITERS, elem_id="learn-text")
        with gr.Column(scale=6, min_width=300):
            figure = viewer("learn-figure", elem_id="learn-figure")
    return Parts(stations, text, figure, gr.State(False))


def name_of(event: gr.EventData) -> object:
    """The station that a viewer sent."""
    return data.get("station") if isinstance(data := event_data(event), dict) else None


def first(request: gr.Request) -> str:
    """The station that a link names, else the first."""
    wanted = request.query_params.get("station", "")
    return wanted if wanted in BY_NAME else STATIONS[0]


def linked(request: gr.Request) -> bool:
    """Whether the page's address opens this lab."""
    return bool(request.query_params.get("lab") == "learn")


def read(name: object, request: gr.Request) -> Any:
    """A station's text."""
    language = language_of(request)
    return gr.Markdown(text_of(station_of(name), language), rtl=language in RIGHT_TO_LEFT)


def drawn(lab: Lab, name: object, request: gr.Request, progress: Any) -> str:
    """A station's figure."""
    query = dict(request.query_params) if linked(request) else {}
    return figure_message(lab, station_of(name), query, language_of(request), loading(request, progress))


def choose(event: gr.EventData, request: gr.Request) -> Any:
    """The text of the station that somebody chose."""
    return read(name_of(event), request)


def draw(lab: Lab, event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
    """The figure of the station that somebody chose."""
    return drawn(lab, name_of(event), request, progress)


def read_first(done: bool, request: gr.Request) -> Any:
    """The first text, once."""
    return gr.skip() if done else read(first(request), request)


def draw_first(lab: Lab, done: bool, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """The first figure, once."""
    return (gr.skip(), True) if done else (drawn(lab, first(request), request, progress), True)


def read_linked(request: gr.Request) -> Any:
    """The first text where a link opens this lab."""
    return read(first(request), request) if linked(request) else gr.skip()


def draw_linked(lab: Lab, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
    """The first figure where a link opens this lab."""
    return (drawn(lab, first(request), request, progress), True) if linked(request) else (gr.skip(), gr.skip())


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay the view out and connect it; it opens with the lab's tab, at the station that a link names."""
    parts = lay_out()
    figure, both = parts.figure, [parts.figure, parts.opened]
    # The text goes by itself: it must be there whatever becomes of the figure.
    quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    slow = {"show_progress": "minimal", **MODEL_WORK}
    parts.stations.select(shown(choose), None, parts.text, **quick)
    latest = {"shows": figure, "trigger_mode": "always_last", **slow}
    asks(parts.stations, "select", shown(draw, lab), None, figure, **latest)
    tab.select(shown(read_first), parts.opened, parts.text, **quick)
    told(tab.select(shown(draw_first, lab), parts.opened, both, **slow), figure)
    demo.load(shown(read_linked), None, parts.text, **quick)
    told(demo.load(shown(draw_linked, lab), None, both, **slow), figure)
