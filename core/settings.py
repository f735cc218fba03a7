"""What can be set from outside: options of ``app.py``, or ``LAB_*`` environment variables of the same names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.places import data_beside
from core.texts import LANGUAGES

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = rf"(?:https://{LABEL}(?:\.{LABEL})*|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::[0-9]{{1,5}})?"
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def parse_bytes(text: object) -> object:
    """``"4GB"``, ``"500 MB"`` or a plain number → bytes."""
    if not isinstance(text, str):
        return text
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)b?\s*", text.lower())
    if not found:
        raise ValueError(f"expected a size like 4GB or 500MB, got {text!r}")
    size = float(found[1]) * UNITS[found[2]]
    if size > 2**63:
        raise ValueError("no machine has that much; expected a size like 4GB or 500MB")
    return int(size)


def spoken(code: str) -> str:
    """A language of the page."""
    if code not in LANGUAGES:
        raise ValueError(f"expected {' or '.join(map(repr, LANGUAGES))}")
    return code


def exact_origins(text: str) -> str:
    """Origins between spaces or commas, as a browser writes them: https, or this machine; no pattern, no path."""
    origins = text.replace(",", " ").split()
    for origin in origins:
        if not re.fullmatch(ORIGIN, origin):
            raise ValueError(f"expected origins like https://moodle.school.example, got {origin!r}")
    return " ".join(origins)


class Settings(BaseSettings):
    """Every setting, with its default. An empty variable counts as not set."""

    model_config = SettingsConfigDict(env_prefix="LAB_", env_ignore_empty=True, frozen=True)

    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 for every network")
    port: int = Field(7860, ge=0, le=65535, description="port to listen on; 0 lets the system choose")
    offline: bool = Field(False, description="never ask the hub; bundled models only")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where models run")
    engine: str = Field("auto", description="where model work runs: auto, or a module of core/engines, like local")
    memory: Annotated[int, BeforeValidator(parse_bytes)] = Field(
        4 * 10**9, gt=0, description="bytes that loaded models may take on each device, like 4GB"
    )
    data: Path | None = Field(
        None,
        description="folder with cifar10/, imdb/, street_scenes/ …; not named: data/ beside app.py, where it is there",
    )
    language: Annotated[str, AfterValidator(spoken)] = Field(
        "en", description="language of the page where a link names none"
    )
    embed: Annotated[str, AfterValidator(exact_origins)] = Field(
        "", description="origins whose pages may show this one in a frame, like https://moodle.school.example"
    )


def read_settings(**options: object) -> Settings:
    """Options (None = not given) over ``LAB_*`` over gradio's own server variables over what stands above."""
    given = {name: value for name, value in options.items() if value is not None}
    for name, variable in (("host", "GRADIO_SERVER_NAME"), ("port", "GRADIO_SERVER_PORT")):
        if name not in given and not os.environ.get(f"LAB_{name.upper()}") and os.environ.get(variable):
            given[name] = os.environ[variable]
    settings = Settings(**given)  # type: ignore[arg-type]
    return settings if settings.data is not None else settings.model_copy(update={"data": data_beside()})
