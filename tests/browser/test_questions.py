"""Questions and answers in the page: each answer reaches its question, and what fails says so in its place."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from components.models import tab as models_tab
from components.page.desk import Context, Desk
from components.page.questions import Layer, Name, Question
from core.errors import RangeError
from core.lab.lab import Lab
from core.texts import say
from server.page_files import version
from tests.serving import serving

BAR = ".lab-failed"
OURS = f"{BAR}:has(+ #testing)"  # of the viewer of these tests


class Say(Question):
    want: Literal["test.say"] = "test.say"
    text: Name = ""
    layer: Layer = 1


class Slow(Question):
    want: Literal["test.slow"] = "test.slow"
    text: Name = ""


class Steps(Question):
    want: Literal["test.steps"] = "test.steps"


GO_ON: dict[str, threading.Event] = {}
STOPPED: list[str] = []


def say_it(lab: Lab, ask: Say, context: Context) -> dict[str, Any]:
    if ask.text == "fail":
        raise RangeError("attention.range", name="layer", low=1, high=6, value=9)
    return {"text": ask.text, "large": "x" * 200_000}


def slow(lab: Lab, ask: Slow, context: Context) -> dict[str, Any]:
    """Answered when the test says so."""
    event = GO_ON.setdefault(ask.text, threading.Event())
    while not event.wait(0.05):
        if context.stopped():
            STOPPED.append(ask.text)
            break
    return {"text": ask.text}


def steps(lab: Lab, ask: Steps, context: Context) -> Iterator[dict[str, Any]]:
    for _ in range(4):
        yield {"same": True}


@pytest.fixture(scope="module")
def url(lab: Lab, minilm: Any) -> Iterator[str]:
    """The app with three more questions."""
    build = models_tab.build

    def more(desk: Desk) -> None:
        build(desk)
        desk.takes(Say, say_it)
        desk.takes(Slow, slow)
        desk.takes(Steps, steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models_tab, "build", more)
        with serving(lab) as address:
            yield address


VIEWER = """
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";

export function mount(root) {
  const bar = failedBar(root);
  const said = el("p", {class: "said"});
  clear(root, said);
  const look = async (text) => {
    const want = text.startsWith("slow") ? "test.slow" : "test.say";
    const answer = await bar.attempt("look", () => ask({ want, text }));
    if (answer) said.textContent += `[${answer.text}]`;
  };
  return { look };
}
"""


@pytest.fixture
def testing(page: Page, watched: tuple[BrowserContext, object], url: str) -> Page:
    """The app's page with a viewer of this test in it, which is told what to ask."""
    kinds = {"testing/main.js": ("text/javascript", VIEWER), "testing.css": ("text/css", "")}
    kinds["texts/en/testing.json"] = ("application/json", "{}")

    def served(route: Route) -> None:
        kind, body = next(held for name, held in kinds.items() if route.request.url.endswith(name))
        route.fulfill(body=body, content_type=kind)

    watched[0].route("**/lab/*/**testing**", served)
    page.goto(url)
    page.wait_for_selector("#lab-header h1")
    page.evaluate("""() => {
      const place = document.createElement("div");
      place.innerHTML = '<div class="lab-viewer" id="testing"></div>';
      document.body.prepend(place);
      AttentionLab.mount("testing", place, {});
    }""")
    return page


def tell(page: Page, text: str) -> None:
    page.evaluate("text => { AttentionLab.tell('testing', 'look', text); }", text)


def evaluate(page: Page, script: str) -> Any:
    """The value of a script that may use ``ask`` and ``stream``."""
    ask = f"const {{ask, stream}} = await import('./lab/{version()}/lib/ask.js');"
    return page.evaluate(f"async () => {{ {ask} {script} }}")


def test_the_same_question_twice_is_answered_twice(testing: Page) -> None:
    for expected in ("[a]", "[a][a]", "[a][a][a]"):
        tell(testing, "a")
        expect(testing.locator("#testing .said")).to_have_text(expected)


