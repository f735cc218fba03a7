"""The middleware for the page's language and its head, driven without a server."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import LANGUAGES
from server.first_picture import first_picture
from server.page_files import files, version
from server.page_head import Page, head

HTML = b"<!doctype html><html><head><title>x</title></head><body><head></body></html>"


def whole(language: str, scene: bool) -> bytes:
    """The page as it goes out."""
    page = HTML.replace(b"<head>", b"<head>" + head(language), 1)
    return page.replace(b"<body>", b"<body>" + first_picture(language, scene))


@dataclass
class Inner:
    """An app that notes what it is asked, and answers with ``chunks``."""

    chunks: tuple[bytes, ...] = (HTML,)
    kind: bytes = b"text/html; charset=utf-8"
    scopes: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        size = str(sum(map(len, self.chunks))).encode()
        headers = [(b"content-type", self.kind), (b"content-length", size), (b"x-kept", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Answer:
    """What came out of the middleware."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)


def finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what never waits for anything outside."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


def ask(
    inner: Inner, path: str = "/", query: bytes = b"", *, language: str = "en", method: str = "GET", root: str = ""
) -> Answer:
    answer = Answer()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert answer.headers == {}
            answer.headers = dict(message["headers"])
        else:
            answer.parts.append(message["body"])

    async def receive() -> Any:
        raise AssertionError("nothing is to be read")

    scope = {"type": "http", "method": method, "path": root + path, "root_path": root, "query_string": query}
    finish(Page(inner, language)(scope, receive, send))
    return answer


def language_and_direction(body: bytes) -> tuple[str, str]:
    found = re.search(rb"documentElement\.lang = '(\w+)'; document\.documentElement\.dir = '(\w+)'", body)
    assert found
    return found[1].decode(), found[2].decode()


@pytest.mark.parametrize(
    ("query", "default", "expected"),
    [
        (b"", "en", ("en", "ltr")),
        (b"", "fa", ("fa", "rtl")),
        (b"lang=fa", "en", ("fa", "rtl")),
        (b"lang=en", "fa", ("en", "ltr")),
        (b"lang=de", "fa", ("fa", "rtl")),
        (b"lang=", "en", ("en", "ltr")),
        (b"lang=en&lang=fa", "en", ("fa", "rtl")),
        (b"lang=%3Cscript%3E", "en", ("en", "ltr")),
    ],
)
def test_the_page_has_the_language_of_its_address(query: bytes, default: str, expected: tuple[str, str]) -> None:
    assert language_and_direction(ask(Inner(), query=query, language=default).body) == expected


def test_the_head_comes_first_and_once() -> None:
    body = ask(Inner()).body
    assert body == whole("en", True)


def test_a_page_that_comes_in_pieces_is_completed_across_them() -> None:
    answer = ask(Inner(chunks=(b"<html><he", b"ad><title>", b"x</title></head></html>")))
    assert b"<head><script>" in answer.body
    assert answer.headers[b"content-length"] == str(len(answer.body)).encode()
    assert answer.headers[b"x-kept"] == b"1"


@pytest.mark.parametrize("path", ["/config", "/gradio_api/queue/data", "/file=x.html", "//", "/index.html"])
def test_other_paths_are_not_touched_and_not_held_back(path: str) -> None:
    inner = Inner(chunks=(b"<head>", b"later"))
    answer = ask(inner, path)
    assert answer.parts == [b"<head>", b"later", b""], "a stream arrives piece by piece"
    assert inner.scopes[0]["path"] == path


def test_an_answer_that_is_no_page_is_not_touched() -> None:
    assert ask(Inner(chunks=(b'{"a": "<head>"}',), kind=b"application/json")).body == b'{"a": "<head>"}'


def test_only_getting_the_page_completes_it() -> None:
    assert ask(Inner(), method="POST").body == HTML


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_what_is_no_request_passes(kind: str) -> None:
    inner, scope = Inner(), {"type": kind}
    finish(Page(inner)(scope, None, None))  # type: ignore[arg-type]
    assert inner.scopes == [{"type": kind}]


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text())), st.sampled_from(["/", "/config", "/gradio_api/call/attend"])
)
def test_what_else_the_address_says_arrives_unchanged(pairs: list[tuple[str, str]], path: str) -> None:
    try:
        query = urlencode(pairs).encode("ascii")
    except UnicodeEncodeError:  # a lone surrogate cannot stand in an address
        return
    inner = Inner()
    ask(inner, path, query)
    arrived = parse_qs(inner.scopes[0]["query_string"].decode("ascii"), keep_blank_values=True)
    expected = parse_qs(query.decode(), keep_blank_values=True) | {"lang": arrived["lang"]}
    assert arrived == expected


@given(st.binary(max_size=200), st.sampled_from(LANGUAGES), st.sampled_from(["/", "/config", "/lab/version"]))
def test_no_query_string_breaks_a_page_or_gets_into_it(query: bytes, default: str, path: str) -> None:
    inner = Inner()
    answer = ask(inner, path, query, language=default)
    if path == "/":
        assert answer.body in {whole(code, scene) for code in LANGUAGES for scene in (True, False)}
    for scope in inner.scopes:
        asked = [value for name, value in parse_qsl(scope["query_string"].decode("ascii")) if name == "lang"]
        assert len(asked) == 1
        assert asked[0] in LANGUAGES


def test_a_page_below_a_prefix_is_completed() -> None:
    assert head("en") in ask(Inner(), root="/lab-of-mine").body


def test_the_head_names_files_that_are_served() -> None:
    for language in LANGUAGES:
        links = re.findall(rb'(?:href|src)="([^"]+)"', head(language))
        assert len(links) > 10
        for link in links:
            assert link.decode().removeprefix(f"lab/{version()}/") in files()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_ends_the_script_of_the_head(language: str) -> None:
    script = head(language).decode().partition("<script>")[2].partition("</script>")[0]
    assert "<" not in script
    assert f'"version": "{version()}"' in script
    assert f'"language": "{language}"' in script
