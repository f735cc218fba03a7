"""The Models tab, with models that are no more than a size."""

import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from pydantic import ValidationError

from components.models.questions import StateAsk
from components.models.tab import contents, digest, state
from components.page.desk import Context
from components.page.questions import Files
from core.lab.lab import Lab, Status
from core.models.catalog import CATALOG, JOBS
from core.models.registry import Registry
from core.settings import Settings
from core.texts import texts

SCRIPT = Path(__file__).resolve().parents[3] / "assets" / "viewers" / "models" / "main.js"


@dataclass(eq=False)
class Fake:
    name: str
    device: str = "cpu"
    bytes: int = 5


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has fetched from the hub does not matter here."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))


def fake_lab(load: Any = lambda name, device, progress: Fake(name)) -> Lab:
    return Lab(Settings(offline=True), registry=Registry(load, 100))


def test_every_entry_of_the_catalog_has_a_row() -> None:
    content = contents(fake_lab())
    assert [row["name"] for row in content["rows"]] == [spec.name for spec in CATALOG]
    assert content["budget"] == 100
    assert content["devices"] == [{"device": "cpu", "models": []}]


def test_a_loaded_model_takes_its_share_of_its_device() -> None:
    lab = fake_lab()
    with lab.use("", "attention"):
        content = contents(lab)
    row = content["rows"][0]
    assert (row["loaded"], row["device"], row["uses"]) == (True, "cpu", 1)
    assert content["devices"] == [{"device": "cpu", "models": [{"title": "MiniLM-L6", "bytes": 5, "ready": True}]}]


def test_a_model_that_loads_shows_how_far_it_is() -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def load(name: str, device: str, progress: Any) -> Fake:
        progress(0.5)
        halfway.set()
        assert go_on.wait(20)
        return Fake(name)

    lab = fake_lab(load)
    thread = threading.Thread(target=lab.warm_up, daemon=True)
    thread.start()
    assert halfway.wait(20)
    content = contents(lab)
    go_on.set()
    thread.join(20)
    assert (content["rows"][0]["loaded"], content["rows"][0]["progress"]) == (False, 0.5)
    assert content["devices"][0]["models"][0]["ready"] is False


def answer(lab: Lab, seen: str) -> dict[str, Any]:
    context = Context("en", gr.Request(), Files(None, None), lambda: False)
    return state(lab, StateAsk(seen=seen), context)


def test_a_page_that_shows_the_state_already_is_sent_its_version_only() -> None:
    lab = fake_lab()
    first = answer(lab, "")
    assert len(first["rows"]) == len(CATALOG)
    assert answer(lab, first["version"]) == {"version": first["version"]}
    with lab.use("", "attention"):
        later = answer(lab, first["version"])
    assert later["version"] != first["version"]
    assert later["devices"][0]["models"]


@pytest.mark.parametrize("ask", [{"seen": 7}, {"seen": None}, {"seen": {"a": 1}}, {"seen": "x" * 10**6}, {"more": 1}])
def test_only_a_version_can_have_been_seen(ask: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StateAsk.model_validate({"want": "models.state", **ask})


def test_the_same_state_has_the_same_digest() -> None:
    lab = fake_lab()
    assert digest(contents(lab)) == digest(contents(lab))


def test_every_text_of_the_script_exists() -> None:
    script = SCRIPT.read_text("utf-8")
    plain = set(re.findall(r'\bt\("([\w.]+)"', script))
    assert len(plain) > 10
    columns = json.loads(re.search(r"COLUMNS = (\[.*?\])", script)[1])
    families = {
        "models.tab.columns.": columns,
        "models.jobs.": JOBS,
        "models.licenses.": {spec.license for spec in CATALOG},
        "models.tab.origin.": {spec.origin for spec in CATALOG},
        "models.tab.parts.": json.loads(re.search(r"PARTS = (\[.*?\])", script)[1]),
        "models.tab.status.": {status.replace(" ", "_") for status in Status.__args__},
    }
    used = set(re.findall(r"t\(`([\w.]+)\$", script))
    assert used == set(families)
    made = {family + name for family, names in families.items() for name in names}
    assert (plain | made | {spec.note for spec in CATALOG}) - set(texts("en")) == set()
