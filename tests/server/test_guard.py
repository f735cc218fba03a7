"""The running app, asked over HTTP for what it must refuse: each time one sentence, and the next request works."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from PIL import Image
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

import app
from core.errors import BusyError
from core.lab.lab import Lab
from core.settings import read_settings
from server import limits
from server.admission import Service
from server.guard import Guard
from server.monitoring import COUNTED
from server.refusal import asked_language
from server.security_headers import POLICY, SECURITY_HEADERS, SecurityHeaders
from server.upload_store import UploadStore, own_folder

API = "/gradio_api"


@pytest.fixture(scope="module")
def http(app_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app_url, timeout=60) as client:
        yield client


@pytest.fixture
def quiet_log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fails a test in which a traceback reached a log or the console."""
    caplog.set_level(logging.INFO)
    yield
    console = capfd.readouterr()
    assert "Traceback" not in caplog.text + console.out + console.err


def png(width: int = 8, height: int = 8, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(http: httpx.Client, data: bytes, name: str = "a.png") -> str:
    answer = http.post(f"{API}/upload", files=[("files", (name, data, "image/png"))])
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0])


def as_file(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **more}


def call(http: httpx.Client, name: str, data: list[Any]) -> tuple[int, str]:
    """Status and sentence of a refusal, or 200 and the first answer as it was streamed."""
    joined = http.post(f"{API}/call/{name}", json={"data": data})
    if joined.status_code != 200:
        return joined.status_code, joined.json()["detail"]
    return 200, http.get(f"{API}/call/{name}/{joined.json()['event_id']}").text


def still_works(http: httpx.Client) -> bool:
    return "event: complete" in call(http, "attend", ["the cat sat", "", "", 1])[1]


@pytest.mark.usefixtures("quiet_log")
def test_a_small_file_of_169_megapixels_is_refused_before_it_is_decoded(http: httpx.Client) -> None:
    bomb = png(13_000, 13_000, "1")
    assert len(bomb) < 25_000
    status, answer = call(http, "classify", [as_file(upload(http, bomb))])
    assert status == 200
    assert "more than 25 million pixels" in answer
    assert still_works(http)


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("url", ["data:image/png;base64,AAAA", " DATA:image/png;base64,AAAA"])
def test_a_picture_inside_an_address_is_refused(http: httpx.Client, url: str) -> None:
    status, sentence = call(http, "classify", [as_file(upload(http, png()), url=url)])
    assert (status, "upload the picture as a file" in sentence) == (403, True)


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("chunked", [False, True])
def test_five_million_characters_are_refused_with_and_without_a_declared_length(
    http: httpx.Client, chunked: bool
) -> None:
    body = json.dumps({"data": ["x" * 5_000_000, "", "", 1]}).encode()
    pieces = (body[i : i + 50_000] for i in range(0, len(body), 50_000))
    answer = http.post(
        f"{API}/call/attend", content=pieces if chunked else body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    assert "larger than 2.5 MB" in answer.json()["detail"]
    assert still_works(http)


@pytest.mark.usefixtures("quiet_log")
def test_a_million_characters_reach_core_which_says_the_limit(http: httpx.Client) -> None:
    status, answer = call(http, "attend", ["کتاب" * 250_000, "", "", 1])
    assert status == 200
    assert "at most 20,000" in answer


@pytest.mark.parametrize("route", ["run", "api"])
def test_the_queue_cannot_be_gone_round(http: httpx.Client, route: str) -> None:
    answer = http.post(f"{API}/{route}/attend", json={"data": ["the cat", "", "", 1]})
    assert answer.status_code == 404
    assert "join the queue" in answer.text


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.png", "https://example.com/a.png", "HTTPS://example.com/"])
def test_an_address_in_a_payload_is_not_fetched(http: httpx.Client, address: str) -> None:
    status, sentence = call(http, "classify", [as_file(address)])
    assert (status, "are not fetched here" in sentence) == (403, True)


@pytest.mark.usefixtures("quiet_log")
def test_an_address_hidden_in_an_events_data_is_not_fetched(http: httpx.Client) -> None:
    body = {"data": [], "event_data": [{"deep": [{"path": "http://127.0.0.1:9/"}]}], "fn_index": 0, "session_hash": "s"}
    assert http.post(f"{API}/queue/join", json=body).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "file=https://example.com/",
        "file=http:/example.com/",
        "file=HTTP%3A%2F%2Fexample.com",
        "file/https://example.com/",
        "proxy=https://example.com/",
    ],
)
def test_the_server_is_no_open_proxy(http: httpx.Client, path: str) -> None:
    answer = http.get(f"{API}/{path}")
    assert answer.status_code in (403, 404)
    assert "detail" in answer.json()


