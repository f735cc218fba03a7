"""The first page made light: gradio writes texts of all languages into it, and each component's form for programs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger("lab")

START, PROGRAMS = b"window.gradio_config = ", b"window.gradio_api_info = "
# Gradio's page never looks at these; a component without the hash of its class is found by its type.
UNREAD = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs", "component_class_id")

# Of an event that has none of it: gradio's page asks only whether there is something.
ABSENT = ("api_description", "component_prop_inputs", "event_specific_args", "js_implementation", "render_id",
          "rendered_in", "scroll_to_output", "show_progress_on", "time_limit", "trigger_after",
          "trigger_only_on_failure", "trigger_only_on_success")  # fmt: skip
SNIPPETS = "code_snippets"  # of an endpoint: the dialog that shows them asks ``/info`` for them


def lightened(page: bytes, language: str) -> bytes:
    """The page with the texts of one language, and without what only programs ask for (``/config`` has it still).

    A page in which gradio's configuration is not where it was is left as it is.
    """
    return _rewritten(_rewritten(page, START, lambda config: _light(config, language)), PROGRAMS, _plain)


def _rewritten(page: bytes, start: bytes, light: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    """The page with the JSON behind ``start`` made light, or as it is where there is none."""
    before, found, rest = page.partition(start)
    if not found:
        return page
    try:
        text = rest.decode("utf-8")
        content, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        log.warning("what gradio tells its page behind %s could not be read", start.decode())
        return page
    short = json.dumps(light(content), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return before + start + short.encode() + text[end:].encode()


def _plain(programs: dict[str, Any]) -> dict[str, Any]:
    for endpoint in programs.get("named_endpoints", {}).values():
        endpoint.pop(SNIPPETS, None)
    return programs


def _light(config: dict[str, Any], language: str) -> dict[str, Any]:
    translations = config.get("i18n_translations") or {}
    config["i18n_translations"] = {language: translations.get(language, {})}
    for component in config.get("components", []):
        for name in UNREAD:
            component.pop(name, None)
    for event in config.get("dependencies", []):
        for name in ABSENT:
            if not event.get(name) and event.get(name) != 0:  # 0 is the first event
                event.pop(name, None)
    return config
