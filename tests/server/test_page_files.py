"""The viewers' modules, styles and texts as they are served."""

from __future__ import annotations

import json
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.texts import LANGUAGES, texts
from server.page_files import ASSETS, OLD_LABS, VIEWERS, files, routes, version


@pytest.fixture(scope="module")
def http() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.mark.parametrize("path", sorted(files()))
def test_every_file_is_served_for_ever_under_the_version(http: TestClient, path: str) -> None:
    answer = http.get(f"/lab/{version()}/{path}")
    assert answer.status_code == 200
    assert answer.content == files()[path].body
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    kinds = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
    assert answer.headers["content-type"].startswith(kinds[path.rpartition(".")[2]])


def test_every_script_and_style_is_in_some_file() -> None:
    for path in VIEWERS.rglob("*.js"):
        name = path.relative_to(VIEWERS).as_posix()
        held = files()["legacy/labs.js" if name.split("/")[0] in OLD_LABS else name].body
        assert path.read_bytes().strip() in held, name
    styles = b"\n".join(file.body for file in files().values() if file.kind == "text/css")
    for path in [ASSETS / "style.css", *VIEWERS.rglob("*.css")]:
        assert path.read_bytes().strip() in styles, path.name


def test_every_import_of_a_module_is_served() -> None:
    for path, file in files().items():
        for name in re.findall(r'(?:from|import)\s*\(?"(\.[^"]+\.js)"', file.body.decode()):
            folder, up = path.rpartition("/")[0], name
            while up.startswith("../"):
                folder, up = folder.rpartition("/")[0], up.removeprefix("../")
            target = "/".join(filter(None, [folder, up.removeprefix("./")]))
            assert target in files(), f"{path} imports {name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_of_all_areas_are_those_of_the_language(language: str) -> None:
    found: dict[str, str] = {}
    for path, file in files().items():
        if path.startswith(f"texts/{language}/") and not path.endswith("/all.json"):
            words = json.loads(file.body)
            assert {key.partition(".")[0] for key in words} == {path.rpartition("/")[2].removesuffix(".json")}
            found |= words
    assert found == texts("en") | texts(language)


@pytest.mark.parametrize(
    "path",
    ["000000000000/page.css", "{version}/nothing.js", "{version}/../../app.py", "{version}/%2e%2e/style.css",
     "{version}/lib", "{version}/", "page.css", "{version}/texts/de/app.json", "{version}/legacy/nothing.js"],
)  # fmt: skip
def test_nothing_else_is_served(http: TestClient, path: str) -> None:
    answer = http.get("/lab/" + path.format(version=version()))
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_the_files_are_only_to_be_read(http: TestClient) -> None:
    assert http.post(f"/lab/{version()}/page.css").status_code == 405


def test_a_page_can_ask_for_the_present_version(http: TestClient) -> None:
    answer = http.get("/lab/version")
    assert answer.json() == {"version": version()}
    assert answer.headers["cache-control"] == "no-store"
