"""What the page draws on, and how files of drawings are read."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.segmentation import answers, drawing
from components.segmentation.questions import GroundAsk, ReadingAsk, SceneAsk, Shown
from core.data.labels import palette, scene_class
from core.errors import ImageError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion
from tests.components.segmentation_lab import context, save
from tests.core.data.test_annotations import grey
from tests.core.data.test_images import saved
from tests.core.scenes import noise


@pytest.fixture(scope="module")
def shown(lab: Lab, file: str) -> Shown:
    return Shown(**answers.look(lab, SceneAsk(), context(file))["shown"])


def unpacked(text: str, height: int, width: int) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(height, width)


def test_one_draws_on_the_ids_that_score_compares_with_and_every_class_has_its_name(
    lab: Lab, file: str, shown: Shown
) -> None:
    told = drawing.ground(lab, GroundAsk(shown=shown), context(file))
    result = SceneQuestion.of_file(lab, file, "", "exact").result()
    assert told["size"] == [60, 40]
    np.testing.assert_array_equal(unpacked(told["ids"], 40, 60), result.classes)
    assert told["known"] == result.known.tolist()
    assert list(told["names"]) == [str(id) for id in range(1, 151)] == list(told["colors"])
    assert (told["names"]["3"], told["colors"]["3"]) == ("sky", scene_class(3).color)
    assert told["picture"] is None, "the browser has that picture"


def test_a_large_picture_that_the_browser_would_show_otherwise_comes_in_its_own_size(lab: Lab, tmp_path: Path) -> None:
    glass = save(tmp_path / "glass.png", np.zeros((200, 1300, 4), np.uint8))
    sent = Shown(**answers.look(lab, SceneAsk(), context(glass))["shown"])
    told = drawing.ground(lab, GroundAsk(shown=sent), context(glass))
    with Image.open(told["picture"]["path"]) as image:
        assert image.size == (1300, 200)
        assert image.getpixel((7, 7)) == (255, 255, 255), "what the model saw"


def test_a_drawing_is_read_as_score_reads_it_numbers_or_colours(
    lab: Lab, file: str, shown: Shown, tmp_path: Path
) -> None:
    ids = np.arange(2400).reshape(40, 60).astype(np.uint8) % 7
    for name, data in {"ids": grey(ids), "colours": saved(Image.fromarray(palette()[ids]))}.items():
        path = tmp_path / f"{name}.png"
        path.write_bytes(data)
        told = drawing.reading(lab, ReadingAsk(shown=shown), context(file, str(path)))
        np.testing.assert_array_equal(unpacked(told["ids"], 40, 60), ids)
        assert all(isinstance(note, str) and " " in note for note in told["notes"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (grey(np.ones((3, 5))), "images.annotation_size"),
        (grey(np.full((40, 60), 200)), "images.annotation_ids"),
        (saved(Image.fromarray(noise())), "images.annotation_colours"),
        (saved(Image.fromarray(noise()), "JPEG"), "images.annotation_kind"),
        (b"no picture", "images.text"),
        (b"", "images.empty"),
        (grey(np.ones((40, 60)))[:60], "images.broken"),
    ],
)
def test_what_is_no_drawing_of_this_picture_is_refused_by_its_own_sentence(
    lab: Lab, file: str, shown: Shown, tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(data)
    with pytest.raises(ImageError) as caught:
        drawing.reading(lab, ReadingAsk(shown=shown), context(file, str(path)))
    assert caught.value.code == code


def test_without_a_file_there_is_no_drawing(lab: Lab, file: str, shown: Shown) -> None:
    with pytest.raises(ImageError) as caught:
        drawing.reading(lab, ReadingAsk(shown=shown), context(file))
    assert caught.value.code == "images.gone"
