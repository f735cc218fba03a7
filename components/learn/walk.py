"""The walk-through: one station at a time, its text, its formula, and a figure drawn from a live model."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.learn.picture_figures import PICTURE_FIGURES
from components.learn.stations import BY_NAME, Station, source_code
from components.learn.text_figures import TEXT_FIGURES, sentence
from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.viewer import asks, message, told, viewer
from core.errors import LabError, RangeError
from core.lab.lab import Lab
from core.learn.links import STATIONS, View
from core.texts import RIGHT_TO_LEFT, say

MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}
FOLLOW = ("heads", "matrix", "inside")  # views of the Attention lab that show one layer and head
DELIMITERS = [{"left": "$$", "right": "$$", "display": True}, {"left": "\\(", "right": "\\)", "display": False}]


def station_of(name: object) -> Station:
    """The station of that name. Errors: RangeError, which names the choices."""
    if not isinstance(name, str) or name not in BY_NAME:
        raise RangeError("learn.unknown_station", choices=", ".join(STATIONS))
    return BY_NAME[name]


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
        look = sentence(query)
        figures = TEXT_FIGURES[station.name](lab, look, report)
        return figures, lab.find(look.model, "attention").title
    key = ("learn", "figure", station.name)
    figures = lab.results.get(key, lambda: PICTURE_FIGURES[station.name](lab, report))
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
    problem, figures, model = None, [], None
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


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay the view out and connect it; it opens with the lab's tab, at the station that a link names."""
    stations = viewer("learn-stations", elem_id="learn-stations")
    with gr.Row(elem_classes="learn-station"):
        with gr.Column(scale=5, min_width=300):
            text = gr.Markdown("", latex_delimiters=DELIMITERS, elem_id="learn-text")
        with gr.Column(scale=6, min_width=300):
            figure = viewer("learn-figure", elem_id="learn-figure")
    opened = gr.State(False)

    def read(name: object, request: gr.Request) -> Any:
        language = language_of(request)
        return gr.Markdown(text_of(station_of(name), language), rtl=language in RIGHT_TO_LEFT)

    def drawn(name: object, request: gr.Request, progress: Any) -> str:
        language, query = language_of(request), dict(request.query_params)

        def report(share: float) -> None:
            progress(share, desc=say(language, "app.loading_model"))

        asked = query if query.get("lab") == "learn" else {}
        return figure_message(lab, station_of(name), asked, language, report)

    def first(request: gr.Request) -> str:
        wanted = request.query_params.get("station", "")
        return wanted if wanted in BY_NAME else STATIONS[0]

    def name_of(event: gr.EventData) -> object:
        return event._data.get("station") if isinstance(event._data, dict) else None

    @shown
    def choose(event: gr.EventData, request: gr.Request) -> Any:
        return read(name_of(event), request)

    @shown
    def draw(event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        return drawn(name_of(event), request, progress)

    def linked(request: gr.Request) -> bool:
        return request.query_params.get("lab") == "learn"

    @shown
    def read_first(done: bool, request: gr.Request) -> Any:
        return gr.skip() if done else read(first(request), request)

    @shown
    def draw_first(done: bool, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        return (gr.skip(), True) if done else (drawn(first(request), request, progress), True)

    @shown
    def read_linked(request: gr.Request) -> Any:
        return read(first(request), request) if linked(request) else gr.skip()

    @shown
    def draw_linked(request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: B008
        return (drawn(first(request), request, progress), True) if linked(request) else (gr.skip(), gr.skip())

    # The text goes by itself: it must be there whatever becomes of the figure.
    quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    slow = {"show_progress": "minimal", **MODEL_WORK}
    stations.select(choose, None, text, **quick)
    asks(stations, "select", draw, None, figure, shows=figure, trigger_mode="always_last", **slow)
    tab.select(read_first, opened, text, **quick)
    told(tab.select(draw_first, opened, [figure, opened], **slow), figure)
    demo.load(read_linked, None, text, **quick)
    told(demo.load(draw_linked, None, [figure, opened], **slow), figure)
