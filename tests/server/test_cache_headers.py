"""Gradio's own scripts are kept by the browser, and nothing else is because of them."""

from __future__ import annotations

from pathlib import Path

import gradio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from server.cache_headers import CacheHeaders
from server.page_files import FOREVER

SHIPPED = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
SCRIPT = "/assets/index-DphvyggB.js"


@pytest.fixture(scope="module")
def http() -> TestClient:
    """An app that answers each path with the status and the header that the query asks for."""

    async def answer(request: Request) -> Response:
        kept = {"cache-control": request.query_params["kept"]} if "kept" in request.query_params else {}
        return Response("x", int(request.query_params.get("status", "200")), kept)

    return TestClient(Starlette(routes=[Route("/{path:path}", answer)], middleware=[Middleware(CacheHeaders)]))


def test_every_script_and_style_that_gradio_ships_is_kept(http: TestClient) -> None:
    names = [path.name for path in SHIPPED.iterdir() if path.suffix in (".js", ".css")]
    assert len(names) > 100
    assert [name for name in names if http.get(f"/assets/{name}").headers.get("cache-control") is None] == []


@pytest.mark.parametrize("status", [200, 206, 304])
def test_the_header_stands_once_and_for_ever(http: TestClient, status: int) -> None:
    answer = http.get(SCRIPT, params={"status": status, "kept": "no-cache"})
    assert answer.headers.get_list("cache-control") == [FOREVER["cache-control"]]


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_file_that_did_not_come_is_asked_for_again(http: TestClient, status: int) -> None:
    assert "cache-control" not in http.get(SCRIPT, params={"status": status}).headers


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/theme.css", "/assets/logo.svg", "/assets/index.js", "/gradio_api/file=index-DphvyggB.js",
     "/assets/a/index-DphvyggB.js", "/assets/index-DphvyggB.json", "/lab/version"],
)  # fmt: skip
def test_what_may_change_under_its_name_is_not_kept(http: TestClient, path: str) -> None:
    assert "cache-control" not in http.get(path).headers


def test_the_app_sends_it(app_url: str) -> None:
    name = next(path.name for path in sorted(SHIPPED.glob("index-*.js")))
    with httpx.Client(base_url=app_url) as client:
        assert client.get(f"/assets/{name}").headers["cache-control"] == FOREVER["cache-control"]
        assert "immutable" not in client.get("/").headers.get("cache-control", "")
        assert "immutable" not in client.get("/assets/index-00000000.js").headers.get("cache-control", "")
