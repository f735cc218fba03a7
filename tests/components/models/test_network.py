"""A room without internet: what waits for the hub waits alone, and what cannot be had is known before it is chosen."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from components.models.network import network as asked
from components.models.questions import NetworkAsk
from core.data.scene_examples import PHOTOS
from core.errors import FetchingError, UnavailableError
from core.lab import scene_examples
from core.lab.lab import Lab
from core.models.catalog import CATALOG, ModelSpec
from core.settings import Settings
from tests.asking import Page
from tests.core.silent_server import Silent
from tests.serving import serving

HUB_ONLY = tuple(spec for spec in CATALOG if spec.origin == "hub")
LOOK = {"a": "the cat sat", "b": "", "model": "bert-base-uncased"}
NEEDS_THE_HUB = (
    {"want": "segmentation.look", "example": "scene-115"},
    {"want": "cifar.draw", "source": "hub"},
    {"want": "attention.look", "look": LOOK},
)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    """A hub that takes every connection and never answers."""
    server = Silent()
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    monkeypatch.setattr("core.network.FIRST_BYTE", 60.0)
    yield server
    server.close()


@pytest.fixture
def lab(tiny_spec: ModelSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Lab:
    """A lab that may ask the hub, with an empty cache of its files."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return Lab(Settings(offline=False, device="cpu", data=None), (tiny_spec, *HUB_ONLY))


def attended(url: str) -> Any:
    """What a program gets from ``/attend``."""
    with httpx.Client(base_url=url, timeout=50) as http:
        begun = http.post("/gradio_api/call/attend", json={"data": ["the cat", "", "tiny", 1]}).json()["event_id"]
        return http.get(f"/gradio_api/call/attend/{begun}").text


def test_pages_that_wait_for_a_hub_that_never_answers_do_not_delay_attend(silent: Silent, lab: Lab) -> None:
    with serving(lab) as url:
        pages = [Page(url) for _ in NEEDS_THE_HUB]
        following = []
        for page, ask in zip(pages, NEEDS_THE_HUB, strict=True):
            error = page.said(ask)[-1]["error"]
            assert error["code"] == "app.fetching", error
            following.append(page.join({"want": "models.fetch", "what": error["fetch"]})[1])
        assert "attention" in attended(url)
        assert not silent.release.is_set(), "the hub has not answered yet, and /attend has"
        silent.close()
        for page, event in zip(pages, following, strict=True):
            items = page.read()[event]
            assert any(item.get("part") for item in items), "it was followed while it was on its way"
            assert next(item["error"]["code"] for item in items if "error" in item).endswith(".unreachable")
            page.close()


def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hub at all: nobody listens at its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")


class Spoken:
    """As much of a question's context as is looked at."""

    language = "en"


def known(lab: Lab) -> dict[str, Any]:
    """What the page is told once the server knows."""
    deadline = time.monotonic() + 30
    while (found := asked(lab, NetworkAsk(), Spoken()))["state"] == "asking" and time.monotonic() < deadline:  # type: ignore[arg-type]
        time.sleep(0.02)
    return found


def test_what_only_the_hub_has_is_named_with_its_state_before_anybody_chooses_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch)
    found = known(lab)
    assert found["state"] == "unreachable"
    assert {spec.title for spec in HUB_ONLY} <= set(found["choices"])
    assert {"CIFAR-10 test set (hub)", "Scene 115"} <= set(found["choices"])
    assert found["ids"] == ["segmentation-scene-115", "segmentation-scene-30", "segmentation-scene-40"]
    for use in (
        lambda: lab.require(lab.find("bert-base-uncased")),
        lambda: lab.galleries.open("hub"),
        lambda: lab.galleries.training("hub", 5, 0),
        lambda: scene_examples.example(lab, "scene-30"),
    ):
        begun = time.monotonic()
        with pytest.raises(Exception, match="hub") as caught:
            use()
        assert not isinstance(caught.value, FetchingError), "it is known that nobody answers"
        assert time.monotonic() - begun < 1


def test_a_first_question_never_waits_for_the_network(silent: Silent, lab: Lab) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchingError), lab.use("bert-base-uncased", "attention"):
        pass
    with pytest.raises(FetchingError):
        lab.galleries.open("hub")
    with pytest.raises(FetchingError):
        lab.galleries.training("hub", 5, 0)
    with pytest.raises(FetchingError):
        scene_examples.example(lab, "scene-30")
    assert asked(lab, NetworkAsk(), Spoken())["state"] == "asking"  # type: ignore[arg-type]
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("said", ["setting", "environment"])
def test_offline_no_choice_of_the_hub_is_drawn(
    said: str, tiny_spec: ModelSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1" if said == "environment" else "0")
    lab = Lab(Settings(offline=said == "setting", device="cpu", data=None), (tiny_spec, *HUB_ONLY))
    assert [spec.name for spec in lab.offered("attention")] == ["tiny"]
    assert lab.offered("segmentation") == lab.offered("cifar10-beit") == []
    assert lab.galleries.sources == ("shipped",)
    assert scene_examples.offered(lab) == PHOTOS
    assert asked(lab, NetworkAsk(), Spoken()) == {"state": "none", "choices": [], "ids": []}  # type: ignore[arg-type]
    with pytest.raises(UnavailableError, match="offline"), lab.use("bert-base-uncased", "attention"):
        pass


def test_a_scene_that_has_come_is_kept(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.data.scene_examples import Example

    asked_for: list[str] = []

    def load(name: str, root: Any, offline: bool) -> Example:
        asked_for.append(name)
        return Example(name, b"picture", b"annotation")

    monkeypatch.setattr("core.lab.scene_examples.load", load)
    monkeypatch.setattr(lab.fetches.reach, "_ask", lambda address: None)
    with pytest.raises(FetchingError) as caught:
        scene_examples.example(lab, "scene-30")
    list(lab.fetches.follow(str(caught.value.values["fetch"])))
    assert scene_examples.example(lab, "scene-30").picture == b"picture"
    assert asked_for == ["scene-30"]
