"""Cells of a data set: a label map gives ids, whatever a program did to its palette."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.data.decoding import decoded
from core.data.labels import palette
from core.errors import DataError
from tests.core.data.test_annotations import IDS, grey, greys, paletted, reordered
from tests.core.data.test_images import gradient, saved

OWN = np.array([(9, 8, 7), (1, 2, 3), (100, 101, 102), (33, 44, 55)], np.uint8)


@pytest.mark.parametrize(
    "data", [reordered(greys(IDS)), reordered(palette()[IDS]), paletted(IDS, palette()), grey(IDS)]
)
def test_a_label_map_gives_its_ids_in_whatever_order_its_palette_is(data: bytes) -> None:
    np.testing.assert_array_equal(decoded("scenes", {"bytes": data}, "L"), IDS)


def test_a_palette_of_a_data_sets_own_gives_its_indices() -> None:
    np.testing.assert_array_equal(decoded("scenes", {"bytes": paletted(IDS % 4, OWN)}, "L"), IDS % 4)


def test_a_picture_is_no_label_map_and_damage_is_named() -> None:
    for data in (saved(gradient()), saved(Image.fromarray(IDS).convert("LA")), grey(IDS)[:40], b""):
        with pytest.raises(DataError, match="scenes"):
            decoded("scenes", {"bytes": data}, "L")
    assert decoded("scenes", {"bytes": saved(gradient())}, "RGB").shape == (16, 24, 3)
