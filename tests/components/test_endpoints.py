"""The public API, as a client of the running app sees it, and what it answers to bad input."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import pytest
from gradio_client.exceptions import AppError

from components.attention.messages import looked
from core.lab.lab import Lab
from core.lab.text import Look, attention
from core.text.attend import attend
from tests.asking import Page as AskingPage

PUBLIC = {"/attend", "/fill", "/segment", "/score", "/classify", "/evaluate", "/restore", "/models"}
REFERENCE = "I enjoyed watching this movie"


def refusal(client: Any, **arguments: Any) -> str:
    """The sentence that ``/attend`` answers with."""
    with pytest.raises(AppError) as caught:
        client.predict(api_name="/attend", **arguments)
    said = str(caught.value)
    assert "Traceback" not in said
    assert "<" not in said, "the page renders it as HTML"
    return said


def tokens(client: Any, *sentences: str) -> list[str]:
    found: list[str] = client.predict(*sentences, api_name="/attend")["tokens"]
    return found


@pytest.fixture(autouse=True)
def _no_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []


# The contract.


def test_only_the_named_endpoints_are_public(client: Any) -> None:
    found = client.view_api(return_format="dict", print_info=False)
    assert {"/attend", "/fill", "/models"} <= set(found["named_endpoints"]) <= PUBLIC
    assert found["unnamed_endpoints"] == {}


def test_attend_takes_what_it_says_and_defaults_the_rest(client: Any) -> None:
    found = client.view_api(return_format="dict", print_info=False)["named_endpoints"]["/attend"]["parameters"]
    taken = {p["parameter_name"]: p["parameter_default"] if p["parameter_has_default"] else ... for p in found}
    assert taken == {"sentence_a": ..., "sentence_b": "", "model": "", "layer": 1}


def test_attend_answers_one_layer_of_every_head(client: Any, minilm: Any) -> None:
    answer = client.predict(REFERENCE, api_name="/attend")
    assert list(answer) == ["model", "tokens", "segments", "layers", "heads", "layer", "attention", "notes"]
    assert answer["model"] == "minilm-l6"
    assert answer["tokens"] == ["[CLS]", "i", "enjoyed", "watching", "this", "movie", "[SEP]"]
    assert answer["segments"] == [0] * 7
    assert (answer["layers"], answer["heads"], answer["layer"]) == (6, 12, 1)
    assert answer["notes"] == []
    np.testing.assert_allclose(answer["attention"], attend(minilm, REFERENCE).weights[0], atol=1e-6)


def test_layers_count_from_one(client: Any, minilm: Any) -> None:
    answer = client.predict("The cat sat", "The dog lay", "minilm-l6", 6, api_name="/attend")
    assert answer["layer"] == 6
    assert answer["segments"] == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    expected = attend(minilm, "The cat sat", "The dog lay").weights[5]
    np.testing.assert_allclose(answer["attention"], expected, atol=1e-6)


def test_models_lists_what_can_be_loaded_and_what_is(client: Any, lab: Lab) -> None:
    rows = client.predict(api_name="/models")
    for row in rows:
        assert list(row) == ["name", "job", "origin", "loaded", "device", "bytes", "license"]
    (row,) = [row for row in rows if row["name"] == "minilm-l6"]
    assert row["loaded"] is True
    assert (row["job"], row["origin"], row["device"]) == ("attention", "bundled", "cpu")
    assert [row["name"] for row in rows] == [row["name"] for row in lab.models()]


def test_calls_that_skip_the_queue_are_refused(app_url: str, client: Any) -> None:
    for name, data in (("attend", ["x", "", "", 1]), ("models", [])):
        answer = httpx.post(f"{app_url}/gradio_api/run/{name}", json={"data": data})
        assert answer.status_code == 404
        assert "join the queue" in answer.text


# What may be wrong with a sentence.


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_sentence_is_refused(client: Any, text: str) -> None:
    assert refusal(client, sentence_a=text) == "The sentence is empty; type some words."


def test_emoji_alone_are_answered_as_unknown(client: Any) -> None:
    assert set(tokens(client, "😀🎬")[1:-1]) == {"[UNK]"}


def test_a_million_characters_are_refused(client: Any) -> None:
    assert refusal(client, sentence_a="a" * 10**6) == (
        "The text has 1,000,000 characters; at most 20,000 are taken. Shorten it."
    )


def test_a_long_text_is_cut_to_what_the_model_takes(client: Any) -> None:
    found = client.predict("the movie " * 600, "", "tiny", api_name="/attend")["tokens"]
    assert len(found) == 64
    assert (found[0], found[-1]) == ("[CLS]", "[SEP]")


def test_attend_says_in_its_notes_what_the_page_says(client: Any, lab: Lab) -> None:
    text = "movie 😀 " * 600
    answer = client.predict(text, api_name="/attend")
    look = Look("minilm-l6", text)
    assert answer["notes"] == looked(lab, look, attention(lab, look), 1, "en")["notes"]
    assert len(answer["tokens"]) == 512
    assert answer["notes"] == [
        "The text has 1202 tokens with its special ones; this model takes 512, so the rest was cut.",
        "Words with a character that is not in this model's vocabulary, which stand as [UNK]: 255.",
    ]


@pytest.mark.long
def test_512_tokens_come_through_the_api(client: Any) -> None:
    answer = client.predict("movie " * 600, api_name="/attend")
    assert len(answer["tokens"]) == 512
    assert np.shape(answer["attention"]) == (12, 512, 512)


@pytest.mark.parametrize("name", ["[SEP]", "[MASK]", "[CLS]"])
def test_a_typed_special_token_stays_text(client: Any, name: str) -> None:
    assert tokens(client, f"a {name} b")[1:-1] == ["a", "[", *[p for p in tokens(client, name)[2:-2]], "]", "b"]
    assert name not in tokens(client, f"a {name} b")[1:-1]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${alert(1)}", "{{7*7}}", "</script>"])
def test_markup_comes_back_as_the_text_it_is(client: Any, text: str) -> None:
    assert "".join(piece.removeprefix("##") for piece in tokens(client, text)[1:-1]) == text


def test_persian_with_joiners_and_marks_comes_back_in_order(client: Any) -> None:
    found = tokens(client, "\u200fمی\u200cروم\u202b کتاب")[1:-1]
    assert "".join(piece.removeprefix("##") for piece in found) == "میرومکتاب"


def test_control_characters_are_left_out(client: Any) -> None:
    assert tokens(client, "a\0b\x07 c\x1b") == ["[CLS]", "ab", "c", "[SEP]"]


def test_lone_surrogates_are_answered_and_not_a_broken_reply(app_url: str) -> None:
    body = '{"data": ["the \\ud83d cat", "\\udc00 dog", "", 1], "fn_index": %d, "session_hash": "%s"}'
    message = raw(app_url, body, "attend")
    assert message["success"] is True
    assert message["output"]["data"][0]["tokens"] == ["[CLS]", "the", "cat", "[SEP]", "dog", "[SEP]"]


def test_a_pair_that_is_too_long_is_cut_on_both_sides(client: Any) -> None:
    answer = client.predict("cat " * 400, "dog " * 400, "tiny", api_name="/attend")
    assert len(answer["tokens"]) == 64
    assert abs(answer["tokens"].count("cat") - answer["tokens"].count("dog")) <= 1


def test_a_second_sentence_alone_is_refused(client: Any) -> None:
    assert "first field" in refusal(client, sentence_a="", sentence_b="dog")


@pytest.mark.parametrize("value", [5, None, ["a"], {"a": 1}, True])
def test_what_is_not_text_is_refused(client: Any, value: object) -> None:
    assert refusal(client, sentence_a=value) == "A sentence must be text."


@pytest.mark.parametrize("layer", [0, 7, -1, "2", 1.5, None, [1], True])
def test_a_layer_out_of_range_names_the_range(client: Any, layer: object) -> None:
    assert "layer must be a whole number from 1 to 6" in refusal(client, sentence_a="x", layer=layer)


@pytest.mark.parametrize("name", ["gpt-9", "../../etc/passwd", "<b>x</b>", "mlp-cifar10", 7, {"a": 1}])
def test_an_unknown_model_names_the_choices(client: Any, name: object) -> None:
    said = refusal(client, sentence_a="x", model=name)
    assert "minilm-l6" in said


def test_a_hub_model_without_a_network_says_so_at_once(client: Any) -> None:
    assert "offline" in refusal(client, sentence_a="x", model="bert-base-uncased")


def test_after_every_refusal_the_next_request_works(client: Any) -> None:
    for value in ("", "a" * 30_000, 5):
        refusal(client, sentence_a=value)
        assert tokens(client, "still here") == ["[CLS]", "still", "here", "[SEP]"]


# Many at once.


def test_two_users_at_once_never_get_each_others_answer(new_client: Callable[[], Any]) -> None:
    numbers = ["one", "two", "three", "four", "five", "six"]

    def calls(user: str) -> list[str]:
        mine = new_client()
        return [said for number in numbers if (said := tokens(mine, f"{user} {number}")[1:-1]) != [user, number]]

    with ThreadPoolExecutor(4) as pool:
        mixed = list(pool.map(calls, ["anna", "peter", "mary", "john"]))
    assert mixed == [[], [], [], []]


# Private handlers are hidden, not protected: they read what comes with suspicion.


def config(app_url: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{app_url}/config").json()
    return found


def handler_ids(app_url: str, name: str) -> list[int]:
    return [d["id"] for d in config(app_url)["dependencies"] if d["api_name"] == name]


def raw(app_url: str, body: str, name: str) -> dict[str, Any]:
    """Join the queue as the page does, with a body made by hand; the message that ends the event."""
    session = uuid.uuid4().hex
    (number, *_) = handler_ids(app_url, name)
    headers = {"content-type": "application/json"}
    joined = httpx.post(f"{app_url}/gradio_api/queue/join", content=body % (number, session), headers=headers)
    assert joined.status_code == 200, joined.text
    with httpx.stream(
        "GET", f"{app_url}/gradio_api/queue/data", params={"session_hash": session}, timeout=60
    ) as events:
        for line in events.iter_lines():
            if line.startswith("data:"):
                message: dict[str, Any] = json.loads(line[5:])
                if message["msg"] == "process_completed":
                    return message
    raise AssertionError("the event never ended")


def test_every_other_handler_is_private(app_url: str) -> None:
    for handler in config(app_url)["dependencies"]:
        public = handler["api_visibility"] == "public"
        assert public == (f"/{handler['api_name']}" in PUBLIC), handler["api_name"]


def asked(name: str, **fields: Any) -> dict[str, Any]:
    """A question of the Attention lab's viewer."""
    return {"want": f"attention.{name}", **fields}


