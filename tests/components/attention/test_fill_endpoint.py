"""``/fill`` as a client of the running app sees it, and what it answers to what nobody meant."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gradio_client.exceptions import AppError

from core.lab.lab import Lab
from core.text.fill import fill
from tests.components.test_endpoints import raw

SENTENCE = "This is the best [MASK] I have ever [MASK]."


@pytest.fixture(autouse=True)
def _no_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []


def refusal(client: Any, *arguments: Any) -> str:
    with pytest.raises(AppError) as caught:
        client.predict(*arguments, api_name="/fill")
    said = str(caught.value)
    assert "Traceback" not in said
    assert "<" not in said, "the page renders it as HTML"
    return said


def test_it_takes_what_it_says_and_defaults_the_rest(client: Any) -> None:
    found = client.view_api(return_format="dict", print_info=False)["named_endpoints"]["/fill"]["parameters"]
    taken = {p["parameter_name"]: p["parameter_default"] if p["parameter_has_default"] else ... for p in found}
    assert taken == {"sentence": ..., "model": "", "top": 5}


def test_it_answers_every_mask_with_the_networks_own_candidates(client: Any, lab: Lab) -> None:
    answer = client.predict(SENTENCE, api_name="/fill")
    assert list(answer) == ["model", "tokens", "masks", "notes"]
    assert answer["model"] == "bert-imdb"
    with lab.use("bert-imdb", "attention") as loaded:
        expected = fill(loaded, SENTENCE)
    assert answer["tokens"] == list(expected.tokens.texts)
    assert [mask["position"] for mask in answer["masks"]] == [5, 9]
    assert all(answer["tokens"][mask["position"]] == "[MASK]" for mask in answer["masks"])
    for mask, place in zip(answer["masks"], expected.masks, strict=True):
        assert list(mask) == ["position", "candidates"]
        assert [one["token"] for one in mask["candidates"]] == [one.token for one in place.candidates]
        assert [one["probability"] for one in mask["candidates"]] == pytest.approx(
            [one.probability for one in place.candidates], abs=1e-6
        )
    assert answer["notes"] == []


def test_another_moment_of_the_training_and_another_number_of_candidates(client: Any) -> None:
    answer = client.predict(SENTENCE, "bert-imdb-untrained", 2, api_name="/fill")
    assert answer["model"] == "bert-imdb-untrained"
    assert [len(mask["candidates"]) for mask in answer["masks"]] == [2, 2]


def test_a_network_without_the_head_says_which_have_one(client: Any) -> None:
    assert refusal(client, SENTENCE, "minilm-l6").startswith(
        "MiniLM-L6 has no head for masked words, so it cannot fill one; those that can: bert-imdb, "
    )


def test_a_hub_model_that_is_not_here_says_so(client: Any) -> None:
    assert "offline" in refusal(client, SENTENCE, "bert-base-uncased")


def test_a_sentence_without_a_mask_says_how_to_write_one(client: Any) -> None:
    said = refusal(client, "this is [mask] and [ MASK ] and [SEP]")
    assert said.startswith("There is no [MASK] among the ")
    assert said.endswith("type [MASK], in capitals, in the place of a word.")


@pytest.mark.parametrize(("text", "said"), [("", "is empty"), (" \n", "is empty"), ("a" * 10**6, "at most 20,000")])
def test_an_empty_and_an_endless_text_are_refused(client: Any, text: str, said: str) -> None:
    assert said in refusal(client, text)


@pytest.mark.parametrize("value", [5, None, ["a"], {"a": 1}, True])
def test_what_is_not_text_is_refused(client: Any, value: object) -> None:
    assert refusal(client, value) == "A sentence must be text."


@pytest.mark.parametrize("top", [0, 51, "2", 1.5, None, [1], True])
def test_a_number_of_candidates_out_of_range_names_the_range(client: Any, top: object) -> None:
    assert "top must be a whole number from 1 to 50" in refusal(client, SENTENCE, "", top)


def test_too_many_masks_are_refused_with_the_limit(client: Any) -> None:
    assert "at most 32 are filled at once" in refusal(client, "[MASK] " * 100)


def test_emoji_beside_a_mask_are_said_to_be_unknown(client: Any) -> None:
    answer = client.predict("😀 [MASK] 🎬", api_name="/fill")
    assert answer["tokens"] == ["[CLS]", "[UNK]", "[MASK]", "[UNK]", "[SEP]"]
    assert len(answer["notes"]) == 1


def test_more_tokens_than_the_model_takes_are_cut_and_it_says_so(client: Any) -> None:
    answer = client.predict("[MASK] " + "movie " * 900, api_name="/fill")
    assert len(answer["tokens"]) == 512
    assert "the rest was cut" in answer["notes"][0]


@pytest.mark.parametrize("text", ["<script>alert(1)</script> [MASK]", "${alert(1)}[MASK]", "{{7*7}} [MASK]"])
def test_markup_comes_back_as_the_text_it_is(client: Any, text: str) -> None:
    pieces = client.predict(text, api_name="/fill")["tokens"][1:-1]
    assert "".join(piece.removeprefix("##") for piece in pieces) == text.replace(" ", "")


def test_persian_with_joiners_is_read_in_its_order(client: Any) -> None:
    pieces = client.predict("\u200fمی\u200cروم\u202b [MASK] کتاب", api_name="/fill")["tokens"]
    assert pieces.count("[MASK]") == 1
    assert 0 < pieces.index("[MASK]") < len(pieces) - 2


def test_controls_and_lone_surrogates_are_answered_and_said(app_url: str) -> None:
    body = '{"data": ["the \\ud83d\\u0000 [MASK]", "", 5], "fn_index": %d, "session_hash": "%s"}'
    message = raw(app_url, body, "fill")
    assert message["success"] is True
    answer = message["output"]["data"][0]
    assert answer["tokens"][-2] == "[MASK]"
    assert len(answer["notes"]) >= 2


def test_calls_at_once_never_mix(new_client: Callable[[], Any]) -> None:
    texts = [f"{uuid.uuid4().hex[:4]} the [MASK] {i}" for i in range(4)]
    clients = [new_client() for _ in range(3)]
    jobs = [(text, one.submit(text, "", 1, api_name="/fill")) for one in clients for text in texts]
    for text, job in jobs:
        told = job.result(timeout=120)
        joined = "".join(piece.removeprefix("##") for piece in told["tokens"][1:-1])
        assert joined == text.replace(" ", "")
