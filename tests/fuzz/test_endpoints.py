"""Every endpoint, public and private, under arguments that nobody meant.

Whatever comes, the answer is a result or one sentence; never a traceback, never silence; and the app works on. The
ordinary run tries some hundred of each; ``-m long`` tries 1,000 pictures and 10,000 texts and prints what came back.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.images import decode
from core.errors import ImageError, LabError
from core.text.tokens import clean
from tests.fuzz.strategies import numbers, pictures, texts, values

API = "/gradio_api"
RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
few = settings(max_examples=40, **RELAXED)


@pytest.fixture(scope="module")
def http(app_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app_url, timeout=120) as client:
        yield client


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fails a test in which a traceback reached a log or the console."""
    caplog.set_level(logging.INFO)
    yield
    console = capfd.readouterr()
    assert "Traceback" not in caplog.text + console.out + console.err


def post(http: httpx.Client, path: str, body: Any) -> httpx.Response:
    """JSON as Python writes it, NaN and lone surrogates included."""
    return http.post(path, content=json.dumps(body).encode(), headers={"content-type": "application/json"})


def outcome(http: httpx.Client, name: str, data: list[Any]) -> str:
    """``refused`` by the guard, ``told`` by a sentence, ``answered``; anything else fails."""
    joined = post(http, f"{API}/call/{name}", {"data": data})
    if joined.status_code != 200:
        assert joined.status_code in (400, 403, 404, 410, 413, 422), joined.text
        assert joined.json()["detail"]
        return "refused"
    answer = http.get(f"{API}/call/{name}/{joined.json()['event_id']}").text
    last = answer.strip().rpartition("event: ")[2]
    if last.startswith("complete"):
        return "answered"
    sentence = json.loads(last.partition("data: ")[2])["error"]
    assert isinstance(sentence, str), f"{data!r} got {answer!r}"
    assert len(sentence) > 10
    assert "the fault is ours" not in sentence, f"{data!r} was no fault of its sender"
    return "told"


def works(http: httpx.Client) -> bool:
    return outcome(http, "attend", ["the cat sat", "", "", 1]) == "answered"


@few
@given(a=texts, b=texts, model=st.one_of(st.just(""), texts), layer=st.one_of(st.integers(-1, 8), numbers))
def test_attend_answers_or_says_why_not(http: httpx.Client, a: str, b: str, model: str, layer: Any) -> None:
    outcome(http, "attend", [a, b, model, layer])


@few
@given(data=st.lists(values, max_size=6))
def test_attend_takes_no_harm_from_any_values(http: httpx.Client, data: list[Any]) -> None:
    outcome(http, "attend", data)


@few
@given(before=texts, after=texts, model=st.one_of(st.just(""), texts), top=st.one_of(st.integers(-1, 60), numbers))
def test_fill_answers_or_says_why_not(http: httpx.Client, before: str, after: str, model: str, top: Any) -> None:
    outcome(http, "fill", [f"{before}[MASK]{after}", model, top])


@few
@given(data=st.lists(values, max_size=4))
def test_fill_takes_no_harm_from_any_values(http: httpx.Client, data: list[Any]) -> None:
    outcome(http, "fill", data)


@few
@given(data=pictures(), name=st.sampled_from(["classify", "segment", "restore"]))
def test_a_picture_is_read_or_the_sentence_says_what_is_wrong(http: httpx.Client, data: bytes, name: str) -> None:
    sent = http.post(f"{API}/upload", files=[("files", ("a.png", data, "image/png"))])
    assert sent.status_code == 200
    file = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
    more = {"classify": [], "segment": [""], "restore": [0.4, 0, ""]}[name]
    outcome(http, name, [file, *more])


@few
@given(image=pictures(), annotation=pictures())
def test_an_annotation_is_read_or_the_sentence_says_what_is_wrong(
    http: httpx.Client, image: bytes, annotation: bytes
) -> None:
    files = []
    for data in (image, annotation):
        sent = http.post(f"{API}/upload", files=[("files", ("a.png", data, "image/png"))])
        files.append({"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}})
    outcome(http, "score", [*files, ""])


@few
@given(count=numbers, seed=numbers)
def test_evaluate_takes_any_numbers(http: httpx.Client, count: Any, seed: Any) -> None:
    if isinstance(count, int) and not isinstance(count, bool):
        count = count % 50 if count > 50 else count  # the point is the range, not an evaluation of thousands
    outcome(http, "evaluate", [count, seed])


@few
@given(body=values)
@pytest.mark.parametrize("path", ["call/attend", "call/fill", "call/v2/attend", "queue/join", "cancel", "run/attend"])
def test_any_json_as_a_body_is_a_client_error_at_most(http: httpx.Client, path: str, body: Any) -> None:
    assert post(http, f"{API}/{path}", body).status_code < 500


def test_every_private_handler_survives_values_of_any_kind(http: httpx.Client) -> None:
    """A hidden handler is reached by its number all the same."""
    dependencies = http.get("/config").json()["dependencies"]
    assert len(dependencies) > 10
    seen: Counter[int] = Counter()

    @settings(max_examples=120, **RELAXED)
    @given(number=st.sampled_from([d["id"] for d in dependencies]), value=values, event=values)
    def throw(number: int, value: Any, event: Any) -> None:
        inputs = next(d for d in dependencies if d["id"] == number)["inputs"]
        data = [value] * len(inputs)
        body = {"fn_index": number, "data": data, "event_data": event, "session_hash": f"fuzz-{number}"}
        joined = post(http, f"{API}/queue/join", body)
        seen[joined.status_code] += 1
        assert joined.status_code in (200, 400, 403, 404, 422, 429), joined.text
        if joined.status_code == 200:
            with http.stream("GET", f"{API}/queue/data?session_hash=fuzz-{number}") as stream:
                done = next(line for line in stream.iter_lines() if "process_completed" in line)
            message = json.loads(done.removeprefix("data: "))
            assert message["success"] or message["output"].get("error"), f"{body!r} got {done}"

    throw()
    assert seen[200] > 0
    assert works(http)


@settings(max_examples=500, **RELAXED)
@given(data=pictures())
def test_five_hundred_pictures_are_decoded_or_refused_with_a_sentence(data: bytes) -> None:
    read_picture(data)


@settings(max_examples=500, **RELAXED)
@given(text=texts)
def test_five_hundred_texts_are_cleaned_into_what_can_be_sent(text: str) -> None:
    read_text(text)


def read_picture(data: bytes) -> str:
    try:
        pixels = decode(data).pixels
    except ImageError as error:
        return error.code if error.sentence() != error.code else pytest.fail(f"{error.code} has no sentence")
    assert pixels.ndim == 3
    return "decoded"


def read_text(text: str) -> str:
    try:
        cleaned, notes = clean(text)
    except LabError as error:
        return error.code
    cleaned.encode()
    assert "\0" not in cleaned
    return "changed" if notes else "as it was"


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("kind", "strategy", "examples"), [("pictures", pictures(), 1_000), ("texts", texts, 10_000)], ids=["1000", "10000"]
)
def test_a_great_many_more(
    kind: str, strategy: st.SearchStrategy[Any], examples: int, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=examples, **RELAXED)
    @given(thing=strategy)
    def throw(thing: Any) -> None:
        seen[read_picture(thing) if kind == "pictures" else read_text(thing)] += 1

    throw()
    with capfd.disabled():
        print(f"\n{kind}: {dict(seen.most_common())}")
    assert sum(seen.values()) >= examples
