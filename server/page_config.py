"""The first page made light: gradio writes texts of all languages into it, and each component's form for programs."""

from __future__ import annotations

import json
import logging
from typing import Any

log = logging.getLogger("lab")

START = b"window.gradio_config = "
UNREAD = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")  # gradio's page never looks at these

# Of an event that has none of it: gradio's page asks only whether there is something.
ABSENT = ("api_description", "component_prop_inputs", "event_specific_args", "js_implementation", "render_id",
          "rendered_in", "show_progress_on", "time_limit", "trigger_after")  # fmt: skip


def lightened(page: bytes, language: str) -> bytes:
    """The page with the texts of one language, and without what only programs ask for (``/config`` has it still).

    A page in which gradio's configuration is not where it was is left as it is.
    """
    before, found, rest = page.partition(START)
    if not found:
        return page
    try:
        config, end = json.JSONDecoder().raw_decode(rest.decode("utf-8"))
    except ValueError:
        log.warning("gradio's configuration could not be read in its page")
        return page
    tail = rest.decode("utf-8")[end:]
    text = json.dumps(_light(config, language), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return before + START + text.encode() + tail.encode()


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
