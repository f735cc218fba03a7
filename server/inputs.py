"""Whether an event's data fit its components. Gradio finds out while it works on them, and then logs a traceback."""

from __future__ import annotations

import math
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from gradio_client.utils import construct_args
from pydantic import ValidationError

from core.errors import InputError
from server.gradio_queue import PageEvent, component_of_page, event_by_name, event_by_number, parameters


def find_event(demo: gr.Blocks, part: str, number: object) -> PageEvent:
    """The event that a request means by ``number``, or ``/call/NAME`` by its name. InputError for none.

    Some events run in the page alone: the server has no function for them.
    """
    event = None
    if part.startswith("/call/") or number is None:
        event = event_by_name(demo, part.strip("/").rpartition("/")[2])
    elif isinstance(number, int) and not isinstance(number, bool):
        event = event_by_number(demo, number)
    if event is None:
        raise InputError("app.no_event")
    return event


def check_inputs(demo: gr.Blocks, event: PageEvent, data: object, session: object) -> None:
    """InputError where ``data`` has another length than the event's inputs, or a value that one cannot take."""
    if not isinstance(data, list):
        raise InputError("app.not_inputs")
    components = event.inputs if len(data) == len(event.inputs) else event.called_with
    if len(data) != len(components):
        raise InputError("app.not_inputs")
    for component, value in zip(components, data, strict=True):
        seen = component_of_page(demo, component, session)
        if not fits(seen, value):
            raise InputError("app.not_inputs")
        _check_range(seen, value)


def data_by_name(demo: gr.Blocks, name: str, given: object) -> list[Any]:
    """The data of ``/call/v2/NAME``, given by name, in the order of the inputs. InputError where they do not fit."""
    names = parameters(demo, name)
    if names is None:
        raise InputError("app.no_event")
    if not isinstance(given, dict):
        raise InputError("app.not_inputs")
    try:
        return list(construct_args(names, (), given))
    except TypeError:
        raise InputError("app.not_inputs") from None


def fits(block: Any, value: Any) -> bool:
    """Whether ``block`` can take ``value``; components that are not named here take anything, as core checks it."""
    if isinstance(block, gr.State) or (value is None and not isinstance(block, gr.Slider)):
        return True
    if isinstance(block, gr.Number | gr.Slider):
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if isinstance(block, gr.Checkbox):
        return isinstance(value, bool)
    if isinstance(block, gr.Dropdown | gr.Radio):
        return _offered(block, value)
    if isinstance(block, gr.File | gr.Image):
        many = isinstance(block, gr.File) and block.file_count != "single"
        return all(map(_file, value)) if many and isinstance(value, list) else not many and _file(value)
    if isinstance(block, gr.Textbox):
        return isinstance(value, str)
    return True


def _check_range(block: Any, value: Any) -> None:
    """InputError that names the range, where a number is outside it."""
    if isinstance(block, gr.Number | gr.Slider) and value is not None:
        low, high = block.minimum, block.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise InputError(
                "app.out_of_range",
                low="−∞" if low is None else f"{low:g}",
                high="∞" if high is None else f"{high:g}",
            )


def _offered(block: Any, value: Any) -> bool:
    many = isinstance(value, list)
    if many and not getattr(block, "multiselect", False):
        return False
    if getattr(block, "allow_custom_value", False):
        return all(isinstance(item, str | int | float) for item in (value if many else [value]))
    choices = [choice for _, choice in block.choices]
    return all(item in choices for item in (value if many else [value]))


def _file(value: Any) -> bool:
    """Whether it is an upload as the page sends it: its path, and gradio's mark."""
    try:
        return isinstance(value, dict) and not FileData.model_validate(value, context={"validate_meta": True}).is_stream
    except ValidationError:
        return False