def test_what_is_told_before_a_viewer_is_there_waits_for_it(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#lab-header h1")
    page.evaluate("""() => { AttentionLab.tell("later", "hear", 1, 2); }""")
    page.route("**/later/main.js", lambda route: route.fulfill(
        content_type="text/javascript",
        body="export const mount = (root) => ({hear: (a, b) => (root.textContent = `heard ${a + b}`)});"))  # fmt: skip
    page.route("**/later.css", lambda route: route.fulfill(content_type="text/css", body=""))
    page.route("**/texts/en/later.json", lambda route: route.fulfill(content_type="application/json", body="{}"))
    page.evaluate("""() => {
      const place = document.createElement("div");
      place.innerHTML = '<div class="lab-viewer" id="later"></div>';
      document.body.prepend(place);
      AttentionLab.mount("later", place, {});
    }""")
    expect(page.locator("#later")).to_have_text("heard 3")


def test_ten_questions_in_one_moment_get_ten_answers(testing: Page) -> None:
    found = evaluate(
        testing,
        """
      const numbers = [...Array(10).keys()].map(String);
      const answers = await Promise.all(numbers.map((text) => ask({want: "test.say", text})));
      return answers.map((answer) => [answer.text, answer.large.length]);""",
    )
    assert found == [[str(i), 200_000] for i in range(10)]


def test_every_step_of_a_stream_arrives_though_all_are_equal(testing: Page) -> None:
    assert (
        evaluate(
            testing,
            """
      const parts = [];
      for await (const part of stream({want: "test.steps"})) parts.push(part.same);
      return parts;""",
        )
        == [True] * 4
    )


def test_an_answer_that_comes_after_the_view_changed_is_left_out(testing: Page) -> None:
    tell(testing, "slow one")
    for _ in range(300):
        if "slow one" in GO_ON:  # the server works on it
            break
        testing.wait_for_timeout(100)
    tell(testing, "quick")
    expect(testing.locator("#testing .said")).to_have_text("[quick]")
    GO_ON["slow one"].set()
    tell(testing, "after it")
    expect(testing.locator("#testing .said")).to_have_text("[quick][after it]")


def test_a_question_that_nobody_waits_for_is_stopped_on_the_server(testing: Page) -> None:
    STOPPED.clear()
    evaluate(
        testing,
        """
      window.control = new AbortController();
      const {signal} = window.control;
      window.asked = ask({want: "test.slow", text: "given up"}, {signal}).catch((error) => error.name);""",
    )
    for _ in range(300):  # on a busy machine it may wait before it begins
        if "given up" in GO_ON:
            break
        testing.wait_for_timeout(100)
    name = evaluate(testing, "window.control.abort(); return window.asked;")
    assert name == "AbortError"
    testing.wait_for_timeout(100)
    assert evaluate(testing, 'return (await ask({want: "test.say", text: "x"})).text;') == "x"
    for _ in range(100):
        if STOPPED:
            break
        testing.wait_for_timeout(100)
    assert STOPPED == ["given up"]


def test_a_question_without_news_is_given_up_in_its_time(testing: Page) -> None:
    said = evaluate(
        testing,
        """
      return ask({want: "test.slow", text: "too long"}, {timeout: 0.5}).catch((e) => [e.code, e.sentence]);""",
    )
    assert said == ["app.no_answer", say("en", "app.no_answer")]


def test_a_failure_is_said_in_its_place_and_asked_again_from_there(testing: Page) -> None:
    tell(testing, "fail")
    bar = testing.locator(OURS)
    known = RangeError("attention.range", name="layer", low=1, high=6, value=9)
    expect(bar).to_contain_text(known.sentence("en"))
    expect(testing.locator(BAR)).to_have_count(1)
    bar.locator("button").click()
    expect(bar).to_contain_text(known.sentence("en"))
    tell(testing, "right")
    expect(testing.locator("#testing .said")).to_have_text("[right]")
    expect(bar).to_have_count(0)


def test_a_value_out_of_its_range_rejects_its_question_with_field_and_range(testing: Page) -> None:
    assert evaluate(testing, """
      return ask({want: "test.say", layer: 0}).catch((e) => [e.name, e.code, e.field, e.low, e.high, e.sentence]);
    """) == ["AskError", "app.question", "layer", 1, 100,
             say("en", "app.question_range", field="layer", low=1, high=100)]  # fmt: skip


def only_ours(route: Route) -> None:
    """Break the page's own questions, and none of gradio's, whose client would think that the server is away."""
    own = re.compile(r"session_hash\W+[0-9a-f]{24}\b")
    if own.search(route.request.url) or own.search(route.request.post_data or ""):
        route.abort()
    else:
        route.fallback()


def test_a_server_that_cannot_be_reached_is_a_failure_too(testing: Page, watch: Any) -> None:
    testing.route("**/queue/join*", only_ours)
    tell(testing, "nobody hears")
    expect(testing.locator(OURS)).to_contain_text(say("en", "app.no_answer"))
    testing.unroute("**/queue/join*")
    testing.locator(f"{OURS} button").click()
    expect(testing.locator("#testing .said")).to_have_text("[nobody hears]")
    watch.faults = [fault for fault in watch.faults if "ERR_FAILED" not in fault]  # the browser's own word for it


def test_a_stream_that_breaks_fails_what_was_asked_and_nothing_after_it(testing: Page, watch: Any) -> None:
    testing.route("**/queue/data*", only_ours)
    tell(testing, "lost")
    expect(testing.locator(OURS)).to_contain_text(say("en", "app.no_answer"))
    testing.unroute("**/queue/data*")
    testing.locator(f"{OURS} button").click()
    expect(testing.locator("#testing .said")).to_have_text("[lost]")
    watch.faults = [fault for fault in watch.faults if "ERR_FAILED" not in fault]


def test_a_page_older_than_the_server_is_told_to_load_again(testing: Page) -> None:
    testing.evaluate("AttentionLab.version = '000000000000'")
    tell(testing, "x")
    bar = testing.locator(OURS)
    expect(bar).to_contain_text(say("en", "app.reload"))
    with testing.expect_navigation():
        bar.locator("button").click()
    expect(testing.locator("#lab-header h1")).to_be_visible()
    assert testing.evaluate("AttentionLab.version") == version()


def test_an_older_page_whose_event_is_another_one_now_is_told_so_too(testing: Page, watch: Any) -> None:
    testing.evaluate("""() => {
      AttentionLab.version = "000000000000";
      window.gradio_config.dependencies.find((event) => event.api_name === "ask_light").id = 99999;
    }""")
    tell(testing, "x")
    expect(testing.locator(OURS)).to_contain_text(say("en", "app.reload"))
    watch.faults = [fault for fault in watch.faults if "status of 404" not in fault]


def test_a_fault_of_the_models_tab_is_said_in_the_tab(
    page: Page, url: str, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = lab.details

    def broken() -> Any:
        raise RuntimeError("for a moment")

    monkeypatch.setattr(lab, "details", broken)
    page.goto(f"{url}/?lab=models")
    bar = page.locator(f"#models-viewer {BAR}")
    expect(bar).to_contain_text(say("en", "app.failed"))
    monkeypatch.setattr(lab, "details", details)
    expect(page.locator("#models-viewer .lab-models-table")).to_be_visible()
    expect(bar).to_have_count(0)


def test_a_fault_in_one_labs_module_leaves_the_others_working(page: Page, url: str, watch: Any) -> None:
    page.route("**/models/main.js", lambda route: route.fulfill(
        content_type="text/javascript", body="export function mount( {"))  # fmt: skip
    page.goto(f"{url}/?lab=models")
    expect(page.locator("#models-viewer .lab-broken")).to_contain_text(say("en", "app.broken"))
    page.locator("#labs [role=tab]").first.click()
    page.wait_for_selector("#attention-viewer canvas, #attention-viewer svg")
    expect(page.locator("#lab-header h1")).to_be_visible()
    assert watch.faults == []
