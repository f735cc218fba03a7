"""The program killed in the middle of its work, and started anew: it works, and nothing half-written is used."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from core.data.galleries import shipped
from core.lab.lab import Lab
from core.models.catalog import find
from tests.conftest import tiny_tokenizer
from tests.core.data.test_galleries import write_parquet
from tests.core.hub_server import COMMIT, Hub
from tests.core.models.test_hub import NAME, checkpoint
from tests.program import PATIENCE, Program, until
from tests.serving import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="needs kill -9"),
    pytest.mark.timeout(900),  # each program starts twice, on a machine that may be busy with others' work
]
__all__ = ["checkpoint"]
SENTENCE = "the cat sat on the mat"
PICTURES = 4000
FILES = ("config.json", "tokenizer.json", "model.safetensors")
ADD = f"""
import core.models.catalog as catalog
files = tuple((name, None) for name in {FILES!r})
tiny = catalog.ModelSpec("tiny", "Tiny", "attention", "hub", "bert-hub", {NAME!r}, "none", files, revision={COMMIT!r})
catalog.CATALOG = (*catalog.CATALOG, tiny)
"""


@pytest.fixture
def programs() -> Iterator[Callable[..., Program]]:
    """Makes programs; whatever a test does, none outlives it."""
    made: list[Program] = []

    def make(*arguments: Any, **named: Any) -> Program:
        made.append(Program(*arguments, **named))
        return made[-1]

    yield make
    for program in made:
        program.kill()


@pytest.fixture
def ask() -> Iterator[Callable[[Program], Any]]:
    """A client of a program as it is now."""
    clients: list[Client] = []

    def make(program: Program) -> Client:
        clients.append(Client(program.url, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 180}))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def hub(checkpoint: dict[str, bytes]) -> Iterator[Hub]:
    server = Hub({**checkpoint, "tokenizer.json": tiny_tokenizer().to_str().encode()})
    yield server
    server.close()


def begun(program: Program, name: str, values: dict[str, Any]) -> str:
    """Begin an event as curl would; where its answer streams from."""
    address = f"{program.url}/gradio_api/call/v2/{name}"
    joined = httpx.post(address, json=values, timeout=PATIENCE)
    assert joined.status_code == 200, joined.text
    return f"{program.url}/gradio_api/call/{name}/{joined.json()['event_id']}"


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_machine_too_busy_to_answer_itself_within_seconds_starts_all_the_same(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradio.networking.url_ok", lambda url: False)  # as after its time-out of three seconds
    with serving(lab) as address:
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["status"] == "ok"


def test_killed_while_it_loads_a_model_it_starts_again_and_gives_the_right_numbers(
    programs: Callable[..., Program], ask: Callable[[Program], Any], client: Any, tmp_path: Path
) -> None:
    folder = find("minilm-l6").folder
    assert folder is not None
    before = digests(folder)
    program = programs(tmp_path, "--offline")
    program.start()
    until(lambda: 'model="minilm-l6"' in program.begun(), "the first load begins by itself")
    assert program.loaded() == [], "it still loads"
    program.kill()
    assert digests(folder) == before
    program.start()
    answer = ask(program).predict(SENTENCE, model="minilm-l6", layer=3, api_name="/attend")
    right = client.predict(SENTENCE, model="minilm-l6", layer=3, api_name="/attend")
    assert answer["tokens"] == right["tokens"]
    np.testing.assert_allclose(answer["attention"], right["attention"], atol=2e-6)
    assert len(list(program.temporary.glob("attention-lab-*"))) == 1, "the dead process's uploads are gone"


def test_killed_while_it_evaluates_it_starts_again_and_counts_every_picture_once(
    programs: Callable[..., Program], ask: Callable[[Program], Any], tmp_path: Path
) -> None:
    copies = PICTURES // len(shipped())
    pixels, labels = np.tile(shipped().pixels, (copies, 1, 1, 1)), np.tile(shipped().labels, copies)
    write_parquet(tmp_path / "data" / "cifar10" / "test.parquet", pixels, labels)
    program = programs(tmp_path / "program", "--offline", "--data", str(tmp_path / "data"))
    program.start()
    with httpx.stream("GET", begun(program, "evaluate", {"count": PICTURES}), timeout=PATIENCE) as answer:
        lines = (line.removeprefix("data: ") for line in answer.iter_lines() if line.startswith("data: "))
        assert 0 < json.loads(next(lines))[0]["seen"] < PICTURES
        program.kill()
        with pytest.raises(httpx.TransportError):
            list(lines)
    program.start()
    client = ask(program)
    answers = list(client.submit(200, api_name="/evaluate"))
    assert [answers[-1]["seen"], answers[-1]["total"], answers[-1]["source"]] == [200, 200, "data"]
    for part in ("mlp", "beit"):
        assert np.sum(answers[-1][part]["confusion"]) == 200
    assert list(client.submit(200, api_name="/evaluate"))[-1] == answers[-1]


def attend_tiny(client: Any) -> Any:
    """As a program does it: again and again while the model is on its way."""
    for _ in range(600):
        try:
            return client.predict("a a a", model="tiny", layer=1, api_name="/attend")
        except AppError as error:
            if "on its way" not in str(error):
                raise
            time.sleep(0.2)
    raise AssertionError("the model never came")


def test_killed_while_it_downloads_it_starts_again_and_fetches_the_whole_file(
    programs: Callable[..., Program], ask: Callable[[Program], Any], hub: Hub, tmp_path: Path
) -> None:
    hub.faults["model.safetensors"] = "stall"
    program = programs(tmp_path, catalog=ADD, HF_ENDPOINT=hub.url)
    program.start()
    begun(program, "attend", {"sentence_a": "a a a", "model": "tiny"})
    assert hub.halfway.wait(PATIENCE), program.log[-2000:]
    program.kill()
    whole = hashlib.sha256(hub.files["model.safetensors"]).hexdigest()
    assert whole not in digests(tmp_path / "hub").values(), "half of the file was there at most"
    hub.faults.clear()
    hub.asked.clear()
    program.start()
    assert np.shape(attend_tiny(ask(program))["attention"]) == (2, 5, 5)
    assert hub.asked["GET", "model.safetensors"] == 1
    assert whole in digests(tmp_path / "hub").values()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB of its own; skips where this process may not mount one."""
    folder, mount = tmp_path / "disk", shutil.which("mount")
    folder.mkdir()
    command = [str(mount), "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_is_said_and_when_there_is_room_the_model_comes(
    programs: Callable[..., Program], ask: Callable[[Program], Any], hub: Hub, small_disk: Path, tmp_path: Path
) -> None:
    # Else a disk this small is refused before the first byte.
    room = "import core.models.hub\ncore.models.hub.SPARE = 0"
    program = programs(tmp_path / "program", catalog=f"{ADD}\n{room}", HF_ENDPOINT=hub.url, HF_HOME=str(small_disk))
    program.start()
    client = ask(program)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free))
    with pytest.raises(Exception, match="disk space"):
        attend_tiny(client)
    assert not any(name.endswith("model.safetensors") for name in digests(small_disk))
    assert "minilm-l6" in {model["name"] for model in client.predict(api_name="/models")}, "the others go on"
    ballast.unlink()
    assert np.shape(attend_tiny(client)["attention"]) == (2, 5, 5)
