"""The page's own files: viewers' modules, styles and texts, under an address that changes when any of them does."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.texts import LANGUAGES, texts

ASSETS = Path(__file__).resolve().parent.parent / "assets"
VIEWERS = ASSETS / "viewers"
OLD_LABS = (
    "attention",
    "segmentation",
    "cifar",
    "learn",
)  # their scripts are no modules yet: legacy/labs.js holds them
PAGE_STYLES = ("page", *OLD_LABS)  # folders whose styles every page gets
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


class File(NamedTuple):
    """What is served: its bytes and their type."""

    body: bytes
    kind: str


def _joined(paths: list[Path]) -> bytes:
    return "\n".join(path.read_text("utf-8") for path in paths).encode()


def _in(folder: str, ending: str) -> list[Path]:
    return sorted((VIEWERS / folder).rglob(f"*.{ending}"))


@cache
def files() -> dict[str, File]:
    """Every file by its path below ``lab/<version>/``."""
    found: dict[str, File] = {}
    folders = sorted(path.name for path in VIEWERS.iterdir() if path.is_dir())
    for folder in folders:
        if folder not in OLD_LABS:
            for path in _in(folder, "js"):
                found[path.relative_to(VIEWERS).as_posix()] = File(path.read_bytes(), "text/javascript")
        if folder not in PAGE_STYLES and (styles := _in(folder, "css")):
            found[f"{folder}.css"] = File(_joined(styles), "text/css")
    styles = [path for folder in PAGE_STYLES for path in _in(folder, "css")]
    found["page.css"] = File(_joined([ASSETS / "style.css", *styles]), "text/css")
    if OLD_LABS:
        scripts = [path for folder in OLD_LABS for path in _in(folder, "js")]
        found["legacy/labs.js"] = File(_joined(scripts), "text/javascript")
    for language in LANGUAGES:
        for area, words in texts_by_area(language).items():
            body = json.dumps(words, ensure_ascii=False).encode()
            found[f"texts/{language}/{area}.json"] = File(body, "application/json")
    return found


def texts_by_area(language: str) -> dict[str, dict[str, str]]:
    """Area → key → text; English where the language lacks one. "all" is every area, for the old labs."""
    words = texts("en") | texts(language)
    areas: dict[str, dict[str, str]] = {}
    for key, text in words.items():
        areas.setdefault(key.partition(".")[0], {})[key] = text
    return areas | ({"all": words} if OLD_LABS else {})


@cache
def version() -> str:
    """A name for the present state of all files."""
    digest = hashlib.sha256()
    for path, file in sorted(files().items()):
        digest.update(f"{path}\0{len(file.body)}\0".encode() + file.body)
    return digest.hexdigest()[:12]


def routes() -> list[Route]:
    """``lab/<version>/<path>``, and ``lab/version`` for a page that wants to know whether it is the present one."""

    async def file(request: Request) -> Response:
        found = files().get(request.path_params["path"])
        if found is None or request.path_params["version"] != version():
            return Response("not here", 404, {"cache-control": "no-store"}, "text/plain")
        return Response(found.body, headers=FOREVER, media_type=found.kind)

    async def present(request: Request) -> Response:
        return JSONResponse({"version": version()}, headers={"cache-control": "no-store"})

    return [Route("/lab/version", present), Route("/lab/{version}/{path:path}", file)]
