"""Whatever a viewer asks goes through four lanes, and what a model works for waits among such work."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from app import create_app
from components.page.lanes import LANES
from core.errors import InputError
from core.lab.lab import Lab
from core.settings import Settings
from server import limits
from server.inputs import find_event


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return create_app(Lab(Settings(offline=True, device="cpu", data=None)))


def wanted(demo: gr.Blocks) -> dict[str, Any]:
    """Every question that the page may ask → the event of its lane."""
    lanes = [fn for fn in demo.fns.values() if str(fn.api_name).startswith("ask_")]
    return {want: fn for fn in lanes for want in str(fn.api_description).split()}


def viewers(demo: gr.Blocks) -> dict[int, str]:
    """Their numbers → their names in the page."""
    return {
        n: str(b.elem_id) for n, b in demo.blocks.items() if isinstance(b, gr.HTML) and "lab-viewer" in b.html_template
    }


def test_no_viewer_asks_but_through_a_lane(demo: gr.Blocks) -> None:
    assert len(viewers(demo)) > 10
    events = [target for fn in demo.fns.values() for target in fn.targets]
    assert [event for number, event in events if number in viewers(demo)] == []
    assert {want.partition(".")[0] for want in wanted(demo)} == {
        "attention",
        "segmentation",
        "cifar",
        "learn",
        "models",
        "restore",
    }


def test_what_a_page_does_by_itself_cannot_be_asked_of_the_server(demo: gr.Blocks) -> None:
    alone = [number for number, fn in demo.fns.items() if fn.fn is None]
    assert len(alone) > 20
    for number in alone:
        with pytest.raises(InputError, match="no action of this name"):
            find_event(demo, "/queue/join", number)
    lane = next(number for number, fn in demo.fns.items() if fn.api_name == "ask_model")
    assert find_event(demo, "/queue/join", lane).lane == "model"


@pytest.mark.parametrize(
    ("want", "queue"),
    [("attention.look", "model"), ("attention.inside", "model"), ("attention.occlusion", "model"),
     ("attention.layer", "slices"), ("segmentation.look", "model"), ("segmentation.patch", "model"),
     ("segmentation.export", "slices"), ("segmentation.ground", "model"), ("segmentation.reading", "slices"),
     ("cifar.picture", "model"), ("cifar.upload", "model"), ("cifar.cell", "slices"),
     ("learn.claim", "model"), ("learn.figure", "model"), ("learn.text", "slices"), ("models.state", "slices"),
     ("cifar.evaluate", "cifar-long"), ("cifar.measure", "cifar-long"), ("cifar.train", "cifar-training")],
)  # fmt: skip
def test_what_a_model_works_for_waits_among_the_models_work(demo: gr.Blocks, want: str, queue: str) -> None:
    assert wanted(demo)[want].concurrency_id == queue


def test_the_long_lanes_are_those_of_which_a_page_has_one_at_a_time() -> None:
    assert {lane.id for lane in LANES if lane.name in ("long", "training")} == limits.LONG_JOBS


def test_no_two_events_share_a_queue_of_another_length(demo: gr.Blocks) -> None:
    lengths: dict[str, set[Any]] = {}
    for fn in demo.fns.values():
        if fn.queue:
            lengths.setdefault(fn.concurrency_id, set()).add(fn.concurrency_limit)
    assert lengths["model"] == {2}
    assert lengths["slices"] == {8}
