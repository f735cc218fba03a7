"""A lab over a tiny random BEiT, and a picture on disk."""

import pytest

from core.lab.lab import Lab
from tests.components.segmentation_lab import PLACE, lab_of, save, write_model
from tests.core.scenes import noise


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("models") / PLACE
    write_model(folder)
    return lab_of(folder)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save(tmp_path_factory.mktemp("pictures") / "noise.png", noise())