def test_the_pages_own_upload_passes_with_its_url_to_this_server(http: httpx.Client, app_url: str) -> None:
    path = upload(http, png())
    status, answer = call(http, "classify", [as_file(path, url=f"{app_url}{API}/file={path}", orig_name="a.png")])
    assert status == 200
    assert "event: complete" in answer or "is bundled here" in answer  # it got as far as the models


@pytest.mark.parametrize("count", [limits.UPLOAD_FILES, limits.UPLOAD_FILES + 1])
def test_an_upload_has_a_largest_number_of_files(http: httpx.Client, count: int) -> None:
    answer = http.post(f"{API}/upload", files=[("files", (f"{i}.png", png(), "image/png")) for i in range(count)])
    assert answer.status_code == (200 if count <= limits.UPLOAD_FILES else 413)
    assert count <= limits.UPLOAD_FILES or "files came at once" in answer.text


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_has_a_largest_size(http: httpx.Client, chunked: bool) -> None:
    start = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield start
        for _ in range(limits.UPLOAD_BYTES // 100_000 + 1):
            yield bytes(100_000)
        yield b"\r\n--b--\r\n"

    content: Any = pieces() if chunked else b"".join(pieces())
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = http.post(f"{API}/upload", content=content, headers=kind)
    assert answer.status_code == 413
    assert still_works(http)


def test_a_full_store_refuses_an_upload_with_a_sentence(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: UploadStore, size: int) -> None:
        raise BusyError("app.store_full")

    monkeypatch.setattr(UploadStore, "make_room", full)
    answer = http.post(f"{API}/upload", files=[("files", ("a.png", png(), "image/png"))])
    assert (answer.status_code, "no room" in answer.text) == (503, True)


@pytest.mark.parametrize("name", ["../../../evil.png", "..\\..\\evil.png", "/etc/evil.png", "a\0b.png", "." * 300])
def test_an_uploads_name_leads_nowhere(http: httpx.Client, name: str) -> None:
    path = Path(upload(http, png(), name))
    assert path.resolve().is_relative_to(own_folder().resolve())


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "README.md",
        "app.py",
        ".git/config",
        "assets/texts/en/app.json",
        "%00",
        "C:%5CWindows%5Cwin.ini",
    ],
)
def test_no_file_of_the_machine_or_the_project_is_served(http: httpx.Client, path: str) -> None:
    answer = http.get(f"{API}/file={path}")
    assert answer.status_code in (400, 403, 404), answer.text


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("path", ["/etc/hostname", "README.md", "a\0b", "x" * 5000, "\ud800", ""])
def test_a_path_that_is_no_upload_is_refused(http: httpx.Client, path: str) -> None:
    body = json.dumps({"data": [as_file(path)]})
    answer = http.post(f"{API}/call/classify", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, "uploaded here" in answer.json()["detail"]) == (403, True)


@pytest.mark.usefixtures("quiet_log")
def test_an_upload_that_is_gone_is_said_to_be_gone(http: httpx.Client) -> None:
    path = upload(http, png(9, 9))
    Path(path).unlink()
    status, sentence = call(http, "classify", [as_file(path)])
    assert (status, "no longer here" in sentence) == (410, True)


def test_no_folder_is_opened_to_the_page(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: dict[str, Any] = {}
    monkeypatch.setattr(gr.Blocks, "launch", lambda self, **options: launched.update(options))
    service = Service.of(lab)
    demo = app.create_app(lab, service)
    app.serve(demo, lab.settings, service=service)
    assert launched["max_file_size"] == "10mb"
    assert not launched.get("allowed_paths")
    assert (launched["share"], launched["show_error"]) == (False, False)


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'"text"', b"[]", b"null", b'{"data": 7}', b"\xff\xfe"])
def test_what_is_no_request_gets_a_client_error(http: httpx.Client, body: bytes) -> None:
    answer = http.post(f"{API}/call/attend", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert still_works(http)


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("data", [[7], ["abc"], [[]], [{}], [{"path": "x"}], [], [None, None]])
def test_values_that_fit_no_component_are_refused_before_gradio_sees_them(http: httpx.Client, data: list[Any]) -> None:
    status, sentence = call(http, "classify", data)
    assert status in (400, 403)
    assert sentence


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("body", [{"sentence_a": "the cat"}, {"nothing": 1}, {}, {"sentence_a": "x", "y": 2}])
def test_the_endpoint_by_names_refuses_wrong_names(http: httpx.Client, body: dict[str, Any]) -> None:
    answer = http.post(f"{API}/call/v2/attend", json=body)
    assert answer.status_code == (200 if body == {"sentence_a": "the cat"} else 400)


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("name", ["nothing", "../attend", "%2e%2e"])
def test_an_unknown_endpoint_is_not_found(http: httpx.Client, name: str) -> None:
    assert http.post(f"{API}/call/{name}", json={"data": []}).status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/", "/lab/version", "/lab/000000000000/page.css", "/config", "/gradio_api/file=/etc/passwd", "/nothing"]
)
def test_every_answer_carries_the_security_headers(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    for name, value in SECURITY_HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()]