@pytest.fixture
def page(app_url: str) -> Iterator[AskingPage]:
    page = AskingPage(app_url)
    yield page
    page.close()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ({}, "“want” does not fit"),
        ("text", "“ask” does not fit"),
        ([1, 2], "“ask” does not fit"),
        (asked("layer", look=None, layer=1), "“look” does not fit"),
        ({"want": "__class__", "look": {"a": "x"}}, "“want” does not fit"),
        (asked("occlusion", look={"a": ""}), "The sentence is empty"),
        (asked("layer", look={"a": "x"}, layer=99), "to 6; 99 was given"),
        (asked("layer", look={"a": "x"}, layer=101), "“layer” must be from 1 to 100"),
        (asked("layer", look={"a": "x", "masked": [99]}, layer=1), "position must be a whole number from 0 to 2"),
        (asked("layer", look={"a": "x", "masked": [512]}, layer=1), "“look.masked.0” does not fit"),
        (asked("inside", look={"a": "x"}, layer=[[]], head="<b>"), "“layer” must be from 1 to 100"),
        (asked("inside", look={"a": "x"}, layer=1, head="<b>"), "“head” must be from 1 to 100"),
        (asked("layer", look={"a": "", "model": "minilm-l6"}, layer=1), "The sentence is empty"),
        (asked("layer", look={"a": "x", "model": "<i>"}, layer=1), "<i>"),
    ],
)
def test_a_made_up_question_to_the_viewer_gets_one_sentence(page: AskingPage, ask: Any, said: str) -> None:
    want = ask.get("want") if isinstance(ask, dict) else None
    (error,) = page.said(ask, lane=page.lanes.get(want, page.lanes["attention.layer"]))
    assert said in error["error"]["sentence"]


def test_a_good_question_to_the_viewer_is_answered(page: AskingPage) -> None:
    told = page.answer(asked("layer", look={"a": "hello there"}, layer=2))
    assert (told["layer"]["layer"], told["layer"]["texts"]) == (2, ["[CLS]", "hello", "there", "[SEP]"])
