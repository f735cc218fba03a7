"""The form of create_BERT: what a configuration costs, part by part, and the two GELUs that it may use."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from components.page.viewer import message
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.text import Look
from core.texts import say

FIELDS = (
    "vocab_size",
    "hidden_size",
    "num_layers",
    "num_heads",
    "intermediate_size",
    "max_positions",
    "dropout",
)
WIDTHS = (12, 3072)  # the two intermediate sizes that the page sets side by side
FLOAT32 = 4  # bytes


@cache
def gelus() -> dict[str, list[float]]:
    """x from -4 to 4, both GELUs of ``core/networks/gelu.py`` there, and exact − tanh."""
    import torch

    from core.networks.gelu import gelu_exact, gelu_tanh

    x = torch.linspace(-4, 4, 161, dtype=torch.float64)
    exact, tanh = gelu_exact(x), gelu_tanh(x)
    curves = {"x": x, "exact": exact, "tanh": tanh, "difference": exact - tanh}
    return {name: [round(value, 7) for value in curve.tolist()] for name, curve in curves.items()}


def presets() -> dict[str, dict[str, Any]]:
    """The fields of each preset of ``core/networks/bert.py``."""
    from core.networks.bert import PRESETS

    return {name: {field: getattr(config, field) for field in FIELDS} for name, config in PRESETS.items()}


def refusal(error: RangeError, language: str) -> tuple[str, list[str]]:
    """Why a form cannot be built, its field named as the page names it, and the fields to mark."""
    name = error.values.get("name")
    if name not in FIELDS:
        marked = ["hidden_size", "num_heads"] if error.code == "attention.heads_divide" else []
        return error.sentence(language), marked
    named = {**error.values, "name": say(language, f"attention.build.fields.{name}")}
    return RangeError(error.code, **named).sentence(language), [str(name)]


def build(lab: Lab, look: Look, ask: dict[str, Any], language: str) -> str:
    """A form's counts, or why there are none. ``ask``: config, number (sent back), curves (whether to send them)."""
    from core.text.parameters import count, read_config, total

    number = ask.get("number") if isinstance(ask.get("number"), int) else 0
    curves = gelus() if ask.get("curves") else None
    try:
        config = read_config(ask.get("config"))
    except RangeError as error:
        sentence, marked = refusal(error, language)
        return message("build", number=number, problem=sentence, marked=marked, presets=presets(), curves=curves)
    now = config.intermediate_size
    against = replace(config, intermediate_size=WIDTHS[1] if now == WIDTHS[0] else WIDTHS[0])
    parts = count(config)
    return message(
        "build",
        number=number,
        config={field: getattr(config, field) for field in FIELDS},
        head_width=config.hidden_size // config.num_heads,
        parts=[{"name": part.name, "formula": part.formula, "count": part.count} for part in parts],
        total=total(config),
        bytes=FLOAT32 * total(config),
        feed_forward=next(part.count for part in parts if part.name == "feed_forward"),
        against={
            "intermediate_size": against.intermediate_size,
            "total": total(against),
            "feed_forward": next(part.count for part in count(against) if part.name == "feed_forward"),
        },
        presets=presets(),
        curves=curves,
    )