def test_only_hugging_face_may_show_the_page_in_a_frame(http: httpx.Client) -> None:
    policy = dict(part.partition(" ")[::2] for part in http.get("/").headers["content-security-policy"].split("; "))
    assert policy["frame-ancestors"].split() == [
        "'self'",
        "https://huggingface.co",
        "https://*.huggingface.co",
        "https://*.hf.space",
    ]
    assert "x-frame-options" not in http.get("/").headers
    assert all("http" not in value for name, value in policy.items() if name != "frame-ancestors")


def test_a_course_page_may_show_it_where_the_setting_names_its_origin() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("the page")(scope, receive, send)

    origins = "https://moodle.school.example http://127.0.0.1:8080"
    client = TestClient(SecurityHeaders(app, read_settings(embed=origins).embed))
    headers = client.get("/").headers
    policy = dict(part.partition(" ")[::2] for part in headers["content-security-policy"].split("; "))
    assert policy["frame-ancestors"].split() == [
        "'self'",
        "https://huggingface.co",
        "https://*.huggingface.co",
        "https://*.hf.space",
        *origins.split(),
    ]
    plain = dict(part.partition(" ")[::2] for part in POLICY.split("; "))
    assert policy | {"frame-ancestors": ""} == plain | {"frame-ancestors": ""}
    assert len(headers.get_list("content-security-policy")) == 1


def test_the_sentence_is_in_the_language_of_the_page_that_asked() -> None:
    scope: dict[str, Any] = {"query_string": b"", "headers": [(b"referer", b"http://h/?lab=x&lang=fa")]}
    assert asked_language(scope, "en") == "fa"
    assert asked_language({"query_string": b"lang=en", "headers": scope["headers"]}, "fa") == "en"
    assert asked_language({"query_string": b"lang=xx", "headers": []}, "en") == "en"


def run_guard(pieces: list[bytes | float], **service: Any) -> list[dict[str, Any]]:
    """What the guard answers to a body that comes in ``pieces``; a number is a pause in seconds."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        while pieces and not isinstance(pieces[0], bytes):
            await asyncio.sleep(pieces.pop(0))
        if not pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def inner(scope: Any, receive: Callable[[], Any], send: Any) -> None:
        await receive()

    scope = {"type": "http", "method": "POST", "path": "/gradio_api/cancel", "query_string": b"", "headers": []}
    asyncio.run(Guard(inner, service=None)(scope, receive, send))  # type: ignore[arg-type]
    return sent


def test_a_body_that_stops_coming_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    answer = run_guard([b"{", 5.0, b"}"])
    assert answer[0]["status"] == 408
    assert "detail" in json.loads(answer[1]["body"])


def answer_of(error: Exception) -> tuple[int, str]:
    """Status and body of what a request is answered whose route raises ``error``."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        raise error

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    asyncio.run(Guard(inner, service=None)(scope, receive, send))  # type: ignore[arg-type]
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.mark.parametrize("error", [ZeroDivisionError("inside"), ValueError("inside"), KeyError("inside")])
def test_a_route_that_fails_answers_with_a_sentence_and_leaves_its_traceback(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    before = COUNTED.get_sample_value("lab_route_errors_total") or 0.0
    status, said = answer_of(error)
    assert status == 500
    assert "inside" not in said
    assert "a route failed" in caplog.text
    assert f"raise error\n{type(error).__name__}: " in caplog.text
    assert COUNTED.get_sample_value("lab_route_errors_total") == before + 1


def not_json() -> ValueError:
    with pytest.raises(ValueError, match="JSON compliant") as caught:
        json.dumps(float("nan"), allow_nan=False)
    return caught.value


def not_utf8() -> ValueError:
    with pytest.raises(UnicodeEncodeError) as caught:
        "\ud800".encode()
    return caught.value


@pytest.mark.parametrize("made", [not_json, not_utf8])
@pytest.mark.usefixtures("quiet_log")
def test_what_gradio_cannot_send_back_is_the_callers_fault(made: Callable[[], ValueError]) -> None:
    status, said = answer_of(made())
    assert status == 400
    assert json.loads(said)["detail"]
