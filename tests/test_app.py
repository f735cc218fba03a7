"""Options of the program, and the program itself as it starts, answers and ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import app
from core.learn.links import LABS
from core.settings import Settings
from tools.screenshot import free_port

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "transformers", "datasets", "safetensors", "sklearn", "foolbox", "bertviz")


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LAB_", "GRADIO_SERVER_")):
            monkeypatch.delenv(name)


def test_help_lists_every_setting_with_its_variable_and_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.read_options(["--help"])
    assert ended.value.code == 0
    said = re.sub(r"\s+", " ", capsys.readouterr().out)
    for name, field in Settings.model_fields.items():
        assert f"--{name}" in said
        assert f"(LAB_{name.upper()}; default: {field.default})" in said
        assert str(field.description) in said


@pytest.mark.usefixtures("_bare")
def test_options_are_read_over_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PORT", "8001")
    monkeypatch.setenv("LAB_MEMORY", "2GB")
    monkeypatch.setenv("LAB_OFFLINE", "1")
    options = app.read_options(["--port", "8002", "--language", "fa", "--data", "/somewhere"])
    assert (options.port, options.memory, options.offline) == (8002, 2 * 10**9, True)
    assert (options.language, options.data) == ("fa", Path("/somewhere"))
    assert app.read_options(["--no-offline"]).offline is False


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "99999"], "--port: Input should be less than or equal to 65535, got '99999'"),
        (["--device", "tpu"], "--device: Input should be 'auto', 'cpu' or 'cuda', got 'tpu'"),
        (["--memory", "lots"], "a size like 4GB or 500MB, got 'lots'"),
        (["--colour", "red"], "unrecognized arguments: --colour red"),
    ],
)
def test_a_wrong_option_ends_with_what_was_expected(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        app.read_options(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_nothing_calls_home() -> None:
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] in ("1", "True")  # gradio, where it came first, says True


# The program itself, started once: its own code with two lines of report in it.
PROGRAM = f"""
    import os, sys, urllib.request
    import app
    serve = app.serve
    def serve_and_report(demo, settings, **more):
        serve(demo, settings, **more)
        page = urllib.request.urlopen(f"http://127.0.0.1:{{settings.port}}/").read().decode()
        heavy = [name for name in {HEAVY!r} if name in sys.modules]
        print("page", '"language": "fa"' in page, "heavy", heavy, "offline", os.environ["HF_HUB_OFFLINE"], flush=True)
    app.serve = serve_and_report
    app.main(["--offline", "--device", "cpu"])
"""


@pytest.fixture(scope="module")
def program() -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """The address, the line that it reported when its port answered, and the process."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAB_", "GRADIO_SERVER_"))}
    given = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "LAB_LANGUAGE": "fa"}
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)],
        cwd=ROOT,
        env=kept | given,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        report = next((line.strip() for line in lines if line.startswith("page ")), "")
        yield f"http://127.0.0.1:{port}", report, process
        process.kill()
        process.wait()


Program = tuple[str, str, subprocess.Popen[str]]


def test_the_port_answers_before_any_model_library_is_imported(program: Program) -> None:
    assert "heavy []" in program[1], program[1]


def test_gradios_variables_and_ours_reach_the_program(program: Program) -> None:
    url, report, _ = program
    assert report.startswith("page True"), "the language of LAB_LANGUAGE, on the port of GRADIO_SERVER_PORT"
    assert report.endswith("offline 1")
    assert httpx.get(f"{url}/?lang=en").text.count('"language": "en"') == 1


def test_the_default_model_warms_up_while_the_page_answers(program: Program) -> None:
    from gradio_client import Client

    client = Client(program[0], verbose=False, analytics_enabled=False)
    for _ in range(600):
        rows = {row["name"]: row for row in client.predict(api_name="/models")}
        if rows["minilm-l6"]["loaded"]:
            break
        time.sleep(0.2)
    client.close()
    assert rows["minilm-l6"]["loaded"], "nobody has asked for it"


def test_a_signal_ends_the_program_cleanly(program: Program) -> None:
    process = program[2]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_every_lab_has_its_tab_and_its_place_in_a_link(app_url: str) -> None:
    config = httpx.get(f"{app_url}/config").json()
    tabs = [part["props"]["id"] for part in config["components"] if part["type"] == "tabitem" and "id" in part["props"]]
    assert [name for name in tabs if name in LABS] == list(LABS)
