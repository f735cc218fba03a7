"""How much the first page weighs, and that nothing is missing from it."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest

from core.texts import LANGUAGES, texts
from server.page_config import PROGRAMS, SNIPPETS, START, UNREAD, lightened
from server.page_files import files, version

PLAIN, COMPRESSED = 150_000, 40_000  # bytes


def config_of(page: bytes) -> dict[str, Any]:
    config: dict[str, Any] = json.JSONDecoder().raw_decode(page.partition(START)[2].decode())[0]
    return config


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_light(app_url: str, language: str) -> None:
    with httpx.stream("GET", f"{app_url}/?lang={language}", headers={"accept-encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(sent)
    page = gzip.decompress(sent)
    assert len(sent) <= COMPRESSED, f"{len(sent)} bytes"
    assert len(page) <= PLAIN, f"{len(page)} bytes"
    assert list(config_of(page)["i18n_translations"]) == [language]


def test_a_browser_that_unpacks_nothing_gets_it_plain(app_url: str) -> None:
    answer = httpx.get(app_url, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith(b"<!doctype html>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_light_page_has_all_that_gradios_page_reads(app_url: str, language: str) -> None:
    page = config_of(httpx.get(f"{app_url}/?lang={language}").content)
    whole = httpx.get(f"{app_url}/config?lang={language}").json()
    assert [part["props"] for part in page["components"]] == [part["props"] for part in whole["components"]]
    for light, full in zip(page["components"], whole["components"], strict=True):
        assert set(full) - set(light) <= set(UNREAD)
    for light, full in zip(page["dependencies"], whole["dependencies"], strict=True):
        assert light == {name: value for name, value in full.items() if name in light}
        assert not any(value for name, value in full.items() if name not in light)
        assert ("trigger_after" in light) == (full["trigger_after"] is not None)
    for key, text in page["i18n_translations"][language].items():
        assert text == (texts("en") | texts(language))[key]


def test_the_page_knows_every_endpoint_and_asks_for_its_snippets(app_url: str) -> None:
    page = httpx.get(app_url).content
    told = json.JSONDecoder().raw_decode(page.partition(PROGRAMS)[2].decode())[0]["named_endpoints"]
    whole = httpx.get(f"{app_url}/gradio_api/info").json()["named_endpoints"]
    assert list(told) == list(whole)
    for name, endpoint in whole.items():
        assert endpoint[SNIPPETS], "which the dialog shows"
        assert told[name] == {key: value for key, value in endpoint.items() if key != SNIPPETS}


@pytest.mark.parametrize("page", [b"", b"<html></html>", START + b"{not json", START + b"\xff"])
def test_a_page_that_is_not_as_expected_is_left_as_it_is(page: bytes) -> None:
    assert lightened(page, "en") == page


def test_no_text_can_end_the_script() -> None:
    page = (
        START + json.dumps({"i18n_translations": {"en": {"a": "</script>"}}, "components": []}).encode() + b";</script>"
    )
    assert lightened(page, "en").count(b"</script>") == 1
    assert config_of(lightened(page, "en"))["i18n_translations"] == {"en": {"a": "</script>"}}


@pytest.mark.parametrize("path", ["texts/en/learn.json", "texts/fa/learn.json", "lib/ask.js", "learn.css"])
def test_texts_modules_and_styles_travel_compressed(app_url: str, path: str) -> None:
    address = f"{app_url}/lab/{version()}/{path}"
    plain = httpx.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == files()[path].body
    with httpx.stream("GET", address, headers={"accept-encoding": "br, gzip"}) as sent:
        assert sent.headers["content-encoding"] in ("br", "gzip")
        assert len(b"".join(sent.iter_raw())) < 0.5 * len(plain.content)
