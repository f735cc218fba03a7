"""The real program on its bundled models, started once for all replayed calls and links."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.replay.answers import Caller, running


@pytest.fixture(scope="session")
def program_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program's address, without a slash at its end."""
    with running(tmp_path_factory.mktemp("program") / "home") as url:
        yield url


@pytest.fixture(scope="session")
def caller(program_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Whoever makes the calls."""
    made = Caller(program_url, tmp_path_factory.mktemp("calls"))
    yield made
    made.close()
