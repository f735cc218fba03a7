"""Every question of a viewer is one that its failure is told of, and what a model works for waits among such work."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from app import create_app
from core.errors import InputError
from core.lab.lab import Lab
from core.settings import Settings
from server.inputs import find_event

TEXT_ONLY = {"learn-stations": ["choose"]}  # the text beside it comes from a dictionary, and the figure's event is told


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return create_app(Lab(Settings(offline=True, device="cpu", data=None)))


def viewers(demo: gr.Blocks) -> dict[int, str]:
    """Their numbers → their names in the page."""
    return {
        n: str(b.elem_id) for n, b in demo.blocks.items() if isinstance(b, gr.HTML) and "lab-viewer" in b.html_template
    }


def questions(demo: gr.Blocks) -> list[tuple[str, str, Any]]:
    """The viewer, its event and the handler of whatever a viewer asks the server."""
    known = viewers(demo)
    return [
        (known[number], event, fn)
        for fn in demo.fns.values()
        for number, event in fn.targets
        if number in known and event in ("select", "submit", "input")
    ]


def test_every_question_of_a_viewer_has_somebody_to_tell_that_it_failed(demo: gr.Blocks) -> None:
    told = {fn.trigger_after: fn for fn in demo.fns.values() if fn.trigger_only_on_failure}
    asked = questions(demo)
    assert {"attention-viewer", "segmentation-viewer", "cifar-picture", "learn-claims"} <= {name for name, *_ in asked}
    for name, event, fn in asked:
        if fn.name in TEXT_ONLY.get(name, []):
            continue
        assert f'AttentionLab.failed("{name}", "{event}", ' in str(told[fn._id].js), (name, event)
        assert told[fn._id].queue is False, "no place in the queue only to say that"


def test_what_a_page_does_by_itself_cannot_be_asked_of_the_server(demo: gr.Blocks) -> None:
    alone = [number for number, fn in demo.fns.items() if fn.fn is None]
    assert len(alone) >= len(questions(demo)) - 1
    for number in alone:
        with pytest.raises(InputError, match="no action of this name"):
            find_event(demo, "/queue/join", number)
    assert find_event(demo, "/queue/join", next(n for n, fn in demo.fns.items() if fn.name == "work")).name == "work"


@pytest.mark.parametrize(
    ("handler", "queue"),
    [("work", "model"), ("again", "model"), ("examine", "model"), ("switched", "model"), ("attempt", "model"),
     ("draw", "model"), ("picked", "model"), ("answer", "slices")],
)  # fmt: skip
def test_what_a_model_works_for_waits_among_the_models_work(demo: gr.Blocks, handler: str, queue: str) -> None:
    found = {fn.concurrency_id for name, _, fn in questions(demo) if fn.name == handler and name != "cifar-evaluation"}
    assert found == {queue}


def test_no_two_events_share_a_queue_of_another_length(demo: gr.Blocks) -> None:
    lengths: dict[str, set[Any]] = {}
    for fn in demo.fns.values():
        if fn.queue:
            lengths.setdefault(fn.concurrency_id, set()).add(fn.concurrency_limit)
    assert lengths["model"] == {2}
    assert lengths["slices"] == {8}
