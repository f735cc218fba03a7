"""Whether an event's data fit its components. Gradio finds out while it works on them, and then logs a traceback."""

from __future__ import annotations

import math
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from gradio_client.utils import construct_args
from pydantic import ValidationError

from core.errors import InputError


def find_fn(demo: gr.Blocks, part: str, fn_index: object) -> Any:
    """The function that an event means by ``fn_index``, or ``/call/NAME`` by its name. InputError for none.

    Some events run in the page alone: for the server they have no function.
    """
    if not part.startswith("/call/") and fn_index is not None:
        known = isinstance(fn_index, int) and not isinstance(fn_index, bool)
        fn = demo.fns.get(fn_index) if known else None
    else:
        name = part.strip("/").rpartition("/")[2]
        fn = next((fn for fn in demo.fns.values() if fn.api_name == name), None)
    if fn is None or fn.fn is None:
        raise InputError("app.no_event")
    return fn


def check(demo: gr.Blocks, fn: Any, data: object, session: object) -> None:
    """InputError where ``data`` has another length than the inputs of ``fn``, or a value that one cannot take."""
    if not isinstance(data, list):
        raise InputError("app.not_inputs")
    blocks = fn.inputs
    if len(data) != len(blocks):
        blocks = [block for block in blocks if not block.skip_api]
    if len(data) != len(blocks):
        raise InputError("app.not_inputs")
    for block, value in zip(blocks, data, strict=True):
        seen = _as_seen(demo, block, session)
        if not fits(seen, value):
            raise InputError("app.not_inputs")
        _check_range(seen, value)


def by_name(demo: gr.Blocks, name: str, given: object) -> list[Any]:
    """The data of ``/call/v2/NAME``, given by name, in the order of the inputs. InputError where they do not fit."""
    endpoint = demo.get_api_info()["named_endpoints"].get(f"/{name}")
    if endpoint is None:
        raise InputError("app.no_event")
    if not isinstance(given, dict):
        raise InputError("app.not_inputs")
    try:
        return list(construct_args(endpoint["parameters"], (), given))
    except TypeError:
        raise InputError("app.not_inputs") from None


def _as_seen(demo: gr.Blocks, block: Any, session: object) -> Any:
    """The component as that page has it now: an update may have given it other choices."""
    states = demo.state_holder.session_data
    if isinstance(session, str) and session in states and block._id in states[session]:
        return states[session][block._id]
    return block


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
