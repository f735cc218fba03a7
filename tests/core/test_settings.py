"""Options, LAB_* variables, gradio's own variables, defaults: in this order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core import places
from core.settings import Settings, parse_bytes, read_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LAB_", "GRADIO_SERVER_")):
            monkeypatch.delenv(name)


def test_without_anything_the_app_is_private_to_this_machine() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.offline) == ("127.0.0.1", 7860, False)
    assert (settings.device, settings.memory, settings.data, settings.language) == ("auto", 4 * 10**9, None, "en")


def test_a_folder_data_beside_the_app_is_found_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "DATA", tmp_path / "data")
    assert read_settings().data is None
    (tmp_path / "data").mkdir()
    assert read_settings().data == tmp_path / "data"
    monkeypatch.setenv("LAB_DATA", "")
    assert read_settings().data == tmp_path / "data"
    monkeypatch.setenv("LAB_DATA", "/somewhere")
    assert read_settings().data == Path("/somewhere")
    assert read_settings(data="/elsewhere").data == Path("/elsewhere")


def test_it_lies_beside_app_py() -> None:
    code = "from core import places; print(places.DATA)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == ROOT / "data"
    assert "/data" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_every_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"HOST": "0.0.0.0", "PORT": "8123", "OFFLINE": "true", "DEVICE": "cpu", "MEMORY": "500 MB"}
    for name, value in {**values, "DATA": "/somewhere", "LANGUAGE": "fa"}.items():
        monkeypatch.setenv(f"LAB_{name}", value)
    settings = read_settings()
    assert settings == Settings(
        host="0.0.0.0",
        port=8123,
        offline=True,
        device="cpu",
        memory=500 * 10**6,
        data=Path("/somewhere"),
        language="fa",
    )


def test_an_option_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PORT", "8123")
    monkeypatch.setenv("LAB_LANGUAGE", "fa")
    settings = read_settings(port="9000", language=None)
    assert (settings.port, settings.language) == (9000, "fa")


def test_gradios_own_variables_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8124")
    assert (read_settings().host, read_settings().port) == ("0.0.0.0", 8124)


def test_ours_win_over_gradios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8124")
    monkeypatch.setenv("LAB_PORT", "8125")
    assert (read_settings().host, read_settings().port) == ("0.0.0.0", 8125)
    assert read_settings(host="127.0.0.2").host == "127.0.0.2"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAB_PORT", "LAB_DATA", "LAB_OFFLINE", "GRADIO_SERVER_PORT"):
        monkeypatch.setenv(name, "")
    assert read_settings() == Settings()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"port": 70000}, "less than or equal to 65535"),
        ({"port": "x"}, "valid integer"),
        ({"memory": 0}, "greater than 0"),
        ({"memory": "lots"}, "a size like 4GB or 500MB, got 'lots'"),
        ({"memory": "9" * 400}, "a size like 4GB or 500MB"),
        ({"device": "tpu"}, "'auto', 'cpu' or 'cuda'"),
        ({"language": "de"}, "'en' or 'fa'"),
        ({"offline": "perhaps"}, "valid boolean"),
    ],
)
def test_a_wrong_value_says_what_was_expected(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read_settings(**options)


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GB", 4 * 10**9), ("500 MB", 5 * 10**8), ("1.5g", 15 * 10**8), ("12k", 12_000), ("7", 7), (" 2 gb ", 2 * 10**9)],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@given(st.text(max_size=20))
def test_any_text_is_a_size_or_a_value_error(text: str) -> None:
    try:
        size = parse_bytes(text)
    except ValueError:
        return
    assert isinstance(size, int)
    assert size >= 0


def test_settings_do_not_change_under_anybody() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_every_setting_describes_itself() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://moodle.school.example", "https://moodle.school.example"),
        ("https://a.example,https://b.example:8443", "https://a.example https://b.example:8443"),
        ("http://localhost:8080 http://127.0.0.1", "http://localhost:8080 http://127.0.0.1"),
    ],
)
def test_a_frame_is_allowed_to_exact_origins(given: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(embed=given).embed == kept
    monkeypatch.setenv("LAB_EMBED", given)
    assert read_settings().embed == kept


@pytest.mark.parametrize(
    "origin",
    [
        "*", "https://*.school.example", "https:", "http://school.example", "moodle.school.example", "'none'",
        "https://school.example/course", "https://school.example; script-src *", "https://school.example:port",
        "https://user@school.example", "data:", "https://-a.example", "HTTPS://SCHOOL.EXAMPLE", "https://a..b",
    ],
)  # fmt: skip
def test_a_pattern_a_path_and_plain_http_are_no_origins(origin: str) -> None:
    with pytest.raises(ValidationError, match="expected origins like"):
        read_settings(embed=origin)


@given(st.text(max_size=60))
def test_whatever_is_taken_for_origins_ends_no_directive(text: str) -> None:
    try:
        kept = read_settings(embed=text).embed
    except ValidationError:
        return
    assert not set(kept) & set(";'*\r\n\"")
    assert all(origin.startswith(("https://", "http://")) for origin in kept.split())
