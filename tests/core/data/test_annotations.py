"""Whatever is uploaded as an annotation becomes the id of each pixel, or one plain sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from core.data import annotation_pixels
from core.data.annotation_pixels import ade20k_ids, voc_numbers
from core.data.annotations import COUNTINGS, Annotation, decode_annotation, read_annotation
from core.data.labels import palette
from core.errors import ImageError
from core.texts import texts
from tests.core.data.test_images import gradient, saved
from tests.fuzz.strategies import pictures

IDS = np.array([[0, 3, 150, 21], [7, 7, 1, 2], [12, 2, 2, 0]], np.uint8)
HEIGHT, WIDTH = IDS.shape
KINDS = ("PNG", "GIF", "BMP")


def grey(ids: list[list[int]] | np.ndarray, kind: str = "PNG") -> bytes:
    return saved(Image.fromarray(np.array(ids, np.uint8)), kind)


def paletted(indices: np.ndarray, colours: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """A file of these indices behind that palette (n, 3)."""
    image = Image.fromarray(indices.astype(np.uint8)).convert("P")
    image.putpalette(colours.astype(np.uint8).tobytes())
    return saved(image, kind, **options)


def reordered(colours: np.ndarray, kind: str = "PNG", seed: int = 0) -> bytes:
    """Coloured pixels (H, W, 3) as a program saves them whose palette holds what occurs, in an order of its own."""
    used, at = np.unique(colours.reshape(-1, 3), axis=0, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(used))
    return paletted(np.argsort(order)[at].reshape(colours.shape[:2]), used[order], kind)


def greys(ids: np.ndarray) -> np.ndarray:
    return np.repeat(ids[:, :, None], 3, axis=2)


def read(data: bytes, counting: str = "guess", orientation: int = 1) -> Annotation:
    return read_annotation(data, WIDTH, HEIGHT, counting, orientation)


def refused(data: bytes, counting: str = "guess") -> str:
    with pytest.raises(ImageError) as caught:
        read(data, counting)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert caught.value.sentence("fa") != sentence
    return caught.value.code.removeprefix("images.")


def test_an_annotation_comes_back_number_by_number() -> None:
    np.testing.assert_array_equal(decode_annotation(grey([[0, 3, 150], [7, 7, 1]]), 3, 2), [[0, 3, 150], [7, 7, 1]])


def test_a_palette_annotation_gives_its_indices_not_its_colours() -> None:
    image = Image.fromarray(np.array([[0, 3], [7, 21]], np.uint8)).convert("P")
    image.putpalette(list(range(256)) * 3)
    np.testing.assert_array_equal(decode_annotation(saved(image), 2, 2), np.asarray(image))


def test_an_annotation_in_colours_says_that() -> None:
    with pytest.raises(ImageError, match="colours"):
        decode_annotation(saved(gradient()), 24, 16)


def test_an_annotation_of_another_size_names_both_sizes() -> None:
    with pytest.raises(ImageError, match=r"3 × 1 pixels.*640 × 480"):
        decode_annotation(grey([[1, 2, 3]]), 640, 480)


def test_an_annotation_with_ids_over_150_names_them() -> None:
    with pytest.raises(ImageError, match="151, 255"):
        decode_annotation(grey([[1, 151, 255]]), 3, 1)


def test_an_annotation_saved_as_jpeg_is_refused_because_its_numbers_changed() -> None:
    with pytest.raises(ImageError, match="JPEG"):
        decode_annotation(grey([[1, 2, 3]], "JPEG"), 3, 1)


# Palettes whose indices say nothing.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_palette_whose_indices_were_reordered_is_read_by_its_greys(kind: str, seed: int) -> None:
    found = read(reordered(greys(IDS), kind, seed))
    np.testing.assert_array_equal(found.ids, IDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_palette_whose_indices_were_reordered_is_read_by_ade20ks_colours(kind: str, seed: int) -> None:
    found = read(reordered(palette()[IDS], kind, seed))
    np.testing.assert_array_equal(found.ids, IDS)
    assert found.counting is None
    assert "images.annotation.colours" in found.notes


def test_a_palette_whose_indices_were_reordered_is_read_by_the_colours_of_pascal_voc() -> None:
    voc = {number: [code >> 16, code >> 8 & 255, code & 255] for code, number in voc_numbers().items()}
    assert (voc[1], voc[15], voc[20]) == ([128, 0, 0], [192, 128, 128], [0, 64, 128]), "Everingham et al., 2010"
    colours = np.array([voc[number] for number in range(256)], np.uint8)
    assert len(np.unique(colours, axis=0)) == 256
    np.testing.assert_array_equal(read(reordered(colours[IDS])).ids, IDS)
    np.testing.assert_array_equal(read(paletted(IDS, colours)).ids, IDS)
    only_grey = np.where(IDS == 7, 7, 0)  # the seventh colour is a grey, which would be a number elsewhere
    np.testing.assert_array_equal(read(paletted(only_grey, colours)).ids, only_grey)


def test_a_palette_of_other_colours_whose_indices_may_have_been_reordered_is_refused() -> None:
    colours = np.array([(9, 8, 7), (1, 2, 3), (100, 101, 102), (33, 44, 55)], np.uint8)
    assert refused(reordered(colours[IDS % 4])) == "annotation_order"
    assert refused(reordered(colours[IDS % 4], "GIF")) == "annotation_order"


def test_a_palette_that_is_in_part_ade20ks_is_refused_with_the_colours_that_are_not() -> None:
    colours = palette().copy()
    colours[7] = (1, 2, 3)
    assert refused(paletted(IDS, colours)) == "annotation_colours"
    with pytest.raises(ImageError, match="#010203"):
        read(paletted(IDS, colours))


def test_a_palette_that_tells_two_indices_apart_by_nothing_gives_its_indices() -> None:
    colours = np.zeros((256, 3), np.uint8)
    found = read(paletted(IDS, colours))
    np.testing.assert_array_equal(found.ids, IDS)
    assert "images.annotation.indices" in found.notes


# Colours and channels.


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_ade20ks_colours_are_read_as_their_classes(kind: str) -> None:
    found = read(saved(Image.fromarray(palette()[IDS]), kind))
    np.testing.assert_array_equal(found.ids, IDS)
    assert (found.counting, found.numbers, found.other()) == (None, None, None)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "L"])
def test_grey_ids_are_read_whatever_the_channels(mode: str) -> None:
    stored = Image.fromarray(IDS).convert(mode)
    assert stored.mode == mode
    np.testing.assert_array_equal(read(saved(stored)).ids, IDS)


def test_grey_ids_of_sixteen_bits_are_read() -> None:
    ids = IDS.astype(np.uint16)
    for values in (ids, ids * 257, np.where(ids, ids, 65535).astype(np.uint16)):
        found = read(saved(Image.fromarray(values)), "from_one")
        np.testing.assert_array_equal(found.ids, IDS)
    assert refused(saved(Image.fromarray(ids * 100))) == "annotation_ids"


def test_what_is_transparent_is_not_annotated() -> None:
    opaque = np.where(IDS == 7, 0, 255).astype(np.uint8)
    for pixels in (np.dstack([greys(IDS), opaque]), np.dstack([palette()[IDS], opaque])):
        found = read(saved(Image.fromarray(pixels)))
        np.testing.assert_array_equal(found.ids, np.where(IDS == 7, 0, IDS))
        assert "images.annotation.transparent" in found.notes
    colours = palette()
    found = read(paletted(IDS, colours, transparency=7))
    np.testing.assert_array_equal(found.ids, np.where(IDS == 7, 0, IDS))


def test_the_colour_that_two_classes_share_is_the_commoner_one_and_it_says_so() -> None:
    ids = np.where(IDS == 7, 49, IDS).astype(np.uint8)
    found = read(saved(Image.fromarray(palette()[ids])))
    np.testing.assert_array_equal(found.ids, IDS)
    assert "images.annotation.shared" in found.notes
    assert ade20k_ids()[0x8C8C8C] == 7
    assert len(ade20k_ids()) == 150, "black, and 150 classes of which two share a colour"


def test_greys_that_may_be_numbers_or_colours_are_refused() -> None:
    walls = np.where(IDS > 3, 120, 0).astype(np.uint8)
    assert refused(saved(Image.fromarray(greys(walls)))) == "annotation_ambiguous"
    np.testing.assert_array_equal(read(grey(walls)).ids, walls)


def test_a_photo_is_refused_as_an_annotation() -> None:
    with pytest.raises(ImageError, match="not ADE20K's"):
        decode_annotation(saved(gradient()), 24, 16)
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))
    with pytest.raises(ImageError, match="…"):  # more colours than could be known; only some are looked at
        decode_annotation(saved(noise), 60, 40)


def test_a_large_annotation_is_read_by_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation_pixels, "PIECE", 5)
    opaque = np.where(IDS == 7, 0, 255).astype(np.uint8)
    for data in (saved(Image.fromarray(palette()[IDS])), saved(Image.fromarray(greys(IDS))), grey(IDS)):
        np.testing.assert_array_equal(read(data).ids, IDS)
    found = read(saved(Image.fromarray(np.dstack([palette()[IDS], opaque]))))
    np.testing.assert_array_equal(found.ids, np.where(IDS == 7, 0, IDS))


# What the numbers mean.


def from_zero(ids: np.ndarray) -> np.ndarray:
    return np.where(ids == 0, 255, ids.astype(int) - 1).astype(np.uint8)


@pytest.mark.parametrize("stored", [Image.fromarray, lambda ids: Image.fromarray(greys(ids))], ids=["L", "RGB"])
def test_255_points_to_ids_from_zero_and_it_says_so(stored) -> None:
    found = read(saved(stored(from_zero(IDS))))
    np.testing.assert_array_equal(found.ids, IDS)
    assert found.counting == "from_zero"
    assert "images.annotation.from_zero_guessed" in found.notes


def test_150_and_255_point_to_ids_from_one() -> None:
    numbers = np.where(IDS == 7, 255, IDS).astype(np.uint8)
    found = read(grey(numbers))
    np.testing.assert_array_equal(found.ids, np.where(IDS == 7, 0, IDS))
    assert found.notes == ("images.annotation.both_ignored",)


def test_how_numbers_count_can_be_chosen() -> None:
    small = np.minimum(IDS, 100)
    chosen = read(grey(small), "from_zero")
    np.testing.assert_array_equal(chosen.ids, small + 1)
    assert chosen.notes == ("images.annotation.from_zero",)
    numbers = from_zero(small)
    found = read(grey(numbers), "from_one")
    np.testing.assert_array_equal(found.ids, np.where(numbers == 255, 0, numbers))
    assert refused(grey(np.full_like(IDS, 150)), "from_zero") == "annotation_from_zero"


def test_the_other_way_of_counting_is_at_hand() -> None:
    small = np.minimum(IDS, 100)
    other = read(grey(from_zero(small)), "from_one").other()
    assert other is not None
    assert other[0] == "from_zero"
    np.testing.assert_array_equal(other[1], small)
    assert read(grey(IDS)).other() is None, "150 is no class where they count from 0"


@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_in_black_and_white_is_refused(kind: str) -> None:
    mask = (IDS > 3).astype(np.uint8) * 255
    for stored in (Image.fromarray(mask), Image.fromarray(mask > 0), Image.fromarray(greys(mask))):
        assert refused(saved(stored, kind)) == "annotation_mask"
    assert refused(reordered(greys(mask), kind)) == "annotation_mask"


def test_a_mask_of_zeros_and_ones_says_that_it_is_read_as_wall() -> None:
    assert read(grey(IDS > 3)).notes == ("images.annotation.two_numbers",)


# Turned, and several frames.


def with_orientation(ids: np.ndarray, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(Image.fromarray(np.ascontiguousarray(ids)), exif=exif)


STORED = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: np.transpose, 6: np.rot90,
          7: lambda a: np.rot90(a, 2).T, 8: lambda a: np.rot90(a, -1)}  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_annotation_is_turned_as_its_exif_says(orientation: int) -> None:
    found = read(with_orientation(STORED[orientation](IDS), orientation))
    np.testing.assert_array_equal(found.ids, IDS)
    assert ("images.annotation.turned" in found.notes) == (orientation > 1)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_an_annotation_drawn_over_the_unturned_picture_is_turned_as_that_is(orientation: int) -> None:
    found = read(grey(STORED[orientation](IDS)), orientation=orientation)
    np.testing.assert_array_equal(found.ids, IDS)
    assert "images.annotation.turned" in found.notes


def test_an_upright_annotation_that_kept_the_exif_of_its_photo_stays_as_it_is() -> None:
    found = read(with_orientation(IDS, 6), orientation=6)
    np.testing.assert_array_equal(found.ids, IDS)


def test_of_an_animation_the_first_frame_is_read() -> None:
    frames = [Image.fromarray(ids) for ids in (IDS, IDS[::-1].copy())]
    found = read(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    np.testing.assert_array_equal(found.ids, IDS)
    assert "images.annotation.first_frame" in found.notes


# Whatever comes.


def outcome(data: bytes, width: int, height: int, *more) -> str:
    """The sentence that refuses the file, or "" where its ids are ids and each note has a sentence."""
    try:
        found = read_annotation(data, width, height, *more)
    except ImageError as error:
        return str(error)
    assert found.ids.shape == (height, width)
    assert found.ids.max() <= 150
    assert all(note in texts("en") for note in found.notes)
    return ""


@given(
    ids=arrays(np.uint8, (3, 5), elements=st.integers(0, 149)),
    form=st.sampled_from(["L", "RGB", "RGBA", "P", "colours", "reordered"]),
    kind=st.sampled_from(KINDS),
    counting=st.sampled_from(COUNTINGS),
)
def test_ids_come_back_from_every_form_that_says_them(ids: np.ndarray, form: str, kind: str, counting: str) -> None:
    ids = np.where(ids == 49, 7, ids)
    numbers = from_zero(ids) if counting == "from_zero" and form not in ("colours", "reordered") else ids
    data = {
        "colours": lambda: saved(Image.fromarray(palette()[ids]), "PNG"),
        "reordered": lambda: reordered(palette()[ids], kind),
    }.get(form, lambda: saved(Image.fromarray(numbers).convert(form), "PNG"))()
    code, found = "", None
    try:
        found = read_annotation(data, 5, 3, counting)
    except ImageError as error:
        code = error.code
    if found is None:
        assert code in ("images.annotation_mask", "images.annotation_ambiguous")
        return
    np.testing.assert_array_equal(found.ids, ids)


@given(data=pictures(), counting=st.sampled_from(["guess", *COUNTINGS, "", "<b>"]), orientation=st.integers(1, 8))
def test_any_bytes_are_an_annotation_or_an_image_error_with_a_sentence(
    data: bytes, counting: str, orientation: int
) -> None:
    said = outcome(data, 40, 24, counting, orientation)
    assert not said.startswith("images.")


@given(
    indices=arrays(np.uint8, (4, 4), elements=st.integers(0, 15)),
    colours=arrays(np.uint8, (16, 3), elements=st.sampled_from([0, 1, 6, 120, 128, 140, 180, 230, 255])),
)
def test_any_palette_is_read_or_refused_with_a_sentence(indices: np.ndarray, colours: np.ndarray) -> None:
    assert not outcome(paletted(indices, colours), 4, 4).startswith("images.")
