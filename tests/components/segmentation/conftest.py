"""A lab over a tiny random BEiT, and a picture on disk."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.lab.lab import Lab
from tests.components.segmentation_lab import PLACE, lab_of, save, write_model
from tests.core.scenes import noise
from tests.serving import calling


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("models") / PLACE
    write_model(folder)
    return lab_of(folder)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save(tmp_path_factory.mktemp("pictures") / "noise.png", noise())


@pytest.fixture(scope="module")
def client(lab: Lab) -> Iterator[Any]:
    """A client of the app over ``lab``."""
    with calling(lab) as found:
        yield found
