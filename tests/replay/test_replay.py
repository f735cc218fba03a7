"""Every recorded call of the public endpoints is answered as it was; fields may have come, none may have gone.

Attention within 0.002, probabilities and shares within 0.01, all else exactly. ``python -m tests.replay.record``
records anew.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.replay.answers import Caller
from tests.replay.calls import BY_NAME
from tests.replay.comparing import differences
from tests.replay.record import RECORDED

RECORD: dict[str, Any] = json.loads(RECORDED.read_text("utf-8"))
BEFORE: dict[str, Any] = RECORD["calls"]
MADE: dict[str, dict[str, Any]] = {}


def made(caller: Caller, name: str) -> dict[str, Any]:
    """What a call answers now; made once, after the calls whose effect it reports."""
    if name not in MADE:
        for earlier in BY_NAME[name].after:
            made(caller, earlier)
        MADE[name] = caller.kept(BY_NAME[name])
    return MADE[name]


def test_what_is_called_is_recorded() -> None:
    assert set(BY_NAME) == set(BEFORE)


@pytest.mark.parametrize("name", BEFORE)
def test_a_call_is_answered_as_before(caller: Caller, name: str) -> None:
    before, now = BEFORE[name], made(caller, name)
    assert list(now) == list(before), f"{before!r:.300} → {now!r:.300}"
    ((kind, value),) = before.items()
    assert differences(value, now[kind], kind) == []


def test_every_endpoint_takes_what_it_took(caller: Caller) -> None:
    now = caller.described()
    assert set(RECORD["endpoints"]) - set(now) == set()
    for name, before in RECORD["endpoints"].items():
        kept = now[name]["takes"][: len(before["takes"])]
        assert kept == before["takes"], name
        assert all(new["parameter_has_default"] for new in now[name]["takes"][len(kept) :]), name
        assert now[name]["returns"] == before["returns"], name


def test_the_addresses_for_operators_say_what_they_said(caller: Caller) -> None:
    now = caller.service()
    for name, before in RECORD["service"].items():
        assert set(before) - set(now[name]) == set(), name


# The comparison itself: it lets pass what may change, and nothing else.

SOME = "attend bert-sentiment, layer 2"


def changed(name: str, *path: Any, by: Any) -> list[str]:
    """What is found where one value of a recorded answer is another: ``by``, or what it makes of the old one."""
    now = copy.deepcopy(BEFORE[name])
    inner = now
    for step in path[:-1]:
        inner = inner[step]
    last = path[-1]
    inner[last] = by(inner[last] if isinstance(inner, list) else inner.get(last)) if callable(by) else by
    ((kind, value),) = BEFORE[name].items()
    return differences(value, now[kind], kind)


@pytest.mark.parametrize(
    ("name", "path", "by"),
    [
        (SOME, ("answer", "attention", "thousandths", 17), lambda v: v + 3),
        (SOME, ("answer", "attention", "shape", 0), 7),
        (SOME, ("answer", "tokens", 2), "enjoy"),
        (SOME, ("answer", "segments", 0), 1),
        (SOME, ("answer", "layer"), 1),
        (SOME, ("answer", "layer"), True),
        (SOME, ("answer", "model"), "minilm-l6"),
        ("attend a long text", ("answer", "attention", "weight", 100), lambda v: v + 3),
        ("attend a long text", ("answer", "attention", "received", 9), lambda v: v - 3),
        ("attend a long text", ("answer", "attention", "heaviest"), lambda v: v[::-1]),
        ("segment china", ("answer", "classes", 0, "share"), lambda v: v - 0.02),
        ("segment china", ("answer", "classes", 0, "color"), "#000000"),
        ("segment china", ("answer", "classes"), lambda v: v[1:]),
        ("segment china", ("answer", "mask", "mode"), "RGB"),
        ("segment china", ("answer", "mask", "size"), lambda v: v[::-1]),
        ("segment china", ("answer", "mask", "grid"), lambda v: v[::-1]),
        ("segment china", ("answer", "mask", "pixels", "3"), lambda v: v - 5000),
        ("classify a cat", ("answer", "mlp", "probabilities", "cat"), lambda v: v + 0.02),
        ("classify a cat", ("answer", "beit"), None),
        ("evaluate 20", ("answer", "last", "mlp", "confusion", 3, 3), lambda v: v + 1),
        ("evaluate 20", ("answer", "items"), 0),
        ("models", ("answer", 0, "license"), "mit"),
        ("models", ("answer",), lambda v: v[1:]),
        ("attend an empty sentence, fa", ("refused",), "The sentence is empty; type some words."),
        ("attend an unknown model, en", ("refused",), lambda v: v.replace("minilm-l6, ", "")),
        ("attend an unknown model, en", ("refused",), lambda v: v.replace("There is", "There was")),
    ],
)
def test_the_comparison_notices_a_change(name: str, path: tuple[Any, ...], by: Any) -> None:
    assert changed(name, *path, by=by)


@pytest.mark.parametrize(
    ("name", "path", "by"),
    [
        (SOME, ("answer", "notes"), ["new"]),
        (SOME, ("answer", "attention", "thousandths", 17), lambda v: v + 2),
        ("segment china", ("answer", "classes", 0, "share"), lambda v: v + 0.005),
        ("evaluate 20", ("answer", "items"), 9),
        ("models", ("answer",), lambda v: [{"name": "new"}, *v]),
        ("attend an unknown model, en", ("refused",), lambda v: v.replace("minilm-l6, ", "minilm-l6, new, ")),
    ],
)
def test_the_comparison_lets_pass_what_may_change(name: str, path: tuple[Any, ...], by: Any) -> None:
    assert changed(name, *path, by=by) == []
