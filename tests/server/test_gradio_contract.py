"""What ``server/gradio_queue.py`` relies on in gradio is there, and nothing else of ours reads gradio's inside."""

from __future__ import annotations

import ast
import asyncio
import re
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.context import LocalContext

from server import gradio_queue

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "server" / "gradio_queue.py"
FILES = [ROOT / "app.py", *(p for room in ("server", "components") for p in (ROOT / room).rglob("*.py"))]

PRIVATE = {  # attributes that gradio does not promise
    "_queue",
    "_data",
    "_id",
    "state_holder",
    "session_data",
    "fns",
    "blocks",
    "active_jobs",
    "event_queue_per_concurrency_id",
    "pending_messages_per_session",
    "pending_event_ids_session",
    "keep_in_cache",
    "skip_api",
    "get_api_info",
    "get_blocks",
    "GRADIO_CACHE",
    "concurrency_id",
    "api_name",
}
PRIVATE_IMPORTS = {"LocalContext", "Context", "BlockFunction", "SessionState"}


def reads(source: str) -> set[str]:
    """Names of gradio's inside that a file reads, as attributes, by ``getattr``, or imported."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            found.update(names if (node.module or "").startswith("gradio") else names & PRIVATE)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr", "setattr"):
            found.update(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    return found & (PRIVATE | PRIVATE_IMPORTS)


@pytest.mark.parametrize("path", [path for path in FILES if path != READER], ids=lambda p: str(p.relative_to(ROOT)))
def test_one_file_reads_gradios_private_parts(path: Path) -> None:
    assert reads(path.read_text("utf-8")) == set()


def test_this_rule_sees_what_it_forbids() -> None:
    assert reads("def f(event):\n    return event._data") == {"_data"}
    assert reads("from gradio.context import LocalContext") == {"LocalContext"}
    assert reads("from components.page.desk import Context") == set()
    assert reads("x = getattr(demo, 'fns')") == {"fns"}
    assert reads("demo.queue(max_size=4)\nasks(view, 'select', answer, concurrency_id='model')") == set()
    assert reads(READER.read_text("utf-8")) >= {"_queue", "_id", "state_holder", "LocalContext", "fns"}


def laid_out() -> tuple[gr.Blocks, gr.Dropdown]:
    """A page with an event that is called by name, one without, and one that runs in the page alone."""
    with gr.Blocks(analytics_enabled=False) as demo:
        choice, state, shown = gr.Dropdown(["a", "b"], value="a"), gr.State(1), gr.Textbox()
        gr.Image("docs/screenshot.png", type="filepath")

        def named(given: str, kept: int) -> str:
            return given

        choice.change(named, [choice, state], shown, api_name="named", concurrency_id="lane", concurrency_limit=2)
        choice.change(None, None, None, js="() => []", queue=False, api_visibility="private")
    demo.queue()
    return demo, choice


def queue_faults(demo: gr.Blocks) -> list[str]:
    """What is not as expected in the queue, while one event runs, one waits and one message is unread."""
    queue, faults = demo._queue, []
    event = SimpleNamespace(concurrency_id="lane", session_hash="page", _id="1")
    try:
        queue.active_jobs.extend([None, [event]])  # type: ignore[list-item]
        queue.create_event_queue_for_fn(next(iter(demo.fns.values())))
        queue.event_queue_per_concurrency_id["lane"].queue.append(event)  # type: ignore[arg-type]
        messages: Any = asyncio.Queue()
        messages.put_nowait("a step")
        queue.pending_messages_per_session["page"] = messages
        queue.pending_event_ids_session["page"] = {"1"}
        checks = {
            "the jobs that run": gradio_queue.running(demo) == 1,
            "the lanes of what runs and waits": gradio_queue.pending(demo, "page") == ["lane", "lane"],
            "the pages for which something runs": gradio_queue.busy_pages(demo) == {"page"},
            "how many messages a page has not read": gradio_queue.unread(demo, "page") == 1,
            "the message that a page reads next": gradio_queue.next_messages(demo) == {"page": "a step"},
        }
        gradio_queue.drop_messages(demo, "page")
        checks["the messages of a page"] = gradio_queue.unread(demo, "page") == 0
        faults = [what for what, true in checks.items() if not true]
    except Exception as error:
        faults = [f"its queue ({type(error).__name__}: {error})"]
    return faults


def block_faults(demo: gr.Blocks, choice: gr.Dropdown) -> list[str]:
    """What is not as expected in the blocks, their events and their pages."""
    try:
        event = gradio_queue.event_by_name(demo, "named")
        alone = next(number for number, fn in demo.fns.items() if fn.fn is None)
        state = demo.state_holder["page"]
        state[choice._id] = changed = gr.Dropdown(["c"], render=False)
        with_context = LocalContext.blocks.set(demo)
        checks = {
            "an event's name, lane and inputs": event is not None
            and (event.name, event.lane, len(event.inputs)) == ("named", "lane", 2),
            "which inputs a caller hands over": event is not None and event.called_with == (choice,),
            "an event by its number": gradio_queue.event_by_number(demo, 0) is not None,
            "events without a function": gradio_queue.event_by_number(demo, alone) is None,
            "the names of an endpoint's parameters": [
                p["parameter_name"] for p in gradio_queue.parameters(demo, "named") or []
            ]
            == ["given"],
            "a component as one page has it": gradio_queue.component_of_page(demo, choice, "page") is changed,
            "a component of any other page": gradio_queue.component_of_page(demo, choice, "other") is choice,
            "the blocks of the running event": gradio_queue.current_blocks() is demo,
            "the files that the page itself shows": bool(gradio_queue.component_files(demo)),
        }
        LocalContext.blocks.reset(with_context)
    except Exception as error:
        return [f"its blocks ({type(error).__name__}: {error})"]
    return [what for what, true in checks.items() if not true]


def sentence(faults: list[str]) -> str:
    """What to do, for whoever raised gradio's version."""
    return (
        f"gradio {version('gradio')} no longer tells {', '.join(faults)} as server/gradio_queue.py reads it: look at "
        "that file's functions of these, then raise the range of gradio in requirements.txt"
    )


def test_gradio_is_inside_as_one_file_expects_it() -> None:
    demo, choice = laid_out()
    faults = queue_faults(demo) + block_faults(demo, choice)
    assert faults == [], sentence(faults)


def test_another_gradio_would_be_told_by_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    demo, choice = laid_out()
    del demo._queue.active_jobs
    assert "active_jobs" in sentence(queue_faults(demo))
    with monkeypatch.context() as patch:
        patch.delattr(type(demo), "get_api_info")
        assert "get_api_info" in sentence(block_faults(demo, choice))
    demo, choice = laid_out()
    monkeypatch.setattr("server.gradio_queue.component_files", lambda demo: set())
    assert sentence(block_faults(demo, choice)).count("the files that the page itself shows") == 1


def test_requirements_hold_gradio_to_the_minor_version_that_this_was_tested_with() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    found = re.search(r"^gradio>=(\d+)\.(\d+),<(\d+)\.(\d+)$", text, re.MULTILINE)
    assert found is not None
    major, minor, last, below = map(int, found.groups())
    assert (major, minor) == tuple(map(int, version("gradio").split(".")[:2]))
    assert (last, below) == (major, minor + 1)
